/** Parameters, calls and returns in terms of the calling convention; part of the pass in decompose.ts (gc-contract 1.1). */
import type { Assigned } from '#abi/convention.ts';
import { bug } from '#base/bug.ts';
import { Call } from '../call.ts';
import { canSsa } from '../can-ssa.ts';
import type { Cursor } from '../cursor.ts';
import * as C from '../cursor.ts';
import { Slot, SlotParam, SlotTemp } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type Decomposition, type ExpandedCall, loadPieces, storePieces, wordsOf } from './decompose.ts';

export function isCallOp(op: number): boolean {
  return op === Op.StaticCall || op === Op.ClosureCall || op === Op.InterCall || op === Op.TailCall;
}

function assignmentOf(d: Decomposition): NonNullable<Decomposition['f']['assignment']> {
  return d.f.assignment ?? bug('no assignment');
}

/** The words of an incoming parameter, in the entry block. */
export function argWords(d: Decomposition, v: Value): Value[] {
  const slot = v.aux instanceof Slot ? v.aux : bug(`${v} has no slot`);
  let words = d.params[slot.index];
  if (words === undefined) {
    const c = d.c;
    c.block = d.f.entry;
    c.mem = d.initMem;
    c.pos = v.pos;
    c.inline = -1;
    words = paramWords(d, c, slot);
    d.params[slot.index] = words;
  }
  return words;
}

function paramWords(d: Decomposition, c: Cursor, slot: Slot): Value[] {
  const where = assignmentOf(d).params[slot.index];
  if (!where.inRegisters) {
    const ptr = C.slotAddr(c, slot, d.f.types.pointerTo(slot.type));
    return loadPieces(c, ptr, d.services.convention.words(slot.type));
  }
  return where.pieces.map((p) => {
    const w = C.value0(c, p.isFloat ? Op.ArgFloatReg : Op.ArgIntReg, p.type);
    w.aux = slot;
    w.auxLo = p.index;
    w.auxHi = p.offset;
    return w;
  });
}

/** Parameters that come in registers but are too large for values are stored to their spill slots first thing. */
export function spillLargeParams(d: Decomposition): void {
  const { f, c } = d;
  let wanted: Slot[] | null = null;
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (v.op !== Op.LocalAddr || !(v.aux instanceof Slot) || v.aux.kind !== SlotParam) continue;
      if (!assignmentOf(d).params[v.aux.index].inRegisters) continue;
      wanted ??= [];
      if (!wanted.includes(v.aux)) wanted.push(v.aux);
    }
  }
  if (wanted === null) return;
  const start = f.newValue(f.entry, Op.InitMem, f.types.mem, d.initMem.pos);
  c.block = f.entry;
  c.mem = start;
  c.pos = f.pos;
  c.inline = -1;
  for (const slot of wanted) {
    const words = paramWords(d, c, slot);
    storePieces(c, C.slotAddr(c, slot, f.types.pointerTo(slot.type)), assignmentOf(d).params[slot.index].pieces, words);
    if (canSsa(slot.type)) d.params[slot.index] = words;
  }
  d.initMem.copyOf(c.mem, Op.Copy);
}

/** Words of x for registers: values are taken apart, a Deref is loaded word by word. */
function registerWords(d: Decomposition, v: Value, where: Assigned, x: Value): Value[] {
  return x.op === Op.Deref ? loadPieces(at(d, v, x.args[1]), x.args[0], where.pieces) : wordsOf(d, x);
}

/** Stores x, in place of v and after memory `mem`, where `address` says; returns the memory after it. */
function stackStore(
  d: Decomposition,
  v: Value,
  mem: Value,
  where: Assigned,
  address: (c: Cursor) => Value,
  x: Value,
): Value {
  if (where.type.size === 0) return mem;
  const words = x.op === Op.Deref ? null : wordsOf(d, x);
  const c = at(d, v, mem);
  const ptr = address(c);
  if (words === null) C.move(c, where.type, ptr, x.args[0]);
  else storePieces(c, ptr, d.services.convention.words(where.type), words);
  return c.mem;
}

function at(d: Decomposition, v: Value, mem: Value): Cursor {
  d.c.at(v, mem);
  return d.c;
}

/** Arguments before the Go values: code pointer, closure pointer. */
function leadingArgs(op: number): number {
  return op === Op.ClosureCall ? 2 : op === Op.InterCall ? 1 : 0;
}

/** Assembly is called under its own convention, without the wrapper: tracebacks and recover count its frames. */
function withoutWrapper(d: Decomposition, v: Value, call: Call): Call {
  if (call.callee === null || call.abi0 || v.op !== Op.StaticCall) return call;
  const direct = d.services.assemblyFunc(call.callee);
  if (direct === null) return call;
  const replaced = new Call(direct, call.type, true, null, -1);
  v.aux = replaced;
  return replaced;
}

