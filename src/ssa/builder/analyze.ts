/**
 * What must be known of a function's variables before its body is built: whether their address is taken, whether they change after their
 * declaration, and which function literals (and bodies of loops over functions) capture them. One analysis serves a declared function
 * with all literals in it, and all its instances.
 */
import { bug } from '#base/bug.ts';
import * as Kind from '#syntax/kinds.ts';
import type {
  BlockStmt,
  CallStmt,
  CaseClause,
  CommClause,
  Decl,
  Expr,
  Field,
  ForStmt,
  FuncLit,
  FuncType,
  IfStmt,
  LabeledStmt,
  Name,
  Stmt,
} from '#syntax/nodes.ts';
import { unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { coreType } from '#types/coretype.ts';
import { FieldVal, MethodVal, objOf, selectionOf, tvOf } from '#types/info.ts';
import { deref, hasPtrRecv } from '#types/lookup.ts';
import * as Mode from '#types/mode.ts';
import type { Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Type } from '#types/type.ts';
import { unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { under } from '#types/under.ts';
import { staticBool } from './static-bool.ts';

/** What has a frame of its own in the source: the declaration (null), a literal, or the body of a loop over a function. */
export type Frame = FuncLit | ForStmt | null;

export class VarFacts {
  readonly frame: Frame;
  captured: boolean;
  addressTaken: boolean;
  /** Assigned to, wholly or in part, other than by its declaration. */
  reassigned: boolean;

  constructor(frame: Frame) {
    this.frame = frame;
    this.captured = false;
    this.addressTaken = false;
    this.reassigned = false;
  }
}

export class Analysis {
  readonly vars: Map<Var, VarFacts>;
  /** By frame, the variables of enclosing frames that it mentions, in order of first mention. */
  readonly captures: Map<Frame, Var[]>;
  /** Frames that contain a defer statement, or a loop over a function whose body (transitively) does. */
  readonly defers: Set<Frame>;
  /** Of frames with defers that may be open-coded (cmd/compile/internal/ssagen): how many. */
  readonly openDefers: Map<Frame, number>;
  readonly recovers: Set<Frame>;
  /** What is appended to the name of the enclosing function (bodies of loops over functions aside): ".func1", ".1", "-range1". */
  readonly suffixes: Map<Frame, string>;
  /** The same for the wrappers of go and defer statements: ".gowrap1", ".deferwrap1". */
  readonly wrapSuffixes: Map<CallStmt, string>;

  readonly gotoTargets: Set<LabeledStmt>;

  constructor() {
    this.gotoTargets = new Set();
    this.vars = new Map();
    this.captures = new Map();
    this.defers = new Set();
    this.openDefers = new Map();
    this.recovers = new Set();
    this.suffixes = new Map();
    this.wrapSuffixes = new Map();
  }

  facts(v: Var): VarFacts {
    return this.vars.get(v) ?? bug(`variable ${v.name} was not seen by the analysis`);
  }
}

/** How many literals, loop bodies and wrappers a function has named so far (cmd/compile/internal/ir, closureName). */
class NameCounts {
  literals: number;
  loops: number;
  wrappers: number;

  constructor() {
    this.literals = 0;
    this.loops = 0;
    this.wrappers = 0;
  }
}

/** The limits of open-coded defers: the bits of a byte, and the code at each return. */
const maxOpenDefers = 8;
const maxOpenCode = 15;

/** What decides whether a function's defers are open-coded. */
class DeferCounts {
  defers: number;
  returns: number;
  /** Loops around the current statement. */
  loops: number;
  repeated: boolean;

  constructor() {
    this.defers = 0;
    this.returns = 0;
    this.loops = 0;
    this.repeated = false;
  }
}

class Walker {
  readonly result: Analysis;
  /** Innermost last. */
  readonly frames: Frame[];
  readonly counts: Map<Frame, NameCounts>;
  /** Of the functions that are being looked at, innermost last. */
  readonly deferCounts: DeferCounts[];

  constructor() {
    this.result = new Analysis();
    this.frames = [];
    this.counts = new Map();
    this.deferCounts = [];
  }
}

/** The innermost function that is not the body of a loop. */
function namingFrame(w: Walker): Frame {
  let i = w.frames.length - 1;
  let f = w.frames[i];
  while (f !== null && f.kind === Kind.ForStmt) f = w.frames[--i];
  return f;
}

function countsOf(w: Walker, f: Frame): NameCounts {
  let c = w.counts.get(f);
  if (c === undefined) {
    c = new NameCounts();
    w.counts.set(f, c);
  }
  return c;
}

/** The analysis of a declared function (type and body), or of an initialisation expression. */
export function analyzeFunc(recv: Field | null, type: FuncType, body: BlockStmt): Analysis {
  const w = new Walker();
  enterFunc(w, null);
  if (recv !== null) declareField(w, recv);
  declareParams(w, type);
  stmts(w, body.list);
  leaveFunc(w);
  return w.result;
}

export function analyzeExpr(e: Expr): Analysis {
  const w = new Walker();
  enterFunc(w, null);
  expr(w, e);
  return w.result;
}

/** The function type that a range clause's operand has, or null. */
export function isRangeOverFunc(x: Expr): boolean {
  const tv = tvOf(x);
  if (tv === null) return false;
  const core = coreType(tv.type);
  return core !== null && core.kind === TypeKind.Signature;
}

function enter(w: Walker, f: Frame): void {
  w.frames.push(f);
  w.result.captures.set(f, []);
}

function enterFunc(w: Walker, f: Frame): void {
  enter(w, f);
  w.deferCounts.push(new DeferCounts());
}

function leaveFunc(w: Walker): void {
  const f = w.frames.pop();
  const n = w.deferCounts.pop();
  if (f === undefined || n === undefined || n.defers === 0 || n.repeated) return;
  if (n.defers <= maxOpenDefers && n.defers * n.returns <= maxOpenCode) w.result.openDefers.set(f, n.defers);
}

function deferCounts(w: Walker): DeferCounts {
  return w.deferCounts[w.deferCounts.length - 1];
}

function current(w: Walker): Frame {
  return w.frames[w.frames.length - 1];
}

function declareParams(w: Walker, t: FuncType): void {
  for (const p of t.params) declareField(w, p);
  for (const r of t.results) {
    const v = declareField(w, r);
    // Return statements assign to results.
    if (v !== null) v.reassigned = true;
  }
}

function declareField(w: Walker, f: Field): VarFacts | null {
  const obj = f.name !== null ? objOf(f.name) : f.implicit;
  return isVar(obj) ? declare(w, obj) : null;
}

function isVar(obj: unknown): obj is Var {
  return obj !== null && typeof obj === 'object' && 'kind' in obj && obj.kind === ObjKind.Var;
}

function declare(w: Walker, v: Var): VarFacts {
  let facts = w.result.vars.get(v);
  if (facts === undefined) {
    facts = new VarFacts(current(w));
    w.result.vars.set(v, facts);
  }
  return facts;
}

/** The local variable that a name denotes, or null. */
export function localVar(name: Name): Var | null {
  const obj = objOf(name);
  if (obj === null || obj.kind !== ObjKind.Var) return null;
  return obj.varKind === ObjKind.PackageVar || obj.varKind === ObjKind.FieldVar ? null : obj;
}

/** The variable whose memory e is part of: through fields and array elements, but not through pointers and slices. */
export function rootVar(e: Expr): Var | null {
  let x = e;
  for (;;) {
    switch (x.kind) {
      case Kind.ParenExpr:
        x = x.x;
        continue;
      case Kind.Name:
        return localVar(x);
      case Kind.SelectorExpr: {
        const s = selectionOf(x);
        if (s === null || s.kind !== FieldVal || s.indirect || isPointer(x.x)) return null;
        x = x.x;
        continue;
      }
      case Kind.IndexExpr: {
        const tv = tvOf(x.x);
        if (tv === null || tv.mode === Mode.typexpr) return null;
        const u = under(tv.type).kind;
        // A type parameter may stand for an array.
        if (u !== TypeKind.Array && unalias(tv.type).kind !== TypeKind.TypeParam) return null;
        x = x.x;
        continue;
      }
      default:
        return null;
    }
  }
}

function isPointer(x: Expr): boolean {
  const tv = tvOf(x);
  return tv !== null && under(tv.type).kind === TypeKind.Pointer;
}

function takeAddress(w: Walker, e: Expr): void {
  const v = rootVar(e);
  if (v !== null) declare(w, v).addressTaken = true;
}

function use(w: Walker, name: Name): void {
  const v = localVar(name);
  if (v === null) return;
  const facts = declare(w, v);
  const frames = w.frames;
  if (facts.frame === current(w)) return;
  facts.captured = true;
  for (let i = frames.length - 1; i >= 0 && frames[i] !== facts.frame; i--) {
    const list = w.result.captures.get(frames[i]);
    if (list !== undefined && !list.includes(v)) list.push(v);
  }
}

function assign(w: Walker, lhs: Expr, define: boolean): void {
  const x = unparen(lhs);
  if (x.kind === Kind.Name) {
    const v = localVar(x);
    if (v === null) return;
    const known = w.result.vars.has(v);
    if (!define || known) declare(w, v).reassigned = true;
    if (known) use(w, x);
    else declare(w, v);
    return;
  }
  const v = rootVar(x);
  if (v !== null) declare(w, v).reassigned = true;
  expr(w, x);
}

function exprs(w: Walker, list: readonly (Expr | null)[]): void {
  for (const e of list) if (e !== null) expr(w, e);
}

function expr(w: Walker, e: Expr): void {
  const tv = tvOf(e);
  if (tv !== null && (tv.mode === Mode.typexpr || tv.mode === Mode.constant_)) return;
  switch (e.kind) {
    case Kind.Name:
      use(w, e);
      return;
    case Kind.CompositeLit:
      for (const el of e.elems) {
        if (el.kind !== Kind.KeyValueExpr) {
          expr(w, el);
          continue;
        }
        // The key of a struct literal is a field name.
        if (el.key.kind !== Kind.Name || localVar(el.key) !== null) expr(w, el.key);
        expr(w, el.value);
      }
      return;
    case Kind.KeyValueExpr:
      exprs(w, [e.key, e.value]);
      return;
    case Kind.FuncLit: {
      const outer = namingFrame(w);
      const n = ++countsOf(w, outer).literals;
      w.result.suffixes.set(e, outer === null ? `.func${n}` : `.${n}`);
      enterFunc(w, e);
      declareParams(w, e.type);
      stmts(w, e.body.list);
      leaveFunc(w);
      return;
    }
    case Kind.ParenExpr:
      expr(w, e.x);
      return;
    case Kind.SelectorExpr: {
      const s = selectionOf(e);
      if (s !== null && s.kind === MethodVal && !s.indirect && takesPointer(s.obj, s.recv)) takeAddress(w, e.x);
      expr(w, e.x);
      return;
    }
    case Kind.IndexExpr:
      expr(w, e.x);
      expr(w, e.index);
      return;
    case Kind.SliceExpr: {
      const x = tvOf(e.x);
      if (x !== null && (under(x.type).kind === TypeKind.Array || unalias(x.type).kind === TypeKind.TypeParam))
        takeAddress(w, e.x);
      expr(w, e.x);
      exprs(w, e.index);
      return;
    }
    case Kind.AssertExpr:
      expr(w, e.x);
      return;
    case Kind.TypeSwitchGuard:
      expr(w, e.x);
      return;
    case Kind.Operation:
      if (e.op === SyntaxOp.And && e.y === null) takeAddress(w, e.x);
      expr(w, e.x);
      if (e.y !== null) expr(w, e.y);
      return;
    case Kind.CallExpr: {
      const fun = unparen(e.fun);
      if (fun.kind === Kind.Name && objOf(fun)?.kind === ObjKind.Builtin && fun.value === 'recover')
        w.result.recovers.add(current(w));
      expr(w, e.fun);
      exprs(w, e.args);
      return;
    }
    case Kind.ListExpr:
      exprs(w, e.elems);
      return;
  }
}

function takesPointer(method: unknown, recv: Type): boolean {
  if (method === null || typeof method !== 'object' || !('kind' in method) || method.kind !== ObjKind.Func)
    return false;
  if (deref(recv).isPointer || unalias(recv).kind === TypeKind.TypeParam) return false;
  return under(recv).kind !== TypeKind.Interface && hasPtrRecv(method as Parameters<typeof hasPtrRecv>[0]);
}

function stmts(w: Walker, list: readonly Stmt[]): void {
  for (const s of list) stmt(w, s);
}

function stmt(w: Walker, s: Stmt): void {
  switch (s.kind) {
    case Kind.ExprStmt:
      expr(w, s.x);
      return;
    case Kind.SendStmt:
      expr(w, s.chan);
      expr(w, s.value);
      return;
    case Kind.AssignStmt:
      if (s.rhs !== null) expr(w, s.rhs);
      for (const lhs of unpackListExpr(s.lhs)) assign(w, lhs, s.op === SyntaxOp.Def);
      return;
    case Kind.LabeledStmt:
      stmt(w, s.stmt);
      return;
    case Kind.BlockStmt:
      stmts(w, s.list);
      return;
    case Kind.DeclStmt:
      for (const d of s.decls) decl(w, d);
      return;
    case Kind.BranchStmt:
      if (s.tok === Kind.Goto && s.target !== null && s.target.kind === Kind.LabeledStmt)
        w.result.gotoTargets.add(s.target);
      return;
    case Kind.CallStmt:
      if (s.tok === Kind.Defer) {
        const n = deferCounts(w);
        n.defers++;
        if (n.loops > 0) n.repeated = true;
        for (let i = w.frames.length - 1; i >= 0; i--) {
          w.result.defers.add(w.frames[i]);
          // The defers of a loop over a function belong to the function around it.
          const f = w.frames[i];
          if (f === null || f.kind === Kind.FuncLit) break;
        }
      }
      if (needsWrapper(s.call)) {
        const n = ++countsOf(w, namingFrame(w)).wrappers;
        w.result.wrapSuffixes.set(s, `${s.tok === Kind.Go ? '.gowrap' : '.deferwrap'}${n}`);
      }
      expr(w, s.call);
      return;
    case Kind.ReturnStmt:
      if (s.results !== null) expr(w, s.results);
      deferCounts(w).returns++;
      returnFromLoops(w);
      return;
    case Kind.IfStmt:
      ifStmt(w, s);
      return;
    case Kind.ForStmt:
      deferCounts(w).loops++;
      forStmt(w, s);
      deferCounts(w).loops--;
      return;
    case Kind.SwitchStmt:
      if (s.init !== null) stmt(w, s.init);
      if (s.tag !== null) expr(w, s.tag);
      for (const c of s.body) caseClause(w, c);
      return;
    case Kind.SelectStmt:
      for (const c of s.body) commClause(w, c);
      return;
  }
}

/** Whether the call of a go or defer statement must be put into a function without parameters and results. */
export function needsWrapper(e: Expr): boolean {
  const call = unparen(e);
  if (call.kind !== Kind.CallExpr || call.args.length > 0) return true;
  const tv = tvOf(call.fun);
  if (tv === null || tv.mode === Mode.builtin || tv.mode === Mode.typexpr) return true;
  const fun = unparen(call.fun);
  if (fun.kind === Kind.SelectorExpr && selectionOf(fun)?.kind === MethodVal) return true;
  const sig = coreType(tv.type);
  return sig === null || sig.kind !== TypeKind.Signature || sig.results.vars.length > 0 || sig.params.vars.length > 0;
}

/** A return inside of loops over functions stores into the function's named results from another frame. */
function returnFromLoops(w: Walker): void {
  const frames = w.frames;
  let i = frames.length - 1;
  let f = frames[i];
  if (f === null || f.kind !== Kind.ForStmt) return;
  while (i > 0 && f !== null && f.kind === Kind.ForStmt) f = frames[--i];
  for (const [v, facts] of w.result.vars) {
    if (v.varKind !== ObjKind.ResultVar || facts.frame !== f) continue;
    facts.captured = true;
    for (let k = frames.length - 1; k > i; k--) {
      const list = w.result.captures.get(frames[k]);
      if (list !== undefined && !list.includes(v)) list.push(v);
    }
  }
}

/** Branches that constants rule out are not built, and name nothing. */
function ifStmt(w: Walker, s: IfStmt): void {
  if (s.init !== null) stmt(w, s.init);
  const known = staticBool(s.cond);
  if (known === null) expr(w, s.cond);
  if (known !== false) stmts(w, s.thenBlock.list);
  if (known !== true && s.elseStmt !== null) stmt(w, s.elseStmt);
}

function forStmt(w: Walker, s: ForStmt): void {
  const init = s.init;
  if (init !== null && init.kind === Kind.RangeClause) {
    const overFunc = isRangeOverFunc(init.x);
    // A body that becomes a function is numbered before the literals of the operand, as the official compiler meets them.
    if (!overFunc) expr(w, init.x);
    if (overFunc) {
      w.result.suffixes.set(s, `-range${++countsOf(w, namingFrame(w)).loops}`);
      enter(w, s);
    }
    for (const lhs of unpackListExpr(init.lhs)) assign(w, lhs, init.def);
    stmts(w, s.body.list);
    if (overFunc) {
      w.frames.pop();
      expr(w, init.x);
    }
    return;
  }
  if (init !== null) stmt(w, init);
  if (s.cond !== null) expr(w, s.cond);
  stmts(w, s.body.list);
  if (s.post !== null) stmt(w, s.post);
}

function caseClause(w: Walker, c: CaseClause): void {
  if (isVar(c.implicit)) declare(w, c.implicit);
  if (c.cases !== null) expr(w, c.cases);
  stmts(w, c.body);
}

function commClause(w: Walker, c: CommClause): void {
  if (c.comm !== null) stmt(w, c.comm);
  stmts(w, c.body);
}

function decl(w: Walker, d: Decl): void {
  if (d.kind !== Kind.VarDecl) return;
  if (d.values !== null) expr(w, d.values);
  for (const name of d.names) {
    const v = localVar(name);
    if (v !== null) declare(w, v);
  }
}
