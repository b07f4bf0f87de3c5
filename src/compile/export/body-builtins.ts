/** Calls of built-in functions in export data. */
import { bug } from '#base/bug.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CallExpr } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import { coreType } from '#types/coretype.ts';
import { isType, selectionOf, tvOf } from '#types/info.ts';
import type { Type } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { ExprAlignof, ExprMake, ExprNew, ExprOffsetof, ExprSizeof } from './body-codes.ts';
import { typeOf, writeExpr, writeExprs } from './body-exprs.ts';
import { type Body, derefType } from './body-out.ts';
import { writeExprType, writeRtype } from './body-types.ts';
import { writePos, writeType } from './write.ts';

export interface BuiltinCall {
  /** The call has been written; else it is written like others. */
  readonly whole: boolean;
  /** The type whose descriptor the call needs. */
  readonly rtype: Type | null;
}

const whole: BuiltinCall = { whole: true, rtype: null };

export function writeBuiltinCall(b: Body, x: CallExpr, name: string): BuiltinCall {
  const { e, o } = b;
  const { args } = x;
  switch (name) {
    case 'make':
      e.len(ExprMake);
      writePos(o, x.pos);
      writeExprType(b, null, args[0]);
      writeExprs(b, args.slice(1));
      writeRtype(b, madeType(typeOf(x)));
      return whole;
    case 'new': {
      e.len(ExprNew);
      writePos(o, x.pos);
      const tv = tvOf(args[0]);
      const isExpr = tv === null || !isType(tv);
      if (e.bool(isExpr)) writeExpr(b, args[0]);
      else writeExprType(b, null, args[0]);
      return whole;
    }
    case 'Sizeof':
    case 'Alignof':
      e.len(name === 'Sizeof' ? ExprSizeof : ExprAlignof);
      writePos(o, x.pos);
      writeType(o, typeOf(args[0]));
      return whole;
    case 'Offsetof':
      writeOffsetof(b, x);
      return whole;
    case 'append':
    case 'Slice':
      return { whole: false, rtype: sliceElem(typeOf(x)) };
    case 'copy':
      return { whole: false, rtype: sliceElem(firstType(x)) };
    case 'delete':
      return { whole: false, rtype: firstType(x) };
    default:
      return { whole: false, rtype: null };
  }
}

function madeType(t: Type): Type {
  return coreType(t)?.kind === TypeKind.Slice ? sliceElem(t) : t;
}

/** Of the first argument, or of the first value of f in copy(f()). */
function firstType(x: CallExpr): Type {
  const t = typeOf(x.args[0]);
  return t.kind === TypeKind.Tuple ? t.vars[0].typ : t;
}

function sliceElem(t: Type): Type {
  const core = coreType(t);
  return core !== null && core.kind === TypeKind.Slice ? core.elem : bug('slice expected in export data');
}

function writeOffsetof(b: Body, x: CallExpr): void {
  const sel = unparen(x.args[0]);
  const info = sel.kind === Kind.SelectorExpr ? selectionOf(sel) : null;
  if (sel.kind !== Kind.SelectorExpr || info === null) bug('Offsetof of what is no field');
  b.e.len(ExprOffsetof);
  writePos(b.o, x.pos);
  writeType(b.o, derefType(typeOf(sel.x)));
  b.e.len(info.index.length - 1);
  for (const i of info.index) b.e.len(i);
}
