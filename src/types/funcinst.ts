/** Instantiation of generic function values, with type arguments given, inferred from a target, or both. */
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import { type Expr, type IndexExpr, Name, unpackListExpr } from '#syntax/nodes.ts';
import { startPos } from '#syntax/positions.ts';
import { type Checker, later } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError, softErrorf, versionErrorf } from './errors.ts';
import type { Target } from './expr.ts';
import { infer, renameTParams } from './infer.ts';
import { instance, verify } from './instantiate.ts';
import * as Mode from './mode.ts';
import { recordMonoInstance } from './mono.ts';
import { newParam } from './object.ts';
import { newOperand, type Operand } from './operand.ts';
import { recordInstance } from './recording.ts';
import { EmptyTuple, Signature, Tuple, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeList } from './typexpr.ts';
import { allowVersion, go1_18, go1_21, verifyVersionf } from './version.ts';

/**
 * Instantiates the generic function x. inst has the type arguments, if any are given; those that are missing are inferred from the
 * target. Without `infer`, a partial list is returned instead and x stays as it is; in all other cases the result is null.
 */
export function funcInst(
  c: Checker,
  T: Target | null,
  pos: Pos,
  x: Operand,
  inst: IndexExpr | null,
  inferMissing: boolean,
): Type[] | null {
  const at = inst !== null ? inst.pos : pos;
  if (inst !== null) x.expr = inst;
  if (x.expr === null || x.typ.kind !== TypeKind.Signature) bug('instantiation of something that is no function');
  const versionOk = verifyVersionf(c, at, go1_18, 'function instantiation');
  let targs: Type[] = [];
  let xlist: Expr[] = [];
  if (inst !== null) {
    xlist = unpackListExpr(inst.index);
    const given = typeList(c, xlist);
    if (given === null) {
      x.mode = Mode.invalid;
      return null;
    }
    targs = given;
  }
  const sig = x.typ;
  const want = sig.tparams.length;
  if (targs.length > want) {
    errorf(c, xlist[targs.length - 1], Code.WrongTypeArgCount, 'got %d type arguments but want %d', targs.length, want);
    x.mode = Mode.invalid;
    return null;
  }
  if (targs.length < want) {
    if (!inferMissing) return targs;
    if (T !== null && versionOk && !allowVersion(c, go1_21)) {
      const what = inst !== null ? 'partially' : 'implicitly';
      versionErrorf(c, at, go1_21, '%s instantiated function in assignment', what);
    }
    const inferred = inferFromTarget(c, T, pos, x.expr, sig, targs);
    if (inferred === null) {
      x.mode = Mode.invalid;
      return null;
    }
    targs = inferred;
  }
  x.typ = instantiateSignature(c, x.expr.pos, x.expr, sig, targs, xlist);
  x.mode = Mode.value;
  return null;
}

/** The assignment `var v target = x` is inferred like a call g(v) of a made-up `func g[tparams of x](param type of x)`. */
function inferFromTarget(
  c: Checker,
  T: Target | null,
  pos: Pos,
  xexpr: Expr,
  sig: Signature,
  targs: Type[],
): Type[] | null {
  let params = EmptyTuple;
  const args: Operand[] = [];
  if (T !== null) {
    const plain = new Signature(null, sig.params, sig.results, sig.variadic);
    params = new Tuple([newParam(xexpr.pos, c.pkg, '', plain)]);
    args.push(newOperand(Mode.value, new Name(xexpr.pos, xexpr.pos, T.description), T.sig));
  }
  const renamed = renameTParams(c, pos, sig.tparams, params);
  if (renamed.typ.kind !== TypeKind.Tuple) bug('renamed parameters');
  const err = newError(c, Code.CannotInferTypeArgs);
  const result = infer(c, pos, renamed.tparams, targs, renamed.typ, args, T !== null, err);
  if (result === null && !err.empty) err.report();
  return result;
}

/** typ instantiated with targs; whether they satisfy their constraints is checked later. xlist has the written type arguments. */
export function instantiateSignature(
  c: Checker,
  pos: Pos,
  e: Expr,
  typ: Signature,
  targs: Type[],
  xlist: readonly Expr[],
): Signature {
  const inst = instance(c, pos, typ, targs, null, c.ctxt);
  if (inst.kind !== TypeKind.Signature) bug('an instantiated signature is no signature');
  recordInstance(e, targs, inst);
  later(c, () => {
    const failure = verify(c, pos, typ.tparams, targs, c.ctxt);
    if (failure !== null) {
      const at = failure.index < xlist.length ? startPos(xlist[failure.index]) : pos;
      softErrorf(c, at, Code.InvalidTypeArg, '%s', failure.cause);
      return;
    }
    recordMonoInstance(c, c.pkg, pos, typ.tparams, targs, xlist);
  });
  return inst;
}
