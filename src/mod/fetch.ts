/**
 * The module cache, shared with the official go command: what is there is read, what is missing is fetched from a proxy, checked against
 * go.sum or the checksum database, and kept (cmd/go/internal/modfetch).
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import type { ModConfig } from './config.ts';
import { DirectoryHash, goModHash } from './dirhash.ts';
import { asError, FatalError, isUserError, ModError, ModuleError, NotExistError, versionError } from './errors.ts';
import { type GoSum, SecurityError, sumdbAbsent, sumdbMismatch } from './gosum.ts';
import * as gover from './gover.ts';
import {
  canonicalVersion,
  checkModule,
  escapePath,
  escapeVersion,
  matchPrefixPatterns,
  type Version,
  versionText,
} from './module.ts';
import { aboutVersion, type ModuleRepo, moduleRepo, parseInfo } from './module-repo.ts';
import type { Origin } from './origin.ts';
import { tryProxies } from './proxy.ts';
import { isPseudoVersion, pseudoVersionTime } from './pseudo.ts';
import * as semver from './semver.ts';
import { SumDatabase } from './sumdb.ts';
import { type ZipEntry, ZipError, zipProblems } from './zip.ts';

export interface Info {
  readonly version: string;
  /** As RFC 3339; "" if unknown. */
  readonly time: string;
  /** Where the version comes from, as the proxy tells it. */
  readonly origin: Origin | null;
}

/** A module of another Go release is told as that. */
function shownVersion(m: Version): string {
  const release = m.path === 'golang.org/toolchain' ? /^v0\.0\.1-(.*)\.([^.-]+)-([^.-]+)$/.exec(m.version) : null;
  return release === null ? `${m.path} ${m.version}` : `${release[1]} (${release[2]}/${release[3]})`;
}

export class Fetcher {
  readonly config: ModConfig;
  readonly sums: GoSum;
  private readonly goMods: Map<string, Promise<Uint8Array>>;
  private readonly stats: Map<string, Promise<Info>>;
  private readonly zips: Map<string, Promise<string>>;
  private readonly directories: Map<string, Promise<string>>;
  private readonly lists: Map<string, Promise<string[]>>;
  /** By proxy and path. */
  private readonly repos: Map<string, Promise<ModuleRepo>>;
  private database: SumDatabase | null;
  private isCacheChecked: boolean;

  constructor(config: ModConfig, sums: GoSum) {
    this.config = config;
    this.sums = sums;
    this.goMods = new Map();
    this.stats = new Map();
    this.zips = new Map();
    this.directories = new Map();
    this.lists = new Map();
    this.repos = new Map();
    this.database = null;
    this.isCacheChecked = false;
  }

  /** The file of a module version in cache/download. */
  cachePath(m: Version, suffix: string): string {
    checkVersion(m);
    return `${this.cacheDirectory(m.path)}/${escapeVersion(m.version)}.${suffix}`;
  }

  private cacheDirectory(path: string): string {
    this.checkCache();
    return `${this.config.cache}/cache/download/${escapePath(path)}/@v`;
  }

  /** Throws if there can be no cache. */
  private checkCache(): void {
    if (this.isCacheChecked) return;
    const { cache, host } = this.config;
    if (cache === '') throw new FatalError('module cache not found: neither GOMODCACHE nor GOPATH is set');
    if (!cache.startsWith('/'))
      throw new FatalError(`GOMODCACHE entry is relative; must be absolute path: ${quote(cache)}.\n`);
    if (host.files.stat(cache)?.isDirectory === false)
      throw new FatalError(`could not create module cache: ${quote(cache)} is not a directory`);
    this.isCacheChecked = true;
  }

  /** Where a module version is unpacked, whether it is or not. */
  directoryOf(m: Version): string {
    checkVersion(m);
    this.checkCache();
    return `${this.config.cache}/${escapePath(m.path)}@${escapeVersion(m.version)}`;
  }

  /** The module is unpacked, and whole. */
  isUnpacked(m: Version): boolean {
    const { files } = this.config.host;
    return (
      files.stat(this.directoryOf(m))?.isDirectory === true &&
      files.stat(this.cachePath(m, 'partial')) === null &&
      files.stat(this.cachePath(m, 'ziphash')) !== null
    );
  }

  /** The text of a version's go.mod file. */
  goMod(m: Version): Promise<Uint8Array> {
    return once(this.goMods, `${m.path}@${m.version}`, () => this.fetchGoMod(m));
  }

