/**
 * The program that -toolexec names, `cmd args tool toolargs`, and the tools that it is given: compiler, assembler and linker are scripts in $WORK that
 * start this toolchain's own, others are commands of the tree. What a tool says to -V=full, through the program, is part of the identity of what it
 * makes (cmd/go/internal/work/buildid.go, toolID).
 */
import { encodeText } from '#base/bytes.ts';
import { baseName } from '#base/path.ts';
import { FileError } from '#host/host.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';

const names = ['asm', 'compile', 'link'] as const;
export type OwnTool = (typeof names)[number];

export class ToolProgram {
  private readonly options: BuildOptions;
  /** $WORK on the disk. */
  readonly work: string;
  /** By path: what the tool answers to -V=full. */
  private readonly versions: Map<string, string>;

  constructor(options: BuildOptions, work: string) {
    this.options = options;
    this.work = work;
    this.versions = new Map();
    const { host } = options;
    const own = host.processes?.command ?? [];
    if (own.length === 0)
      throw new BuildFlagError('go: -toolexec cannot be used here: there is no command to start', 2);
    host.files.makeDirectory(`${work}/tool`);
    for (const name of names) {
      const script = `#!/bin/sh\nexec ${own.map(shellWord).join(' ')} tool ${name} "$@"\n`;
      host.files.writeFile(this.pathOf(name), encodeText(script), 0o755);
    }
  }

  pathOf(tool: OwnTool): string {
    return `${this.work}/tool/${tool}`;
  }

  /** `name` is what the tool says that it is; "" of one that the user has named. Throws BuildFlagError if the program does not let the tool tell it. */
  async versionOf(path: string, name = baseName(path)): Promise<string> {
    const known = this.versions.get(path);
    if (known !== undefined) return known;
    let said = '';
    const ok = await this.run(path, ['-V=full'], '', (text) => void (said += text));
    const line = said.trim();
    const words = this.options.toolexec.join(' ');
    if (!ok) throw new BuildFlagError(`go: error obtaining buildID for ${words}: exit status 1\n${line}`, 1);
    const [first, second, third] = line.split(/\s+/);
    if ((first !== name && name !== '') || second !== 'version' || third === undefined)
      throw new BuildFlagError(
        `go: parsing buildID from ${words} ${baseName(path)} -V=full: unexpected output:\n\t${line}`,
        1,
      );
    this.versions.set(path, line);
    return line;
  }

  /** Runs a tool for a package, which is named as messages name it; whether it ended well. */
  async run(path: string, args: readonly string[], importPath: string, say: (text: string) => void): Promise<boolean> {
    const { host, goroot, target, toolexec: words } = this.options;
    const { processes } = host;
    if (processes === null) return false;
    const [program, ...before] = [...words, path, ...args];
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
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
