/**
 * The Go tree from a module proxy: several programs at once, programs killed half-way, a damaged zip file, proxies that fail. The proxy is the official
 * module cache (`go mod download golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64` fills it).
 * Usage: node test/oracles/toolchain-download.ts
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
const zip = `${modules}/cache/download/golang.org/toolchain/@v/v0.0.1-go1.26.8.linux-amd64.zip`;
if (!existsSync(zip))
  throw new Error(`${zip} is missing: go mod download golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64`);
const dir = mkdtempSync(join(tmpdir(), 'tuza-tree-'));

const program = `
import { nodeHost } from '#host/node.ts';
import { downloadTree } from '#go/toolchain.ts';
import { Environment } from '#go/environment.ts';
const host = nodeHost();
try { console.log(await downloadTree(host, new Environment(host, ''))); } catch (e) { console.log('failed: ' + e.message); process.exitCode = 1; }
`;
const args = ['--input-type=module', '-e', program];

function environment(proxy: string, cache: string): NodeJS.ProcessEnv {
  return { ...process.env, GOPROXY: proxy, XDG_CACHE_HOME: join(dir, cache), GOENV: 'off' };
}

function once(proxy: string, cache: string): string {
  return spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: environment(proxy, cache),
  }).stdout.trim();
}

let wrong = 0;
function expect(what: string, ok: boolean): void {
  console.log(`${ok ? 'ok' : 'WRONG'}: ${what}`);
  if (!ok) wrong++;
}

function isWhole(cache: string): boolean {
  const tree = join(dir, cache, 'tuza', 'go1.26.8');
  if (!existsSync(`${tree}/go.env`)) return false;
  const left = readdirSync(join(dir, cache, 'tuza')).join(' ');
  const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  return left === 'go1.26.8' && spawnSync('diff', ['-rq', `${tree}/src`, `${goroot}/src`]).status === 0;
}

const good = `file://${modules}/cache/download`;
expect('off', once('off', 'a').includes('GOPROXY=off'));
expect('direct', once('direct', 'a').startsWith('failed: '));
expect('not there', once('file:///nonexistent', 'a').includes('no such file'));
expect('nobody listens', once('http://127.0.0.1:9', 'a').startsWith('failed: '));

const bad = join(dir, 'bad', 'golang.org', 'toolchain', '@v');
mkdirSync(bad, { recursive: true });
const copy = join(bad, 'v0.0.1-go1.26.8.linux-amd64.zip');
copyFileSync(zip, copy);
const bytes = readFileSync(copy);
bytes[bytes.length >> 1] ^= 1;
writeFileSync(copy, bytes);
expect('a changed byte', once(`file://${join(dir, 'bad')}`, 'b').startsWith('failed: ') && !isWhole('b'));

// Killed at several moments, then once to the end.
for (const ms of [200, 600, 1000, 1500, 2500]) {
  const child = spawn(process.execPath, args, { cwd: root, env: environment(good, 'c'), stdio: 'ignore' });
  await new Promise((r) => setTimeout(r, ms));
  child.kill('SIGKILL');
  await new Promise((r) => child.on('exit', r));
}
once(`file:///nonexistent,${good}`, 'c');
expect('after five kills, second proxy', isWhole('c'));

const three = [1, 2, 3].map(
  () =>
    new Promise<string>((resolve) => {
      const child = spawn(process.execPath, args, { cwd: root, env: environment(good, 'd') });
      let text = '';
      child.stdout.on('data', (d) => {
        text += String(d);
      });
      child.on('exit', () => resolve(text.trim()));
    }),
);
const places = await Promise.all(three);
expect('three at once', places.every((p) => p === join(dir, 'd', 'tuza', 'go1.26.8')) && isWhole('d'));
rmSync(dir, { recursive: true });
process.exitCode = wrong === 0 ? 0 : 1;
