/**
 * The packages of `list`: those that are loaded, and for -test those that a test binary is made of: the main package that is generated, the package with its
 * own tests, the external tests, and a copy of everything between them that depends on the package (cmd/go/internal/load: TestPackagesAndErrors, recompileForTest).
 */
import { resolveEmbed } from '#load/embed.ts';
import { type LoadedPackage, type Loader, linkerDependencies } from '#load/loader.ts';
import { type GoFile, importPaths, patternsOf } from '#load/package-files.ts';
import { defaultGodebug, godebugOf } from './godebug.ts';
import { type Listing, resolvedImports } from './list-package.ts';
import type { Workspace } from './packages.ts';

export type VariantKind = 'plain' | 'main' | 'tested' | 'external' | 'copy';

export class ListedPackage {
  readonly kind: VariantKind;
  /** Without what it is made for. */
  readonly path: string;
  /** The loaded package that it is made of; the tested one for the parts of a test binary. */
  readonly base: LoadedPackage;
  /** The import path of the tested package, or "". */
  readonly forTest: string;
  /** Import paths as written and as resolved. */
  readonly written: readonly (readonly [source: string, path: string])[];
  /** What is behind the imports and what the linker adds, in the order in which dependencies are listed. */
  imports: ListedPackage[];

  constructor(
    kind: VariantKind,
    path: string,
    base: LoadedPackage,
    forTest: string,
    written: readonly (readonly [string, string])[],
  ) {
    this.kind = kind;
    this.path = path;
    this.base = base;
    this.forTest = forTest;
    this.written = written;
    this.imports = [];
  }

  get importPath(): string {
    return this.forTest === '' ? this.path : `${this.path} [${this.forTest}.test]`;
  }
}

export class ListedPackages {
  readonly ws: Workspace;
  readonly loader: Loader;
  private readonly plain: Map<LoadedPackage, ListedPackage>;

  constructor(ws: Workspace, loader: Loader) {
    this.ws = ws;
    this.loader = loader;
    this.plain = new Map();
  }

  of(p: LoadedPackage): ListedPackage {
    const known = this.plain.get(p);
    if (known !== undefined) return known;
    const sources = [...p.files.goFiles, ...p.files.cgoFiles];
    const listed = new ListedPackage('plain', p.path, p, '', resolvedImports(this.ws, p, sources));
    this.plain.set(p, listed);
    for (const q of this.importsOf(p, sources)) listed.imports.push(this.of(q));
    return listed;
  }

  private importsOf(p: LoadedPackage, sources: readonly GoFile[]): LoadedPackage[] {
    const out: LoadedPackage[] = [];
    for (const path of importPaths(sources)) {
      const q = path === 'unsafe' ? this.loader.load('unsafe') : p.imports.get(path);
      if (q !== undefined && q !== null) out.push(q);
    }
    if (p.usesUnsafe && p.files.cgoFiles.length > 0) {
      const unsafe = this.loader.load('unsafe');
      if (unsafe !== null && !out.includes(unsafe)) out.push(unsafe);
    }
    return [...out, ...p.implicit];
  }

  /** What the test binary of a package is made of, main package first; nothing if there are no test files. */
  testPackages(p: LoadedPackage): ListedPackage[] {
    const { testGoFiles, xTestGoFiles, goFiles, cgoFiles } = p.files;
    if (testGoFiles.length + xTestGoFiles.length === 0) return [];
    const real = this.of(p);
    const tested = testGoFiles.length > 0 || p.name === 'main' ? this.testedVariant(real) : real;
    const external = xTestGoFiles.length > 0 ? this.externalVariant(p, tested) : null;
    const paths = ['os', 'reflect', 'testing', 'testing/internal/testdeps'];
    const parts = this.listed([...paths, ...linkerDependencies(this.loader.target)]).map((q) =>
      q === real ? tested : q,
    );
    if (goFiles.length + cgoFiles.length + testGoFiles.length > 0) {
      parts.push(tested);
      paths.push(p.path);
    }
    if (external !== null) {
      parts.push(external);
      paths.push(external.path);
    }
    const written = [...new Set(paths)].sort().map((path): [string, string] => [path, path]);
    const main = new ListedPackage('main', `${p.path}.test`, p, '', written);
    main.imports = parts;
    recompile(main, real, tested, external);
    return [main, ...(tested === real ? [] : [tested]), ...(external === null ? [] : [external])];
  }

  private testedVariant(real: ListedPackage): ListedPackage {
    const p = real.base;
    const tests = resolvedImports(this.ws, p, p.files.testGoFiles);
    const v = new ListedPackage('tested', p.path, p, p.path, [...tests, ...real.written]);
    v.imports = [...this.listedTests(p, p.files.testGoFiles, tests), ...real.imports];
    return v;
  }

