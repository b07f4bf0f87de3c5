/** `tuza list`: import paths, or what a template or JSON tells of packages (cmd/go/internal/list). */

import { compareText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition, type Pos } from '#base/source.ts';
import { openCache } from '#cache/open.ts';
import { CacheError } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import { dependenciesOf, type LoadedPackage, Loader } from '#load/loader.ts';
import { isVendoredCommand } from '#load/pattern.ts';
import { type BuildTarget, releaseVersion, toolTags } from '#load/target.ts';
import { findError } from '#mod/errors.ts';
import { versionKey } from '#mod/module.ts';
import { Queries } from '#mod/query.ts';
import { RetractedError } from '#mod/query-errors.ts';
import { BuildFlagError, buildOptions, checkParallelism, checkStamp } from './build-options.ts';
import { targetOf } from './build-target.ts';
import { commandNamed } from './command.ts';
import { loadErrorText } from './diagnostics.ts';
import { embedProblem } from './embed-problems.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { defaultGodebug } from './godebug.ts';
import { findGoroot } from './goroot.ts';
import { installTarget } from './install-target.ts';
import { formatJson, type Json } from './json.ts';
import { ListedExports } from './list-export.ts';
import { listModules, UnprefixedError } from './list-modules.ts';
import {
  describePackage,
  emptyListing,
  errorJson,
  type Listing,
  type PackageError as PlainError,
  withoutEmpty,
} from './list-package.ts';
import { describeVariant, ListedPackages, withDependencies } from './list-variants.ts';
import { tellModError } from './mod-errors.ts';
import { allFields, asObject } from './module-info.ts';
import { moduleOptionsOf, noModule } from './modules.ts';
import { withOverlay } from './overlay.ts';
import { commandLine, loadFiles, matchArguments, namesFiles, Workspace } from './packages.ts';
import { absolutePath, isLocalPath, shortPath } from './paths.ts';
import { splitQuotedFields } from './quoted.ts';
import { Staleness } from './staleness.ts';
import { compileTemplate, executeTemplate, TemplateError } from './template.ts';
import { type TestProblem, testProblemOf } from './test-load.ts';
import type { ParsedFlags } from './tool-flags.ts';

export async function runList(args: readonly string[], given: Host): Promise<number> {
  const goroot = findGoroot(given);
  const env = new Environment(given, goroot);
  // "-json=Name,Dir" is a flag that may have a value, which counting flags cannot have.
  const fields = new Set<string>();
  const parsed = parseCommandLine(given, commandNamed('list'), takeFields(args, fields), env);
  if (parsed === null) return 2;
  const host = withOverlay(given, parsed.text('overlay', ''));
  if (host === null) return 1;
  const target = targetOf(env, tagsOf(parsed), null, false);
  const problem = typeof target === 'string' ? target : conflictOf(parsed);
  if (problem !== '' || typeof target === 'string') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  try {
    checkParallelism(parsed, 'list');
    const ofModules = parsed.bool('m', false);
    const format = !ofModules ? '{{.ImportPath}}' : parsed.bool('versions', false) ? versionsFormat : '{{.}}';
    const printer = printerFor(host, parsed, fields, contextOf(env, target), format);
    if (ofModules) return await listModules(host, goroot, parsed, printer);
    const ws = new Workspace(host, goroot, moduleOptionsOf(parsed, 'list'));
    ws.showsIgnored = parsed.bool('x', false) || parsed.bool('n', false);
    await ws.prepare(target, parsed.rest, parsed.bool('test', false));
    if (parsed.bool('retracted', false)) refuseRetracted(ws);
    const isJson = parsed.count('json') > 0;
    if (fields.size === 0 || fields.has('Stale') || fields.has('StaleReason') || parsed.bool('export', false))
      await ws.prepareStamps({
        host,
        command: 'list',
        stamp: checkStamp(parsed, 'list'),
        showsCommands: ws.showsIgnored,
        showsPackages: parsed.bool('v', false),
      });
    const asked = parsed.text('f', '');
    const wants = (field: string): boolean =>
      isJson
        ? fields.size === 0 || fields.has(field)
        : field === 'EmbedFiles' || new RegExp(`[.]${field}\\b`).test(asked);
    const listing = new PackageList(host, ws, new Loader(host.files, new FileSet(), target, ws, true), wants);
    if (parsed.bool('export', false)) {
      const compiled = targetOf(env, tagsOf(parsed), false);
      const work = env.get('GOTMPDIR');
      if (work !== '' && host.files.stat(work)?.isDirectory !== true)
        throw new CacheError(`go: creating work dir: stat ${work}: no such file or directory`);
      const cache = openCache(host, (name) => env.get(name), splitQuotedFields);
      if (typeof compiled !== 'string') listing.exports = new ListedExports(host, ws, compiled, cache, parsed.rest);
    }
    if (isJson ? wants('Stale') || wants('StaleReason') : /[.]Stale/.test(asked)) {
      const options = buildOptions(host, parsed, 'list');
      for (const flags of [options.gcflags, options.asmflags, options.ldflags]) flags.workspace = ws;
      const cache = openCache(host, (name) => env.get(name), splitQuotedFields);
      listing.staleness = new Staleness(options, ws, cache, parsed.rest);
    }
    return await listing.run(parsed, printer);
  } catch (e) {
    if (e instanceof BuildFlagError) {
      host.stderr(`${e.message}\n`);
      return e.status;
    }
    if (!(e instanceof TemplateError || e instanceof UnprefixedError || e instanceof CacheError))
      return tellModError(host, e);
    host.stderr(`${e.message}\n`);
    return 1;
  }
}

