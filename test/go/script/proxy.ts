/** The module proxy that scripts ask, on loopback (cmd/go/proxy_test.go): modules of cmd/go/testdata/mod, and addresses that misbehave. */
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { nodeHost } from '#host/node.ts';
import { DirectoryHash, goModHash } from '#mod/dirhash.ts';
import { checkModule, escapePath, escapeVersion, unescapePath, unescapeVersion } from '#mod/module.ts';
import { isPseudoVersion } from '#mod/pseudo.ts';
import { compare, prerelease } from '#mod/semver.ts';
import { zip } from '../../mod/fixture.ts';
import { type Answer, SumDB, sumdbName } from './sumdb.ts';
import { type Archive, readArchive } from './txtar.ts';

interface FixtureVersion {
  readonly path: string;
  readonly version: string;
}

export class ScriptProxy {
  private readonly dir: string;
  private readonly list: FixtureVersion[];
  private readonly archives: Map<string, Archive | null>;
  private readonly sums: SumDB;
  private readonly wrongSums: SumDB;
  private server: Server | null;
  /** For GOPROXY. */
  url: string;

  constructor(goroot: string) {
    this.dir = join(goroot, 'src/cmd/go/testdata/mod');
    this.archives = new Map();
    this.list = [];
    for (const file of readdirSync(this.dir).sort()) {
      const m = /^(.*)_(v[^_]*)\.txt$/.exec(file);
      const path = m === null ? null : unescapePath(m[1].replaceAll('_', '/'));
      const version = m === null ? null : unescapeVersion(m[2]);
      if (path !== null && version !== null) this.list.push({ path, version });
    }
    this.sums = new SumDB((path, version) => this.goSum(path, version));
    this.wrongSums = new SumDB((path, version) => `${path} ${version} h1:wrong\n${path} ${version}/go.mod h1:wrong\n`);
    for (const m of this.list) this.sums.lookup(m.path, m.version);
    this.server = null;
    this.url = '';
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const path = decodeURIComponent((request.url ?? '').split('?')[0]);
      const redirect = /^\/mod\/redirect\/(\d+)\/(.*)$/s.exec(path);
      if (redirect !== null) {
        const n = Number(redirect[1]);
        const to = n <= 1 ? `/mod/${redirect[2]}` : `/mod/redirect/${n - 1}/${redirect[2]}`;
        response.writeHead(302, { Location: to }).end();
        return;
      }
      const { status, body } = this.answer(path);
      response.writeHead(status, status === 404 ? { 'Content-Type': 'text/plain; charset=utf-8' } : {}).end(body);
    });
    this.server = server;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.url = `http://127.0.0.1:${address.port}/mod`;
  }

  stop(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private archive(path: string, version: string): Archive | null {
    let name: string;
    try {
      name = `${escapePath(path).replaceAll('/', '_')}_${escapeVersion(version)}.txt`;
    } catch {
      return null;
    }
    const known = this.archives.get(name);
    if (known !== undefined) return known;
    let a: Archive | null = null;
    try {
      a = readArchive(join(this.dir, name));
    } catch {
      a = null;
    }
    this.archives.set(name, a);
    return a;
  }

  private goSum(path: string, version: string): string | null {
    const a = this.archive(path, version);
    if (a === null) return null;
    const host = nodeHost();
    const hash = new DirectoryHash(host);
    let mod: Uint8Array = new Uint8Array();
    for (const f of a.files) {
      if (f.name === '.mod') mod = f.data;
      if (!f.name.startsWith('.')) hash.add(`${path}@${version}/${f.name}`, f.data);
    }
    return `${path} ${version} ${hash.finish()}\n${path} ${version}/go.mod ${goModHash(host, mod)}\n`;
  }

  private answer(whole: string): Answer {
    if (!whole.startsWith('/mod/')) return missing();
    let path = whole.slice('/mod/'.length);
    if (path.startsWith('invalid/')) return found('invalid');
    const first = path.slice(0, Math.max(path.indexOf('/'), 0));
    if (/^\d+$/.test(first) && Number(first) >= 200) return { status: Number(first), body: Buffer.alloc(0) };
    const failing = /^sumdb-(\d+)$/.exec(first);
    if (failing !== null && Number(failing[1]) >= 200) {
      const rest = path.slice(first.length);
      if (rest.startsWith('/sumdb/')) return { status: Number(failing[1]), body: Buffer.alloc(0) };
      path = rest.slice(1);
    }
    const plain = (text: string): string | null =>
      unescapePath(text) ?? text.replace(/!([a-z])/g, (_, c: string) => c.toUpperCase());
    if (path.startsWith('sumdb-direct/')) return this.sums.serve(path.slice('sumdb-direct'.length), plain);
    if (path.startsWith('sumdb-wrong/')) return this.wrongSums.serve(path.slice('sumdb-wrong'.length), plain);
    if (path.startsWith('sumdb-redirect/')) {
      const m = /^sumdb-redirect(\/[^:]*):(.*)$/s.exec(path);
      if (m === null) return { status: 500, body: Buffer.alloc(0) };
      return this.sums.serve(m[2].startsWith('/lookup/') ? `/lookup${m[1]}` : m[2], plain);
    }
    if (path === `sumdb/${sumdbName}/supported`) return found('');
    if (path.startsWith(`sumdb/${sumdbName}/`)) return this.sums.serve(path.slice(`sumdb/${sumdbName}`.length), plain);
    return this.module(path);
  }

  private module(request: string): Answer {
    let path = request;
    const latest = path.lastIndexOf('/@latest');
    if (latest >= 0) {
      const version = this.latest(unescapePath(path.slice(0, latest)) ?? '');
      if (version === '') return missing();
      path = `${path.slice(0, latest)}/@v/${escapeVersion(version)}.info`;
    }
    const at = path.indexOf('/@v/');
    const name = at < 0 ? null : unescapePath(path.slice(0, at));
    if (name === null) return missing();
    const file = path.slice(at + '/@v/'.length);
    if (file === 'list') {
      const all = this.list.filter((m) => m.path === name);
      const tagged = all.filter((m) => !isPseudoVersion(m.version) && checkModule(m.path, m.version) === null);
      return all.length === 0 ? missing() : found(tagged.map((m) => `${m.version}\n`).join(''));
    }
    const dot = file.lastIndexOf('.');
    const asked = dot < 0 ? null : unescapeVersion(file.slice(0, dot));
    if (asked === null) return missing();
    const version = /^[0-9a-f]+$/.test(asked) ? this.ofCommit(name, asked) : asked;
    const a = this.archive(name, version);
    if (a === null) return missing();
    const extension = file.slice(dot + 1);
    if (extension === 'info' || extension === 'mod') {
      const f = a.files.find((x) => x.name === `.${extension}`);
      return f === undefined ? missing() : { status: 200, body: f.data };
    }
    if (extension !== 'zip') return missing();
    const entries = a.files
      .filter((f) => !['.info', '.mod', '.zip'].includes(f.name))
      .map((f): [string, Buffer] => [
        f.name.startsWith('/') ? f.name.slice(1) : `${name}@${version}/${f.name}`,
        f.data,
      ]);
    return { status: 200, body: Buffer.from(zip(entries)) };
  }

  /** The release, else the prerelease, else the pseudo-version that the list comes to last. */
  private latest(path: string): string {
    let release = '';
    let pre = '';
    let pseudo = '';
    for (const { path: p, version: v } of this.list) {
      if (p !== path) continue;
      if (isPseudoVersion(v) && (pseudo === '' || compare(pseudo, v) > 0)) pseudo = v;
      else if (prerelease(v) !== '' && (pre === '' || compare(pre, v) > 0)) pre = v;
      else if (release === '' || compare(release, v) > 0) release = v;
    }
    return release || pre || pseudo;
  }

  private ofCommit(path: string, commit: string): string {
    let best = '';
    for (const m of this.list) {
      if (m.path !== path || compare(best, m.version) >= 0) continue;
      const hash = isPseudoVersion(m.version) ? m.version.slice(m.version.lastIndexOf('-') + 1) : this.hashOf(m);
      if (hash.startsWith(commit) || commit.startsWith(hash)) best = m.version;
    }
    return best || commit;
  }

  private hashOf(m: FixtureVersion): string {
    const info = this.archive(m.path, m.version)?.files.find((f) => f.name === '.info');
    const parsed: unknown = info === undefined ? null : JSON.parse(info.data.toString());
    return parsed !== null && typeof parsed === 'object' && 'Short' in parsed ? String(parsed.Short) : '';
  }
}

function found(text: string): Answer {
  return { status: 200, body: Buffer.from(text) };
}

function missing(): Answer {
  return { status: 404, body: Buffer.from('404 page not found\n') };
}
