/**
 * Counters in Go source, as cmd/cover writes them: each run of statements without branches counts when it is entered. Counters of a function are one
 * variable, whose first three elements tell the runtime whose they are (internal/coverage). Lines stay where they are.
 */

import { bug } from '#base/bug.ts';
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { FileSet, type Pos, type SourceFile } from '#base/source.ts';
import { parseAllBodies } from '#syntax/body.ts';
import * as Node from '#syntax/kinds.ts';
import type {
  Node as AnyNode,
  BlockStmt,
  CaseClause,
  CommClause,
  Expr,
  File,
  FuncDecl,
  FuncLit,
  IfStmt,
  Stmt,
} from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { parseFile } from '#syntax/parse.ts';
import { cleanText, next, Scanner } from '#syntax/scanner.ts';
import * as Token from '#syntax/tokens.ts';
import { forEachChild } from '#syntax/walk.ts';

/** A run of statements: where it begins and ends, and how many there are. */
export interface CoverUnit {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly statements: number;
}

export interface CoverFunction {
  readonly name: string;
  /** As profiles call it. */
  readonly file: string;
  readonly units: readonly CoverUnit[];
  /** Of a package's variable: not within another function. */
  readonly isLiteral: boolean;
}

/** All names of variables for counters begin so; the linker puts those together. */
export const counterPrefix = 'goCover_';
/** The variable that holds the package's number. */
export const packageNumber = `${counterPrefix}P`;

/** The variable that counts for fuzzing. */
export const fuzzCounters = 'goFuzz_C';

const atomicName = '_cover_atomic_';
/** Elements of a function's counters that are none (internal/coverage, FirstCtrOffset). */
const firstCounter = 3;

interface Edit {
  readonly at: number;
  readonly text: string;
}

/** A package whose files get counters. */
export class CoverPackage {
  /** "set", "count", "atomic"; or "fuzz": bytes of one variable, without meta-data. */
  readonly mode: string;
  readonly functions: CoverFunction[];
  /** What stands before the functions of sync/atomic, in which nothing does. */
  readonly atomic: string;
  /** Of fuzzing. */
  counters: number;
  private readonly seen: Set<string>;

  constructor(mode: string, isAtomicItself = false) {
    this.mode = mode;
    this.atomic = isAtomicItself ? '' : `${atomicName}.`;
    this.functions = [];
    this.counters = 0;
    this.seen = new Set();
  }

  /** Two runs never have the same place in a profile. */
  unit(file: SourceFile, start: Pos, end: Pos, statements: number): CoverUnit {
    const a = file.position(start);
    const b = file.position(end);
    let endColumn = b.column;
    const key = (): string => `${a.filename}:${a.line}:${a.column} ${b.line}:${endColumn}`;
    while (this.seen.has(key())) endColumn++;
    this.seen.add(key());
    return { startLine: a.line, startColumn: a.column, endLine: b.line, endColumn, statements };
  }
}

/** The text of a file with counters; null if the file has syntax errors. `shown` is what profiles call it. */
export function addCounters(p: CoverPackage, path: string, text: Uint8Array, shown: string): Uint8Array | null {
  const source = new FileSet().addFile(path, text.length);
  let ok = true;
  const report = (): void => void (ok = false);
  const file = parseFile(source, text, { bodies: false, importsOnly: false }, report);
  parseAllBodies(file, report);
  if (!ok || file.pkgName === null) return null;
  const c = new FileCounters(p, file, shown);
  const imports = p.mode === 'atomic' && p.atomic !== '';
  if (imports) c.insert(file.pkgName.end, `; import ${atomicName} "sync/atomic"`);
  for (const d of file.decls) visit(c, d);
  const end = imports ? `\nvar _ = ${atomicName}.LoadUint32\n` : '';
  return edited(text, c.edits, end);
}

class FileCounters {
  readonly pkg: CoverPackage;
  readonly source: SourceFile;
  readonly text: Uint8Array;
  readonly shown: string;
  readonly edits: Edit[];
  /** The counters of the function that is being visited; null outside. */
  units: CoverUnit[] | null;
  private readonly tokens: Tokens;

  constructor(pkg: CoverPackage, file: File, shown: string) {
    this.pkg = pkg;
    this.source = file.source;
    this.text = file.text;
    this.shown = shown;
    this.edits = [];
    this.units = null;
    this.tokens = scanTokens(file);
  }

  insert(pos: Pos, text: string): void {
    this.edits.push({ at: pos - this.source.base, text });
  }