/** Without modules and with vendor directories nobody knows of retractions. */
function refuseRetracted(ws: Workspace): void {
  if (ws.gopath !== null) throw new UnprefixedError('go list -retracted can only be used in module-aware mode');
  if (ws.modules?.vendor != null)
    throw new UnprefixedError('go list -retracted cannot be used when vendoring is enabled');
}

function takeFields(args: readonly string[], fields: Set<string>): string[] {
  return args.map((a) => {
    const m = /^--?json=(.*)$/.exec(a);
    if (m === null || /^(true|false|1|0|t|f|T|F|TRUE|FALSE|True|False)$/.test(m[1])) return a;
    for (const name of m[1].split(',')) fields.add(name);
    return '-json';
  });
}

function conflictOf(parsed: ParsedFlags): string {
  if (parsed.has('json') && parsed.has('f')) return 'go list -f cannot be used with -json';
  if (parsed.bool('m', false)) return '';
  for (const name of ['u', 'versions'])
    if (parsed.bool(name, false)) return `go list -${name} can only be used with -m`;
  if (parsed.text('reuse', '') !== '') return 'go list -reuse cannot be used without -m';
  const find = parsed.bool('find', false);
  if (find && parsed.bool('deps', false)) return 'go list -deps cannot be used with -find';
  if (find && parsed.bool('test', false)) return 'go list -test cannot be used with -find';
  return '';
}

/** What a generated package has of the package it is made for. */
const ofGenerated = new Set(['Dir', 'Root', 'Module', 'Goroot', 'DepOnly']);

function keepOnly(l: Listing, names: ReadonlySet<string>): void {
  const empty = emptyListing('');
  for (const name of Object.keys(l)) if (!names.has(name)) l[name] = empty[name];
}

type Printer = (l: Listing) => void;

/** What the template function `context` returns: go/build's Context. */
function contextOf(env: Environment, target: BuildTarget): Json {
  return {
    GOARCH: target.goarch,
    GOOS: target.goos,
    GOROOT: env.get('GOROOT'),
    GOPATH: env.get('GOPATH'),
    CgoEnabled: target.cgo,
    UseAllFiles: false,
    Compiler: 'gc',
    BuildTags: [...target.tags],
    ToolTags: toolTags(target),
    ReleaseTags: Array.from({ length: releaseVersion }, (_, i) => `go1.${i + 1}`),
    InstallSuffix: '',
  };
}

const versionsFormat = '{{.Path}}{{range .Versions}} {{.}}{{end}}{{if .Deprecated}} (deprecated){{end}}';