  private externalVariant(p: LoadedPackage, tested: ListedPackage): ListedPackage {
    const written = resolvedImports(this.ws, p, p.files.xTestGoFiles);
    const v = new ListedPackage('external', `${p.path}_test`, p, p.path, written);
    const others = written.filter(([, path]) => path !== p.path);
    v.imports = this.listedTests(p, p.files.xTestGoFiles, others);
    if (others.length < written.length) v.imports.push(tested);
    return v;
  }

  private listedTests(
    p: LoadedPackage,
    files: readonly GoFile[],
    written: readonly (readonly [source: string, path: string])[],
  ): ListedPackage[] {
    const out: ListedPackage[] = [];
    for (const [source] of written) {
      const q = source === 'C' ? null : this.loader.loadTestImport(p, files, source);
      if (q !== null) out.push(this.of(q));
    }
    return out;
  }

  private listed(paths: readonly string[]): ListedPackage[] {
    const out: ListedPackage[] = [];
    for (const path of paths) {
      const q = path === 'C' ? null : this.loader.load(path);
      if (q !== null) out.push(this.of(q));
    }
    return out;
  }
}

/** Gives the test binary a copy of each package that depends on the tested one, with imports that lead to copies. */
function recompile(
  main: ListedPackage,
  real: ListedPackage,
  tested: ListedPackage,
  external: ListedPackage | null,
): void {
  const copies = new Map<ListedPackage, ListedPackage>([[real, tested]]);
  for (const p of withDependencies([main])) {
    if (p === real) continue;
    const own = p === main || p === tested || p === external;
    const changed = p.imports.map((q) => copies.get(q) ?? q);
    const isChanged = changed.some((q, i) => q !== p.imports[i]);
    // A program among the dependencies is built again as a library.
    if (own) p.imports = changed;
    else if (isChanged || p.base.name === 'main') {
      const copy = new ListedPackage('copy', p.path, p.base, real.path, p.written);
      copy.imports = changed;
      copies.set(p, copy);
    }
  }
}

/** Each package after what it imports. */
export function withDependencies(roots: readonly ListedPackage[]): ListedPackage[] {
  const list: ListedPackage[] = [];
  const seen = new Set<ListedPackage>();
  const visit = (p: ListedPackage): void => {
    if (seen.has(p)) return;
    seen.add(p);
    for (const q of p.imports) visit(q);
    list.push(p);
  };
  for (const p of roots) visit(p);
  return list;
}

/** The fields in which a variant is not as its base. */
export function describeVariant(ws: Workspace, v: ListedPackage, l: Listing): void {
  const files = v.base.files;
  // A copy's path tells what it is for.
  const shown = new Map(v.imports.map((q) => [q.path, q.importPath]));
  const imports = v.written.map(([, path]) => shown.get(path) ?? path);
  l.ImportPath = v.importPath;
  l.ForTest = v.forTest;
  l.Imports = imports;
  const map = new Map<string, string>();
  v.written.forEach(([source], i) => {
    if (imports[i] !== source) map.set(source, imports[i]);
  });
  l.ImportMap = map;
  l.Deps = [...new Set(withDependencies(v.imports).map((q) => q.importPath))].sort();
  l.DefaultGODEBUG = variantGodebug(ws, v);
  if (v.kind === 'copy') return;
  const names = (list: readonly GoFile[]): string[] => list.map((f) => f.name);
  if (v.kind === 'tested') {
    l.GoFiles = names([...files.goFiles, ...files.testGoFiles]);
    const embedded = [...files.goFiles, ...files.cgoFiles, ...files.testGoFiles];
    l.EmbedFiles = resolveEmbed(ws.host.files, v.base.dir, patternsOf(embedded)).files;
    return;
  }
  l.Name = v.kind === 'main' ? 'main' : `${v.base.name}_test`;
  l.GoFiles = v.kind === 'main' ? ['_testmain.go'] : names(files.xTestGoFiles);
  if (v.kind === 'external')
    l.EmbedFiles = resolveEmbed(ws.host.files, v.base.dir, patternsOf(files.xTestGoFiles)).files;
}

/** Programs have default settings: the test's own, which its files have a say in, and variants of a package main. */
function variantGodebug(ws: Workspace, v: ListedPackage): string {
  if (v.kind === 'external') return '';
  if (v.kind !== 'main') return defaultGodebug(ws, v.base);
  const { goFiles, cgoFiles, testGoFiles, xTestGoFiles } = v.base.files;
  return godebugOf(ws, v.base, [...goFiles, ...cgoFiles, ...testGoFiles, ...xTestGoFiles]);
}
