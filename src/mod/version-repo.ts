/**
 * Where the versions of a module come from: proxies, replacements in go.mod, and for "go" and "toolchain" the releases of Go
 * (cmd/go/internal/modload query.go, modfetch toolchain.go).
 */
import { isNotExist, ModError } from './errors.ts';
import type { Fetcher, Info } from './fetch.ts';
import * as gover from './gover.ts';
import { canonicalVersion, checkPath, checkPathMajor, pathMajorOf, splitPathVersion } from './module.ts';
import type { Modules } from './modules.ts';
import type { Origin } from './origin.ts';
import { isPseudoVersion, pseudoVersionTime, zeroPseudoVersion } from './pseudo.ts';
import * as semver from './semver.ts';

export interface VersionRepo {
  /** Ascending; those that begin with a text. */
  versions(prefix: string): Promise<readonly string[]>;
  /** What a list of versions depends on: the tags of a repository; null if that is not known. */
  tagOrigin(prefix: string): Promise<Info['origin']>;
  /** Whether what has been said before with an origin still holds. */
  isCurrent(origin: Origin): Promise<boolean>;
  stat(revision: string): Promise<Info>;
  /** The newest commit, if there are no tags. */
  latest(): Promise<Info>;
}

/** Throws InvalidPathError. */
export function versionRepo(fetcher: Fetcher, modules: Modules, path: string): VersionRepo {
  const wrong = gover.isToolchain(path) ? null : checkPath(path);
  const highest = modules.highestReplaced(path);
  if (wrong !== null && highest === null) throw wrong;
  const repo =
    wrong !== null
      ? new EmptyRepo(wrong)
      : gover.isToolchain(path)
        ? new ToolchainRepo(fetcher, path)
        : new FetchedRepo(fetcher, path);
  return highest === null ? repo : new ReplacementRepo(repo, modules, path, highest);
}

class FetchedRepo implements VersionRepo {
  private readonly fetcher: Fetcher;
  private readonly path: string;

  constructor(fetcher: Fetcher, path: string) {
    this.fetcher = fetcher;
    this.path = path;
  }

  async versions(prefix: string): Promise<readonly string[]> {
    return (await this.fetcher.versions(this.path)).filter((v) => v.startsWith(prefix));
  }

  tagOrigin(prefix: string): Promise<Info['origin']> {
    return this.fetcher.tagOrigin(this.path, prefix);
  }

  isCurrent(origin: Origin): Promise<boolean> {
    return this.fetcher.isCurrent(this.path, origin);
  }

  stat(revision: string): Promise<Info> {
    return this.fetcher.stat(this.path, revision);
  }

  latest(): Promise<Info> {
    return this.fetcher.latest(this.path);
  }
}

/** Of a path that is no module path, but may be replaced. */
class EmptyRepo implements VersionRepo {
  private readonly why: Error;

  constructor(why: Error) {
    this.why = why;
  }

  async versions(): Promise<readonly string[]> {
    return [];
  }

  async tagOrigin(): Promise<Info['origin']> {
    return null;
  }

  async isCurrent(): Promise<boolean> {
    return false;
  }

  async stat(): Promise<Info> {
    throw this.why;
  }

  async latest(): Promise<Info> {
    throw this.why;
  }
}

/** What replace lines name are versions, too. */
class ReplacementRepo implements VersionRepo {
  private readonly repo: VersionRepo;
  private readonly modules: Modules;
  private readonly path: string;
  private readonly highest: string;

  constructor(repo: VersionRepo, modules: Modules, path: string, highest: string) {
    this.repo = repo;
    this.modules = modules;
    this.path = path;
    this.highest = highest;
  }

