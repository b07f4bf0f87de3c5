/** Builds one program after the other in this process; what has been made of the standard library is kept. */

import { linkPath } from '#abi/type-names.ts';
import { plainCode } from '#arch/amd64/compile.ts';
import { formatPosition } from '#base/source.ts';
import { demandPackage } from '#compile/package-functions.ts';
import { type ProgramRequest, WholeProgram } from '#compile/whole-program.ts';
import { nodeHost } from '#host/node.ts';
import type { LoadedPackage, Resolved, Resolver } from '#load/loader.ts';
import { StandardResolver } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import { plain } from '#ssa/pipeline.ts';

type LoadMain = ProgramRequest['loadMain'];

export class ProgramRunner {
  private readonly goroot: string;
  private readonly target: BuildTarget;
  /** Directories that import paths start in, by first element. */
  readonly roots: Map<string, string>;
  private program: WholeProgram | null;
  private built: number;

  constructor(goroot: string, target: BuildTarget) {
    this.goroot = goroot;
    this.target = target;
    this.roots = new Map();
    this.program = null;
    this.built = 0;
  }

  /** The executable; throws an error that says what went wrong. */
  build(loadMain: LoadMain, goVersion: string): Uint8Array {
    return this.attempt((w) => {
      const r = w.compileMain(loadMain, goVersion);
      this.complain(w);
      if (r.linkErrors.length > 0 || r.image === null) throw new Error(`link: ${r.linkErrors.slice(0, 4).join('\n')}`);
      return r.image;
    });
  }

  /** Compiles the packages without linking. */
  compile(loadMain: LoadMain, goVersion: string): void {
    this.attempt((w) => {
      w.prepare(loadMain, goVersion);
      this.complain(w);
      const own = w.ownPackages();
      const names = own.map((p) => linkPath(p.types.path));
      for (const p of own)
        demandPackage(w.program, p.types, p.object, (name) => names.some((n) => name.includes(`${n}.`)));
      this.complain(w);
    });
  }

  private attempt<T>(run: (w: WholeProgram) => T): T {
    // Sources and names of all programs so far are kept.
    if (this.built++ % 200 === 199) this.program = null;
    this.program ??= this.newProgram();
    const w = this.program;
    try {
      const result = run(w);
      w.forgetProgram();
      return result;
    } catch (e) {
      // After a failure inside of the compiler, nobody knows what of the kept part is whole.
      if (e instanceof Error && /^(errors|link):/.test(e.message)) w.forgetProgram();
      else this.program = null;
      throw e;
    } finally {
      this.roots.clear();
    }
  }

  private newProgram(): WholeProgram {
    const host = nodeHost();
    const standard = new StandardResolver(host.files, this.goroot);
    const resolver: Resolver = { resolve: (path, from) => this.resolveOwn(path, from) ?? standard.resolve(path, from) };
    const loadMain = (): LoadedPackage | null => null;
    return new WholeProgram(host, {
      goroot: this.goroot,
      target: this.target,
      resolver,
      goVersion: 'go1.26',
      loadMain,
      passes: plain,
      code: plainCode,
      link: { buildVersion: 'go1.26.8' },
    });
  }

  private resolveOwn(path: string, from: LoadedPackage | null): Resolved | null {
    if (from === null || from.isStandard) return null;
    if (path.startsWith('./')) return { path: `test/${path.slice(2)}`, dir: '', isStandard: false };
    if (path.startsWith('test/')) return { path, dir: '', isStandard: false };
    const first = path.split('/')[0];
    const root = this.roots.get(first);
    return root === undefined ? null : { path, dir: root + path.slice(first.length), isStandard: false };
  }

  private complain(w: WholeProgram): void {
    const found = w.errors.flatMap((e) => e.list);
    if (found.length === 0) return;
    const lines = found.slice(0, 4).map((d) => `${formatPosition(w.fileSet.position(d.pos))}: ${d.message}`);
    throw new Error(`errors: ${lines.join('\n')}`);
  }
}
