/**
 * What `build` and `install` do with the packages of a command line: all of them are checked whole, programs are compiled and linked, other packages are
 * compiled into the cache. Code of the standard library is made when a program asks for it.
 */
import { encodeText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import { verifiesCache } from '#cache/debug.ts';
import { compileLibraries, compileProgram, type ProgramResult } from '#compile/whole-program.ts';
import type { LinkOptions } from '#link/context.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { type BuildTarget, releaseVersion } from '#load/target.ts';
import { isPathPattern, matchesPattern } from '#mod/pattern.ts';
import type { CompileFacts } from './build-commands.ts';
import { coverBuild } from './build-cover.ts';
import { buildInfoText, moduleInfoBytes } from './build-info.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';
import { type BuildSteps, type CompileStep, plainStep } from './build-steps.ts';
import { PackageChecker } from './check.ts';
import { CheckedPackages } from './checked-packages.ts';
import {
  assemblerRequest,
  type CompilerRequest,
  compilerRequest,
  errorLimit,
  packageRequests,
} from './compiler-flags.ts';
import { type Coverage, counterKinds, withCounters, withSupport } from './coverage.ts';
import { toldErrors } from './diagnostics.ts';
import { embedProblem } from './embed-problems.ts';
import { fixedDirectories, fixedPackages } from './fixed-packages.ts';
import { checkDirectives, defaultGodebug } from './godebug.ts';
import { tellOfImplicitModule } from './implicit-module.ts';
import { reserveMemory } from './memory-needed.ts';
import { versionWithExperiments } from './object-header.ts';
import { CachedIndex } from './package-index.ts';
import { PackageTools } from './package-tools.ts';
import { commandLine, loadPackages, Workspace } from './packages.ts';
import { absolutePath, shortPath } from './paths.ts';
import { profileNote, profileOf, profileProblem } from './pgo.ts';
import type { Recording } from './quick.ts';
import { rememberProgram } from './staleness.ts';
import { linkFlagOptions } from './tool-link.ts';
import type { Toolexec } from './toolexec.ts';
import { trimmedName } from './trimpath.ts';

/** A program that was built. */
export interface BuiltProgram {
  readonly package: LoadedPackage;
  readonly image: Uint8Array;
  /** Its identity, under which it may be kept; "" if it has none. */
  readonly action: string;
  /** It was linked before. */
  readonly isKept: boolean;
}

/** Executables of builds before, by their identities. */
export interface KeptPrograms {
  find(action: string, p: LoadedPackage): Uint8Array | null;
}

export interface LoadedBuild {
  /** The machine is the one with counters. */
  readonly options: BuildOptions;
  readonly ws: Workspace;
  readonly loader: Loader;
  readonly packages: readonly LoadedPackage[];
  readonly args: readonly string[];
  readonly coverage: Coverage | null;
}

/** The language of the standard library. */
const standardLanguage = `go1.${releaseVersion}`;

export interface BuildOutcome {
  /** Null if something is wrong, which has been told. */
  readonly build: LoadedBuild | null;
  /** The arguments mean one program, and this is it. Null: nothing has been compiled. */
  readonly built: BuiltProgram | null;
}

const failed: BuildOutcome = { build: null, built: null };

/**
 * Loads what the arguments mean. If that is one program, it is compiled and linked at once, with the loaded packages; `decide` is asked before and
 * may say what is wrong.
 */
export async function loadAndBuild(
  asked: BuildOptions,
  given: readonly string[],
  recording: Recording,
  steps: BuildSteps,
  decide: (build: LoadedBuild) => string,
  link: Partial<LinkOptions> = {},
  known: Workspace | null = null,
  kept: KeptPrograms | null = null,
): Promise<BuildOutcome> {
  const counters = new Map<string, Uint8Array>();
  const { goroot, target, modules } = asked;
  const host = asked.coverage === null ? asked.host : withCounters(asked.host, counters);
  const options = { ...asked, host };
  // What has been fetched stays known with its hashes.
  const ws = known ?? new Workspace(host, goroot, modules);
  ws.showsIgnored = options.showsCommands;
  const index = packageIndex(options, recording, given);
  if (index !== null) ws.know(index);
  await ws.prepare(target, given, false);
  await ws.prepareStamps(options);
  for (const flags of [options.gcflags, options.asmflags, options.ldflags]) flags.workspace = ws;
  const { coverage, args } = coverBuild(options, ws, given, counters) ?? { coverage: null, args: given };
  let build: LoadedBuild | null = null;
  let problem = '';
  let isTold = false;
  let right: ReadonlySet<LoadedPackage> = new Set();
  let fresh: readonly LoadedPackage[] = [];
  let finish = (): void => undefined;
  const linking: Partial<LinkOptions> = {};
  const result = compileProgram(host, {
    ...requestOf(
      options,
      ws,
      recording,
      coverage,
      (path) => (path === 'main' ? build?.packages[0] : build?.loader.find(path)) ?? null,
      (p) => build?.packages.includes(p) === true,
    ),
    index,
    isRight: (p) => right.has(p),
    link: linking,
    keptImage: keptImage(options, recording, kept, () => build?.packages[0] ?? null),
    loadMain: (loader) => {
      const all = loadPackages(ws, loader, args);
      const loaded: LoadedBuild = { options, ws, loader, packages: filtered(options, all, args), args, coverage };
      build = loaded;
      const [p] = loaded.packages;
      if (realErrors(loader).length > 0) return p ?? null;
      problem = stampProblem(loaded) || decide(loaded) || flagProblem(loaded) || profileProblem(options);
      // Directives are looked at before anything is compiled.
      const isOne = loaded.packages.length === 1 && p.name === 'main' && p.files.parseErrors.length === 0;
      if (problem !== '' || !isOne || options.dryRun || options.toolexec.length > 0 || !canCompile(target)) return null;
      const known = checkedPackages(loaded, recording);
      const own = inOrder(loaded).filter((q) => !q.isStandard);
      right = new Set(own.filter((q) => known.has(q)));
      fresh = own.filter((q) => !right.has(q));
      // A compilation that has to begin again is told once.
      if (!isTold) {
        reserveMemory(asked.host, fresh);
        tellCompiled(loaded, fresh, steps);
      }
      isTold = true;
      finish = () => {
        for (const q of fresh) known.add(q);
        known.save();
      };
      Object.assign(linking, linkOptionsFor(loaded, p, link));
      return p;
    },
  });
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return failed;
  }
  if (build !== null && !(embedsAreRight(build, steps) && directivesAreRight(build, steps))) return failed;
  const loaded = build as LoadedBuild | null;
  const path = loaded?.packages[0]?.path ?? '';
  tellErrors(path, result, steps, loaded?.loader ?? null);
  if (loaded === null || result.errors.length + result.linkErrors.length > 0) return failed;
  if (!(await tellOfCompiler(loaded, recording))) return failed;
  tellOfImplicitModule(host, ws, loaded.loader.ordered, args);
  if (result.image !== null) {
    finish();
    index?.save();
  }
  if (result.isKept && options.explains) explainKept(loaded, fresh);
  return { build: loaded, built: builtProgram(loaded.packages[0], result) };
}

