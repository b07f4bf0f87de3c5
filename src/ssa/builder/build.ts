/** Builds the body of a function from whatever it is made of. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { Abi0 } from '#obj/symbol.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr } from '#syntax/nodes.ts';
import { signatureOf } from '#types/decl.ts';
import { tvOf } from '#types/info.ts';
import type { Var } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import type { Signature } from '#types/type.ts';
import { unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import * as B from '../block.ts';
import { AbiWrapper, Call, type FuncRef, Noinline } from '../call.ts';
import { Func, SlotParam } from '../func.ts';
import * as Op from '../gen/op.ts';
import { eliminateCopies, eliminatePhis } from '../passes/copy-elim.ts';
import { removeUnreachable } from '../passes/deadcode.ts';
import type { Value } from '../value.ts';
import type { Analysis, Frame } from './analyze.ts';
import { discard, multiValue } from './assign.ts';
import { FuncBuilder, InSsa } from './builder.ts';
import { bindCaptures, closurePointer } from './closures.ts';
import { ControlState } from './control.ts';
import { assignable } from './convert.ts';
import { startDefers } from './defers.ts';
import { exprInto, exprTo } from './expr.ts';
import { type Place, throughPointer } from './fields.ts';
import { initAnalysisOf } from './init-names.ts';
import { calleeOf } from './methods.ts';
import type { ProgramApi } from './program-api.ts';
import { buildRangeBody } from './rangefunc.ts';
import { arg, bindParams, bindResults, captureResults, finishReturn, returnValues } from './returns.ts';
import { callInterface, callStatic, rtPanic } from './runtime-call.ts';
import {
  AbiWrapperSource,
  ClosureSource,
  DeclSource,
  ExternalSource,
  GeneratedSource,
  InitSource,
  WrapperSource,
} from './source.ts';
import { stmts } from './stmt.ts';

/** The body of a function; null if it has none in Go. */
export function buildFunction(prog: ProgramApi, ref: FuncRef): Func | null {
  const s = ref.source;
  if (s instanceof ExternalSource) return null;
  const f = new Func(ref, prog.types, prog.target);
  let b: FuncBuilder;
  if (s instanceof DeclSource) b = buildDecl(prog, f, s);
  else if (s instanceof ClosureSource) b = buildClosure(prog, f, s);
  else if (s instanceof GeneratedSource) b = buildGenerated(prog, f, s);
  else if (s instanceof WrapperSource) b = buildWrapper(prog, f, s);
  else if (s instanceof InitSource) b = buildInit(prog, f, s);
  else if (s instanceof AbiWrapperSource) b = buildAbiWrapper(prog, f, s);
  else return bug(`${ref.linkName}: no way to build a ${s.kind}`);
  finish(b);
  return f;
}

function finish(b: FuncBuilder): void {
  b.sealAll();
  for (const e of b.early.keys()) b.fail(e.pos, 'evaluated and not used');
  if (b.block !== null) bug(`${b.ref.linkName}: control reaches the end`);
  removeUnreachable(b.f);
  eliminatePhis(b.f);
  eliminateCopies(b.f);
}

function builderFor(
  prog: ProgramApi,
  f: Func,
  pkg: Package | null,
  env: FuncBuilder['env'],
  analysis: Analysis | null,
  frame: Frame,
  control: ControlState,
): FuncBuilder {
  return new FuncBuilder(prog, f, pkg, env, analysis, frame, control);
}

function buildDecl(prog: ProgramApi, f: Func, s: DeclSource): FuncBuilder {
  prog.ensureBody(s.obj);
  const body = s.decl.body ?? bug(`${f.ref.linkName}: no body`);
  const analysis = prog.analysisOf(s.decl);
  f.pos = s.decl.pos;
  f.endPos = body.rbrace;
  f.hasDefer = analysis.defers.has(null);
  f.noInline = analysis.recovers.has(null);
  const b = builderFor(prog, f, s.pkg, s.env, analysis, null, new ControlState(null));
  const sig = signatureOf(s.obj);
  const params: (Var | null)[] = sig.recv === null ? [] : [sig.recv];
  params.push(...sig.params.vars);
  bindParams(b, params);
  functionBody(b, sig);
  stmts(b, body.list);
  endOfBody(b, f.endPos);
  return b;
}

