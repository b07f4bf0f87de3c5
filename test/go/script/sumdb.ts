/** A checksum database over the fixture modules (golang.org/x/mod/sumdb, TestServer): signed tree, tiles, lookups. */
import { createHash, createPrivateKey, sign } from 'node:crypto';

const signerKey = 'PRIVATE+KEY+localhost.localdev/sumdb+00000c67+AXu6+oaVaOYuQOFrf1V59JK1owcFlJcHwwXHDfDGxSPk';
/** What GOSUMDB is set to. */
export const verifierKey = 'localhost.localdev/sumdb+00000c67+AcTrnkbUA+TU4heY3hkjiSES/DSQniBqIeQ/YppAUtK6';
export const sumdbName = 'localhost.localdev/sumdb';

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export class SumDB {
  private readonly sums: (path: string, version: string) => string | null;
  private readonly records: Buffer[];
  private readonly leaves: Buffer[];
  private readonly ids: Map<string, number>;

  constructor(sums: (path: string, version: string) => string | null) {
    this.sums = sums;
    this.records = [];
    this.leaves = [];
    this.ids = new Map();
  }

  lookup(path: string, version: string): number | null {
    const key = `${path}@${version}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const text = this.sums(path, version);
    if (text === null) return null;
    const data = Buffer.from(text);
    const id = this.records.push(data) - 1;
    this.leaves.push(sha256(Buffer.concat([Buffer.from([0]), data])));
    this.ids.set(key, id);
    return id;
  }

  /** What is said about a path of the database, "/latest" and so on. */
  serve(path: string, plain: (text: string) => string | null): Answer {
    const notFound: Answer = { status: 404, body: Buffer.from('not found\n') };
    if (path === '/latest') return { status: 200, body: this.signed() };
    const module = /^\/lookup\/([^@]+)@(v\d+\.\d+\.\d+(-[^@]*)?(\+incompatible)?)$/.exec(path);
    if (module !== null) {
      const name = plain(module[1]);
      const version = plain(module[2]);
      const id = name === null || version === null ? null : this.lookup(name, version);
      if (id === null) return notFound;
      const head = Buffer.from(`${id}\n`);
      return { status: 200, body: Buffer.concat([head, this.records[id], Buffer.from('\n'), this.signed()]) };
    }
    const tile = /^\/tile\/8\/(data|\d+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path);
    if (tile === null) return notFound;
    const n = Number(tile[2].replaceAll('x', '').replaceAll('/', ''));
    const width = tile[3] === undefined ? 256 : Number(tile[3]);
    if (tile[1] === 'data') {
      const list = this.records.slice(n * 256, n * 256 + width);
      return { status: 200, body: Buffer.concat(list.flatMap((r) => [r, Buffer.from('\n')])) };
    }
    const level = Number(tile[1]) * 8;
    if ((n * 256 + width) * 2 ** level > this.leaves.length) return notFound;
    const hashes: Buffer[] = [];
    for (let i = 0; i < width; i++) {
      const from = (n * 256 + i) * 2 ** level;
      hashes.push(this.treeHash(from, from + 2 ** level));
    }
    return { status: 200, body: Buffer.concat(hashes) };
  }

  /** RFC 6962. */
  private treeHash(from: number, to: number): Buffer {
    if (to - from === 1) return this.leaves[from];
    if (to === from) return sha256(Buffer.alloc(0));
    let half = 1;
    while (half * 2 < to - from) half *= 2;
    const both = [this.treeHash(from, from + half), this.treeHash(from + half, to)];
    return sha256(Buffer.concat([Buffer.from([1]), ...both]));
  }

  private signed(): Buffer {
    const size = this.records.length;
    const text = `go.sum database tree\n${size}\n${this.treeHash(0, size).toString('base64')}\n`;
    const parts = signerKey.split('+');
    const seed = Buffer.from(parts.slice(4).join('+'), 'base64').subarray(1);
    // PKCS 8 of an Ed25519 key is this prefix and the seed.
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const signature = sign(null, Buffer.from(text), createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    const named = Buffer.concat([Buffer.from(parts[3], 'hex'), signature]).toString('base64');
    return Buffer.from(`${text}\n\u2014 ${parts[2]} ${named}\n`);
  }
}
