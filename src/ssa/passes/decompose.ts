/**
 * "expand calls" and "decompose": afterwards every value is one word (or a float), parameters are ArgIntReg, ArgFloatReg or
 * loads from the caller's frame, calls and returns name words in registers and store the others to the stack, and stores and
 * loads move single words. Call.assignment and Func.assignment say where everything is.
 *
 * The words of an aggregate are asked for by its users (`wordsOf`), so aggregates that nobody takes apart just die.
 */
import type { Piece } from '#abi/convention.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { Abi0 } from '#obj/symbol.ts';
import { Text } from '../call.ts';
import * as C from '../cursor.ts';
import { Cursor } from '../cursor.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Services } from '../pass.ts';
import { valueText } from '../text/print.ts';
import type { Value } from '../value.ts';
import {
  argWords,
  expandCall,
  expandReturn,
  expandSelect,
  isCallOp,
  selectedWords,
  spillLargeParams,
} from './expand-calls.ts';

/** What a call became. */
export interface ExpandedCall {
  /** Words by result; null until somebody asks. */
  readonly results: (Value[] | null)[];
  /** Memory right after the call: what stack results are loaded from. */
  readonly memAtCall: Value;
  /** Memory for everybody else: after large results were saved. */
  mem: Value;
}

export class Decomposition {
  readonly f: Func;
  readonly services: Services;
  readonly c: Cursor;
  /** By value id. */
  readonly words: (Value[] | undefined)[];
  readonly calls: (ExpandedCall | undefined)[];
  /** SelectAddr values by id of their call. */
  readonly addresses: (Value[] | undefined)[];
  /** Words of parameters. */
  readonly params: (Value[] | undefined)[];
  /** Phis of aggregates whose word phis have no arguments yet. */
  readonly phis: Value[];
  readonly initMem: Value;

  constructor(f: Func, services: Services, initMem: Value) {
    this.f = f;
    this.services = services;
    this.c = new Cursor(f, services, initMem);
    this.words = [];
    this.calls = [];
    this.addresses = [];
    this.params = [];
    this.phis = [];
    this.initMem = initMem;
  }
}

export function decompose(f: Func, services: Services): void {
  f.assignment = services.convention.of(f.ref.type, f.ref.symbol.abi === Abi0);
  for (let i = 0; i < f.params.length; i++) f.params[i].offset = f.assignment.params[i].offset;
  for (let i = 0; i < f.results.length; i++) f.results[i].offset = f.assignment.results[i].offset;
  const initMem =
    f.entry.values.find((v) => v.op === Op.InitMem) ?? f.newValue(f.entry, Op.InitMem, f.types.mem, f.pos);
  const d = new Decomposition(f, services, initMem);
  const all: Value[] = [];
  for (const b of f.blocks) {
    for (const v of b.values) {
      all.push(v);
      if (v.op === Op.SelectAddr) (d.addresses[v.args[0].id] ??= []).push(v);
    }
  }
  spillLargeParams(d);
  for (const v of all) rewrite(d, v);
  for (let v = d.phis.pop(); v !== undefined; v = d.phis.pop()) fillPhi(d, v);
}

export function isAggregate(t: GoType): boolean {
  switch (t.kind) {
    case G.String:
    case G.Slice:
    case G.Interface:
    case G.Complex64:
    case G.Complex128:
    case G.Struct:
    case G.Array:
      return true;
    default:
      return false;
  }
}

function rewrite(d: Decomposition, v: Value): void {
  switch (v.op) {
    case Op.Arg:
      if (!isAggregate(v.type)) v.copyOf(argWords(d, v)[0], Op.Copy);
      return;
    case Op.StringPtr:
    case Op.SlicePtr:
    case Op.ITab:
    case Op.ComplexReal:
      v.copyOf(wordsOf(d, v.args[0])[0], Op.Copy);
      return;
    case Op.StringLen:
    case Op.SliceLen:
    case Op.IData:
    case Op.ComplexImag:
      v.copyOf(wordsOf(d, v.args[0])[1], Op.Copy);
      return;
    case Op.SliceCap:
      v.copyOf(wordsOf(d, v.args[0])[2], Op.Copy);
      return;
    case Op.StructSelect:
    case Op.ArraySelect:
      if (!isAggregate(v.type)) v.copyOf(selectWords(d, v)[0], Op.Copy);
      return;
    case Op.EqInter:
    case Op.NeqInter:
      compareFirst(d, v, v.op === Op.EqInter ? Op.Eq64 : Op.Neq64);
      return;
    case Op.EqSlice:
    case Op.NeqSlice:
      compareFirst(d, v, v.op === Op.EqSlice ? Op.EqPtr : Op.NeqPtr);
      return;
    case Op.Store:
      if (isAggregate(v.args[1].type)) decomposeStore(d, v);
      return;
    case Op.KeepAlive:
      if (isAggregate(v.args[0].type)) decomposeKeepAlive(d, v);
      else keepVariable(v);
      return;
    case Op.MakeResult:
      expandReturn(d, v);
      return;
    case Op.SelectN:
      if (isCallOp(v.args[0].op) && !isAggregate(v.type)) expandSelect(d, v);
      return;
    case Op.SelectAddr:
      expandCall(d, v.args[0]);
      return;
    default:
      if (isCallOp(v.op)) expandCall(d, v);
  }
}

/** The words of a value; a scalar is its own only word. */
export function wordsOf(d: Decomposition, v: Value): Value[] {
  if (!isAggregate(v.type)) return [v];
  let w = d.words[v.id];
  if (w === undefined) {
    w = makeWords(d, v);
    d.words[v.id] = w;
    if (v.op === Op.Phi) d.phis.push(v);
  }
  return w;
}

