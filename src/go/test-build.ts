/**
 * The program of a package's tests: the package with its test files, the external tests and a generated main package. Each program has packages of
 * its own, so that everything that depends on the tested package is compiled for it (cmd/go/internal/load: TestPackagesAndErrors, recompileForTest).
 */

import { decodeText, encodeText } from '#base/bytes.ts';
import { baseName } from '#base/path.ts';
import type { FileSet } from '#base/source.ts';
import { verifiesCache } from '#cache/debug.ts';
import type { PackageErrors } from '#compile/check-package.ts';
import { compileProgram, type ProgramResult } from '#compile/whole-program.ts';
import type { Host } from '#host/host.ts';
import type { LinkOptions } from '#link/context.ts';
import { dependenciesOf, type LoadedPackage, type Loader, type Resolved, type Resolver } from '#load/loader.ts';
import { findTestFunctions } from '#load/test-functions.ts';
import * as SymKind from '#obj/kinds.ts';
import { buildInfoText, moduleInfoBytes } from './build-info.ts';
import { BuildFlagError } from './build-options.ts';
import { refuseFlags } from './build-packages.ts';
import { type CompileStep, plainStep } from './build-steps.ts';
import { PackageChecker } from './check.ts';
import { type CompilerRequest, compilerRequest, errorLimit, packageRequests } from './compiler-flags.ts';
import { fuzzCounters } from './cover-source.ts';
import { counterKinds, filesWithCounters, withCounterFile, withCounters, withSupport } from './coverage.ts';
import { printPackageErrors, toldErrors } from './diagnostics.ts';
import { fixedPackages } from './fixed-packages.ts';
import { defaultGodebug } from './godebug.ts';
import { commandLine } from './packages.ts';
import { profileOf } from './pgo.ts';
import type { TestRun } from './test.ts';
import { profileFlags } from './test-flags.ts';
import { addFuzzCounters } from './test-fuzz.ts';
import { RightPackages } from './test-known.ts';
import { type TestCover, testMainSource } from './test-main.ts';
import { printBuildFailure } from './test-output.ts';
import { linkFlagOptions } from './tool-link.ts';
import { trimmedName } from './trimpath.ts';
import { goVersion } from './version.ts';

/** The generated file is in no directory, which traces of goroutines show. */
export const mainFile = '_testmain.go';

export interface TestBinary {
  /** The executable; empty with -n. */
  readonly image: Uint8Array;
  /** Its directory in $WORK. */
  readonly place: string;
  /** The generated main package, which lies beside the binary. */
  readonly source: Uint8Array;
}

/** The program of a package's tests; null after messages. Throws BuildFlagError. */
export async function buildTest(run: TestRun, p: LoadedPackage): Promise<TestBinary | null> {
  const { options } = run;
  const { target } = options;
  if (target.goos !== 'linux' || target.goarch !== 'amd64')
    throw new BuildFlagError(`go: cannot compile for ${target.goos}/${target.goarch} yet`, 1);
  if (run.program !== null) return (await import('./test-toolexec.ts')).buildTestByTools(run, run.program, p);
  refuseFlags(options, { packages: run.tested }, p);
  // What other tested packages import is compiled without tests first, so that its errors are told once.
  if (run.imported.has(p) && !checkWithoutTests(run, p)) return null;
  return compileTest(run, p);
}

/** What imports mean in the program of a package's tests. */
export function testResolver(run: TestRun, p: LoadedPackage): Resolver {
  const at = resolvedOf(p);
  const external: Resolved = { ...at, path: `${p.path}_test` };
  const supported = withSupport(run.ws);
  return {
    resolve: (path, from) => {
      if (from?.path === `${p.path}.test`) {
        if (path === at.path) return at;
        if (path === external.path) return external;
      }
      return supported.resolve(path, from);
    },
  };
}

function resolvedOf(p: LoadedPackage): Resolved {
  return { path: p.path, dir: p.dir, isStandard: p.isStandard };
}

