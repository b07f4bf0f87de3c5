/**
 * The checksum database: hashes of modules are taken from a signed log, whose head must contain both the record and every head seen
 * before (golang.org/x/mod/sumdb client.go, cmd/go/internal/modfetch sumdb.go). Its answers are cached beside the modules.
 */

import { base64 } from '#base/base64.ts';
import { decodeText, encodeText } from '#base/bytes.ts';
import type { ModConfig } from './config.ts';
import { asError, isNotExist, ModError, NotExistError } from './errors.ts';
import { escapePath, escapeVersion } from './module.ts';
import { getBytes, tryProxies, UseProxyError } from './proxy.ts';
import { newVerifier, openNote, type Verifier } from './sumdb-note.ts';
import {
  fullTile,
  hashSize,
  type LogRecord,
  parseRecord,
  parseTree,
  recordHash,
  type Tile,
  type TileSource,
  type Tree,
  TreeReader,
  tilePath,
} from './sumdb-tree.ts';

const knownKeys: Readonly<Record<string, string>> = {
  'sum.golang.org': 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
};

export class SumDatabase implements TileSource {
  readonly name: string;
  private readonly config: ModConfig;
  private readonly verifier: Verifier;
  private base: Promise<string> | null;
  private readonly given: string;
  private latest: Tree;
  private latestNote: Uint8Array;
  private started: Promise<void> | null;
  private readonly tiles: Map<string, Promise<Uint8Array>>;
  private readonly records: Map<string, Promise<string>>;
  private readonly saved: Set<string>;
  private reader: TreeReader;

  /** Throws if GOSUMDB makes no sense. */
  constructor(config: ModConfig) {
    const words = (
      config.sumdb === 'sum.golang.google.cn' ? 'sum.golang.org https://sum.golang.google.cn' : config.sumdb
    )
      .split(/\s+/)
      .filter((w) => w !== '');
    if (words.length === 0) throw new ModError('missing GOSUMDB');
    if (words.length > 2) throw new ModError('invalid GOSUMDB: too many fields');
    try {
      this.verifier = newVerifier(config.host, knownKeys[words[0]] ?? words[0]);
    } catch (e) {
      throw new ModError(`invalid GOSUMDB: ${asError(e).message}`);
    }
    this.config = config;
    this.name = this.verifier.name;
    this.given = words[1] ?? '';
    this.base = null;
    this.latest = { size: 0, hash: base64(config.host.sha256(new Uint8Array())) };
    this.latestNote = new Uint8Array();
    this.started = null;
    this.tiles = new Map();
    this.records = new Map();
    this.saved = new Set();
    this.reader = new TreeReader(config.host, this.latest, this);
  }

  /** The go.sum lines of a module version ("v1.0.0" or "v1.0.0/go.mod"). */
  async lookUp(path: string, version: string): Promise<string[]> {
    try {
      this.started ??= this.mergeLatest(this.readConfig());
      await this.started;
      const where = `/lookup/${escapePath(path)}@${escapeVersion(version.replace(/\/go\.mod$/, ''))}`;
      let record = this.records.get(where);
      if (record === undefined) this.records.set(where, (record = this.fetchRecord(where)));
      const text = await record;
      return text.split('\n').filter((l) => l.startsWith(`${path} ${version} `));
    } catch (e) {
      throw new ModError(`${path}@${version}: ${asError(e).message}`, asError(e));
    }
  }

  private async fetchRecord(where: string): Promise<string> {
    const cached = this.readCache(where.slice(1));
    const data = cached ?? (await this.readRemote(where));
    const record = parseRecord(data);
    await this.mergeLatest(record.tree);
    await this.checkRecord(record);
    if (cached === null) this.writeCache(where.slice(1), data);
    return decodeText(record.text);
  }

  private async checkRecord(r: LogRecord): Promise<void> {
    if (r.id >= this.latest.size)
      throw new ModError(`cannot validate record ${r.id} in tree of size ${this.latest.size}`);
    const have = await this.reader.hash(0, r.id);
    if (base64(have) !== base64(recordHash(this.config.host, r.text)))
      throw new ModError('cannot authenticate record data in server response');
  }

  /** Takes a signed head: an older one must be part of ours, a newer one must contain ours. */
  private async mergeLatest(note: Uint8Array): Promise<void> {
    if (note.length === 0) return;
    const tree = this.openTree(note);
    for (;;) {
      const ours = this.latest;
      if (tree.size <= ours.size) {
        await this.checkTrees(tree, note, ours, this.latestNote, this.reader);
        return;
      }
      const reader = new TreeReader(this.config.host, tree, this);
      await this.checkTrees(ours, this.latestNote, tree, note, reader);
      if (this.latest !== ours) continue;
      this.latest = tree;
      this.latestNote = note;
      this.reader = reader;
      await this.writeConfig();
      return;
    }
  }

