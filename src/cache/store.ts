/**
 * The build cache: from the identity of an action to its output, which is stored under the identity of its content. Directory
 * layout, entry format and trimming are those of the official go command (cmd/go/internal/cache), so that both can share a
 * directory: its `go clean -cache` and its trimming know our files. Identities differ, since ours begin with other texts.
 *
 * Everything is written beside and renamed, and outputs are checked against their identity when they are read: whatever a killed
 * process or a damaged disk leaves behind is a miss.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type Files } from '#host/host.ts';
import { contentId, idLength, type Sum } from './fingerprint.ts';

/** There is no cache, or it does not work, and builds need one; the message is the go command's. */
export class CacheError extends Error {}

export interface CacheEntry {
  /** Identity of the output. */
  readonly output: string;
  readonly size: number;
  /** When it was stored: milliseconds since 1970. */
  readonly time: number;
}

/** What builds see of a cache; on this disk, or behind a program (prog.ts). */
export interface BuildCache {
  /** What an action's output is; the content has not been looked at. */
  entry(action: string): CacheEntry | null;
  /** The output of an action; null if there is none, or a damaged one. */
  get(action: string): Uint8Array | null;
  /** Stores the output of an action; returns the output's identity. */
  put(action: string, data: Uint8Array): string;
  /** Where on this disk an output is. */
  outputFile(output: string): string;
  /** Stores an output, for several actions, as a file that can be executed under this name; returns its path. */
  putExecutable(actions: readonly string[], name: string, data: Uint8Array): string;
  /** The executable of this name that has been stored for an action; null if it is not there, or damaged. */
  executable(action: string, name: string): Uint8Array | null;
  /** Ends the use of the cache: trims it from time to time. */
  close(): void;
}

const hour = 3600_000;
/** Files are marked as used not more often than this. */
const markInterval = hour;
const trimInterval = 24 * hour;
/** Files not used for so long are removed. */
const trimLimit = 5 * 24 * hour;

/** "v1", two identities, size and time in 20 columns each, and what separates them. */
const entrySize = 2 + 1 + idLength + 1 + idLength + 1 + 20 + 1 + 20 + 1;

const readme = `This directory holds cached build artifacts from the Go build system.
Run "go clean -cache" if the directory is getting too large.
`;

export class DiskCache implements BuildCache {
  readonly directory: string;
  private readonly files: Files;
  private readonly sum: Sum;
  private readonly made: Set<string>;

  constructor(files: Files, sum: Sum, directory: string) {
    this.directory = directory;
    this.files = files;
    this.sum = sum;
    this.made = new Set();
  }

  entry(action: string): CacheEntry | null {
    const path = this.path(action, 'a');
    const data = this.read(path);
    const entry = data === null ? null : parseEntry(decodeText(data), action);
    if (entry !== null) this.mark(path);
    return entry;
  }

  get(action: string): Uint8Array | null {
    const entry = this.entry(action);
    if (entry === null) return null;
    const path = this.outputFile(entry.output);
    const data = this.read(path);
    if (data === null || data.length !== entry.size || contentId(this.sum, data) !== entry.output) return null;
    this.mark(path);
    return data;
  }

  put(action: string, data: Uint8Array): string {
    const output = contentId(this.sum, data);
    const path = this.outputFile(output);
    if (!this.holds(path, output, data.length)) this.write(path, data, 0o644);
    this.writeEntry(action, output, data.length);
    return output;
  }

  outputFile(output: string): string {
    return this.path(output, 'd');
  }

  /** Executables are files in a directory that is named like an output, as the official command stores them. */
  putExecutable(actions: readonly string[], name: string, data: Uint8Array): string {
    const id = contentId(this.sum, data);
    const output = this.executableOutput(name, id);
    const path = `${this.outputFile(output)}/${name}`;
    if (!this.holds(path, id, data.length)) {
      this.makeShelf(output);
      this.files.makeDirectory(this.outputFile(output));
      this.files.writeFile(path, data, 0o755);
    }
    for (const action of actions) this.writeEntry(action, output, data.length);
    return path;
  }

