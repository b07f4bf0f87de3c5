/** Version control data in executables (-buildvcs): of git, the only system whose programs are asked. */
import { parentPath } from '#base/path.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';
import type { Workspace } from './packages.ts';
import { absolutePath } from './paths.ts';

export interface Stamp {
  /** Of the main module; "" if the repository does not tell. */
  readonly version: string;
  readonly settings: readonly [string, string][];
}

const nothing: Stamp = { version: '', settings: [] };

/** The directory at or above dir that has a ".git"; "" if none has. */
function repositoryOf(options: BuildOptions, dir: string): string {
  for (let d = dir; ; d = parentPath(d)) {
    // A file .git, as in submodules whose repository is gone, makes no repository.
    if (options.host.files.stat(d === '/' ? '/.git' : `${d}/.git`)?.isDirectory === true) return d;
    if (d === '/') return '';
  }
}

/** Throws BuildFlagError if git fails. */
export function vcsSettings(options: BuildOptions, ws: Workspace, p: LoadedPackage): Stamp {
  const { host, stamp } = options;
  const { processes } = host;
  const module = ws.moduleOf(p);
  if (stamp === 'false' || processes === null || module === null || module.version !== '' || p.isStandard)
    return nothing;
  const main = ws.modules?.mains.find((m) => m.path === module.path);
  const repository = repositoryOf(options, absolutePath(host, '.'));
  if (main === undefined || repository === '') return nothing;
  const contains = (a: string, b: string): boolean => a === b || b.startsWith(`${a}/`);
  if (!contains(repository, main.dir) && !contains(main.dir, repository)) return nothing;
  const wrong = (what: string): Stamp => {
    if (stamp === 'auto') return nothing;
    throw new BuildFlagError(`error obtaining VCS status: ${what}\n\tUse -buildvcs=false to disable VCS stamping.`, 1);
  };
  for (const [what, dir] of [
    ['package', p.dir],
    ['module', main.dir],
  ] as const) {
    const at = repositoryOf(options, dir);
    if (at !== repository)
      return wrong(`main ${what} is in repository "${at}" but current directory is in repository "${repository}"`);
  }
  const git = (...args: string[]): { status: number; output: string } =>
    processes.capture('git', ['-C', repository, ...args]);
  const status = git('status', '--porcelain');
  if (status.status === -1 && stamp === 'auto') return nothing;
  if (status.status === -1) throw new BuildFlagError('go: missing Git command. See https://golang.org/s/gogetcmd', 1);
  if (status.status !== 0)
    throw new BuildFlagError(
      `error obtaining VCS status: exit status ${status.status}\n\tUse -buildvcs=false to disable VCS stamping.`,
      1,
    );
  const settings: [string, string][] = [['vcs', 'git']];
  const isModified = status.output.trim() !== '';
  const head = git('-c', 'log.showsignature=false', 'log', '-1', '--format=%H:%ct');
  const m = /^([0-9a-f]+):(\d+)/.exec(head.output);
  if (head.status === 0 && m !== null) {
    settings.push(['vcs.revision', m[1]], ['vcs.time', `${new Date(Number(m[2]) * 1000).toISOString().slice(0, 19)}Z`]);
  }
  settings.push(['vcs.modified', String(isModified)]);
  return { version: '', settings };
}