  private openTree(note: Uint8Array): Tree {
    try {
      return parseTree(openNote(this.config.host, note, this.verifier));
    } catch (e) {
      throw new ModError(`reading tree note: ${asError(e).message}\nnote:\n${decodeText(note)}`);
    }
  }

  private async checkTrees(
    older: Tree,
    oldNote: Uint8Array,
    newer: Tree,
    newNote: Uint8Array,
    reader: TreeReader,
  ): Promise<void> {
    let hash: string;
    try {
      hash = await reader.treeHash(older.size);
    } catch (e) {
      const trees = older.size === newer.size ? `tree#${older.size}` : `tree#${older.size} against tree#${newer.size}`;
      throw new ModError(`checking ${trees}: ${asError(e).message}`, asError(e));
    }
    if (hash === older.hash) return;
    const indented = (n: Uint8Array): string => decodeText(n).replaceAll('\n', '\n\t');
    throw new ModError(
      `SECURITY ERROR\ngo.sum database server misbehavior detected!\n\nold database:\n\t${indented(oldNote)}\nnew database:\n\t${indented(newNote)}\nproof of misbehavior:\n\t${hash}`,
    );
  }

  read(t: Tile): Promise<Uint8Array> {
    const path = tilePath(t);
    let tile = this.tiles.get(path);
    if (tile === undefined) this.tiles.set(path, (tile = this.fetchTile(t)));
    return tile;
  }

  verified(t: Tile, data: Uint8Array): void {
    const path = tilePath(t);
    if (this.saved.has(path)) return;
    this.saved.add(path);
    this.writeCache(path, data);
  }

  private async fetchTile(t: Tile): Promise<Uint8Array> {
    const path = tilePath(t);
    const full = tilePath(fullTile(t));
    const part = (data: Uint8Array): Uint8Array => data.subarray(0, t.width * hashSize);
    const cached = this.readCache(path) ?? (full === path ? null : this.readCache(full));
    if (cached !== null) {
      this.saved.add(path);
      return part(cached);
    }
    try {
      return await this.readRemote(`/${path}`);
    } catch (e) {
      if (full === path) throw e;
      // The log may have grown: then the narrow tile is gone.
      try {
        return part(await this.readRemote(`/${full}`));
      } catch {
        throw e;
      }
    }
  }

  private async readRemote(path: string): Promise<Uint8Array> {
    this.base ??= this.findBase();
    return getBytes(this.config, `${await this.base}${path}`);
  }

  /** A proxy that serves the database, else the database itself. */
  private async findBase(): Promise<string> {
    if (this.given !== '') return this.given.replace(/\/$/, '');
    try {
      return await tryProxies(this.config, async (proxy) => {
        if (proxy === 'noproxy') throw new UseProxyError('path does not match GOPRIVATE/GONOPROXY');
        if (proxy === 'direct' || proxy === 'off') throw new NotExistError('module lookup disabled by GOPROXY=off');
        const base = `${proxy.replace(/\/$/, '')}/sumdb/${this.name}`;
        await getBytes(this.config, `${base}/supported`);
        return base;
      });
    } catch (e) {
      if (!isNotExist(e)) throw e;
      return `https://${this.name}`;
    }
  }

  private cacheFile(path: string): string {
    return `${this.config.cache}/cache/download/sumdb/${this.name}/${path}`;
  }

  private readCache(path: string): Uint8Array | null {
    const { files } = this.config.host;
    const file = this.cacheFile(path);
    if (files.stat(file) === null) return null;
    const data = files.readFile(file);
    return data.length === 0 ? null : data;
  }

  private writeCache(path: string, data: Uint8Array): void {
    const file = this.cacheFile(path);
    this.config.host.files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    this.config.host.files.writeFile(file, data);
  }

  private configFile(): string {
    return `${this.config.sumdbDir}/${this.name}/latest`;
  }

  private readConfig(): Uint8Array {
    const { files } = this.config.host;
    return files.stat(this.configFile()) === null ? new Uint8Array() : files.readFile(this.configFile());
  }

  /** Another program may have seen a newer head meanwhile: that one stays, after it has been compared with ours. */
  private async writeConfig(): Promise<void> {
    const { host } = this.config;
    const file = this.configFile();
    host.files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    const unlock = (await host.locks?.lock(file)) ?? (() => undefined);
    try {
      const there = this.readConfig();
      if (there.length > 0 && decodeText(there) !== decodeText(this.latestNote)) {
        const tree = this.openTree(there);
        if (tree.size >= this.latest.size) return;
        await this.checkTrees(tree, there, this.latest, this.latestNote, this.reader);
      }
      host.files.overwrite(file, encodeText(decodeText(this.latestNote)));
    } finally {
      unlock();
    }
  }
}
