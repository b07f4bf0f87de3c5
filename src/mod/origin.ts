/**
 * Where a version comes from, and what in the repository decides that: the commit, the branch or tag that leads to it, the tags with a prefix, all
 * branches and tags. An answer, a failure, too, holds as long as these have not changed (cmd/go/internal/modfetch/codehost, Origin).
 */
import { ModError } from './errors.ts';
import { canonicalVersion } from './module.ts';

export type Origin = Readonly<Record<string, string>>;

export const originFields = 'VCS URL Subdir Hash TagPrefix TagSum Ref RepoSum'.split(' ');

export function inOrder(origin: Origin): Origin {
  const out: Record<string, string> = {};
  for (const f of originFields) if (origin[f] !== undefined && origin[f] !== '') out[f] = origin[f];
  return out;
}

/** A failure that holds as long as something in a repository has not changed. */
export class OriginError extends ModError {
  readonly origin: Origin;

  constructor(e: Error, origin: Origin) {
    super(e.message, e);
    this.origin = origin;
  }
}

/** The failure, which is known to depend on `origin` if that is known. */
export function withOrigin(e: Error, origin: Origin | null): Error {
  return origin === null ? e : new OriginError(e, inOrder(origin));
}

export function originOf(e: Error): Origin | null {
  for (let at: Error | null = e; at !== null; at = at instanceof ModError ? at.inner : null)
    if (at instanceof OriginError) return at.origin;
  return null;
}

/** What an answer depends on that has been found in two steps; null if the steps contradict each other, or one is not known. */
export function mergeOrigins(a: Origin | null, b: Origin | null): Origin | null {
  if (a === null || b === null) return null;
  const same = (f: string): boolean => (a[f] ?? '') === (b[f] ?? '');
  const hasBoth = (f: string): boolean => (a[f] ?? '') !== '' && (b[f] ?? '') !== '';
  if (!['VCS', 'URL', 'Subdir'].every(same)) return null;
  if (hasBoth('TagSum') && !same('TagPrefix')) return null;
  if (['Hash', 'TagSum', 'RepoSum', 'Ref'].some((f) => hasBoth(f) && !same(f))) return null;
  const merged: Record<string, string> = { ...a };
  for (const f of originFields) if ((b[f] ?? '') !== '') merged[f] = b[f];
  return inOrder(merged);
}

/** Whether what is known is all that the answer to a question depends on. `isRevision`: it names one revision, of which versions are chosen. */
export function isEnough(origin: Origin, query: string, isRevision: boolean): boolean {
  const has = (f: string): boolean => (origin[f] ?? '') !== '';
  if (has('RepoSum')) return true;
  // A version does not change.
  if (query === canonicalVersion(query)) return has('Hash') || has('Ref') || has('TagSum');
  // Which version a revision has depends on the tags before it.
  return has('TagSum') && (!isRevision || has('Hash') || has('Ref'));
}
