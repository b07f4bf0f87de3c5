/**
 * -toolexec: compiler, assembler and linker are run as processes of a program, `cmd args tool toolargs`, package by package (cmd/go/internal/work:
 * exec.go, gc.go). The tools are scripts in $WORK that start this toolchain's own. Archives are kept in the build cache by what the tools say with
 * -V=full, so that a program that changes what they do has to answer that, too.
 */
import { encodeText } from '#base/bytes.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import { FileError } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { type CompileFacts, compilerArguments, linkConfig } from './build-commands.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';
import { compileWithTools } from './package-tools.ts';
import { ProcessBench } from './tool-bench.ts';

const names = ['asm', 'compile', 'link'] as const;
type ToolName = (typeof names)[number] | 'pack';

export interface ToolexecBuild {
  readonly options: BuildOptions;
  readonly cache: BuildCache;
  /** $WORK on the disk. */
  readonly work: string;
  readonly placeOf: (p: LoadedPackage) => string;
  readonly factsOf: (p: LoadedPackage) => CompileFacts;
}

export class Toolexec {
  private readonly build: ToolexecBuild;
  /** By tool: what it answers to -V=full. */
  private readonly versions: Map<ToolName, string>;
  /** The archives' files and identities, by package. */
  private readonly archives: Map<LoadedPackage, { readonly file: string; readonly action: string }>;

  private constructor(build: ToolexecBuild) {
    this.build = build;
    this.versions = new Map();
    this.archives = new Map();
  }

  /** Throws BuildFlagError if the tools cannot be run. */
  static async start(build: ToolexecBuild): Promise<Toolexec> {
    const t = new Toolexec(build);
    const { host } = build.options;
    const own = host.processes?.command ?? [];
    if (own.length === 0)
      throw new BuildFlagError('go: -toolexec cannot be used here: there is no command to start', 2);
    host.files.makeDirectory(`${build.work}/tool`);
    for (const name of names) {
      const script = `#!/bin/sh\nexec ${own.map(shellWord).join(' ')} tool ${name} "$@"\n`;
      host.files.writeFile(t.pathOf(name), encodeText(script), 0o755);
    }
    for (const name of names) {
      let said = '';
      const ok = await t.run(name, ['-V=full'], '', (text) => void (said += text));
      const line = said.trim();
      if (!ok)
        throw new BuildFlagError(
          `go: error obtaining buildID for ${build.options.toolexec.join(' ')}: exit status 1\n${line}`,
          1,
        );
      if (!line.startsWith(`${name} version `))
        throw new BuildFlagError(
          `go: parsing buildID from ${[...build.options.toolexec, name].join(' ')} -V=full: unexpected output:\n\t${line}`,
          1,
        );
      t.versions.set(name, line);
    }
    return t;
  }

  private pathOf(tool: ToolName): string {
    return `${this.build.work}/tool/${tool}`;
  }

  private async run(
    tool: ToolName,
    args: readonly string[],
    importPath: string,
    say: (text: string) => void,
  ): Promise<boolean> {
    const { options } = this.build;
    const { host, goroot, target, toolexec: words } = options;
    const { processes } = host;
    if (processes === null) return false;
    const [program, ...before] = [...words, this.pathOf(tool), ...args];
    const env = new Map([...host.env, ['GOROOT', goroot], ['GOOS', target.goos], ['GOARCH', target.goarch]]);
    if (importPath !== '') env.set('TOOLEXEC_IMPORTPATH', importPath);
    const take = (data: Uint8Array): void => say(new TextDecoder().decode(data));
    try {
      const ended = await processes.run(program, before, { env, input: false, output: take });
      return ended.code === 0;
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      say(`go: ${e.message}\n`);
      return false;
    }
  }

  /** Compiles a package after what it imports; false after messages. */
  async compile(p: LoadedPackage): Promise<boolean> {
    if (p.path === 'unsafe' || this.archives.has(p)) return true;
    for (const q of [...p.imports.values(), ...p.implicit]) if (!(await this.compile(q))) return false;
    const { options, cache, work, placeOf } = this.build;
    const { host } = options;
    const facts = this.build.factsOf(p);
    const action = this.actionOf(p, facts);
    const kept = options.rebuild || cache.get(action) === null ? null : cache.entry(action);
    if (kept !== null) {
      this.archives.set(p, { file: cache.outputFile(kept.output), action });
      return true;
    }
    host.progress.show('compile', 0, 0, p.path);
    const place = placeOf(p);
    const bench = new ProcessBench(host, `${work}/${place}`, (tool, args, say) => this.run(tool, args, p.path, say));
    const { ok, output, archive } = await compileWithTools(options, facts, bench, {
      place,
      buildId: `${action.slice(0, 20)}/${action.slice(20, 40)}`,
      archiveOf: (q) => this.archives.get(q)?.file ?? '',
      wantsArchive: true,
    });
    host.stderr(output);
    if (!ok || archive === null) return false;
    // What tools have said is said again only if they run again.
    if (output === '') cache.put(action, archive);
    this.archives.set(p, { file: `${work}/${place}/_pkg_.a`, action });
    return true;
  }

  private actionOf(p: LoadedPackage, facts: CompileFacts): string {
    const { options } = this.build;
    const { host } = options;
    const f = new Fingerprint(host.sha256, 'tuza package archive');
    f.add('toolchain', host.toolIdentity);
    for (const name of ['asm', 'compile'] as const) f.add(name, this.versions.get(name) ?? '');
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

  /** Links a program whose packages have been compiled; null after messages. */
  async link(
    p: LoadedPackage,
    packages: readonly LoadedPackage[],
    flags: readonly string[],
    modinfo: Uint8Array,
  ): Promise<Uint8Array | null> {
    const { options, work, placeOf } = this.build;
    const { host } = options;
    const dir = `${work}/${placeOf(p)}`;
    host.files.makeDirectory(`${dir}/exe`);
    const config = linkConfig(packages, (q) => this.archives.get(q)?.file ?? '', modinfo);
    host.files.writeFile(`${dir}/importcfg.link`, encodeText(config));
    const output = `${dir}/exe/a.out`;
    const args = ['-o', output, '-importcfg', `${dir}/importcfg.link`, '-buildmode=exe', ...flags];
    let said = '';
    const file = this.archives.get(p)?.file ?? '';
    const ok = await this.run('link', [...args, file], p.path, (text) => void (said += text));
    if (said !== '') host.stderr(`# ${p.path}\n${said}`);
    return ok ? host.files.readFile(output) : null;
  }
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
