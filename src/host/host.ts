/**
 * The machine, as the rooms see it. Node and the browser each implement it; nothing outside host/ touches either.
 * Everything that reads is synchronous, so that the cores are plain functions; the browser host serves it from memory.
 */
export interface FileInfo {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Unix permission bits. */
  readonly mode: number;
}

export interface Files {
  /** Throws FileError if it cannot be read. */
  readFile(path: string): Uint8Array;
  /** Sorted by name (bytewise). Throws FileError. */
  readDirectory(path: string): FileInfo[];
  /** Follows symbolic links; null if nothing is there. */
  stat(path: string): FileInfo | null;
  /** Writes beside and renames, so that nobody sees half a file. */
  writeFile(path: string, data: Uint8Array, mode?: number): void;
  makeDirectory(path: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  realPath(path: string): string;
  makeTemporaryDirectory(prefix: string): string;
}

/** A failed file operation; code is the POSIX name such as ENOENT. */
export class FileError extends Error {
  readonly path: string;
  readonly code: string;

  constructor(path: string, code: string, message: string) {
    super(message);
    this.name = 'FileError';
    this.path = path;
    this.code = code;
  }
}

/** How a process ended: an exit status, or the name of the signal that killed it. */
export interface ProcessResult {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Processes {
  /** Runs a program with this process's standard streams; signals that reach us are passed on until it ends. */
  run(path: string, args: readonly string[]): Promise<ProcessResult>;
}

export interface Host {
  readonly files: Files;
  /** Null where programs cannot be run. */
  readonly processes: Processes | null;
  readonly env: ReadonlyMap<string, string>;
  workingDirectory(): string;
  /** Milliseconds, monotonic. */
  now(): number;
  sha256(data: Uint8Array): Uint8Array;
  /** zlib format, at the fastest level; null where the machine has no compressor. */
  deflate(data: Uint8Array): Uint8Array | null;
  stdout(text: string | Uint8Array): void;
  stderr(text: string | Uint8Array): void;
}
