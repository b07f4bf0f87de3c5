/** `tuza tool tokens|ast|types FILE`: what leaves the scanner, the parser and the type checker, readably or with -json, a value a line. */
import { decodeText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, type Pos, type SourceFile } from '#base/source.ts';
import { toExactString } from '#constant/format.ts';
import { FileError, type Host } from '#host/host.ts';
import { Loader } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import * as Kind from '#syntax/kinds.ts';
import { type Expr, isExpr, type Node } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { exprString } from '#syntax/printer.ts';
import { next, Scanner } from '#syntax/scanner.ts';
import * as Tok from '#syntax/tokens.ts';
import { forEachChild, inspect } from '#syntax/walk.ts';
import { objOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import { objectString } from '#types/objectstring.ts';
import { relativeTo, typeString } from '#types/typestring.ts';
import { PackageChecker } from './check.ts';
import { printDiagnostics } from './diagnostics.ts';
import { findGoroot } from './goroot.ts';
import { loadPackages, Workspace } from './packages.ts';
import { type FlagSpec, parseFlags } from './tool-flags.ts';

const flags: readonly FlagSpec[] = [{ name: 'json', kind: 'bool', repeated: false }];

/** A printed line: members of a JSON object, or words. */
type Row = readonly (readonly [name: string, value: string | number])[];

interface Request {
  readonly host: Host;
  readonly path: string;
  readonly json: boolean;
  readonly fileSet: FileSet;
  readonly errors: Diagnostic[];
}

function tool(name: string, run: (r: Request) => void): (args: readonly string[], host: Host) => number {
  return (args, host) => {
    const parsed = parseFlags(flags, args);
    if (parsed.error !== '' || parsed.rest.length !== 1) {
      if (parsed.error !== '') host.stderr(`${parsed.error}\n`);
      host.stderr(`usage: tuza tool ${name} [-json] file.go\n`);
      return 2;
    }
    const request = {
      host,
      path: parsed.rest[0],
      json: parsed.bool('json', false),
      fileSet: new FileSet(),
      errors: [],
    };
    try {
      run(request);
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      host.stderr(`${e.message}\n`);
      return 1;
    }
    printDiagnostics(host, request.fileSet, request.errors, '');
    return request.errors.length > 0 ? 1 : 0;
  };
}

function print(r: Request, rows: readonly Row[]): void {
  const lines = rows.map((row) => {
    if (r.json) return JSON.stringify(Object.fromEntries(row));
    return row
      .map(([, value], i) => (i === 0 ? String(value).padEnd(12) : String(value)))
      .join('  ')
      .trimEnd();
  });
  r.host.stdout(lines.map((l) => `${l}\n`).join(''));
}

function place(r: Request, pos: Pos): string {
  const p = r.fileSet.file(pos)?.rawPosition(pos);
  return p === undefined ? '-' : `${p.line}:${p.column}`;
}

/** The names of a file's integer constants. */
function namesIn(constants: Readonly<Record<string, unknown>>): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === 'number') names.set(value, name.replace(/_$/, ''));
  }
  return names;
}

const tokenNames = namesIn(Tok);
const modeNames = namesIn(Mode);
const kindNames = new Map<number, string>();
// Literal kinds, directions and keywords follow the kinds of nodes, and use numbers again.
for (const [name, value] of Object.entries(Kind)) {
  if (
    typeof value === 'number' &&
    value > 0 &&
    !kindNames.has(value) &&
    !/^(FloatLit|ImagLit|RuneLit|StringLit|SendOnly|RecvOnly|Break|Continue|Fallthrough|Goto|Go|Defer)$/.test(name)
  )
    kindNames.set(value, name);
}

function open(r: Request): { text: Uint8Array; source: SourceFile } {
  const text = r.host.files.readFile(r.path);
  const source = r.fileSet.addFile(r.path, text.length);
  source.ensureLines(text);
  return { text, source };
}

export const runTokens = tool('tokens', (r) => {
  const { text, source } = open(r);
  const rows: Row[] = [];
  const s = new Scanner(
    source,
    text,
    (d) => r.errors.push(d),
    () => undefined,
  );
  for (next(s); s.tok !== Tok.EOF; next(s)) {
    const isImplied = s.tok === Tok.Semi && s.lit !== 'semicolon';
    rows.push([
      ['pos', place(r, s.base + s.start)],
      ['token', (tokenNames.get(s.tok) ?? '').padEnd(r.json ? 0 : 11)],
      ['text', isImplied ? s.lit : decodeText(text.subarray(s.start, s.offset))],
    ]);
  }
  print(r, rows);
});

export const runAst = tool('ast', (r) => {
  const { text, source } = open(r);
  const file = parseFile(source, text, { bodies: true }, (d) => r.errors.push(d));
  const rows: Row[] = [];
  const visit = (n: Node, depth: number): void => {
    const name = kindNames.get(n.kind) ?? `kind ${n.kind}`;
    const detail = detailOf(n);
    if (r.json)
      rows.push([
        ['pos', place(r, n.pos)],
        ['depth', depth],
        ['kind', name],
        ['text', detail],
      ]);
    else
      rows.push([
        ['pos', place(r, n.pos)],
        ['kind', `${'  '.repeat(depth)}${name}`],
        ['text', detail],
      ]);
    forEachChild(n, (child) => visit(child, depth + 1));
  };
  visit(file, 0);
  print(r, rows);
});

/** What a node is besides its kind and its parts. */
function detailOf(n: Node): string {
  if (n.kind === Kind.Name || n.kind === Kind.BasicLit) return n.value;
  if (n.kind === Kind.Operation || n.kind === Kind.SelectorExpr || n.kind === Kind.CallExpr) return exprString(n);
  return '';
}

export const runTypes = tool('types', (r) => {
  const goroot = findGoroot(r.host);
  const ws = new Workspace(r.host, goroot);
  const loader = new Loader(r.host.files, r.fileSet, makeTarget('linux', 'amd64', false, []), ws);
  const [p] = loadPackages(ws, loader, [r.path]);
  const ofFiles = new Set(loader.ordered.flatMap((q) => q.files.errors));
  r.errors.push(...loader.errors.filter((d) => !ofFiles.has(d)));
  if (p === undefined) return;
  const checker = new PackageChecker(r.fileSet, loader, (q) => ws.languageOf(q));
  r.errors.push(...checker.check(p));
  const types = checker.find(p);
  const rows: Row[] = [];
  const qualifier = relativeTo(types);
  for (const f of p.files.goFiles) {
    inspect(f.syntax, (n) => {
      if (!isExpr(n)) return true;
      const tv = tvOf(n);
      const obj = n.kind === Kind.Name ? objOf(n) : null;
      if (tv === null && obj === null) return true;
      rows.push([
        ['pos', place(r, n.pos)],
        ['expr', short(n).padEnd(r.json ? 0 : 30)],
        ['mode', (tv === null ? '' : (modeNames.get(tv.mode) ?? '')).padEnd(r.json ? 0 : 10)],
        ['type', tv === null ? '' : typeString(tv.type, qualifier)],
        ['value', tv?.value === null || tv === null ? '' : `${r.json ? '' : '= '}${toExactString(tv.value)}`],
        ['object', obj === null ? '' : `${r.json ? '' : '-> '}${objectString(obj, qualifier)}`],
      ]);
      return true;
    });
  }
  print(r, rows);
});

function short(n: Expr): string {
  const text = n.kind === Kind.FuncLit ? 'func literal' : exprString(n);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
