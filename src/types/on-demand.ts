/**
 * Packages that are known to be right, whose files are parsed and collected one by one, when a name that they declare is asked for. What each file
 * declares is known from an index (load/). Once everything has been asked for, the package is as collectObjects would have made it.
 */
import type { File } from '#syntax/nodes.ts';
import { Checker, type Config, type Importer } from './checker.ts';
import type { Func, Obj } from './object.ts';
import { Package } from './package.ts';
import { attachMethod, collectFileOf, type Method, versionOf } from './resolver.ts';
import { universe } from './universe.ts';

/** A file, and what it declares. */
export interface IndexedFile {
  /** Package-level names, separated by spaces. */
  readonly names: string;
  /** Receivers' base type names, each once. */
  readonly receivers: string;
  parse(): File;
}

/** Numbers of objects leave room for so many in a file. */
const orderGap = 1 << 20;

export class FilesOnDemand {
  private readonly c: Checker;
  private readonly indexed: readonly IndexedFile[];
  private readonly parsed: (File | null)[];
  /** Files that must be collected before a name can be looked up; a name is on the list until then. */
  private readonly filesOf: Map<string, number[]>;
  /** Methods whose receiver's base type has not been looked up yet. */
  private readonly waiting: Map<string, Method[]>;

  constructor(c: Checker, indexed: readonly IndexedFile[]) {
    this.c = c;
    this.indexed = indexed;
    this.parsed = indexed.map(() => null);
    this.filesOf = new Map();
    this.waiting = new Map();
    indexed.forEach((f, i) => {
      for (const list of [f.names, f.receivers]) for (const name of list.split(' ')) this.enter(name, i);
    });
  }

  private enter(name: string, file: number): void {
    const list = this.filesOf.get(name);
    if (list === undefined) this.filesOf.set(name, [file]);
    else if (list.at(-1) !== file) list.push(file);
  }

  /** Declares what a name stands for, its methods included. */
  declare(name: string): void {
    const files = this.filesOf.get(name);
    if (files === undefined) return;
    this.filesOf.delete(name);
    for (const i of files) this.collect(i);
    const methods = this.waiting.get(name);
    if (methods === undefined) return;
    this.waiting.delete(name);
    for (const m of methods.sort((a, b) => a.obj.order - b.obj.order)) attachMethod(this.c, m);
  }

  /** Collects everything: afterwards nothing is left to demand. */
  all(): void {
    const { c } = this;
    for (const name of [...this.filesOf.keys()]) this.declare(name);
    for (let i = 0; i < this.indexed.length; i++) this.collect(i);
    c.onDemand = null;
    c.pkg.scope.missing = null;
    c.files = this.parsed.filter((f) => f !== null);
    const inOrder = (a: Obj | Func, b: Obj | Func): number => a.order - b.order;
    c.objList.sort(inOrder);
    c.funcs.sort(inOrder);
  }

  private collect(i: number): void {
    if (this.parsed[i] !== null) return;
    const { c } = this;
    const file = this.indexed[i].parse();
    this.parsed[i] = file;
    c.versions.set(file, versionOf(c, file));
    c.lastOrder = i * orderGap;
    const methods: Method[] = [];
    const { version } = c;
    collectFileOf(c, file, methods);
    c.version = version;
    for (const m of methods) {
      const list = this.waiting.get(m.recv.value);
      if (list === undefined) this.waiting.set(m.recv.value, [m]);
      else list.push(m);
    }
  }
}

/** Sets up a package without reading its files. */
export function packageOnDemand(
  path: string,
  name: string,
  files: readonly IndexedFile[],
  importer: Importer,
  conf: Config,
): Package {
  const pkg = new Package(path, name, universe);
  const c = new Checker(conf, pkg, [], importer);
  pkg.checker = c;
  pkg.goVersion = conf.goVersion;
  let demand: FilesOnDemand | null = null;
  const started = (): FilesOnDemand => (demand ??= new FilesOnDemand(c, files));
  c.onDemand = () => started().all();
  pkg.scope.missing = (wanted) => started().declare(wanted);
  return pkg;
}
