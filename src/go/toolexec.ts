/**
 * -toolexec: the packages of a program, compiled one after the other by processes, and linked (cmd/go/internal/work: exec.go, gc.go). Archives are
 * kept in the build cache by what the tools say with -V=full, so that a program that changes what they do has to answer that, too.
 */
import { encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { type CompileFacts, compilerArguments, linkConfig } from './build-commands.ts';
import type { BuildOptions } from './build-options.ts';
import { compileWithTools } from './package-tools.ts';
import { ProcessBench } from './tool-bench.ts';
import type { ToolProgram } from './tool-program.ts';

export interface ToolexecBuild {
  readonly program: ToolProgram;
  readonly options: BuildOptions;
  readonly cache: BuildCache;
  readonly placeOf: (p: LoadedPackage) => string;
  readonly factsOf: (p: LoadedPackage) => CompileFacts;
  /** The package as messages name it: variants for tests as "q [p.test]". */
  readonly nameOf: (p: LoadedPackage) => string;
  /** Takes what tools have said about a package. */
  readonly tell: (p: LoadedPackage, text: string, failed: boolean) => void;
}

export class Toolexec {
  private readonly build: ToolexecBuild;
  /** The archives' files and identities, by package. */
  private readonly archives: Map<LoadedPackage, { readonly file: string; readonly action: string }>;

  constructor(build: ToolexecBuild) {
    this.build = build;
    this.archives = new Map();
  }

  /** Compiles a package after what it imports; false after messages. */
  async compile(p: LoadedPackage): Promise<boolean> {
    if (p.path === 'unsafe' || this.archives.has(p)) return true;
    for (const q of [...p.imports.values(), ...p.implicit]) if (!(await this.compile(q))) return false;
    const { options, cache, placeOf, nameOf, program, tell } = this.build;
    const { host } = options;
    const facts = this.build.factsOf(p);
    const action = await this.actionOf(p, facts);
    const kept = options.rebuild || cache.get(action) === null ? null : cache.entry(action);
    if (kept !== null) {
      this.archives.set(p, { file: cache.outputFile(kept.output), action });
      return true;
    }
    host.progress.show('compile', 0, 0, p.path);
    const place = placeOf(p);
    const work = `${program.work}/${place}`;
    const bench = new ProcessBench(host, work, (tool, args, say) =>
      program.run(program.pathOf(tool), args, nameOf(p), say),
    );
    const { ok, output, archive } = await compileWithTools(options, facts, bench, {
      place,
      name: nameOf(p),
      buildId: `${action.slice(0, 20)}/${action.slice(20, 40)}`,
      archiveOf: (q) => this.fileOf(q),
      wantsArchive: true,
    });
    if (output !== '') tell(p, output, !ok);
    if (!ok || archive === null) return false;
    // What tools have said is said again only if they run again.
    if (output === '') cache.put(action, archive);
    this.archives.set(p, { file: `${work}/_pkg_.a`, action });
    return true;
  }

  private async actionOf(p: LoadedPackage, facts: CompileFacts): Promise<string> {
    const { options, program } = this.build;
    const { host } = options;
    const f = new Fingerprint(host.sha256, 'tuza package archive');
    f.add('toolchain', host.toolIdentity);
    for (const name of ['asm', 'compile'] as const) f.add(name, await program.versionOf(program.pathOf(name)));
    f.add('arguments', JSON.stringify([compilerArguments(options, facts, 'b'), facts.asmflags]));
    f.add('directory', options.trimpath ? '' : p.dir);
    const sources = [
      ...p.files.goFiles.map((g) => g.path),
      ...[...p.files.sFiles, ...p.files.hFiles].map((n) => `${p.dir}/${n}`),
    ];
    for (const path of sources) f.add(path, contentId(host.sha256, host.files.readFile(path)));
    for (const [path, q] of p.imports) f.add(path, this.archives.get(q)?.action ?? q.path);
    return f.finish();
  }

  /** The file of a package's archive, which has been compiled. */
  fileOf(p: LoadedPackage): string {
    return this.archives.get(p)?.file ?? '';
  }

  /** Links a program whose packages have been compiled; null after messages. */
  async link(
    p: LoadedPackage,
    packages: readonly LoadedPackage[],
    flags: readonly string[],
    modinfo: Uint8Array,
    name = 'exe/a.out',
  ): Promise<Uint8Array | null> {
    const { options, placeOf, nameOf, program, tell } = this.build;
    const { host } = options;
    const dir = `${program.work}/${placeOf(p)}`;
    const output = `${dir}/${name}`;
    host.files.makeDirectory(parentPath(output));
    const config = linkConfig(packages, (q) => this.fileOf(q), modinfo);
    host.files.writeFile(`${dir}/importcfg.link`, encodeText(config));
    const args = ['-o', output, '-importcfg', `${dir}/importcfg.link`, '-buildmode=exe', ...flags];
    let said = '';
    await program.versionOf(program.pathOf('link'));
    const ok = await program.run(program.pathOf('link'), [...args, this.fileOf(p)], nameOf(p), (text) => {
      said += text;
    });
    if (said !== '') tell(p, `# ${nameOf(p)}\n${said}`, !ok);
    return ok ? host.files.readFile(output) : null;
  }
}