function builtProgram(p: LoadedPackage, result: ProgramResult): BuiltProgram | null {
  const { image, action, isKept } = result;
  return image === null ? null : { package: p, image, action, isKept };
}

/** Null: everything is made again, or has counters in it. */
function keptImage(
  options: BuildOptions,
  recording: Recording,
  kept: KeptPrograms | null,
  program: () => LoadedPackage | null,
): ((action: string) => Uint8Array | null) | null {
  if (kept === null || options.rebuild || options.coverage !== null || verifiesCache(recording.outer)) return null;
  return (action) => {
    const p = program();
    return p === null ? null : kept.find(action, p);
  };
}

/** Why nothing was compiled; `fresh`: packages that have not been built before as they are. */
function explainKept(build: LoadedBuild, fresh: readonly LoadedPackage[]): void {
  const { options } = build;
  for (const p of inOrder(build)) {
    const reason = fresh.includes(p) ? 'nothing has changed but comments and spaces' : '';
    explain(options, p.path, `in the cache${reason === '' ? '' : `: ${reason}`}`);
  }
  options.host.stderr(`${build.packages[0].path}: the program is the one that was linked before\n`);
}

/** Tells that packages are compiled; what a program with a profile needs is compiled for it alone if there are other programs. */
function tellCompiled(build: LoadedBuild, fresh: readonly LoadedPackage[], steps: BuildSteps): void {
  const { options, packages } = build;
  const isAlone = packages.length === 1;
  const without = packages.filter((p) => profileOf(options, p) === '');
  const needed = neededBy(without);
  for (const q of fresh) if (needed.has(q)) steps.compile(q, stepOf(build, q));
  for (const p of packages) {
    const profile = profileOf(options, p);
    if (profile === '') continue;
    const own = neededBy([p]);
    const variant = isAlone ? '' : `[${p.path}]`;
    for (const q of fresh) if (own.has(q)) steps.compile(q, { ...stepOf(build, q), variant, profile });
    if (!options.dryRun) options.host.stderr(profileNote(profile));
  }
}