  executable(action: string, name: string): Uint8Array | null {
    const entry = this.entry(action);
    if (entry === null) return null;
    const shelf = this.outputFile(entry.output);
    const data = this.read(`${shelf}/${name}`);
    if (data === null || this.executableOutput(name, contentId(this.sum, data)) !== entry.output) return null;
    this.mark(shelf);
    return data;
  }

  private executableOutput(name: string, id: string): string {
    return contentId(this.sum, encodeText(`executable ${name} ${id}`));
  }

  close(): void {
    const now = Date.now();
    const path = `${this.directory}/trim.txt`;
    const text = this.read(path);
    const last = text === null ? 0 : Number(decodeText(text).trim()) * 1000;
    if (last > 0 && now - last < trimInterval && last - now < trimInterval) return;
    // First, so that other processes do not trim at the same time.
    try {
      this.files.makeDirectory(this.directory);
      this.files.writeFile(path, encodeText(String(Math.floor(now / 1000))));
      if (text !== null) trim(this.files, this.directory, now - trimLimit - markInterval);
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
    }
  }

  private writeEntry(action: string, output: string, size: number): void {
    // Unix time in nanoseconds.
    const time = `${Date.now()}000000`;
    const text = `v1 ${action} ${output} ${String(size).padStart(20)} ${time.padStart(20)}\n`;
    this.write(this.path(action, 'a'), encodeText(text), 0o644);
  }

  private write(path: string, data: Uint8Array, mode: number): void {
    this.makeShelf(path.slice(this.directory.length + 4, this.directory.length + 6));
    this.files.writeFile(path, data, mode);
  }

  /** The directories are made when they are first written to. */
  private makeShelf(id: string): void {
    const shelf = id.slice(0, 2);
    if (this.made.has(shelf)) return;
    this.made.add(shelf);
    if (this.files.stat(`${this.directory}/README`) === null) {
      this.files.makeDirectory(this.directory);
      this.files.writeFile(`${this.directory}/README`, encodeText(readme));
    }
    this.files.makeDirectory(`${this.directory}/${shelf}`);
  }

  /** Whether the content is there already: then it is only marked. */
  private holds(path: string, id: string, size: number): boolean {
    if (this.files.stat(path)?.size !== size) return false;
    const data = this.read(path);
    if (data === null || contentId(this.sum, data) !== id) return false;
    this.mark(path);
    return true;
  }

  private path(id: string, kind: 'a' | 'd'): string {
    return `${this.directory}/${id.slice(0, 2)}/${id}-${kind}`;
  }

  private read(path: string): Uint8Array | null {
    try {
      return this.files.readFile(path);
    } catch (e) {
      if (e instanceof FileError) return null;
      throw e;
    }
  }

  private mark(path: string): void {
    markUsed(this.files, path);
  }
}

/** Sets the time of a file that is used, so that trimming leaves it. */
export function markUsed(files: Files, path: string): void {
  const info = files.stat(path);
  if (info !== null && Date.now() - info.modified >= markInterval) files.touch(path);
}

function parseEntry(text: string, action: string): CacheEntry | null {
  if (text.length !== entrySize) return null;
  const m = /^v1 ([0-9a-f]{64}) ([0-9a-f]{64}) ([ 0-9]{20}) ([ 0-9]{20})\n$/.exec(text);
  if (m === null || m[1] !== action) return null;
  return { output: m[2], size: Number(m[3]), time: Number(m[4].trim().slice(0, -6)) };
}

/** Removes what has not been used since a time, and what killed processes left of what they were writing. */
export function trim(files: Files, directory: string, before: number): void {
  for (const shelf of shelves(files, directory)) {
    for (const f of files.readDirectory(shelf)) {
      if (!/-[ad](\.\d+\.\d+\.tmp)?$/.test(f.name) || f.modified >= before) continue;
      files.remove(`${shelf}/${f.name}`);
    }
  }
}

/** The 256 directories of entries, those that there are. */
export function shelves(files: Files, directory: string): string[] {
  if (files.stat(directory)?.isDirectory !== true) return [];
  const list = files.readDirectory(directory).filter((f) => f.isDirectory && /^[0-9a-f]{2}$/.test(f.name));
  return list.map((f) => `${directory}/${f.name}`);
}
