/** `tuza work init` and use. */
import { parentPath } from '#base/path.ts';
import { FileError, type Host } from '#host/host.ts';
import { asError, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { readMainModule } from '#mod/main-module.ts';
import { FileSyntax } from '#mod/modfile/syntax.ts';
import { addUse, dropUse, setWorkGo, WorkFile } from '#mod/modfile/work.ts';

import { directoryPath, relativePath } from '#mod/vendor-consistency.ts';
import { goVersionOfWork, nameUses, raiseWorkGo, readWorkFile, useDirectory, writeWorkFile } from '#mod/work-file.ts';
import { runningGo, workFileOf } from './modules.ts';
import { absolutePath, shortPath } from './paths.ts';
import type { SubcommandRequest } from './subcommands.ts';
import { goVersion } from './version.ts';

/** The go.work file to read. Throws ModError. */
export function neededWorkFile(r: SubcommandRequest): string {
  const file = workFileOf(r.env);
  if (file === '') throw noWorkFile();
  return file;
}

export function noWorkFile(): ModError {
  return new ModError(
    "no go.work file found\n\t(run 'go work init' first or specify path using GOWORK environment variable)",
  );
}

export async function runWorkInit(r: SubcommandRequest): Promise<number> {
  needModules(r);
  const workFile = workFileOf(r.env) || absolutePath(r.host, 'go.work');
  if (r.host.files.stat(workFile) !== null) throw new ModError(`${workFile} already exists`);
  const work = new WorkFile(new FileSyntax('go.work'));
  setWorkGo(work, goVersion.slice(2));
  return new WorkUse(r.host, workFile, work, false).run(r.parsed.rest);
}

export async function runWorkUse(r: SubcommandRequest): Promise<number> {
  needModules(r);
  const workFile = neededWorkFile(r);
  const work = readWorkFile(r.host, workFile, runningGo(r.host));
  return new WorkUse(r.host, workFile, work, r.parsed.bool('r', false)).run(r.parsed.rest);
}

function needModules(r: SubcommandRequest): void {
  const setting = r.env.get('GO111MODULE');
  if (setting === 'off') throw new ModError("modules disabled by GO111MODULE=off; see 'go help modules'");
}

/** Adds directories to a go.work file, or takes them out. */
class WorkUse {
  private readonly host: Host;
  private readonly workFile: string;
  private readonly work: WorkFile;
  private readonly recursive: boolean;
  /** By absolute path: the text that is to stand in the file, "" for none. */
  private readonly keep: Map<string, string>;
  private readonly errors: Error[];

  constructor(host: Host, workFile: string, work: WorkFile, recursive: boolean) {
    this.host = host;
    this.workFile = workFile;
    this.work = work;
    this.recursive = recursive;
    this.keep = new Map();
    this.errors = [];
  }

  run(args: readonly string[]): number {
    const have = new Map<string, string[]>();
    for (const u of this.work.use) {
      const dir = useDirectory(this.workFile, u.path);
      have.set(dir, [...(have.get(dir) ?? []), u.path]);
    }
    for (const a of args) this.addArgument(a, have);
    for (const [dir, text] of this.keep) this.change(text, have.get(dir) ?? []);
    let newest = goVersionOfWork(this.work);
    for (const u of this.work.use) {
      try {
        const main = readMainModule(this.host, useDirectory(this.workFile, u.path), runningGo(this.host));
        newest = gover.max(newest, main.file.go?.value ?? gover.defaultGoModVersion);
      } catch (e) {
        this.errors.push(this.readable(asError(e)));
      }
    }
    if (this.errors.length > 0) {
      for (const e of this.errors) this.host.stderr(`go: ${e.message}\n`);
      return 1;
    }
    raiseWorkGo(this.work, newest);
    nameUses(this.host, this.work, runningGo(this.host));
    writeWorkFile(this.host, this.workFile, this.work);
    return 0;
  }

  private readable(e: Error): Error {
    if (!(e instanceof FileError)) return e;
    return e.code === 'ENOENT' ? new ModError(`open ${e.path}: no such file or directory`) : new ModError(e.message);
  }

  private addArgument(argument: string, have: ReadonlyMap<string, string[]>): void {
    const dir = absolutePath(this.host, argument);
    const info = this.host.files.stat(dir);
    if (info === null) {
      this.errors.push(new ModError(`directory ${shortPath(this.host, dir)} does not exist`));
      return;
    }
    if (!info.isDirectory) {
      this.errors.push(new ModError(`${shortPath(this.host, dir)} is not a directory`));
      return;
    }
    if (!this.recursive) {
      this.look(argument);
      return;
    }
    this.walk(argument.replace(/\/*$/, '/'));
    // Directories that are gone are not met on the way.
    for (const d of have.keys()) {
      const isBelow = d === dir || d.startsWith(dir === '/' ? dir : `${dir}/`);
      if (isBelow && !this.keep.has(d)) this.keep.set(d, '');
    }
  }

  private walk(dir: string): void {
    this.look(dir);
    for (const e of this.host.files.readDirectory(dir)) {
      const path = `${dir.replace(/\/$/, '')}/${e.name}`;
      if (!e.isDirectory) continue;
      if (e.isSymlink)
        this.host.stderr(`warning: ignoring symlink ${shortPath(this.host, absolutePath(this.host, path))}\n`);
      else this.walk(path);
    }
  }

  /** What is to be done with a directory. */
  private look(given: string): void {
    const dir = absolutePath(this.host, given);
    const text = given.startsWith('/') ? dir : directoryPath(relativePath(parentPath(this.workFile), dir));
    const info = this.host.files.stat(`${dir}/go.mod`);
    if (info === null) {
      this.keep.set(dir, '');
      return;
    }
    if (info.isDirectory) {
      this.errors.push(new ModError(`${shortPath(this.host, `${dir}/go.mod`)} is not a regular file`));
      return;
    }
    const other = this.keep.get(dir) ?? '';
    if (other !== '' && other !== text) this.errors.push(new ModError(`already added "${text}" as "${other}"`));
    this.keep.set(dir, text);
  }

  private change(text: string, have: readonly string[]): void {
    const kept = have.filter((d) => d === text);
    for (const d of have) if (d !== text) dropUse(this.work, d);
    if (text === '' || kept.length === 1) return;
    if (kept.length > 1) dropUse(this.work, text);
    addUse(this.work, text, '');
  }
}
