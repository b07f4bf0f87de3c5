/**
 * Modules from their repositories (GOPROXY=direct): tuza beside the official command, on git repositories behind a web server on loopback.
 * node test/oracles/direct.ts [part of command]. Prints what differs, and counts.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentFor, makeRepositories, VcsServer } from '../mod/vcs-server.ts';

const p = 'vcs.example.com';
const questions = [
  'plain@v1.0.0 plain@v0.1.0 plain@latest plain@main plain@dev plain@HEAD plain@v1.1.0-pre plain@v1 plain@v1.9.9 plain@nonsense',
  'plain@notaversion plain@v0.0.0-20231114221320-000000000000 many@v1.0.0 many@latest many/sub@v0.3.0 many/sub@latest many/sub@main',
  'many/v2@v2.0.0 many/v2@latest many@v2.0.0 many/absent@latest many/v3@latest old@v1.0.0 old@latest old@v2.0.0 old@v3.1.0+incompatible',
  'old@main old/v2@v2.0.0 retracts@latest retracts@main retracts@v1.0.1 wrong@v1.0.0 wrong@v2.0.0 wrong/v2@v2.0.0 none@latest',
]
  .join(' ')
  .split(' ');
const paths = ['plain', 'many', 'many/sub', 'many/v2', 'old', 'retracts', 'wrong', 'none'];
const commands: string[][] = [
  ...questions.map((q) => ['list', '-m', '-json', `${p}/${q}`]),
  ...paths.map((m) => ['list', '-m', '-versions', `${p}/${m}`]),
  ...questions.map((q) => ['mod', 'download', '-json', `${p}/${q}`]),
  ['list', '-m', '-json', 'named.example.com/repo.git@latest'],
  ['mod', 'download', '-json', 'named.example.com/repo.git@v1.2.3'],
].filter((c) => process.argv[2] === undefined || c.join(' ').includes(process.argv[2]));

const work = mkdtempSync(join(tmpdir(), 'direct-'));
const repositories = join(work, 'repositories');
makeRepositories(repositories);
const server = new VcsServer(repositories);
await server.start();
const tuza = fileURLToPath(new URL('../../bin/tuza', import.meta.url));

const dir = join(work, 'm');
const outside = join(work, 'outside');
for (const d of [dir, outside]) mkdirSync(d, { recursive: true });
writeFileSync(join(dir, 'go.mod'), 'module m\n\ngo 1.26\n');

function run(program: string, args: readonly string[], name: string, cwd = dir): Promise<string> {
  const cache = join(work, name);
  const env = { ...process.env, ...environmentFor(server, cache) };
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env }, (e, stdout, stderr) => {
      const text = `${stdout}${stderr}status ${e === null ? 0 : e.code}\n`;
      resolve(text.replaceAll(cache, 'CACHE').replace(/lookup (\S+) on \S+: no such host/g, 'lookup $1'));
    });
  });
}

let same = 0;
let count = 0;
async function compare(c: readonly string[], phase: string, cwd = dir): Promise<string> {
  const [theirs, ours] = await Promise.all([run('go', c, `theirs${phase}`, cwd), run(tuza, c, `ours${phase}`, cwd)]);
  count++;
  if (theirs === ours) same++;
  else console.log(`DIFFERS ${phase} ${c.join(' ')}\n--- go\n${theirs}--- tuza\n${ours}`);
  return theirs;
}

for (const c of commands) await compare(c, '');

// -reuse: what an empty cache tells, once more with another empty cache, and again when a tag, a branch and a repository with failures have changed.
const reusing = questions.filter((q) => process.argv[2] === undefined || `-reuse ${q}`.includes(process.argv[2]));
const before = new Map<string, string>();
for (const [phase, change] of [
  ['told', () => undefined],
  ['again', () => undefined],
  ['changed', changeRepositories],
] as const) {
  change();
  for (const q of reusing) {
    for (const command of [
      ['mod', 'download'],
      ['list', '-m'],
    ]) {
      const key = [...command, q].join(' ');
      const known = before.get(key);
      const reuse = known === undefined ? [] : [`-reuse=${writeTold(known)}`];
      const text = await compare([...command, '-json', ...reuse, `${p}/${q}`], `-${phase}`, outside);
      if (known === undefined) before.set(key, text);
    }
  }
}

function changeRepositories(): void {
  const git = (repository: string, ...args: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: join(repositories, p, repository),
      stdio: 'ignore',
    });
  git('plain', 'tag', 'v1.9.9');
  git('many', 'commit', '-q', '--allow-empty', '-m', 'another');
}

/** What a command has printed, its objects only. */
function writeTold(text: string): string {
  const file = join(work, 'told.json');
  writeFileSync(file, text.includes('}\n') ? text.slice(0, text.lastIndexOf('}\n') + 2) : '');
  return file;
}
console.log(`${same} of ${count} the same`);
server.stop();
execFile('chmod', ['-R', 'u+w', work], () => rmSync(work, { recursive: true, force: true }));