function makeWords(d: Decomposition, v: Value): Value[] {
  switch (v.op) {
    case Op.StringMake:
    case Op.SliceMake:
    case Op.IMake:
    case Op.ComplexMake:
    case Op.StructMake:
    case Op.ArrayMake1: {
      const out: Value[] = [];
      for (const a of v.args) for (const w of wordsOf(d, a)) out.push(w);
      return out;
    }
    case Op.ArrayMake0:
    case Op.Empty:
      return [];
    case Op.Copy:
      return wordsOf(d, v.args[0]);
    case Op.ConstString:
      return stringWords(d, v);
    case Op.ConstSlice:
    case Op.ConstInterface:
    case Op.ConstNil:
      return zeroWords(d, v);
    case Op.Load:
      return loadWords(d, v);
    case Op.Phi:
      return d.services.convention.words(v.type).map((p) => d.f.newValue(v.block, Op.Phi, p.type, v.pos, v.inline));
    case Op.StructSelect:
    case Op.ArraySelect:
      return selectWords(d, v);
    case Op.Arg:
      return argWords(d, v);
    case Op.SelectN:
      return selectedWords(d, v);
    default:
      return bug(`no words of ${valueText(v)}`);
  }
}

function selectWords(d: Decomposition, v: Value): Value[] {
  const whole = v.args[0];
  const words = wordsOf(d, whole);
  if (v.op === Op.ArraySelect) return words;
  const fields = whole.type.fields;
  let start = 0;
  for (let i = 0; i < v.auxLo; i++) start += d.services.convention.words(fields[i].type).length;
  return words.slice(start, start + d.services.convention.words(fields[v.auxLo].type).length);
}

function here(d: Decomposition, v: Value): Cursor {
  d.c.block = v.block;
  d.c.pos = v.pos;
  d.c.inline = v.inline;
  return d.c;
}

function stringWords(d: Decomposition, v: Value): Value[] {
  const text = v.aux instanceof Text ? v.aux.bytes : bug(`${v} has no text`);
  const c = here(d, v);
  const [ptr, len] = d.services.convention.words(v.type);
  const p = text.length === 0 ? C.constNil(c, ptr.type) : C.addrOf(c, d.services.stringSymbol(text), ptr.type);
  return [p, C.constInt(c, len.type, text.length)];
}

function zeroWords(d: Decomposition, v: Value): Value[] {
  const c = here(d, v);
  return d.services.convention.words(v.type).map((p) => zeroWord(c, p.type));
}

/** The zero of a one-word type. */
export function zeroWord(c: Cursor, t: GoType): Value {
  if (t.isPointerShaped()) return C.constNil(c, t);
  if (t.kind === G.Float64) return C.value0(c, Op.Const64F, t);
  if (t.kind === G.Float32) return C.value0(c, Op.Const32F, t);
  if (t.kind === G.Bool) return C.value0(c, Op.ConstBool, t);
  return C.constInt(c, t, 0);
}

function loadWords(d: Decomposition, v: Value): Value[] {
  const c = here(d, v);
  c.mem = v.args[1];
  return loadPieces(c, v.args[0], d.services.convention.words(v.type));
}

/** Loads of words at their offsets from ptr, in memory c.mem. */
export function loadPieces(c: Cursor, ptr: Value, pieces: readonly Piece[]): Value[] {
  const out: Value[] = [];
  for (const p of pieces) out.push(C.load(c, p.type, C.offPtr(c, ptr, p.offset, c.f.types.pointerTo(p.type))));
  return out;
}

/** Stores words at their offsets from ptr. */
export function storePieces(c: Cursor, ptr: Value, pieces: readonly Piece[], words: readonly Value[]): void {
  for (let i = 0; i < pieces.length; i++) {
    const p = pieces[i];
    C.store(c, p.type, C.offPtr(c, ptr, p.offset, c.f.types.pointerTo(p.type)), words[i]);
  }
}

function decomposeStore(d: Decomposition, v: Value): void {
  const [ptr, x, mem] = v.args;
  const words = wordsOf(d, x);
  const c = here(d, v);
  c.mem = mem;
  storePieces(c, ptr, d.services.convention.words(x.type), words);
  v.copyOf(c.mem, Op.Copy);
}

function decomposeKeepAlive(d: Decomposition, v: Value): void {
  const words = wordsOf(d, v.args[0]);
  const c = here(d, v);
  c.mem = v.args[1];
  for (const w of words) {
    if (!w.type.hasPointers()) continue;
    const kept = C.value2(c, Op.KeepAlive, d.f.types.mem, w, c.mem);
    keepVariable(kept);
    c.mem = kept;
  }
  v.copyOf(c.mem, Op.Copy);
}

/** The address of a variable of the frame needs no keeping; what the variable holds does. */
function keepVariable(v: Value): void {
  let p = v.args[0];
  while (p.op === Op.Copy || p.op === Op.OffPtr || p.op === Op.NilCheck) p = p.args[0];
  if (p.op !== Op.LocalAddr) return;
  const [, mem] = v.args;
  const slot = p.aux;
  v.reset(Op.VarLive);
  v.addArg(mem);
  v.aux = slot;
}

function compareFirst(d: Decomposition, v: Value, op: number): void {
  const x = wordsOf(d, v.args[0])[0];
  const y = wordsOf(d, v.args[1])[0];
  v.reset(op);
  v.addArg(x);
  v.addArg(y);
}

function fillPhi(d: Decomposition, v: Value): void {
  const words = d.words[v.id];
  if (words === undefined) bug(`${v} has no words`);
  for (const a of v.args) {
    const from = wordsOf(d, a);
    for (let i = 0; i < words.length; i++) words[i].addArg(from[i]);
  }
}
