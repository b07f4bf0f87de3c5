/**
 * The index of packages in the build cache: what was found out about a directory's files, and what these looked like. As long as they look the same
 * the package is loaded without being read.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import { compareInputs, type InputList, type InputRecorder } from '#cache/inputs.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Files, Host } from '#host/host.ts';
import type { FileReader, PackageFiles } from '#load/package-files.ts';
import { type PackageIndex, restorePackage, type StoredPackage, storedPackage } from '#load/package-index.ts';
import type { BuildTarget } from '#load/target.ts';
import { tokensId } from '#load/tokens.ts';
import type { Imports } from '#mod/load-packages.ts';
import type { KnownImports } from './scan-imports.ts';

interface Stored {
  readonly inputs: InputList;
  readonly package: StoredPackage;
  /** As the module loader has them, with those of tests; null: it has not asked for them. */
  readonly imports: Imports | null;
}

/** What is known of many packages, by directory: what a program needs of them is read at once. */
type StoredSet = Readonly<Record<string, Stored>>;

export class CachedIndex implements PackageIndex, KnownImports {
  private readonly host: Host;
  /** What is on the disk, without recording. */
  private readonly files: Files;
  private readonly cache: BuildCache;
  private readonly recorder: InputRecorder;
  private readonly target: string;
  /** What the packages are needed for. */
  private readonly purpose: string;
  /** Whether nobody edits a directory: nobody asks for the tokens of its files. */
  private readonly isUnedited: (dir: string) => boolean;
  /** Whether nobody changes a directory while the command works. */
  private readonly isFixed: (dir: string) => boolean;
  private set: StoredSet | null;
  /** What is in the set, if it is as it was. */
  private readonly compared: Map<string, Stored | null>;
  private readonly found: Map<string, Stored>;
  private readonly read: PackageFiles[];
  /** What the module loader has found out. */
  private readonly scanned: Map<string, Imports>;

  constructor(
    host: Host,
    cache: BuildCache,
    recorder: InputRecorder,
    target: BuildTarget,
    purpose: string,
    isUnedited: (dir: string) => boolean,
    isFixed: (dir: string) => boolean = () => false,
  ) {
    this.host = host;
    this.files = host.files;
    this.cache = cache;
    this.recorder = recorder;
    this.target = JSON.stringify({ ...target, tags: [...target.tags] });
    this.purpose = purpose;
    this.isUnedited = isUnedited;
    this.isFixed = isFixed;
    this.set = null;
    this.compared = new Map();
    this.found = new Map();
    this.read = [];
    this.scanned = new Map();
  }

  private action(label: string, value: string): string {
    const f = new Fingerprint(this.host.sha256, 'tuza package index');
    f.add('tool', this.host.toolIdentity);
    f.add('target', this.target);
    f.add(label, value);
    return f.finish();
  }

  /** Whether the directory is that of a package of the same command before, and as it was then. */
  has(dir: string): boolean {
    return this.ofCommand(dir) !== null;
  }

  importsOf(dir: string): Imports | null {
    const stored = this.ofCommand(dir);
    if (stored === null || stored.imports === null) return null;
    this.recorder.add(stored.inputs);
    return stored.imports;
  }

  noteImports(dir: string, imports: Imports): void {
    this.scanned.set(dir, imports);
  }

  private ofCommand(dir: string): Stored | null {
    this.set ??= this.load('purpose', this.purpose) ?? {};
    let stored = this.compared.get(dir);
    if (stored === undefined) {
      stored = this.current(this.set[dir]);
      this.compared.set(dir, stored);
    }
    return stored;
  }

  find(reader: FileReader, dir: string): PackageFiles | null {
    // What another program of this command has needed is taken as it was then.
    const known = this.found.get(dir);
    if (known !== undefined && this.isFixed(dir)) return restorePackage(reader, dir, known.package);
    const before = known === undefined ? this.ofCommand(dir) : this.current(known);
    const stored = before ?? this.current(this.load('directory', dir)?.[dir]);
    if (stored === null) return null;
    this.recorder.add(stored.inputs);
    this.found.set(dir, stored);
    return restorePackage(reader, dir, stored.package);
  }

  private load(label: string, value: string): StoredSet | null {
    const data = this.cache.get(this.action(label, value));
    return data === null ? null : JSON.parse(decodeText(data));
  }

  /** The same with the times of now, if nothing has changed since it was stored. */
  private current(stored: Stored | undefined): Stored | null {
    if (stored === undefined) return null;
    const { differs, refreshed } = compareInputs(this.files, this.host.sha256, stored.inputs);
    if (differs !== '') return null;
    return refreshed === null ? stored : { ...stored, inputs: refreshed };
  }

  note(files: PackageFiles): void {
    if (!this.found.has(files.dir)) this.read.push(files);
  }

  contentOf(path: string): string | null {
    return this.recorder.contentOf(path);
  }

  /** Stores what has been read; all of it is known to be right. */
  keep(): void {
    for (const files of this.read) {
      const isUnedited = this.isUnedited(files.dir);
      const known = storedPackage(files, (text) => (isUnedited ? '' : tokensId(this.host.sha256, text)));
      const inputs = this.recorder.recordedIn(files.dir);
      if (known === null || inputs === null) continue;
      const stored: Stored = { inputs, package: known, imports: this.scanned.get(files.dir) ?? null };
      this.found.set(files.dir, stored);
      this.put('directory', files.dir, { [files.dir]: stored });
    }
    this.read.length = 0;
  }

  /** What has been read is not stored: something is wrong. */
  drop(): void {
    this.read.length = 0;
  }

  /** Stores what has been read, and all that the command has needed together. */
  save(): void {
    this.keep();
    for (const [dir, stored] of this.found) {
      const imports = this.scanned.get(dir);
      // The inputs have to be all that was read for the imports, too.
      const inputs = stored.imports === null && imports !== undefined ? this.recorder.recordedIn(dir) : null;
      if (inputs !== null && imports !== undefined) this.found.set(dir, { ...stored, inputs, imports });
    }
    const { set } = this;
    // Packages of the program itself change with it: they are looked up by themselves.
    const all = [...this.found].filter(([, stored]) => stored.package.name !== 'main');
    if (set === null || all.every(([dir, stored]) => set[dir] === stored)) return;
    this.set = Object.fromEntries(all);
    this.put('purpose', this.purpose, this.set);
  }

  private put(label: string, value: string, stored: StoredSet): void {
    this.cache.put(this.action(label, value), encodeText(JSON.stringify(stored)));
  }
}
