/** Arguments of `get`, and what they may resolve to (cmd/go/internal/modget query.go). */

import { quote } from '#base/quote.ts';
import { ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { type Version, versionText } from '#mod/module.ts';
import { isPathPattern, matchesPattern, treeCanMatch } from '#mod/pattern.ts';
import { parsePathVersion } from '#mod/query.ts';
import { isLocalPath } from './paths.ts';

/** Ways to have a path: as a package of one of some modules, or as a module that has no such package. One of them is chosen. */
export interface PathSet {
  /** A package path; of patterns a module path, or the pattern itself while nothing matches it. */
  readonly path: string;
  /** Modules with the package; only one of them can be in the build. */
  readonly packages: readonly Version[];
  readonly module: Version | null;
  readonly error: Error | null;
}

export type Choices = Omit<PathSet, 'path'>;

export const noChoice: Choices = { packages: [], module: null, error: null };

export function failure(error: Error): Choices {
  return { packages: [], module: null, error };
}

const metaPatterns = ['all', 'std', 'cmd', 'tool', 'work'];

export function isMetaPattern(pattern: string): boolean {
  return metaPatterns.includes(pattern);
}

/** Versions that a main module can be said to have. */
export function fitsMainModule(version: string): boolean {
  return version === 'upgrade' || version === 'patch';
}

export class GetQuery {
  /** The argument, "" if there was none: for messages. */
  raw: string;
  /** After "@"; "" without. */
  readonly rawVersion: string;
  readonly pattern: string;
  /** A directory. */
  readonly isLocal: boolean;
  /** After "@", or what is meant without. */
  readonly version: string;
  /** The first query that this one does not go together with. */
  conflict: GetQuery | null;
  /** What is not decided yet. */
  candidates: PathSet[];
  private readonly seen: Set<string>;
  /** Modules whose versions this query has decided. */
  readonly resolved: Version[];
  /** A module was found with a package that the pattern means. */
  matchesPackages: boolean;

  constructor(raw: string, pattern: string, rawVersion: string, version: string) {
    this.raw = raw;
    this.pattern = pattern;
    this.rawVersion = rawVersion;
    this.isLocal = isLocalPath(pattern);
    this.version = version;
    this.conflict = null;
    this.candidates = [];
    this.seen = new Set();
    this.resolved = [];
    this.matchesPackages = false;
  }

  get isWildcard(): boolean {
    return isPathPattern(this.pattern);
  }

  matchesPath(path: string): boolean {
    const isGlobal = this.isWildcard && !this.isLocal && !gover.isToolchain(path);
    return isGlobal ? matchesPattern(this.pattern, path) : path === this.pattern;
  }

  /** Whether a module may, by its path, have packages that the pattern means. */
  canMatchIn(modulePath: string): boolean {
    if (gover.isToolchain(modulePath)) return false;
    if (this.isWildcard && !this.isLocal) return treeCanMatch(this.pattern, modulePath);
    return this.pattern === modulePath || this.pattern.startsWith(`${modulePath}/`);
  }

  /** Asks for the choices of a path, the first time that it is met. */
  async once(path: string, ask: () => Promise<Choices> | Choices): Promise<void> {
    if (this.seen.has(path)) return;
    this.seen.add(path);
    const c = await ask();
    if (c.packages.length > 0 || c.module !== null || c.error !== null) this.candidates.push({ path, ...c });
  }

  /** A module as this query has resolved it. */
  resolvedText(m: Version): string {
    if (m.path !== this.pattern) {
      const what = m.version === this.version ? this.raw : `${this.pattern}@${this.version}`;
      return `${versionText(m)} (matching ${what})`;
    }
    return m.version === this.version ? this.raw : `${this.pattern}@${this.version} (${m.version})`;
  }
}

/** Reads an argument; `implied` is the version without "@". Throws. */
export function newQuery(raw: string, implied: string): GetQuery {
  const { path, version: rawVersion, found } = parsePathVersion(raw);
  if (found && (rawVersion.includes('@') || rawVersion === ''))
    throw new ModError(`invalid module version syntax ${quote(raw)}`);
  const q = new GetQuery(raw, path, rawVersion, rawVersion || implied);
  const { pattern, version } = q;
  if (q.isLocal) {
    if (rawVersion !== '')
      throw new ModError(
        `can't request explicit version ${quote(rawVersion)} of path ${quote(pattern)} in main module`,
      );
    return q;
  }
  // However many main modules there are.
  if (pattern === 'all' && !fitsMainModule(version))
    throw new ModError(`can't request version ${quote(version)} of pattern "all" that includes the main modules`);
  if (isMetaPattern(pattern) && pattern !== 'all' && pattern !== raw) {
    if (pattern === 'tool') throw new ModError('can\'t request explicit version of "tool" pattern');
    throw new ModError(`can't request explicit version of standard-library pattern ${quote(pattern)}`);
  }
  return q;
}

/** What was decided for a module, and by which query. */
export interface Decided {
  readonly version: string;
  readonly reason: GetQuery;
}

/** The message about a failure of a query, which need not name the query if the failure does. */
export function queryErrorText(q: GetQuery, e: Error): string {
  const { message } = e;
  if (mentions(message, q.pattern, '[ \\t("`]', '[ @:;)"`]')) {
    if (q.rawVersion === '' || mentions(message, q.version, '[ @("`]', '[ :;)"`]')) return message;
  }
  return q.raw === '' ? message : `${q.raw}: ${message}`;
}

function mentions(message: string, text: string, before: string, after: string): boolean {
  const literal = text.replace(/[\\^$*+?()[\]{}|.]/g, '\\$&');
  return new RegExp(`(?:${before}|^)${literal}(?:${after}|$)`, 'm').test(message);
}

/** Two queries want different versions of a module. */
export function conflictError(modulePath: string, proposed: Decided, known: Decided): Error {
  const argument = ({ reason: q, version: v }: Decided): string =>
    v === q.version ? q.raw : `${q.pattern}@${q.version} (${v})`;
  const detail = modulePath === proposed.reason.pattern ? '' : `for module ${modulePath}, `;
  return new ModError(`${detail}${argument(proposed)} conflicts with ${argument(known)}`);
}
