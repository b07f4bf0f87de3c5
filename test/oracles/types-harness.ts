/** Type-checking source texts in tests: one package against the standard library, whose packages are loaded once and resolved on demand. */
import type { Diagnostic, Report } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import type { File } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Config, Importer } from '#types/checker.ts';
import { compilerChecks } from '#types/compilerchecks.ts';
import { CompilerErrors } from '#types/compilererrors.ts';
import { checkFileDirectives, type DirectiveOptions } from '#types/directives.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';
import { asGoVersion } from '#types/version.ts';

export interface CheckOptions {
  /** "" allows everything. */
  goVersion: string;
  /** As the compiler: see compilererrors.ts and compilerchecks.ts. */
  compiler: boolean;
  /** Packages beside the standard library, by path. */
  packages?: Map<string, Package>;
  /** The package's path. */
  path: string;
  std?: boolean;
  runtime?: boolean;
  complete?: boolean;
  onPackage?: (pkg: Package) => void;
}

/** The standard library for one GOROOT. */
class Library {
  readonly files: FileSet;
  readonly loader: Loader;
  readonly config: Config;
  readonly packages: Map<LoadedPackage, Package>;

  constructor(goroot: string) {
    const host = nodeHost();
    this.files = new FileSet();
    const target = makeTarget('linux', 'amd64', true, []);
    this.loader = new Loader(host.files, this.files, target, new StandardResolver(host.files, goroot));
    const report = (d: Diagnostic): void => {
      throw new Error(`error in the standard library: ${d.message}`);
    };
    const config = newConfig(this.files, report, 'amd64', 'go1.26', (file, decl) => {
      parseBody(file, decl, report);
    });
    this.config = { ...config, fakeImportC: true };
    this.packages = new Map();
  }

  import(path: string): Package | string {
    if (path === 'unsafe') return unsafePackage;
    if (path === '') return 'invalid import path (empty string)';
    if (path.startsWith('/')) return 'import path cannot be absolute path';
    const clean = path.replace(/\/+/g, '/');
    if (clean !== path) return `non-canonical import path "${path}" (should be "${clean}")`;
    const p = this.loader.load(path);
    if (p === null) return 'open : no such file or directory';
    return this.package(p);
  }

  private package(p: LoadedPackage): Package {
    const known = this.packages.get(p);
    if (known !== undefined) return known;
    const importer: Importer = {
      import: (path) => {
        if (path === 'unsafe') return unsafePackage;
        const imported = p.imports.get(path);
        return imported === undefined ? `could not import ${path}` : this.package(imported);
      },
    };
    // What cgo would generate is not there: uses of C have no object.
    const files = [...p.files.goFiles, ...p.files.cgoFiles].map((f) => f.syntax);
    const pkg = checkPackage(p.path, files, importer, this.config);
    this.packages.set(p, pkg);
    return pkg;
  }
}

let library: Library | null = null;

/** The files of the standard library, for positions in them. */
export function standardFiles(goroot: string): FileSet {
  if (library === null) library = new Library(goroot);
  return library.files;
}

/** Parses and checks the sources as one package; returns all messages, as the compiler would if `compiler` is set. */
export function checkSources(
  goroot: string,
  files: FileSet,
  sources: ReadonlyMap<string, Uint8Array>,
  options: CheckOptions,
): Diagnostic[] {
  if (library === null) library = new Library(goroot);
  const std = library;
  const errors = new CompilerErrors(files, options.goVersion);
  const list: Diagnostic[] = [];
  const report: Report = options.compiler ? errors.report : (d) => list.push(d);
  const trees: File[] = [];
  for (const [name, text] of sources) {
    const source = files.addFile(name, text.length);
    trees.push(parseFile(source, text, { bodies: true, branches: options.compiler }, report));
  }
  errors.files = trees;
  const directives: DirectiveOptions = {
    std: options.std === true,
    runtime: options.runtime === true,
    complete: options.complete === true,
    version: asGoVersion(options.goVersion),
  };
  if (options.compiler) for (const t of trees) checkFileDirectives(t, directives, report);
  if (errors.syntaxErrors > 0) return errors.sorted();
  const config: Config = {
    ...newConfig(files, report, 'amd64', options.goVersion, () => undefined),
    ignoreBranchErrors: options.compiler,
  };
  const importer: Importer = {
    import: (path) => options.packages?.get(path) ?? std.import(path),
  };
  const pkg = checkPackage(options.path, trees, importer, config);
  options.onPackage?.(pkg);
  checkAll(pkg);
  if (!options.compiler) return list;
  if (errors.list.length === 0) compilerChecks(pkg, trees, directives, report);
  return errors.sorted();
}