  private async fetchGoMod(m: Version): Promise<Uint8Array> {
    if (gover.isToolchain(m.path)) return encodeText(`module ${m.path}\n`);
    const file = this.cachePath(m, 'mod');
    const { files } = this.config.host;
    if (files.stat(file) !== null) {
      const text = files.readFile(file);
      await this.checkGoMod(m, text);
      return text;
    }
    const text = await this.ask(m.path, (repo) => repo.goMod(m.version));
    await this.checkGoMod(m, text);
    await this.writeCache(file, text);
    return text;
  }

  private checkGoMod(m: Version, text: Uint8Array): Promise<void> {
    const hash = goModHash(this.config.host, text);
    return this.checkSum({ path: m.path, version: `${m.version}/go.mod` }, hash);
  }

  /** Compares a hash with go.sum, or, if it is not there, with the checksum database. */
  async checkSum(m: Version, hash: string): Promise<void> {
    if (this.sums.check(m, hash)) return;
    if (this.config.sumdb !== 'off' && !matchPrefixPatterns(this.config.noSumdb, m.path))
      await this.checkDatabase(m, hash);
    this.sums.add(m, hash);
  }

  private async checkDatabase(m: Version, hash: string): Promise<void> {
    const version = m.version.replace(/\/go\.mod$/, '');
    const noun = version === m.version ? 'module' : 'go.mod';
    const failed = (message: string, e: Error | null = null): Error =>
      versionError(m.path, version, e === null ? new SecurityError(message) : new ModError(message, e));
    let lines: string[];
    try {
      this.database ??= new SumDatabase(this.config);
      lines = await this.database.lookUp(m.path, m.version);
    } catch (e) {
      throw failed(`verifying ${noun}: ${asError(e).message}`, asError(e));
    }
    const prefix = `${m.path} ${m.version} `;
    for (const l of lines) {
      if (l === prefix + hash) return;
      if (!l.startsWith(`${prefix}h1:`)) continue;
      const there = l.slice(prefix.length);
      const name = this.database.name;
      throw failed(`verifying ${noun}: checksum mismatch\n\tdownloaded: ${hash}\n\t${name}: ${there}${sumdbMismatch}`);
    }
    throw failed(`verifying ${noun}: checksum missing from sumdb response${sumdbAbsent}`);
  }

  /** Asks the entries of GOPROXY in their order. */
  private ask<T>(path: string, question: (repo: ModuleRepo) => Promise<T>): Promise<T> {
    return tryProxies(this.config, async (proxy) =>
      question(await once(this.repos, `${proxy} ${path}`, () => moduleRepo(this.config, proxy, path))),
    );
  }

  /** What a version or another name of a revision stands for. */
  stat(path: string, revision: string): Promise<Info> {
    return once(this.stats, `${path}@${revision}`, () => this.fetchStat(path, revision));
  }

  private async fetchStat(path: string, revision: string): Promise<Info> {
    if (gover.isToolchain(path)) return { version: revision, time: '', origin: null };
    const isVersion = canonicalVersion(revision) === revision && revision !== '';
    if (isVersion) {
      const cached = this.readInfo({ path, version: revision });
      if (cached !== null) return cached;
    }
    const info = await this.ask(path, (repo) => repo.info(revision));
    if (isVersion && info.version !== revision && checkModule(path, revision) === null)
      throw aboutVersion(
        path,
        revision,
        new ModError(`proxy returned info for version ${info.version} instead of requested version`),
      );
    await this.keepInfo(path, info);
    return info;
  }

  private readInfo(m: Version): Info | null {
    const file = this.cachePath(m, 'info');
    const { files } = this.config.host;
    return files.stat(file) === null ? null : parseInfo(files.readFile(file));
  }

  private async keepInfo(path: string, info: Info): Promise<void> {
    if (!semver.isValid(info.version)) return;
    const file = this.cachePath({ path, version: info.version }, 'info');
    const { files } = this.config.host;
    const text = infoText(info);
    // By another name of the revision it may have another origin.
    if (files.stat(file) === null || decodeText(files.readFile(file)) !== text)
      await this.writeCache(file, encodeText(text));
  }

  /** Tagged versions, ascending. */
  versions(path: string): Promise<string[]> {
    return once(this.lists, path, async () => {
      const text = await this.versionList(path);
      const list = text.map((l) => l.split(/\s+/)[0]).filter((v) => semver.isValid(v) && !isPseudoVersion(v));
      return semver.sortVersions(list);
    });
  }

  /** The tags on which the list of versions with a prefix depends; null if a proxy gives it. */
  tagOrigin(path: string, prefix: string): Promise<Info['origin']> {
    return this.ask(path, (repo) => repo.tagOrigin(prefix));
  }

  /** Whether what a repository has said before still holds; proxies do not tell. */
  async isCurrent(path: string, origin: Origin): Promise<boolean> {
    try {
      return await this.ask(path, (repo) => repo.isCurrent(origin));
    } catch (e) {
      if (!isUserError(e)) throw e;
      return false;
    }
  }

