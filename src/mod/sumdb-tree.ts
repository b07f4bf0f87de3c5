/**
 * The transparency log's tree of hashes (golang.org/x/mod/sumdb/tlog; RFC 6962). Hashes are stored in one sequence and read in tiles of
 * eight levels; every tile that is read is checked against the root. Sizes stay below 2^53 and are plain numbers.
 */

import { base64, fromBase64 } from '#base/base64.ts';
import { decodeText, encodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { ModError } from './errors.ts';

export const hashSize = 32;
const height = 8;
const fullWidth = 256;

export interface Tree {
  readonly size: number;
  /** base64. */
  readonly hash: string;
}

export interface Tile {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

export function parseTree(text: string): Tree {
  const lines = text.split('\n');
  const size = Number(lines[1]);
  const hash = fromBase64(lines[2] ?? '');
  if (
    lines[0] !== 'go.sum database tree' ||
    lines.length < 4 ||
    !/^(0|[1-9]\d{0,14})$/.test(lines[1]) ||
    hash?.length !== hashSize
  )
    throw new ModError('malformed tree note');
  return { size, hash: lines[2] };
}

export interface LogRecord {
  readonly id: number;
  readonly text: Uint8Array;
  /** The signed head of a tree that holds the record. */
  readonly tree: Uint8Array;
}

export function parseRecord(data: Uint8Array): LogRecord {
  const all = decodeText(data);
  const m = /^(\d{1,15})\n([\s\S]*?\n)\n/.exec(all);
  if (m === null || /[^\P{Cc}\n]|\ufffd/u.test(m[2])) throw new ModError('malformed record data');
  return { id: Number(m[1]), text: encodeText(m[2]), tree: encodeText(all.slice(m[0].length)) };
}

export function recordHash(host: Host, text: Uint8Array): Uint8Array {
  const data = new Uint8Array(text.length + 1);
  data.set(text, 1);
  return host.sha256(data);
}

export function nodeHash(host: Host, left: Uint8Array, right: Uint8Array): Uint8Array {
  const data = new Uint8Array(1 + 2 * hashSize);
  data[0] = 1;
  data.set(left, 1);
  data.set(right, 1 + hashSize);
  return host.sha256(data);
}

/** The roots of the complete subtrees that a tree of this size is made of: level and number within it, largest first. */
export function completeSubtrees(size: number): { level: number; n: number }[] {
  const list: { level: number; n: number }[] = [];
  let done = 0;
  while (done < size) {
    let level = 0;
    while (2 ** (level + 1) <= size - done) level++;
    list.push({ level, n: done / 2 ** level });
    done += 2 ** level;
  }
  return list;
}

/** The tile that holds a hash; in a tree of `size` records it may not be full. */
function tileOf(level: number, n: number, size: number): Tile {
  const tileLevel = Math.floor(level / height);
  const within = level - tileLevel * height;
  return tileAt(tileLevel, Math.floor((n * 2 ** within) / fullWidth), size);
}

function tileAt(level: number, n: number, size: number): Tile {
  const hashes = Math.floor(size / 2 ** (level * height));
  return { level, n, width: Math.min(fullWidth, hashes - n * fullWidth) };
}

/** tile/8/LEVEL/x001/x234/067[.p/WIDTH] */
export function tilePath(t: Tile): string {
  let n = t.n;
  let text = String(n % 1000).padStart(3, '0');
  while (n >= 1000) {
    n = Math.floor(n / 1000);
    text = `x${String(n % 1000).padStart(3, '0')}/${text}`;
  }
  return `tile/${height}/${t.level}/${text}${t.width === fullWidth ? '' : `.p/${t.width}`}`;
}

function hashInTile(host: Host, t: Tile, data: Uint8Array, level: number, n: number): Uint8Array {
  const within = level - t.level * height;
  const count = 2 ** within;
  const from = n * count - t.n * fullWidth;
  if (from < 0 || from + count > t.width) throw new ModError('tile does not hold the hash');
  return foldHashes(host, data.subarray(from * hashSize, (from + count) * hashSize));
}

function foldHashes(host: Host, data: Uint8Array): Uint8Array {
  if (data.length === hashSize) return data;
  const half = data.length / 2;
  return nodeHash(host, foldHashes(host, data.subarray(0, half)), foldHashes(host, data.subarray(half)));
}

export interface TileSource {
  read(t: Tile): Promise<Uint8Array>;
  /** The tile is what the tree says. */
  verified(t: Tile, data: Uint8Array): void;
}

/** Reads hashes of a tree: first the tiles that its root is made of, which must give the root, then downwards, each tile checked by its parent. */
export class TreeReader {
  private readonly host: Host;
  private readonly tree: Tree;
  private readonly source: TileSource;
  private readonly tiles: Map<string, Uint8Array>;
  private rootChecked: boolean;

  constructor(host: Host, tree: Tree, source: TileSource) {
    this.host = host;
    this.tree = tree;
    this.source = source;
    this.tiles = new Map();
    this.rootChecked = false;
  }

  /** Throws if the tiles do not give the tree's hash. */
  private async checkRoot(): Promise<void> {
    if (this.rootChecked) return;
    const { host, tree, source } = this;
    const subtrees = completeSubtrees(tree.size);
    const wanted = new Map(subtrees.map((s) => tileOf(s.level, s.n, tree.size)).map((t) => [tilePath(t), t]));
    await Promise.all(
      [...wanted].map(async ([path, t]) => {
        this.tiles.set(path, sized(t, await source.read(t)));
      }),
    );
    let root: Uint8Array | null = null;
    for (const s of subtrees.reverse()) {
      const t = tileOf(s.level, s.n, tree.size);
      const h = hashInTile(host, t, this.tiles.get(tilePath(t)) ?? new Uint8Array(), s.level, s.n);
      root = root === null ? h : nodeHash(host, h, root);
    }
    const hash = base64(root ?? host.sha256(new Uint8Array()));
    if (hash !== tree.hash) throw new ModError('downloaded inconsistent tile');
    for (const [path, t] of wanted) source.verified(t, this.tiles.get(path) ?? new Uint8Array());
    this.rootChecked = true;
  }

  async hash(level: number, n: number): Promise<Uint8Array> {
    if ((n + 1) * 2 ** level > this.tree.size) throw new ModError('indexes not in tree');
    await this.checkRoot();
    const t = tileOf(level, n, this.tree.size);
    return hashInTile(this.host, t, await this.tile(t), level, n);
  }

  private async tile(t: Tile): Promise<Uint8Array> {
    const path = tilePath(t);
    const known = this.tiles.get(path);
    if (known !== undefined) return known;
    const data = sized(t, await this.source.read(t));
    // A tile that the root was not made of is full, and its parent holds its hash.
    const above = t.level + 1;
    const parent = tileAt(above, Math.floor(t.n / fullWidth), this.tree.size);
    const want = hashInTile(this.host, parent, await this.tile(parent), above * height, t.n);
    if (t.width !== fullWidth || base64(foldHashes(this.host, data)) !== base64(want))
      throw new ModError('downloaded inconsistent tile');
    this.tiles.set(path, data);
    this.source.verified(t, data);
    return data;
  }

  /** The hash of the tree when it had `size` records: a consistent log still has it. */
  async treeHash(size: number): Promise<string> {
    let root: Uint8Array | null = null;
    for (const s of completeSubtrees(size).reverse()) {
      const h = await this.hash(s.level, s.n);
      root = root === null ? h : nodeHash(this.host, h, root);
    }
    if (root === null) {
      await this.checkRoot();
      return base64(this.host.sha256(new Uint8Array()));
    }
    return base64(root);
  }
}

function sized(t: Tile, data: Uint8Array): Uint8Array {
  const want = t.width * hashSize;
  if (data.length === want) return data;
  throw new ModError(`TileReader returned bad result slice (${tilePath(t)} len=${data.length}, want ${want})`);
}

/** The full tile that holds a narrower one. */
export function fullTile(t: Tile): Tile {
  return { level: t.level, n: t.n, width: fullWidth };
}
