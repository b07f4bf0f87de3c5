/**
 * What a test binary calls: tests, benchmarks, fuzz targets, examples with an output comment, TestMain (cmd/go/internal/load, testFuncs;
 * go/doc, Examples).
 */
import { decodeText } from '#base/bytes.ts';
import type { Pos } from '#base/source.ts';
import * as Node from '#syntax/kinds.ts';
import type { File, FuncDecl } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { commentText } from './doc.ts';
import type { GoFile } from './package-files.ts';

export interface TestFunction {
  readonly external: boolean;
  readonly name: string;
}

export interface ExampleFunction extends TestFunction {
  readonly output: string;
  readonly unordered: boolean;
}

export interface WrongTestFunction {
  readonly pos: Pos;
  readonly message: string;
}

export class TestFunctions {
  readonly tests: TestFunction[];
  readonly benchmarks: TestFunction[];
  readonly fuzzTargets: TestFunction[];
  readonly examples: ExampleFunction[];
  main: TestFunction | null;
  /** Functions whose names or signatures do not do. */
  readonly wrong: WrongTestFunction[];

  constructor() {
    this.tests = [];
    this.benchmarks = [];
    this.fuzzTargets = [];
    this.examples = [];
    this.main = null;
    this.wrong = [];
  }

  /** Whether anything is called in the package's own tests, or in its external ones. */
  uses(external: boolean): boolean {
    const lists = [this.tests, this.benchmarks, this.fuzzTargets, this.examples];
    return this.main?.external === external || lists.some((list) => list.some((f) => f.external === external));
  }
}

export function findTestFunctions(own: readonly GoFile[], external: readonly GoFile[]): TestFunctions {
  const found = new TestFunctions();
  for (const f of own) addFile(found, f.syntax, false);
  for (const f of external) addFile(found, f.syntax, true);
  return found;
}

/** The rest of the file is not looked at after a wrong function, as the official command does. */
function addFile(found: TestFunctions, file: File, external: boolean): void {
  const functions: FuncDecl[] = [];
  for (const d of file.decls) if (d.kind === Node.FuncDecl && d.recv === null) functions.push(d);
  for (const d of functions) {
    const name = d.name.value;
    const f: TestFunction = { external, name };
    if (name === 'TestMain' && !takes(d, 'T')) {
      if (isWrong(found, d, 'M')) return;
      if (found.main !== null) {
        found.wrong.push({ pos: 0, message: 'multiple definitions of TestMain' });
        return;
      }
      found.main = f;
    } else if (isTestName(name, 'Test')) {
      if (isWrong(found, d, 'T')) return;
      found.tests.push(f);
    } else if (isTestName(name, 'Benchmark')) {
      if (isWrong(found, d, 'B')) return;
      found.benchmarks.push(f);
    } else if (isTestName(name, 'Fuzz')) {
      if (isWrong(found, d, 'F')) return;
      found.fuzzTargets.push(f);
    }
  }
  for (const d of functions) {
    if (!isTestName(d.name.value, 'Example') || d.type.params.length + d.type.results.length > 0 || d.bodyStart < 0)
      continue;
    const output = outputComment(file.text, d.bodyStart, d.bodyEnd);
    if (output !== null) found.examples.push({ external, name: d.name.value, ...output });
  }
}

/** "Test" or "TestX", not "Testing". */
function isTestName(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\p{Ll}/u.test(name.slice(prefix.length));
}

/** Whether a function has one parameter *T or *p.T and no result. */
function takes(d: FuncDecl, typeName: string): boolean {
  const { params, results } = d.type;
  if (params.length !== 1 || results.length > 0) return false;
  const { type } = params[0];
  if (type.kind !== Node.Operation || type.op !== Op.Mul || type.y !== null) return false;
  const elem = type.x;
  const name = elem.kind === Node.Name ? elem : elem.kind === Node.SelectorExpr ? elem.sel : null;
  return name !== null && name.value === typeName;
}

function isWrong(found: TestFunctions, d: FuncDecl, typeName: string): boolean {
  const name = d.name.value;
  let why = '';
  if (!takes(d, typeName)) why = `must be: func ${name}(${typeName.toLowerCase()} *testing.${typeName})`;
  if (d.tparams.length > 0) why = 'test functions cannot have type parameters';
  if (why !== '') found.wrong.push({ pos: d.funcPos, message: `wrong signature for ${name}, ${why}` });
  return why !== '';
}

/** What the last comment of a body says the example prints; null if it says nothing. */
function outputComment(text: Uint8Array, start: number, end: number): { output: string; unordered: boolean } | null {
  const last = lastComment(text, start, end);
  const comment = commentText(last);
  const m = /^[\t\n\f\r ]*(unordered )?output:/i.exec(comment);
  if (m === null) return null;
  const output = comment.slice(m[0].length).replace(/^ */, '').replace(/^\n/, '');
  return { output, unordered: m[1] !== undefined };
}

/**
 * The last comment group between two offsets: comments on adjoining lines; a comment that follows code on its line is a group with only
 * those of the same line (go/parser).
 */
function lastComment(text: Uint8Array, from: number, to: number): string {
  let groupStart = -1;
  let groupEnd = -1;
  let line = 0;
  // Lines of the last code, of the group's end; whether the group has begun on a line of code.
  let codeLine = 0;
  let endLine = -1;
  let trailing = false;
  let i = from;
  while (i < to) {
    const c = text[i];
    if (c === 10) line++;
    if (c === 47 && (text[i + 1] === 47 || text[i + 1] === 42)) {
      const start = i;
      const startLine = line;
      if (text[i + 1] === 47) {
        const newline = text.indexOf(10, i);
        i = newline < 0 || newline > to ? to : newline;
      } else {
        for (i += 2; i < to && !(text[i] === 42 && text[i + 1] === 47); i++) if (text[i] === 10) line++;
        i += 2;
      }
      const limit = trailing ? endLine : endLine + 1;
      const joins =
        groupStart >= 0 &&
        endLine >= 0 &&
        codeLine <= endLine &&
        startLine <= limit &&
        !codeSince(text, groupEnd, start);
      if (!joins) {
        groupStart = start;
        trailing = startLine === codeLine;
      }
      groupEnd = i;
      endLine = line;
      continue;
    }
    if (c > 32) codeLine = line;
    if (c === 34 || c === 39 || c === 96) {
      for (i++; i < to && text[i] !== c; i++) {
        if (text[i] === 92 && c !== 96) i++;
        if (text[i] === 10) line++;
      }
      codeLine = line;
    }
    i++;
  }
  return groupStart < 0 ? '' : decodeText(text.subarray(groupStart, groupEnd));
}

function codeSince(text: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (text[i] > 32) return true;
  return false;
}
