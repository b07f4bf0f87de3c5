/** The commands of scripts (cmd/internal/script/cmds.go, cmd/go/scriptcmds_test.go). */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { goRegExp, type ScriptCommand } from './parse.ts';
import type { Outcome, ScriptState, Wait } from './state.ts';

/** Ends the script early. */
export class Stop extends Error {
  readonly isSkip: boolean;
  constructor(message: string, isSkip: boolean) {
    super(message);
    this.isSkip = isSkip;
  }
}

export type Run = (s: ScriptState, args: string[], c: ScriptCommand) => Wait | null | Promise<Wait | null>;

const printed =
  (stdout: string): Wait =>
  async () => ({ stdout, stderr: '', error: '' });

function usage(): never {
  throw new Error('invalid usage');
}

export function unlock(path: string): void {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (info === undefined || !info.isDirectory()) return;
  chmodSync(path, 0o777);
  for (const name of readdirSync(path)) unlock(join(path, name));
}

export function remove(path: string): void {
  unlock(path);
  rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function compareFiles(s: ScriptState, args: string[], withEnv: boolean): null {
  const [a, b] = args[0] === '-q' ? args.slice(1) : args;
  if (b === undefined) usage();
  const read = (name: string): string => readFileSync(s.path(name), 'utf8');
  let first = a === 'stdout' ? s.stdout : a === 'stderr' ? s.stderr : read(a);
  let second = read(b);
  if (withEnv) {
    first = s.expand(first, false);
    second = s.expand(second, false);
  }
  if (first === second) return null;
  const got = first.split('\n');
  const want = second.split('\n');
  const at = want.findIndex((line, i) => line !== got[i]);
  const i = at < 0 ? want.length : at;
  throw new Error(
    `${a} and ${b} differ at line ${i + 1}\n      got: ${got[i] ?? '(end)'}\n     want: ${want[i] ?? '(end)'}`,
  );
}

function match(s: ScriptState, given: string[], text: string | null, name: string): null {
  let args = given;
  let count = 0;
  const m = /^-count=(\d+)$/.exec(args[0] ?? '');
  if (m !== null) {
    count = Number(m[1]);
    args = args.slice(1);
  }
  if (args[0] === '-q') args = args.slice(1);
  if (args.length !== (text === null ? 2 : 1)) usage();
  const subject = text ?? readFileSync(s.path(args[1]), 'utf8');
  if (count > 0) {
    const n = [...subject.matchAll(goRegExp(args[0], 'gm'))].length;
    if (n !== count) throw new Error(`found ${n} matches for ${args[0]} in ${args[1] ?? name}`);
  } else if (!goRegExp(args[0]).test(subject)) {
    throw new Error(`no match for ${args[0]} in ${args[1] ?? name}`);
  }
  return null;
}

function copy(s: ScriptState, args: string[]): null {
  const target = s.path(args.at(-1) ?? usage());
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  if (args.length < 2 || (args.length > 2 && !isDirectory)) usage();
  for (const a of args.slice(0, -1)) {
    const to = isDirectory ? join(target, basename(a)) : target;
    if (a === 'stdout' || a === 'stderr') {
      writeFileSync(to, a === 'stdout' ? s.stdout : s.stderr);
      continue;
    }
    const from = s.path(a);
    const mode = statSync(from).mode & 0o777;
    const isNew = statSync(to, { throwIfNoEntry: false }) === undefined;
    writeFileSync(to, readFileSync(from), { mode });
    if (isNew) chmodSync(to, mode & 0o755);
  }
  return null;
}

function exists(s: ScriptState, args: string[]): null {
  let readonly = false;
  let exec = false;
  let rest = args;
  while (rest[0] === '-readonly' || rest[0] === '-exec') {
    if (rest[0] === '-readonly') readonly = true;
    else exec = true;
    rest = rest.slice(1);
  }
  if (rest.length === 0) usage();
  for (const name of rest) {
    const { mode } = statSync(s.path(name));
    if (readonly && (mode & 0o222) !== 0) throw new Error(`${name} exists but is writable`);
    if (exec && (mode & 0o111) === 0) throw new Error(`${name} exists but is not executable`);
  }
  return null;
}

function replace(s: ScriptState, args: string[]): null {
  if (args.length % 2 !== 1) usage();
  const path = s.path(args.at(-1) ?? '');
  const unquoted = args
    .slice(0, -1)
    .map((a) => a.replace(/\\([nrt\\"])/g, (_, c: string) => ({ n: '\n', r: '\r', t: '\t' })[c] ?? c));
  const pairs: [string, string][] = [];
  for (let i = 0; i < unquoted.length; i += 2) pairs.push([unquoted[i], unquoted[i + 1]]);
  const text = readFileSync(path, 'utf8');
  let out = '';
  for (let i = 0; i < text.length; ) {
    const pair = pairs.find(([old]) => old !== '' && text.startsWith(old, i));
    out += pair === undefined ? text[i] : pair[1];
    i += pair === undefined ? 1 : pair[0].length;
  }
  writeFileSync(path, out);
  return null;
}

function setEnv(s: ScriptState, args: string[]): Wait | null {
  let out = args.length === 0 ? [...s.env].map(([k, v]) => `${k}=${v}\n`).join('') : '';
  for (const a of args) {
    const eq = a.indexOf('=');
    if (eq < 0) out += `${a}=${s.env.get(a) ?? ''}\n`;
    else s.env.set(a.slice(0, eq), a.slice(eq + 1));
  }
  return out === '' ? null : printed(out);
}

function symlink(s: ScriptState, args: string[]): null {
  if (args.length !== 3 || args[1] !== '->') usage();
  symlinkSync(args[2], s.path(args[0]));
  return null;
}

function durationOf(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60000 };
  const m = /^([\d.]+)(ms|s|m)$/.exec(text);
  if (m === null) throw new Error(`invalid duration ${text}`);
  return Number(m[1]) * units[m[2]];
}

/** `list -f` with a template that says what is not stale. */
async function stale(s: ScriptState, args: string[], go: string): Promise<null> {
  const template =
    '{{if .Error}}{{.ImportPath}}: {{.Error.Err}}{{else}}{{if not .Stale}}{{.ImportPath}} ({{.Target}}) is not stale{{end}}{{end}}';
  const { stdout, error } = await s.start(go, ['list', '-e', `-f=${template}`, ...args])();
  if (error !== '') throw new Error(error);
  if (stdout.trim() !== '') throw new Error(stdout.trim());
  return null;
}

/** What `go env CC` and the go command's usual options come to (cmd/go/internal/work, GccCmd). */
const compilerOptions = ['-I', '.', '-fPIC', '-m64', '-pthread', '-Wl,--no-gc-sections', '-fmessage-length=0'];

/** A command that prints nothing. */
const plainly =
  (run: (s: ScriptState, args: string[]) => void): Run =>
  (s, args) => {
    run(s, args);
    return null;
  };

/** By name; `go` is the path of the go command. */
export function scriptCommands(go: string): ReadonlyMap<string, Run> {
  return new Map<string, Run>([
    ['cat', (s, args) => printed(args.map((a) => readFileSync(s.path(a), 'utf8')).join(''))],
    ['cd', plainly((s, args) => s.changeDirectory(args[0] ?? usage()))],
    [
      'chmod',
      (s, args) => {
        for (const a of args.slice(1)) chmodSync(s.path(a), Number(args[0].replace(/^0(?=\d)/, '0o')));
        return null;
      },
    ],
    ['cmp', (s, args) => compareFiles(s, args, false)],
    ['cmpenv', (s, args) => compareFiles(s, args, true)],
    ['cp', copy],
    ['echo', (_, args) => printed(`${args.join(' ')}\n`)],
    ['env', setEnv],
    ['exec', (s, args) => s.start(s.lookPath(args[0] ?? usage()), args.slice(1))],
    ['go', (s, args) => s.start(go, args)],
    ['cc', (s, args) => s.start(s.lookPath(s.env.get('CC') ?? 'gcc'), [...compilerOptions, ...args])],
    ['exists', exists],
    ['grep', (s, args) => match(s, args, null, 'grep')],
    ['stdout', (s, args) => match(s, args, s.stdout, 'stdout')],
    ['stderr', (s, args) => match(s, args, s.stderr, 'stderr')],
    ['help', () => printed('conditions and commands\n')],
    ['mkdir', plainly((s, args) => args.forEach((a) => void mkdirSync(s.path(a), { recursive: true })))],
    ['mv', plainly((s, args) => renameSync(s.path(args[0]), s.path(args[1] ?? usage())))],
    ['replace', replace],
    ['rm', plainly((s, args) => args.forEach((a) => void remove(s.path(a))))],
    [
      'sleep',
      (_, args) => {
        const ended = new Promise<Outcome>((done) =>
          setTimeout(() => done({ stdout: '', stderr: '', error: '' }), durationOf(args[0])),
        );
        return () => ended;
      },
    ],
    ['stale', async (s, args) => stale(s, args, go)],
    ['stop', (_, args) => Promise.reject(new Stop(args[0] ?? '', false))],
    ['skip', (_, args) => Promise.reject(new Stop(args[0] ?? '', true))],
    ['symlink', symlink],
  ]);
}
