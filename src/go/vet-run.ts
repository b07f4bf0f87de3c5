/**
 * Analysis tools with the protocol of golang.org/x/tools/go/analysis/unitchecker (vet, fix): for each package a configuration that names its files,
 * the types of what it imports (export data) and the facts found out about those (vetx). Types and facts are kept in the build cache.
 */
import { encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { FileSet } from '#base/source.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host, ProcessResult } from '#host/host.ts';
import {
  dependenciesOf,
  type LoadedPackage,
  Loader,
  type Resolved,
  type Resolver,
  type TestedPackages,
} from '#load/loader.ts';
import type { BuildOptions } from './build-options.ts';
import { type BuildSteps, type CompileStep, factsOf as compileFactsOf, plainStep } from './build-steps.ts';
import { printPackageErrors } from './diagnostics.ts';
import { ExportStore } from './export-store.ts';
import { shortPath } from './paths.ts';
import { type SourcePackages, tellLoadErrors } from './source-packages.ts';
import type { ToolProgram } from './tool-program.ts';
import { Toolexec } from './toolexec.ts';
import { goVersion } from './version.ts';

export interface VetSettings {
  readonly host: Host;
  readonly cache: BuildCache;
  /** The program; its identity is part of that of facts. */
  readonly tool: string;
  readonly toolIdentity: string;
  readonly flags: readonly string[];
  /** Flags for packages of the standard library. */
  readonly standardFlags: readonly string[];
  /** Where configurations are written to; "": a directory that is removed. */
  readonly directory: string;
  /** -n and -x. */
  readonly shows: (command: string) => void;
  /** -toolexec; null without it. */
  readonly toolexec: VetToolexec | null;
}

/** -toolexec: a program runs the tool, and those that compile what is imported. */
export interface VetToolexec {
  readonly options: BuildOptions;
  readonly program: ToolProgram;
  readonly steps: BuildSteps;
}

/** What a tool found out about one package. */
export interface VetOutcome {
  readonly id: string;
  readonly directory: string;
  /** Compiled for tests, whose import path others know by another name. */
  readonly isVariant: boolean;
  /** Something the package needs does not compile, which has been told. */
  readonly failed: boolean;
  readonly ended: ProcessResult | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** Packages of one loader: those of one test binary, with variants of what depends on the tested package. */
class Unit {
  readonly settings: VetSettings;
  readonly found: SourcePackages;
  readonly loader: Loader;
  readonly directory: string;
  /** "q [p.test]" of packages that are not the same in the tests of p. */
  readonly nameOf: (p: LoadedPackage) => string;
  readonly exports: ExportStore;
  /** -toolexec: makes the archives that are read in place of exported types. */
  readonly tools: Toolexec | null;
  readonly facts: Map<LoadedPackage, string>;
  count: number;

  constructor(
    settings: VetSettings,
    found: SourcePackages,
    loader: Loader,
    directory: string,
    nameOf: (p: LoadedPackage) => string,
  ) {
    this.settings = settings;
    this.found = found;
    this.loader = loader;
    this.directory = directory;
    const languageOf = (p: LoadedPackage): string => found.ws.languageOf(p);
    this.exports = new ExportStore({ ...settings, target: found.target, loader, languageOf });
    this.nameOf = nameOf;
    this.tools = settings.toolexec === null ? null : toolsFor(settings, settings.toolexec, found, nameOf);
    this.facts = new Map();
    this.count = 0;
  }
}

/** What imports of a package's tests mean: itself under its path, wherever it is. The tree's own packages have copies of others under the same path. */
export function withOwnPackage(resolver: Resolver, at: Resolved): Resolver {
  return {
    resolve: (path, from) => {
      const resolved = resolver.resolve(path, from);
      const isOwn = path === at.path && from !== null && (typeof resolved === 'string' || resolved.path === path);
      return isOwn ? at : resolved;
    },
  };
}

function resolvedOf(p: LoadedPackage): Resolved {
  return { path: p.path, dir: p.dir, isStandard: p.isStandard };
}

/** A package with its tests, which it is loaded with, and what they need. `files` are those named on the command line, or null. */
function unitOf(
  settings: VetSettings,
  found: SourcePackages,
  p: LoadedPackage,
  files: readonly string[] | null,
  directory: string,
): { readonly unit: Unit; readonly parts: TestedPackages; readonly isVariant: boolean } {
  const resolver = withOwnPackage(found.ws, resolvedOf(p));
  const loader = new Loader(settings.host.files, new FileSet(), found.target, resolver);
  const parts = loader.loadTested(resolvedOf(p), files);
  const { tested, external } = parts;
  const isVariant = parts.files.testGoFiles.length > 0 || p.name === 'main';
  const nameOf = (q: LoadedPackage): string => {
    const differs = q === tested || (tested !== null && dependenciesOf(q).has(tested));
    return q === external || (isVariant && differs) ? `${q.path} [${p.path}.test]` : q.path;
  };
  return { unit: new Unit(settings, found, loader, directory, nameOf), parts, isVariant };
}

function toolsFor(
  { cache, host }: VetSettings,
  { options, program, steps }: VetToolexec,
  found: SourcePackages,
  nameOf: (p: LoadedPackage) => string,
): Toolexec {
  const stepOf = (q: LoadedPackage): CompileStep => ({
    ...plainStep(
      q,
      found.ws.languageOf(q),
      found.list.some((named) => named.path === q.path),
    ),
    variant: nameOf(q).slice(q.path.length),
  });
  return new Toolexec({
    program,
    options,
    cache,
    placeOf: (q) => steps.placeOf(q),
    factsOf: (q) => {
      const step = stepOf(q);
      steps.compile(q, step);
      return compileFactsOf(options, q, step);
    },
    nameOf,
    tell: (_, text) => void host.stderr(text),
  });
}

/** Runs the tool on a package, with its tests, and on its external tests. */
export async function vetPackage(
  settings: VetSettings,
  found: SourcePackages,
  p: LoadedPackage,
  files: readonly string[] | null,
): Promise<VetOutcome[]> {
  const { host } = settings;
  const directory = host.files.makeTemporaryDirectory('tuza-vet');
  const work = settings.directory === '' ? directory : settings.directory;
  try {
    const { unit, parts, isVariant } = unitOf(settings, found, p, files, work);
    const { tested, external } = parts;
    if (tellLoadErrors(host, { ...found, loader: unit.loader }, /^$/)) return [failure(p.path)];
    const list: VetOutcome[] = [];
    if (tested !== null) list.push({ ...(await vetOne(unit, tested)), isVariant });
    if (external !== null) list.push({ ...(await vetOne(unit, external)), isVariant: true });
    return list;
  } finally {
    host.files.remove(directory);
  }
}

/** What is printed of the tool's own messages: paths in them are shortened (cmd/go/internal/work, reportCmd). */
export function messagesOf(host: Host, o: VetOutcome): string {
  let text = o.stderr;
  for (let d = o.directory; d !== '/' && d !== ''; d = parentPath(d)) {
    const short = shortPath(host, d);
    if (short !== d)
      text = text.replace(new RegExp(`(^|[ \\n\\t])${escaped(d)}`, 'g'), (_, before: string) => before + short);
  }
  const status = o.ended?.signal == null ? `exit status ${o.ended?.code ?? 1}` : `signal: ${o.ended.signal}`;
  if (text === '' && o.ended?.code === 0) return '';
  return `# ${o.id}\n${o.isVariant ? `# [${o.id}]\n` : ''}${text === '' ? `${status}\n` : text}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function failure(id: string): VetOutcome {
  return { id, directory: '', isVariant: false, failed: true, ended: null, stdout: new Uint8Array(0), stderr: '' };
}

/** The tool tells the errors of the package itself. */
async function vetOne(u: Unit, p: LoadedPackage): Promise<VetOutcome> {
  for (const q of importsInOrder(p)) {
    const ok = u.tools === null ? isRight(u, q) : await u.tools.compile(q);
    if (!ok) return failure(p.path);
    await factsOf(u, q);
  }
  // What the tool finds out besides is there for those that import the package.
  return runTool(u, p, false, await factsAction(u, p));
}

/** Packages that are imported must compile, which is told if they do not; what has been exported before does. */
function isRight(u: Unit, p: LoadedPackage): boolean {
  const { host } = u.settings;
  if (p.isStandard || u.exports.has(p)) return true;
  const errors = u.exports.checker.check(p);
  if (errors.length > 0)
    printPackageErrors(host, u.loader.fileSet, { path: p.path, list: errors.slice(0, 10), stoppedAt: 0 });
  return errors.length === 0;
}

/** Everything that a package needs, each after what it needs itself. */
function importsInOrder(p: LoadedPackage): LoadedPackage[] {
  const seen = new Set<LoadedPackage>([p]);
  const list: LoadedPackage[] = [];
  const visit = (q: LoadedPackage): void => {
    if (seen.has(q)) return;
    seen.add(q);
    for (const i of q.imports.values()) visit(i);
    list.push(q);
  };
  for (const i of p.imports.values()) visit(i);
  return list;
}

/** The file of the facts that the tool finds out about a package for those that import it; "" if it fails. */
async function factsOf(u: Unit, p: LoadedPackage): Promise<string> {
  const known = u.facts.get(p);
  if (known !== undefined) return known;
  const { cache } = u.settings;
  const action = await factsAction(u, p);
  if (cache.get(action) === null) await runTool(u, p, true, action);
  const entry = cache.entry(action);
  const path = entry === null ? '' : cache.outputFile(entry.output);
  u.facts.set(p, path);
  return path;
}

/** The identity of the facts about a package. */
async function factsAction(u: Unit, p: LoadedPackage): Promise<string> {
  const { host, toolIdentity } = u.settings;
  const f = new Fingerprint(host.sha256, 'tuza facts');
  f.add('tool', toolIdentity);
  for (const flag of flagsFor(u, p)) f.add('flag', flag);
  f.add('package', u.exports.actionOf(p));
  for (const name of p.files.sFiles) f.add(name, contentId(host.sha256, host.files.readFile(`${p.dir}/${name}`)));
  for (const i of p.imports.values()) f.add(i.path, contentId(host.sha256, encodeText(await factsOf(u, i))));
  return f.finish();
}

function flagsFor(u: Unit, p: LoadedPackage): readonly string[] {
  return p.isStandard ? u.settings.standardFlags : u.settings.flags;
}

async function runTool(u: Unit, p: LoadedPackage, onlyFacts: boolean, action: string): Promise<VetOutcome> {
  const id = p.path;
  const { host, tool, cache } = u.settings;
  const { processes, files } = host;
  if (processes === null) return failure(id);
  const place = `${u.directory}/vet${String(++u.count).padStart(3, '0')}${u.settings.directory === '' ? '' : `-${p.path.replaceAll('/', '_')}`}`;
  files.makeDirectory(place);
  const config = `${place}/vet.cfg`;
  const imported: ImportFiles = {
    types: (q) => u.tools?.fileOf(q) ?? u.exports.fileOf(q),
    facts: (q) => factsOf(u, q),
  };
  files.writeFile(config, encodeText(printed(await configOf(u, p, place, onlyFacts, imported))));
  let stderr = '';
  const take = (data: Uint8Array): void => void (stderr += new TextDecoder().decode(data));
  const args = [...flagsFor(u, p), config];
  const [program, ...words] = [...(u.settings.toolexec?.options.toolexec ?? []), tool, ...args];
  if (!onlyFacts) u.settings.shows([program, ...words].join(' '));
  const env = new Map([...host.env, ['GOROOT', u.found.goroot], ['PWD', p.dir], ['TOOLEXEC_IMPORTPATH', u.nameOf(p)]]);
  const ended = await processes.run(program, words, { directory: p.dir, env, input: false, output: take, error: take });
  const read = (path: string): Uint8Array | null => (files.stat(path) === null ? null : files.readFile(path));
  const facts = read(`${place}/vet.out`);
  if (facts !== null && ended.code === 0) cache.put(action, facts);
  return {
    id,
    directory: p.dir,
    isVariant: false,
    failed: false,
    ended,
    stdout: read(`${place}/vet.stdout`) ?? new Uint8Array(0),
    stderr,
  };
}

/** Where a configuration finds the types of an imported package, and the facts about it; "" if there are none. */
interface ImportFiles {
  readonly types: (p: LoadedPackage) => string;
  readonly facts: (p: LoadedPackage) => Promise<string>;
}

/**
 * -n: the configurations for a package and its external tests, in the order in which the tool would be run. `placeOf` names the directory of a package,
 * which is given with its name in messages. There are no facts yet.
 */
export async function plannedConfigs(
  settings: VetSettings,
  found: SourcePackages,
  p: LoadedPackage,
  files: readonly string[] | null,
  placeOf: (p: LoadedPackage, name: string) => string,
): Promise<{ readonly place: string; readonly text: string }[]> {
  const { unit, parts } = unitOf(settings, found, p, files, '');
  const { tested, external } = parts;
  if (tellLoadErrors(settings.host, { ...found, loader: unit.loader }, /^$/)) return [];
  const imports: ImportFiles = {
    types: (q) => `${placeOf(q, unit.nameOf(q))}/_pkg_.a`,
    facts: async () => '',
  };
  const list = [tested, external].filter((q) => q !== null);
  return Promise.all(
    list.map(async (q) => {
      const place = placeOf(q, unit.nameOf(q));
      return { place, text: printed(await configOf(unit, q, place, false, imports)) };
    }),
  );
}

function printed(config: object): string {
  return JSON.stringify(config, null, '\t');
}

async function configOf(
  u: Unit,
  p: LoadedPackage,
  place: string,
  onlyFacts: boolean,
  imported: ImportFiles,
): Promise<object> {
  const { files } = p;
  const module = p.isStandard ? null : u.found.ws.moduleOf(p);
  const importMap: Record<string, string> = {};
  const packageFile: Record<string, string> = {};
  const standard: Record<string, boolean> = {};
  const vetx: Record<string, string> = {};
  for (const [name, q] of p.imports) {
    importMap[name] = q.path;
    packageFile[q.path] = imported.types(q);
    if (q.isStandard) standard[q.path] = true;
    const facts = await imported.facts(q);
    if (facts !== '') vetx[q.path] = facts;
  }
  if (files.goFiles.some((f) => f.imports.includes('unsafe'))) importMap.unsafe = 'unsafe';
  // The tool reads the disk, on which files of -overlay are somewhere else.
  const read = u.settings.host.files;
  const inPlace = (path: string): string => read.actualPath?.(path) ?? path;
  const inDirectory = (names: readonly string[]): string[] => names.map((n) => inPlace(`${p.dir}/${n}`));
  return {
    ID: p.path,
    Compiler: 'gc',
    Dir: p.dir,
    ImportPath: p.path,
    GoFiles: files.goFiles.map((f) => inPlace(f.path)),
    NonGoFiles: inDirectory([...files.sFiles, ...files.hFiles]),
    IgnoredFiles: inDirectory([...files.ignoredGoFiles, ...files.ignoredOtherFiles]),
    ModulePath: module?.path ?? '',
    ModuleVersion: module?.version ?? '',
    ImportMap: importMap,
    PackageFile: packageFile,
    Standard: standard,
    PackageVetx: vetx,
    VetxOnly: onlyFacts,
    VetxOutput: `${place}/vet.out`,
    Stdout: `${place}/vet.stdout`,
    GoVersion: p.isStandard ? goVersion : u.found.ws.languageOf(p),
    // Packages are analysed one after the other, so the tool writes fixed files itself.
    FixArchive: '',
    SucceedOnTypecheckFailure: false,
  };
}
