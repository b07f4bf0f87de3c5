/** go.sum: the hashes that modules had before, and those that are new (cmd/go/internal/modfetch fetch.go). */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { FatalError, ModError } from './errors.ts';
import { sortModules } from './gover.ts';
import type { Version } from './module.ts';

/** A module without a go.mod file had this hash in old go.sum files. */
const emptyGoModHash = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';

export const goSumMismatch = `

SECURITY ERROR
This download does NOT match an earlier download recorded in go.sum.
The bits may have been replaced on the origin server, or an attacker may
have intercepted the download attempt.

For more information, see 'go help module-auth'.
`;

export const sumdbMismatch = `

SECURITY ERROR
This download does NOT match the one reported by the checksum server.
The bits may have been replaced on the origin server, or an attacker may
have intercepted the download attempt.

For more information, see 'go help module-auth'.
`;

export const sumdbAbsent = `

SECURITY ERROR
This download does NOT match one reported by the checksum server.
The checksum server has provided checksums, but the checksums do
not contain an entry for the download.
The checksum server may be malfunctioning, or an attacker may have
intercepted the checksum request.
The download cannot be verified.

For more information, see 'go help module-auth'.
`;

export class SecurityError extends ModError {}

/** go.sum has another hash: nothing goes on after that. */
export class GoSumError extends FatalError {}

export class GoSum {
  private readonly host: Host;
  /** "" if there is none: hashes are checked with the database, and known for this run only. */
  readonly file: string;
  private readonly isLenient: boolean;
  /** By "path version". */
  private hashes: Map<string, string[]>;
  private readonly used: Set<string>;
  private readonly added: Set<string>;
  /** What tidying left out is not read back from the file. */
  private trimmed: boolean;
  /** What the go.sum files of a workspace's modules say, by file. */
  private readonly others: ReadonlyMap<string, ReadonlyMap<string, string[]>>;

  /** Throws ModError if the file is malformed; "mod tidy" reads what it can. `others`: files that are read, too, but not written. */
  constructor(host: Host, file: string, isLenient: boolean, others: readonly string[] = []) {
    this.host = host;
    this.file = file;
    this.isLenient = isLenient;
    this.used = new Set();
    this.added = new Set();
    this.trimmed = false;
    this.others = new Map(others.map((f) => [f, this.read(f)]));
    this.hashes = this.read();
  }

  private read(file = this.file): Map<string, string[]> {
    const map = new Map<string, string[]>();
    if (file === '' || this.host.files.stat(file) === null) return map;
    decodeText(this.host.files.readFile(file))
      .split('\n')
      .forEach((line, i) => {
        const words = line.split(/\s+/).filter((w) => w !== '');
        if (words.length === 0 || words[2] === emptyGoModHash) return;
        if (words.length !== 3) {
          if (this.isLenient) return;
          throw new ModError(`malformed go.sum:\n${file}:${i + 1}: wrong number of fields ${words.length}\n`);
        }
        add(map, `${words[0]} ${words[1]}`, words[2]);
      });
    return map;
  }

  /** Whether a hash is recorded that this run has not added itself. */
  has(m: Version): boolean {
    return this.allRecorded(m).length > 0;
  }

  /** The recorded hash; "" if there is none, or files contradict each other. */
  recorded(m: Version): string {
    const all = new Set(this.allRecorded(m));
    return all.size === 1 ? [...all][0] : '';
  }

  private allRecorded(m: Version): string[] {
    const key = `${m.path} ${m.version}`;
    const list = [...this.others.values()].flatMap((sums) => sums.get(key) ?? []);
    for (const h of this.hashes.get(key) ?? []) if (!this.added.has(`${key} ${h}`)) list.push(h);
    return list.filter((h) => h.startsWith('h1:'));
  }

