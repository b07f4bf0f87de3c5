/**
 * Packages named with a version, for `run` and `install`: the go.mod file of the working directory is not read; the module of the first package is
 * all that is required (cmd/go/internal/load, PackagesAndErrorsOutsideModule).
 */

import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { editRequirements } from '#mod/edit-requirements.ts';
import { asError, failureOf, ModError } from '#mod/errors.ts';
import { ToldError } from '#mod/load-packages.ts';
import { parseModFile } from '#mod/modfile/file.ts';
import { sameVersion, type Version, versionText } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { isPathPattern } from '#mod/pattern.ts';
import { isRevisionQuery, Queries } from '#mod/query.ts';
import { shortMessage } from '#mod/query-errors.ts';
import { queryPackages } from '#mod/query-pattern.ts';
import type { LoadedBuild } from './build-packages.ts';
import { Environment } from './environment.ts';
import { ModulePackages } from './module-packages.ts';
import { type ModuleOptions, rootlessModules } from './modules.ts';
import { isLocalPath } from './paths.ts';
import { needsSwitch, tellOrSwitch } from './toolchain-switch.ts';

/** An argument with a version, and neither a file nor a directory. */
export function hasVersion(argument: string): boolean {
  return argument.includes('@') && !isLocalPath(argument);
}

export interface VersionedPackages {
  readonly modules: Modules;
  /** The arguments without the version. */
  readonly patterns: readonly string[];
  /** The module that must have all packages. */
  readonly module: Version;
}

/** Resolves arguments that all have the same version. Throws ModError. */
export async function versionedPackages(
  host: Host,
  goroot: string,
  options: ModuleOptions,
  args: readonly string[],
): Promise<VersionedPackages> {
  const env = new Environment(host, goroot);
  if (env.get('GO111MODULE') === 'off')
    throw new ModError("modules disabled by GO111MODULE=off; see 'go help modules'");
  if (options.modfile !== '' && !/(^|[\s'"])--?modfile=/.test(env.get('GOFLAGS')))
    throw new ModError('-modfile cannot be used with commands that ignore the current module');
  const { patterns, first, version } = readArguments(host, goroot, args);
  const modules = rootlessModules(host, goroot, options, 'mod');
  const queries = new Queries(modules);
  const about = (e: unknown, detail = ''): Error => {
    const failure = failureOf(e);
    return new ModError(`${args[0]}${detail}: ${failure.message}`, failure);
  };
  const allowed = isRevisionQuery(first, version) ? async () => null : queries.checkAllowed;
  const search = new ModulePackages(modules);
  const found = await queryPackages(queries, search, {
    pattern: patterns[0],
    query: version,
    current: () => 'none',
    allowed,
  });
  if (found.error !== null && needsSwitch(host, [found.error])) {
    await tellOrSwitch(host, [found.error]);
    throw new ToldError('');
  }
  if (found.error !== null) throw about(found.error);
  const { module } = found.found[0];
  try {
    const deprecation = await queries.deprecationOf(module);
    if (deprecation !== '') host.stderr(`go: module ${module.path} is deprecated: ${shortMessage(deprecation, '')}\n`);
    await checkGoMod(modules, module, args[0]);
    const { requirements } = await editRequirements(modules.requirements, [], [module], {
      versions: (path) => queries.versions(path, queries.checkAllowed),
      isVerbose: false,
    });
    modules.requirements = requirements;
  } catch (e) {
    if (e instanceof DirectiveError) throw e;
    throw about(e);
  }
  return { modules, patterns, module };
}

/** What is wrong with the packages that were loaded; "" if nothing is. */
export function versionedProblem(build: LoadedBuild, named: VersionedPackages): string {
  const { module } = named;
  for (const p of build.packages) {
    const m = p.isStandard ? null : build.ws.moduleOf(p);
    if (m === null) return `package ${p.path} not provided by module ${versionText(module)}`;
    if (!sameVersion(m, module))
      return `package ${p.path} provided by module ${versionText(m)}\n\tAll packages must be provided by the same module (${versionText(module)}).`;
  }
  return '';
}

/** All that can be wrong with the arguments by themselves. Throws. */
function readArguments(
  host: Host,
  goroot: string,
  args: readonly string[],
): { patterns: string[]; first: string; version: string } {
  const leader = args.find((a) => a.includes('@')) ?? '';
  const first = leader.slice(0, leader.indexOf('@'));
  const version = leader.slice(leader.indexOf('@') + 1);
  if (version === '') throw new ModError(`${leader}: version must not be empty`);
  const patterns = args.map((a) => {
    if (!a.endsWith(`@${version}`))
      throw new ModError(
        `${a}: all arguments must refer to packages in the same module at the same version (@${version})`,
      );
    const p = a.slice(0, -version.length - 1);
    const must = (what: string): ModError => new ModError(`${a}: argument must ${what}`);
    if (/^\.\.?(\/|$)/.test(p)) throw must('be a package path, not a relative path');
    if (p.startsWith('/')) throw must('be a package path, not an absolute path');
    if (['all', 'std', 'cmd', 'tool', 'work'].includes(p)) throw must('be a package path, not a meta-package');
    if (p === '' || p.split('/').some((e) => e === '' || e === '.' || e === '..'))
      throw must('be a clean package path');
    const isDirectory = host.files.stat(`${goroot}/src/${p}`)?.isDirectory === true;
    if (!isPathPattern(p) && !p.split('/')[0].includes('.') && isDirectory && hasSources(host, `${goroot}/src/${p}`))
      throw must('not be a package in the standard library');
    return p.replaceAll('\\', '/');
  });
  return { patterns, first, version };
}

function hasSources(host: Host, dir: string): boolean {
  return host.files.readDirectory(dir).some((e) => !e.isDirectory && e.name.endsWith('.go'));
}

class DirectiveError extends ModError {}

/** The module must mean the same as it does when it is the main module. */
async function checkGoMod(modules: Modules, m: Version, argument: string): Promise<void> {
  const text = decodeText(await modules.fetcher.goMod(m));
  const where = `${argument} (in ${versionText(m)})`;
  let file: ReturnType<typeof parseModFile>;
  try {
    file = parseModFile('go.mod', text);
  } catch (e) {
    throw new DirectiveError(`${where}: ${asError(e).message}`);
  }
  for (const kind of ['replace', 'exclude'] as const) {
    if (file[kind].length === 0) continue;
    throw new DirectiveError(
      `${where}:\n\tThe go.mod file for the module providing named packages contains one or\n\tmore ${kind} directives. It must not contain directives that would cause\n\tit to be interpreted differently than if it were the main module.`,
    );
  }
}
