/**
 * The syntax tree. Constructs, names and the meaning of `pos` are those of cmd/compile/internal/syntax (nodes.go, parser.go), so that positions
 * of messages, scopes and line tables can be compared with the official compiler's. In addition every expression carries its exact `end`
 * (the position after its last byte), from which brackets' positions follow.
 *
 * Slots for the type checker are typed with the abstract classes below; types/ extends them and owns their contents.
 */
import type { Pos, SourceFile } from '#base/source.ts';
import * as Kind from './kinds.ts';

/** What the type checker records for an expression (types2.TypeAndValue). */
export abstract class Annotation {
  /** The operand mode (types2's operandMode). */
  abstract readonly mode: number;
}

/** What a name denotes (types2.Object). */
export abstract class Entity {
  abstract readonly name: string;
}

/** How a selector was resolved (types2.Selection). */
export abstract class Selection {
  /** Field value, method value or method expression. */
  abstract readonly kind: number;
}

/** The type arguments and type of an instantiated generic (types2.Instance). */
export abstract class Instance {
  abstract readonly typeArgs: readonly unknown[];
}

/** A `//go:name` directive, raw. */
export interface Pragma {
  readonly pos: Pos;
  /** From "go:" to the end of the line, without "//". */
  readonly text: string;
}

/** Declarations of one parenthesised group share a Group; its identity is what counts. */
export class Group {
  /** The position of the group's keyword. */
  readonly pos: Pos;
  lparen: Pos;
  rparen: Pos;

  constructor(pos: Pos) {
    this.pos = pos;
    this.lparen = 0;
    this.rparen = 0;
  }
}

/** No pragmas: shared by the many declarations that have none. */
export const noPragmas: readonly Pragma[] = [];

// Files

export class File {
  readonly kind: typeof Kind.File;
  /** The position of the `package` keyword (the file's start if there is none). */
  pos: Pos;
  readonly source: SourceFile;
  /** What the offsets refer to; bytes that no Go file may contain are replaced. */
  readonly text: Uint8Array;
  pkgName: Name | null;
  readonly decls: Decl[];
  /** Directives before the package clause. */
  pragmas: readonly Pragma[];
  /** Directives that no declaration has taken ("misplaced compiler directive"). */
  readonly strayPragmas: Pragma[];
  /** `//go:linkname` lines, wherever they stand; not in the lists of declarations. */
  readonly linknames: Pragma[];
  /** `//go:cgo_*` lines, wherever they stand; they are in the lists of declarations, too. */
  readonly cgoPragmas: Pragma[];
  /** The constraint text of the `//go:build` line before the package clause, or "". */
  goBuild: string;
  /** "go1.N" if the //go:build line implies a language version, else "". */
  goVersion: string;
  eof: Pos;
  /** Whether the text has syntax errors outside function bodies that were skipped. */
  hasErrors: boolean;

  constructor(source: SourceFile, text: Uint8Array) {
    this.kind = Kind.File;
    this.pos = source.base;
    this.source = source;
    this.text = text;
    this.pkgName = null;
    this.decls = [];
    this.pragmas = noPragmas;
    this.strayPragmas = [];
    this.linknames = [];
    this.cgoPragmas = [];
    this.goBuild = '';
    this.goVersion = '';
    this.eof = 0;
    this.hasErrors = false;
  }
}

// Declarations. `pos` is where the specification starts: the first name for const, var and type, the local name or path for import,
// and what follows `func` (receiver or name) for functions.

export class ImportDecl {
  readonly kind: typeof Kind.ImportDecl;
  pos: Pos;
  group: Group | null;
  pragmas: readonly Pragma[];
  /** Includes "." and "_"; null if the import is not renamed. */
  localPkgName: Name | null;
  /** A string literal, or bad; null if it is missing. */
  path: BasicLit | null;
  /** The comment before `import "C"` (cgo's preamble) as it stands in the source, "" for all other imports. */
  preamble: string;
  preamblePos: Pos;
  /** The package name object of an import that is not renamed (types2.Info.Implicits). */
  implicit: Entity | null;

