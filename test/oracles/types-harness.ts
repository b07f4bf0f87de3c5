/** Type-checking source texts in tests: one package against the standard library, whose packages are loaded once and resolved on demand. */
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, type Pos } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import { parseFile } from '#syntax/parse.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Config, Importer } from '#types/checker.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';

export interface Message {
  pos: Pos;
  text: string;
  soft: boolean;
}

export interface CheckOptions {
  /** "" allows everything. */
  goVersion: string;
  fakeImportC: boolean;
  ignoreBranchErrors: boolean;
  /** Packages beside the standard library, by path. */
  packages?: Map<string, Package>;
  /** The package's path; the default is its name. */
  path?: string;
  onPackage?: (pkg: Package) => void;
  /** As the compiler: no type checking after errors that call themselves syntax errors. */
  stopAtSyntaxErrors?: boolean;
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
    this.config = newConfig(this.files, report, 'amd64', 'go1.26', (file, decl) => {
      parseBody(file, decl, report);
    });
    this.packages = new Map();
  }

  import(path: string): Package | string {
    if (path === 'unsafe') return unsafePackage;
    if (path === '') return 'invalid import path (empty string)';
    const p = this.loader.load(path);
    if (p === null) return `could not import ${path} (package not found)`;
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
    const files = p.files.goFiles.map((f) => f.syntax);
    const pkg = checkPackage(p.path, files, importer, this.config);
    this.packages.set(p, pkg);
    return pkg;
  }
}

let library: Library | null = null;

/** Parses and checks the sources as one package; returns all messages, syntax errors first. */
export function checkSources(
  goroot: string,
  files: FileSet,
  sources: ReadonlyMap<string, Uint8Array>,
  options: CheckOptions,
): Message[] {
  if (library === null) library = new Library(goroot);
  const std = library;
  const messages: Message[] = [];
  const report = (d: Diagnostic): void => {
    messages.push({ pos: d.pos, text: d.message, soft: d.soft });
  };
  const trees = [];
  for (const [name, text] of sources) {
    const source = files.addFile(name, text.length);
    trees.push(parseFile(source, text, { bodies: true, branches: options.ignoreBranchErrors }, report));
  }
  const isSyntaxError = (m: Message): boolean => m.text.startsWith('syntax error');
  if (options.stopAtSyntaxErrors === true && messages.some(isSyntaxError)) return messages;
  const config: Config = {
    ...newConfig(files, report, 'amd64', options.goVersion, (file, decl) => {
      parseBody(file, decl, report);
    }),
    fakeImportC: options.fakeImportC,
    ignoreBranchErrors: options.ignoreBranchErrors,
  };
  const importer: Importer = {
    import: (path) => options.packages?.get(path) ?? std.import(path),
  };
  const path = options.path ?? trees[0]?.pkgName?.value ?? '';
  const pkg = checkPackage(path, trees, importer, config);
  options.onPackage?.(pkg);
  checkAll(pkg);
  return messages;
}