function stepOf(build: LoadedBuild, p: LoadedPackage): CompileStep {
  const { ws, coverage, packages } = build;
  const isCovered = coverage?.selected.some((q) => q.path === p.path) === true;
  const lang = p.isStandard ? standardLanguage : ws.languageOf(p);
  return { ...plainStep(p, lang, packages.includes(p)), coverMode: isCovered ? coverage.mode : '' };
}

/** What keeps programs from being stamped, or "". */
function stampProblem({ ws, packages }: LoadedBuild): string {
  const mains = packages.filter((p) => p.name === 'main');
  const found = mains.map((p) => ws.stamps?.stampOf(ws, p)).filter((s) => typeof s === 'string');
  return found.join('\n');
}

/** What the compiler says of the flags for the first package whose flags are wrong, or "". */
function flagProblem(build: LoadedBuild): string {
  const { options, packages } = build;
  if (!options.gcflags.isGiven || options.dryRun) return '';
  for (const p of inOrder(build)) {
    const { problem } = compilerRequest(options, p, packages.includes(p));
    if (problem !== '') return `# ${p.path}\n${problem}`;
  }
  return '';
}

function checkedPackages(build: LoadedBuild, recording: Recording, what = 'checked'): CheckedPackages {
  const { options, ws, packages } = build;
  const isNamed = (p: LoadedPackage): boolean => packages.includes(p);
  const purpose = [recording.outer.workingDirectory(), ...build.args].join('\n');
  const content = (path: string): string | null => contentOf(options, recording, path);
  return new CheckedPackages(options, ws, recording.cache, isNamed, purpose, content, what);
}

/** Lets `list` see that an installed program is up to date. */
export function noteProgram(build: LoadedBuild, recording: Recording, program: BuiltProgram): void {
  const { options, ws } = build;
  rememberProgram(checkedPackages(build, recording), recording.cache, options, ws, program.package, program.image);
}

/** What was read with -overlay is not what is on the disk. */
function contentOf(options: BuildOptions, recording: Recording, path: string): string | null {
  return options.host === recording.host ? recording.recorder.contentOf(path) : null;
}

/** What is known of packages from builds before; null if they are read anew. */
function packageIndex(options: BuildOptions, recording: Recording, args: readonly string[]): CachedIndex | null {
  if (options.rebuild || options.host !== recording.host) return null;
  const { outer, cache, recorder } = recording;
  const purpose = [outer.workingDirectory(), ...args].join('\n');
  return new CachedIndex(outer, cache, recorder, options.target, purpose, fixedDirectories(options));
}

