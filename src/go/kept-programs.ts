/**
 * Executables of builds before: a program of which nothing has changed that would be another one is not linked again. `run` finds it in the cache; what
 * `build` has left is where it was written to, and the cache knows its content (the official command compares build IDs).
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import { FileError } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import type { BuiltProgram, KeptPrograms } from './build-packages.ts';
import { executableNameOf } from './exec-name.ts';
import type { Recording } from './quick.ts';

/** Those of `run`. */
export class KeptExecutables implements KeptPrograms {
  private readonly recording: Recording;

  constructor(recording: Recording) {
    this.recording = recording;
  }

  find(action: string, p: LoadedPackage): Uint8Array | null {
    return this.recording.cache.executable(action, executableNameOf(p));
  }
}

/** Those of `build`. */
export class KeptFiles implements KeptPrograms {
  private readonly recording: Recording;
  private readonly pathOf: (p: LoadedPackage) => string;

  /** `pathOf`: where a program goes, or "". */
  constructor(recording: Recording, pathOf: (p: LoadedPackage) => string) {
    this.recording = recording;
    this.pathOf = pathOf;
  }

  find(action: string, p: LoadedPackage): Uint8Array | null {
    const path = this.pathOf(p);
    const { cache, outer } = this.recording;
    const id = path === '' ? null : cache.get(this.fileAction(action));
    if (id === null || outer.files.stat(path)?.isDirectory !== false) return null;
    try {
      const data = outer.files.readFile(path);
      return contentId(outer.sha256, data) === decodeText(id) ? data : null;
    } catch (e) {
      // What cannot be read is written again.
      if (e instanceof FileError) return null;
      throw e;
    }
  }

  keep(program: BuiltProgram): void {
    const { cache, outer } = this.recording;
    if (program.action === '' || program.isKept) return;
    cache.put(this.fileAction(program.action), encodeText(contentId(outer.sha256, program.image)));
  }

  private fileAction(action: string): string {
    const f = new Fingerprint(this.recording.outer.sha256, 'tuza file of a linked program');
    f.add('program', action);
    return f.finish();
  }
}
