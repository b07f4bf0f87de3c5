/**
 * The state of building one function, and the primitives every part of the builder uses: blocks, SSA variables (Braun et al., "Simple and
 * Efficient Construction of Static Single Assignment Form", with trivial phis removed at the end), memory, constants.
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { TypeEnv } from '#abi/type-names.ts';
import type { TypeTable } from '#abi/type-table.ts';
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import type { Expr } from '#syntax/nodes.ts';
import { tvOf } from '#types/info.ts';
import type { Var } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import type { Type } from '#types/type.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { type FuncRef, SymbolRef, Text, TypeRef } from '../call.ts';
import { canSsa } from '../can-ssa.ts';
import { type Func, type Slot, SlotTemp } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { Analysis, Frame } from './analyze.ts';
import type { ControlState } from './control.ts';
import type { ProgramApi } from './program-api.ts';

/** Where a variable of the source lives. */
export const InSsa = 1;
/** Behind a pointer that is itself an SSA variable: Alloc, or a captured reference. */
export const ByPointer = 2;
/** In a frame slot (parameters too large for values; results of functions with defer). */
export const InSlot = 3;

export class Variable {
  readonly place: number;
  readonly type: GoType;
  /** InSsa: the variable's number; ByPointer: that of the pointer. */
  readonly id: number;
  readonly slot: Slot | null;

  constructor(place: number, type: GoType, id: number, slot: Slot | null) {
    this.place = place;
    this.type = type;
    this.id = id;
    this.slot = slot;
  }

  /** It has an address. */
  get slotOrPointer(): boolean {
    return this.place !== InSsa;
  }
}

/** Open-coded defers (gc-contract 5.5). The variables are copies of what the frame holds for the runtime. */
export interface OpenDefers {
  readonly bitsSlot: Slot;
  /** Number of the variable with a bit for each defer statement that was executed. */
  readonly bits: number;
  /** By defer statement built so far, the number of the variable of its func value. */
  readonly functions: number[];
}

const memoryId = 0;

export class FuncBuilder {
  readonly prog: ProgramApi;
  readonly types: TypeTable;
  readonly f: Func;
  readonly ref: FuncRef;
  readonly pkg: Package | null;
  readonly env: TypeEnv | null;
  readonly analysis: Analysis | null;
  readonly frame: Frame;
  /** Null where control cannot come. */
  block: Block | null;
  pos: Pos;
  readonly vars: Map<Var, Variable>;
  readonly control: ControlState;
  /** Results of the function, in order; see returns.ts. */
  results: Variable[];
  /** The variables of the source behind them; of the function around, in the body of a loop over a function. */
  resultVars: readonly Var[];
  /** Null if the function's defers are not open-coded. */
  openDefers: OpenDefers | null;
  /** Values of parts of expressions that have been evaluated before the rest (order.ts), until they are used. */
  readonly early: Map<Expr, readonly Value[]>;
  /** The values of the closure object. */
  closurePtr: Value | null;
  /** Types of SSA variables, by number. */
  private readonly idTypes: GoType[];
  private readonly defs: Map<number, Value>[];
  private readonly sealed: boolean[];
  private readonly incomplete: Map<number, [number, Value][]>;
  private readonly pending: [Value, number][];
  private draining: boolean;
  private readonly constants: Map<string, Value>;
  private readonly addrs: Map<LinkSymbol, Value>;
  readonly sp: Value;
  readonly sb: Value;
  readonly int: GoType;
  readonly uint8: GoType;
  readonly uintptr: GoType;
  readonly bool: GoType;
  readonly string: GoType;
  readonly unsafePointer: GoType;
  readonly bytePtr: GoType;

  constructor(
    prog: ProgramApi,
    f: Func,
    pkg: Package | null,
    env: TypeEnv | null,
    analysis: Analysis | null,
    frame: Frame,
    control: ControlState,
  ) {
    this.prog = prog;
    this.types = prog.types;
    this.f = f;
    this.ref = f.ref;
    this.pkg = pkg;
    this.env = env;
    this.analysis = analysis;
    this.frame = frame;
    this.control = control;
    this.block = f.entry;
    this.pos = f.pos;
    this.vars = new Map();
    this.results = [];
    this.resultVars = [];
    this.openDefers = null;
    this.early = new Map();
    this.closurePtr = null;
    this.idTypes = [this.types.mem];
    this.defs = [];
    this.sealed = [];
    this.incomplete = new Map();
    this.pending = [];
    this.draining = false;
    this.constants = new Map();
    this.addrs = new Map();
    this.int = this.types.basic(G.Int);
    this.uint8 = this.types.basic(G.Uint8);
    this.uintptr = this.types.basic(G.Uintptr);
    this.bool = this.types.basic(G.Bool);
    this.string = this.types.basic(G.String);
    this.unsafePointer = this.types.basic(G.UnsafePointer);
    this.bytePtr = this.types.pointerTo(this.uint8);
    this.register(f.entry);
    this.seal(f.entry);
    const mem = f.newValue(f.entry, Op.InitMem, this.types.mem, f.pos);
    this.sp = f.newValue(f.entry, Op.SP, this.uintptr, f.pos);
    this.sb = f.newValue(f.entry, Op.SB, this.uintptr, f.pos);
    this.define(memoryId, mem);
  }

