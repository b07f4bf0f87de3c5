/** Passing arguments to parameters, and inferring type arguments from them (spec: "Calls", "Passing arguments to ... parameters"). */
import { bug } from '#base/bug.ts';
import { NoPos } from '#base/source.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { CallExpr, Expr } from '#syntax/nodes.ts';
import { assignment, typesSummary } from './assignments.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError, type Poser, versionErrorf } from './errors.ts';
import { format } from './format.ts';
import { instantiateSignature } from './funcinst.ts';
import { infer, renameTParams } from './infer.ts';
import { newParam, type Var } from './object.ts';
import type { Operand } from './operand.ts';
import { record } from './recording.ts';
import { makeSubstMap, subst } from './subst.ts';
import { NoType, Signature, Tuple, type Type, type TypeParam } from './type.ts';
import * as TypeKind from './typekind.ts';
import { allowVersion, go1_18, go1_21, verifyVersionf } from './version.ts';

/**
 * Checks a call's arguments against the signature. targs are the type arguments given (xlist as written); atargs those of arguments
 * that are partially instantiated functions. Everything that is missing is inferred at once. Returns the signature as
 * instantiated, or sig itself after an error.
 */
export function checkArguments(
  c: Checker,
  call: CallExpr,
  sig: Signature,
  targs: readonly Type[],
  xlist: readonly Expr[],
  args: Operand[],
  atargs: readonly (Type[] | null)[],
): Signature {
  const params = adjustParams(c, call, sig, args);
  if (params === null) return sig;
  const n = sig.tparams.length;
  const generic = new GenericArguments();
  if (n > 0) collectCallee(c, call, sig, params, targs, generic);
  collectFunctions(c, call, args, atargs, generic);
  if (generic.indices.length > 0) {
    verifyVersionf(c, args[generic.indices[0]], go1_21, 'implicitly instantiated function as argument');
  }
  let sigParams = n > 0 ? generic.params : params;
  let result = sig;
  if (generic.tparams.length > 0) {
    if (sigParams === null) bug('no parameters');
    const err = newError(c, Code.CannotInferTypeArgs);
    const inferred = infer(c, call.pos, generic.tparams, generic.targs, sigParams, args, false, err);
    if (inferred === null) {
      if (!err.empty) {
        errorf(c, err.pos, Code.CannotInferTypeArgs, 'in call to %s, %s', call.fun, err.message);
      }
      return sig;
    }
    if (n > 0) {
      const own = inferred.slice(0, n);
      result = instantiateSignature(c, call.pos, call.fun, sig, own, xlist);
      // Parameters made up for variadic arguments are not in the signature.
      sigParams =
        params === sig.params
          ? result.params
          : (subst(c, call.pos, sigParams, makeSubstMap(generic.tparams.slice(0, n), own), null, c.ctxt) as Tuple);
    }
    instantiateFunctions(c, call, args, generic.indices, inferred, n);
  }
  if (args.length > 0 && sigParams !== null) {
    const context = format(c, 'argument to %s', call.fun);
    for (let i = 0; i < args.length; i++) assignment(c, args[i], sigParams.vars[i].typ, context);
  }
  return result;
}

/** One parameter for each argument, repeating a variadic one; null after an error. */
function adjustParams(c: Checker, call: CallExpr, sig: Signature, args: readonly Operand[]): Tuple | null {
  const nargs = args.length;
  const vars = sig.params.vars;
  let npars = vars.length;
  let params = sig.params;
  if (sig.variadic) {
    if (call.hasDots) {
      if (call.args.length === 1 && nargs > 1) {
        errorf(c, call, Code.InvalidDotDotDot, 'cannot use ... with %d-valued %s', nargs, call.args[0]);
        return null;
      }
    } else if (nargs >= npars - 1) {
      params = new Tuple(spread(vars, nargs));
      npars = nargs;
    } else {
      npars--;
    }
  } else if (call.hasDots) {
    errorf(c, call, Code.NonVariadicDotDotDot, 'cannot use ... in call to non-variadic %s', call.fun);
    return null;
  }
  if (nargs === npars) return params;
  let at: Poser = call;
  let qualifier = 'not enough';
  if (nargs > npars) {
    at = args[npars].expr ?? call;
    qualifier = 'too many';
  } else if (nargs > 0) {
    at = args[nargs - 1].expr ?? call;
  }
  const have = args.map((x) => x.typ);
  const want = vars.map((v) => v.typ);
  newError(c, Code.WrongArgCount)
    .add(at, '%s arguments in call to %s', qualifier, call.fun)
    .add(NoPos, 'have %s', typesSummary(c, have, false, call.hasDots))
    .add(NoPos, 'want %s', typesSummary(c, want, sig.variadic, false))
    .report();
  return null;
}