/** Messages about embedded files. */
function embedsAreRight(build: LoadedBuild, steps: BuildSteps): boolean {
  const list: Diagnostic[] = [];
  for (const p of inOrder(build)) {
    const d = p.isStandard ? null : embedProblem(build.options.host.files, build.loader.fileSet, p, p.files.goFiles);
    if (d !== null) list.push(d);
  }
  if (list.length > 0) steps.errors(build.packages[0].path, build.loader, { path: '', list, stoppedAt: 0 });
  return list.length === 0;
}

/** Messages about //go:debug lines. */
function directivesAreRight(build: LoadedBuild, steps: BuildSteps): boolean {
  const { ws, options } = build;
  const place = (file: string, line: number): string => {
    const short = shortPath(options.host, file);
    return `${short.includes('/') ? short : `./${short}`}:${line}:1`;
  };
  let ok = true;
  for (const p of build.packages) {
    if (p.isStandard || p.name !== 'main') continue;
    const messages = checkDirectives(ws, p, place);
    if (messages.length === 0) continue;
    ok = false;
    steps.text(p.path, `# ${p.path}\n${messages.join('\n')}\n`);
  }
  return ok;
}

/** Errors of loading that are not what the parser has found in packages that will be checked. */
function realErrors(loader: Loader): readonly Diagnostic[] {
  const parsed = new Set(loader.ordered.flatMap((p) => (p.isStandard ? [] : p.files.parseErrors)));
  return loader.errors.filter((d) => !parsed.has(d));
}

function canCompile(target: BuildTarget): boolean {
  return target.goos === 'linux' && target.goarch === 'amd64';
}

function explain(options: BuildOptions, path: string, reason: string): void {
  options.host.stderr(`${path}: ${options.rebuild ? 'compiled: -a was given' : reason}\n`);
}

function requestOf(
  options: BuildOptions,
  ws: Workspace,
  recording: Recording,
  coverage: Coverage | null,
  find: (path: string) => LoadedPackage | null,
  isNamed: (p: LoadedPackage) => boolean,
) {
  return {
    goroot: options.goroot,
    target: options.target,
    resolver: coverage === null ? ws : withSupport(ws),
    goVersion: ws.goVersion,
    languageOf: (p: LoadedPackage) => compilerRequest(options, p, isNamed(p)).lang || ws.languageOf(p),
    errorLimitOf: (p: LoadedPackage) => errorLimit(compilerRequest(options, p, isNamed(p))),
    ...packageRequests(options, find, isNamed),
    cache: recording.codeCache(options.rebuild),
    isFixed: coverage === null && !options.rebuild ? fixedPackages(options) : null,
    comparedWith: verifiesCache(options.host) ? recording.cache : null,
    isUnedited: fixedPackages(options),
    ...(coverage === null ? {} : { counterKind: counterKinds(coverage.selected) }),
    explain: options.explains ? (path: string, reason: string) => explain(options, path, reason) : null,
    contentOf: (path: string) => contentOf(options, recording, path),
    trim: options.trimpath ? (file: string) => trimmedName(options, ws, file) : null,
  };
}

/** Lets the compiler tell what -gcflags ask it for; false after an error. */
async function tellOfCompiler(build: LoadedBuild, recording: Recording): Promise<boolean> {
  const { options, ws } = build;
  if (!options.gcflags.isGiven || options.dryRun) return true;
  const isTelling = (p: LoadedPackage): boolean => compilerRequest(options, p, build.packages.includes(p)).tells;
  const paths = inOrder(build).filter(isTelling);
  if (paths.length === 0) return true;
  // The packages of a compilation are not read again.
  const loader = new Loader(options.host.files, new FileSet(), options.target, ws);
  const named = loadPackages(ws, loader, build.args);
  const tools = new PackageTools(options, ws, loader, recording.cache);
  for (const { path } of paths) {
    const p = loader.find(path);
    if (p === null) continue;
    const { ok, output } = await tools.compile(factsOf(build, p, named.includes(p)), false);
    options.host.stderr(output);
    if (!ok) return false;
  }
  return true;
}