export function expandCall(d: Decomposition, v: Value): ExpandedCall {
  const old = d.calls[v.id];
  if (old !== undefined) return old;
  const call = withoutWrapper(d, v, v.aux instanceof Call ? v.aux : bug(`${v} has no call`));
  const assignment = d.services.convention.of(call.type, call.abi0);
  call.assignment = assignment;
  const lead = leadingArgs(v.op);
  const params = assignment.params;
  if (v.args.length !== lead + params.length + 1)
    bug(`${v} has ${v.args.length} arguments: ${call.text()} ${call.type.linkString}`);
  const args = v.args.slice();
  const machine: Value[] = args.slice(0, lead);
  let mem = v.memArg();
  for (let i = 0; i < params.length; i++) {
    const x = args[lead + i];
    const where = params[i];
    if (where.inRegisters) {
      for (const w of registerWords(d, v, where, x)) machine.push(w);
      continue;
    }
    if (v.op === Op.TailCall && where.type.size > 0) bug(`tail call of ${call.text()} with stack arguments`);
    mem = stackStore(d, v, mem, where, (c) => stackAddress(c, where.offset, where.type), x);
  }
  v.clearArgs();
  for (const a of machine) v.addArg(a);
  v.addArg(mem);
  const types = d.f.types;
  // A tail call gives nothing back but memory, which ends its block.
  v.type = v.op === Op.TailCall ? types.mem : types.tupleOf([...assignment.resultPieces.map((p) => p.type), types.mem]);
  const after = v.op === Op.TailCall ? v : C.value1(at(d, v, mem), Op.SelectN, types.mem, v);
  if (after !== v) after.auxLo = assignment.resultPieces.length;
  const expanded: ExpandedCall = { results: assignment.results.map(() => null), memAtCall: after, mem: after };
  d.calls[v.id] = expanded;
  saveLargeResults(d, v, expanded);
  return expanded;
}

/** Index of the first word of result i among the register words of a call. */
function firstWord(results: readonly Assigned[], i: number): number {
  let n = 0;
  for (let k = 0; k < i; k++) n += results[k].pieces.length;
  return n;
}

/** The words of result i of a call. */
function resultWords(d: Decomposition, v: Value, e: ExpandedCall, i: number): Value[] {
  const old = e.results[i];
  if (old !== null) return old;
  const assignment = v.aux instanceof Call ? v.aux.assignment : null;
  if (assignment === null) return bug(`${v} has no assignment`);
  const where = assignment.results[i];
  const c = at(d, v, e.memAtCall);
  let words: Value[];
  if (where.inRegisters) {
    const first = firstWord(assignment.results, i);
    words = where.pieces.map((p, k) => {
      const w = C.value1(c, Op.SelectN, p.type, v);
      w.auxLo = first + k;
      return w;
    });
  } else {
    const pieces = d.services.convention.words(where.type);
    words = pieces.map((p) => C.load(c, p.type, stackAddress(c, where.offset + p.offset, p.type)));
  }
  e.results[i] = words;
  return words;
}

function stackAddress(c: Cursor, offset: number, t: Assigned['type']): Value {
  const v = C.value1(c, Op.OffPtr, c.f.types.pointerTo(t), C.stackPointer(c));
  v.auxLo = offset;
  return v;
}

/** A result or the memory of a call, as a value in place of v. */
export function expandSelect(d: Decomposition, v: Value): void {
  const e = expandCall(d, v.args[0]);
  if (v.type === d.f.types.mem) {
    v.copyOf(e.mem, Op.Copy);
    return;
  }
  const words = selectedWords(d, v);
  // The call knows a pointer as unsafe.Pointer or *byte where the selection knows more.
  words[0].type = v.type;
  v.copyOf(words[0], Op.Copy);
}

/** The words of the result that v (a SelectN) selects. */
export function selectedWords(d: Decomposition, v: Value): Value[] {
  const call = v.args[0];
  return resultWords(d, call, expandCall(d, call), v.auxLo);
}

/**
 * Results too large for values: copied to a temporary right after the call, before another call can reuse the stack area.
 */
function saveLargeResults(d: Decomposition, v: Value, e: ExpandedCall): void {
  const addresses = d.addresses[v.id];
  const assignment = v.aux instanceof Call ? v.aux.assignment : null;
  if (addresses === undefined || assignment === null) return;
  const { f } = d;
  for (const a of addresses) {
    const i = a.auxLo;
    const where = assignment.results[i];
    const words = where.inRegisters ? resultWords(d, v, e, i) : null;
    const c = at(d, v, e.mem);
    const slot = f.newSlot('result', where.type, SlotTemp, -1, v.pos);
    slot.addressTaken = true;
    C.varDef(c, slot);
    const ptr = C.slotAddr(c, slot, a.type);
    if (words !== null) storePieces(c, ptr, where.pieces, words);
    else if (where.type.size > 0) C.move(c, where.type, ptr, stackAddress(c, where.offset, where.type));
    e.mem = c.mem;
    a.copyOf(ptr, Op.Copy);
  }
}

/** MakeResult: words in registers, then memory after the stores of the others. */
export function expandReturn(d: Decomposition, v: Value): void {
  const { f } = d;
  const results = assignmentOf(d).results;
  if (v.args.length !== results.length + 1) bug(`${v} returns ${v.args.length - 1} of ${results.length} results`);
  const args = v.args.slice();
  let mem = args[results.length];
  const machine: Value[] = [];
  for (let i = 0; i < results.length; i++) {
    const where = results[i];
    const x = args[i];
    if (where.inRegisters) {
      for (const w of registerWords(d, v, where, x)) machine.push(w);
      continue;
    }
    const slot = f.results[i];
    if (x.op === Op.Deref && isAddressOf(x.args[0], slot)) continue;
    mem = stackStore(d, v, mem, where, (c) => C.slotAddr(c, slot, f.types.pointerTo(slot.type)), x);
  }
  v.clearArgs();
  for (const w of machine) v.addArg(w);
  v.addArg(mem);
  v.type = f.types.tupleOf([...machine.map((w) => w.type), f.types.mem]);
}

function isAddressOf(ptr: Value, slot: Slot): boolean {
  if (ptr.op === Op.Copy) return isAddressOf(ptr.args[0], slot);
  return ptr.op === Op.LocalAddr && ptr.aux === slot;
}
