/** The machine under Node. */
import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '#base/sha256.ts';
import { FileError, type FileInfo, type Files, type Host, type Terminal } from './host.ts';
import { nodeBeside } from './node-beside.ts';
import { toolIdentity } from './node-identity.ts';
import { crypto, zlib } from './node-lazy.ts';
import { nodeNetwork } from './node-network.ts';
import { nodeProcesses } from './node-processes.ts';
import { ProgressLine } from './progress.ts';

export function nodeHost(): Host {
  const env = new Map<string, string>();
  for (const [k, v] of Object.entries(process.env)) if (v !== undefined) env.set(k, v);
  const terminal = standardError();
  const canErase = terminal.isTerminal && env.get('TERM') !== 'dumb';
  const line = new ProgressLine(
    { ...terminal, isTerminal: canErase },
    (text) => writeAll(2, text),
    () => performance.now(),
  );
  if (canErase) process.on('exit', () => line.hide());
  return {
    get toolIdentity() {
      return toolIdentity();
    },
    files: nodeFiles,
    network: nodeNetwork,
    // Loaded by the few commands that read archives.
    archives: { unzip: async (data, visit) => (await import('./node-archive.ts')).nodeArchives.unzip(data, visit) },
    locks: { lock: async (path) => (await import('./node-locks.ts')).nodeLocks.lock(path) },
    beside: nodeBeside,
    terminal,
    progress: line,
    processes: {
      ...nodeProcesses,
      run: (path, args, options) => {
        line.hide();
        return nodeProcesses.run(path, args, options);
      },
    },
    env,
    configDirectory: userDirectory(env, 'XDG_CONFIG_HOME', '.config', 'Library/Application Support', 'AppData'),
    cacheDirectory: userDirectory(env, 'XDG_CACHE_HOME', '.cache', 'Library/Caches', 'LocalAppData'),
    homeDirectory: homedir(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    workingDirectory: namedDirectory,
    now: () => performance.now(),
    sha256: digestOf,
    verifyEd25519: (publicKey, message, signature) => {
      const x = Buffer.from(publicKey).toString('base64url');
      return crypto().verify(
        null,
        message,
        crypto().createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
        signature,
      );
    },
    deflate: (data) => plainBytes(zlib().deflateSync(data, { level: 1, chunkSize: Math.max(data.length, 1 << 14) })),
    stdout: (text) => {
      line.hide();
      writeAll(1, text);
    },
    stderr: (text) => {
      line.hide();
      writeAll(2, text);
    },
  };
}

function standardError(): Terminal {
  // Node's stream for it takes milliseconds to make: nobody asks for that of a file or a pipe.
  if (!isDevice(2)) return { isTerminal: false, columns: 80 };
  // A terminal that nobody has told its size says 0.
  return { isTerminal: process.stderr.isTTY === true, columns: process.stderr.columns || 80 };
}

function isDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Loading Node's own takes as long as digesting so many bytes here. */
const shortInput = 1024;

/** Bytes that have been digested so far. */
let digested = 0;

function digestOf(data: Uint8Array): Uint8Array {
  digested += data.length;
  if (digested <= shortInput) return sha256(data);
  const { hash, createHash } = crypto();
  // In one step from Node 20.12 on.
  return new Uint8Array(
    hash === undefined ? createHash('sha256').update(data).digest() : hash('sha256', data, 'buffer'),
  );
}

/** The working directory as $PWD names it, which may be by a symbolic link (os.Getwd). */
function namedDirectory(): string {
  const here = process.cwd();
  const named = process.env.PWD ?? '';
  if (named === here || !named.startsWith('/')) return here;
  const a = statusOf(named);
  const b = statusOf(here);
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev ? named : here;
}

/** A Buffer's bytes, in place. */
function plainBytes(b: Buffer): Uint8Array {
  return new Uint8Array(b.buffer, b.byteOffset, b.length);
}

/** os.UserConfigDir and os.UserCacheDir; "" where neither the variable nor HOME is set. */
function userDirectory(env: ReadonlyMap<string, string>, xdg: string, unix: string, mac: string, windows: string) {
  if (process.platform === 'win32') return env.get(windows) ?? '';
  const home = env.get('HOME') ?? '';
  if (process.platform === 'darwin') return home === '' ? '' : `${home}/${mac}`;
  const given = env.get(xdg) ?? '';
  if (given !== '') return given.startsWith('/') ? given : '';
  return home === '' ? '' : `${home}/${unix}`;
}

/** Writes synchronously and completely; a pipe whose reader has gone ends the output silently, as SIGPIPE would. */
function writeAll(fd: number, text: string | Uint8Array): void {
  const data = typeof text === 'string' ? Buffer.from(text) : text;
  let done = 0;
  while (done < data.length) {
    try {
      done += writeSync(fd, data, done);
    } catch (e) {
      const code = codeOf(e);
      if (code === 'EAGAIN') continue;
      if (code === 'EPIPE') return;
      throw e;
    }
  }
}

function codeOf(e: unknown): string {
  return e instanceof Error && 'code' in e && typeof e.code === 'string' ? e.code : 'EIO';
}

const posixText: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EEXIST: 'file exists',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
};