/** The archive of a package that is right, as the official tools would make it; null after messages. */
export async function archiveOf(
  build: LoadedBuild,
  named: LoadedPackage,
  recording: Recording,
): Promise<Uint8Array | null> {
  const { options, ws } = build;
  const loader = new Loader(options.host.files, new FileSet(), options.target, ws);
  const p = loadPackages(ws, loader, build.args).find((q) => q.path === named.path);
  if (p === undefined) return null;
  const tools = new PackageTools(options, ws, loader, recording.cache);
  const { output, archive } = await tools.compile(factsOf(build, p, true), true);
  options.host.stderr(output);
  return archive;
}

function factsOf(build: LoadedBuild, p: LoadedPackage, isNamed: boolean): CompileFacts {
  const { options } = build;
  const { lang, isProgram } = stepOf(build, p);
  return {
    package: p,
    lang,
    gcflags: options.gcflags.for(options.host, p, isNamed),
    asmflags: options.asmflags.for(options.host, p, isNamed),
    path: isProgram ? 'main' : p.path,
    // Counters stand in the files already.
    coverMode: '',
    profile: '',
  };
}

/** Throws BuildFlagError. */
function linkOptionsFor(build: LoadedBuild, p: LoadedPackage, link: Partial<LinkOptions>): Partial<LinkOptions> {
  const { options, ws } = build;
  refuseFlags(options, build, p);
  const strings = new Map<string, Uint8Array>();
  strings.set('runtime.modinfo', moduleInfoBytes(buildInfoText(options, ws, p)));
  const godebug = defaultGodebug(ws, p);
  if (godebug !== '') strings.set('runtime.godebugDefault', encodeText(godebug));
  const given = linkFlagOptions(options.ldflags.for(options.host, p, true), strings);
  if (typeof given === 'string') throw new BuildFlagError(`# ${p.path}\nlink: ${given}`, 1);
  return {
    buildVersion: versionWithExperiments(options.host, options.target.goos, options.target.goarch),
    ...link,
    ...given,
    ...(options.trimpath ? { goroot: '' } : {}),
    strings,
  };
}

function tellErrors(path: string, result: ProgramResult, steps: BuildSteps, loader: Loader | null = null): void {
  for (const e of result.errors) steps.errors(path, result, e, loader);
  if (result.linkErrors.length > 0) steps.text(path, `# ${path}\n${result.linkErrors.join('\n')}\n`);
}

/**
 * -buildmode=exe is for programs, -buildmode=archive for other packages; packages of patterns that have nothing but tests are left out.
 * Throws BuildFlagError.
 */
function filtered(
  options: BuildOptions,
  packages: readonly LoadedPackage[],
  args: readonly string[],
): readonly LoadedPackage[] {
  const { buildMode } = options;
  if (options.mainsOnly) return onlyMains(options, packages, args);
  const literal = new Set(args.filter((a) => !a.includes('...')));
  const withCode = packages.filter(
    (p) =>
      p.files.goFiles.length + p.files.cgoFiles.length > 0 ||
      p.path === 'unsafe' ||
      literal.has(p.path) ||
      p.isStandard ||
      args.some((a) => absolutePath(options.host, a) === p.dir),
  );
  if (buildMode === 'archive') return withCode.filter((p) => p.name !== 'main');
  const mains = withCode.filter((p) => p.name === 'main');
  if (buildMode === 'exe' && !options.hasOutput) return mains;
  if (buildMode === 'default' || buildMode === 'pie') return withCode;
  if (mains.length !== 1) throw new BuildFlagError(`-buildmode=${buildMode} requires exactly one main package`, 1);
  if (buildMode !== 'exe')
    throw new BuildFlagError(`go: -buildmode=${buildMode} cannot be used: it is not implemented`, 2);
  return mains;
}

