/**
 * A symbolic check of register allocation: follows which value (before allocation) each register and slot holds along all paths,
 * and sees that every operand is read from a place that holds the value meant.
 */
import * as Kind from '#abi/gotype.ts';
import type { MachineCode } from '#arch/amd64/compile.ts';
import { callerSave } from '#arch/amd64/regs.ts';
import { amd64 } from '#arch/amd64/target.ts';
import type { Block } from '#ssa/block.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import { IsCall } from '#ssa/op-table.ts';
import type { RegMask } from '#ssa/target.ts';
import type { Value } from '#ssa/value.ts';

/** Place (register, or 64 + slot) to the id of the value there. */
type State = Map<number, number>;

function destroy(s: State, m: RegMask): void {
  for (const place of [...s.keys()]) {
    if (place >= 64) continue;
    const mask = place < 32 ? m.lo : m.hi;
    if ((mask & (1 << (place & 31))) !== 0) s.delete(place);
  }
}

class Checker {
  readonly f: Func;
  readonly code: MachineCode;
  readonly errors: string[] = [];
  readonly atEnd: (State | null)[];

  constructor(f: Func, code: MachineCode) {
    this.f = f;
    this.code = code;
    this.atEnd = new Array(f.numBlocks).fill(null);
  }

  origin(v: Value): number {
    return this.code.allocation.origin[v.id] ?? v.id;
  }

  isFixed(v: Value): boolean {
    return v.op === Op.SP || v.op === Op.SB || v.op === amd64.anchoredStackPointerOp;
  }

  inRegister(v: Value): boolean {
    const k = v.type.kind;
    if (k === Kind.Mem || k === Kind.Flags || k === Kind.Void || k === Kind.Tuple) return false;
    return (this.code.allocation.reg[v.id] ?? -1) >= 0;
  }

  use(s: State, v: Value, a: Value, report: boolean): void {
    if (!this.inRegister(a) || this.isFixed(a)) return;
    const r = this.code.allocation.reg[a.id];
    if (s.get(r) === this.origin(a) || !report) return;
    this.errors.push(
      `${v.block} ${v} ${amd64.ops[v.op].name}: ${a} (of v${this.origin(a)}) is not in ${amd64.registerNames[r]}, which holds v${s.get(r)}`,
    );
  }

  step(s: State, v: Value, report: boolean): void {
    const { allocation } = this.code;
    const info = amd64.ops[v.op];
    if (v.op === Op.Phi) return;
    if (v.op === Op.LoadReg) {
      const held = s.get(64 + v.auxLo);
      if (report && held !== this.origin(v))
        this.errors.push(`${v.block} ${v}: slot ${v.auxLo} holds v${held}, not v${this.origin(v)}`);
      s.set(allocation.reg[v.id], this.origin(v));
      return;
    }
    if (v.op === Op.KeepAlive || v.op === Op.Select0 || v.op === Op.Select1 || v.op === Op.SelectN) {
      if (v.op !== Op.KeepAlive && this.inRegister(v)) s.set(allocation.reg[v.id], this.origin(v));
      return;
    }
    for (const a of v.args) this.use(s, v, a, report);
    if (v.op === Op.StoreReg) {
      s.set(64 + v.auxLo, this.origin(v));
      return;
    }
    if ((info.flags & IsCall) !== 0) destroy(s, callerSave);
    else if (info.registers !== null) destroy(s, info.registers.clobbers);
    if (allocation.temp[v.id] >= 0) s.delete(allocation.temp[v.id]);
    for (const r of allocation.tupleRegs[v.id] ?? []) if (r >= 0) s.delete(r);
    if (this.inRegister(v) && !this.isFixed(v)) s.set(allocation.reg[v.id], this.origin(v));
  }

  start(b: Block): State | null {
    let merged: State | null = null;
    for (let k = 0; k < b.preds.length; k++) {
      const end = this.atEnd[b.preds[k].block.id];
      if (end === null) continue;
      const s: State = new Map(end);
      const homes: [number, number][] = [];
      for (const v of b.values) {
        if (v.op !== Op.Phi) break;
        const home = this.phiHome(v);
        if (home < 0) continue;
        homes.push([home, s.get(home) === this.origin(v.args[k]) ? v.id : -1]);
      }
      for (const [home, id] of homes) s.set(home, id);
      if (merged === null) merged = s;
      else for (const [place, id] of merged) if (s.get(place) !== id) merged.delete(place);
    }
    return b === this.f.entry ? new Map() : merged;
  }

  /** A register, a slot, or -1 for phis nothing needs. */
  phiHome(v: Value): number {
    const r = this.code.allocation.reg[v.id];
    return r >= 0 ? r : this.slotOfPhi(v);
  }

  slotOfPhi(v: Value): number {
    const n = this.code.allocation.phiSlot[v.id] ?? -1;
    return n < 0 ? -1 : 64 + n;
  }

  run(): string[] {
    for (let changed = true; changed; ) {
      changed = false;
      for (const b of this.f.blocks) {
        const s = this.start(b);
        if (s === null) continue;
        for (const v of b.values) this.step(s, v, false);
        const old = this.atEnd[b.id];
        if (old !== null && old.size === s.size && [...s].every(([k, id]) => old.get(k) === id)) continue;
        this.atEnd[b.id] = s;
        changed = true;
      }
    }
    for (const b of this.f.blocks) {
      const s = this.start(b);
      if (s === null) continue;
      for (const v of b.values) this.step(s, v, true);
    }
    return this.errors;
  }
}

export function checkAllocation(f: Func, code: MachineCode): string[] {
  return new Checker(f, code).run();
}
