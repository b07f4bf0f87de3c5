/** Version control data in executables (-buildvcs; cmd/go/internal/load, setBuildInfo). */
import { decodeText } from '#base/bytes.ts';
import { FileSet } from '#base/source.ts';
import type { Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { packageNameIn } from '#load/package-files.ts';
import { findError, ModError } from '#mod/errors.ts';
import { modulePathOf } from '#mod/modfile/file.ts';
import { splitPathVersion } from '#mod/module.ts';
import { CodeRepo } from '#mod/vcs/code-repo.ts';
import { GitRepo } from '#mod/vcs/git-repo.ts';
import type { BuildOptions } from './build-options.ts';
import { findProgram } from './build-target.ts';
import type { Workspace } from './packages.ts';
import { absolutePath } from './paths.ts';
import { type AskVcs, type Repository, repositoryOf, VcsError, type VcsStatus } from './vcs-status.ts';

export interface Stamp {
  /** Of the main module; "" if the repository does not tell. */
  readonly version: string;
  readonly settings: readonly [string, string][];
}

/** What the flags say about stamps. */
export type StampOptions = Pick<BuildOptions, 'host' | 'command' | 'stamp' | 'showsCommands' | 'showsPackages'>;

const nothing: Stamp = { version: '', settings: [] };

/** The repository around the working directory, as it was when the command began. */
export class VcsStamps {
  private readonly options: StampOptions;
  private readonly repository: Repository | null;
  /** Why there is no repository to be told of, or no state of it. */
  private readonly problem: string;
  private readonly status: VcsStatus | null;
  /** The versions of main modules, by path. */
  private readonly versions: ReadonlyMap<string, string>;

  private constructor(
    options: StampOptions,
    repository: Repository | null,
    problem: string,
    status: VcsStatus | null,
    versions: ReadonlyMap<string, string>,
  ) {
    this.options = options;
    this.repository = repository;
    this.problem = problem;
    this.status = status;
    this.versions = versions;
  }

  /** For programs of these main modules; null if nothing is to be stamped. */
  static async of(options: StampOptions, ws: Workspace, modulePaths: ReadonlySet<string>): Promise<VcsStamps | null> {
    const { host, command, stamp } = options;
    // Programs that are run once, and tests, are only stamped if that is asked for.
    const isWanted = stamp === 'true' || (stamp === 'auto' && command !== 'run' && command !== 'test');
    const mains = ws.modules?.mains.filter((m) => m.dir !== '' && modulePaths.has(m.path)) ?? [];
    if (!isWanted || host.processes === null || mains.length === 0) return null;
    let repository: Repository | null = null;
    try {
      repository = repositoryOf(host, absolutePath(host, '.'), allowsMany(host));
      if (repository === null) return null;
      const { dir, vcs } = repository;
      if (!mains.some((m) => contains(dir, m.dir) || contains(m.dir, dir))) return null;
      if (stamp === 'auto' && !findProgram(host, vcs.command)) return null;
      const status = vcs.status(asking(options, repository));
      return new VcsStamps(
        options,
        repository,
        '',
        status,
        command === 'list' ? new Map() : await versionsOf(ws, repository, status, mains),
      );
    } catch (e) {
      if (!(e instanceof VcsError)) throw e;
      return new VcsStamps(options, repository, e.message, null, new Map());
    }
  }

  /** What a program is stamped with; a text is what is wrong. */
  stampOf(ws: Workspace, p: LoadedPackage): Stamp | string {
    const { options, repository, status } = this;
    const { host, stamp } = options;
    const module = ws.moduleOf(p);
    if (module === null || module.version !== '' || p.isStandard) return nothing;
    const main = ws.modules?.mains.find((m) => m.path === module.path);
    if (main === undefined) return nothing;
    // Tests of packages that have nothing but tests are no programs of the module.
    if (stamp === 'auto' && isTestOnly(p)) return nothing;
    if (repository === null) return wrong(this.problem);
    if (!contains(repository.dir, main.dir) && !contains(main.dir, repository.dir)) return nothing;
    for (const [what, dir] of [
      ['package', p.dir],
      ['module', main.dir],
    ] as const) {
      try {
        const at = repositoryOf(host, dir, allowsMany(host))?.dir ?? '';
        if (at === repository.dir) continue;
        if (stamp === 'auto') return nothing;
        return wrong(
          `main ${what} is in repository ${JSON.stringify(at)} but current directory is in repository ${JSON.stringify(repository.dir)}`,
        );
      } catch (e) {
        if (!(e instanceof VcsError)) throw e;
        return wrong(e.message);
      }
    }
    if (status === null) return wrong(this.problem);
    const settings: [string, string][] = [['vcs', repository.vcs.command]];
    if (status.revision !== '') settings.push(['vcs.revision', status.revision]);
    if (status.time !== null) settings.push(['vcs.time', new Date(status.time).toISOString().replace('.000Z', 'Z')]);
    settings.push(['vcs.modified', String(status.isModified)]);
    return { version: this.versions.get(main.path) ?? '', settings };
  }
}

function wrong(why: string): string {
  return `error obtaining VCS status: ${why}\n\tUse -buildvcs=false to disable VCS stamping.`;
}

function isTestOnly(p: LoadedPackage): boolean {
  const { goFiles, cgoFiles, testGoFiles, xTestGoFiles } = p.files;
  return testGoFiles.length + xTestGoFiles.length > 0 && goFiles.length + cgoFiles.length === 0;
}

function contains(dir: string, path: string): boolean {
  return dir === '/' || path === dir || path.startsWith(`${dir}/`);
}

function allowsMany(host: Host): boolean {
  return (host.env.get('GODEBUG') ?? '').split(',').includes('allowmultiplevcs=1');
}

function asking(options: StampOptions, { dir, vcs }: Repository): AskVcs {
  const { host, showsCommands, showsPackages } = options;
  const env = vcs.command === 'hg' ? new Map([...host.env, ['HGPLAIN', '+strictflags']]) : host.env;
  return (command) => {
    if (!findProgram(host, vcs.command)) {
      host.stderr(`go: missing ${vcs.name} command. See https://golang.org/s/gogetcmd\n`);
      throw new VcsError(`exec: "${vcs.command}": executable file not found in $PATH`);
    }
    if (showsCommands) host.stderr(`cd ${dir}\n${vcs.command} ${command}\n`);
    const r = host.processes?.capture(vcs.command, command.split(' '), { directory: dir, env });
    if (r?.status === 0) return r.output;
    const why = `exit status ${r?.status ?? -1}`;
    if (showsPackages) host.stderr(`# cd ${dir}; ${vcs.command} ${command}\n${why}\n`);
    throw new VcsError(why);
  };
}

/** The versions that main modules have at a revision. Only of git: versions of other systems are not looked for. */
async function versionsOf(
  ws: Workspace,
  { dir, vcs }: Repository,
  status: VcsStatus,
  mains: readonly { readonly path: string }[],
): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>();
  const { host, modules } = ws;
  const { processes } = host;
  const goMod = host.files.stat(`${dir}/go.mod`)?.isDirectory === false ? host.files.readFile(`${dir}/go.mod`) : null;
  const root = goMod === null ? null : splitPathVersion(modulePathOf(decodeText(goMod)));
  if (vcs.command !== 'git' || root === null || modules === null || processes === null || status.revision === '')
    return versions;
  // What versions there are follows from the tags and the revision.
  processes.capture('git', ['for-each-ref', 'refs/tags'], { directory: dir });
  const quiet: Host = {
    ...host,
    processes: { ...processes, run: (path, args, o) => processes.run(path, args, { ...o, isImplied: true }) },
  };
  const config = { ...modules.fetcher.config, host: quiet };
  const repo = GitRepo.openLocal(config, dir);
  for (const { path } of mains) {
    try {
      const { version } = await new CodeRepo(config, repo, root.prefix, '', path).stat(status.revision);
      const mark = version.endsWith('+incompatible') ? '.dirty' : '+dirty';
      versions.set(path, status.isModified ? version + mark : version);
    } catch (e) {
      // Modules whose versions cannot be told are not told of.
      if (findError(e, ModError) === null) throw e;
    }
  }
  return versions;
}

/** The main modules of those packages in these directories that are programs by their package clauses, or of all. */
export function modulesOfPrograms(ws: Workspace, dirs: Iterable<string>, all: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const dir of dirs) {
    const main = ws.modules?.moduleOfDirectory(dir) ?? null;
    if (main === null || found.has(main.path)) continue;
    const { files } = ws.host;
    const isMain =
      all ||
      files.readDirectory(dir).some(({ name, isDirectory }) => {
        if (isDirectory || !name.endsWith('.go') || name.endsWith('_test.go') || /^[_.]/.test(name)) return false;
        return packageNameIn(new FileSet(), `${dir}/${name}`, files.readFile(`${dir}/${name}`)) === 'main';
      });
    if (isMain) found.add(main.path);
  }
  return found;
}