  /** True if the hash is known, false if it is new. Throws GoSumError if another one is known. */
  check(m: Version, hash: string): boolean {
    const key = `${m.path} ${m.version}`;
    this.used.add(`${key} ${hash}`);
    for (const h of this.hashes.get(key) ?? []) {
      if (h === hash) return true;
      if (h.startsWith('h1:')) throw mismatch(m, hash, this.file.endsWith('go.work.sum') ? 'go.work.sum' : 'go.sum', h);
    }
    let found = false;
    for (const [file, sums] of this.others)
      for (const h of sums.get(key) ?? []) {
        if (h === hash) found = true;
        else if (h.startsWith('h1:')) throw mismatch(m, hash, file, h);
      }
    return found;
  }

  add(m: Version, hash: string): void {
    const key = `${m.path} ${m.version}`;
    add(this.hashes, key, hash);
    this.added.add(`${key} ${hash}`);
  }

  /** Forgets the hashes of all other modules (tidy). */
  trim(keep: ReadonlySet<string>): void {
    for (const [key, list] of this.hashes) {
      if (keep.has(key)) continue;
      for (const h of list) {
        this.added.add(`${key} ${h}`);
        this.used.delete(`${key} ${h}`);
      }
      this.trimmed = true;
    }
  }

  isChanged(keep: ReadonlySet<string>): boolean {
    for (const entry of this.added) {
      const key = entry.slice(0, entry.lastIndexOf(' '));
      if (!this.used.has(entry) || keep.has(key)) return true;
    }
    return false;
  }

  /** What the file is to be: `keep` has the "path version" keys whose new hashes are needed. */
  text(keep: ReadonlySet<string>): string {
    const map = this.trimmed ? this.hashes : this.read();
    if (!this.trimmed) for (const entry of this.used) if (!this.isElsewhere(entry)) addEntry(map, entry);
    const lines: { path: string; version: string; hash: string }[] = [];
    for (const [key, list] of map) {
      const [path, version] = key.split(' ');
      for (const hash of [...new Set(list)].sort()) {
        const entry = `${key} ${hash}`;
        if (!this.added.has(entry) || (this.used.has(entry) && keep.has(key))) lines.push({ path, version, hash });
      }
    }
    return sortModules(lines)
      .map((l) => `${l.path} ${l.version} ${l.hash}\n`)
      .join('');
  }

  /** Whether the go.sum file of a workspace's module has an entry. */
  private isElsewhere(entry: string): boolean {
    const at = entry.lastIndexOf(' ');
    return [...this.others.values()].some((sums) => sums.has(entry.slice(0, at)));
  }

  /** Writes the file under the cache's lock, if it changes. */
  async write(keep: ReadonlySet<string>, sideLock: () => Promise<() => void>, readonly = false): Promise<void> {
    if (this.file === '' || !this.isChanged(keep)) return;
    if (readonly) throw new ModError('updates to go.sum needed, disabled by -mod=readonly');
    const unlock = await sideLock();
    try {
      this.host.files.overwrite(this.file, encodeText(this.text(keep)));
    } catch (e) {
      if (!(e instanceof FileError) || e.code !== 'EOVERLAY') throw e;
      throw new ModError('updates to go.sum needed, but go.sum is part of the overlay specified with -overlay', e);
    } finally {
      unlock();
    }
    this.added.clear();
    this.trimmed = false;
    this.hashes = this.read();
  }
}

function mismatch(m: Version, hash: string, file: string, recorded: string): GoSumError {
  return new GoSumError(
    `verifying ${m.path}@${m.version}: checksum mismatch\n\tdownloaded: ${hash}\n\t${file}:     ${recorded}${goSumMismatch}`,
  );
}

function add(map: Map<string, string[]>, key: string, hash: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [hash]);
  else if (!list.includes(hash)) list.push(hash);
}

function addEntry(map: Map<string, string[]>, entry: string): void {
  const at = entry.lastIndexOf(' ');
  add(map, entry.slice(0, at), entry.slice(at + 1));
}