function spread(vars: readonly Var[], n: number): Var[] {
  const last = vars[vars.length - 1];
  const list = vars.slice(0, -1);
  if (list.length < n) {
    if (last.typ.kind !== TypeKind.Slice) bug('a variadic parameter that is no slice');
    while (list.length < n) list.push(newParam(last.pos, last.pkg, last.name, last.typ.elem));
  }
  return list;
}

/** The type parameters of the callee and of generic functions among the arguments, all renamed, with what is known of each. */
class GenericArguments {
  tparams: TypeParam[];
  /** Parallel to tparams; NoType where it is to be inferred. */
  targs: Type[];
  /** Which arguments are generic functions. */
  indices: number[];
  /** The callee's parameters in terms of the renamed type parameters. */
  params: Tuple | null;

  constructor() {
    this.tparams = [];
    this.targs = [];
    this.indices = [];
    this.params = null;
  }
}

function collectCallee(
  c: Checker,
  call: CallExpr,
  sig: Signature,
  params: Tuple,
  targs: readonly Type[],
  generic: GenericArguments,
): void {
  if (!allowVersion(c, go1_18)) {
    if (call.fun.kind === Syntax.IndexExpr) versionErrorf(c, call.fun, go1_18, 'function instantiation');
    else versionErrorf(c, call, go1_18, 'implicit function instantiation');
  }
  // Renaming keeps recursive calls from taking their own parameters for those to be inferred.
  const renamed = renameTParams(c, call.pos, sig.tparams, params);
  generic.tparams = renamed.tparams;
  generic.params = renamed.typ as Tuple;
  generic.targs = [...targs];
  while (generic.targs.length < generic.tparams.length) generic.targs.push(NoType);
}

function collectFunctions(
  c: Checker,
  call: CallExpr,
  args: readonly Operand[],
  atargs: readonly (Type[] | null)[],
  generic: GenericArguments,
): void {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg.typ.kind !== TypeKind.Signature || arg.typ.tparams.length === 0) continue;
    // A copy with type parameters of its own: the function may appear twice, and its declaration must not change.
    const asig = copySignature(arg.typ);
    const renamed = renameTParams(c, call.pos, asig.tparams, asig);
    const own = renamed.typ as Signature;
    own.tparams = renamed.tparams;
    arg.typ = own;
    generic.tparams = generic.tparams.concat(renamed.tparams);
    generic.targs = generic.targs.concat(atargs[i] ?? []);
    while (generic.targs.length < generic.tparams.length) generic.targs.push(NoType);
    generic.indices.push(i);
  }
}

export function copySignature(sig: Signature): Signature {
  const copy = new Signature(sig.recv, sig.params, sig.results, sig.variadic);
  copy.rparams = sig.rparams;
  copy.tparams = sig.tparams;
  copy.scope = sig.scope;
  return copy;
}

function instantiateFunctions(
  c: Checker,
  call: CallExpr,
  args: readonly Operand[],
  indices: readonly number[],
  inferred: Type[],
  n: number,
): void {
  let j = n;
  for (const i of indices) {
    const arg = args[i];
    if (arg.typ.kind !== TypeKind.Signature || arg.expr === null) bug('a generic argument that is no function');
    const k = j + arg.typ.tparams.length;
    arg.typ = instantiateSignature(c, call.pos, arg.expr, arg.typ, inferred.slice(j, k), []);
    record(arg);
    j = k;
  }
}