  /** The finished type of a type as the checker knows it. */
  type(t: Type): GoType {
    return this.types.in(t, this.env);
  }

  /** The values of e, if it was evaluated early; each evaluation is used once. */
  takeEarly(e: Expr): readonly Value[] | null {
    const values = this.early.get(e);
    if (values === undefined) return null;
    this.early.delete(e);
    return values;
  }

  /** The type of an expression; its constant or default form must be settled by the checker. */
  typeOf(e: Expr): GoType {
    const tv = tvOf(e);
    if (tv === null) return this.fail(e.pos, 'expression without type');
    return this.type(tv.type);
  }

  fail(pos: Pos, message: string): never {
    return bug(`${this.ref.linkName}, position ${pos}: ${message}`);
  }

  // Blocks.

  newBlock(): Block {
    const b = this.f.newBlock(B.Plain);
    b.pos = this.pos;
    this.register(b);
    return b;
  }

  private register(b: Block): void {
    this.defs[b.id] = new Map();
    this.sealed[b.id] = false;
  }

  /** Goes on in b; its predecessors are all known unless it is sealed later by hand. */
  start(b: Block): void {
    this.block = b;
  }

  /** Goes on in b, whose predecessors are all there; if there are none, control cannot come. */
  startSealed(b: Block): void {
    this.seal(b);
    this.block = b.preds.length === 0 ? null : b;
  }

  current(): Block {
    return this.block ?? bug(`${this.ref.linkName}: no current block`);
  }

  jump(to: Block): void {
    const b = this.block;
    if (b === null) return;
    b.addEdgeTo(to);
    this.block = null;
  }

  branch(cond: Value, yes: Block, no: Block, likely: number = B.Unknown): void {
    const b = this.block;
    if (b === null) return;
    b.kind = B.If;
    b.setControl(cond);
    b.likely = likely;
    b.pos = this.pos;
    b.addEdgeTo(yes);
    b.addEdgeTo(no);
    this.block = null;
  }

  /** Goes to the block that an index, below their number, says. */
  jumpTable(index: Value, targets: readonly Block[]): void {
    const b = this.block;
    if (b === null) return;
    b.kind = B.JumpTable;
    b.setControl(index);
    b.pos = this.pos;
    for (const t of targets) b.addEdgeTo(t);
    this.block = null;
  }

  /** Ends the block: control does not go on after what memory stands for. */
  exit(): void {
    const b = this.block;
    if (b === null) return;
    b.kind = B.Exit;
    b.setControl(this.mem());
    b.pos = this.pos;
    this.block = null;
  }

  // SSA variables.

  newVar(t: GoType): number {
    this.idTypes.push(t);
    return this.idTypes.length - 1;
  }

  define(id: number, v: Value): void {
    this.defs[this.current().id].set(id, v);
  }

  read(id: number): Value {
    const v = this.lookup(id, this.current());
    if (!this.draining) this.drain();
    return v;
  }

  seal(b: Block): void {
    if (this.sealed[b.id]) return;
    this.sealed[b.id] = true;
    const waiting = this.incomplete.get(b.id);
    if (waiting === undefined) return;
    this.incomplete.delete(b.id);
    for (const [id, phi] of waiting) this.pending.push([phi, id]);
    if (!this.draining) this.drain();
  }

  private lookup(id: number, from: Block): Value {
    let b = from;
    const path: Block[] = [];
    let v: Value | undefined;
    for (;;) {
      v = this.defs[b.id].get(id);
      if (v !== undefined) break;
      if (!this.sealed[b.id]) {
        v = this.phi(id, b);
        const waiting = this.incomplete.get(b.id);
        if (waiting === undefined) this.incomplete.set(b.id, [[id, v]]);
        else waiting.push([id, v]);
        break;
      }
      if (b.preds.length === 1) {
        path.push(b);
        b = b.preds[0].block;
        continue;
      }
      if (b.preds.length === 0) {
        // Only in code that control does not reach.
        v = this.undefinedValue(id, b);
        this.defs[b.id].set(id, v);
        break;
      }
      v = this.phi(id, b);
      this.pending.push([v, id]);
      break;
    }
    for (const p of path) this.defs[p.id].set(id, v);
    return v;
  }

