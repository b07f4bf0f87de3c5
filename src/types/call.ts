/** Calls, including conversions and calls of built-in functions, and lists of expressions. */
import * as Syntax from '#syntax/kinds.ts';
import { type CallExpr, type Expr, type IndexExpr, unpackListExpr } from '#syntax/nodes.ts';
import { checkArguments } from './arguments.ts';
import * as ExprKind from './builtinid.ts';
import { builtin } from './builtins.ts';
import type { Checker } from './checker.ts';
import { conversion } from './conversion.ts';
import { commonUnder, typeErrorf } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { errorf, invalidOp } from './errors.ts';
import { exclude, expr, exprOrType, finishIndex, genericExpr, multiExpr, nonGeneric, rawExpr } from './expr.ts';
import { funcInst, instantiateSignature } from './funcinst.ts';
import { indexExpr } from './index.ts';
import { isParameterized } from './infer.ts';
import * as Mode from './mode.ts';
import { newOperand, Operand } from './operand.ts';
import { isTypeParam } from './predicates.ts';
import { record, recordTypeAndValue } from './recording.ts';
import type { Signature, Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { isMethodSet, typeSet } from './typeset.ts';
import { typeList } from './typexpr.ts';
import { under } from './under.ts';
import { use } from './use.ts';
import { allowVersion, go1_18, go1_21, verifyVersionf } from './version.ts';

export { funcInst } from './funcinst.ts';
export { selector } from './selector.ts';

/** Returns one of Conversion, Expression and Statement (builtinid.ts). */
export function callExpr(c: Checker, x: Operand, call: CallExpr): number {
  let inst: IndexExpr | null = null;
  if (call.fun.kind === Syntax.IndexExpr) {
    // Type arguments are put together with those inferred from the arguments.
    if (indexExpr(c, x, call.fun)) inst = call.fun;
    x.expr = call.fun;
    record(x);
  } else {
    exprOrType(c, x, call.fun, true);
  }
  switch (x.mode) {
    case Mode.invalid:
      return failed(c, x, call, true);
    case Mode.typexpr:
      conversionCall(c, x, call);
      return ExprKind.Conversion;
    case Mode.builtin: {
      const id = x.id;
      if (!builtin(c, x, call, id)) x.mode = Mode.invalid;
      x.expr = call;
      if (x.mode !== Mode.invalid && x.mode !== Mode.constant_) c.hasCallOrRecv = true;
      return ExprKind.predeclaredFuncs[id].kind;
    }
    default:
      return functionCall(c, x, call, inst);
  }
}

/** A call that cannot be checked further counts as a statement, lest a second message follow. */
function failed(c: Checker, x: Operand, call: CallExpr, useArgs: boolean): number {
  if (useArgs) use(c, call.args);
  x.mode = Mode.invalid;
  x.expr = call;
  return ExprKind.Statement;
}

function conversionCall(c: Checker, x: Operand, call: CallExpr): void {
  nonGeneric(c, null, x);
  if (x.mode === Mode.invalid) return;
  const T = x.typ;
  const n = call.args.length;
  x.mode = Mode.invalid;
  if (n === 0) {
    errorf(c, call, Code.WrongArgCount, 'missing argument in conversion to %s', T);
  } else if (n > 1) {
    use(c, call.args);
    errorf(c, call.args[n - 1], Code.WrongArgCount, 'too many arguments in conversion to %s', T);
  } else {
    expr(c, null, x, call.args[0]);
    if (isUsable(x)) convertArgument(c, x, call, T);
  }
  x.expr = call;
}

function isUsable(x: Operand): boolean {
  return x.mode !== Mode.invalid;
}

function convertArgument(c: Checker, x: Operand, call: CallExpr, T: Type): void {
  const u = under(T);
  if (u.kind === TypeKind.Interface && !isTypeParam(T) && !isMethodSet(typeSet(u))) {
    const text = 'cannot use interface %s in conversion (contains specific type constraints or is comparable)';
    // The operand stays what it is, as in the official compiler: it may be reported as unused, too.
    errorf(c, call, Code.MisplacedConstraintIface, text, T);
    return;
  }
  if (call.hasDots) {
    errorf(c, call.args[0], Code.BadDotDotDotSyntax, 'invalid use of ... in conversion to %s', T);
    return;
  }
  conversion(c, x, T);
}

function functionCall(c: Checker, x: Operand, call: CallExpr, inst: IndexExpr | null): number {
  const cgocall = x.mode === Mode.cgofunc;
  const { type: u, cause } = commonUnder(x.typ, (t, u) =>
    u !== null && u.kind !== TypeKind.Signature ? typeErrorf('%s is not a function', t) : null,
  );
  if (u === null || u.kind !== TypeKind.Signature) {
    errorf(c, x, Code.InvalidCall, `${invalidOp}cannot call %s: %s`, x, cause === null ? '' : cause.format(c));
    return failed(c, x, call, false);
  }
  let sig: Signature = u;
  const wasGeneric = sig.tparams.length > 0;
  let xlist: Expr[] = [];
  let targs: Type[] = [];
  if (inst !== null) {
    xlist = unpackListExpr(inst.index);
    const given = typeList(c, xlist);
    if (given === null) return failed(c, x, call, true);
    const want = sig.tparams.length;
    if (given.length > want) {
      errorf(c, xlist[want], Code.WrongTypeArgCount, 'got %d type arguments but want %d', given.length, want);
      return failed(c, x, call, true);
    }
    targs = given;
    if (given.length === want && want > 0) {
      // With all type arguments there is nothing to infer.
      verifyVersionf(c, inst, go1_18, 'function instantiation');
      sig = instantiateSignature(c, inst.pos, inst, sig, targs, xlist);
      targs = [];
      xlist = [];
    }
  }
  const args = genericExprList(c, call.args);
  sig = checkArguments(c, call, sig, targs, xlist, args.list, args.targs);
  if (wasGeneric && sig.tparams.length === 0) recordTypeAndValue(call.fun, Mode.value, sig, null);
  const results = sig.results.vars;
  if (results.length === 0) {
    x.mode = Mode.novalue;
  } else if (results.length === 1) {
    x.mode = cgocall ? Mode.commaerr : Mode.value;
    x.typ = results[0].typ;
  } else {
    x.mode = Mode.value;
    x.typ = sig.results;
  }
  x.expr = call;
  c.hasCallOrRecv = true;
  // After a failed inference the result type has no meaning.
  if (x.mode === Mode.value && sig.tparams.length > 0 && isParameterized(sig.tparams, x.typ)) x.mode = Mode.invalid;
  return ExprKind.Statement;
}

/** The operands of a list; a single call may yield several. */
export function exprList(c: Checker, list: readonly Expr[]): Operand[] {
  if (list.length === 1) return multiExpr(c, list[0], false).list;
  return list.map((e) => {
    const x = new Operand();
    expr(c, null, x, e);
    return x;
  });
}

interface GenericArgs {
  readonly list: Operand[];
  /** By argument, the type arguments of a partially instantiated function; null for other arguments. */
  readonly targs: (Type[] | null)[];
}

/** As exprList, but operands may be generic functions, uninstantiated or in part, to be inferred with the call (since Go 1.21). */
function genericExprList(c: Checker, list: readonly Expr[]): GenericArgs {
  const inferNow = list.length === 0 || !allowVersion(c, go1_21);
  const result: GenericArgs = { list: [], targs: [] };
  for (const e of list) {
    const x = new Operand();
    let targs: Type[] | null = null;
    if (e.kind === Syntax.IndexExpr) {
      if (indexExpr(c, x, e)) {
        targs = funcInst(c, null, e.x.pos, x, e, inferNow);
        if (targs !== null) x.expr = e;
        else record(x);
      } else {
        finishIndex(c, x, e);
      }
    } else if (list.length > 1) {
      genericExpr(c, x, e);
    } else if (singleArg(c, x, e, result.list)) {
      continue;
    }
    result.targs.push(targs);
    result.list.push(x);
  }
  return result;
}

/** The only argument may be a call with several results: then they are added to the list. */
function singleArg(c: Checker, x: Operand, e: Expr, list: Operand[]): boolean {
  rawExpr(c, null, x, e, null, true);
  exclude(c, x, (1 << Mode.novalue) | (1 << Mode.builtin) | (1 << Mode.typexpr));
  if (x.mode === Mode.invalid || x.typ.kind !== TypeKind.Tuple) return false;
  for (const v of x.typ.vars) list.push(newOperand(Mode.value, e, v.typ));
  return true;
}
