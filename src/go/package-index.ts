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

interface Stored {
  readonly inputs: InputList;
  readonly package: StoredPackage;
}

export class CachedIndex implements PackageIndex {
  private readonly host: Host;
  /** What is on the disk, without recording. */
  private readonly files: Files;
  private readonly cache: BuildCache;
  private readonly recorder: InputRecorder;
  private readonly target: string;
  private readonly found: Set<string>;
  private readonly read: PackageFiles[];

  constructor(host: Host, files: Files, cache: BuildCache, recorder: InputRecorder, target: BuildTarget) {
    this.host = host;
    this.files = files;
    this.cache = cache;
    this.recorder = recorder;
    this.target = JSON.stringify({ ...target, tags: [...target.tags] });
    this.found = new Set();
    this.read = [];
  }

  private action(dir: string): string {
    const f = new Fingerprint(this.host.sha256, 'tuza package index');
    f.add('tool', this.host.toolIdentity);
    f.add('target', this.target);
    f.add('directory', dir);
    return f.finish();
  }

  find(reader: FileReader, dir: string): PackageFiles | null {
    const action = this.action(dir);
    const data = this.cache.get(action);
    if (data === null) return null;
    const stored: Stored = JSON.parse(decodeText(data));
    const { differs, refreshed } = compareInputs(this.files, this.host.sha256, stored.inputs);
    if (differs !== '') return null;
    if (refreshed !== null) this.put(action, { ...stored, inputs: refreshed });
    this.recorder.add(refreshed ?? stored.inputs);
    this.found.add(dir);
    return restorePackage(reader, dir, stored.package);
  }

  note(files: PackageFiles): void {
    if (!this.found.has(files.dir)) this.read.push(files);
  }

  contentOf(path: string): string | null {
    return this.recorder.contentOf(path);
  }

  /** Stores what has been read; all of it is known to be right. */
  save(): void {
    for (const files of this.read) {
      const stored = storedPackage(files);
      const inputs = this.recorder.recordedIn(files.dir);
      if (stored !== null && inputs !== null) this.put(this.action(files.dir), { inputs, package: stored });
    }
    this.read.length = 0;
  }

  private put(action: string, stored: Stored): void {
    this.cache.put(action, encodeText(JSON.stringify(stored)));
  }
}