  async versions(prefix: string): Promise<readonly string[]> {
    let list: readonly string[] = [];
    try {
      list = await this.repo.versions(prefix);
    } catch (e) {
      if (!isNotExist(e)) throw e;
    }
    const replaced = this.modules.replacedVersions(this.path);
    const more = replaced.filter((v) => v.startsWith(prefix) && !isPseudoVersion(v));
    if (more.length === 0) return list;
    return [...new Set([...list, ...more])].sort((a, b) => gover.compareVersions(this.path, a, b));
  }

  async tagOrigin(prefix: string): Promise<Info['origin']> {
    return this.repo.tagOrigin(prefix);
  }

  isCurrent(origin: Origin): Promise<boolean> {
    return this.repo.isCurrent(origin);
  }

  async stat(revision: string): Promise<Info> {
    try {
      return await this.repo.stat(revision);
    } catch (e) {
      let v = canonicalVersion(revision);
      if (v === '' || v !== revision) throw e;
      const split = splitPathVersion(this.path);
      if (split?.major === '' && checkPathMajor(v, '') !== null && semver.build(v) === '') v += '+incompatible';
      if (!this.modules.isReplaced({ path: this.path, version: v })) throw e;
      return replacementInfo(v);
    }
  }

  async latest(): Promise<Info> {
    // Without a version of its own a replacement is older than all real ones, so that it can be upgraded from elsewhere.
    const v = this.highest || zeroPseudoVersion(pathMajorOf(this.path).slice(1));
    let info: Info;
    try {
      info = await this.repo.latest();
    } catch {
      return replacementInfo(v);
    }
    return gover.compareVersions(this.path, v, info.version) > 0 ? replacementInfo(v) : info;
  }
}

function replacementInfo(version: string): Info {
  let time = '';
  if (isPseudoVersion(version)) {
    try {
      time = new Date(pseudoVersionTime(version)).toISOString().replace('.000Z', 'Z');
    } catch (e) {
      // A malformed time is none.
      if (!(e instanceof ModError)) throw e;
    }
  }
  return { version, time, origin: null };
}

const toolchainModule = 'golang.org/toolchain';

/** All releases of Go, ascending: those of the proxy, and this one. */
export async function goReleases(fetcher: Fetcher): Promise<string[]> {
  const found = new Set([fetcher.config.goVersion]);
  for (const v of await fetcher.versions(toolchainModule)) {
    const release = /^[^-]*-(?:go)?(.*)\.[^.]*-[^.]*$/.exec(v);
    if (release !== null) found.add(release[1]);
  }
  return [...found].sort(gover.compare);
}

/** Versions are "1.21.0" for go and "go1.21.0" for toolchain; both are taken as a question. */
class ToolchainRepo implements VersionRepo {
  private readonly fetcher: Fetcher;
  private readonly path: string;
  private readonly prefix: string;

  constructor(fetcher: Fetcher, path: string) {
    this.fetcher = fetcher;
    this.path = path;
    this.prefix = path === 'toolchain' ? 'go' : '';
  }

  async versions(): Promise<readonly string[]> {
    return (await goReleases(this.fetcher)).map((v) => this.prefix + v);
  }

  async tagOrigin(): Promise<Info['origin']> {
    return null;
  }

  async isCurrent(): Promise<boolean> {
    return false;
  }

  async stat(revision: string): Promise<Info> {
    const v = revision.replace(/^go/, '');
    if (!gover.isValid(v)) throw new ModError(`invalid ${this.path} version ${revision}`);
    const version = this.prefix + v;
    const local = this.fetcher.config.goVersion;
    const isLocal = this.path === 'go' ? gover.compare(v, local) <= 0 : v === local;
    if (isLocal) return { version, time: '', origin: null };
    if (gover.isLang(v)) throw new ModError(`go language version ${revision} is not a toolchain version`);
    const info = await this.fetcher.stat(toolchainModule, `v0.0.1-go${v}.linux-amd64`);
    return { version, time: info.time, origin: null };
  }

  async latest(): Promise<Info> {
    const list = await this.versions();
    return this.stat(list[list.length - 1]);
  }
}