function printerFor(
  host: Host,
  parsed: ParsedFlags,
  fields: ReadonlySet<string>,
  context: Json,
  format: string,
): Printer {
  if (parsed.count('json') > 0) {
    const wanted = fields.size === 0 ? null : fields;
    return (l) => host.stdout(`${formatJson(withoutEmpty(l, wanted))}\n`);
  }
  const functions = { context: () => context };
  const template = compileTemplate(parsed.text('f', format), functions);
  return (l) => {
    const text = executeTemplate(template, l, functions);
    if (text !== '') host.stdout(text.endsWith('\n') ? text : `${text}\n`);
    else if (!parsed.has('f')) host.stdout('\n');
  };
}

class PackageList {
  readonly host: Host;
  readonly ws: Workspace;
  readonly loader: Loader;
  private readonly packages: ListedPackages;
  private readonly cgo: boolean;
  /** Whether a field is asked for. */
  private readonly wants: (field: string) => boolean;
  private readonly target: BuildTarget;
  /** Where somebody asks for it. */
  staleness: Staleness | null;
  /** With -export. */
  exports: ListedExports | null;

  constructor(host: Host, ws: Workspace, loader: Loader, wants: (field: string) => boolean) {
    this.wants = wants;
    this.packages = new ListedPackages(ws, loader);
    this.host = host;
    this.ws = ws;
    this.loader = loader;
    this.cgo = loader.target.cgo;
    this.target = loader.target;
    this.staleness = null;
    this.exports = null;
  }

  async run(parsed: ParsedFlags, print: Printer): Promise<number> {
    const { found, problems } = this.loadArguments(parsed.rest);
    const lenient = parsed.bool('e', false);
    if (!lenient) {
      const wrong = [...found.keys()].map((p) => this.errorText(p)).filter((text) => text !== '');
      for (const text of [...problems.map((e) => e.message), ...wrong]) this.host.stderr(`${text}\n`);
      if (problems.length + wrong.length > 0) return 1;
    }
    const roots = [...found.keys()].map((p) => this.packages.of(p));
    const testProblems = new Map<LoadedPackage, TestProblem>();
    for (const p of parsed.bool('test', false) ? found.keys() : []) {
      const hasTests = p.files.testGoFiles.length + p.files.xTestGoFiles.length > 0;
      const problem = hasTests && this.errorOf(p) === null ? testProblemOf(this.host, this.loader, p) : null;
      if (problem !== null && !lenient) {
        this.host.stderr(`go: can't load test package: ${problem.text}\n`);
        return 1;
      }
      if (problem !== null) testProblems.set(p, problem);
      roots.push(...this.packages.testPackages(p));
    }
    const named = new Set(roots);
    const find = parsed.bool('find', false);
    let status = 0;
    const listed = parsed.bool('deps', false) ? withDependencies(roots) : roots;
    if (!lenient && parsed.bool('deps', false)) {
      for (const text of new Set(listed.map((p) => this.errorText(p.base)))) {
        if (text === '') continue;
        this.host.stderr(`${text}\n`);
        status = 1;
      }
    }
    const retracted = parsed.bool('retracted', false) ? await retractedModules(this.ws, listed) : null;
    for (const p of listed) {
      const l = this.describe(p.base, parsed.bool('test', false) && found.has(p.base));
      const why = retracted?.get(versionKey(this.ws.moduleOf(p.base) ?? { path: '', version: '' }));
      const module = asObject(l.Module);
      if (why !== undefined && module !== null) l.Module = allFields({ ...module, Retracted: why });
      l.Match = found.get(p.base) ?? [];
      l.DepOnly = !named.has(p);
      if (p.kind === 'main' || p.kind === 'external') keepOnly(l, ofGenerated);
      if (p.kind === 'main') l.Goroot = false;
      if (p.kind !== 'plain') describeVariant(this.ws, p, l);
      const problem = testProblems.get(p.base);
      if (problem !== undefined && p.kind === (problem.ofPackage ? 'tested' : 'main')) {
        const { position, message, text } = problem;
        l.Error = errorJson({ stack: [], position, message }, text);
        l.Incomplete = true;
      }
      if (find) {
        l.Deps = [];
        l.Imports = [];
        l.DepsErrors = [];
        l.Incomplete = l.Error !== null;
      }
      if (p.kind === 'plain') this.describeTarget(p.base, l);
      if (p.kind === 'plain' && this.exports !== null && !this.describeExport(this.exports, l, lenient)) status = 1;
      if (parsed.bool('compiled', false) && l.Error === null) l.CompiledGoFiles = l.GoFiles;
      print(l);
    }
    for (const e of problems) print(this.describeMissing(e));
    return status;
  }

