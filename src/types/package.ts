/** A package: its scope, and what is known of it. */
import { NoPos } from '#base/source.ts';
import type { Checker } from './checker.ts';
import { Scope } from './scope.ts';

export class Package {
  readonly path: string;
  /** "" until the first file has been seen. */
  name: string;
  readonly scope: Scope;
  imports: Package[];
  /** Checked whole. */
  complete: boolean;
  /** Made up after a failed import, or for "C": errors of lookups in it are dropped. */
  fake: boolean;
  /** Uses are rewritten into uses of what cgo generated. */
  cgo: boolean;
  /** As in go.mod, or "". */
  goVersion: string;
  /** Resolves its objects on demand; null for unsafe and fake packages. */
  checker: Checker | null;

  constructor(path: string, name: string, universe: Scope | null) {
    this.path = path;
    this.name = name;
    this.scope = new Scope(universe, NoPos, NoPos);
    this.imports = [];
    this.complete = false;
    this.fake = false;
    this.cgo = false;
    this.goVersion = '';
    this.checker = null;
  }
}
