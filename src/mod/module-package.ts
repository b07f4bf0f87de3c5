/** A package as the module loader sees it: where it comes from and what it imports (cmd/go/internal/modload load.go, loadPkg). */
import type { Version } from './module.ts';

export class ModulePackage {
  readonly path: string;
  /** The package whose tests this one stands for; null for packages themselves. */
  readonly testOf: ModulePackage | null;
  /** The pattern "all" has it: main modules import it, or their tests do, however far. */
  isInAll: boolean;
  /** Named on the command line. */
  isRoot: boolean;
  /** Imported, however far, by one that was named. */
  isFromRoot: boolean;
  isScanned: boolean;
  /** Null for packages of the standard library and those that were not found. */
  module: Version | null;
  /** "" if there is none. */
  dir: string;
  error: Error | null;
  imports: ModulePackage[];
  testImports: readonly string[];
  isStandard: boolean;
  /** Modules that might have had the package by their paths. */
  otherModules: readonly Version[];
  test: ModulePackage | null;
  /** Who imports it on a shortest way from the roots; null for roots. */
  importer: ModulePackage | null;

  constructor(path: string, testOf: ModulePackage | null = null) {
    this.path = path;
    this.testOf = testOf;
    this.isInAll = false;
    this.isRoot = false;
    this.isFromRoot = false;
    this.isScanned = false;
    this.module = null;
    this.dir = '';
    this.error = null;
    this.imports = [];
    this.testImports = [];
    this.isStandard = false;
    this.otherModules = [];
    this.test = null;
    this.importer = null;
  }

  /** From the root to this package. */
  get stack(): ModulePackage[] {
    const list: ModulePackage[] = [];
    for (let p: ModulePackage | null = this; p !== null; p = p.importer) list.unshift(p);
    return list;
  }

  /** The imports that lead here, as failures tell them. */
  get stackText(): string {
    const { stack } = this;
    let text = '';
    stack.forEach((p, i) => {
      text += p.testOf === null ? p.path : `${p.path}.test`;
      if (i + 1 < stack.length) text += stack[i + 1].testOf === p ? ' tested by\n\t' : ' imports\n\t';
    });
    return text;
  }
}
