/** Visiting syntax trees. */
import * as Kind from './kinds.ts';
import type { Node } from './nodes.ts';

function each(list: readonly (Node | null)[], visit: (n: Node) => void): void {
  for (const n of list) if (n !== null) visit(n);
}

function some(n: Node | null, visit: (n: Node) => void): void {
  if (n !== null) visit(n);
}

/** Calls visit for the parts of a node, in the order of cmd/compile/internal/syntax's Inspect. Types shared by fields are visited for each. */
export function forEachChild(n: Node, visit: (n: Node) => void): void {
  switch (n.kind) {
    case Kind.File:
      some(n.pkgName, visit);
      each(n.decls, visit);
      break;
    case Kind.ImportDecl:
      some(n.localPkgName, visit);
      some(n.path, visit);
      break;
    case Kind.ConstDecl:
    case Kind.VarDecl:
      each(n.names, visit);
      some(n.type, visit);
      some(n.values, visit);
      break;
    case Kind.TypeDecl:
      visit(n.name);
      each(n.tparams, visit);
      visit(n.type);
      break;
    case Kind.FuncDecl:
      some(n.recv, visit);
      visit(n.name);
      each(n.tparams, visit);
      visit(n.type);
      some(n.body, visit);
      break;
    case Kind.CompositeLit:
      some(n.type, visit);
      each(n.elems, visit);
      break;
    case Kind.KeyValueExpr:
    case Kind.MapType:
      visit(n.key);
      visit(n.value);
      break;
    case Kind.FuncLit:
      visit(n.type);
      visit(n.body);
      break;
    case Kind.SelectorExpr:
      visit(n.x);
      visit(n.sel);
      break;
    case Kind.IndexExpr:
      visit(n.x);
      visit(n.index);
      break;
    case Kind.SliceExpr:
      visit(n.x);
      each(n.index, visit);
      break;
    case Kind.AssertExpr:
      visit(n.x);
      visit(n.type);
      break;
    case Kind.TypeSwitchGuard:
    case Kind.RangeClause:
      some(n.lhs, visit);
      visit(n.x);
      break;
    case Kind.Operation:
      visit(n.x);
      some(n.y, visit);
      break;
    case Kind.CallExpr:
      visit(n.fun);
      each(n.args, visit);
      break;
    case Kind.ListExpr:
      each(n.elems, visit);
      break;
    case Kind.ArrayType:
      some(n.len, visit);
      visit(n.elem);
      break;
    case Kind.SliceType:
    case Kind.DotsType:
    case Kind.ChanType:
      visit(n.elem);
      break;
    case Kind.StructType:
      each(n.fields, visit);
      each(n.tags, visit);
      break;
    case Kind.Field:
      some(n.name, visit);
      visit(n.type);
      break;
    case Kind.InterfaceType:
      each(n.methods, visit);
      break;
    case Kind.FuncType:
      each(n.params, visit);
      each(n.results, visit);
      break;
    default:
      forEachPart(n, visit);
  }
}

/** The parts of statements. */
function forEachPart(n: Node, visit: (n: Node) => void): void {
  switch (n.kind) {
    case Kind.ParenExpr:
    case Kind.ExprStmt:
      visit(n.x);
      break;
    case Kind.LabeledStmt:
      visit(n.label);
      visit(n.stmt);
      break;
    case Kind.BlockStmt:
      each(n.list, visit);
      break;
    case Kind.SendStmt:
      visit(n.chan);
      visit(n.value);
      break;
    case Kind.DeclStmt:
      each(n.decls, visit);
      break;
    case Kind.AssignStmt:
      visit(n.lhs);
      some(n.rhs, visit);
      break;
    case Kind.BranchStmt:
      some(n.label, visit);
      break;
    case Kind.CallStmt:
      visit(n.call);
      break;
    case Kind.ReturnStmt:
      some(n.results, visit);
      break;
    case Kind.IfStmt:
      some(n.init, visit);
      visit(n.cond);
      visit(n.thenBlock);
      some(n.elseStmt, visit);
      break;
    case Kind.ForStmt:
      some(n.init, visit);
      some(n.cond, visit);
      some(n.post, visit);
      visit(n.body);
      break;
    case Kind.SwitchStmt:
      some(n.init, visit);
      some(n.tag, visit);
      each(n.body, visit);
      break;
    case Kind.SelectStmt:
      each(n.body, visit);
      break;
    case Kind.CaseClause:
      some(n.cases, visit);
      each(n.body, visit);
      break;
    case Kind.CommClause:
      some(n.comm, visit);
      each(n.body, visit);
      break;
  }
}

/** Calls enter for a node and everything below it, before its parts; false leaves the parts out. */
export function inspect(n: Node, enter: (n: Node) => boolean): void {
  const visit = (child: Node): void => {
    if (enter(child)) forEachChild(child, visit);
  };
  visit(n);
}