  /** The position of the first token at or behind one. */
  tokenAt(pos: Pos): number {
    const offset = pos - this.source.base;
    const { starts } = this.tokens;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  kindOf(token: number): number {
    return this.tokens.kinds[token] ?? Token.EOF;
  }

  posOf(token: number): Pos {
    return this.source.base + this.tokens.starts[token];
  }

  endOfToken(token: number): Pos {
    return this.source.base + this.tokens.ends[token];
  }

  /** The bracket that belongs to another. */
  matching(token: number): number {
    return this.tokens.matches[token];
  }

  /** The statement that counts a run, whose counter is made. */
  counter(start: Pos, end: Pos, statements: number): string {
    const { units, pkg } = this;
    if (units === null) return bug('a counter outside of functions');
    if (pkg.mode === 'fuzz') return `${fuzzCounters}[${pkg.counters++}]++`;
    const name = `${counterPrefix}${pkg.functions.length}[${units.length + firstCounter}]`;
    units.push(pkg.unit(this.source, start, end, statements));
    if (pkg.mode === 'atomic') return `${pkg.atomic}AddUint32(&${name}, 1)`;
    return pkg.mode === 'count' ? `${name}++` : `${name} = 1`;
  }
}

interface Tokens {
  readonly starts: number[];
  readonly ends: number[];
  readonly kinds: number[];
  readonly matches: number[];
}

function scanTokens(file: File): Tokens {
  const { text } = cleanText(file.text);
  const s = new Scanner(
    file.source,
    text,
    () => undefined,
    () => undefined,
  );
  const t: Tokens = { starts: [], ends: [], kinds: [], matches: [] };
  const open: number[] = [];
  for (next(s); s.tok !== Token.EOF; next(s)) {
    const at = t.starts.length;
    t.starts.push(s.start);
    t.ends.push(s.offset);
    t.kinds.push(s.tok);
    t.matches.push(-1);
    if (s.tok === Token.Lparen || s.tok === Token.Lbrack || s.tok === Token.Lbrace) open.push(at);
    if (s.tok !== Token.Rparen && s.tok !== Token.Rbrack && s.tok !== Token.Rbrace) continue;
    const from = open.pop();
    if (from === undefined) continue;
    t.matches[from] = at;
    t.matches[at] = from;
  }
  return t;
}

/** Insertions at the same place stand in the order in which they were made. */
function edited(text: Uint8Array, edits: readonly Edit[], end: string): Uint8Array {
  const sorted = edits.map((e, i) => ({ ...e, i })).sort((a, b) => a.at - b.at || a.i - b.i);
  const w = new ByteWriter(text.length * 2 + 64);
  let from = 0;
  for (const e of sorted) {
    w.bytes(text.subarray(from, e.at));
    w.bytes(encodeText(e.text));
    from = e.at;
  }
  w.bytes(text.subarray(from));
  w.bytes(encodeText(end));
  return w.finish().slice();
}

function visit(c: FileCounters, n: AnyNode): void {
  switch (n.kind) {
    case Node.BlockStmt:
      addRuns(c, n.pos, n.pos + 1, n.rbrace + 1, n.list, true);
      break;
    case Node.IfStmt:
      visitIf(c, n);
      return;
    case Node.SwitchStmt:
    case Node.SelectStmt:
      for (const clause of n.body) addClause(c, clause);
      break;
    case Node.FuncDecl:
      visitFunction(c, n);
      return;
    case Node.FuncLit:
      if (c.units === null) {
        visitLiteral(c, n);
        return;
      }
      break;
  }
  forEachChild(n, (child) => visit(c, child));
}

function addClause(c: FileCounters, clause: CaseClause | CommClause): void {
  const start = clause.colon + 1;
  const last = clause.body.at(-1);
  addRuns(c, start, start, last === undefined ? start : endOf(c, last), clause.body, false);
}

/** "else if" becomes a block, so that what follows else can be counted. */
function visitIf(c: FileCounters, n: IfStmt): void {
  if (n.init !== null) visit(c, n.init);
  visit(c, n.cond);
  visit(c, n.thenBlock);
  const { elseStmt } = n;
  if (elseStmt === null) return;
  const behind = c.posOf(c.tokenAt(n.thenBlock.rbrace + 1)) + 'else'.length;
  const end = endOf(c, elseStmt);
  c.insert(behind, '{');
  if (elseStmt.kind === Node.BlockStmt) {
    addRuns(c, behind, behind + 1, elseStmt.rbrace + 1, elseStmt.list, true);
    for (const s of elseStmt.list) visit(c, s);
  } else {
    addRuns(c, behind, behind + 1, end + 1, [elseStmt], true);
    visit(c, elseStmt);
  }
  c.insert(end, '}');
}

function visitFunction(c: FileCounters, d: FuncDecl): void {
  if (d.name.value === '_' || d.body === null) return;
  counted(c, d.body, `${receiverText(d)}${d.name.value}`, false);
}

/** "T." or "*T."; nothing for receivers with type parameters, as in cmd/cover. */
function receiverText(d: FuncDecl): string {
  const type = d.recv?.type ?? null;
  if (type === null) return '';
  const isPointer = type.kind === Node.Operation && type.op === Op.Mul && type.y === null;
  const base: Expr = isPointer ? type.x : type;
  return base.kind === Node.Name ? `${isPointer ? '*' : ''}${base.value}.` : '';
}

function visitLiteral(c: FileCounters, n: FuncLit): void {
  const { line, column } = c.source.position(n.pos);
  counted(c, n.body, `func.L${line}.C${column}`, true);
}

/** A function with counters of its own. */
function counted(c: FileCounters, body: BlockStmt, name: string, isLiteral: boolean): void {
  const units: CoverUnit[] = [];
  const { functions, mode, atomic } = c.pkg;
  const variable = `${counterPrefix}${functions.length}`;
  const at = c.edits.length;
  c.units = units;
  visit(c, body);
  c.units = null;
  const set = (index: number, value: string | number): string =>
    mode === 'atomic' ? `${atomic}StoreUint32(&${variable}[${index}], ${value})` : `${variable}[${index}] = ${value}`;
  const header = `${set(0, units.length)} ; ${set(1, packageNumber)} ; ${set(2, functions.length)} ; `;
  if (mode === 'fuzz') return;
  // Before the counter of the first run.
  c.edits.splice(at, 0, { at: body.pos + 1 - c.source.base, text: header });
  functions.push({ name, file: c.shown, units, isLiteral });
}

/** Counters for the runs of a list of statements; the first is inserted at `insertAt`, the last ends at `blockEnd`. */
function addRuns(
  c: FileCounters,
  from: Pos,
  insertFrom: Pos,
  blockEnd: Pos,
  given: readonly Stmt[],
  extends_: boolean,
): void {
  if (given.length === 0) {
    c.insert(insertFrom, `${c.counter(insertFrom, blockEnd, 0)};`);
    return;
  }
  let pos = from;
  let insertAt = insertFrom;
  let toBrace = extends_;
  let rest: readonly Item[] = given.map((stmt) => ({ stmt, isBareLabel: false }));
  for (;;) {
    let end = blockEnd;
    let last = 0;
    for (; last < rest.length; last++) {
      const { stmt, isBareLabel } = rest[last];
      end = isBareLabel ? startOf(c, stmt) : boundaryOf(c, stmt);
      if (!isBareLabel && !endsRun(stmt)) continue;
      if (!isBareLabel && stmt.kind === Node.LabeledStmt && !isControl(stmt.stmt)) {
        // A label ends the run before it; its statement begins the next.
        end = stmt.label.pos;
        rest = [
          ...rest.slice(0, last),
          { stmt, isBareLabel: true },
          { stmt: stmt.stmt, isBareLabel: false },
          ...rest.slice(last + 1),
        ];
      }
      last++;
      toBrace = false;
      break;
    }
    if (toBrace) end = blockEnd;
    if (pos !== end) c.insert(insertAt, `${c.counter(pos, end, last)};`);
    rest = rest.slice(last);
    if (rest.length === 0) return;
    pos = startOf(c, rest[0].stmt);
    insertAt = pos;
  }
}

/** A statement of a list, or the label of one whose statement follows. */
interface Item {
  readonly stmt: Stmt;
  readonly isBareLabel: boolean;
}

function isControl(s: Stmt): boolean {
  return s.kind === Node.ForStmt || s.kind === Node.SwitchStmt || s.kind === Node.SelectStmt;
}

/** Whether control may go elsewhere after a statement, or come from elsewhere to it. */
function endsRun(s: Stmt): boolean {
  switch (s.kind) {
    case Node.BlockStmt:
    case Node.BranchStmt:
    case Node.ForStmt:
    case Node.IfStmt:
    case Node.LabeledStmt:
    case Node.SwitchStmt:
    case Node.SelectStmt:
      return true;
    case Node.ExprStmt: {
      const { x } = s;
      if (x.kind === Node.CallExpr && x.fun.kind === Node.Name && x.fun.value === 'panic' && x.args.length === 1)
        return true;
      break;
    }
  }
  return literalIn(s) !== 0;
}

/** The opening brace of the first function literal; 0 if there is none. */
function literalIn(n: AnyNode | null): Pos {
  if (n === null) return 0;
  if (n.kind === Node.FuncLit) return n.body.pos;
  let found = 0;
  forEachChild(n, (child) => {
    if (found === 0) found = literalIn(child);
  });
  return found;
}

/** Where the statements that are sure to run with this one end: before the body of a control statement, or a function literal. */
function boundaryOf(c: FileCounters, s: Stmt): Pos {
  switch (s.kind) {
    case Node.BlockStmt:
      return s.pos;
    case Node.IfStmt:
      return literalIn(s.init) || literalIn(s.cond) || s.thenBlock.pos;
    case Node.ForStmt: {
      const range = s.init !== null && s.init.kind === Node.RangeClause ? s.init.x : null;
      if (range !== null) return literalIn(range) || s.body.pos;
      return literalIn(s.init) || literalIn(s.cond) || literalIn(s.post) || s.body.pos;
    }
    case Node.LabeledStmt:
      return boundaryOf(c, s.stmt);
    case Node.SwitchStmt: {
      const tag = s.tag !== null && s.tag.kind === Node.TypeSwitchGuard ? null : s.tag;
      return literalIn(s.init) || literalIn(tag) || openingBrace(c, s.rbrace);
    }
    case Node.SelectStmt:
      return openingBrace(c, s.rbrace);
  }
  return literalIn(s) || endOf(c, s);
}

function openingBrace(c: FileCounters, rbrace: Pos): Pos {
  return c.posOf(c.matching(c.tokenAt(rbrace)));
}

/** Where a statement begins. */
function startOf(c: FileCounters, s: Stmt): Pos {
  switch (s.kind) {
    case Node.ExprStmt:
      return startOfExpr(s.x);
    case Node.AssignStmt:
      return startOfExpr(s.lhs);
    case Node.SendStmt:
      return startOfExpr(s.chan);
    case Node.LabeledStmt:
      return s.label.pos;
    default:
      return c.posOf(c.tokenAt(s.pos));
  }
}

function startOfExpr(given: Expr): Pos {
  let x = given;
  for (;;) {
    switch (x.kind) {
      case Node.CompositeLit:
        if (x.type === null) return x.pos;
        x = x.type;
        break;
      case Node.KeyValueExpr:
        x = x.key;
        break;
      case Node.SelectorExpr:
      case Node.IndexExpr:
      case Node.SliceExpr:
      case Node.AssertExpr:
        x = x.x;
        break;
      case Node.Operation:
        if (x.y === null) return x.pos;
        x = x.x;
        break;
      case Node.CallExpr:
        x = x.fun;
        break;
      case Node.ListExpr:
        if (x.elems.length === 0) return x.pos;
        x = x.elems[0];
        break;
      case Node.FuncType:
        return x.funcPos === 0 ? x.pos : x.funcPos;
      default:
        return x.pos;
    }
  }
}

/** Where a statement ends. */
function endOf(c: FileCounters, s: Stmt): Pos {
  switch (s.kind) {
    case Node.EmptyStmt:
      return c.text[s.pos - c.source.base] === 59 ? s.pos + 1 : s.pos;
    case Node.ExprStmt:
      return s.x.end;
    case Node.SendStmt:
      return s.value.end;
    case Node.AssignStmt:
      return s.rhs === null ? s.pos + 2 : s.rhs.end;
    case Node.CallStmt:
      return s.call.end;
    case Node.ReturnStmt:
      return s.results === null ? s.pos + 'return'.length : s.results.end;
    case Node.BranchStmt:
      return s.label === null ? c.endOfToken(c.tokenAt(s.pos)) : s.label.end;
    case Node.LabeledStmt:
      return endOf(c, s.stmt);
    case Node.IfStmt:
      return s.elseStmt === null ? s.thenBlock.rbrace + 1 : endOf(c, s.elseStmt);
    case Node.ForStmt:
      return s.body.rbrace + 1;
    case Node.BlockStmt:
    case Node.SwitchStmt:
    case Node.SelectStmt:
      return s.rbrace + 1;
    case Node.DeclStmt:
      return endOfDeclarations(c, c.tokenAt(s.pos));
    default:
      return bug(
        `no end of a statement: ${decodeText(c.text.subarray(s.pos - c.source.base, s.pos - c.source.base + 40))}`,
      );
  }
}

/** A declaration ends where brackets are closed and a semicolon stands, or what encloses it ends. */
function endOfDeclarations(c: FileCounters, keyword: number): Pos {
  let token = keyword + 1;
  let last = keyword;
  while (c.kindOf(token) !== Token.Semi && c.kindOf(token) !== Token.EOF) {
    const match = c.matching(token);
    if (match >= 0 && match < token) break;
    last = Math.max(match, token);
    token = last + 1;
  }
  return c.endOfToken(last);
}