  /** The packages with the patterns that mean them, and what could not be found. */
  private loadArguments(args: readonly string[]): { found: Map<LoadedPackage, string[]>; problems: Missing[] } {
    const found = new Map<LoadedPackage, string[]>();
    const problems: Missing[] = [];
    if (namesFiles(this.ws, args)) {
      const p = loadFiles(this.ws, this.loader, args, (message) =>
        problems.push({ path: commandLine, pattern: args[0], message }),
      );
      if (p !== null) found.set(p, [...args]);
      return { found, problems };
    }
    if (this.ws.isImplicit && (args.length === 0 || args.some((a) => isOwnDirectory(this.ws, a)))) {
      // The made-up module is for building: other tools would take its packages for those of a real one.
      const [pattern = '.'] = args;
      const message = pattern.includes('...')
        ? `pattern ${pattern}: directory prefix ${pattern.replace(/\/?\.\.\..*$/, '')} does not contain main module or its selected dependencies`
        : `go: ${noModule(this.host, this.ws.goroot).message}`;
      return { found, problems: [{ path: args[0] ?? '.', pattern: args[0] ?? '.', message }] };
    }
    for (const a of this.ws.isImplicit ? args.filter((x) => x === 'all') : [])
      this.ws.warn(`go: warning: "${a}" matched no packages\n`);
    const patterns = this.ws.isImplicit && args.length > 0 ? args.filter((a) => a !== 'all') : args;
    if (patterns.length === 0 && args.length > 0) return { found, problems };
    for (const m of matchArguments(this.ws, this.loader.target, patterns)) {
      if (m.problem !== '') problems.push({ path: m.pattern, pattern: m.pattern, message: m.problem });
      for (const path of m.paths) {
        const before = this.loader.errors.length;
        // What imports have led to nowhere is in "all" nevertheless, with what is wrong.
        const missing = m.pattern === 'all' ? this.loader.find(path) : null;
        const p = missing?.problem != null ? missing : this.loader.load(path);
        if (p === null) {
          const [e] = this.loader.errors.splice(before);
          const isWild = m.pattern.includes('...') || ['std', 'cmd'].includes(m.pattern);
          const isEmpty =
            m.pattern === 'all' && /build constraints exclude all|no (?:non-test )?Go files/.test(e?.message ?? '');
          if (!isWild && !isEmpty)
            problems.push({ path, pattern: m.pattern, message: e?.message ?? `cannot load ${path}` });
        } else if (m.pattern !== 'cmd' || !isVendoredCommand(p.path, p.name)) {
          const patterns = found.get(p);
          if (patterns === undefined) found.set(p, [m.pattern]);
          else if (!patterns.includes(m.pattern)) patterns.push(m.pattern);
        }
      }
    }
    return { found, problems };
  }

  /** What is wrong with a package; null if nothing is. */
  private errorOf(p: LoadedPackage): PackageError | null {
    const problem = p.files.errors.length === 0 ? p.problem : null;
    const embed = problem === null && p.files.errors.length === 0 ? this.embedError(p) : null;
    const place = (pos: Pos): string =>
      pos === 0 ? '' : shortPath(this.host, formatPosition(this.loader.fileSet.position(pos)));
    if (problem === null && embed === null && p.files.errors.length === 0) return this.stampError(p);
    if (problem !== null)
      return { stack: problem.stack, position: place(problem.pos), message: problem.message, text: problem.diagnostic };
    const [d = embed ?? undefined] = p.files.errors;
    return d === undefined ? null : { stack: [p.path], position: place(d.pos), message: d.message, text: d };
  }

  private stampError(p: LoadedPackage): PackageError | null {
    const stamp = p.name === 'main' ? this.ws.stamps?.stampOf(this.ws, p) : undefined;
    if (typeof stamp !== 'string') return null;
    return { stack: [], position: '', message: stamp, text: { pos: 0, message: stamp, code: '', soft: false } };
  }

