/**
 * A program that is talked to by lines and answers by lines, under Node. Its two ends are named pipes: those can be read and written in turn,
 * where the pipes of child processes make Node wait for its loop.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type Conversation, FileError } from './host.ts';
import { childProcess } from './node-lazy.ts';

/** Opens the pipes and becomes the program. */
const script = 'in=$1; out=$2; shift 2; exec "$@" <"$in" >"$out"';

export function converse(path: string, args: readonly string[]): Conversation {
  const directory = mkdtempSync(join(tmpdir(), 'tuza-pipes-'));
  try {
    const [input, output] = [join(directory, 'in'), join(directory, 'out')];
    const { spawn, spawnSync } = childProcess();
    if (spawnSync('mkfifo', [input, output]).status !== 0)
      throw new FileError(path, 'EIO', 'there is no mkfifo to make pipes with');
    const child = spawn('/bin/sh', ['-c', script, 'sh', input, output, path, ...args], {
      stdio: ['ignore', 'ignore', 2],
    });
    child.on('error', () => undefined);
    if (child.pid === undefined) throw new FileError(path, 'ENOENT', 'there is no /bin/sh');
    child.unref();
    // Each waits for the other end.
    return new NodeConversation(openSync(input, 'w'), openSync(output, 'r'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class NodeConversation implements Conversation {
  private readonly input: number;
  private readonly output: number;
  private readonly buffer: Buffer;
  private readonly decoder: StringDecoder;
  /** What has been read behind the last line that was handed out. */
  private rest: string;

  constructor(input: number, output: number) {
    this.input = input;
    this.output = output;
    this.buffer = Buffer.alloc(1 << 16);
    this.decoder = new StringDecoder('utf8');
    this.rest = '';
  }

  send(text: string): boolean {
    const data = Buffer.from(text);
    try {
      for (let done = 0; done < data.length; ) done += writeSync(this.input, data, done);
      return true;
    } catch {
      return false;
    }
  }

  receive(): string | null {
    for (;;) {
      const end = this.rest.indexOf('\n');
      if (end >= 0) {
        const line = this.rest.slice(0, end);
        this.rest = this.rest.slice(end + 1);
        return line;
      }
      const n = readSync(this.output, this.buffer);
      if (n === 0) return this.rest === '' ? null : this.takeRest();
      this.rest += this.decoder.write(this.buffer.subarray(0, n));
    }
  }

  private takeRest(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }

  close(): void {
    closeSync(this.input);
    while (this.receive() !== null);
    closeSync(this.output);
  }
}