  private versionList(path: string): Promise<string[]> {
    return this.ask(path, (repo) => repo.list());
  }

  /** The newest commit, for modules without tags. */
  async latest(path: string): Promise<Info> {
    const found = await this.ask(path, (repo) => repo.latest());
    if (found !== null) {
      await this.keepInfo(path, found);
      return found;
    }
    let best = '';
    let time = 0;
    for (const line of await this.versionList(path)) {
      const [v, t] = line.split(/\s+/);
      if (!semver.isValid(v)) continue;
      const at = t !== undefined && t !== '' ? Date.parse(t) : isPseudoVersion(v) ? pseudoVersionTime(v) : 0;
      if (at > time) [best, time] = [v, at];
    }
    if (best === '') throw new ModuleError(path, '', new NotExistError('no commits'));
    return this.stat(path, best);
  }

  /** Brings a module into the cache; the directory it is in. */
  download(m: Version): Promise<string> {
    return once(this.directories, `${m.path}@${m.version}`, async () => {
      const dir = this.directoryOf(m);
      if (!this.isUnpacked(m)) await this.unpack(m, await this.downloadZip(m), dir);
      else await this.checkZipHash(m);
      this.checkGoLine(m, dir);
      return dir;
    });
  }

  /** A module that needs a newer Go is not used. Throws TooNewError. */
  private checkGoLine(m: Version, dir: string): void {
    const { files } = this.config.host;
    const file = `${dir}/go.mod`;
    if (files.stat(file) === null) return;
    const wanted = /^[ \t]*go[ \t]+"?([^\s"]+)/m.exec(decodeText(files.readFile(file)))?.[1] ?? '';
    const { running } = this.config;
    if (gover.compare(wanted, running.version) > 0) throw new gover.TooNewError(versionText(m), wanted, running);
  }

  /** The hash of a module's zip file; "" if it has not been downloaded. */
  sumOf(m: Version): string {
    const file = this.cachePath(m, 'ziphash');
    const { files } = this.config.host;
    if (files.stat(file) === null) return '';
    const text = decodeText(files.readFile(file)).trim();
    return /^h1:[A-Za-z0-9+/]{43}=$/.test(text) ? text : '';
  }

  private async checkZipHash(m: Version): Promise<void> {
    const hash = this.sumOf(m);
    if (hash !== '') await this.checkSum(m, hash);
    else await this.hashZip(m, this.config.host.files.readFile(this.cachePath(m, 'zip')));
  }

  /** The path of the checked zip file. */
  downloadZip(m: Version): Promise<string> {
    return once(this.zips, `${m.path}@${m.version}`, async () => {
      const { host } = this.config;
      const file = this.cachePath(m, 'zip');
      const isThere = (): boolean => host.files.stat(file) !== null && host.files.stat(`${file}hash`) !== null;
      if (isThere()) {
        await this.checkZipHash(m);
        return file;
      }
      if (this.config.command !== 'mod download') host.stderr(`go: downloading ${shownVersion(m)}\n`);
      const unlock = await this.lockVersion(m);
      try {
        if (!isThere()) await this.fetchZip(m, file);
      } finally {
        unlock();
      }
      return file;
    });
  }

  private async fetchZip(m: Version, file: string): Promise<void> {
    const { files } = this.config.host;
    if (files.stat(file) !== null) {
      await this.hashZip(m, files.readFile(file));
      return;
    }
    const data = await this.ask(m.path, (repo) => repo.zip(m.version));
    await this.hashZip(m, data, () => files.writeFile(file, data));
  }

  /** Hashes and checks a zip file; only then it is written, and its hash beside it. */
  private async hashZip(m: Version, data: Uint8Array, write: () => void = () => undefined): Promise<void> {
    const { host } = this.config;
    const hash = new DirectoryHash(host);
    const prefix = `${versionText(m)}/`;
    if (host.archives === null) throw new ModError('archives cannot be read here');
    let unexpected = '';
    try {
      await host.archives.unzip(data, (name, content) => {
        if (!name.startsWith(prefix)) unexpected ||= name;
        hash.add(name, content);
      });
    } catch (e) {
      throw versionError(m.path, m.version, new ModError(`zip: ${asError(e).message}`));
    }
    if (unexpected !== '') throw new ModError(`zip for ${versionText(m)} has unexpected file ${unexpected}`);
    const sum = hash.finish();
    await this.checkSum(m, sum);
    write();
    host.files.writeFile(this.cachePath(m, 'ziphash'), encodeText(sum));
  }

  private async unpack(m: Version, zip: string, dir: string): Promise<void> {
    const { host } = this.config;
    const unlock = await this.lockVersion(m);
    try {
      if (this.isUnpacked(m)) return;
      if (host.files.stat(dir) !== null) removeReadOnly(host.files, dir);
      const data = host.files.readFile(zip);
      const entries: ZipEntry[] = [];
      const contents: Uint8Array[] = [];
      try {
        await host.archives?.unzip(data, (name, content) => {
          entries.push({ name, size: content.length });
          contents.push(content);
        });
      } catch (e) {
        throw new ZipError(`unzip ${zip}: zip: ${asError(e).message}`);
      }
      const problem = zipProblems(m, data.length, entries);
      if (problem !== '') throw new ZipError(`unzip ${zip}: ${problem}`);
      const partial = this.cachePath(m, 'partial');
      host.files.writeFile(partial, new Uint8Array());
      const made = new Set<string>();
      const prefix = versionText(m).length + 1;
      host.files.makeDirectory(dir);
      made.add(dir);
      entries.forEach((e, i) => {
        const target = `${dir}/${e.name.slice(prefix)}`;
        for (let d = target.slice(0, target.lastIndexOf('/')); !made.has(d); d = d.slice(0, d.lastIndexOf('/')))
          made.add(d);
        host.files.makeDirectory(target.slice(0, target.lastIndexOf('/')));
        host.files.writeFile(target, contents[i], 0o444);
      });
      host.files.remove(partial);
      if (!this.config.writable) for (const d of [...made].sort().reverse()) host.files.chmod(d, 0o555);
    } finally {
      unlock();
    }
  }

  private async lockVersion(m: Version): Promise<() => void> {
    const file = this.cachePath(m, 'lock');
    this.config.host.files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    return (await this.config.host.locks?.lock(file)) ?? (() => undefined);
  }

  /** Held while go.mod and go.sum are written. */
  async sideLock(): Promise<() => void> {
    const dir = `${this.config.cache}/cache`;
    this.config.host.files.makeDirectory(dir);
    return (await this.config.host.locks?.lock(`${dir}/lock`)) ?? (() => undefined);
  }

  private async writeCache(file: string, data: Uint8Array): Promise<void> {
    const { files } = this.config.host;
    const dir = file.slice(0, file.lastIndexOf('/'));
    files.makeDirectory(dir);
    files.writeFile(file, data);
    if (file.endsWith('.mod')) await this.rewriteList(dir);
  }

  /** The file "list" has the versions whose go.mod files are there. */
  private async rewriteList(dir: string): Promise<void> {
    const { host } = this.config;
    const file = `${dir}/list`;
    const unlock = (await host.locks?.lock(file)) ?? (() => undefined);
    try {
      const list = host.files
        .readDirectory(dir)
        .filter((e) => e.name.endsWith('.mod'))
        .map((e) => e.name.slice(0, -'.mod'.length))
        .filter((v) => v !== '' && canonicalVersion(v) === v);
      const text = semver
        .sortVersions(list)
        .map((v) => `${v}\n`)
        .join('');
      host.files.overwrite(file, encodeText(text));
    } finally {
      unlock();
    }
  }
}

