/** Our side of syntaxdump/main.go: the same text from our parser, and the building of the official side. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSet, type SourceFile } from '#base/source.ts';
import { parseAllBodies } from '#syntax/body.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr, Node, Pragma } from '#syntax/nodes.ts';
import { isExpr } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { endPos, startPos } from '#syntax/positions.ts';
import { exprString } from '#syntax/printer.ts';
import { inspect } from '#syntax/walk.ts';

/** Builds the official dumper into a directory and returns its path. */
export function buildDumper(dir: string): string {
  const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const source = join(dirname(fileURLToPath(import.meta.url)), 'syntaxdump', 'main.go');
  mkdirSync(dir, { recursive: true });
  const overlay = join(dir, 'overlay.json');
  const target = join(goroot, 'src/cmd/compile/internal/syntaxdump/main.go');
  writeFileSync(overlay, JSON.stringify({ Replace: { [target]: source } }));
  const out = join(dir, 'syntaxdump');
  if (!existsSync(out)) {
    execFileSync('go', ['build', '-overlay', overlay, '-o', out, 'cmd/compile/internal/syntaxdump'], {
      cwd: join(goroot, 'src'),
    });
  }
  return out;
}

const kindNames: string[] = [];
for (const [name, value] of Object.entries(Kind)) {
  if (value >= Kind.File && value <= Kind.CommClause && kindNames[value] === undefined) kindNames[value] = name;
}
const branchNames = ['', 'break', 'continue', 'fallthrough', 'goto', 'go', 'defer'];
// The small constants of literal kinds, directions and keywords share their numbers with node kinds.
Object.assign(kindNames, {
  1: 'File',
  2: 'BadExpr',
  3: 'Name',
  4: 'BasicLit',
  5: 'CompositeLit',
  6: 'KeyValueExpr',
});

/** The dump of a text; with `lazy`, bodies are skipped first and parsed afterwards. */
export function dumpText(name: string, text: Uint8Array, lazy: boolean): string {
  const set = new FileSet();
  const source = set.addFile(name, text.length);
  const errors: string[] = [];
  const report = (d: { pos: number; message: string }): void => {
    errors.push(`error ${relative(source, d.pos)} ${d.message}\n`);
  };
  const file = parseFile(source, text, { bodies: !lazy }, report);
  if (lazy) parseAllBodies(file, report);
  const lines: string[] = [];
  // The official trees of files with errors may lack parts.
  if (errors.length === 0) {
    lines.push(`version ${file.goVersion}\n`, `eof ${absolute(source, file.eof)}\n`);
    const ends = new Map<number, number>();
    inspect(file, (n) => {
      if (n.kind === Kind.BasicLit && n.value.includes('\n')) ends.set(n.end, n.pos);
      return true;
    });
    inspect(file, (n) => {
      dumpNode(lines, source, n, ends);
      return true;
    });
  }
  const stray = file.strayPragmas.map((p) => `stray ${relative(source, p.pos)} ${p.text}\n`);
  errors.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return lines.join('') + [...errors, ...stray].join('');
}

function absolute(source: SourceFile, pos: number): string {
  const p = source.rawPosition(pos);
  return `${p.line}:${p.column}`;
}

function relative(source: SourceFile, pos: number): string {
  const p = source.position(pos);
  return `${p.filename}:${p.line}:${p.column}`;
}

function dumpPragmas(lines: string[], source: SourceFile, list: readonly Pragma[]): void {
  for (const p of list) lines.push(`pragma ${absolute(source, p.pos)} ${p.text}\n`);
}

function dumpNode(lines: string[], source: SourceFile, n: Node, ends: Map<number, number>): void {
  const at = (pos: number): string => absolute(source, pos);
  const pos = at(n.pos);
  let line = `${kindNames[n.kind]} ${pos} ${at(startPos(n))} ${endText(source, n, ends)}`;
  if (source.directives.length > 0) {
    const p = source.position(n.pos);
    if (`${p.line}:${p.column}` !== pos) line += ` ${p.line}:${p.column}`;
  }
  lines.push(line, details(n, at), '\n');
  if (n.kind === Kind.File || (n.kind >= Kind.ImportDecl && n.kind <= Kind.FuncDecl)) {
    if ('pragmas' in n) dumpPragmas(lines, source, n.pragmas);
  } else if (isExpr(n) && n.kind !== Kind.FuncLit && n.kind !== Kind.CompositeLit && n.kind !== Kind.BadExpr) {
    if (isChain(n, 0)) return;
    const s = exprString(n);
    if (Buffer.byteLength(s) < 100) lines.push(`= ${s}\n`);
  }
}

/** A long chain of binary operations would take quadratic time to print. */
function isChain(n: Expr, depth: number): boolean {
  return n.kind === Kind.Operation && n.y !== null && (depth === 3 || isChain(n.x, depth + 1));
}

/** The official end position of a literal of several lines stays in its first line. */
function endText(source: SourceFile, n: Node, ends: Map<number, number>): string {
  const end = endPos(n);
  const start = ends.get(end);
  if (start === undefined || n.kind === Kind.CompositeLit) return absolute(source, end);
  const p = source.rawPosition(start);
  return `${p.line}:${p.column + end - start}`;
}

function details(n: Node, at: (pos: number) => string): string {
  switch (n.kind) {
    case Kind.Name:
      return ` ${n.value}`;
    case Kind.BasicLit:
      return ` ${n.litKind} ${n.bad} ${goQuote(n.value)}`;
    case Kind.CompositeLit:
      return ` ${n.nkeys} ${at(n.rbrace)}`;
    case Kind.SliceExpr:
      return ` ${n.full}`;
    case Kind.Operation:
    case Kind.AssignStmt:
      return ` ${n.op}`;
    case Kind.CallExpr:
      return ` ${n.hasDots}`;
    case Kind.ChanType:
      return ` ${n.dir}`;
    case Kind.RangeClause:
      return ` ${n.def}`;
    case Kind.BlockStmt:
      return ` ${at(n.rbrace)}`;
    case Kind.BranchStmt:
      return ` ${branchNames[n.tok]}${n.target === null ? '' : ` ${at(n.target.pos)}`}`;
    case Kind.CallStmt:
      return ` ${branchNames[n.tok]}`;
    case Kind.CaseClause:
    case Kind.CommClause:
      return ` ${at(n.colon)}`;
    case Kind.TypeDecl:
      return ` ${n.alias}`;
    default:
      return '';
  }
}

const byteEscapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** strconv.Quote for texts of valid UTF-8. */
function goQuote(s: string): string {
  return `"${s.replace(/[^ !#-[\]-~]/gu, quoteCharacter)}"`;
}

function quoteCharacter(c: string): string {
  const simple = byteEscapes[c];
  if (simple !== undefined) return simple;
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(c)) return c;
  const code = c.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
