/** `tuza list`: import paths, or what a template or JSON tells of packages (cmd/go/internal/list). */
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition } from '#base/source.ts';
import type { Host } from '#host/host.ts';
import { dependencyPaths, type LoadedPackage, Loader } from '#load/loader.ts';
import { importPaths } from '#load/package-files.ts';
import { isVendoredCommand } from '#load/pattern.ts';
import { type BuildTarget, releaseVersion, toolTags } from '#load/target.ts';
import { commandNamed } from './command.ts';
import { Environment, targetOf } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { findGoroot } from './goroot.ts';
import { formatJson, type Json } from './json.ts';
import {
  describePackage,
  emptyListing,
  errorJson,
  type Listing,
  type PackageError,
  resolvedImports,
  withoutEmpty,
} from './list-package.ts';
import { matchArguments, Workspace } from './packages.ts';
import { parentPath, shortPath } from './paths.ts';
import { compileTemplate, executeTemplate, TemplateError } from './template.ts';
import type { ParsedFlags } from './tool-flags.ts';

export function runList(args: readonly string[], host: Host): number {
  const goroot = findGoroot(host);
  const env = new Environment(host, goroot);
  // "-json=Name,Dir" is a flag that may have a value, which counting flags cannot have.
  const fields = new Set<string>();
  const parsed = parseCommandLine(host, commandNamed('list'), takeFields(args, fields), env);
  if (parsed === null) return 2;
  const target = targetOf(env, tagsOf(parsed));
  const problem = typeof target === 'string' ? target : conflictOf(parsed);
  if (problem !== '' || typeof target === 'string') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  try {
    const printer = printerFor(host, parsed, fields, contextOf(env, target));
    const ws = new Workspace(host, goroot);
    const listing = new PackageList(host, ws, new Loader(host.files, new FileSet(), target, ws, true));
    return listing.run(parsed, printer);
  } catch (e) {
    if (!(e instanceof TemplateError)) throw e;
    host.stderr(`${e.message}\n`);
    return 1;
  }
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
  const find = parsed.bool('find', false);
  if (find && parsed.bool('deps', false)) return 'go list -deps cannot be used with -find';
  if (find && parsed.bool('test', false)) return 'go list -test cannot be used with -find';
  if (parsed.bool('deps', false) && parsed.bool('test', false))
    return 'tuza list: -deps together with -test is not implemented';
  return '';
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

function printerFor(host: Host, parsed: ParsedFlags, fields: ReadonlySet<string>, context: Json): Printer {
  if (parsed.count('json') > 0) {
    const wanted = fields.size === 0 ? null : fields;
    return (l) => host.stdout(`${formatJson(withoutEmpty(l, wanted))}\n`);
  }
  const functions = { context: () => context };
  const template = compileTemplate(parsed.text('f', '{{.ImportPath}}'), functions);
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
  private readonly cgo: boolean;

  constructor(host: Host, ws: Workspace, loader: Loader) {
    this.host = host;
    this.ws = ws;
    this.loader = loader;
    this.cgo = loader.target.cgo;
  }

  run(parsed: ParsedFlags, print: Printer): number {
    const { found, problems } = this.loadArguments(parsed.rest);
    const lenient = parsed.bool('e', false);
    const errors = this.errorsOf([...found.keys()]);
    const failed = problems.length > 0 || [...found.keys()].some((p) => errors.has(p));
    if (!lenient && failed) {
      for (const e of problems) this.host.stderr(`${e.message}\n`);
      for (const p of found.keys()) {
        const e = errors.get(p);
        if (e !== undefined) this.host.stderr(`${e.position === '' ? '' : `${e.position}: `}${e.message}\n`);
      }
      return 1;
    }
    for (const e of problems) print(this.describeMissing(e));
    const listed = parsed.bool('deps', false) ? this.withDependencies([...found.keys()]) : [...found.keys()];
    for (const p of listed) {
      const l = this.describe(p, errors.get(p) ?? null);
      l.Match = found.get(p) ?? [];
      l.DepOnly = !found.has(p);
      if (parsed.bool('find', false)) Object.assign(l, { Imports: l.Imports, Deps: [], ImportMap: l.ImportMap });
      print(l);
    }
    if (parsed.bool('test', false)) for (const p of found.keys()) for (const l of this.describeTests(p)) print(l);
    return 0;
  }

  /** The packages with the patterns that mean them, and what could not be found. */
  private loadArguments(args: readonly string[]): { found: Map<LoadedPackage, string[]>; problems: Missing[] } {
    const found = new Map<LoadedPackage, string[]>();
    const problems: Missing[] = [];
    for (const m of matchArguments(this.ws, this.loader.target, args)) {
      if (m.problem !== '') problems.push({ path: m.pattern, pattern: m.pattern, message: m.problem });
      for (const path of m.paths) {
        const before = this.loader.errors.length;
        const p = this.loader.load(path);
        if (p === null) {
          const [e] = this.loader.errors.splice(before);
          const isWild = m.pattern.includes('...');
          if (!isWild) problems.push({ path, pattern: m.pattern, message: e?.message ?? `cannot load ${path}` });
        } else if (m.pattern !== 'cmd' || !isVendoredCommand(p.path, p.name)) {
          const patterns = found.get(p);
          if (patterns === undefined) found.set(p, [m.pattern]);
          else if (!patterns.includes(m.pattern)) patterns.push(m.pattern);
        }
      }
    }
    return { found, problems };
  }

  /** The first error of each package in its own files; imports that lead nowhere are errors of what they name. */
  private errorsOf(packages: readonly LoadedPackage[]): Map<LoadedPackage, PackageError> {
    const errors = new Map<LoadedPackage, PackageError>();
    for (const p of packages) {
      const [d] = p.files.errors;
      if (d !== undefined) errors.set(p, this.errorOf(d, p));
    }
    return errors;
  }

  private errorOf(d: Diagnostic, p: LoadedPackage): PackageError {
    const position = d.pos === 0 ? '' : shortPath(this.host, formatPosition(this.loader.fileSet.position(d.pos)));
    return { stack: [p.path], position, message: d.message };
  }

  private describe(p: LoadedPackage, error: PackageError | null): Listing {
    const l = describePackage(this.ws, this.host.files, p, this.cgo);
    if (error !== null) l.Error = errorJson(error);
    // The loader reports a failed import at its position in the file.
    const ofImports = this.loader.errors.filter(
      (d) =>
        d.pos !== 0 &&
        !p.files.errors.includes(d) &&
        parentPath(this.loader.fileSet.position(d.pos).filename) === p.dir,
    );
    l.DepsErrors = ofImports.map((d) => errorJson(this.errorOf(d, p)));
    if (error !== null || ofImports.length > 0) l.Incomplete = true;
    return l;
  }

  private describeMissing(m: Missing): Listing {
    const l = emptyListing(m.path);
    l.Match = [m.pattern];
    l.Incomplete = true;
    l.Error = errorJson({ stack: [], position: '', message: m.message });
    return l;
  }

  /** Each package after what it imports, imports in alphabetical order. */
  private withDependencies(packages: readonly LoadedPackage[]): LoadedPackage[] {
    const list = new Set<LoadedPackage>();
    const seen = new Set<LoadedPackage>();
    const visit = (p: LoadedPackage): void => {
      if (seen.has(p)) return;
      seen.add(p);
      for (const q of this.importsOf(p)) visit(q);
      list.add(p);
    };
    for (const p of packages) visit(p);
    return [...list];
  }

  private importsOf(p: LoadedPackage): LoadedPackage[] {
    const out: LoadedPackage[] = [];
    for (const path of importPaths([...p.files.goFiles, ...p.files.cgoFiles])) {
      const q = path === 'unsafe' ? this.loader.load('unsafe') : p.imports.get(path);
      if (q !== undefined && q !== null) out.push(q);
    }
    if (p.usesUnsafe && p.files.cgoFiles.length > 0) {
      const unsafe = this.loader.load('unsafe');
      if (unsafe !== null && !out.includes(unsafe)) out.push(unsafe);
    }
    return [...out, ...p.implicit];
  }

  /** The test binary, and the packages as they are built for it; all that depends on a package with internal tests is built again for it. */
  private describeTests(p: LoadedPackage): Listing[] {
    const { testGoFiles, xTestGoFiles } = p.files;
    if (testGoFiles.length + xTestGoFiles.length === 0) return [];
    const binary = `${p.path}.test`;
    const marked = (path: string): string => {
      if (path === `${p.path}_test`) return `${path} [${binary}]`;
      if (testGoFiles.length === 0) return path;
      const q = path === 'C' ? null : this.loader.load(path);
      return path === p.path || (q !== null && dependencyPaths(q).includes(p.path)) ? `${path} [${binary}]` : path;
    };
    const base = this.describe(p, null);
    const own = [...p.files.goFiles, ...p.files.cgoFiles];
    const out: Listing[] = [];
    const variant = (
      path: string,
      name: string,
      files: readonly string[],
      imports: readonly Import[],
      through: readonly Import[] = [],
    ): Listing => {
      const l = emptyListing(path);
      const { Root, Module, Goroot, Standard } = base;
      Object.assign(l, { Dir: p.dir, Name: name, Root, Module, Goroot, Standard, ForTest: p.path, GoFiles: files });
      l.Imports = imports.map(([, to]) => marked(to));
      l.ImportMap = new Map(imports.map(([from, to]): Import => [from, marked(to)]).filter(([a, b]) => a !== b));
      l.Deps = this.dependenciesOf([...imports, ...through], marked);
      return l;
    };
    const withTests = testGoFiles.length > 0;
    const x = xTestGoFiles.length > 0;
    const testImports = resolvedImports(this.ws, p, [...own, ...testGoFiles]);
    const xTestImports = resolvedImports(this.ws, p, xTestGoFiles);
    const mainImports = [
      'os',
      'reflect',
      'testing',
      'testing/internal/testdeps',
      p.path,
      ...(x ? [`${p.path}_test`] : []),
    ];
    const main = variant(
      binary,
      'main',
      ['_testmain.go'],
      mainImports.sort().map((path): Import => [path, path]),
      [...(withTests ? testImports : []), ...xTestImports],
    );
    main.ForTest = '';
    out.push(main);
    if (withTests) {
      const files = [...own, ...testGoFiles].map((f) => f.name);
      const l = variant(`${p.path} [${binary}]`, p.name, files, testImports);
      l.TestGoFiles = base.TestGoFiles;
      l.XTestGoFiles = base.XTestGoFiles;
      out.push(l);
    }
    if (x) {
      const files = xTestGoFiles.map((f) => f.name);
      out.push(variant(`${p.path}_test [${binary}]`, `${p.name}_test`, files, xTestImports));
    }
    return out;
  }

  /** Imports and all that these need. */
  private dependenciesOf(imports: readonly Import[], marked: (path: string) => string): string[] {
    const all = new Set<string>();
    for (const [, path] of imports) {
      all.add(marked(path));
      // The external tests' package is no package of its own.
      const q = path === 'C' || path.endsWith('_test') ? null : this.loader.load(path);
      if (q !== null) for (const d of dependencyPaths(q)) all.add(marked(d));
    }
    return [...all].sort();
  }
}

/** As written, and what it means. */
type Import = [from: string, to: string];

interface Missing {
  readonly path: string;
  readonly pattern: string;
  readonly message: string;
}