  constructor(
    pos: Pos,
    group: Group | null,
    pragmas: readonly Pragma[],
    localPkgName: Name | null,
    path: BasicLit | null,
  ) {
    this.kind = Kind.ImportDecl;
    this.pos = pos;
    this.group = group;
    this.pragmas = pragmas;
    this.localPkgName = localPkgName;
    this.path = path;
    this.preamble = '';
    this.preamblePos = 0;
    this.implicit = null;
  }
}

export class ConstDecl {
  readonly kind: typeof Kind.ConstDecl;
  pos: Pos;
  group: Group | null;
  pragmas: readonly Pragma[];
  names: Name[];
  type: Expr | null;
  /** A ListExpr if there are several. */
  values: Expr | null;

  constructor(
    pos: Pos,
    group: Group | null,
    pragmas: readonly Pragma[],
    names: Name[],
    type: Expr | null,
    values: Expr | null,
  ) {
    this.kind = Kind.ConstDecl;
    this.pos = pos;
    this.group = group;
    this.pragmas = pragmas;
    this.names = names;
    this.type = type;
    this.values = values;
  }
}

export class TypeDecl {
  readonly kind: typeof Kind.TypeDecl;
  pos: Pos;
  group: Group | null;
  pragmas: readonly Pragma[];
  name: Name;
  tparams: Field[];
  alias: boolean;
  type: Expr;

  constructor(
    pos: Pos,
    group: Group | null,
    pragmas: readonly Pragma[],
    name: Name,
    tparams: Field[],
    alias: boolean,
    type: Expr,
  ) {
    this.kind = Kind.TypeDecl;
    this.pos = pos;
    this.group = group;
    this.pragmas = pragmas;
    this.name = name;
    this.tparams = tparams;
    this.alias = alias;
    this.type = type;
  }
}

export class VarDecl {
  readonly kind: typeof Kind.VarDecl;
  pos: Pos;
  group: Group | null;
  /** Includes `//go:embed` lines. */
  pragmas: readonly Pragma[];
  names: Name[];
  type: Expr | null;
  /** A ListExpr if there are several. */
  values: Expr | null;

  constructor(
    pos: Pos,
    group: Group | null,
    pragmas: readonly Pragma[],
    names: Name[],
    type: Expr | null,
    values: Expr | null,
  ) {
    this.kind = Kind.VarDecl;
    this.pos = pos;
    this.group = group;
    this.pragmas = pragmas;
    this.names = names;
    this.type = type;
    this.values = values;
  }
}

export class FuncDecl {
  readonly kind: typeof Kind.FuncDecl;
  pos: Pos;
  pragmas: readonly Pragma[];
  recv: Field | null;
  name: Name;
  tparams: Field[];
  type: FuncType;
  /** Null if there is no body, or if it has not been parsed: ask `hasBody` for the former, `parseBody` for the latter. */
  body: BlockStmt | null;
  /** The position of the `func` keyword. */
  funcPos: Pos;
  /** Offsets in the file's text of the body's opening brace and of the byte after its closing brace; -1 if there is no body. */
  bodyStart: number;
  bodyEnd: number;
  /** The position of the body's closing brace; 0 if there is no body. */
  rbrace: Pos;

  constructor(pos: Pos, pragmas: readonly Pragma[], recv: Field | null, name: Name, tparams: Field[], type: FuncType) {
    this.kind = Kind.FuncDecl;
    this.pos = pos;
    this.pragmas = pragmas;
    this.recv = recv;
    this.name = name;
    this.tparams = tparams;
    this.type = type;
    this.body = null;
    this.funcPos = pos;
    this.bodyStart = -1;
    this.bodyEnd = -1;
    this.rbrace = 0;
  }
}

