/** go.work files with the modules that they name, read for commands (cmd/go/internal/modload init.go). */

import { decodeText, encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { FileError, type Host } from '#host/host.ts';
import { asError, JoinedErrors, ModError } from './errors.ts';
import * as gover from './gover.ts';
import { type MainModule, readMainModule } from './main-module.ts';
import { formatFile } from './modfile/print.ts';
import { markRemoved } from './modfile/syntax.ts';
import { addUse, cleanUpWork, parseWorkFile, setWorkGo, sortWorkBlocks, type WorkFile } from './modfile/work.ts';
import { join } from './modules.ts';
import { shortPath } from './short-path.ts';

export function goVersionOfWork(work: WorkFile): string {
  return work.go?.value ?? gover.defaultGoWorkVersion;
}

/** The directory that a use line means. */
export function useDirectory(workFile: string, path: string): string {
  return join(parentPath(workFile), path);
}

/** Parses a go.work file; one that needs a newer Go than `running` is refused. Throws ModError. */
export function readWorkFile(host: Host, workFile: string, running: gover.RunningGo | null): WorkFile {
  const name = shortPath(host, workFile);
  let text: string;
  try {
    text = decodeText(host.files.readFile(workFile));
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    const why = e.code === 'ENOENT' ? 'no such file or directory' : e.message;
    throw new ModError(`reading go.work: open ${name}: ${why}`, e);
  }
  let work: WorkFile;
  try {
    work = parseWorkFile(name, text);
  } catch (e) {
    throw new ModError(`errors parsing go.work:\n${asError(e).message}`, asError(e));
  }
  if (running !== null && work.go !== null && gover.compare(work.go.value, running.version) > 0)
    throw new gover.TooNewError(name, work.go.value, running);
  return work;
}

/** A workspace: go.work and the modules of its use lines. Throws. `isWorkCommand`: the command mends versions of Go. */
export function readWorkspace(
  host: Host,
  workFile: string,
  running: gover.RunningGo,
  godebugProblem: (key: string, value: string) => string,
  isWorkCommand: boolean,
): { work: WorkFile; mains: MainModule[] } {
  const work = readWorkFile(host, workFile, running);
  const name = shortPath(host, workFile);
  const seen = new Set<string>();
  for (const u of work.use) {
    const dir = useDirectory(workFile, u.path);
    if (seen.has(dir))
      throw new ModError(
        `error loading go.work:\n${name}:${u.line.start.line}: path ${dir} appears multiple times in workspace`,
      );
    seen.add(dir);
  }
  for (const g of work.godebug) {
    const why = godebugProblem(g.key, g.value);
    if (why !== '') throw new ModError(`error loading go.work:\n${name}:${g.line.start.line}: ${why}`);
  }
  const mains: MainModule[] = [];
  const errors: Error[] = [];
  for (const dir of seen) {
    try {
      const main = readMainModule(host, dir, running);
      const goVersion = main.file.go?.value ?? gover.defaultGoModVersion;
      const isNewer = gover.compare(goVersion, goVersionOfWork(work)) > 0;
      if (!isWorkCommand && isNewer && gover.compare(goVersion, gover.goStrictVersion) >= 0)
        errors.push(tooOld(host, dir, work, goVersion));
      else mains.push(main);
    } catch (e) {
      const why = asError(e);
      if (why instanceof gover.TooNewError && !isWorkCommand) errors.push(tooOld(host, dir, work, why.goVersion));
      else
        errors.push(
          new ModError(
            `cannot load module ${shortPath(host, dir)} listed in go.work file: ${unreadable(host, why)}`,
            why,
          ),
        );
    }
  }
  if (errors.length > 0) throw new JoinedErrors(errors);
  return { work, mains };
}

function unreadable(host: Host, e: Error): string {
  if (!(e instanceof FileError) || e.code !== 'ENOENT') return e.message;
  return `open ${shortPath(host, e.path)}: no such file or directory`;
}

function tooOld(host: Host, dir: string, work: WorkFile, goVersion: string): Error {
  const verb = work.go === null ? 'implicitly requires' : 'lists';
  return new ModError(
    `module ${shortPath(host, dir)} listed in go.work file requires go >= ${goVersion}, but go.work ${verb} go ${goVersionOfWork(work)}; to update it:\n\tgo work use`,
  );
}

/** Raises the go line; a toolchain line that it makes useless goes away. */
export function raiseWorkGo(work: WorkFile, goVersion: string): void {
  if (gover.compare(goVersionOfWork(work), goVersion) >= 0) return;
  setWorkGo(work, goVersion);
  const { toolchain } = work;
  if (toolchain === null) return;
  const v = gover.fromToolchain(toolchain.value);
  const isImplied = toolchain.value === `go${goVersion}`;
  if (!isImplied && gover.compare(v, goVersion) >= 0 && gover.compare(v, gover.goStrictVersion) >= 0) return;
  markRemoved(toolchain.line);
  work.toolchain = null;
}

/** The module paths of use lines, where they are not known yet. */
export function nameUses(host: Host, work: WorkFile, running: gover.RunningGo): void {
  for (const u of work.use.filter((x) => x.modulePath === '')) {
    try {
      // As the official command does, a relative path is taken from the working directory.
      addUse(work, u.path, readMainModule(host, join(host.workingDirectory(), u.path), running).path);
    } catch (e) {
      // Loading the modules tells it.
      if (!(e instanceof ModError || e instanceof FileError)) throw e;
    }
  }
}

export function workFileText(work: WorkFile): string {
  sortWorkBlocks(work);
  cleanUpWork(work);
  return formatFile(work.syntax);
}

export function writeWorkFile(host: Host, workFile: string, work: WorkFile): void {
  host.files.overwrite(workFile, encodeText(workFileText(work)));
}