/** The results' variables; unnamed ones have none in the source. */
function functionBody(b: FuncBuilder, sig: Signature): void {
  b.resultVars = sig.results.vars;
  bindResults(b, sig.results.vars);
  startDefers(b);
}

function endOfBody(b: FuncBuilder, pos: number): void {
  if (b.block === null) return;
  b.pos = pos;
  // Functions with results end in a terminating statement: if control seems to come here, an endless loop or a panic precedes.
  if (
    b.ref.type.results().length > 0 &&
    b.results.every((r) => r.place === InSsa) &&
    b.resultVars.every((v) => v.name === '')
  ) {
    if (b.f.hasDefer) returnValues(b, null);
    else b.exit();
    return;
  }
  returnValues(b, null);
}

function buildClosure(prog: ProgramApi, f: Func, s: ClosureSource): FuncBuilder {
  const range = s.range;
  const lit = s.lit;
  f.pos = lit.pos;
  f.endPos = lit.body.rbrace;
  f.hasDefer = range === null && s.analysis.defers.has(lit);
  f.noInline = s.analysis.recovers.has(lit);
  const b = builderFor(prog, f, s.pkg, s.env, s.analysis, lit, new ControlState(range === null ? null : range.body));
  bindCaptures(b, s);
  if (range !== null) {
    b.resultVars = range.resultVars;
    if (range.resultVars.every((v) => b.vars.has(v))) captureResults(b, range.resultVars);
    buildRangeBody(b, range.body);
    return b;
  }
  if (lit.kind !== Kind.FuncLit) return b.fail(lit.pos, 'loop as a function literal');
  const tv = tvOf(lit);
  const sig = tv === null ? null : unalias(tv.type);
  if (sig === null || sig.kind !== TypeKind.Signature) return b.fail(lit.pos, 'function literal without signature');
  bindParams(b, sig.params.vars);
  functionBody(b, sig);
  stmts(b, lit.body.list);
  endOfBody(b, f.endPos);
  return b;
}

/** Parameters without names in the source. */
function plainParams(b: FuncBuilder): Value[] {
  return b.ref.type.params().map((t, i) => arg(b, t, b.f.newSlot(`p${i}`, t, SlotParam, i, b.f.pos)));
}

function plainResults(b: FuncBuilder): void {
  bindResults(
    b,
    b.ref.type.results().map(() => null),
  );
}

function buildGenerated(prog: ProgramApi, f: Func, s: GeneratedSource): FuncBuilder {
  f.pos = s.pos;
  f.endPos = s.pos;
  const b = builderFor(prog, f, s.pkg, s.env, null, null, new ControlState(null));
  const params = plainParams(b);
  plainResults(b);
  const captured: Value[] = [];
  if (s.objectType !== null && s.objectType.fields.length > 1) {
    const ptr = closurePointer(b, s.objectType);
    for (const field of s.objectType.fields.slice(1)) {
      captured.push(b.load(field.type, b.offset(ptr, field.offset, b.types.pointerTo(field.type))));
    }
  }
  s.emit(b, params, captured);
  return b;
}