export function hasBody(d: FuncDecl): boolean {
  return d.bodyStart >= 0;
}

// Expressions. `pos` is the position of a token that belongs to this construct alone: the operator of an operation, the `.` of a
// selector or assertion, the `[` of an index or slice expression, the `(` of a call, the opening brace of a composite literal.
// `startPos` (positions.ts) gives the left end.

/** Where an expression could not be parsed. */
export class BadExpr {
  readonly kind: typeof Kind.BadExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;

  constructor(pos: Pos, end: Pos) {
    this.kind = Kind.BadExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
  }
}

export class Name {
  readonly kind: typeof Kind.Name;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  value: string;
  /** What the name defines or uses. */
  obj: Entity | null;
  /** The type arguments of an instantiated generic function or type (types2.Info.Instances). */
  instance: Instance | null;

  constructor(pos: Pos, end: Pos, value: string) {
    this.kind = Kind.Name;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.value = value;
    this.obj = null;
    this.instance = null;
  }
}

export class BasicLit {
  readonly kind: typeof Kind.BasicLit;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  /** As in the source. Bytes that are no UTF-8 are found in the file's text between pos and end. */
  value: string;
  litKind: number;
  /** The literal has a syntax error, which has been reported. */
  bad: boolean;

  constructor(pos: Pos, end: Pos, value: string, litKind: number, bad: boolean) {
    this.kind = Kind.BasicLit;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.value = value;
    this.litKind = litKind;
    this.bad = bad;
  }
}

/** `type { elems }`; `pos` is the opening brace's. */
export class CompositeLit {
  readonly kind: typeof Kind.CompositeLit;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  type: Expr | null;
  elems: Expr[];
  /** How many elements have keys. */
  nkeys: number;
  rbrace: Pos;

  constructor(pos: Pos, end: Pos, type: Expr | null, elems: Expr[], nkeys: number, rbrace: Pos) {
    this.kind = Kind.CompositeLit;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.type = type;
    this.elems = elems;
    this.nkeys = nkeys;
    this.rbrace = rbrace;
  }
}

/** `key: value`; `pos` is the colon's. */
export class KeyValueExpr {
  readonly kind: typeof Kind.KeyValueExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  key: Expr;
  value: Expr;

  constructor(pos: Pos, end: Pos, key: Expr, value: Expr) {
    this.kind = Kind.KeyValueExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.key = key;
    this.value = value;
  }
}

export class FuncLit {
  readonly kind: typeof Kind.FuncLit;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  type: FuncType;
  body: BlockStmt;

  constructor(pos: Pos, end: Pos, type: FuncType, body: BlockStmt) {
    this.kind = Kind.FuncLit;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.type = type;
    this.body = body;
  }
}

export class ParenExpr {
  readonly kind: typeof Kind.ParenExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  x: Expr;

  constructor(pos: Pos, end: Pos, x: Expr) {
    this.kind = Kind.ParenExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.x = x;
  }
}

/** `x.sel`; `pos` is the dot's. */
export class SelectorExpr {
  readonly kind: typeof Kind.SelectorExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  x: Expr;
  sel: Name;
  /** Null for qualified identifiers. */
  selection: Selection | null;

  constructor(pos: Pos, end: Pos, x: Expr, sel: Name) {
    this.kind = Kind.SelectorExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.x = x;
    this.sel = sel;
    this.selection = null;
  }
}

/** `x[index]`; several type arguments are a ListExpr. `pos` is the bracket's. */
export class IndexExpr {
  readonly kind: typeof Kind.IndexExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  x: Expr;
  index: Expr;

  constructor(pos: Pos, end: Pos, x: Expr, index: Expr) {
    this.kind = Kind.IndexExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.x = x;
    this.index = index;
  }
}