  private phi(id: number, b: Block): Value {
    const v = this.f.newValue(b, Op.Phi, this.idTypes[id], b.pos);
    this.defs[b.id].set(id, v);
    return v;
  }

  private undefinedValue(id: number, b: Block): Value {
    const t = this.idTypes[id];
    if (id === memoryId || t.kind === G.Mem) return this.lookup(memoryId, this.f.entry);
    const at = this.block;
    this.block = b;
    const v = zeroValue(this, t);
    this.block = at;
    return v;
  }

  private drain(): void {
    this.draining = true;
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) {
      const [phi, id] = next;
      for (const e of phi.block.preds) phi.addArg(this.lookup(id, e.block));
    }
    this.draining = false;
  }

  /** All blocks are sealed: for the end. */
  sealAll(): void {
    for (const b of this.f.blocks) this.seal(b);
  }

  mem(): Value {
    return this.read(memoryId);
  }

  setMem(v: Value): void {
    this.define(memoryId, v);
  }

  // Values.

  v0(op: number, t: GoType): Value {
    return this.f.newValue(this.current(), op, t, this.pos);
  }

  v1(op: number, t: GoType, a: Value): Value {
    return this.f.newValue1(this.current(), op, t, this.pos, a);
  }

  v2(op: number, t: GoType, a: Value, b: Value): Value {
    return this.f.newValue2(this.current(), op, t, this.pos, a, b);
  }

  v3(op: number, t: GoType, a: Value, b: Value, c: Value): Value {
    return this.f.newValue3(this.current(), op, t, this.pos, a, b, c);
  }

  /** An integer (or bool, float bits) constant in the entry block, made once. */
  constant(op: number, t: GoType, lo: number, hi: number): Value {
    const key = `${op}:${t.id}:${lo}:${hi}`;
    let v = this.constants.get(key);
    if (v === undefined) {
      v = this.f.newConst(this.f.entry, op, t, 0, lo, hi);
      this.constants.set(key, v);
    }
    return v;
  }

  constInt(n: number): Value {
    return this.constant(Op.Const64, this.int, n | 0, Math.floor(n / 4294967296) | 0);
  }

  constUint8(n: number): Value {
    return this.constant(Op.Const8, this.uint8, (n << 24) >> 24, ((n << 24) >> 24) >> 31);
  }

  constBool(x: boolean): Value {
    return this.constant(Op.ConstBool, this.bool, x ? 1 : 0, 0);
  }

  constString(t: GoType, bytes: string): Value {
    const key = `s${t.id}:${bytes}`;
    let v = this.constants.get(key);
    if (v === undefined) {
      v = this.f.newValue(this.f.entry, Op.ConstString, t, 0);
      v.aux = new Text(bytes);
      this.constants.set(key, v);
    }
    return v;
  }

  constNil(t: GoType): Value {
    return this.constant(Op.ConstNil, t, 0, 0);
  }

  /** The address of a symbol. */
  addr(s: LinkSymbol, t: GoType): Value {
    let v = this.addrs.get(s);
    if (v === undefined || v.type !== t) {
      v = this.f.newValue1(this.f.entry, Op.Addr, t, 0, this.sb);
      v.aux = new SymbolRef(s);
      this.addrs.set(s, v);
    }
    return v;
  }

  /** The address of a type's descriptor. */
  typeAddr(t: GoType): Value {
    return this.addr(this.prog.typeSymbol(t), this.bytePtr);
  }

  // Memory.

  load(t: GoType, ptr: Value): Value {
    return this.v2(canSsa(t) ? Op.Load : Op.Deref, t, ptr, this.mem());
  }

  /** Writes a value (which may be a Deref) of type t. */
  store(t: GoType, ptr: Value, v: Value): void {
    if (t.size === 0) return;
    if (v.op === Op.Deref || !canSsa(t)) {
      if (v.op !== Op.Deref) bug(`${this.ref.linkName}: storing a ${t.linkString} that is in no memory`);
      this.move(t, ptr, v.args[0]);
      return;
    }
    const s = this.v3(Op.Store, this.types.mem, ptr, v, this.mem());
    s.aux = new TypeRef(t);
    this.setMem(s);
  }

  move(t: GoType, dst: Value, src: Value): void {
    if (t.size === 0) return;
    const s = this.v3(Op.Move, this.types.mem, dst, src, this.mem());
    s.aux = new TypeRef(t);
    setSize(s, t.size);
    this.setMem(s);
  }

  zero(t: GoType, ptr: Value): void {
    if (t.size === 0) return;
    const s = this.v2(Op.Zero, this.types.mem, ptr, this.mem());
    s.aux = new TypeRef(t);
    setSize(s, t.size);
    this.setMem(s);
  }

  /** A temporary in the frame, not yet written to. */
  temp(t: GoType): Value {
    const slot = this.f.newSlot('.autotmp', t, SlotTemp, -1, this.pos);
    const def = this.v1(Op.VarDef, this.types.mem, this.mem());
    def.aux = slot;
    this.setMem(def);
    return this.slotAddr(slot);
  }

  slotAddr(slot: Slot): Value {
    const a = this.v2(Op.LocalAddr, this.types.pointerTo(slot.type), this.sp, this.mem());
    a.aux = slot;
    return a;
  }

  /** Memory of its own that holds v. */
  spill(t: GoType, v: Value): Value {
    const p = this.temp(t);
    this.store(t, p, v);
    return p;
  }

  /** v as it is now: what is in memory is copied. */
  stable(v: Value): Value {
    if (v.op !== Op.Deref) return v;
    return this.load(v.type, this.spill(v.type, v));
  }

  /** The address of the memory a Deref reads, or of a copy of a value in registers. */
  addressOfValue(t: GoType, v: Value): Value {
    return v.op === Op.Deref ? v.args[0] : this.spill(t, v);
  }

  offset(ptr: Value, n: number, t: GoType): Value {
    const p = this.v1(Op.OffPtr, t, ptr);
    p.auxLo = n | 0;
    p.auxHi = Math.floor(n / 4294967296) | 0;
    return p;
  }

  nilCheck(ptr: Value): Value {
    return this.v2(Op.NilCheck, ptr.type, ptr, this.mem());
  }

  // Tuples.

  select(tuple: Value, i: number, t: GoType): Value {
    const v = this.v1(Op.SelectN, t, tuple);
    v.auxLo = i;
    return v;
  }

  /** An operation that gives a value and memory; the value. */
  withMem(v: Value, t: GoType): Value {
    this.setMem(this.select(v, 1, this.types.mem));
    return this.select(v, 0, t);
  }

  tupleWithMem(t: GoType): GoType {
    return this.types.tupleOf([t, this.types.mem]);
  }

  /** Runs f with another position. */
  at<T>(pos: Pos, f: () => T): T {
    const saved = this.pos;
    this.pos = pos;
    const r = f();
    this.pos = saved;
    return r;
  }
}

