/**
 * Real modules from the proxy of the environment: the module graph, lists, go.sum and the module cache beside the official command, each with an
 * empty cache; then each command verifies the other's cache. Usage: node test/oracles/modules.ts [path@version ...]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../command.ts';

const usual = [
  'github.com/spf13/cobra@v1.8.1',
  'go.uber.org/zap@v1.27.0',
  'github.com/go-chi/chi/v5@v5.1.0',
  'github.com/stretchr/testify@v1.9.0',
  'github.com/google/go-cmp@v0.6.0',
  'github.com/google/uuid@v1.6.0',
  'gopkg.in/yaml.v3@v3.0.1',
  'golang.org/x/text@v0.21.0',
  'github.com/samber/lo@v1.47.0',
];
const dir = mkdtempSync(join(tmpdir(), 'tuza-modules-'));
const work = join(dir, 'm');

function run(program: 'go' | 'tuza', cache: string, ...args: string[]): string {
  const env = { ...process.env, GOPATH: join(dir, cache), GOFLAGS: '-modcacherw', GOENV: 'off' };
  const command = program === 'go' ? 'go' : process.execPath;
  const r = spawnSync(command, program === 'go' ? args : [main, ...args], {
    cwd: work,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return `${r.status}\n${r.stdout}${r.stderr}`.replaceAll(join(dir, cache), 'CACHE');
}

function tree(cache: string): string {
  const list = readdirSync(join(dir, cache, 'pkg/mod'), { recursive: true, encoding: 'utf8' });
  return list
    .filter((f) => !f.includes('cache/download/sumdb') && !f.endsWith('.lock'))
    .sort()
    .join('\n');
}

let same = 0;
let different = 0;
function compare(what: string, ours: string, theirs: string): void {
  if (ours === theirs) same++;
  else {
    different++;
    console.log(`DIFFERENT: ${what}\n--- tuza\n${ours.slice(0, 2000)}\n--- go\n${theirs.slice(0, 2000)}`);
  }
}

const commands = [
  ['mod', 'graph'],
  ['list', '-m', 'all'],
  ['mod', 'download', 'all'],
  ['list', '-m', '-json', 'all'],
  ['mod', 'verify'],
];

for (const target of process.argv.length > 2 ? process.argv.slice(2) : usual) {
  for (const c of ['go', 'tuza']) rmSync(join(dir, c), { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const [path, version] = target.split('@');
  writeFileSync(join(work, 'go.mod'), `module example.com/m\n\ngo 1.25\n\nrequire ${path} ${version}\n`);
  const results = (['tuza', 'go'] as const).map((program) => {
    rmSync(join(work, 'go.sum'), { force: true });
    const out = commands.map((c) => run(program, program, ...c));
    return { out, sum: readFileSync(join(work, 'go.sum'), 'utf8'), files: tree(program) };
  });
  const [ours, theirs] = results;
  for (const [i, c] of commands.entries()) compare(`${target}: ${c.join(' ')}`, ours.out[i], theirs.out[i]);
  compare(`${target}: go.sum`, ours.sum, theirs.sum);
  compare(`${target}: cache`, ours.files, theirs.files);
  compare(`${target}: go verifies tuza's cache`, run('go', 'tuza', 'mod', 'verify'), '0\nall modules verified\n');
  compare(`${target}: tuza verifies go's cache`, run('tuza', 'go', 'mod', 'verify'), '0\nall modules verified\n');
  console.log(`${target}: ${same} same, ${different} different so far`);
}
rmSync(dir, { recursive: true, force: true });
console.log(`${same} passed, ${different} failed`);
process.exitCode = different === 0 ? 0 : 1;