/** Throws BuildFlagError for packages that are named and are no programs. */
function onlyMains(
  options: BuildOptions,
  packages: readonly LoadedPackage[],
  args: readonly string[],
): LoadedPackage[] {
  const wrong = packages.filter((p) => p.name !== 'main' && args.includes(p.path));
  if (wrong.length > 0)
    throw new BuildFlagError(wrong.map((p) => `package ${p.path} is not a main package`).join('\n'), 1);
  for (const a of args) {
    const matched = isPathPattern(a) ? packages.filter((p) => matchesPattern(a, p.path)) : [];
    if (matched.length > 0 && !matched.some((p) => p.name === 'main'))
      options.host.stderr(`go: warning: ${JSON.stringify(a)} matched only non-main packages\n`);
  }
  return packages.filter((p) => p.name === 'main');
}

/** The packages of a build, each after what it imports. */
function inOrder(build: LoadedBuild): LoadedPackage[] {
  const needed = neededBy(build.packages);
  return build.loader.ordered.filter((p) => needed.has(p));
}

/** Checks all packages; false if there are errors, which have been told. */
export function checkBuild(build: LoadedBuild, recording: Recording, steps: BuildSteps): boolean {
  const { options, ws, loader, packages } = build;
  const requestOf = (p: LoadedPackage): CompilerRequest => compilerRequest(options, p, packages.includes(p));
  const checker = new PackageChecker(loader.fileSet, loader, (p) => requestOf(p).lang || ws.languageOf(p));
  const wrong = new Set<LoadedPackage>();
  const known = checkedPackages(build, recording);
  const fresh = inOrder(build).filter((p) => !known.has(p));
  reserveMemory(options.host, fresh);
  const profiles = packages.filter((p) => profileOf(options, p) !== '');
  if (profiles.length > 0) tellCompiled(build, fresh, steps);
  for (const p of fresh) {
    options.host.progress.show('check', 0, 0, p.path);
    if (profiles.length === 0) steps.compile(p, stepOf(build, p));
    if (options.dryRun || (p.isStandard && !packages.includes(p))) continue;
    // Packages that import a wrong one are not compiled.
    if ([...p.imports.values()].some((i) => wrong.has(i))) {
      wrong.add(p);
      continue;
    }
    const list = checker.check(p);
    if (list.length === 0) {
      known.add(p);
      continue;
    }
    wrong.add(p);
    steps.errors(p.path, loader, toldErrors(p.path, list, errorLimit(requestOf(p))));
  }
  if (!options.dryRun) known.save();
  return wrong.size === 0;
}

/** Compiles the packages that are no programs, and have been found right; false if there are errors, which have been told. */
export function compilePackages(build: LoadedBuild, recording: Recording, steps: BuildSteps): boolean {
  const { options, ws } = build;
  if (options.dryRun || options.toolexec.length > 0 || !canCompile(options.target)) return true;
  const known = checkedPackages(build, recording, 'compiled');
  const fresh = inOrder(build).filter((p) => !p.isStandard && p.name !== 'main' && !known.has(p));
  if (fresh.length === 0) return true;
  const paths = new Set(fresh.map((p) => p.path));
  const index = packageIndex(options, recording, build.args);
  const isNamed = (p: LoadedPackage): boolean => build.packages.some((named) => named.path === p.path);
  const result = compileLibraries(
    options.host,
    {
      ...requestOf(options, ws, recording, build.coverage, (path) => build.loader.find(path), isNamed),
      index,
      isRight: (p) => !p.isStandard,
      loadMain: (loader) => loadPackages(ws, loader, build.args)[0] ?? null,
    },
    (p) => paths.has(p.path),
  );
  tellErrors(fresh[0].path, result, steps);
  if (result.errors.length > 0) return false;
  index?.save();
  for (const p of fresh) known.add(p);
  known.save();
  return true;
}

