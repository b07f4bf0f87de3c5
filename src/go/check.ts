/** `tuza check`: parses and type-checks packages whole, with what the compiler refuses besides, and compiles nothing. */
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import { PackageCheck } from '#compile/check-package.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { parseBody } from '#syntax/body.ts';
import { checkPackage, newConfig } from '#types/check.ts';
import type { Config } from '#types/checker.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';
import { targetOf } from './build-target.ts';
import { commandNamed } from './command.ts';
import { diagnosticJson, printDiagnostics } from './diagnostics.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { findGoroot } from './goroot.ts';
import { tellOfImplicitModule } from './implicit-module.ts';
import { defaultOptions, type ModuleOptions, moduleOptionsOf } from './modules.ts';
import { loadPackages, Workspace } from './packages.ts';

export async function runCheck(args: readonly string[], host: Host): Promise<number> {
  const env = new Environment(host, findGoroot(host));
  const parsed = parseCommandLine(host, commandNamed('check'), args, env);
  if (parsed === null) return 2;
  const found = await checkPatterns(host, parsed.rest, tagsOf(parsed), moduleOptionsOf(parsed, 'check'));
  if (typeof found === 'string') {
    host.stderr(`${found}\n`);
    return 2;
  }
  const json = parsed.bool('json', false);
  const limit = parsed.bool('e', false) ? Number.POSITIVE_INFINITY : undefined;
  for (const { path, list } of found.packages) {
    if (!json) printDiagnostics(host, found.fileSet, list, path, limit);
    else for (const d of list) host.stdout(`${diagnosticJson(found.fileSet, d, path)}\n`);
  }
  return found.packages.length > 0 ? 1 : 0;
}

export interface CheckResult {
  readonly fileSet: FileSet;
  /** The packages that have errors; those of loading come first, under the path "". */
  readonly packages: readonly { readonly path: string; readonly list: readonly Diagnostic[] }[];
}

/** Checks the packages that arguments mean; a text is what is wrong with the variables. Throws GorootError. */
export async function checkPatterns(
  host: Host,
  patterns: readonly string[],
  tags: readonly string[],
  modules: ModuleOptions = defaultOptions,
): Promise<CheckResult | string> {
  const goroot = findGoroot(host);
  // Files of cgo cannot be checked without what cgo makes of them, so packages are taken as they are without cgo.
  const target = targetOf(new Environment(host, goroot), tags, false);
  if (typeof target === 'string') return target;
  const fileSet = new FileSet();
  const ws = new Workspace(host, goroot, modules);
  await ws.prepare(target, patterns, false);
  const loader = new Loader(host.files, fileSet, target, ws);
  const named = loadPackages(ws, loader, patterns);
  tellOfImplicitModule(host, ws, loader.ordered, patterns);
  const ofFiles = new Set(loader.ordered.flatMap((p) => p.files.errors));
  const packages = [{ path: '', list: loader.errors.filter((d) => !ofFiles.has(d)) }];
  const checking = new PackageChecker(fileSet, loader, (p) => ws.languageOf(p));
  // Errors of packages that are only imported are told, too, as a build would run into them.
  for (const p of loader.ordered) {
    if (named.includes(p) || p.files.errors.length > 0) packages.push({ path: p.path, list: checking.check(p) });
  }
  return { fileSet, packages: packages.filter((p) => p.list.length > 0) };
}

/** Packages under one file set, one context of instances; imported packages are checked as far as they are used. */
export class PackageChecker {
  readonly fileSet: FileSet;
  private readonly languageOf: (p: LoadedPackage) => string;
  private readonly imported: Map<LoadedPackage, Package>;
  private readonly lazy: Config;

  /** `languageOf`: "go1.N" of packages outside of the standard library. */
  constructor(fileSet: FileSet, loader: Loader, languageOf: (p: LoadedPackage) => string) {
    this.fileSet = fileSet;
    this.languageOf = languageOf;
    this.imported = new Map();
    const ignore = (): void => undefined;
    this.lazy = newConfig(
      fileSet,
      ignore,
      loader.target.goarch,
      'go1.26',
      (file, d) => void parseBody(file, d, ignore),
    );
  }

  /** All errors of a package, as the compiler words and sorts them. */
  check(p: LoadedPackage): Diagnostic[] {
    if (p.path === 'unsafe') return [];
    const lang = p.isStandard ? 'go1.26' : this.languageOf(p);
    const complete = p.files.sFiles.length === 0 && !p.isStandard;
    const check = new PackageCheck(p, this.fileSet, lang, {
      std: p.isStandard,
      complete,
      limit: Number.POSITIVE_INFINITY,
    });
    const { errors } = check;
    const ofReading = p.files.errors.filter((d) => !p.files.parseErrors.includes(d));
    for (const d of ofReading) errors.report(d);
    // Other errors of reading a package (two packages in a directory, constraints) leave nothing to check, either.
    if (!check.parse() || p.files.errors.length > 0 || this.lacksImports(p)) return errors.sorted();
    const config: Config = { ...this.lazy, report: errors.report, goVersion: lang };
    const types = checkPackage(p.name === 'main' ? 'main' : p.path, [...errors.files], this.importerOf(p), config);
    this.imported.set(p, types);
    check.check(types);
    return errors.sorted();
  }

  /** The result of a check, or null if the package was not type-checked. */
  find(p: LoadedPackage): Package | null {
    return this.imported.get(p) ?? null;
  }

  /** An import could not be loaded, which has been told. */
  private lacksImports(p: LoadedPackage): boolean {
    return p.files.goFiles.some((f) => f.imports.some((path) => path !== 'unsafe' && !p.imports.has(path)));
  }

  /** What a package exports; nothing of it is checked before it is used. */
  packageOf(p: LoadedPackage): Package {
    let types = this.imported.get(p);
    if (types === undefined) {
      const files = p.files.goFiles.map((f) => f.syntax);
      types = checkPackage(p.path, files, this.importerOf(p), this.lazy);
      this.imported.set(p, types);
    }
    return types;
  }

  private importerOf(p: LoadedPackage): { import(path: string): Package | string } {
    return {
      import: (path) => {
        if (path === 'unsafe') return unsafePackage;
        const q = p.imports.get(path);
        return q === undefined ? `could not import ${path}` : this.packageOf(q);
      },
    };
  }
}