/** `x[i:j]` or `x[i:j:k]`; `pos` is the bracket's. */
export class SliceExpr {
  readonly kind: typeof Kind.SliceExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  x: Expr;
  /** Always three. */
  index: (Expr | null)[];
  /** Written with two colons. */
  full: boolean;

  constructor(pos: Pos, end: Pos, x: Expr, index: (Expr | null)[], full: boolean) {
    this.kind = Kind.SliceExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.x = x;
    this.index = index;
    this.full = full;
  }
}

/** `x.(T)`; `pos` is the dot's. */
export class AssertExpr {
  readonly kind: typeof Kind.AssertExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  x: Expr;
  type: Expr;

  constructor(pos: Pos, end: Pos, x: Expr, type: Expr) {
    this.kind = Kind.AssertExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.x = x;
    this.type = type;
  }
}

/** `x.(type)` or `lhs := x.(type)`; `pos` is the dot's. */
export class TypeSwitchGuard {
  readonly kind: typeof Kind.TypeSwitchGuard;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  lhs: Name | null;
  x: Expr;

  constructor(pos: Pos, end: Pos, lhs: Name | null, x: Expr) {
    this.kind = Kind.TypeSwitchGuard;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.lhs = lhs;
    this.x = x;
  }
}

/** A unary operation (y is null) or a binary one. */
export class Operation {
  readonly kind: typeof Kind.Operation;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  op: number;
  x: Expr;
  y: Expr | null;

  constructor(pos: Pos, end: Pos, op: number, x: Expr, y: Expr | null) {
    this.kind = Kind.Operation;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.op = op;
    this.x = x;
    this.y = y;
  }
}

/** `fun(args)`; `pos` is the opening parenthesis's. */
export class CallExpr {
  readonly kind: typeof Kind.CallExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  fun: Expr;
  args: Expr[];
  /** The last argument is followed by `...`. */
  hasDots: boolean;

  constructor(pos: Pos, end: Pos, fun: Expr, args: Expr[], hasDots: boolean) {
    this.kind = Kind.CallExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.fun = fun;
    this.args = args;
    this.hasDots = hasDots;
  }
}

/** Several expressions where the tree has room for one. `pos` is that of the first. */
export class ListExpr {
  readonly kind: typeof Kind.ListExpr;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  elems: Expr[];

  constructor(pos: Pos, end: Pos, elems: Expr[]) {
    this.kind = Kind.ListExpr;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.elems = elems;
  }
}

/** `[len]elem`; a null length is `[...]`. */
export class ArrayType {
  readonly kind: typeof Kind.ArrayType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  len: Expr | null;
  elem: Expr;

  constructor(pos: Pos, end: Pos, len: Expr | null, elem: Expr) {
    this.kind = Kind.ArrayType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.len = len;
    this.elem = elem;
  }
}

export class SliceType {
  readonly kind: typeof Kind.SliceType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  elem: Expr;

  constructor(pos: Pos, end: Pos, elem: Expr) {
    this.kind = Kind.SliceType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.elem = elem;
  }
}

/** `...elem`, the type of a variadic parameter. */
export class DotsType {
  readonly kind: typeof Kind.DotsType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  elem: Expr;

  constructor(pos: Pos, end: Pos, elem: Expr) {
    this.kind = Kind.DotsType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.elem = elem;
  }
}

export class StructType {
  readonly kind: typeof Kind.StructType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  fields: Field[];
  /** Parallel to fields, but only as long as the last field with a tag. */
  tags: (BasicLit | null)[];

  constructor(pos: Pos, end: Pos, fields: Field[], tags: (BasicLit | null)[]) {
    this.kind = Kind.StructType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.fields = fields;
    this.tags = tags;
  }
}

/** Methods and embedded elements, in source order: a method has a name and a FuncType. */
export class InterfaceType {
  readonly kind: typeof Kind.InterfaceType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  methods: Field[];

  constructor(pos: Pos, end: Pos, methods: Field[]) {
    this.kind = Kind.InterfaceType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.methods = methods;
  }
}

