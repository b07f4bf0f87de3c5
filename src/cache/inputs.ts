/**
 * What a build has looked at: every file it read, directory it listed, and path it asked for. A later build with the same inputs has the
 * same result, and whether they are the same is seen from sizes and times mostly: contents are read again only where those differ, or
 * where a file was so new when it was read that a change in the same tick of the clock would not show.
 */
import { encodeText } from '#base/bytes.ts';
import { FileError, type FileInfo, type Files } from '#host/host.ts';
import { contentId, fileId, type Sum } from './fingerprint.ts';

/** Milliseconds: changes closer together than this may leave the same time on a file (cmd/go/internal/modindex has the same number). */
export const clockGrain = 2000;

/** Kinds of observations. */
export const Missing = 0;
export const IsFile = 1;
export const IsDirectory = 2;
export const Read = 3;
export const Listed = 4;

/** One path: what was observed, and what it looked like. */
export interface Input {
  readonly path: string;
  readonly kind: number;
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
  /** Of the content, or of the names in a directory; "" for the other kinds. */
  readonly id: string;
}

/** Fields of an Input in a list of numbers and texts: lists are cheaper to read back than objects. */
const width = 6;

export type InputList = readonly (string | number)[];

/** Hands out files and writes down what is asked for. */
export class InputRecorder {
  private readonly files: Files;
  private readonly sum: Sum;
  private readonly inputs: Map<string, Input>;
  private readonly listings: Map<string, readonly FileInfo[]>;
  private readonly started: number;
  /** Something was seen twice and had changed in between: what was recorded is worth nothing. */
  changed: boolean;

  constructor(files: Files, sum: Sum) {
    this.files = files;
    this.sum = sum;
    this.inputs = new Map();
    this.listings = new Map();
    this.started = Date.now();
    this.changed = false;
  }

  readFile(path: string): Uint8Array {
    const info = this.files.stat(path);
    let data: Uint8Array;
    try {
      data = this.files.readFile(path);
    } catch (e) {
      if (e instanceof FileError) this.note(path, info, info === null ? Missing : kindOf(info), '');
      throw e;
    }
    this.note(path, info, Read, fileId(this.sum, path, data));
    return data;
  }

  readDirectory(path: string): FileInfo[] {
    const info = this.files.stat(path);
    let list: FileInfo[];
    try {
      list = this.files.readDirectory(path);
    } catch (e) {
      if (e instanceof FileError) this.note(path, info, info === null ? Missing : kindOf(info), '');
      throw e;
    }
    this.note(path, info, Listed, listingId(this.sum, list));
    this.listings.set(path, list);
    return list;
  }

  stat(path: string): FileInfo | null {
    const info = this.files.stat(path);
    this.note(path, info, kindOf(info), '');
    return info;
  }

  /** The identity of a file that was read; null if it was not. */
  contentOf(path: string): string | null {
    const input = this.inputs.get(path);
    return input?.kind === Read ? input.id : null;
  }

  /** What was recorded of a directory that was listed, and of the files in it that were read; null if something has changed. */
  recordedIn(directory: string): InputList | null {
    const own = this.inputs.get(directory);
    const names = this.listings.get(directory);
    if (own?.kind !== Listed || names === undefined || this.changed) return null;
    const list: (string | number)[] = [];
    for (const i of [own, ...names.map((n) => this.inputs.get(`${directory}/${n.name}`))])
      if (i !== undefined && i.kind >= Read) list.push(i.path, i.kind, i.size, i.modified, i.inode, i.id);
    return list;
  }

  /** Takes over what was recorded before and has been compared since. */
  add(list: InputList): void {
    for (let i = 0; i < list.length; i += width) {
      const path = String(list[i]);
      const old = this.inputs.get(path);
      const id = String(list[i + 5]);
      if (old !== undefined && old.kind >= Read) {
        if (old.id !== id) this.changed = true;
        continue;
      }
      const [kind, size, modified, inode] = [1, 2, 3, 4].map((k) => Number(list[i + k]));
      this.inputs.set(path, { path, kind, size, modified, inode, id });
    }
  }

