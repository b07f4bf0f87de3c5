/** A package of the program at hand, and what has been compiled of it before. */
import { Fingerprint } from '#cache/fingerprint.ts';
import type { Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { magic, Segment } from './code-segment.ts';
import type { SeenPackage } from './seen-code.ts';

/** More segments than this are compiled again into one. */
export const maxSegments = 24;

export class CachedPackage {
  readonly loaded: LoadedPackage;
  /** What the program knows it by. */
  readonly path: string;
  readonly action: string;
  /** Its identity by itself: what it has compiled before, with other packages around it, is found under it. */
  readonly ownAction: string;
  readonly segments: Segment[];
  /** Under which identities these are stored. */
  readonly stored: string[];
  /** For -why: what has become of what was compiled with other packages around it. */
  finding: string;

  constructor(loaded: LoadedPackage, path: string, action: string, ownAction: string) {
    this.loaded = loaded;
    this.path = path;
    this.action = action;
    this.ownAction = ownAction;
    this.segments = [];
    this.stored = [];
    this.finding = '';
  }

  add(action: string, data: Uint8Array): Segment {
    const segment = new Segment(data);
    this.segments.push(segment);
    this.stored.push(action);
    return segment;
  }

  clear(): void {
    this.segments.length = this.stored.length = 0;
  }
}

/** Under which identity the nth segment of a package is stored. */
export function segmentAction(host: Host, action: string, n: number): string {
  const f = new Fingerprint(host.sha256, 'tuza code segment');
  f.add('format', String(magic));
  f.add('package', action);
  f.add('segment', String(n));
  return f.finish();
}

/** What a segment has in it of other packages; null if that is not known. */
export function seenIn(segment: Segment): SeenPackage[] | null {
  return segment.seen === '' ? null : JSON.parse(segment.seen);
}
