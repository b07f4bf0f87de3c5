/** A module in a repository: its versions are tags, and revisions between them have pseudo-versions (cmd/go/internal/modfetch coderepo.go). */
import { decodeText, encodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import type { ModConfig } from '../config.ts';
import { createModuleZip, type ModuleSource } from '../create-zip.ts';
import { asError, InvalidVersionError, isNotExist, ModError, ModuleError, NotExistError } from '../errors.ts';
import type { Info } from '../fetch.ts';
import * as gover from '../gover.ts';
import { autoQuote, modulePathOf, parseModFile } from '../modfile/file.ts';
import { canonicalVersion, checkPathMajor, matchPathMajor, pathMajorPrefix, splitPathVersion } from '../module.ts';
import { inOrder, type Origin, withOrigin } from '../origin.ts';
import {
  isPseudoVersion,
  pseudoVersion,
  pseudoVersionBase,
  pseudoVersionRevision,
  pseudoVersionTime,
  timestamp,
} from '../pseudo.ts';
import * as semver from '../semver.ts';
import type { GitRepo, Revision } from './git-repo.ts';

interface FoundDirectory {
  readonly revision: string;
  readonly dir: string;
  readonly goMod: Uint8Array | null;
}

export class CodeRepo {
  private readonly config: ModConfig;
  private readonly code: GitRepo;
  private readonly path: string;
  private readonly root: string;
  /** The module's directory in the repository, major version apart. */
  private readonly dir: string;
  private readonly major: string;
  private readonly prefix: string;
  private readonly pseudoMajor: string;

  /** Throws ModError if the repository cannot have the module. */
  constructor(config: ModConfig, code: GitRepo, root: string, subdir: string, path: string) {
    if (!hasPathPrefix(path, root)) throw new ModError(`mismatched repo: found ${root} for ${path}`);
    const split = splitPathVersion(path);
    if (split === null) throw new ModError(`invalid module path ${quote(path)}`);
    this.config = config;
    this.code = code;
    this.path = path;
    this.root = root;
    this.major = split.major;
    this.prefix = root === path ? path : split.prefix;
    this.pseudoMajor = pathMajorPrefix(split.major);
    let dir = '';
    if (root !== path) {
      if (!hasPathPrefix(this.prefix, root))
        throw new ModError(`repository rooted at ${root} cannot contain module ${path}`);
      dir = this.prefix.slice(root.length).replace(/^\/+|\/+$/g, '');
    }
    this.dir = [dir, subdir].filter((d) => d !== '').join('/');
  }

  private get tagPrefix(): string {
    return this.dir === '' ? '' : `${this.dir}/`;
  }

  private invalid(version: string, e: Error): ModuleError {
    return new ModuleError(this.path, '', new InvalidVersionError(version, e.message, false, e));
  }

  /** Tagged versions, ascending; those of old without a go.mod file last. */
  async versions(): Promise<string[]> {
    if (this.path.startsWith('gopkg.in/') && this.path.endsWith('-unstable')) return [];
    let tags: readonly string[];
    try {
      tags = (await this.code.tags(this.tagPrefix)).list;
    } catch (e) {
      throw new ModuleError(this.path, '', asError(e));
    }
    const list: string[] = [];
    const incompatible: string[] = [];
    for (const tag of tags) {
      const v = tag.slice(this.tagPrefix.length);
      if (v === '' || v !== semver.canonical(v) || isPseudoVersion(v)) continue;
      if (checkPathMajor(v, this.major) === null) list.push(v);
      else if (this.dir === '' && this.major === '' && semver.compare(semver.major(v), 'v1') > 0) incompatible.push(v);
    }
    semver.sortVersions(list);
    return [...list, ...(await this.incompatible(list, semver.sortVersions(incompatible)))];
  }

  async tagOrigin(prefix: string): Promise<Record<string, string>> {
    const { origin } = await this.code.tags(this.tagPrefix + prefix);
    return this.dir === '' ? origin : { ...origin, Subdir: this.dir };
  }

  isCurrent(origin: Origin): Promise<boolean> {
    return this.code.isCurrent(origin, this.dir);
  }

  /** Versions of 2 and up count without a go.mod file, and only if the newest compatible version has none either. */
  private async incompatible(list: readonly string[], candidates: readonly string[]): Promise<string[]> {
    if (candidates.length === 0 || this.major !== '') return [];
    const hasGoMod = async (v: string): Promise<boolean> => {
      try {
        await this.code.readFile(v, 'go.mod');
        return true;
      } catch (e) {
        if (isNotExist(e)) return false;
        throw new ModuleError(this.path, '', asError(e));
      }
    };
    const newest = list.at(-1);
    if (newest !== undefined && (await hasGoMod(newest))) return [];
    const out: string[] = [];
    const known = new Map<string, boolean>();
    for (const v of candidates) {
      const major = semver.major(v);
      if (!known.has(major)) {
        const last = candidates.findLast((w) => semver.major(w) === major) ?? v;
        known.set(major, await hasGoMod(last));
      }
      if (known.get(major) === false) out.push(`${v}+incompatible`);
    }
    return out;
  }

  async stat(given: string): Promise<Info> {
    if (given === 'latest') return this.latest();
    let found: Revision;
    try {
      found = await this.code.stat(this.revisionOf(given));
    } catch (e) {
      throw this.invalid(given, asError(e));
    }
    return this.convert(found, given);
  }

  async latest(): Promise<Info> {
    return this.convert(await this.code.latest(), '');
  }

  private async convert(found: Revision, given: string): Promise<Info> {
    const origin: Record<string, string> = { ...found.origin };
    if (this.dir !== '') origin.Subdir = this.dir;
    const version = await this.versionOf(found, given).catch((e) => {
      throw withOrigin(asError(e), origin);
    });
    // A pseudo-version is what it is because of the tags there are.
    if (isPseudoVersion(version) && (version !== given || !version.startsWith('v0.0.0-'))) {
      const major = this.major === '' ? '' : `${this.major.slice(1)}.`;
      const { TagPrefix, TagSum } = (await this.code.tags(this.tagPrefix + major)).origin;
      if (TagPrefix !== '') origin.TagPrefix = TagPrefix;
      origin.TagSum = TagSum;
    }
    return { version, time: new Date(found.time).toISOString().replace('.000Z', 'Z'), origin: inOrder(origin) };
  }

  /** The version that a revision has; `given` is how it was asked for, "" if not by name. */
  private async versionOf(found: Revision, given: string): Promise<string> {
    if (isPseudoVersion(given)) {
      const version = await this.checkCanonical(found, given, given);
      await this.checkPseudoVersion(found, given);
      return version;
    }
    const isRetracted = await this.retractions().catch(() => () => false);
    const own = this.versionOfTag(found.version);
    if (own.isCanonical) {
      const version = await this.checkCanonical(found, own.version, given).catch((e) => {
        if (e instanceof ModError) return null;
        throw e;
      });
      if (version !== null) return version;
    }
    let highest = '';
    let base = '';
    for (const tag of found.tags) {
      const { version, isCanonical } = this.versionOfTag(tag);
      if (given !== '' && semver.compare(version, given) === 0) {
        if (isCanonical) return this.checkCanonical(found, version, given);
        base = version;
      }
      if (isCanonical && semver.compare(highest, version) < 0 && !isRetracted(version)) {
        if (matchPathMajor(version, this.major) || (await this.mayBeIncompatible(found, version, given)))
          highest = version;
      }
    }
    if (highest !== '') return this.checkCanonical(found, highest, given);
    if (base === '') {
      const mayBe = this.major === '' && this.dir === '' && (await this.mayBeIncompatible(found, '', given));
      const allowed = (tag: string): boolean => {
        const { version } = this.versionOfTag(tag);
        return version !== '' && (matchPathMajor(version, this.major) || mayBe) && !isRetracted(version);
      };
      base = this.versionOfTag(await this.code.recentTag(found.name, this.tagPrefix, allowed)).version;
    }
    return this.checkCanonical(found, pseudoVersion(this.pseudoMajor, base, found.time, found.short), given);
  }

  private versionOfTag(tag: string): { version: string; isCanonical: boolean } {
    const none = { version: '', isCanonical: false };
    if (!tag.startsWith(this.tagPrefix) || isPseudoVersion(tag)) return none;
    const trimmed = tag.slice(this.tagPrefix.length);
    // "+incompatible" in a tag is not taken for what it means in versions.
    const version = semver.canonical(trimmed);
    if (version === '' || !trimmed.startsWith(version)) return none;
    return { version, isCanonical: version === trimmed };
  }

  /** Whether a version of 2 and up may stand for a module without a major version in its path: there is no go.mod file. */
  private async mayBeIncompatible(found: Revision, version: string, given: string): Promise<boolean> {
    if (this.dir !== '' || this.major !== '') return false;
    const isThere = (file: string): Promise<boolean> =>
      this.code.readFile(found.name, file).then(
        () => true,
        () => false,
      );
    if (await isThere('go.mod')) return false;
    if (version === '' || given.endsWith('+incompatible')) return true;
    return !(await isThere(`${semver.major(version)}/go.mod`));
  }

  private async checkCanonical(found: Revision, candidate: string, given: string): Promise<string> {
    let v = candidate;
    try {
      await this.findDirectory(v);
    } catch (e) {
      throw this.invalid(v, new NotExistError(asError(e).message, asError(e)));
    }
    if (v === given.replace(/\+incompatible$/, '')) v = given;
    const base = v.replace(/\+incompatible$/, '');
    let wrong: Error | null = null;
    if (!matchPathMajor(base, this.major)) {
      if (await this.mayBeIncompatible(found, base, given)) v = `${base}+incompatible`;
      else {
        const why =
          this.major !== ''
            ? 'module path includes a major version suffix, so major version must match'
            : `module contains a go.mod file, so module path must match major version (${quote(`${this.prefix}/${semver.major(v)}`)})`;
        wrong = this.invalid(v, new ModError(why));
      }
    } else if (v.endsWith('+incompatible')) {
      const why = `+incompatible suffix not allowed: major version ${semver.major(v)} is compatible`;
      wrong = this.invalid(v, new ModError(why));
    }
    if (given !== '' && given === canonicalVersion(given)) {
      const givenBase = given.replace(/\+incompatible$/, '');
      if (givenBase !== base)
        throw this.invalid(given, new ModError(`resolves to version ${v} (${givenBase} is not a tag)`));
    }
    if (wrong !== null) throw wrong;
    return v;
  }

  private async checkPseudoVersion(found: Revision, version: string): Promise<void> {
    const wrong = (why: string): ModuleError =>
      new ModuleError(this.path, '', new InvalidVersionError(version, why, true));
    const revision = pseudoVersionRevision(version);
    if (revision !== found.short) {
      const expected = `(expected ${found.short})`;
      if (revision.startsWith(found.short)) throw wrong(`revision is longer than canonical ${expected}`);
      if (found.short.startsWith(revision)) throw wrong(`revision is shorter than canonical ${expected}`);
      throw wrong(`does not match short name of revision ${expected}`);
    }
    if (pseudoVersionTime(version) !== found.time)
      throw wrong(`does not match version-control timestamp (expected ${timestamp(found.time)})`);
    const base = pseudoVersionBase(version.replace(/\+incompatible$/, ''));
    if (base === '') {
      if (this.pseudoMajor === '' && semver.major(version) === 'v1')
        throw wrong('major version without preceding tag must be v0, not v1');
      return;
    }
    const versionIn = (tag: string): string =>
      tag.startsWith(this.tagPrefix) ? tag.slice(this.tagPrefix.length) : tag;
    for (const tag of found.tags)
      if (versionIn(tag) === base)
        throw wrong(
          `tag (${tag}) found on revision ${revision} is already canonical, so should not be replaced with a pseudo-version derived from that tag`,
        );
    let last = '';
    for (const tag of (await this.code.tags(this.tagPrefix + base)).list) {
      if (semver.compare(versionIn(tag), base) !== 0) continue;
      last = tag;
      if (await this.code.descendsFrom(found.name, tag)) return;
    }
    if (last === '') throw wrong(`preceding tag (${base}) not found`);
    throw wrong(`revision ${revision} is not a descendent of preceding tag (${last})`);
  }

  /** What the repository calls a version. */
  private revisionOf(version: string): string {
    if (!semver.isValid(version)) return version;
    if (isPseudoVersion(version)) return pseudoVersionRevision(version);
    return this.tagPrefix + version.replace(/\+incompatible$/, '');
  }

  /** The module's directory at a version: major versions may have directories of their own. */
  private async findDirectory(version: string): Promise<FoundDirectory> {
    if (!semver.isValid(version)) throw this.invalid(version, new ModError('syntax error'));
    const revision = this.revisionOf(version);
    const file = `${this.tagPrefix}go.mod`;
    const goMod = await this.read(revision, file);
    const declared = goMod === null ? '' : modulePathOf(decodeText(goMod));
    const isOwn =
      goMod !== null && (isMajor(declared, this.major) || (this.major === '' && declared.startsWith('gopkg.in/')));
    let other = '';
    if (this.major !== '' && this.root !== this.path && !this.major.startsWith('.')) {
      const dir = `${this.tagPrefix}${this.major.slice(1)}`;
      other = `${dir}/go.mod`;
      const inside = await this.read(revision, other);
      const path = inside === null ? '' : modulePathOf(decodeText(inside));
      const isThere = inside !== null && isMajor(path, this.major);
      if (isOwn && isThere)
        throw new ModError(
          `${this.prefix}/${file} and ...${this.major}/go.mod both have ...${this.major} module paths at revision ${revision}`,
        );
      if (isThere) return { revision, dir, goMod: inside };
      if (inside !== null)
        throw new ModError(
          path === ''
            ? `${this.root}/${other} is missing module path at revision ${revision}`
            : `${this.root}/${other} has non-...${this.major} module path ${quote(path)} at revision ${revision}`,
        );
    }
    if (isOwn) return { revision, dir: this.dir, goMod };
    if (goMod !== null) throw new ModError(this.wrongPath(file, declared, other, revision, version));
    if (this.dir === '' && (this.major === '' || this.major.startsWith('.'))) return { revision, dir: '', goMod: null };
    if (other !== '')
      throw new ModError(`missing ${this.prefix}/go.mod and ...${this.major}/go.mod at revision ${revision}`);
    throw new ModError(`missing ${this.prefix}/go.mod at revision ${revision}`);
  }

  private wrongPath(file: string, declared: string, other: string, revision: string, version: string): string {
    const suffix = other === '' ? '' : ` (and ...${this.major}/go.mod does not exist)`;
    if (declared === '') return `${file} is missing module path${suffix} at revision ${revision}`;
    const rest = `module path ${quote(declared)}${suffix} at revision ${revision}`;
    if (this.major !== '') return `${file} has non-...${this.major} ${rest}`;
    if (splitPathVersion(declared) === null) return `${file} has malformed ${rest}`;
    return `${file} has post-${semver.major(version)} ${rest}`;
  }

  /** Null if there is no such file. */
  private async read(revision: string, file: string): Promise<Uint8Array | null> {
    try {
      return await this.code.readFile(revision, file);
    } catch (e) {
      if (isNotExist(e) && asError(e).message === 'file does not exist') return null;
      throw new ModError(`reading ${this.root}/${file} at revision ${revision}: ${asError(e).message}`, asError(e));
    }
  }

  async goMod(version: string): Promise<Uint8Array> {
    if (version !== canonicalVersion(version)) throw new ModError(`version ${version} is not canonical`);
    if (isPseudoVersion(version)) await this.stat(version);
    const { goMod } = await this.findDirectory(version);
    return goMod ?? encodeText(`module ${autoQuote(this.path)}\n`);
  }

  /** What the newest version says should not be used. */
  private async retractions(): Promise<(version: string) => boolean> {
    const versions = (await this.versions()).filter((v) => !v.endsWith('+incompatible'));
    const newest = versions.findLast((v) => semver.prerelease(v) === '') ?? versions.at(-1);
    if (newest === undefined) return () => false;
    const { retract } = parseModFile('go.mod', decodeText(await this.goMod(newest)), null, false);
    return (v) =>
      retract.some((r) => semver.compare(r.interval.low, v) <= 0 && semver.compare(v, r.interval.high) <= 0);
  }

  async zip(version: string): Promise<Uint8Array> {
    const goMod = decodeText(await this.goMod(version));
    const goVersion = /^[ \t]*go[ \t]+"?([^\s"]+)/m.exec(goMod)?.[1] ?? '';
    const { running } = this.config;
    if (goVersion !== '' && gover.compare(goVersion, running.version) > 0)
      throw new gover.TooNewError(`${this.path}@${version}`, goVersion, running);
    const { revision, dir } = await this.findDirectory(version);
    const { zip, links } = await this.code.archive(revision, dir);
    const files: ModuleSource[] = [];
    const start = dir === '' ? '' : `${dir}/`;
    await this.config.host.archives?.unzip(zip, (name, content) => {
      const full = name.slice('prefix/'.length);
      if (full.startsWith(start)) files.push({ path: full.slice(start.length), content, isLink: links.has(full) });
    });
    // A module in a subdirectory is under the repository's licence if it has none of its own.
    if (dir !== '' && !files.some((f) => f.path === 'LICENSE')) {
      const content = await this.read(revision, 'LICENSE').catch(() => null);
      if (content !== null) files.push({ path: 'LICENSE', content, isLink: false });
    }
    return createModuleZip({ path: this.path, version }, files);
  }
}

/** As the official command lists the fields. */
function isMajor(modulePath: string, major: string): boolean {
  const split = modulePath === '' ? null : splitPathVersion(modulePath);
  if (split === null) return false;
  if (major === '') return ['', 'v0', 'v1'].includes(pathMajorPrefix(split.major));
  return split.major !== '' && split.major.slice(1) === major.slice(1);
}

export function hasPathPrefix(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