export class FuncType {
  readonly kind: typeof Kind.FuncType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  params: Field[];
  results: Field[];
  /** The position of `func`; 0 for methods of interfaces. `pos` is that of the opening parenthesis or bracket. */
  funcPos: Pos;

  constructor(pos: Pos, end: Pos, params: Field[], results: Field[]) {
    this.kind = Kind.FuncType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.params = params;
    this.results = results;
    this.funcPos = 0;
  }
}

export class MapType {
  readonly kind: typeof Kind.MapType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  key: Expr;
  value: Expr;

  constructor(pos: Pos, end: Pos, key: Expr, value: Expr) {
    this.kind = Kind.MapType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.key = key;
    this.value = value;
  }
}

export class ChanType {
  readonly kind: typeof Kind.ChanType;
  pos: Pos;
  end: Pos;
  tv: Annotation | null;
  /** Kind.SendRecv, SendOnly or RecvOnly. */
  dir: number;
  elem: Expr;

  constructor(pos: Pos, end: Pos, dir: number, elem: Expr) {
    this.kind = Kind.ChanType;
    this.pos = pos;
    this.end = end;
    this.tv = null;
    this.dir = dir;
    this.elem = elem;
  }
}

/**
 * A parameter, result, receiver, type parameter, struct field, interface method or embedded element.
 * Names declared in one list share the identical type node.
 */
export class Field {
  readonly kind: typeof Kind.Field;
  pos: Pos;
  /** Null if anonymous or embedded. */
  name: Name | null;
  type: Expr;
  /** The variable of an anonymous parameter or result. */
  implicit: Entity | null;

  constructor(pos: Pos, name: Name | null, type: Expr) {
    this.kind = Kind.Field;
    this.pos = pos;
    this.name = name;
    this.type = type;
    this.implicit = null;
  }
}

// Statements

export class EmptyStmt {
  readonly kind: typeof Kind.EmptyStmt;
  pos: Pos;

  constructor(pos: Pos) {
    this.kind = Kind.EmptyStmt;
    this.pos = pos;
  }
}

export class ExprStmt {
  readonly kind: typeof Kind.ExprStmt;
  pos: Pos;
  x: Expr;

  constructor(pos: Pos, x: Expr) {
    this.kind = Kind.ExprStmt;
    this.pos = pos;
    this.x = x;
  }
}

/** `chan <- value`; `pos` is the arrow's. */
export class SendStmt {
  readonly kind: typeof Kind.SendStmt;
  pos: Pos;
  chan: Expr;
  value: Expr;

  constructor(pos: Pos, chan: Expr, value: Expr) {
    this.kind = Kind.SendStmt;
    this.pos = pos;
    this.chan = chan;
    this.value = value;
  }
}

/** `lhs op= rhs`; `pos` is the operator's. Op.None is `=`, Op.Def is `:=`; a null rhs is `++` (Op.Add) or `--` (Op.Sub). */
export class AssignStmt {
  readonly kind: typeof Kind.AssignStmt;
  pos: Pos;
  op: number;
  /** ListExpr if there are several. */
  lhs: Expr;
  rhs: Expr | null;

  constructor(pos: Pos, op: number, lhs: Expr, rhs: Expr | null) {
    this.kind = Kind.AssignStmt;
    this.pos = pos;
    this.op = op;
    this.lhs = lhs;
    this.rhs = rhs;
  }
}

/** `lhs = range x`, `lhs := range x` or `range x`: only as ForStmt.init. `pos` is the position of `range`. */
export class RangeClause {
  readonly kind: typeof Kind.RangeClause;
  pos: Pos;
  lhs: Expr | null;
  /** Written with `:=`. */
  def: boolean;
  x: Expr;

