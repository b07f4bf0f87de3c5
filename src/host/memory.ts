/** Files that are only in memory, over those of a machine: a directory tree that a program hands us, or output that shall not touch the disk. */
import { compareText } from '#base/bytes.ts';
import { baseName, cleanPath, parentPath } from '#base/path.ts';
import { FileError, type FileInfo, type Files } from './host.ts';

interface MemoryFile {
  readonly data: Uint8Array;
  readonly mode: number;
  /** When it was written, in milliseconds since 1970. */
  readonly modified: number;
  readonly inode: number;
}

export class MemoryFiles {
  private readonly disk: Files;
  private readonly workingDirectory: () => string;
  private readonly roots: readonly string[];
  private readonly contents: Map<string, MemoryFile>;
  private readonly directories: Set<string>;
  /** Each content that is written has a number of its own, as files that are replaced have on a disk. */
  private written: number;

  /** What is written below one of the `roots` stays in memory; what is on the disk there is seen as long as nothing in memory hides it. */
  constructor(disk: Files, workingDirectory: () => string, roots: readonly string[]) {
    this.disk = disk;
    this.workingDirectory = workingDirectory;
    this.roots = roots;
    this.contents = new Map();
    this.directories = new Set(roots);
    this.written = 0;
  }

  write(path: string, data: Uint8Array, mode: number): void {
    const at = this.absolute(path);
    for (let d = parentPath(at); d !== '/'; d = parentPath(d)) this.directories.add(d);
    this.contents.set(at, { data, mode, modified: Date.now(), inode: ++this.written });
  }

  /** Null if no such file is in memory. */
  read(path: string): Uint8Array | null {
    return this.contents.get(this.absolute(path))?.data ?? null;
  }

  files(): Files {
    const { disk } = this;
    return {
      ...disk,
      readFile: (path) => this.read(path) ?? disk.readFile(this.onDisk('open', path)),
      readDirectory: (path) => this.readDirectory(path),
      stat: (path) => this.stat(path),
      writeFile: (path, data, mode = 0o644) => {
        if (this.isOurs(path)) this.write(path, data, mode);
        else disk.writeFile(path, data, mode);
      },
      createFile: (path, data) => {
        if (!this.isOurs(path)) return disk.createFile(path, data);
        if (this.stat(path) !== null) return false;
        this.write(path, data, 0o644);
        return true;
      },
      overwrite: (path, data) => {
        if (this.isOurs(path)) this.write(path, data, this.stat(path)?.mode ?? 0o644);
        else disk.overwrite(path, data);
      },
      chmod: (path, mode) => {
        const data = this.read(path);
        if (data === null) disk.chmod(this.onDisk('chmod', path), mode);
        else this.write(path, data, mode);
      },
      makeDirectory: (path) => {
        const at = this.absolute(path);
        if (!this.isOurs(at)) return disk.makeDirectory(path);
        for (let d = at; d !== '/'; d = parentPath(d)) this.directories.add(d);
      },
      remove: (path) => {
        if (this.isOurs(path)) this.remove(this.absolute(path));
        else disk.remove(path);
      },
      rename: (from, to) => {
        const data = this.read(from);
        if (data === null) return disk.rename(this.onDisk('rename', from), this.onDisk('rename', to));
        this.write(to, data, this.stat(from)?.mode ?? 0o644);
        this.remove(this.absolute(from));
      },
      touch: (path) => {
        if (!this.isOurs(path)) disk.touch(path);
      },
      realPath: (path) => (this.isOurs(path) ? this.absolute(path) : disk.realPath(path)),
    };
  }

  private absolute(path: string): string {
    return cleanPath(path.startsWith('/') ? path : `${this.workingDirectory()}/${path}`);
  }

  /** The path itself, if the disk may be asked for it. */
  private onDisk(operation: string, path: string): string {
    if (!this.directories.has(this.absolute(path))) return path;
    throw new FileError(path, 'EISDIR', `${operation} ${path}: is a directory`);
  }

  private isOurs(path: string): boolean {
    const at = this.absolute(path);
    return this.roots.some((r) => at === r || at.startsWith(`${r}/`));
  }

  private remove(at: string): void {
    this.directories.delete(at);
    const below = `${at}/`;
    for (const d of this.directories) if (d.startsWith(below)) this.directories.delete(d);
    for (const f of this.contents.keys()) if (f === at || f.startsWith(below)) this.contents.delete(f);
  }

  private stat(path: string): FileInfo | null {
    const at = this.absolute(path);
    const file = this.contents.get(at);
    if (file !== undefined) return fileInfo(at, file);
    const real = this.disk.stat(path);
    return real === null && this.directories.has(at) ? directoryInfo(at) : real;
  }

  private readDirectory(path: string): FileInfo[] {
    const at = this.absolute(path);
    if (!this.directories.has(at)) return this.disk.readDirectory(path);
    const list = new Map<string, FileInfo>();
    if (this.disk.stat(at)?.isDirectory === true) for (const f of this.disk.readDirectory(at)) list.set(f.name, f);
    for (const d of this.directories)
      if (parentPath(d) === at && !list.has(baseName(d))) list.set(baseName(d), directoryInfo(d));
    for (const [f, file] of this.contents) if (parentPath(f) === at) list.set(baseName(f), fileInfo(f, file));
    return [...list.values()].sort((a, b) => compareText(a.name, b.name));
  }
}

function fileInfo(path: string, f: MemoryFile): FileInfo {
  return {
    name: baseName(path),
    isDirectory: false,
    isSymlink: false,
    size: f.data.length,
    modified: f.modified,
    mode: f.mode,
    inode: f.inode,
  };
}

/** A directory that is on no disk. */
export function directoryInfo(path: string): FileInfo {
  return { name: baseName(path), isDirectory: true, isSymlink: false, size: 0, modified: 0, mode: 0o755, inode: 0 };
}
