/** A git repository as a source of modules: a bare copy in the module cache, fetched as little as can be (cmd/go/internal/modfetch/codehost git.go). */

import { base64 } from '#base/base64.ts';
import { compareText, concatBytes, decodeText, encodeText, hexText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import type { ModConfig } from '../config.ts';
import { asError, findError, ModError, NotExistError } from '../errors.ts';
import { type Origin, withOrigin } from '../origin.ts';
import { getBytes } from '../proxy.ts';
import * as semver from '../semver.ts';
import { RunError, runCommand } from './run.ts';

/** A revision as the repository knows it. */
export interface Revision {
  /** The whole hash. */
  readonly name: string;
  /** Its first twelve digits. */
  readonly short: string;
  /** The tag that was asked for, else the hash. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly tags: readonly string[];
  readonly origin: Readonly<Record<string, string>>;
}

export interface Tags {
  readonly list: readonly string[];
  readonly origin: Readonly<Record<string, string>>;
}

export class UnknownRevisionError extends NotExistError {
  constructor(revision: string) {
    super(`unknown revision ${revision}`);
  }
}

const minHashDigits = 7;

/** Nothing fetched; single revisions; all. */
type FetchLevel = 0 | 1 | 2;

export class GitRepo {
  readonly url: string;
  private readonly config: ModConfig;
  private readonly dir: string;
  private readonly hashLength: number;
  /** A working tree, not a copy of a repository elsewhere: nothing is fetched or changed. */
  private readonly isLocal: boolean;
  private fetched: FetchLevel;
  private refs: Promise<Map<string, string>> | null;
  private localTags: Set<string> | null;
  private readonly stats: Map<string, Promise<Revision>>;

  private constructor(config: ModConfig, url: string, dir: string, hashLength: number, isLocal = false) {
    this.isLocal = isLocal;
    this.config = config;
    this.url = url;
    this.dir = dir;
    this.hashLength = hashLength;
    this.fetched = 0;
    this.refs = null;
    this.localTags = null;
    this.stats = new Map();
  }

  /** Makes the copy if there is none. Throws ModError. */
  static async open(config: ModConfig, url: string): Promise<GitRepo> {
    if (!url.includes('://')) {
      const form = url.includes(':') ? ' (use URL syntax not host:path syntax)' : '';
      throw new ModError(`git remote (${url}) must not be local directory${form}`);
    }
    const dir = await workDirectory(config, 'git3', url);
    const unlock = await lock(config, dir);
    try {
      const repo = new GitRepo(config, url, dir, 40);
      if (config.host.files.stat(`${dir}/objects`) === null) await repo.init();
      return new GitRepo(config, url, dir, (await repo.isSha256()) ? 64 : 40);
    } finally {
      unlock();
    }
  }

  /** The repository of a working tree: to find out which version of a module its revisions are. */
  static openLocal(config: ModConfig, dir: string): GitRepo {
    return new GitRepo(config, dir, dir, 64, true);
  }

  private async init(): Promise<void> {
    let format = 'sha1';
    try {
      // The remote is not known by its short name yet.
      const out = await this.git(['ls-remote', '-q', '--end-of-options', this.url]);
      if (/^[0-9a-f]{64}\s/.test(decodeText(out))) format = 'sha256';
    } catch (e) {
      if (!(e instanceof RunError)) throw e;
    }
    try {
      await runCommand(this.config.host, this.log, this.dir, ['git', 'init', '--bare', `--object-format=${format}`]);
      await this.git(['remote', 'add', 'origin', '--', this.url]);
    } catch (e) {
      this.config.host.files.remove(this.dir);
      throw e;
    }
  }

  private get log() {
    return { tells: this.config.showsRequests };
  }

  private git(args: readonly string[]): Promise<Uint8Array> {
    const env = this.isLocal ? new Map<string, string>() : new Map([['GIT_DIR', this.dir]]);
    return runCommand(this.config.host, this.log, this.dir, ['git', ...args], env);
  }

  private async isSha256(): Promise<boolean> {
    try {
      return decodeText(await this.git(['config', 'extensions.objectformat'])).trim() === 'sha256';
    } catch (e) {
      if (e instanceof RunError) return false;
      throw e;
    }
  }

  /** The remote's branches and tags, with what annotated tags mean. */
  private remoteRefs(): Promise<Map<string, string>> {
    this.refs ??= this.isLocal ? Promise.resolve(new Map()) : this.loadRefs();
    return this.refs;
  }

  private async loadRefs(): Promise<Map<string, string>> {
    let out: Uint8Array;
    try {
      out = await this.git(['ls-remote', '-q', '--end-of-options', 'origin']);
    } catch (e) {
      throw await this.refsError(asError(e));
    }
    const refs = new Map<string, string>();
    const unwrapped = new Map<string, string>();
    for (const line of decodeText(out).split('\n')) {
      const [hash, ref, ...more] = line.split(/\s+/).filter((w) => w !== '');
      if (ref === undefined || more.length > 0) continue;
      if (ref !== 'HEAD' && !/^refs\/(heads|tags)\//.test(ref)) continue;
      if (ref.endsWith('^{}')) unwrapped.set(ref.slice(0, -3), hash);
      else refs.set(ref, hash);
    }
    for (const [ref, hash] of unwrapped) refs.set(ref, hash);
    return refs;
  }

  /** Git does not say whether a repository is missing: a server that does not know the address does. */
  private async refsError(e: Error): Promise<Error> {
    let error = e;
    if (e instanceof RunError && e.stderr.includes('fatal: could not read Username')) {
      const help =
        'Confirm the import path was entered correctly.\nIf this is a private repository, see https://golang.org/doc/faq#git_https for additional information.';
      error = new ModError(`${e.message}\n${help}`, e);
    }
    if (!/^https?:/.test(this.url)) return error;
    try {
      await getBytes(this.config, this.url);
    } catch (f) {
      if (f instanceof NotExistError) return new NotExistError(error.message, error);
    }
    return error;
  }

  async tags(prefix: string): Promise<Tags> {
    const list: { name: string; hash: string }[] = [];
    for (const [ref, hash] of await this.remoteRefs())
      if (ref.startsWith(`refs/tags/${prefix}`)) list.push({ name: ref.slice('refs/tags/'.length), hash });
    list.sort((a, b) => compareText(a.name, b.name));
    const dir = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const lines = list
      .filter((t) => isOriginTag(t.name.startsWith(dir) ? t.name.slice(dir.length) : t.name))
      .map((t) => `${quote(t.name)} ${t.hash}\n`);
    const origin = { VCS: 'git', URL: this.url, TagPrefix: prefix, TagSum: `t1:${this.digest(lines)}` };
    return { list: list.map((t) => t.name), origin };
  }

  /** That there is no such revision holds as long as there are no other branches and tags. */
  private async unknown(revision: string): Promise<Error> {
    const e = new UnknownRevisionError(revision);
    if (this.isLocal) return e;
    const refs = await this.remoteRefs().catch(() => null);
    return refs === null ? e : withOrigin(e, { VCS: 'git', URL: this.url, RepoSum: this.sumOf(refs) });
  }

  private sumOf(refs: ReadonlyMap<string, string>): string {
    const sorted = [...refs].sort(([a], [b]) => compareText(a, b));
    return `r1:${this.digest(sorted.map(([ref, hash]) => `${quote(ref)} ${hash}\n`))}`;
  }

  /** Whether the repository is, where `origin` says so, as it was. A hash by itself is taken to be there. */
  async isCurrent(origin: Origin, dir: string): Promise<boolean> {
    const { VCS, URL, Subdir = '', Hash = '', Ref = '', TagPrefix = '', TagSum = '', RepoSum = '' } = origin;
    if (VCS !== 'git' || URL !== this.url || Subdir !== dir || (Hash === '' && TagSum === '' && RepoSum === ''))
      return false;
    const refs = await this.remoteRefs();
    if (Ref !== '' && refs.get(Ref) !== Hash) return false;
    if (TagSum !== '' && (await this.tags(TagPrefix)).origin.TagSum !== TagSum) return false;
    return RepoSum === '' || this.sumOf(refs) === RepoSum;
  }

  private digest(lines: readonly string[]): string {
    return base64(this.config.host.sha256(encodeText(lines.join(''))));
  }

  /** The newest revision of the default branch. */
  async latest(): Promise<Revision> {
    const head = (await this.remoteRefs()).get('HEAD');
    if (head === undefined) throw new NotExistError('no commits');
    const found = await this.stat(head);
    return { ...found, origin: { ...found.origin, Hash: head, Ref: 'HEAD' } };
  }

  stat(revision: string): Promise<Revision> {
    let p = this.stats.get(revision);
    if (p === undefined) this.stats.set(revision, (p = this.find(revision)));
    return p;
  }

  private async find(given: string): Promise<Revision> {
    const isHash = given.length >= minHashDigits && given.length <= this.hashLength && /^[0-9a-f]+$/.test(given);
    if (isHash) {
      const local = await this.statLocal(given, given).catch(unlessUnknown);
      if (local !== null) return local;
    }
    if ((await this.knownTags()).has(given)) return this.statLocal(given, `refs/tags/${given}`);
    const found = this.isLocal ? null : this.refOf(await this.remoteRefs(), given, isHash);
    if (found === null) throw await this.unknown(given);
    const { ref, hash, revision } = found;
    const info = await this.fetch(revision, ref, hash, isHash);
    const origin: Record<string, string> = { ...info.origin, Hash: info.name };
    if (ref !== info.name && ref !== '') origin.Ref = ref;
    return { ...info, origin };
  }

  /** A tag, a branch, HEAD, or the beginning of a hash. */
  private refOf(
    refs: ReadonlyMap<string, string>,
    given: string,
    isHash: boolean,
  ): { ref: string; hash: string; revision: string } | null {
    const tag = refs.get(`refs/tags/${given}`);
    if (tag !== undefined) return { ref: `refs/tags/${given}`, hash: tag, revision: given };
    // What a branch means changes.
    const branch = refs.get(`refs/heads/${given}`);
    if (branch !== undefined) return { ref: `refs/heads/${given}`, hash: branch, revision: branch };
    const head = given === 'HEAD' ? refs.get('HEAD') : undefined;
    if (head !== undefined) return { ref: 'HEAD', hash: head, revision: head };
    if (!isHash) return null;
    let ref = '';
    let hash = '';
    for (const [name, h] of refs) {
      if (!h.startsWith(given)) continue;
      if (hash !== '' && hash !== h) throw new ModError(`ambiguous revision ${given}`);
      if (ref === '' || ref > name) ref = name;
      hash = h;
    }
    if (hash === '') return { ref, hash: given.length === this.hashLength ? given : '', revision: given };
    return { ref, hash, revision: hash };
  }

  private async fetch(revision: string, ref: string, hash: string, knownMissing: boolean): Promise<Revision> {
    const unlock = await lock(this.config, this.dir);
    try {
      const there = knownMissing || hash === '' ? null : await this.statLocal(revision, hash).catch(unlessUnknown);
      if (there !== null) {
        const tag = ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : '';
        if (tag === '' || there.tags.includes(tag)) return there;
        await this.git(['tag', '--end-of-options', tag, hash]);
        this.localTags?.add(tag);
        return await this.statLocal(revision, ref);
      }
      if (this.fetched < 2 && ref !== '' && hash !== '') {
        this.fetched = 1;
        const isHead = ref === 'HEAD';
        const spec = isHead ? `${hash}:refs/dummy` : `${ref}:${ref}`;
        const command = ['-c', 'protocol.version=2', 'fetch', '-f', '--depth=1', '--end-of-options', 'origin', spec];
        const went = await this.git(command).then(
          () => true,
          (e) => {
            if (e instanceof RunError) return false;
            throw e;
          },
        );
        if (went) return await this.statLocal(revision, isHead ? hash : ref);
      }
      await this.fetchAll();
      return await this.statLocal(revision, revision);
    } finally {
      unlock();
    }
  }

  private async fetchAll(): Promise<void> {
    if (this.fetched === 2) return;
    const specs = ['refs/heads/*:refs/heads/*', 'refs/tags/*:refs/tags/*'];
    await this.git(['fetch', '-f', '--end-of-options', 'origin', ...specs]);
    if (this.config.host.files.stat(`${this.dir}/shallow`) !== null)
      await this.git(['fetch', '--unshallow', '-f', '--end-of-options', 'origin']);
    this.fetched = 2;
  }

  private async knownTags(): Promise<Set<string>> {
    if (this.localTags !== null) return this.localTags;
    const out = await this.git(['tag', '-l']).catch(() => new Uint8Array());
    this.localTags = new Set(
      decodeText(out)
        .split('\n')
        .filter((t) => t !== ''),
    );
    return this.localTags;
  }

  /** A revision that is in the copy. Throws UnknownRevisionError. */
  private async statLocal(version: string, revision: string): Promise<Revision> {
    const format = ['-c', 'log.showsignature=false', 'log', '--no-decorate', '-n1', '--format=format:%H %ct %D'];
    let out: string;
    try {
      out = decodeText(await this.git([...format, '--end-of-options', revision, '--']));
    } catch (e) {
      if (!(e instanceof RunError)) throw e;
      throw await this.unknown(revision);
    }
    const [hash = '', seconds = '', ...decorations] = out.split(/\s+/).filter((w) => w !== '');
    if (!/^\d+$/.test(seconds)) throw new ModError(`unexpected response from git log: ${quote(out)}`);
    const tags = new Set<string>();
    decorations.forEach((w, i) => {
      if (w === 'tag:' && decorations[i + 1] !== undefined) tags.add(decorations[i + 1].replace(/,$/, ''));
    });
    const refs = await this.remoteRefs().catch(() => new Map<string, string>());
    for (const [ref, h] of refs)
      if (h === hash && ref.startsWith('refs/tags/')) tags.add(ref.slice('refs/tags/'.length));
    const origin: Record<string, string> = { VCS: 'git', URL: this.url, Hash: hash };
    if (!hash.startsWith(revision)) origin.Ref = revision;
    const full = hash.startsWith(version) ? hash : version;
    return {
      name: hash,
      short: hash.slice(0, 12),
      version: tags.has(full) ? full : hash,
      time: Number(seconds) * 1000,
      tags: [...tags].sort(compareText),
      origin,
    };
  }

  /** A file of a revision. Throws NotExistError. */
  async readFile(revision: string, file: string): Promise<Uint8Array> {
    const { name } = await this.stat(revision);
    try {
      return await this.git(['cat-file', '--end-of-options', 'blob', `${name}:${file}`]);
    } catch (e) {
      if (!(e instanceof RunError)) throw e;
      throw new NotExistError('file does not exist', e);
    }
  }

  /** The highest version tag among a revision's ancestors; "" if there is none. */
  async recentTag(revision: string, prefix: string, allowed: (tag: string) => boolean): Promise<string> {
    const { name } = await this.stat(revision);
    const highest = async (): Promise<string> => {
      let best = '';
      const out = await this.git(['for-each-ref', '--format=%(refname)', `--merged=${name}`]);
      for (const line of decodeText(out).split('\n')) {
        const tag = line.trim().replace(/^refs\/tags\//, '');
        if (tag === line.trim() || !tag.startsWith(prefix) || !allowed(tag)) continue;
        const v = tag.slice(prefix.length);
        if (semver.compare(v, best) > 0) best = v;
      }
      return best === '' ? '' : prefix + best;
    };
    const known = await highest();
    if (known !== '') return known;
    if ((await this.tags(`${prefix}v`)).list.length === 0) return '';
    await this.fetchWhole();
    return highest();
  }

  private async fetchWhole(): Promise<void> {
    const unlock = await lock(this.config, this.dir);
    try {
      await this.fetchAll();
    } finally {
      unlock();
    }
  }

  async descendsFrom(revision: string, tag: string): Promise<boolean> {
    const ask = ['merge-base', '--is-ancestor', '--', tag, revision];
    const answer = (): Promise<boolean> =>
      this.git(ask).then(
        () => true,
        (e) => {
          if (e instanceof RunError && e.status === 1) return false;
          throw e;
        },
      );
    if (await answer().catch(() => false)) return true;
    if ((await this.tags(tag)).list.length === 0) return false;
    await this.stat(revision);
    await this.fetchWhole();
    return answer();
  }

  /** A zip archive of a directory ("" for all), below "prefix/", and the symbolic links in it. */
  async archive(revision: string, subdir: string): Promise<{ zip: Uint8Array; links: ReadonlySet<string> }> {
    const { name } = await this.stat(revision);
    const unlock = await lock(this.config, this.dir);
    try {
      this.turnAttributesOff();
      const where = subdir === '' ? [] : [subdir];
      const list = decodeText(await this.git(['ls-tree', '-r', '-z', '--full-tree', name, ...where]));
      const links = list.split('\0').flatMap((l) => (l.startsWith('120000 ') ? [l.slice(l.indexOf('\t') + 1)] : []));
      const plain = ['-c', 'core.autocrlf=input', '-c', 'core.eol=lf'];
      const zip = await this.git([
        ...plain,
        'archive',
        '--format=zip',
        '--prefix=prefix/',
        '--end-of-options',
        name,
        ...where,
      ]);
      return { zip, links: new Set(links) };
    } catch (e) {
      if (e instanceof RunError && e.stderr.includes('did not match any files'))
        throw new NotExistError('file does not exist', e);
      throw e;
    } finally {
      unlock();
    }
  }

  /** The repository's own attributes must not change what an archive has. */
  private turnAttributesOff(): void {
    const { files } = this.config.host;
    const off = encodeText('\n* -export-subst -export-ignore\n');
    const path = `${this.dir}/info/attributes`;
    const there = files.stat(path) === null ? new Uint8Array() : files.readFile(path);
    if (decodeText(there).endsWith(decodeText(off))) return;
    files.makeDirectory(`${this.dir}/info`);
    files.overwrite(path, concatBytes([there, off]));
  }
}

function unlessUnknown(e: unknown): null {
  if (findError(e, UnknownRevisionError) !== null) return null;
  throw e;
}

/** Tags that say what versions there are. */
function isOriginTag(tag: string): boolean {
  const c = semver.canonical(tag);
  return c !== '' && tag.startsWith(c) && !/^v\d+\.(0\.0-|\d+\.\d+-([^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+/.test(tag);
}

/** The directory of a repository in the module cache, which is named by a hash. */
async function workDirectory(config: ModConfig, type: string, name: string): Promise<string> {
  const { files, sha256 } = config.host;
  if (name.includes(':') && !name.includes('://')) throw new ModError('codehost.WorkDir: type cannot contain colon');
  const key = `${type}:${name}`;
  const dir = `${config.cache}/cache/vcs/${hexText(sha256(encodeText(key)))}`;
  files.makeDirectory(dir.slice(0, dir.lastIndexOf('/')));
  const unlock = await lock(config, dir);
  try {
    const info = `${dir}.info`;
    if (files.stat(info) !== null && files.stat(dir)?.isDirectory === true) {
      const have = decodeText(files.readFile(info)).replace(/\n$/, '');
      if (have !== key)
        throw new ModError(`${info} exists with wrong content (have ${quote(have)} want ${quote(key)})`);
      return dir;
    }
    files.remove(dir);
    files.makeDirectory(dir);
    files.writeFile(info, encodeText(key));
    return dir;
  } finally {
    unlock();
  }
}

async function lock(config: ModConfig, dir: string): Promise<() => void> {
  return (await config.host.locks?.lock(`${dir}.lock`)) ?? (() => undefined);
}
