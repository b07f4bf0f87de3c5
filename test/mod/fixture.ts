/** A module proxy in a directory (file://), written by the tests, and the command run against it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { main } from '../command.ts';

export interface FixtureModule {
  readonly path: string;
  readonly version: string;
  /** By name; "go.mod" among them. */
  readonly files: Readonly<Record<string, string>>;
}

export const hasGo = spawnSync('go', ['version']).status === 0;

export class Fixture {
  readonly dir: string;
  readonly proxy: string;

  constructor(modules: readonly FixtureModule[]) {
    this.dir = mkdtempSync(join(tmpdir(), 'tuza-mod-'));
    this.proxy = join(this.dir, 'proxy');
    const versions = new Map<string, string[]>();
    for (const m of modules) {
      const base = join(
        this.proxy,
        m.path.replace(/[A-Z]/g, (c) => `!${c.toLowerCase()}`),
        '@v',
      );
      versions.set(base, [...(versions.get(base) ?? []), m.version]);
      write(join(base, `${m.version}.info`), JSON.stringify({ Version: m.version, Time: '2024-01-02T03:04:05Z' }));
      write(join(base, `${m.version}.mod`), m.files['go.mod'] ?? `module ${m.path}\n`);
      const entries = Object.entries(m.files).map(([name, text]): [string, string] => [
        `${m.path}@${m.version}/${name}`,
        text,
      ]);
      write(join(base, `${m.version}.zip`), zip(entries));
    }
    for (const [base, list] of versions) write(join(base, 'list'), `${list.join('\n')}\n`);
  }

  write(name: string, text: string): void {
    write(join(this.dir, name), text);
  }

  /** Runs a program in the directory "main"; each program has a module cache of its own. */
  run(program: 'go' | 'tuza', ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return this.runFrom(`file://${this.proxy}`, program, ...args);
  }

  /** With another proxy. */
  runFrom(
    proxy: string,
    program: 'go' | 'tuza',
    ...args: string[]
  ): { status: number | null; stdout: string; stderr: string } {
    const cache = join(this.dir, `cache-${program}`);
    const env = {
      ...process.env,
      GOPROXY: proxy,
      GOSUMDB: 'off',
      GOFLAGS: '-modcacherw',
      GOPATH: cache,
      GOMODCACHE: '',
      GOENV: 'off',
      GOTOOLCHAIN: 'local',
    };
    const cwd = join(this.dir, 'main');
    const command = program === 'go' ? 'go' : process.execPath;
    const r = spawnSync(command, program === 'go' ? args : [main, ...args], { cwd, env, encoding: 'utf8' });
    const plain = (s: string): string => s.replaceAll(cache, 'CACHE');
    return { status: r.status, stdout: plain(r.stdout), stderr: plain(r.stderr) };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function write(path: string, data: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
}

/** A zip archive of stored files. */
export function zip(entries: readonly [name: string, text: string | Uint8Array][]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const data = typeof text === 'string' ? Buffer.from(text) : text;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fields, tail, Buffer.from(name));
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data]);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
