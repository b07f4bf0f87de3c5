/**
 * A build cache behind a program: GOCACHEPROG. Requests and answers are JSON, a line each (cmd/go/internal/cacheprog); the body of what is put
 * follows as a JSON text in base64. What the program cannot do is done without.
 */
import { base64, fromBase64 } from '#base/base64.ts';
import { hexText } from '#base/bytes.ts';
import { type Conversation, FileError, type Host } from '#host/host.ts';
import { contentId } from './fingerprint.ts';
import { type BuildCache, type CacheEntry, CacheError } from './store.ts';

interface Answer {
  readonly ID: number;
  readonly Err?: string;
  readonly KnownCommands?: readonly string[];
  readonly Miss?: boolean;
  readonly OutputID?: string;
  readonly Size?: number;
  readonly Time?: string;
  readonly DiskPath?: string;
}

export class ProgCache implements BuildCache {
  private readonly host: Host;
  private readonly program: Conversation;
  /** For what has to be a file that can be executed. */
  private readonly disk: BuildCache;
  private readonly can: ReadonlySet<string>;
  private readonly paths: Map<string, string>;
  private lastId: number;
  isClosed: boolean;

  /** Throws CacheError. `words` are the program and its arguments. */
  constructor(host: Host, words: readonly string[], disk: BuildCache) {
    this.host = host;
    this.disk = disk;
    this.paths = new Map();
    this.lastId = 0;
    this.isClosed = false;
    this.program = start(host, words);
    const first = this.read(1);
    this.can = new Set(first.KnownCommands ?? []);
    if (this.can.size === 0) throw new CacheError(`GOCACHEPROG ${words[0]} declared no supported commands`);
  }

  private read(pending: number): Answer {
    const line = this.program.receive();
    if (line === null) throw new CacheError(`GOCACHEPROG exited pre-Close with ${pending} pending requests`);
    if (line.trim() === '') return this.read(pending);
    try {
      return JSON.parse(line);
    } catch (e) {
      throw new CacheError(`error reading JSON from GOCACHEPROG: ${e instanceof Error ? e.message : line}`);
    }
  }

  /** Throws CacheError if the program is gone. */
  private ask(request: Readonly<Record<string, string | number>>, body: Uint8Array | null): Answer {
    const id = ++this.lastId;
    const text = body === null || body.length === 0 ? '' : `"${base64(body)}"\n`;
    this.program.send(`${JSON.stringify({ ID: id, ...request })}\n\n${text}`);
    const answer = this.read(1);
    if (answer.ID !== id) throw new CacheError(`GOCACHEPROG sent response for unknown request ID ${answer.ID}`);
    return answer;
  }

  entry(action: string): CacheEntry | null {
    if (!this.can.has('get')) return null;
    const a = this.ask({ Command: 'get', ActionID: idText(action) }, null);
    if (a.Miss === true || (a.Err ?? '') !== '' || (a.DiskPath ?? '') === '') return null;
    const output = idOf(a.OutputID ?? '');
    if (output === '') return null;
    this.paths.set(output, a.DiskPath ?? '');
    const time = a.Time === undefined ? Date.now() : Date.parse(a.Time);
    return { output, size: a.Size ?? 0, time };
  }

  get(action: string): Uint8Array | null {
    const entry = this.entry(action);
    if (entry === null) return null;
    const { files, sha256 } = this.host;
    try {
      const data = files.readFile(this.outputFile(entry.output));
      return data.length === entry.size && contentId(sha256, data) === entry.output ? data : null;
    } catch (e) {
      if (e instanceof FileError) return null;
      throw e;
    }
  }

  put(action: string, data: Uint8Array): string {
    const output = contentId(this.host.sha256, data);
    if (!this.can.has('put')) return output;
    const request = { Command: 'put', ActionID: idText(action), OutputID: idText(output) };
    const a = this.ask(data.length === 0 ? request : { ...request, BodySize: data.length }, data);
    if ((a.Err ?? '') === '' && (a.DiskPath ?? '') !== '') this.paths.set(output, a.DiskPath ?? '');
    return output;
  }

  outputFile(output: string): string {
    return this.paths.get(output) ?? '';
  }

  putExecutable(actions: readonly string[], name: string, data: Uint8Array): string {
    return this.disk.putExecutable(actions, name, data);
  }

  executable(action: string, name: string): Uint8Array | null {
    return this.disk.executable(action, name);
  }

  /** The program may end without an answer. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.can.has('close')) this.program.send(`${JSON.stringify({ ID: ++this.lastId, Command: 'close' })}\n\n`);
    this.program.close();
    this.disk.close();
  }
}

function start(host: Host, words: readonly string[]): Conversation {
  const [path = '', ...args] = words;
  const problem = problemOf(host, path);
  if (problem !== '' || host.processes === null)
    throw new CacheError(`error starting GOCACHEPROG program ${JSON.stringify(path)}: ${problem}`);
  try {
    return host.processes.converse(path, args);
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    throw new CacheError(`error starting GOCACHEPROG program ${JSON.stringify(path)}: ${e.message}`);
  }
}

/** Why a program cannot be started, as os/exec tells it; "" if it can. */
function problemOf(host: Host, path: string): string {
  if (path === '') return 'exec: no command';
  const isProgram = (p: string): boolean => {
    const info = host.files.stat(p);
    return info !== null && !info.isDirectory && (info.mode & 0o111) !== 0;
  };
  if (path.includes('/')) {
    if (host.files.stat(path) === null) return `fork/exec ${path}: no such file or directory`;
    return isProgram(path) ? '' : `fork/exec ${path}: permission denied`;
  }
  const list = (host.env.get('PATH') ?? '').split(':');
  if (list.some((dir) => isProgram(`${dir === '' ? '.' : dir}/${path}`))) return '';
  return `exec: ${JSON.stringify(path)}: executable file not found in $PATH`;
}

function idText(hex: string): string {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return base64(bytes);
}

/** "" if it is not one. */
function idOf(text: string): string {
  const bytes = fromBase64(text);
  return bytes !== null && bytes.length === 32 ? hexText(bytes) : '';
}
