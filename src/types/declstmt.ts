/** Declarations in function bodies (spec: "Declarations and scope"). */
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type ConstDecl, type Decl, type Expr, type TypeDecl, unpackListExpr, type VarDecl } from '#syntax/nodes.ts';
import { endPos } from '#syntax/positions.ts';
import { type Checker, popObj, processDelayed, pushObj } from './checker.ts';
import { constDecl, typeDecl, varDecl } from './decl.ts';
import { declare } from './declare.ts';
import * as Code from './errors/codes.ts';
import { error } from './errors.ts';
import { Const, TypeName, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { arity, type ConstGroup, type ConstSpec, nextConst } from './resolver.ts';
import { NoType } from './type.ts';

export function declStmt(c: Checker, list: readonly Decl[]): void {
  const group: ConstGroup = { first: -1, last: null };
  for (let i = 0; i < list.length; i++) {
    const d = list[i];
    if (d.kind !== Syntax.ConstDecl) group.first = -1;
    switch (d.kind) {
      case Syntax.ConstDecl: {
        const prev = i > 0 ? list[i - 1] : null;
        const same = d.group !== null && prev !== null && prev.kind === Syntax.ConstDecl && prev.group === d.group;
        localConsts(c, d, nextConst(group, d, i, same));
        break;
      }
      case Syntax.VarDecl:
        localVars(c, d);
        break;
      case Syntax.TypeDecl:
        localType(c, d);
        break;
      default:
        error(c, d, Code.InvalidSyntaxTree, 'unexpected declaration');
    }
  }
}

function localConsts(c: Checker, s: ConstDecl, spec: ConstSpec): void {
  const top = c.delayed.length;
  const lhs: Const[] = [];
  for (let i = 0; i < s.names.length; i++) {
    const name = s.names[i];
    const obj = new Const(name.pos, c.pkg, name.value, NoType, constant.makeInt64(spec.iota));
    lhs.push(obj);
    constDecl(c, obj, spec.type, i < spec.values.length ? spec.values[i] : null, spec.inherited);
  }
  arity(c, s.pos, s.names, spec.values, true, spec.inherited);
  // Function literals must not see the new names.
  processDelayed(c, top);
  const scopePos = endPos(s);
  for (let i = 0; i < lhs.length; i++) declare(c, c.scope, s.names[i], lhs[i], scopePos);
}

function localVars(c: Checker, s: VarDecl): void {
  const top = c.delayed.length;
  const vars: Var[] = [];
  for (const name of s.names) vars.push(new Var(ObjKind.LocalVar, name.pos, c.pkg, name.value, NoType));
  const values = unpackListExpr(s.values);
  for (let i = 0; i < vars.length; i++) {
    let lhs: Var[] | null = null;
    let init: Expr | null = null;
    if (values.length === vars.length) {
      init = values[i];
    } else if (values.length === 1) {
      lhs = vars;
      init = values[0];
    } else if (i < values.length) {
      init = values[i];
    }
    varDecl(c, vars[i], lhs, s.type, init);
    // The first has set up all of them.
    if (values.length === 1) break;
  }
  if (s.type === null || values.length > 0) arity(c, s.pos, s.names, values, false, false);
  processDelayed(c, top);
  const scopePos = endPos(s);
  for (let i = 0; i < vars.length; i++) declare(c, c.scope, s.names[i], vars[i], scopePos);
}

/** A local type is in scope from its name on. */
function localType(c: Checker, s: TypeDecl): void {
  const obj = new TypeName(s.name.pos, c.pkg, s.name.value, NoType);
  declare(c, c.scope, s.name, obj, s.name.pos);
  pushObj(c, obj);
  typeDecl(c, obj, s);
  popObj(c);
}
