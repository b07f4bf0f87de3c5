/**
 * Export data of packages that have only been type-checked, in the build cache: what vet, fix, `list -export` and the compiler of a single package read
 * of the packages that are imported. An archive is found by the package's sources and those of what it imports.
 */
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import { Decoder } from '#compile/export/pkgbits.ts';
import { exportTypes } from '#compile/export/types-only.ts';
import type { Host } from '#host/host.ts';
import { dependenciesOf, type LoadedPackage, type Loader } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import * as Node from '#syntax/kinds.ts';
import type { Node as AnyNode, Decl } from '#syntax/nodes.ts';
import { forEachChild } from '#syntax/walk.ts';
import { PackageChecker } from './check.ts';
import { goVersion } from './version.ts';

export interface ExportSettings {
  readonly host: Host;
  readonly cache: BuildCache;
  readonly target: BuildTarget;
  readonly loader: Loader;
  /** "go1.N" of a package outside of the standard library. */
  languageOf(p: LoadedPackage): string;
}

/** Packages of one loader. */
export class ExportStore {
  readonly checker: PackageChecker;
  private readonly settings: ExportSettings;
  private readonly files: Map<LoadedPackage, string>;
  private readonly decoders: Map<LoadedPackage, Decoder>;
  private readonly actions: Map<LoadedPackage, string>;
  private readonly initTasks: Map<LoadedPackage, boolean>;

  constructor(settings: ExportSettings) {
    this.settings = settings;
    const { loader } = settings;
    this.checker = new PackageChecker(loader.fileSet, loader, (p) => settings.languageOf(p));
    this.files = new Map();
    this.decoders = new Map();
    this.actions = new Map();
    this.initTasks = new Map();
  }

  /** Whether the package has been exported, now or before: then it is right. */
  has(p: LoadedPackage): boolean {
    return this.files.has(p) || this.settings.cache.entry(this.actionOf(p)) !== null;
  }

  /** The identity of a package's types: its sources and those of what it imports decide. */
  actionOf(p: LoadedPackage): string {
    const known = this.actions.get(p);
    if (known !== undefined) return known;
    const { host, target } = this.settings;
    const f = new Fingerprint(host.sha256, 'tuza export data');
    f.add('tool', host.toolIdentity);
    f.add('target', JSON.stringify({ ...target, tags: [...target.tags] }));
    f.add('path', p.path);
    f.add('directory', p.isStandard ? '' : p.dir);
    f.add('version', p.isStandard ? '' : this.settings.languageOf(p));
    for (const g of p.files.goFiles) f.add(g.name, contentId(host.sha256, host.files.readFile(g.path)));
    for (const [path, i] of p.imports) f.add(path, this.actionOf(i));
    const action = f.finish();
    this.actions.set(p, action);
    return action;
  }

  /** The file of a package's export data; the package must be right. */
  fileOf(p: LoadedPackage): string {
    const known = this.files.get(p);
    if (known !== undefined) return known;
    const { cache } = this.settings;
    const action = this.actionOf(p);
    let entry = cache.get(action) === null ? null : cache.entry(action);
    if (entry === null) {
      this.make(p, action);
      entry = cache.entry(action);
    }
    const path = cache.outputFile(entry?.output ?? '');
    this.files.set(p, path);
    return path;
  }

  /** Whether initializing the package does something, as far as its declarations tell. */
  private hasInitTask(p: LoadedPackage): boolean {
    let has = this.initTasks.get(p);
    if (has === undefined) {
      const own = p.files.goFiles.some((f) => f.syntax.decls.some(isInitialized));
      has = own || [...p.imports.values()].some((i) => this.hasInitTask(i));
      this.initTasks.set(p, has);
    }
    return has;
  }

  private dataAction(action: string): string {
    const f = new Fingerprint(this.settings.host.sha256, 'tuza export data alone');
    f.add('archive', action);
    return f.finish();
  }

  private make(p: LoadedPackage, action: string): void {
    const { cache, host, target, loader } = this.settings;
    const imported = [...new Set(p.imports.values())].map((i) => this.decoderOf(i));
    const header = objectHeader(target);
    const facts = { hasInitTask: this.hasInitTask(p), sources: sourcesOf(p) };
    const made = exportTypes(this.checker.packageOf(p), loader.fileSet, imported, header, host.sha256, facts);
    cache.put(this.dataAction(action), made.data);
    cache.put(action, made.archive);
  }

  private decoderOf(p: LoadedPackage): Decoder {
    let d = this.decoders.get(p);
    if (d === undefined) {
      const action = this.actionOf(p);
      const { cache } = this.settings;
      let data = cache.get(this.dataAction(action));
      if (data === null) {
        this.make(p, action);
        data = cache.get(this.dataAction(action)) ?? new Uint8Array(0);
      }
      d = new Decoder(p.path, data);
      this.decoders.set(p, d);
    }
    return d;
  }
}

/** An init function, or a variable whose value a call may make. */
function isInitialized(d: Decl): boolean {
  if (d.kind === Node.FuncDecl) return d.recv === null && d.name.value === 'init';
  return d.kind === Node.VarDecl && d.values !== null && callIn(d.values);
}

function callIn(n: AnyNode): boolean {
  if (n.kind === Node.CallExpr) return true;
  if (n.kind === Node.FuncLit) return false;
  let found = false;
  forEachChild(n, (child) => void (found ||= callIn(child)));
  return found;
}

function sourcesOf(p: LoadedPackage): Map<string, string> {
  const sources = new Map<string, string>();
  for (const q of [p, ...dependenciesOf(p)]) if (!q.isStandard) sources.set(q.path, q.dir);
  return sources;
}

/** The first line of object files. */
function objectHeader({ goos, goarch, level, experiments }: BuildTarget): string {
  return `go object ${goos} ${goarch} ${goVersion} GOAMD64=${level} X:${experiments.join(',')}`;
}