/** Loads the packages of a package's tests; the main package imports all others. */
export function loadTestMain(run: TestRun, p: LoadedPackage, loader: Loader, parts: TestParts, counts: boolean): void {
  parts.loader = loader;
  const t = loader.loadTested(resolvedOf(p), counts ? withCounterFile(run.files) : run.files);
  const functions = findTestFunctions(t.files.testGoFiles, t.files.xTestGoFiles);
  const source = testMainSource({
    importPath: p.path,
    isNamed: p.path === commandLine || p.path.startsWith('_/'),
    modulePath: run.ws.moduleOf(p)?.path ?? '',
    hasOwn: t.tested !== null,
    hasExternal: t.external !== null,
    functions,
    cover: coverFacts(run, p),
  });
  run.generated.set(mainFile, encodeText(source));
  parts.main = loader.loadSources({ path: `${p.path}.test`, dir: p.dir, isStandard: true }, [mainFile]);
}

function compileTest(run: TestRun, p: LoadedPackage): TestBinary | null {
  const { options, ws } = run;
  const { host, target } = options;
  const counters = countersFor(run, p);
  // Sources with counters are not those on the disk.
  const known = counters.size > 0 ? null : run.known;
  const right = new RightPackages(run, known);
  const kinds = counterKinds(run.coverage?.packagesFor(p) ?? []);
  const own = new Set([p.path, `${p.path}_test`, 'main']);
  const parts = new TestParts();
  const link: Partial<LinkOptions> = { buildVersion: goVersion };
  const loadMain = (loader: Loader): LoadedPackage | null => {
    loadTestMain(run, p, loader, parts, counters.size > 0);
    const { main } = parts;
    if (main === null) return null;
    const made = linkOptions(run, p, main);
    Object.assign(link, made);
    if (loader.errors.length > 0) return main;
    tellSteps(run, p, parts, loader.ordered, main);
    parts.place = run.steps.placeOf(main);
    right.look(loader.ordered);
    return options.dryRun ? null : main;
  };
  const result = compileProgram(withCounters(host, counters), {
    counterKind: (path, name) => (name === fuzzCounters ? SymKind.Libfuzzer8BitCounter : kinds(path, name)),
    goroot: options.goroot,
    target,
    resolver: testResolver(run, p),
    goVersion: ws.goVersion,
    languageOf: (q) => languageFor(run, p, own.has(q.path) ? p : q),
    errorLimitOf: (q) => errorLimit(requestFor(run, p, own.has(q.path) ? p : q)),
    ...(known === null ? {} : { index: known.index, contentOf: known.contentOf }),
    isRight: (q) => right.has(q),
    ...packageRequests(
      options,
      (path) => (own.has(path) ? p : (parts.loader?.find(path) ?? null)),
      (q) => run.tested.some((t) => t.path === q.path),
    ),
    loadMain,
    cache: run.codeCache,
    comparedWith: verifiesCache(host) ? run.cache : null,
    isUnedited: fixedPackages(options),
    trim: options.trimpath ? (file: string) => trimmedName(options, ws, file) : null,
    link,
  });
  tellErrors(run, p, parts, result);
  const isRight = result.errors.length === 0 && result.linkErrors.length === 0;
  if (isRight && !options.dryRun) right.finish();
  else known?.index.drop();
  if (isRight && parts.main !== null)
    run.steps.link(parts.main, '', p, link.strings?.get('runtime.modinfo') ?? null, testBinaryName(p));
  const source = run.generated.get(mainFile) ?? new Uint8Array(0);
  if (options.dryRun && result.errors.length === 0) return { image: new Uint8Array(0), place: parts.place, source };
  return result.image === null ? null : { image: result.image, place: parts.place, source };
}

function languageFor(run: TestRun, p: LoadedPackage, q: LoadedPackage): string {
  return requestFor(run, p, q).lang || run.ws.languageOf(q);
}

/** What the flags ask of the compiler for a package that the tests of `p` need. */
function requestFor(run: TestRun, p: LoadedPackage, q: LoadedPackage): CompilerRequest {
  const isNamed = q === p || run.tested.some((t) => t.path === q.path);
  return compilerRequest(run.options, q, isNamed);
}

/** What is compiled for the tests: the packages as they are, and those that differ for them. */
function tellSteps(
  run: TestRun,
  p: LoadedPackage,
  parts: TestParts,
  ordered: readonly LoadedPackage[],
  main: LoadedPackage,
): void {
  if (!run.options.showsCommands) return;
  const stepOf = testSteps(run, p, parts, main);
  for (const q of ordered) run.steps.compile(q, stepOf(q));
}