function neededBy(packages: readonly LoadedPackage[]): Set<LoadedPackage> {
  const seen = new Set<LoadedPackage>();
  const visit = (p: LoadedPackage): void => {
    if (seen.has(p)) return;
    seen.add(p);
    for (const i of [...p.imports.values(), ...p.implicit]) visit(i);
  };
  for (const p of packages) visit(p);
  return seen;
}

/** -toolexec: the tools that compile packages and link programs as processes; null without the flag. Throws BuildFlagError. */
export async function startToolexec(
  build: LoadedBuild,
  recording: Recording,
  steps: BuildSteps,
): Promise<Toolexec | null> {
  const { options, packages } = build;
  if (options.toolexec.length === 0 || options.dryRun) return null;
  if (options.coverage !== null) throw new BuildFlagError('go: -toolexec cannot be used with -cover yet', 2);
  const [{ Toolexec }, { ToolProgram }] = await Promise.all([import('./toolexec.ts'), import('./tool-program.ts')]);
  return new Toolexec({
    program: new ToolProgram(options, steps.workDirectory),
    options,
    cache: recording.cache,
    placeOf: (p) => steps.placeOf(p),
    factsOf: (p) => factsOf(build, p, packages.includes(p)),
    nameOf: (p) => p.path,
    tell: (_, text) => void options.host.stderr(text),
  });
}

/** A program by -toolexec; null after messages. Throws BuildFlagError. */
export async function buildByTools(
  toolexec: Toolexec,
  build: LoadedBuild,
  p: LoadedPackage,
  flags: readonly string[] = [],
): Promise<BuiltProgram | null> {
  const { options, ws } = build;
  if (!(await toolexec.compile(p))) return null;
  const godebug = defaultGodebug(ws, p);
  const all = [
    ...(godebug === '' ? [] : [`-X=runtime.godebugDefault=${godebug}`]),
    ...flags,
    ...options.ldflags.for(options.host, p, true),
  ];
  const image = await toolexec.link(
    p,
    inOrder({ ...build, packages: [p] }),
    all,
    moduleInfoBytes(buildInfoText(options, ws, p)),
  );
  return image === null ? null : { package: p, image, action: '', isKept: false };
}

/** Compiles and links one of several programs; null after messages. Throws BuildFlagError. */
export function buildOne(
  build: LoadedBuild,
  p: LoadedPackage,
  recording: Recording,
  steps: BuildSteps,
  link: Partial<LinkOptions> = {},
  kept: KeptPrograms | null = null,
): BuiltProgram | null {
  const { options, ws } = build;
  const { target, host } = options;
  if (!canCompile(target)) throw new BuildFlagError(`go: cannot compile for ${target.goos}/${target.goarch} yet`, 1);
  const result = compileProgram(host, {
    ...requestOf(
      options,
      ws,
      recording,
      build.coverage,
      (path) => (path === 'main' ? p : build.loader.find(path)),
      (q) => build.packages.some((named) => named.path === q.path),
    ),
    loadMain: (loader) =>
      p.path === commandLine ? (loadPackages(ws, loader, build.args)[0] ?? null) : loader.load(p.path),
    link: linkOptionsFor(build, p, link),
    keptImage: keptImage(options, recording, kept, () => p),
  });
  tellErrors(p.path, result, steps);
  if (result.isKept && options.explains) explainKept({ ...build, packages: [p] }, []);
  return builtProgram(p, result);
}

/** Throws BuildFlagError if flags ask for code that cannot be made. */
export function refuseFlags(options: BuildOptions, build: Pick<LoadedBuild, 'packages'>, p: LoadedPackage): void {
  if (!options.gcflags.isGiven && !options.asmflags.isGiven) return;
  for (const q of neededBy([p])) {
    const { problem, tells } = compilerRequest(options, q, build.packages.includes(q));
    if (problem !== '') throw new BuildFlagError(`# ${q.path}\n${problem}`, 1);
    if (tells && options.command === 'test')
      throw new BuildFlagError('go: -gcflags: the compiler tells nothing of packages that are compiled for tests', 2);
    assemblerRequest(options, q, build.packages.includes(q));
  }
}
