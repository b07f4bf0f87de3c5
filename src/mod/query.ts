/**
 * What "latest", "upgrade", "v1", ">=v1.2.3", a branch or a revision mean for a module, and which versions may be chosen: none that go.mod excludes
 * or that its author has retracted (cmd/go/internal/modload query.go, modfile.go).
 */
import { decodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import { asError, findError, isNotExist, ModError, ModuleError, versionError } from './errors.ts';
import type { Fetcher, Info } from './fetch.ts';
import * as gover from './gover.ts';
import { type ModFile, parseModFile } from './modfile/file.ts';
import { canonicalVersion, matchPathMajor, splitPathVersion, type Version, versionText } from './module.ts';
import type { Modules } from './modules.ts';
import { isEnough, mergeOrigins, type Origin, originOf, withOrigin } from './origin.ts';
import { isPseudoVersion, pseudoVersionTime } from './pseudo.ts';
import {
  ExcludedError,
  isDisallowed,
  NoMatchingVersionError,
  NoPatchBaseError,
  RetractedError,
} from './query-errors.ts';
import * as semver from './semver.ts';
import { type VersionRepo, versionRepo } from './version-repo.ts';

/** Why a version must not be chosen, or null; other failures than DisallowedError mean that it could not be found out. */
export type Allowed = (m: Version) => Promise<Error | null>;

export const allowAll: Allowed = async () => null;

/** The question is for one version or revision, not for a choice among versions. */
export function isRevisionQuery(path: string, query: string): boolean {
  if (query === 'latest' || query === 'upgrade' || query === 'patch' || /^[<>]/.test(query)) return false;
  return !(gover.isValidVersion(path, query) && gover.isVersionPrefix(path, query));
}

/** "path@version" of a command line; found is false without "@". Throws. */
export function parsePathVersion(argument: string): { path: string; version: string; found: boolean } {
  const at = argument.indexOf('@');
  if (at < 0) return { path: argument, version: '', found: false };
  const version = argument.slice(at + 1);
  if (/^[-/]/.test(version)) throw new ModError(`invalid module version ${quote(version)}`);
  return { path: argument.slice(0, at), version, found: true };
}

/** What was found out before: by module and by question, with what the answer depends on. */
export interface Known {
  readonly version: string;
  readonly time: string;
  readonly origin: Origin;
}

export class Queries {
  readonly modules: Modules;
  readonly fetcher: Fetcher;
  /** By "path@question": answers that are given again if they still hold. */
  private readonly known: ReadonlyMap<string, Known>;
  private readonly newest: Map<string, Promise<Version>>;
  private readonly files: Map<string, Promise<ModFile>>;

  constructor(modules: Modules, known: ReadonlyMap<string, Known> = new Map()) {
    this.known = known;
    this.modules = modules;
    this.fetcher = modules.fetcher;
    this.newest = new Map();
    this.files = new Map();
  }

  repo(path: string): VersionRepo {
    return versionRepo(this.fetcher, this.modules, path);
  }

  /** `current` is the selected version, for "upgrade" and "patch"; "none" or "" if there is none. Throws. */
  async query(path: string, query: string, current: string, allowed: Allowed = allowAll): Promise<Info> {
    const hasCurrent = current !== '' && current !== 'none';
    if (hasCurrent && !gover.isValidVersion(path, current))
      throw new ModError(`invalid previous version ${path}@${current}`);
    const { mode, isExplicit, reason } = this.modules.choice;
    if (mode === 'vendor') {
      const why = isExplicit || reason === '' ? '' : `\n\t(${reason})`;
      throw new ModError(`cannot query module due to -mod=vendor${why}`);
    }
    const isUpgrade = query === 'upgrade' || query === 'patch';
    if (isUpgrade && this.modules.isMain(path)) return { version: '', time: '', origin: null };
    if (path === 'std' || path === 'cmd')
      throw new ModError(`can't query specific version (${quote(query)}) of standard-library module ${quote(path)}`);
    const repo = this.repo(path);
    const known = this.known.get(`${path}@${query}`);
    if (known !== undefined && (await this.isCurrent(repo, path, query, known.origin))) return known;
    const matcher = matcherOf(path, query, current);
    if (matcher === null || matcher.isExact) return this.statAllowed(repo, path, query, allowed);
    const list = await repo.versions(matcher.prefix);
    const choice: Choice = { path, query, current: hasCurrent ? current : '', isUpgrade, matcher, allowed };
    let origin = await repo.tagOrigin(matcher.prefix);
    const learn = (found: Origin | null): void => void (origin = mergeOrigins(origin, found));
    try {
      const info = await this.choose(repo, choice, list, learn);
      return { ...info, origin };
    } catch (e) {
      throw withOrigin(asError(e), origin);
    }
  }

  /** Whether an answer that was found before holds. */
  private async isCurrent(repo: VersionRepo, path: string, query: string, origin: Origin): Promise<boolean> {
    return isEnough(origin, query, isRevisionQuery(path, query)) && (await repo.isCurrent(origin));
  }

  /** Whether a version was found before, and is still where it was. */
  async isUnchanged(m: Version): Promise<boolean> {
    const known = this.known.get(versionText(m));
    return known !== undefined && (await this.isCurrent(this.repo(m.path), m.path, m.version, known.origin));
  }

  /** The version that is meant among those that there are; `learn` is told what the answer depends on. */
  private async choose(
    repo: VersionRepo,
    { path, query, current, isUpgrade, matcher, allowed }: Choice,
    list: readonly string[],
    learn: (origin: Origin | null) => void,
  ): Promise<Info> {
    const accepts = async (v: string): Promise<boolean> =>
      matcher.matches(v) && !isDisallowed(await allowed({ path, version: v }));
    const { releases, prereleases } = await this.choices(path, matcher, list, accepts);
    const noting = async (question: Promise<Info>): Promise<Info> => {
      try {
        const info = await question;
        learn(info.origin);
        return info;
      } catch (e) {
        const found = originOf(asError(e));
        if (found !== null) learn(found);
        throw e;
      }
    };
    const lookUp = (v: string): Promise<Info> => this.lookUp(repo, path, v, isUpgrade ? current : '', allowed, noting);
    const pool = releases.length > 0 ? releases : prereleases;
    const best = matcher.prefersLower ? pool[0] : pool.at(-1);
    if (best !== undefined) return lookUp(best);
    if (matcher.mayUseLatest) {
      try {
        const newest = await noting(repo.latest());
        if (await accepts(newest.version)) return await lookUp(newest.version);
      } catch (e) {
        if (!isNotExist(e)) throw e;
      }
    }
    if (isUpgrade && current !== '') {
      const why = await allowed({ path, version: current });
      if (why !== null && isDisallowed(why)) throw why;
      return lookUp(current);
    }
    throw new NoMatchingVersionError(query, current);
  }

  private async statAllowed(repo: VersionRepo, path: string, query: string, allowed: Allowed): Promise<Info> {
    let info: Info;
    try {
      info = await repo.stat(query);
    } catch (e) {
      // Build metadata does not make another version.
      const canonical = canonicalVersion(query);
      if (canonical === '' || canonical === query) throw e;
      try {
        info = await repo.stat(canonical);
      } catch (again) {
        throw isNotExist(again) ? e : again;
      }
    }
    const why = await allowed({ path, version: info.version });
    if (why !== null && isDisallowed(why)) throw why;
    return info;
  }

  /** From a pseudo-version one does not upgrade to what is older than its commit. */
  private async lookUp(
    repo: VersionRepo,
    path: string,
    v: string,
    current: string,
    allowed: Allowed,
    noting: (question: Promise<Info>) => Promise<Info>,
  ): Promise<Info> {
    const info = await noting(repo.stat(v));
    if (!isPseudoVersion(current) || isZeroTime(info.time)) return info;
    if (Date.parse(info.time) >= pseudoVersionTime(current)) return info;
    const why = await allowed({ path, version: current });
    if (why !== null && isDisallowed(why)) throw why;
    return noting(repo.stat(current));
  }

  /** Versions of 2 and up without a go.mod file do not count once the newest compatible version has one. */
  private async choices(
    path: string,
    matcher: Matcher,
    versions: readonly string[],
    accepts: (v: string) => Promise<boolean>,
  ): Promise<{ releases: string[]; prereleases: string[] }> {
    const releases: string[] = [];
    const prereleases: string[] = [];
    let wantsIncompatible = matcher.prefersIncompatible;
    let lastCompatible = '';
    for (const v of versions) {
      if (!(await accepts(v))) continue;
      if (!wantsIncompatible) {
        if (!v.endsWith('+incompatible')) lastCompatible = v;
        else if (lastCompatible !== '') {
          if (await this.hasGoMod({ path, version: lastCompatible })) break;
          wantsIncompatible = true;
        }
      }
      (gover.isPrereleaseVersion(path, v) ? prereleases : releases).push(v);
    }
    return { releases, prereleases };
  }

  /** A proxy makes up a file of one line where there is none. */
  private async hasGoMod(m: Version): Promise<boolean> {
    return decodeText(await this.fetcher.goMod(m)) !== `module ${m.path}\n`;
  }

  /** All versions of a module that may be chosen. */
  async versions(path: string, allowed: Allowed): Promise<string[]> {
    const list: string[] = [];
    for (const v of await this.repo(path).versions('')) {
      const why = await allowed({ path, version: v });
      if (why === null) list.push(v);
      else if (!isDisallowed(why)) throw why;
    }
    return list;
  }

  readonly checkAllowed: Allowed = async (m) => (await this.checkExclusions(m)) ?? (await this.checkRetractions(m));

  readonly checkExclusions: Allowed = async (m) =>
    this.modules.isExcluded(m) ? versionError(m.path, m.version, new ExcludedError()) : null;

  /** Retractions are in the go.mod file of the newest version, which may be retracted itself. */
  readonly checkRetractions: Allowed = async (m) => {
    if (m.version === '' || this.modules.isReplaced({ path: m.path, version: '' })) return null;
    let file: ModFile;
    try {
      file = await this.goModOf(await this.newestVersion(m.path));
    } catch (e) {
      const why = findError(e, ModuleError)?.why ?? asError(e);
      return new ModError(`loading module retractions for ${versionText(m)}: ${why.message}`, why);
    }
    const { path, version } = m;
    const hits = file.retract.filter(
      ({ interval: { low, high } }) =>
        gover.compareVersions(path, low, version) <= 0 && gover.compareVersions(path, version, high) <= 0,
    );
    if (hits.length === 0) return null;
    const rationale = hits.map((r) => r.rationale).filter((text) => text !== '');
    return versionError(path, version, new RetractedError(rationale));
  };

  /** What the newest version's go.mod file says of its module's deprecation; "" if nothing. Throws. */
  async deprecationOf(m: Version): Promise<string> {
    if (m.version === '' || this.modules.isReplaced({ path: m.path, version: '' })) return '';
    try {
      return (await this.goModOf(await this.newestVersion(m.path))).deprecated;
    } catch (e) {
      throw new ModError(`loading deprecation for ${m.path}: ${asError(e).message}`, asError(e));
    }
  }

  /** With its replacement, if that has one. */
  private newestVersion(path: string): Promise<Version> {
    let known = this.newest.get(path);
    if (known === undefined) {
      const any: Version = { path, version: '' };
      known = this.modules.isReplaced(any)
        ? Promise.resolve(this.modules.replacement(any))
        : this.query(path, 'latest', '').then((info) => this.modules.replacement({ path, version: info.version }));
      this.newest.set(path, known);
    }
    return known;
  }

  /** The go.mod file of a version or of a replacing directory, whatever its module path. */
  private goModOf(m: Version): Promise<ModFile> {
    const key = versionText(m);
    let known = this.files.get(key);
    if (known === undefined) this.files.set(key, (known = this.readGoMod(m)));
    return known;
  }

  private async readGoMod(m: Version): Promise<ModFile> {
    const { host } = this.modules;
    const isDirectory = m.version === '';
    const name = isDirectory ? `${this.modules.replacementDirectory(m)}/go.mod` : 'go.mod';
    const text = gover.isToolchain(m.path)
      ? `module ${m.path}\n`
      : decodeText(isDirectory ? host.files.readFile(name) : await this.fetcher.goMod(m));
    try {
      return parseModFile(name, text, null, false);
    } catch (e) {
      throw versionError(m.path, m.version, new ModError(`parsing ${name}: ${asError(e).message}`));
    }
  }
}

function isZeroTime(time: string): boolean {
  return time === '' || time.startsWith('0001-01-01T00:00:00');
}

/** A question that is for a choice among versions. */
interface Choice {
  readonly path: string;
  readonly query: string;
  /** "" if no version is selected. */
  readonly current: string;
  readonly isUpgrade: boolean;
  readonly matcher: Matcher;
  readonly allowed: Allowed;
}

interface Matcher {
  readonly prefix: string;
  readonly matches: (v: string) => boolean;
  /** One complete version is named. */
  readonly isExact: boolean;
  readonly prefersLower: boolean;
  readonly mayUseLatest: boolean;
  readonly prefersIncompatible: boolean;
}

/** Null if the query names a revision that is no version. Throws. */
function matcherOf(path: string, query: string, current: string): Matcher | null {
  const compare = (v: string, w: string): number => gover.compareVersions(path, v, w);
  const make = (prefix: string, filter: (v: string) => boolean, more: Partial<Matcher> = {}): Matcher => ({
    prefix,
    matches: (v) => hasPrefix(path, v, prefix) && filter(v),
    isExact: false,
    prefersLower: false,
    mayUseLatest: false,
    prefersIncompatible: current.endsWith('+incompatible'),
    ...more,
  });
  const hasCurrent = current !== '' && current !== 'none';
  const major = splitPathVersion(path)?.major;
  const othersMajor = (v: string): boolean =>
    current.endsWith('+incompatible') || major === undefined || !matchPathMajor(v, major);
  if (query === 'latest' || (query === 'upgrade' && !hasCurrent)) return make('', () => true, { mayUseLatest: true });
  if (query === 'patch' && !hasCurrent) throw new NoPatchBaseError(path);
  if (query === 'upgrade' || query === 'patch') {
    const prefix = query === 'patch' ? `${gover.majorMinor(path, current)}.` : '';
    return make(prefix, (v) => compare(v, current) >= 0, { mayUseLatest: isPseudoVersion(current) });
  }
  const range = /^(<=|<|>=|>)(.*)$/s.exec(query);
  if (range !== null) {
    const [, operator, limit] = range;
    if (!gover.isValidVersion(path, limit))
      throw new ModError(`invalid semantic version ${quote(limit)} in range ${quote(query)}`);
    // "v1.2" might mean v1.2.3.
    if ((operator === '<=' || operator === '>') && gover.isVersionPrefix(path, limit))
      throw new ModError(`ambiguous semantic version ${quote(limit)} in range ${quote(query)}`);
    const order: Record<string, (v: string) => boolean> = {
      '<': (v) => compare(v, limit) < 0,
      '<=': (v) => compare(v, limit) <= 0,
      '>': (v) => compare(v, limit) > 0,
      '>=': (v) => compare(v, limit) >= 0,
    };
    const prefersLower = operator.startsWith('>');
    return make('', order[operator], { prefersLower, prefersIncompatible: othersMajor(limit) });
  }
  if (!gover.isValidVersion(path, query)) return null;
  const prefersIncompatible = othersMajor(query);
  // Versions below v1.2.0, its prereleases among them, are none of "v1.2".
  if (gover.isVersionPrefix(path, query))
    return make(`${query}.`, (v) => compare(v, query) >= 0, { prefersIncompatible });
  return make(semver.canonical(query), (v) => compare(v, query) === 0, { isExact: true, prefersIncompatible });
}

function hasPrefix(path: string, v: string, prefix: string): boolean {
  if (v.startsWith(prefix)) return true;
  // "1.21" is a version of Go of its own.
  return gover.isToolchain(path) && `${v}.` === prefix;
}
