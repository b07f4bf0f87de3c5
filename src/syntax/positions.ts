/** Start and end positions, with the meaning of StartPos and EndPos of cmd/compile/internal/syntax (positions.go). */
import type { Pos } from '#base/source.ts';
import * as Kind from './kinds.ts';
import type { Node } from './nodes.ts';

/** The position of the left end of a node. */
export function startPos(node: Node): Pos {
  let n = node;
  for (;;) {
    switch (n.kind) {
      case Kind.File:
        return n.source.base;
      case Kind.CompositeLit:
        if (n.type === null) return n.pos;
        n = n.type;
        break;
      case Kind.KeyValueExpr:
        n = n.key;
        break;
      case Kind.SelectorExpr:
      case Kind.IndexExpr:
      case Kind.AssertExpr:
        n = n.x;
        break;
      case Kind.TypeSwitchGuard:
        n = n.lhs ?? n.x;
        break;
      case Kind.Operation:
        if (n.y === null) return n.pos;
        n = n.x;
        break;
      case Kind.CallExpr:
        n = n.fun;
        break;
      case Kind.ListExpr:
        if (n.elems.length === 0) return n.pos;
        n = n.elems[0];
        break;
      case Kind.SendStmt:
        n = n.chan;
        break;
      case Kind.AssignStmt:
        n = n.lhs;
        break;
      case Kind.RangeClause:
        n = n.lhs ?? n.x;
        break;
      default:
        return n.pos;
    }
  }
}

/**
 * The approximate end of a node: for names and literals the position after it, for blocks the closing brace's, for others the end of their
 * last part. This is what scope ranges are told in; the exact end of an expression is its `end`.
 */
export function endPos(node: Node): Pos {
  let n = node;
  for (;;) {
    const next = endPart(n);
    if (typeof next === 'number') return next;
    n = next;
  }
}

function last<T>(list: readonly T[]): T | null {
  return list.length > 0 ? list[list.length - 1] : null;
}

/** The end position of a node, or the part of it that has the same end. */
function endPart(n: Node): Pos | Node {
  switch (n.kind) {
    case Kind.File:
      return n.eof;
    case Kind.ImportDecl:
      return n.path ?? n.pos;
    case Kind.ConstDecl:
    case Kind.VarDecl:
      return n.values ?? n.type ?? last(n.names) ?? n.pos;
    case Kind.TypeDecl:
      return n.type;
    case Kind.FuncDecl:
      return n.rbrace !== 0 ? n.rbrace : n.type;
    case Kind.Name:
    case Kind.BasicLit:
      return n.end;
    case Kind.CompositeLit:
      return n.rbrace;
    case Kind.KeyValueExpr:
    case Kind.MapType:
      return n.value;
    case Kind.FuncLit:
      return n.body;
    case Kind.SelectorExpr:
      return n.sel;
    case Kind.IndexExpr:
      return n.index;
    case Kind.AssertExpr:
      return n.type;
    case Kind.ParenExpr:
    case Kind.SliceExpr:
    case Kind.TypeSwitchGuard:
    case Kind.ExprStmt:
    case Kind.RangeClause:
      return n.x;
    case Kind.Operation:
      return n.y ?? n.x;
    case Kind.CallExpr:
      return last(n.args) ?? n.fun;
    case Kind.ListExpr:
      return last(n.elems) ?? n.pos;
    case Kind.ArrayType:
    case Kind.SliceType:
    case Kind.DotsType:
    case Kind.ChanType:
      return n.elem;
    case Kind.StructType:
      return last(n.fields) ?? n.pos;
    case Kind.InterfaceType:
      return last(n.methods) ?? n.pos;
    case Kind.FuncType:
      return last(n.results) ?? last(n.params) ?? n.pos;
    case Kind.Field:
      return n.type;
    case Kind.LabeledStmt:
      return n.stmt;
    case Kind.BlockStmt:
    case Kind.SwitchStmt:
    case Kind.SelectStmt:
      return n.rbrace;
    case Kind.SendStmt:
      return n.value;
    case Kind.DeclStmt:
      return last(n.decls) ?? n.pos;
    case Kind.AssignStmt:
      return n.rhs ?? endPos(n.lhs) + 2;
    case Kind.BranchStmt:
      return n.label ?? n.pos;
    case Kind.CallStmt:
      return n.call;
    case Kind.ReturnStmt:
      return n.results ?? n.pos;
    case Kind.IfStmt:
      return n.elseStmt ?? n.thenBlock;
    case Kind.ForStmt:
      return n.body;
    case Kind.CaseClause:
    case Kind.CommClause:
      return last(n.body) ?? n.colon;
    default:
      return n.pos;
  }
}