/** How the packages of a package's tests are compiled. */
export function testSteps(
  run: TestRun,
  p: LoadedPackage,
  parts: TestParts,
  main: LoadedPackage,
): (q: LoadedPackage) => CompileStep {
  const { options, ws, coverage } = run;
  const profile = profileOf(options, p);
  const covered = new Set(coverage?.packagesFor(p).map((q) => q.path));
  const named = new Set(run.tested.map((q) => q.path));
  const own = new Set([p.path, `${p.path}_test`, main.path]);
  const languageOf = (q: LoadedPackage): string => (q.isStandard ? goVersion.replace(/\.\d+$/, '') : ws.languageOf(q));
  return (q) => {
    const name = variantName(p, parts, q.path);
    const isOwn = own.has(q.path);
    const variant = name !== q.path || profile === '' ? name.slice(q.path.length) : ` [${p.path}]`;
    return {
      lang: languageOf(q === main ? p : q),
      isNamed: isOwn || named.has(q.path),
      variant,
      flagsOf: isOwn ? p : q,
      isProgram: q === main,
      coverMode: covered.has(q.path) ? (coverage?.mode ?? '') : '',
      profile,
    };
  };
}

/** The files with counters of the packages that are covered, or fuzzed. */
function countersFor(run: TestRun, p: LoadedPackage): ReadonlyMap<string, Uint8Array> {
  const { coverage, host, ws } = run;
  const files =
    coverage === null ? new Map<string, Uint8Array>() : filesWithCounters(coverage, host, ws, coverage.packagesFor(p));
  if (run.line.parsed.text('fuzz', '') !== '') addFuzzCounters(run, p, files);
  return files;
}

function coverFacts(run: TestRun, p: LoadedPackage): TestCover | null {
  const { coverage } = run;
  if (coverage === null) return null;
  const { mode, patterns } = coverage;
  const selected = coverage.packagesFor(p).map((q) => q.path);
  return { mode, covered: patterns === null ? '' : ` in ${patterns.join(', ')}`, selected };
}

/** What a program of tests is made of. */
export class TestParts {
  main: LoadedPackage | null;
  loader: Loader | null;
  /** The directory of the program in $WORK. */
  place: string;

  constructor() {
    this.main = null;
    this.loader = null;
    this.place = '';
  }
}

/** The machine with generated files besides those of its disk. */
export function withGenerated(host: Host, generated: ReadonlyMap<string, Uint8Array>): Host {
  const { files } = host;
  return { ...host, files: { ...files, readFile: (path) => generated.get(path) ?? files.readFile(path) } };
}

/** What a package's tests are linked with, besides -ldflags. */
export function linkFacts(run: TestRun, p: LoadedPackage, main: LoadedPackage) {
  const { options, ws, line } = run;
  const tests = [...p.files.goFiles, ...p.files.testGoFiles, ...p.files.xTestGoFiles];
  const godebug = defaultGodebug(ws, main, tests);
  const modinfo = moduleInfoBytes(buildInfoText(options, ws, main, { package: p, godebug }));
  // The runtime's own tests look at symbols.
  const isPlain = !(keepsBinary(run) || line.parsed.bool('c', false) || p.path === 'runtime');
  return { godebug, modinfo, isPlain };
}

function linkOptions(run: TestRun, p: LoadedPackage, main: LoadedPackage) {
  const { options } = run;
  const { godebug, modinfo, isPlain } = linkFacts(run, p, main);
  const strings = new Map<string, Uint8Array>();
  strings.set('runtime.modinfo', modinfo);
  if (godebug !== '') strings.set('runtime.godebugDefault', encodeText(godebug));
  // testing.Testing tells it.
  strings.set('testing.testBinary', encodeText('1'));
  const given = linkFlagOptions(options.ldflags.for(options.host, p, true), strings);
  if (typeof given === 'string') throw new BuildFlagError(`# ${p.path}.test\nlink: ${given}`, 1);
  const plain = isPlain ? { stripSymbols: true, stripDwarf: true } : {};
  return { ...plain, ...given, ...(options.trimpath ? { goroot: '' } : {}), strings };
}

/** A profile can be read with its binary only. */
export function keepsBinary(run: TestRun): boolean {
  const { parsed } = run.line;
  return parsed.text('o', '') !== '' || profileFlags.some((f) => f !== 'trace' && parsed.text(f, '') !== '');
}

