/**
 * Code that is taken over: a package is as it was, what it imports is not, and what it has in it of that is the same. The segments are those that were
 * compiled before, under other identities; which ones is kept for the program, so that the next build need not compare.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import { type CachedPackage, seenIn } from './cached-package.ts';
import type { CodeIdentities } from './code-identities.ts';
import { Segment } from './code-segment.ts';
import { differenceOf, type SeenPackage, type SeenProgram } from './seen-code.ts';

export interface AdoptionSettings {
  readonly host: Host;
  readonly cache: BuildCache;
  readonly options: string;
}

export class AdoptedCode {
  private readonly settings: AdoptionSettings;
  private readonly identities: CodeIdentities;
  private readonly program: SeenProgram;
  /** The identities of segments by that of the package that has taken them over; null until somebody asks. */
  private kept: Map<string, readonly string[]> | null;
  private readonly now: Map<string, readonly string[]>;

  constructor(settings: AdoptionSettings, identities: CodeIdentities, program: SeenProgram) {
    this.settings = settings;
    this.identities = identities;
    this.program = program;
    this.kept = null;
    this.now = new Map();
  }

  /** Reads the segments that an earlier run has taken over for the package as it is now. */
  readKept(c: CachedPackage): boolean {
    this.kept ??= this.read();
    const actions = this.kept.get(c.action) ?? [];
    for (const action of actions) {
      const data = this.settings.cache.get(action);
      if (data === null) {
        c.clear();
        return false;
      }
      c.add(action, data);
    }
    if (actions.length > 0) this.now.set(c.action, actions);
    return actions.length > 0;
  }

  /** Compares, and takes over what can be; false if that is nothing. What the package imports has to be settled. */
  takeOver(c: CachedPackage): boolean {
    const { cache } = this.settings;
    const list = cache.get(c.ownAction);
    if (list === null) return false;
    const changed = new Set<string>();
    for (const action of decodeText(list).split('\n')) {
      const data = cache.get(action);
      const seen = data === null ? null : seenIn(new Segment(data));
      if (data === null || seen === null) break;
      c.finding = differenceOf(this.program, seen);
      if (c.finding !== '') break;
      for (const s of seen) if (this.isChanged(s)) changed.add(s.path);
      c.add(action, data);
    }
    if (c.segments.length === 0) return false;
    // Without one of its own it is further below that something has changed.
    const others = changed.size === 0 ? ['packages below'] : [...changed];
    c.finding = `${others.join(', ')} changed, but not what is seen of ${changed.size === 1 ? 'it' : 'them'}`;
    this.now.set(c.action, [...c.stored]);
    return true;
  }

  private isChanged(s: SeenPackage): boolean {
    const q = this.identities.find(s.path);
    return q === null || this.identities.ownIdOf(q) !== s.own;
  }

  private action(): string {
    const { host, options } = this.settings;
    const main = this.identities.packages.at(-1);
    const f = new Fingerprint(host.sha256, 'tuza adopted code');
    f.add('tool', host.toolIdentity);
    f.add('options', options);
    f.add('program', main?.path ?? '');
    f.add('directory', main?.dir ?? '');
    return f.finish();
  }

  private read(): Map<string, readonly string[]> {
    const data = this.settings.cache.get(this.action());
    const list: (readonly [string, readonly string[]])[] = data === null ? [] : JSON.parse(decodeText(data));
    return new Map(list);
  }

  /** Keeps what has been taken over. */
  save(): void {
    const { now, kept } = this;
    if ([...now].every(([action, list]) => kept?.get(action)?.join() === list.join())) return;
    this.settings.cache.put(this.action(), encodeText(JSON.stringify([...now])));
  }
}