function setSize(v: Value, n: number): void {
  v.auxLo = n | 0;
  v.auxHi = Math.floor(n / 4294967296) | 0;
}

/** The zero value of a type. */
export function zeroValue(b: FuncBuilder, t: GoType): Value {
  if (!canSsa(t)) {
    const p = b.temp(t);
    b.zero(t, p);
    return b.load(t, p);
  }
  switch (t.kind) {
    case G.Bool:
      return b.constant(Op.ConstBool, t, 0, 0);
    case G.Float32:
      return b.constant(Op.Const32F, t, 0, 0);
    case G.Float64:
      return b.constant(Op.Const64F, t, 0, 0);
    case G.Complex64:
    case G.Complex128: {
      const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
      const z = zeroValue(b, part);
      return b.v2(Op.ComplexMake, t, z, z);
    }
    case G.String:
      return b.constString(t, '');
    case G.Slice:
      return b.constant(Op.ConstSlice, t, 0, 0);
    case G.Interface:
      return b.constant(Op.ConstInterface, t, 0, 0);
    case G.Struct: {
      const fields = t.fields.map((f) => zeroValue(b, f.type));
      return makeStruct(b, t, fields);
    }
    case G.Array:
      return t.length === 0 ? b.v0(Op.ArrayMake0, t) : b.v1(Op.ArrayMake1, t, zeroValue(b, t.elem()));
    default:
      if (t.isInteger()) return b.constant(constOp(t), t, 0, 0);
      if (t.isPointerShaped()) return b.constNil(t);
      return bug(`zero value of ${t.linkString}`);
  }
}

export function makeStruct(b: FuncBuilder, t: GoType, fields: readonly Value[]): Value {
  const v = b.v0(Op.StructMake, t);
  for (const f of fields) v.addArg(f);
  return v;
}

/** The constant operation for integers of a type's size. */
export function constOp(t: GoType): number {
  switch (t.size) {
    case 1:
      return Op.Const8;
    case 2:
      return Op.Const16;
    case 4:
      return Op.Const32;
    default:
      return Op.Const64;
  }
}
