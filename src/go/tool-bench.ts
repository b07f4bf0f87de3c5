/** Where the tools of one package do their work: in memory, carried out here, or as processes of a program that -toolexec names. */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type FileInfo, type Files, type Host } from '#host/host.ts';
import type { BuildOptions } from './build-options.ts';

export type ToolName = 'asm' | 'compile' | 'pack';

export interface ToolBench {
  /** The directory of the package's files. */
  readonly work: string;
  /** What the tools have said. */
  output: string;
  write(name: string, text: string): void;
  read(name: string): Uint8Array | null;
  /** Whether the tool ended well. */
  run(tool: ToolName, args: readonly string[]): Promise<boolean>;
}

type Tool = (args: readonly string[], host: Host) => number;

const tools: Readonly<Record<ToolName, () => Promise<Tool>>> = {
  asm: async () => (await import('./tool-asm.ts')).runAsm,
  compile: async () => (await import('./tool-compile.ts')).runCompile,
  pack: async () => (await import('./tool-pack.ts')).runPack,
};

/** Carries a tool out in this process; what it says is in `say`. */
async function carryOut(
  host: Host,
  tool: ToolName,
  args: readonly string[],
  say: (text: string) => void,
): Promise<boolean> {
  try {
    return (await tools[tool]())(args, host) === 0;
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    say(`${e.message}\n`);
    return false;
  }
}

/** Files that are written are kept in memory. */
export class MemoryBench implements ToolBench {
  readonly work: string;
  output: string;
  private readonly host: Host;
  private readonly made: Map<string, Uint8Array>;

  constructor(options: BuildOptions, place: string) {
    const { host, target, goroot } = options;
    this.work = `$WORK/${place}`;
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

  write(name: string, text: string): void {
    this.made.set(`${this.work}/${name}`, encodeText(text));
  }

  read(name: string): Uint8Array | null {
    return this.made.get(`${this.work}/${name}`) ?? null;
  }

  run(tool: ToolName, args: readonly string[]): Promise<boolean> {
    return carryOut(this.host, tool, args, (text) => void (this.output += text));
  }
}

/** Compiler and assembler are processes, their files on the disk; archives are made here, as the official command does itself. */
export class ProcessBench implements ToolBench {
  readonly work: string;
  output: string;
  private readonly host: Host;
  private readonly runTool: (tool: ToolName, args: readonly string[]) => Promise<boolean>;

  /** `start` runs a tool and hands what it says to `say`. */
  constructor(
    host: Host,
    work: string,
    start: (tool: 'asm' | 'compile', args: readonly string[], say: (text: string) => void) => Promise<boolean>,
  ) {
    this.host = host;
    this.work = work;
    this.output = '';
    const say = (text: string): void => void (this.output += text);
    this.runTool = (tool, args) => (tool === 'pack' ? carryOut(this.host, tool, args, say) : start(tool, args, say));
    host.files.makeDirectory(work);
  }

  write(name: string, text: string): void {
    this.host.files.writeFile(`${this.work}/${name}`, encodeText(text));
  }

  read(name: string): Uint8Array | null {
    const path = `${this.work}/${name}`;
    return this.host.files.stat(path) === null ? null : this.host.files.readFile(path);
  }

  run(tool: ToolName, args: readonly string[]): Promise<boolean> {
    return this.runTool(tool, args);
  }
}