/** A package that has no tests, or is imported by others: false if there are errors, which have been told. */
export function checkWithoutTests(run: TestRun, p: LoadedPackage): boolean {
  const { ws } = run;
  const { plain } = run;
  const checker = new PackageChecker(plain.fileSet, plain, (q) => languageFor(run, p, q));
  const loaded =
    plain.find(p.path) ?? (run.files === null ? plain.load(p.path) : plain.loadFiles(p.path, p.dir, run.files));
  if (loaded === null) return true;
  const needed = new Set([loaded, ...dependenciesOf(loaded)]);
  let ok = true;
  for (const q of plain.ordered)
    if (needed.has(q))
      run.steps.compile(
        q,
        plainStep(
          q,
          ws.languageOf(q),
          run.tested.some((t) => t.path === q.path),
        ),
      );
  if (run.options.dryRun) return true;
  for (const q of plain.ordered) {
    if (!needed.has(q) || q.isStandard !== loaded.isStandard || (q.isStandard && q !== loaded)) continue;
    if ([...q.imports.values()].some((i) => run.wrong.has(i))) {
      run.wrong.add(q);
      ok = false;
      continue;
    }
    if (run.wrong.has(q)) ok = false;
    if (run.checked.has(q)) continue;
    run.checked.add(q);
    const list = checker.check(q);
    if (list.length === 0) continue;
    ok = false;
    run.wrong.add(q);
    tell(run, q.path, plain.fileSet, toldErrors(q.path, list, errorLimit(requestFor(run, p, q))));
  }
  return ok;
}

/** Prints what is wrong with a package unless that has been done. */
function tell(run: TestRun, name: string, fileSet: FileSet, e: PackageErrors): void {
  run.failedBuild = name;
  if (run.told.has(name)) return;
  run.told.add(name);
  let text = e.path === '' ? `# ${name}\n` : '';
  const collecting: Host = { ...run.host, stderr: (t) => void (text += typeof t === 'string' ? t : decodeText(t)) };
  printPackageErrors(collecting, fileSet, e);
  printBuildFailure(run.host, name, run.json, text);
}

export function tellErrors(
  run: TestRun,
  p: LoadedPackage,
  parts: TestParts,
  result: Pick<ProgramResult, 'errors' | 'linkErrors' | 'fileSet'>,
): void {
  // The generated package only has the errors that others have.
  const isDerived = result.errors.length > 1 || run.told.size > 0;
  for (const e of result.errors) {
    if (isDerived && e.path === `${p.path}.test`) continue;
    if (e.path !== '') {
      const name = variantName(p, parts, e.path);
      tell(run, name, result.fileSet, { ...e, path: name });
    } else if (!isDerived || !e.list.every((d) => d.message.startsWith('could not import ')))
      tell(run, p.path, result.fileSet, e);
  }
  if (result.linkErrors.length === 0) return;
  run.failedBuild = `${p.path}.test`;
  printBuildFailure(run.host, run.failedBuild, run.json, `# ${p.path}.test\n${result.linkErrors.join('\n')}\n`);
}

/** "q [p.test]" for packages that are compiled for the tests of p: the package with its tests, external tests, what is between them. */
export function variantName(p: LoadedPackage, parts: TestParts, path: string): string {
  const decorated = `${path} [${p.path}.test]`;
  const isOwn = p.files.testGoFiles.length > 0 || p.name === 'main';
  if (path === p.path) return isOwn ? decorated : path;
  if (path === `${p.path}_test`) return decorated;
  const q = parts.loader?.find(path) ?? null;
  const tested = parts.loader?.find(p.path) ?? null;
  return isOwn && q !== null && tested !== null && dependenciesOf(q).has(tested) ? decorated : path;
}

/** The last element of the import path that is no version; of files on the command line, the package's name. */
export function testBinaryName(p: LoadedPackage): string {
  if (p.path === commandLine) return `${p.name}.test`;
  const parts = p.path.split('/');
  const last = parts.pop() ?? '';
  const isVersion = /^v([2-9]|[1-9]\d+)$/.test(last) && parts.length > 0;
  return `${isVersion ? (parts.pop() ?? last) : last}.test`;
}

/** File names of a package that was given by its files. */
export function namedFiles(args: readonly string[]): readonly string[] | null {
  return args[0]?.endsWith('.go') === true ? args.map(baseName) : null;
}
