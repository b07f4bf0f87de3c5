/**
 * Many command lines, right and wrong, beside the official command: what they print, their status, and the files that they leave must be the same but
 * for times, addresses, names of temporary directories, and the bytes of executables. Each runs in a shell, in a fresh copy of a small module
 * (`command-lines/module.ts`); there is no network. Lines that are known to differ are marked in `command-lines/commands.txt`; one of these that is equal
 * counts as a mistake, too.
 *
 *   node test/oracles/command-lines.ts [-v] [part of line ...]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { module } from './command-lines/module.ts';

interface Line {
  readonly command: string;
  /** Why it is known to differ, or "". */
  readonly reason: string;
}

const args = process.argv.slice(2);
const isVerbose = args[0] === '-v';
const parts = isVerbose ? args.slice(1) : args;
const tuza = fileURLToPath(new URL('../../bin/tuza', import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'tuza-lines-'));
const here = join(top, 'w');

function readLines(): Line[] {
  const list: Line[] = [];
  let reason = '';
  const text = readFileSync(new URL('./command-lines/commands.txt', import.meta.url), 'utf8');
  for (const line of text.split('\n')) {
    if (line.startsWith('#~')) reason = line.slice(2).trim();
    if (line === '' || line.startsWith('#')) continue;
    list.push({ command: line, reason });
    reason = '';
  }
  return list.filter((l) => parts.length === 0 || parts.some((p) => l.command.includes(p)));
}

/** A directory whose `go` is the toolchain. */
function binDirectory(toolchain: string): string {
  const dir = join(top, `bin-${toolchain}`);
  mkdirSync(dir, { recursive: true });
  const official = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).stdout.trim();
  const target = toolchain === 'go' ? `'${official}/bin/go'` : `'${process.execPath}' '${tuza}'`;
  writeFileSync(join(dir, 'go'), `#!/bin/sh\nexec ${target} "$@"\n`);
  chmodSync(join(dir, 'go'), 0o755);
  return dir;
}

function writeModule(): void {
  rmSync(here, { recursive: true, force: true });
  for (const [name, text] of Object.entries(module)) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    writeFileSync(join(here, name), text);
  }
}

/** What may differ from run to run. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/"(Time|Elapsed)":("[^"]*"|[0-9.]+)/g, '"$1":0')
    .replaceAll(/\b\d+(\.\d+)?s\b/g, 'TIME')
    .replaceAll(/go-build\w+/g, 'go-build')
    .replaceAll(/\b0x[0-9a-f]+\b/g, 'ADDRESS')
    .replaceAll(/goroutine \d+/g, 'goroutine N')
    .replaceAll(/-test\.shuffle \d+/g, '-test.shuffle N')
    .replaceAll(/\t?"StaleReason": .*\n/g, '')
    .replaceAll(/\b[0-9a-f]{2}\/[0-9a-f]{64}\b/g, 'CACHED');
}

/** What is in the directory; of executables and profiles only that they are there. */
function filesBelow(dir: string): string {
  const list: string[] = [];
  for (const e of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!e.isFile()) continue;
    const data = readFileSync(join(e.parentPath, e.name));
    const start = data.toString('latin1', 0, 4);
    const isMade = start === '\x7fELF' || start.startsWith('\x1f\x8b') || start === 'go 1';
    const content = isMade ? 'made' : createHash('sha256').update(data).digest('hex');
    list.push(`${join(e.parentPath, e.name).slice(dir.length + 1)} ${content}\n`);
  }
  return list.sort().join('');
}

function run(toolchain: string, command: string): Readonly<Record<string, string>> {
  writeModule();
  const env = {
    ...process.env,
    PATH: `${binDirectory(toolchain)}:${process.env.PATH ?? ''}`,
    GOCACHE: join(top, `cache-${toolchain}`),
    GOPATH: join(top, 'gopath'),
    GOENV: join(top, `env-${toolchain}`),
    GOFLAGS: '',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  };
  rmSync(env.GOENV, { force: true });
  const r = spawnSync('sh', ['-c', command], { cwd: here, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    output: withoutChance(r.stdout),
    errors: withoutChance(r.stderr),
    status: `${r.status}\n`,
    files: filesBelow(here),
  };
}

/** The first line that is not the same in each part. */
function differences(ours: Readonly<Record<string, string>>, official: Readonly<Record<string, string>>): string[] {
  return Object.keys(ours).flatMap((part) => {
    const [a, b] = [ours[part].split('\n'), official[part].split('\n')];
    const at = a.findIndex((line, i) => line !== b[i]);
    if (at < 0 && a.length === b.length) return [];
    const i = at < 0 ? a.length : at;
    return [`  ${part}, line ${i + 1}:\n    tuza ${a[i] ?? 'nothing'}\n    go   ${b[i] ?? 'nothing'}`];
  });
}

let wrong = 0;
let known = 0;
const lines = readLines();
try {
  for (const { command, reason } of lines) {
    const found = differences(run('tuza', command), run('go', command));
    if (reason !== '' && found.length > 0) known++;
    if ((found.length === 0) === (reason === '') && !(isVerbose && found.length > 0)) continue;
    if ((found.length === 0) !== (reason === '')) wrong++;
    console.log(command, reason === '' ? '' : `(${reason})`);
    console.log(found.length === 0 ? '  is equal, though it is marked' : found.join('\n'));
  }
  console.log(`${lines.length} command lines, ${wrong} wrong, ${known} known to differ`);
} finally {
  rmSync(top, { recursive: true, force: true });
}
process.exitCode = wrong > 0 ? 1 : 0;
