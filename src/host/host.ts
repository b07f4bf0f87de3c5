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
  /** The file's number on its disk. */
  readonly inode: number;
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
  /** Makes a file that must not exist yet; false if it does. */
  createFile(path: string, data: Uint8Array): boolean;
  /** Writes into the file itself, for files that others hold locks on. */
  overwrite(path: string, data: Uint8Array): void;
  /** Sets the permission bits. */
  chmod(path: string, mode: number): void;
  makeDirectory(path: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** Sets the time of modification to now. Files that are gone or somebody else's stay as they are. */
  touch(path: string): void;
  realPath(path: string): string;
  /** Where other programs find the file; left out where that is its path. */
  actualPath?(path: string): string;
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
  /** The time was over. */
  readonly timedOut: boolean;
  /** Something that the program has left behind held its output open; that was waited for no longer. */
  readonly outputCut: boolean;
  /** A signal that reached us meanwhile, and was passed on; null if none did. */
  readonly passedSignal: string | null;
}

/** How a program is run; what is left out is as in this process. */
export interface RunOptions {
  readonly directory?: string;
  readonly env?: ReadonlyMap<string, string>;
  /** False: standard input is empty. */
  readonly input?: boolean;
  /** Takes what the program writes to standard output, and to standard error unless `error` takes that; then in the order of writing. */
  readonly output?: (data: Uint8Array) => void;
  readonly error?: (data: Uint8Array) => void;
  /** Both outputs go to this process's standard output. */
  readonly joined?: boolean;
  /** After so many milliseconds the program gets the signal, and is killed if it does not end within `grace` milliseconds more. */
  readonly timeout?: number;
  readonly timeoutSignal?: string;
  readonly grace?: number;
  /** Ends the program as the end of `timeout` does. */
  readonly cancel?: AbortSignal;
  /** Milliseconds to wait for the end of the output after the end of the program, 5000 if left out. */
  readonly outputDelay?: number;
  /** What the program says follows from files that are looked at and from answers that are captured: the same command need not run it again. */
  readonly isImplied?: boolean;
}

/** A program that is talked to: its standard input and output. */
export interface Conversation {
  /** False if nobody reads it. */
  send(text: string): boolean;
  /** Waits for a line; null after the last one. */
  receive(): string | null;
  /** Ends the program's input and waits for the end of its output. */
  close(): void;
}

export interface Processes {
  /** The number of this process. */
  readonly id: number;
  /** The words of the command that starts this toolchain anew; none where it is part of another program. */
  readonly command: readonly string[];
  /** How many programs the machine can run at once. */
  readonly parallelism: number;
  /** Whether a process with this number exists. */
  exists(id: number): boolean;
  /** Runs a program; signals that reach us are passed on until it ends. Throws FileError if it cannot be started. */
  run(path: string, args: readonly string[], options?: RunOptions): Promise<ProcessResult>;
  /** Starts a program that answers by lines to lines. Throws FileError. */
  converse(path: string, args: readonly string[]): Conversation;
  /** Runs a program and waits for its end: status (-1 if it was not started or was killed) and standard output. */
  capture(
    path: string,
    args: readonly string[],
    options?: Pick<RunOptions, 'directory' | 'env'>,
  ): { status: number; output: string };
}

/** What a server answered. */
export interface Response {
  /** The HTTP status. */
  readonly status: number;
  readonly body: Uint8Array;
  /** The last address, after redirects. */
  readonly url: string;
  /** By names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface Network {
  /**
   * Fetches an http or https address. At most ten redirects are followed, but none from https to http. `progress` hears bytes so far and in all
   * (0 if unknown). Throws if no server answers.
   */
  get(
    url: string,
    progress: (done: number, total: number) => void,
    headers?: ReadonlyMap<string, string>,
  ): Promise<Response>;
}

export interface Archives {
  /** Hands the files of a zip archive to `visit`, one after the other, as they stand in it. Throws if the archive is damaged. */
  unzip(data: Uint8Array, visit: (name: string, content: Uint8Array) => void): Promise<void>;
}

export interface Locks {
  /** Waits for the exclusive lock on a file, which is made if it is not there; the result gives it back. Throws FileError. */
  lock(path: string): Promise<() => void>;
}

/** Work that can be done while the program goes on. */
export interface Beside {
  /** zlib format, at the fastest level. */
  deflate(data: Uint8Array): Promise<Uint8Array>;
  /** Reads many files at once; those that cannot be read are left out. */
  readFiles(paths: readonly string[]): Promise<Map<string, Uint8Array>>;
  /** The first bytes of a file, up to so many, and its size; null if it cannot be read. */
  readStart(path: string, length: number): { bytes: Uint8Array; size: number } | null;
  /** CRC-32, for files that only damage can change. */
  crc32(data: Uint8Array): number;
}

/** What standard error is connected to. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly columns: number;
}

/** Kinds of work that take time. Downloads and unpacking count bytes, compiling functions, the others packages. */
export type ProgressStage = 'download' | 'unpack' | 'load' | 'check' | 'compile' | 'test';

/** Hears how far the work is. */
export interface Progress {
  /** `done` of `total`, 0 where that is not known; `what` is being worked on ("" if that has no name). Cheap enough for every function that is compiled. */
  show(stage: ProgressStage, done: number, total: number, what: string): void;
}

export interface Host {
  /** Identity of this toolchain's code: what one version has made and cached, another does not take for its own. */
  readonly toolIdentity: string;
  readonly files: Files;
  /** Null where there is no network. */
  readonly network: Network | null;
  /** Null where archives cannot be read. */
  readonly archives: Archives | null;
  /** Null where only one program can be at work. */
  readonly locks: Locks | null;
  /** Null where everything is done in turn. */
  readonly beside: Beside | null;
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Null where programs cannot be run. */
  readonly processes: Processes | null;
  readonly env: ReadonlyMap<string, string>;
  /** Where Go's os.UserConfigDir and os.UserCacheDir look; "" if the machine has no such place. */
  readonly configDirectory: string;
  readonly cacheDirectory: string;
  readonly homeDirectory: string;
  workingDirectory(): string;
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds, monotonic. */
  now(): number;
  sha256(data: Uint8Array): Uint8Array;
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** zlib format, at the fastest level; null where the machine has no compressor. */
  deflate(data: Uint8Array): Uint8Array | null;
  stdout(text: string | Uint8Array): void;
  stderr(text: string | Uint8Array): void;
  /** Told how many bytes of objects the work will about need, before anything of it is done; left out where nothing can be done about it. */
  reserveMemory?(bytes: number): void;
}