/** Runs a file operation; failures become FileError in the wording of Go's *fs.PathError. */
function attempt<T>(operation: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (e) {
    const code = codeOf(e);
    throw new FileError(
      path,
      code,
      `${operation} ${path}: ${posixText[code] ?? (e instanceof Error ? e.message : code)}`,
    );
  }
}

function infoOf(name: string, s: Stats, isSymlink: boolean): FileInfo {
  return {
    name,
    isDirectory: s.isDirectory(),
    isSymlink,
    size: s.size,
    modified: s.mtimeMs,
    mode: s.mode & 0o7777,
    inode: s.ino,
  };
}

function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Undefined if nothing is there: some versions of Node throw where a part of the path is a file. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (e) {
    if (codeOf(e) === 'ENOTDIR') return undefined;
    throw e;
  }
}

let temporaryCount = 0;

const nodeFiles: Files = {
  readFile: (path) =>
    attempt('open', path, () => {
      const fd = openSync(path, 'r');
      try {
        if (fstatSync(fd).isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
        return plainBytes(readFileSync(fd));
      } finally {
        closeSync(fd);
      }
    }),
  readDirectory: (path) =>
    attempt('open', path, () => {
      const list: FileInfo[] = [];
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const s = statSync(join(path, entry.name), { throwIfNoEntry: false });
        if (s !== undefined) list.push(infoOf(entry.name, s, entry.isSymbolicLink()));
      }
      return list.sort((a, b) => byteOrder(a.name, b.name));
    }),
  stat: (path) => {
    const s = statusOf(path);
    return s === undefined ? null : infoOf(path.slice(path.lastIndexOf('/') + 1), s, false);
  },
  writeFile: (path, data, mode = 0o644) =>
    attempt('write', path, () => {
      const beside = `${path}.${process.pid}.${temporaryCount++}.tmp`;
      try {
        writeFileSync(beside, data, { mode });
        renameSync(beside, path);
      } catch (e) {
        rmSync(beside, { force: true });
        throw e;
      }
    }),
  createFile: (path, data) => {
    try {
      writeFileSync(path, data, { flag: 'wx' });
      return true;
    } catch (e) {
      if (codeOf(e) === 'EEXIST') return false;
      throw new FileError(path, codeOf(e), `open ${path}: ${posixText[codeOf(e)] ?? codeOf(e)}`);
    }
  },
  overwrite: (path, data) => attempt('write', path, () => writeFileSync(path, data)),
  chmod: (path, mode) => attempt('chmod', path, () => chmodSync(path, mode)),
  makeDirectory: (path) => attempt('mkdir', path, () => void mkdirSync(path, { recursive: true })),
  remove: (path) => attempt('remove', path, () => rmSync(path, { recursive: true, force: true })),
  rename: (from, to) => attempt('rename', from, () => renameSync(from, to)),
  touch: (path) => {
    try {
      const now = new Date();
      utimesSync(path, now, now);
    } catch (e) {
      if (!['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(codeOf(e))) throw e;
    }
  },
  realPath: (path) => attempt('lstat', path, () => realpathSync(path)),
  makeTemporaryDirectory: (prefix) => attempt('mkdir', tmpdir(), () => mkdtempSync(join(tmpdir(), prefix))),
};