  /** Only as JSON, embedded files are looked for if they are asked for (load.PackageOpts.SuppressEmbedFiles). */
  private embedError(p: LoadedPackage): Diagnostic | null {
    const { goFiles, cgoFiles, testGoFiles, xTestGoFiles } = p.files;
    const groups = {
      EmbedFiles: [...goFiles, ...cgoFiles],
      TestEmbedFiles: testGoFiles,
      XTestEmbedFiles: xTestGoFiles,
    };
    for (const [name, sources] of Object.entries(groups)) {
      const d = this.wants(name) ? embedProblem(this.host.files, this.loader.fileSet, p, sources) : null;
      if (d !== null) return d;
    }
    return null;
  }

  private errorText(p: LoadedPackage): string {
    const e = this.errorOf(p);
    return e === null ? '' : loadErrorText(this.host, this.loader.fileSet, e.text);
  }

  /** Errors of everything that a package imports, by the package that they are found in. */
  private dependencyErrors(p: LoadedPackage): PackageError[] {
    const list: PackageError[] = [];
    for (const q of dependenciesOf(p)) {
      const e = this.errorOf(q);
      if (e !== null) list.push(e);
    }
    return list.sort((a, b) => compareText(a.stack.at(-1) ?? '', b.stack.at(-1) ?? ''));
  }

  private describe(p: LoadedPackage, withTestEmbeds: boolean): Listing {
    const l = describePackage(this.ws, this.host.files, p, this.cgo, withTestEmbeds);
    const error = this.errorOf(p);
    if (error !== null) l.Error = errorJson(error, loadErrorText(this.host, this.loader.fileSet, error.text));
    const ofDependencies = this.dependencyErrors(p);
    l.DepsErrors = ofDependencies.map((e) => errorJson(e, loadErrorText(this.host, this.loader.fileSet, e.text)));
    if (l.Error !== null || ofDependencies.length > 0) l.Incomplete = true;
    return l;
  }

  /** Where the package would be installed, and whether it is up to date. */
  private describeTarget(p: LoadedPackage, l: Listing): void {
    l.Target = installTarget(this.ws, this.target, p);
    if (p.name === 'main') l.DefaultGODEBUG = defaultGodebug(this.ws, p);
    if (this.staleness === null || l.Error !== null) return;
    l.StaleReason = this.staleness.reasonFor(p.path, String(l.Target));
    l.Stale = l.StaleReason !== '';
  }

  /** The file of export data; false after a message. */
  private describeExport(exports: ListedExports, l: Listing, lenient: boolean): boolean {
    if (l.Error !== null) return true;
    const { file, buildId, error } = exports.of(String(l.ImportPath));
    l.Export = file;
    l.BuildID = buildId;
    if (error === '') return true;
    l.Incomplete = true;
    if (!lenient) this.host.stderr(error);
    else l.Error = errorJson({ stack: [], position: '', message: error.trimEnd() }, error.trimEnd());
    return lenient;
  }

  private describeMissing(m: Missing): Listing {
    const l = emptyListing(m.path);
    l.Match = [m.pattern];
    l.Incomplete = true;
    l.Error = errorJson({ stack: [], position: '', message: m.message }, m.message);
    return l;
  }
}

/** Why the modules of packages should not be used any more; modules that may be are left out. */
async function retractedModules(
  ws: Workspace,
  listed: readonly { readonly base: LoadedPackage }[],
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const { modules } = ws;
  if (modules === null) return found;
  const queries = new Queries(modules);
  for (const { base } of listed) {
    const m = ws.moduleOf(base);
    if (m === null || m.version === '' || found.has(versionKey(m))) continue;
    const why = findError(await queries.checkRetractions(m), RetractedError);
    if (why !== null)
      found.set(versionKey(m), why.rationale.length === 0 ? ['retracted by module author'] : why.rationale);
  }
  return found;
}

/** A directory outside of the Go tree. */
function isOwnDirectory(ws: Workspace, argument: string): boolean {
  if (!isLocalPath(argument)) return false;
  const dir = absolutePath(ws.host, argument);
  return (
    !dir.startsWith(`${ws.goroot}/src/`) && ws.host.files.stat(dir.replace(/\/\.\.\..*$/, ''))?.isDirectory === true
  );
}

interface PackageError extends PlainError {
  readonly text: Diagnostic;
}

interface Missing {
  readonly path: string;
  readonly pattern: string;
  readonly message: string;
}