  constructor(pos: Pos, lhs: Expr | null, def: boolean, x: Expr) {
    this.kind = Kind.RangeClause;
    this.pos = pos;
    this.lhs = lhs;
    this.def = def;
    this.x = x;
  }
}

export class LabeledStmt {
  readonly kind: typeof Kind.LabeledStmt;
  pos: Pos;
  label: Name;
  stmt: Stmt;

  constructor(pos: Pos, label: Name, stmt: Stmt) {
    this.kind = Kind.LabeledStmt;
    this.pos = pos;
    this.label = label;
    this.stmt = stmt;
  }
}

export class BlockStmt {
  readonly kind: typeof Kind.BlockStmt;
  pos: Pos;
  list: Stmt[];
  rbrace: Pos;

  constructor(pos: Pos, list: Stmt[], rbrace: Pos) {
    this.kind = Kind.BlockStmt;
    this.pos = pos;
    this.list = list;
    this.rbrace = rbrace;
  }
}

export class DeclStmt {
  readonly kind: typeof Kind.DeclStmt;
  pos: Pos;
  decls: Decl[];

  constructor(pos: Pos, decls: Decl[]) {
    this.kind = Kind.DeclStmt;
    this.pos = pos;
    this.decls = decls;
  }
}

export class BranchStmt {
  readonly kind: typeof Kind.BranchStmt;
  pos: Pos;
  /** Kind.Break, Continue, Fallthrough or Goto. */
  tok: number;
  label: Name | null;
  /**
   * Where control goes on: the LabeledStmt of a goto; the for, switch or select statement of a break or continue.
   * Set by `checkBranches` when a body is parsed; null for fallthrough and in wrong programs.
   */
  target: LabeledStmt | ForStmt | SwitchStmt | SelectStmt | null;

  constructor(pos: Pos, tok: number, label: Name | null) {
    this.kind = Kind.BranchStmt;
    this.pos = pos;
    this.tok = tok;
    this.label = label;
    this.target = null;
  }
}

export class CallStmt {
  readonly kind: typeof Kind.CallStmt;
  pos: Pos;
  /** Kind.Go or Kind.Defer. */
  tok: number;
  /** A CallExpr in correct programs. */
  call: Expr;

  constructor(pos: Pos, tok: number, call: Expr) {
    this.kind = Kind.CallStmt;
    this.pos = pos;
    this.tok = tok;
    this.call = call;
  }
}

export class ReturnStmt {
  readonly kind: typeof Kind.ReturnStmt;
  pos: Pos;
  results: Expr | null;

  constructor(pos: Pos, results: Expr | null) {
    this.kind = Kind.ReturnStmt;
    this.pos = pos;
    this.results = results;
  }
}

export class IfStmt {
  readonly kind: typeof Kind.IfStmt;
  pos: Pos;
  init: SimpleStmt | null;
  cond: Expr;
  thenBlock: BlockStmt;
  elseStmt: IfStmt | BlockStmt | null;

  constructor(
    pos: Pos,
    init: SimpleStmt | null,
    cond: Expr,
    thenBlock: BlockStmt,
    elseStmt: IfStmt | BlockStmt | null,
  ) {
    this.kind = Kind.IfStmt;
    this.pos = pos;
    this.init = init;
    this.cond = cond;
    this.thenBlock = thenBlock;
    this.elseStmt = elseStmt;
  }
}

export class ForStmt {
  readonly kind: typeof Kind.ForStmt;
  pos: Pos;
  /** May be a RangeClause. */
  init: SimpleStmt | null;
  cond: Expr | null;
  post: SimpleStmt | null;
  body: BlockStmt;

  constructor(pos: Pos, init: SimpleStmt | null, cond: Expr | null, post: SimpleStmt | null, body: BlockStmt) {
    this.kind = Kind.ForStmt;
    this.pos = pos;
    this.init = init;
    this.cond = cond;
    this.post = post;
    this.body = body;
  }
}