/** A method that a type has by embedding, or for pointers to it: finds the receiver and calls. */
function buildWrapper(prog: ProgramApi, f: Func, s: WrapperSource): FuncBuilder {
  const b = builderFor(prog, f, null, null, null, null, new ControlState(null));
  const params = plainParams(b);
  plainResults(b);
  const recv = s.recv;
  const m = s.method;
  const isPointer = recv.kind === G.Pointer && b.types.namedOf(recv) === null;
  if (isPointer && !m.ptrRecv && m.path.length === 0 && m.decl !== null) {
    // (*T).M of a method with value receiver.
    const ok = b.v1(Op.IsNonNil, b.bool, params[0]);
    const good = b.newBlock();
    const bad = b.newBlock();
    b.branch(ok, good, bad, B.Likely);
    b.startSealed(bad);
    rtPanic(b, 'panicwrap', []);
    b.startSealed(good);
  }
  const given: Place = { type: recv, ptr: null, value: params[0] };
  // A pointer that the collector does not follow is boxed: its wrapper takes the box.
  const boxed = isPointer && recv.elem().kind === G.Pointer && b.types.namedOf(recv.elem()) === null;
  const callee = calleeOf(b, m, boxed ? throughPointer(b, given) : given);
  const rest = params.slice(1);
  const results =
    callee.ref === null
      ? callInterface(b, callee.recv, callee.recvType, callee.index, rest)
      : callStatic(b, callee.ref, [callee.recv, ...rest]);
  finishReturn(b, results);
  return b;
}

function buildInit(prog: ProgramApi, f: Func, s: InitSource): FuncBuilder {
  const first = s.initializers[0];
  f.pos = first === undefined ? 0 : first.rhs.pos;
  f.endPos = f.pos;
  f.ref.flags |= Noinline;
  const b = builderFor(prog, f, s.pkg, null, initAnalysisOf(s.pkg), null, new ControlState(null));
  for (const init of s.initializers) {
    b.pos = init.rhs.pos;
    initialize(b, init.lhs, init.rhs);
  }
  if (b.block !== null) finishReturn(b, []);
  return b;
}

function initialize(b: FuncBuilder, lhs: readonly Var[], rhs: Expr): void {
  if (lhs.length > 1) {
    const m = multiValue(b, rhs);
    lhs.forEach((v, i) => {
      if (v.name !== '_') storeGlobal(b, v, (t, p) => b.store(t, p, assignable(b, m.values[i], m.types[i], t)));
    });
    return;
  }
  const v = lhs[0];
  if (v === undefined) {
    discard(b, rhs);
    return;
  }
  if (v.name === '_') {
    exprTo(b, rhs, b.type(v.typ));
    return;
  }
  // The variable is zero and nobody reads it before: a literal may be written in place.
  storeGlobal(b, v, (t, p) => exprInto(b, rhs, t, p, true));
}

function storeGlobal(b: FuncBuilder, v: Var, write: (t: GoType, p: Value) => void): void {
  const t = b.type(v.typ);
  write(t, b.addr(b.prog.globalSymbol(v), b.types.pointerTo(t)));
}

/** Calls the function of the other ABI with what came in. */
function buildAbiWrapper(prog: ProgramApi, f: Func, s: AbiWrapperSource): FuncBuilder {
  const b = builderFor(prog, f, null, null, null, null, new ControlState(null));
  f.ref.flags |= AbiWrapper;
  const params = plainParams(b);
  plainResults(b);
  const type = f.ref.type;
  if (f.ref.symbol.abi === Abi0 && params.length === 0 && type.results().length === 0) {
    // It jumps, and has no frame (cmd/compile/internal/ssagen/abi.go, makeABIWrapper).
    const jump = b.v1(Op.TailCall, b.types.mem, b.mem());
    jump.aux = new Call(s.target, type, false, null, -1);
    b.setMem(jump);
    b.exit();
    return b;
  }
  const call = b.v0(Op.StaticCall, b.types.tupleOf([...type.results(), b.types.mem]));
  call.aux = new Call(s.target, type, s.target.symbol.abi === 0, null, -1);
  for (const p of params) call.addArg(p);
  call.addArg(b.mem());
  b.setMem(b.select(call, type.results().length, b.types.mem));
  finishReturn(
    b,
    type.results().map((t, i) => b.select(call, i, t)),
  );
  return b;
}
