/**
 * Lowers Go operations to runtime calls, frame slots, stores and plain control flow, as escape analysis decided
 * (gc-contract 5.2-5.8). Afterwards none of them is left.
 */
import * as G from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { Closure } from '../call.ts';
import { Cursor } from '../cursor.ts';
import { AllocationSite, type Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Services } from '../pass.ts';
import type { Value } from '../value.ts';
import {
  lowerAlloc,
  lowerClosure,
  lowerMakeChan,
  lowerMakeMap,
  lowerMakeSlice,
  lowerMakeSliceCopy,
} from './lower-go/allocation.ts';
import { lowerBox } from './lower-go/box.ts';
import { lowerDefer, lowerDeferAt, lowerGo } from './lower-go/defer.ts';
import { lowerGrowSlice } from './lower-go/grow.ts';
import * as Strings from './lower-go/strings.ts';

/** What became of a Go operation. */
export interface Lowered {
  /** The value it gives; null for go and defer. */
  result: Value | null;
  mem: Value;
}

export function lowerGoOperations(f: Func, services: Services): void {
  for (const n of f.methodNames) f.methodNameSymbols.push(services.stringSymbol(n));
  const work: Value[] = [];
  for (const b of f.blocks) {
    for (const v of b.values) if (v.op >= Op.Alloc && v.op <= Op.DeferAt) work.push(v);
  }
  if (work.length === 0) return;
  const results = new Array<Value | null>(f.numValues).fill(null);
  const memories = new Array<Value | null>(f.numValues).fill(null);
  const c = new Cursor(f, services, work[0].memArg());
  for (const v of work) {
    if (v.op === Op.BytesToStringTemporary) {
      Strings.lowerTemporaryString(c, v);
      continue;
    }
    c.at(v, v.memArg());
    const r = lowerOne(c, v);
    results[v.id] = r;
    memories[v.id] = c.mem;
  }
  finish(f, results, memories);
}

function site(v: Value): AllocationSite {
  return v.aux instanceof AllocationSite ? v.aux : bug(`${v} has no allocation site`);
}

function lowerOne(c: Cursor, v: Value): Value | null {
  switch (v.op) {
    case Op.Alloc:
      return lowerAlloc(c, site(v), v.type.tuple[0]);
    case Op.MakeSlice:
      return lowerMakeSlice(c, v, site(v));
    case Op.MakeSliceCopy:
      return lowerMakeSliceCopy(c, v);
    case Op.GrowSlice:
      return lowerGrowSlice(c, v);
    case Op.MakeMap:
      return lowerMakeMap(c, v);
    case Op.MakeChan:
      return lowerMakeChan(c, v);
    case Op.MakeClosure:
      return lowerClosure(c, v, v.aux instanceof Closure ? v.aux : bug(`${v} has no closure`));
    case Op.Box:
      return lowerBox(c, v, site(v));
    case Op.ConcatStrings:
      return Strings.lowerConcat(c, v, site(v));
    case Op.BytesToString:
      return Strings.lowerBytesToString(c, v, site(v));
    case Op.StringToBytes:
      return Strings.lowerStringToBytes(c, v, site(v));
    case Op.RunesToString:
      return Strings.lowerWithBuffer(c, v, 'slicerunetostring', G.Uint8, 32, site(v));
    case Op.StringToRunes:
      return Strings.lowerWithBuffer(c, v, 'stringtoslicerune', G.Int32, 32, site(v));
    case Op.IntToString:
      return Strings.lowerWithBuffer(c, v, 'intstring', G.Uint8, 4, site(v));
    case Op.Go:
      return lowerGo(c, v);
    case Op.Defer:
      return lowerDefer(c, v);
    case Op.DeferAt:
      return lowerDeferAt(c, v);
    default:
      return bug(`Go operation ${v.op} is not lowered`);
  }
}

/** Selections of lowered tuples become copies of what they select; Go and Defer, whose value is memory itself, too. */
function finish(f: Func, results: (Value | null)[], memories: (Value | null)[]): void {
  const n = memories.length;
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (v.op !== Op.SelectN) continue;
      const id = v.args[0].id;
      if (id >= n) continue;
      const mem = memories[id];
      if (mem === null) continue;
      const to = v.auxLo === 0 ? results[id] : mem;
      if (to === null) bug(`${v.args[0]} has no result`);
      else v.copyOf(to, Op.Copy);
    }
  }
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (v.id >= n) continue;
      const mem = memories[v.id];
      if (mem === null) continue;
      if (v.type.kind === G.Mem) v.copyOf(mem, Op.Copy);
      else {
        v.reset(Op.Invalid);
        if (v.uses > 0) bug(`${v} is used other than by selection`);
      }
    }
    b.values = b.values.filter((v) => v.op !== Op.Invalid);
  }
}
