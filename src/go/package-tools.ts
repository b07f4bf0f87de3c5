/**
 * One package compiled as the official command compiles it: by the command lines of assembler, compiler and archiver, which are carried out here with
 * files in memory. For archives of packages (build -o x.a), and for what flags make the compiler tell (-gcflags=-m, -S).
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import type { BuildCache } from '#cache/store.ts';
import { FileError, type FileInfo, type Files, type Host } from '#host/host.ts';
import type { LoadedPackage, Loader } from '#load/loader.ts';
import {
  assemblerArguments,
  type CompileFacts,
  compilerArguments,
  embedConfig,
  importConfig,
  trimpathArgument,
} from './build-commands.ts';
import type { BuildOptions } from './build-options.ts';
import { ExportStore } from './export-store.ts';
import type { Workspace } from './packages.ts';
import { shortPath } from './paths.ts';

export interface ToolOutcome {
  readonly ok: boolean;
  /** What the tools have said. */
  readonly output: string;
  /** The package's archive, with its build ID; null if that was not asked for or could not be made. */
  readonly archive: Uint8Array | null;
}

type Tool = (args: readonly string[], host: Host) => number;

const place = 'b001';
const work = `$WORK/${place}`;

/** Files that are written are kept in memory. */
class Scratch {
  readonly host: Host;
  readonly made: Map<string, Uint8Array>;
  output: string;

  constructor(options: BuildOptions) {
    const { host, target, goroot } = options;
    this.made = new Map();
    this.output = '';
    const { made } = this;
    const { files } = host;
    const name = (path: string): string => path.replaceAll('//', '/');
    const info = (path: string): FileInfo | null => {
      const data = made.get(name(path));
      if (data === undefined) return null;
      return {
        name: path,
        isDirectory: false,
        isSymlink: false,
        size: data.length,
        modified: 0,
        mode: 0o644,
        inode: 0,
      };
    };
    const scratch: Files = {
      ...files,
      stat: (path) => info(path) ?? files.stat(path),
      readFile: (path) => made.get(name(path)) ?? files.readFile(path),
      writeFile: (path, data) => void made.set(name(path), Uint8Array.from(data)),
    };
    const say = (text: string | Uint8Array): void =>
      void (this.output += typeof text === 'string' ? text : decodeText(text));
    const env = new Map([...host.env, ['GOROOT', goroot], ['GOOS', target.goos], ['GOARCH', target.goarch]]);
    this.host = { ...host, files: scratch, env, stdout: say, stderr: say };
  }
}

/** How the packages of a build are compiled one by one. */
export class PackageTools {
  private readonly options: BuildOptions;
  private readonly exports: ExportStore;

  constructor(options: BuildOptions, ws: Workspace, loader: Loader, cache: BuildCache) {
    this.options = options;
    const { host, target } = options;
    this.exports = new ExportStore({ host, cache, target, loader, languageOf: (p) => ws.languageOf(p) });
  }

  /** Everything that the package imports must be right. */
  async compile(facts: CompileFacts, wantsArchive: boolean): Promise<ToolOutcome> {
    const { options } = this;
    const s = new Scratch(options);
    const p = facts.package;
    const { runCompile } = await import('./tool-compile.ts');
    const write = (name: string, text: string): void => s.host.files.writeFile(`${work}/${name}`, encodeText(text));
    const sources = p.files.sFiles.map((name) => `${p.dir}/${name}`);
    const assemble = sources.length === 0 ? null : (await import('./tool-asm.ts')).runAsm;
    const assembler = assemblerArguments(options, facts, place);
    write('go_asm.h', '');
    if (assemble !== null && !this.run(s, assemble, [...assembler, '-gensymabis', '-o', `${work}/symabis`, ...sources]))
      return this.failed(s, p);
    write(
      'importcfg',
      importConfig(p, (q) => this.exports.fileOf(q)),
    );
    const embedded = embedConfig(options, p);
    if (embedded !== '') write('embedcfg', embedded);
    const buildId = `${this.exports.actionOf(p).slice(0, 20)}/${this.exports.actionOf(p).slice(20, 40)}`;
    const args = [
      ...['-o', `${work}/_pkg_.a`, '-trimpath', trimpathArgument(options, p, place), '-buildid', buildId],
      ...compilerArguments(options, facts, place),
      ...(embedded === '' ? [] : ['-embedcfg', `${work}/embedcfg`]),
      '-pack',
      ...(assemble === null ? [] : ['-asmhdr', `${work}/go_asm.h`]),
      ...p.files.goFiles.map((f) => f.path),
    ];
    if (!this.run(s, runCompile, args)) return this.failed(s, p);
    if (!wantsArchive) return { ok: true, output: this.shown(s, p), archive: null };
    if (assemble !== null) {
      const objects = p.files.sFiles.map((name) => `${work}/${name.replace(/\.s$/, '.o')}`);
      for (const [i, source] of sources.entries())
        if (!this.run(s, assemble, [...assembler, '-o', objects[i], source])) return this.failed(s, p);
      const { runPack } = await import('./tool-pack.ts');
      if (!this.run(s, runPack, ['r', `${work}/_pkg_.a`, ...objects])) return this.failed(s, p);
    }
    return { ok: true, output: this.shown(s, p), archive: s.made.get(`${work}/_pkg_.a`) ?? null };
  }

  private run(s: Scratch, tool: Tool, args: readonly string[]): boolean {
    try {
      return tool(args, s.host) === 0;
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      s.output += `${e.message}\n`;
      return false;
    }
  }

  private failed(s: Scratch, p: LoadedPackage): ToolOutcome {
    return { ok: false, output: this.shown(s, p), archive: null };
  }

  /** Below the package's name; files of its directory are told as seen from here. */
  private shown(s: Scratch, p: LoadedPackage): string {
    if (s.output === '') return '';
    const short = shortPath(this.options.host, `${p.dir}/x`).slice(0, -1);
    const directory = short === '' ? './' : short.startsWith('/') || short.startsWith('.') ? short : `./${short}`;
    const text = s.output.replaceAll(`${p.dir}/`, directory);
    return text.startsWith(`# ${p.path}\n`) ? text : `# ${p.path}\n${text}`;
  }
}
