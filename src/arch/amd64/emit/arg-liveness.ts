/**
 * Where parameters in registers have been stored to their homes: tracebacks mark what is printed from a home without value
 * (FUNCDATA_ArgLiveInfo, PCDATA_ArgLiveIndex; runtime/traceback.go, printArgs).
 */

import { ByteWriter } from '#base/bytes.ts';
import type { Frame } from '#ssa/frame.ts';
import { type Func, Slot, SlotParam } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import { postorder } from '#ssa/postorder.ts';
import type { Value } from '#ssa/value.ts';

/** All homes have their values. */
const allLive = -1;
/** Tracebacks print no more than this. */
const maxArguments = 10;

export class ArgLiveness {
  /** The lowest offset that has to be looked up, then the bitmaps. */
  readonly data: ByteWriter;
  /** Offset of the bitmap in the data, by block id. */
  readonly atBlock: number[];
  /** The same behind a value, where it changes, by value id. */
  readonly behind: Map<number, number>;

  constructor(start: number) {
    this.data = new ByteWriter(8);
    this.data.u8(start);
    this.atBlock = [];
    this.behind = new Map();
  }
}

/** Parameters that are variables in memory: stored on entry. */
function inMemory(f: Func): Uint8Array {
  const taken = new Uint8Array(f.params.length);
  for (const b of f.blocks)
    for (const v of b.values)
      if (v.aux instanceof Slot && v.aux.kind === SlotParam && v.op !== Op.ArgIntReg && v.op !== Op.ArgFloatReg)
        taken[v.aux.index] = 1;
  return taken;
}

/** Null: nothing has to be looked up. */
export function argLiveness(f: Func, frame: Frame): ArgLiveness | null {
  const memory = inMemory(f);
  let homes: { readonly offset: number; readonly always: boolean }[] = [];
  (f.assignment?.params ?? []).forEach((p, i) => {
    for (const piece of p.pieces)
      if (p.offset + piece.offset <= 0xff) homes.push({ offset: p.offset + piece.offset, always: memory[i] === 1 });
  });
  homes = homes.slice(0, maxArguments);
  while (homes.length > 0 && homes[0].always) homes.shift();
  if (homes.length === 0) return null;
  const bits = new Map(homes.map((h, i) => [h.offset, 1 << i]));
  const all = (1 << homes.length) - 1;
  let atEntry = 0;
  homes.forEach((h, i) => {
    if (h.always) atEntry |= 1 << i;
  });
  const effect = (v: Value): number => {
    if (v.op !== Op.StoreReg || !frame.spillInArgs[v.auxLo]) return 0;
    return bits.get(frame.spillOffset[v.auxLo]) ?? 0;
  };
  const result = new ArgLiveness(homes[0].offset);
  const known = new Map<number, number>();
  const indexOf = (live: number): number => {
    if (live === all) return allLive;
    let n = known.get(live);
    if (n === undefined) {
      n = result.data.length;
      known.set(live, n);
      for (let i = 0; i < homes.length; i += 8) result.data.u8((live >> i) & 0xff);
    }
    return n;
  };
  const liveOut = new Int32Array(f.numBlocks).fill(all);
  for (const b of postorder(f).reverse()) {
    let live = b === f.entry ? atEntry : all;
    for (const e of b.preds) live &= liveOut[e.block.id];
    result.atBlock[b.id] = indexOf(live);
    let last: Value | null = null;
    b.values.forEach((v, i) => {
      const more = live | effect(v);
      if (more !== live) last = v;
      live = more;
      if (last === null || (i < b.values.length - 1 && !mayFault(v))) return;
      result.behind.set(last.id, indexOf(live));
      last = null;
    });
    liveOut[b.id] = live;
  }
  return result;
}

function mayFault(v: Value): boolean {
  switch (v.op) {
    case Op.LoadReg:
    case Op.StoreReg:
    case Op.Copy:
    case Op.Phi:
    case Op.VarDef:
    case Op.VarLive:
    case Op.KeepAlive:
    case Op.Select0:
    case Op.Select1:
    case Op.SelectN:
    case Op.MakeResult:
    case Op.InlineMark:
      return false;
    default:
      return v.args.length > 0;
  }
}
