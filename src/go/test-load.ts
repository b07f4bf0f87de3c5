/**
 * What `test` finds out before it compiles anything: the packages that the arguments mean, and for each why it cannot be tested
 * ("[setup failed]"): errors of its files, of what it imports, of what its tests import, and of its test functions.
 */
import { compareText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition, type Pos } from '#base/source.ts';
import type { Host } from '#host/host.ts';
import { declarationError } from '#load/go-parser-errors.ts';
import { dependenciesOf, type LoadedPackage, Loader, stackCode, stackPlace } from '#load/loader.ts';
import { type GoFile, readSources } from '#load/package-files.ts';
import { findTestFunctions } from '#load/test-functions.ts';
import { parseAllBodies } from '#syntax/body.ts';
import * as Node from '#syntax/kinds.ts';
import type { BuildOptions } from './build-options.ts';
import { loadErrorText } from './diagnostics.ts';
import { loadPackages, matchArguments, type Workspace } from './packages.ts';
import { absolutePath, isLocalPath, shortPath } from './paths.ts';

/** The package that has an error; the error, in lines. */
export interface LoadProblem {
  readonly path: string;
  readonly text: string;
}

/** A package that is to be tested. */
export interface TestedPackage {
  /** The import path, or the argument if that leads to no package. */
  readonly path: string;
  readonly loaded: LoadedPackage | null;
  /** What keeps it from being built. */
  readonly problems: readonly LoadProblem[];
  /** What its tests import. */
  readonly testImports: readonly LoadedPackage[];
}

export interface TestedPackages {
  readonly loader: Loader;
  readonly list: readonly TestedPackage[];
}

/** The packages in the order of the arguments, each once. */
export function loadTestedPackages(options: BuildOptions, ws: Workspace, args: readonly string[]): TestedPackages {
  const loader = new Loader(options.host.files, new FileSet(), options.target, ws, true);
  const list: TestedPackage[] = [];
  const add = (path: string, loaded: LoadedPackage | null, since: number): void => {
    if (list.some((t) => t.path === path)) return;
    const t = testedPackage(options, loader, path, loaded, loader.errors.slice(since));
    // The program itself is stamped, too, if that was asked for.
    const stamp = loaded?.name === 'main' ? ws.stamps?.stampOf(ws, loaded) : undefined;
    list.push(t.problems.length === 0 && typeof stamp === 'string' ? { ...t, problems: [{ path, text: stamp }] } : t);
  };
  if (args[0]?.endsWith('.go') === true) {
    const [p] = loadPackages(ws, loader, args);
    add(p?.path ?? args[0], p ?? null, 0);
    return { loader, list };
  }
  for (const m of matchArguments(ws, options.target, args)) {
    const since = loader.errors.length;
    if (m.problem !== '') {
      loader.errors.push({ pos: 0, message: m.problem, code: '', soft: false });
      add(m.pattern, null, since);
    }
    const isWild = m.pattern === 'std' || m.pattern === 'cmd' || m.pattern.includes('...');
    for (const path of m.paths) {
      const before = loader.errors.length;
      const p = loader.load(path);
      // A pattern leaves out directories whose files are all excluded.
      const isDirectory = isLocalPath(m.pattern) && !isWild;
      if (p === null && isDirectory && /^no (non-test )?Go files in /.test(loader.errors.at(-1)?.message ?? '')) {
        // Such a directory is told as it was written.
        const message = `no Go files in ${absolutePath(options.host, m.pattern)}`;
        loader.errors.splice(before, loader.errors.length, { pos: 0, message, code: '', soft: false });
        add(m.pattern, null, before);
        continue;
      }
      if (p === null && isWild && loader.errors.at(-1)?.message.startsWith('no Go files in ') === true) continue;
      add(path, p, before);
    }
  }
  return { loader, list };
}