export class SwitchStmt {
  readonly kind: typeof Kind.SwitchStmt;
  pos: Pos;
  init: SimpleStmt | null;
  /** A TypeSwitchGuard makes it a type switch. */
  tag: Expr | null;
  body: CaseClause[];
  rbrace: Pos;

  constructor(pos: Pos, init: SimpleStmt | null, tag: Expr | null, body: CaseClause[], rbrace: Pos) {
    this.kind = Kind.SwitchStmt;
    this.pos = pos;
    this.init = init;
    this.tag = tag;
    this.body = body;
    this.rbrace = rbrace;
  }
}

export class SelectStmt {
  readonly kind: typeof Kind.SelectStmt;
  pos: Pos;
  body: CommClause[];
  rbrace: Pos;

  constructor(pos: Pos, body: CommClause[], rbrace: Pos) {
    this.kind = Kind.SelectStmt;
    this.pos = pos;
    this.body = body;
    this.rbrace = rbrace;
  }
}

export class CaseClause {
  readonly kind: typeof Kind.CaseClause;
  pos: Pos;
  /** Null for default; a ListExpr if there are several. */
  cases: Expr | null;
  body: Stmt[];
  colon: Pos;
  /** The variable that a type switch declares in this clause. */
  implicit: Entity | null;

  constructor(pos: Pos, cases: Expr | null, body: Stmt[], colon: Pos) {
    this.kind = Kind.CaseClause;
    this.pos = pos;
    this.cases = cases;
    this.body = body;
    this.colon = colon;
    this.implicit = null;
  }
}

export class CommClause {
  readonly kind: typeof Kind.CommClause;
  pos: Pos;
  /** Null for default. */
  comm: SimpleStmt | null;
  body: Stmt[];
  colon: Pos;

  constructor(pos: Pos, comm: SimpleStmt | null, body: Stmt[], colon: Pos) {
    this.kind = Kind.CommClause;
    this.pos = pos;
    this.comm = comm;
    this.body = body;
    this.colon = colon;
  }
}

export type Decl = ImportDecl | ConstDecl | TypeDecl | VarDecl | FuncDecl;

export type Expr =
  | BadExpr
  | Name
  | BasicLit
  | CompositeLit
  | KeyValueExpr
  | FuncLit
  | ParenExpr
  | SelectorExpr
  | IndexExpr
  | SliceExpr
  | AssertExpr
  | TypeSwitchGuard
  | Operation
  | CallExpr
  | ListExpr
  | ArrayType
  | SliceType
  | DotsType
  | StructType
  | InterfaceType
  | FuncType
  | MapType
  | ChanType;

export type SimpleStmt = EmptyStmt | ExprStmt | SendStmt | AssignStmt | RangeClause;

export type Stmt =
  | SimpleStmt
  | LabeledStmt
  | BlockStmt
  | DeclStmt
  | BranchStmt
  | CallStmt
  | ReturnStmt
  | IfStmt
  | ForStmt
  | SwitchStmt
  | SelectStmt;

export type Node = File | Decl | Expr | Field | Stmt | CaseClause | CommClause;

export function isExpr(n: Node): n is Expr {
  return n.kind >= Kind.BadExpr && n.kind <= Kind.ChanType;
}

export function isDecl(n: Node): n is Decl {
  return n.kind >= Kind.ImportDecl && n.kind <= Kind.FuncDecl;
}

export function isStmt(n: Node): n is Stmt {
  return n.kind >= Kind.EmptyStmt && n.kind <= Kind.SelectStmt;
}

/** Removes parentheses around an expression. */
export function unparen(x: Expr): Expr {
  let e = x;
  while (e.kind === Kind.ParenExpr) e = e.x;
  return e;
}

/** The elements of a ListExpr, the expression itself, or nothing. */
export function unpackListExpr(x: Expr | null): Expr[] {
  if (x === null) return [];
  return x.kind === Kind.ListExpr ? x.elems : [x];
}
