/** What a running script has: directory, variables, output of the last command, commands in the background (cmd/internal/script). */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expand, quoteMeta, type ScriptCommand } from './parse.ts';
import type { Archive } from './txtar.ts';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** "" if it succeeded. */
  readonly error: string;
}

export type Wait = () => Promise<Outcome>;

export class ScriptState {
  readonly work: string;
  directory: string;
  readonly env: Map<string, string>;
  stdout: string;
  stderr: string;
  readonly background: { command: ScriptCommand; wait: Wait }[];
  private readonly children: Set<ChildProcess>;
  /** After this all commands are killed. */
  readonly deadline: number;

  constructor(work: string, env: ReadonlyMap<string, string>, deadline: number) {
    this.work = work;
    this.directory = work;
    this.env = new Map(env);
    this.stdout = '';
    this.stderr = '';
    this.background = [];
    this.children = new Set();
    this.deadline = deadline;
    this.env.set('WORK', work);
    this.env.set('TMPDIR', join(work, 'tmp'));
    this.env.set('GOPATH', join(work, 'gopath'));
    mkdirSync(join(work, 'tmp'), { recursive: true });
    mkdirSync(join(work, 'gopath/src'), { recursive: true });
    this.changeDirectory(join(work, 'gopath/src'));
  }

  changeDirectory(path: string): void {
    const dir = this.path(path);
    statSync(dir);
    this.directory = dir;
    this.env.set('PWD', dir);
  }

  path(name: string): string {
    return resolve(this.directory, name);
  }

  expand(text: string, inRegExp: boolean): string {
    return expand(text, (name) => {
      const value = name === '/' ? '/' : name === ':' ? ':' : (this.env.get(name) ?? '');
      return inRegExp ? quoteMeta(value) : value;
    });
  }

  extract(archive: Archive): void {
    for (const f of archive.files) {
      const path = this.path(this.expand(f.name, false));
      if (!path.startsWith(`${this.work}/`)) throw new Error(`file ${f.name} is outside working directory`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, f.data);
    }
  }

  /** The file of a program by the script's PATH. */
  lookPath(name: string): string {
    if (name.includes('/')) return resolve(this.directory, name);
    for (const dir of (this.env.get('PATH') ?? '').split(':')) {
      const path = join(dir, name);
      if (dir !== '' && existsSync(path) && isExecutable(path)) return path;
    }
    throw new Error(`exec: "${name}": executable file not found in $PATH`);
  }

  /** Starts a program; what it prints is there when it has ended. */
  start(program: string, args: readonly string[]): Wait {
    const child = spawn(program, args, {
      cwd: this.directory,
      env: Object.fromEntries(this.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that its children end with it.
      detached: true,
    });
    this.children.add(child);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (b: Buffer) => out.push(b));
    child.stderr.on('data', (b: Buffer) => err.push(b));
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        kill(child);
      },
      Math.max(this.deadline - Date.now(), 0),
    );
    const ended = new Promise<Outcome>((done) => {
      const finish = (error: string): void => {
        clearTimeout(timer);
        this.children.delete(child);
        const text = (list: Buffer[]): string => Buffer.concat(list).toString('utf8');
        done({ stdout: text(out), stderr: text(err), error });
      };
      child.on('error', (e) => finish(e.message));
      child.on('close', (code, signal) => {
        if (timedOut) finish('timed out');
        else finish(signal !== null ? `signal: ${signal}` : code === 0 ? '' : `exit status ${code}`);
      });
    });
    return () => ended;
  }

  killAll(): void {
    for (const c of this.children) kill(c);
  }
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