function testedPackage(
  options: BuildOptions,
  loader: Loader,
  path: string,
  p: LoadedPackage | null,
  found: readonly Diagnostic[],
): TestedPackage {
  const { host } = options;
  const told = (list: readonly Found[]): LoadProblem[] =>
    list.map((f) => ({ path: f.path, text: loadErrorText(host, loader.fileSet, f.error) }));
  if (p === null) return { path, loaded: null, problems: told([{ path, error: found[0] }]), testImports: [] };
  const needs = dependenciesOf(p);
  const own = told(errorsOf(loader, new Set([p, ...needs]), p));
  if (own.length > 0 || p.files.testGoFiles.length + p.files.xTestGoFiles.length === 0)
    return { path, loaded: p, problems: own, testImports: [] };
  const testImports: LoadedPackage[] = [];
  const wrong = testImportError(loader, p, testImports);
  const problem = wrong === null ? functionProblem(host, loader, p) : told([wrong])[0];
  return { path, loaded: p, problems: problem === null ? [] : [problem], testImports };
}

/** Why no test binary can be made of a package that is right itself: what its tests import, or what they are. */
export interface TestProblem {
  /** It is told of the package with its tests, not of the test binary. */
  readonly ofPackage: boolean;
  readonly position: string;
  readonly message: string;
  /** The whole, as it is printed. */
  readonly text: string;
}

export function testProblemOf(host: Host, loader: Loader, p: LoadedPackage): TestProblem | null {
  const found = testImportError(loader, p, []);
  if (found !== null) {
    const text = loadErrorText(host, loader.fileSet, found.error);
    const isCycle = text.endsWith('import cycle not allowed in test');
    return { ofPackage: true, position: '', message: isCycle ? 'import cycle not allowed in test' : text, text };
  }
  const f = functionProblem(host, loader, p);
  if (f === null) return null;
  const m = /^(\S+?:\d+:\d+): ([^\n]*)/.exec(f.text);
  return { ofPackage: false, position: m?.[1] ?? '', message: m?.[2] ?? f.text, text: f.text };
}

/** An error, and the package that it keeps from being loaded. */
interface Found {
  readonly path: string;
  readonly error: Diagnostic;
}

function positionText(loader: Loader, pos: Pos): string {
  return formatPosition(loader.fileSet.position(pos));
}

/** What is wrong with what a package's tests import, for commands that go on without the package; "" if nothing is. */
export function testImportProblem(host: Host, loader: Loader, p: LoadedPackage): string {
  const found = testImportError(loader, p, []);
  return found === null ? '' : loadErrorText(host, loader.fileSet, found.error);
}

/** The first errors of some packages, each of another; what is wrong with the tests of dependencies does not matter. */
function errorsOf(loader: Loader, packages: ReadonlySet<LoadedPackage>, tested: LoadedPackage): Found[] {
  const list: Found[] = [];
  const missing = new Map<Diagnostic, LoadedPackage>();
  for (const q of packages) if (q.problem !== null) missing.set(q.problem.diagnostic, q);
  for (const d of loader.errors) {
    const sharers = loader.sharers.get(d) ?? [];
    const owner = missing.get(d) ?? sharers.find((q) => packages.has(q)) ?? loader.owners.get(d);
    if (owner === undefined || !packages.has(owner)) continue;
    if (owner === tested || sharers.includes(owner) || !loader.fileSet.position(d.pos).filename.endsWith('_test.go'))
      if (list.every((f) => f.path !== owner.path)) list.push({ path: owner.path, error: d });
  }
  return list;
}

interface TestImport {
  readonly path: string;
  readonly pos: Pos;
  readonly file: string;
}

/** What is wrong with what test files import: it leads nowhere, has errors, or leads back to the package. */
function testImportError(loader: Loader, p: LoadedPackage, imported: LoadedPackage[]): Found | null {
  const { testGoFiles, xTestGoFiles } = p.files;
  for (const [files, isExternal] of [
    [testGoFiles, false],
    [xTestGoFiles, true],
  ] as const) {
    for (const { path, pos, file } of importsOf(files)) {
      const before = loader.errors.length;
      const q = loader.loadFor(p, path, pos, testsName(p, isExternal));
      if (q === null) return { path, error: loader.errors.slice(before)[0] };
      imported.push(q);
      const needs = new Set([q, ...dependenciesOf(q)]);
      const [known] = errorsOf(loader, needs, p);
      if (known !== undefined) return { path: known.path, error: belowTest(p, q, known.error, isExternal) };
      if (!isExternal && needs.has(p)) {
        const error = { pos: 0, message: cycleText(p, q, file), code: '', soft: false };
        return { path: p.path, error };
      }
    }
  }
  return null;
}