function checkVersion(m: Version): void {
  if (!semver.isValid(m.version)) throw new ModError(`non-semver module version ${quote(m.version)}`);
  if (canonicalVersion(m.version) !== m.version) throw new ModError(`non-canonical module version ${quote(m.version)}`);
}

function once<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let p = map.get(key);
  if (p === undefined) map.set(key, (p = make()));
  return p;
}

/** As the cache keeps it: without what only holds for a while. */
export function infoText(info: Info): string {
  const o: Record<string, unknown> = {
    Version: info.version,
    Time: info.time === '' ? '0001-01-01T00:00:00Z' : info.time,
  };
  if (info.origin !== null) {
    const { TagSum: _, TagPrefix: _p, RepoSum: _r, Ref = '', ...rest } = info.origin;
    o.Origin = isPseudoVersion(info.version) || Ref === '' ? rest : { ...rest, Ref };
  }
  return JSON.stringify(o);
}

interface RemovingFiles {
  stat(path: string): { readonly isDirectory: boolean } | null;
  readDirectory(
    path: string,
  ): readonly { readonly name: string; readonly isDirectory: boolean; readonly isSymlink: boolean }[];
  chmod(path: string, mode: number): void;
  remove(path: string): void;
}

/** Removes a tree whose directories may be read-only. */
export function removeReadOnly(files: RemovingFiles, dir: string): void {
  const open = (d: string): void => {
    files.chmod(d, 0o777);
    for (const e of files.readDirectory(d)) if (e.isDirectory && !e.isSymlink) open(`${d}/${e.name}`);
  };
  if (files.stat(dir)?.isDirectory === true) open(dir);
  files.remove(dir);
}
