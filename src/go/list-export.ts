/** -export of `list`: the files of export data of packages, and why there are none (cmd/go/internal/list; work.Builder). */
import { maxErrors } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import { printPackageErrors, toldErrors } from './diagnostics.ts';
import { ExportStore } from './export-store.ts';
import { loadPackages, type Workspace } from './packages.ts';

export interface ListedExport {
  /** A path, or "". */
  readonly file: string;
  readonly buildId: string;
  /** What the compiler says, or "". */
  readonly error: string;
}

const none: ListedExport = { file: '', buildId: '', error: '' };

export class ListedExports {
  private readonly host: Host;
  private readonly loader: Loader;
  private readonly store: ExportStore;
  private readonly known: Map<LoadedPackage, ListedExport>;

  /** The target is that of builds, which translate no cgo. */
  constructor(host: Host, ws: Workspace, target: BuildTarget, cache: BuildCache, args: readonly string[]) {
    this.host = host;
    this.loader = new Loader(host.files, new FileSet(), target, ws);
    loadPackages(ws, this.loader, args);
    this.store = new ExportStore({
      host,
      cache,
      target,
      loader: this.loader,
      languageOf: (p) => ws.languageOf(p),
    });
    this.known = new Map();
  }

  of(path: string): ListedExport {
    const p = path === 'unsafe' ? null : (this.loader.find(path) ?? this.loader.load(path));
    return p === null || p.files.goFiles.length === 0 ? none : this.exported(p);
  }

  private exported(p: LoadedPackage): ListedExport {
    let e = this.known.get(p);
    if (e === undefined) {
      e = this.make(p);
      this.known.set(p, e);
    }
    return e;
  }

  private make(p: LoadedPackage): ListedExport {
    const { store, loader } = this;
    const id = store.actionOf(p);
    const done = (): ListedExport => ({
      file: store.fileOf(p),
      buildId: `${id.slice(0, 20)}/${id.slice(20, 40)}`,
      error: '',
    });
    if (p.isStandard || store.has(p)) return done();
    // What a wrong package is imported by is not compiled.
    if ([...p.imports.values()].some((q) => this.exported(q).file === '')) return none;
    const list = store.checker.check(p);
    if (list.length === 0) return done();
    let error = '';
    const collecting = { ...this.host, stderr: (text: string | Uint8Array) => void (error += String(text)) };
    printPackageErrors(collecting, loader.fileSet, toldErrors(p.path, list, maxErrors));
    return { ...none, error };
  }
}