/** How import stacks name a package's tests. */
function testsName(p: LoadedPackage, isExternal: boolean): string {
  return isExternal ? `${p.path}_test` : `${p.path} (test)`;
}

/** The import stack of an error begins with the tests if they are what leads to it. */
function belowTest(p: LoadedPackage, imported: LoadedPackage, d: Diagnostic, isExternal: boolean): Diagnostic {
  const head = `package ${imported.path}`;
  const isFirst = d.message.startsWith(head) && ['\n', stackPlace, ':'].includes(d.message[head.length]);
  if (d.code !== stackCode || !isFirst) return d;
  return { ...d, message: `package ${testsName(p, isExternal)}\n\timports ${d.message.slice('package '.length)}` };
}

function importsOf(files: readonly GoFile[]): TestImport[] {
  const list: TestImport[] = [];
  for (const f of files) {
    let i = 0;
    for (const d of f.syntax.decls) {
      if (d.kind !== Node.ImportDecl || d.path === null || d.path.bad) continue;
      const path = f.imports[i++];
      if (path === 'C' || path === 'unsafe' || list.some((t) => t.path === path)) continue;
      list.push({ path, pos: d.localPkgName?.pos ?? d.path.pos, file: f.name });
    }
  }
  return list.sort((a, b) => compareText(a.path, b.path));
}

/** How the import of a test file leads back to the tested package. */
function cycleText(p: LoadedPackage, first: LoadedPackage, file: string): string {
  const stack: LoadedPackage[] = [];
  const seen = new Set<LoadedPackage>();
  const leads = (q: LoadedPackage): boolean => {
    stack.push(q);
    if (q === p) return true;
    if (!seen.has(q)) {
      seen.add(q);
      for (const i of q.imports.values()) if (leads(i)) return true;
    }
    stack.pop();
    return false;
  };
  leads(first);
  let text = `package ${p.path}`;
  let from = file;
  for (const [i, q] of stack.entries()) {
    text += `\n\timports ${q.path} from ${from}`;
    const next = stack[i + 1];
    if (next !== undefined) from = importingFile(q, next);
  }
  return `${text}: import cycle not allowed in test`;
}

/** The first file of a package that imports another. */
function importingFile(p: LoadedPackage, imported: LoadedPackage): string {
  const paths = [...p.imports].filter(([, q]) => q === imported).map(([path]) => path);
  return p.files.goFiles.find((f) => f.imports.some((path) => paths.includes(path)))?.name ?? '';
}

/** Test files are read whole to make the main package, so that their syntax errors are told before anything is compiled. */
function functionProblem(host: Host, loader: Loader, p: LoadedPackage): LoadProblem | null {
  const reader = { files: host.files, fileSet: loader.fileSet, target: loader.target };
  const read = (files: readonly GoFile[]) =>
    readSources(
      reader,
      p.dir,
      files.map((f) => f.path),
    );
  const own = read(p.files.testGoFiles);
  const external = read(p.files.xTestGoFiles);
  const syntax = [...own.parseErrors, ...external.parseErrors];
  for (const f of [...own.goFiles, ...external.goFiles]) {
    parseAllBodies(f.syntax, (d) => void syntax.push(d));
    const between = declarationError(f.syntax.text, f.syntax.source.base);
    if (between !== null) syntax.push(between);
  }
  if (syntax.length > 0) {
    const [d] = syntax.sort((a, b) => a.pos - b.pos);
    // Where both parsers stop at the same place, go/parser's words count.
    const same = syntax.filter((x) => x.pos === d.pos).at(-1) ?? d;
    const message = same.message.replace(/^syntax error: /, '');
    return { path: p.path, text: `${shortPath(host, positionText(loader, d.pos))}: ${message}` };
  }
  const functions = findTestFunctions(own.goFiles, external.goFiles);
  if (functions.wrong.length === 0) return null;
  const lines = functions.wrong.map((w) => (w.pos === 0 ? '' : `${positionText(loader, w.pos)}: `) + w.message);
  return { path: p.path, text: lines.join('\n') };
}