  private note(path: string, info: FileInfo | null, kind: number, id: string): void {
    const old = this.inputs.get(path);
    if (old !== undefined && old.kind >= Read) {
      if (id !== '' && kind === old.kind && id !== old.id) this.changed = true;
      return;
    }
    if (info === null) {
      this.inputs.set(path, { path, kind: Missing, size: 0, modified: 0, inode: 0, id });
      return;
    }
    // A time of -1 is never that of a file: the content is compared every time.
    const modified = info.modified < this.started - clockGrain ? info.modified : -1;
    this.inputs.set(path, { path, kind, size: info.size, modified, inode: info.inode, id });
  }

  /** What was observed, but for the files at `written`, which the command has written since: they are no news in their directories. */
  list(written: readonly string[]): InputList {
    for (const path of written) this.relist(path.slice(0, path.lastIndexOf('/')), written);
    const list: (string | number)[] = [];
    for (const i of this.inputs.values()) {
      if (!written.includes(i.path)) list.push(i.path, i.kind, i.size, i.modified, i.inode, i.id);
    }
    return list;
  }

  private relist(directory: string, written: readonly string[]): void {
    const old = this.listings.get(directory);
    const input = this.inputs.get(directory);
    if (old === undefined || input === undefined) return;
    const others = (list: readonly FileInfo[]): FileInfo[] =>
      list.filter((f) => !written.includes(`${directory}/${f.name}`));
    const now = this.files.readDirectory(directory);
    if (listingId(this.sum, others(now)) !== listingId(this.sum, others(old))) this.changed = true;
    this.inputs.set(directory, { ...input, modified: -1, id: listingId(this.sum, now) });
  }
}

/** The same files, recorded by `recorder`. What is written is not recorded. */
export function recordedFiles(files: Files, recorder: InputRecorder): Files {
  return {
    ...files,
    readFile: (path) => recorder.readFile(path),
    readDirectory: (path) => recorder.readDirectory(path),
    stat: (path) => recorder.stat(path),
  };
}

function kindOf(info: FileInfo | null): number {
  if (info === null) return Missing;
  return info.isDirectory ? IsDirectory : IsFile;
}

function listingId(sum: Sum, list: readonly FileInfo[]): string {
  return contentId(sum, encodeText(list.map((f) => `${f.name}${f.isDirectory ? '/' : ''}\n`).join('')));
}

/** Those inputs whose paths are wanted. */
export function selectInputs(list: InputList, isWanted: (path: string) => boolean): InputList {
  const selected: (string | number)[] = [];
  for (let i = 0; i < list.length; i += width)
    if (isWanted(String(list[i]))) selected.push(...list.slice(i, i + width));
  return selected;
}

/** How inputs compare with what was recorded. */
export interface Comparison {
  /** The first path that differs; "" if none does. */
  readonly differs: string;
  /** Contents had to be read to know: the list with the times of now saves that the next time; null if none were. */
  readonly refreshed: InputList | null;
}

export function compareInputs(files: Files, sum: Sum, list: InputList): Comparison {
  const now = Date.now();
  let refreshed: (string | number)[] | null = null;
  for (let i = 0; i < list.length; i += width) {
    const path = String(list[i]);
    const kind = Number(list[i + 1]);
    const info = files.stat(path);
    if (kind < Read) {
      if (kindOf(info) !== kind) return { differs: path, refreshed: null };
      continue;
    }
    if (info === null || info.isDirectory !== (kind === Listed)) return { differs: path, refreshed: null };
    const isSame = info.modified === list[i + 3] && info.inode === list[i + 4];
    if (isSame && (kind === Listed || info.size === list[i + 2])) continue;
    if (currentId(files, sum, path, kind === Listed) !== list[i + 5]) return { differs: path, refreshed: null };
    if (info.modified >= now - clockGrain) continue;
    refreshed ??= [...list];
    refreshed[i + 2] = info.size;
    refreshed[i + 3] = info.modified;
    refreshed[i + 4] = info.inode;
  }
  return { differs: '', refreshed };
}

function currentId(files: Files, sum: Sum, path: string, isListing: boolean): string {
  try {
    return isListing ? listingId(sum, files.readDirectory(path)) : contentId(sum, files.readFile(path));
  } catch (e) {
    if (e instanceof FileError) return '';
    throw e;
  }
}
