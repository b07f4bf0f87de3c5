/** `tuza get`: changes the versions that go.mod requires (cmd/go/internal/modget). */
import type { Host } from '#host/host.ts';
import { isUserError, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { ToldError } from '#mod/load-packages.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { expandGraph } from '#mod/update-roots.ts';
import { plainWrite, updateModFile, type WriteOptions, writeRequirements } from '#mod/write-back.ts';
import { targetOf } from './build-target.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { type GetQuery, isMetaPattern, newQuery } from './get-query.ts';
import { checkPackages, requirementsOf, tellChanges } from './get-report.ts';
import { type GetOptions, GetResolver } from './get-resolver.ts';
import { openWorkspaceWith, raiseWorkspace, workspaceModules } from './get-workspace.ts';
import { findGoroot } from './goroot.ts';
import { type ModuleOptions, openModules } from './modules.ts';
import { withOverlay } from './overlay.ts';
import { PatternPackages } from './pattern-packages.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { tellOrSwitch } from './toolchain-switch.ts';

const outsideModule = `go.mod file not found in current directory or any parent directory.
\t'go get' is no longer supported outside a module.
\tTo build and install a command, use 'go install' with a version,
\tlike 'go install example.com/cmd@latest'
\tFor more information, see https://golang.org/doc/go-get-install-deprecation
\tor run 'go help get' or 'go help install'.`;

export async function runGet(args: readonly string[], given: Host): Promise<number> {
  const goroot = findGoroot(given);
  const parsed = parseCommandLine(given, commandNamed('get'), args, new Environment(given, goroot));
  if (parsed === null) return 2;
  const host = withOverlay(given, parsed.text('overlay', ''));
  if (host === null) return 1;
  const env = new Environment(host, goroot);
  const target = targetOf(env, tagsOf(parsed));
  if (typeof target === 'string') {
    host.stderr(`${target}\n`);
    return 2;
  }
  try {
    const options = optionsOf(host, parsed);
    if (env.get('GO111MODULE') === 'off')
      throw new ModError("modules disabled by GO111MODULE=off; see 'go help modules'");
    const moduleOptions: ModuleOptions = {
      mod: '',
      modfile: parsed.text('modfile', ''),
      writable: parsed.bool('modcacherw', false),
      showsRequests: parsed.bool('x', false),
      command: 'get',
    };
    const modules = openModules(host, goroot, moduleOptions);
    if (modules === null) throw new ModError(outsideModule);
    await startRequirements(modules);
    const { queries, dropToolchain } = readArguments(host, parsed.rest, options);
    const siblings = workspaceModules(env);
    const { requirements, graph } = await expandGraph(modules.requirements);
    modules.requirements = requirements;
    const packages = new PatternPackages(modules, target, options.withTests, siblings);
    const r = new GetResolver(modules, queries, packages, options, graph.buildList());
    await r.run();
    let checked = modules;
    const [main] = modules.mains;
    if (siblings.some((m) => m.path === main.path)) {
      updateModFile(modules, plainWrite);
      checked = openWorkspaceWith(env, goroot, moduleOptions, modules);
    }
    const last = new PatternPackages(checked, target, options.withTests, siblings);
    const patterns = queries.filter((q) => q.matchesPackages).map((q) => q.pattern);
    const loaded = await checkPackages(r, last, checked, patterns);
    const tools = parsed.bool('tool', false) ? await toolChanges(queries, last) : {};
    const before = requirementsOf(main.file);
    const explicitToolchain = queries.some((q) => q.pattern === 'toolchain');
    await writeRequirements(modules, loaded, { ...plainWrite, dropToolchain, explicitToolchain, ...tools });
    tellChanges(r, before, requirementsOf(main.file));
    raiseWorkspace(env, main.file.go?.value ?? gover.defaultGoModVersion);
    return 0;
  } catch (e) {
    if (e instanceof ToldError) return 1;
    return tellOrSwitch(host, [e]);
  }
}

function optionsOf(host: Host, parsed: ParsedFlags): GetOptions {
  const raw = parsed.text('u', '');
  const upgrade = raw === 'true' ? 'upgrade' : raw === 'false' ? '' : raw;
  if (!['', 'upgrade', 'patch'].includes(upgrade)) throw new ModError(`unknown upgrade flag -u=${raw}`);
  if (parsed.has('d')) {
    if (!parsed.bool('d', true)) throw new ModError('-d flag may not be set to false');
    host.stderr('go: -d flag is deprecated. -d=true is a no-op\n');
  }
  for (const name of ['f', 'fix']) if (parsed.bool(name, false)) host.stderr(`go: -${name} flag is a no-op\n`);
  if (parsed.bool('m', false)) throw new ModError('-m flag is no longer supported');
  if (parsed.bool('insecure', false))
    throw new ModError('-insecure flag is no longer supported; use GOINSECURE instead');
  return { upgrade, withTests: parsed.bool('t', false), isVerbose: parsed.bool('v', false) };
}

/** All that is wrong is told. Throws ToldError. */
function readArguments(
  host: Host,
  args: readonly string[],
  options: GetOptions,
): { queries: GetQuery[]; dropToolchain: boolean } {
  const queries: GetQuery[] = [];
  let dropToolchain = false;
  let failed = false;
  for (const argument of args.length === 0 ? ['.'] : args.map(cleanArgument)) {
    try {
      const q = newQuery(argument, options.upgrade || 'upgrade');
      if (q.version === 'none' && q.pattern === 'go') throw new ModError('cannot use go@none');
      if (q.version === 'none' && q.pattern === 'toolchain') {
        dropToolchain = true;
        continue;
      }
      if (args.length === 0) q.raw = '';
      if (q.raw.endsWith('.go') && q.rawVersion === '') {
        if (!q.raw.includes('/')) throw new ModError(`${q.raw}: arguments must be package or module paths`);
        if (host.files.stat(q.raw)?.isDirectory === false)
          throw new ModError(`${q.raw} exists as a file, but 'go get' requires package arguments`);
      }
      queries.push(q);
    } catch (e) {
      if (!isUserError(e)) throw e;
      host.stderr(`go: ${e.message}\n`);
      failed = true;
    }
  }
  if (failed) throw new ToldError('');
  return { queries, dropToolchain };
}

/** Slashes at the end and double ones say nothing (cmd/go/internal/search, CleanPatterns). */
function cleanArgument(argument: string): string {
  const isLocal = /^\.\.?(\/|$)|^\//.test(argument);
  const at = isLocal ? -1 : argument.indexOf('@');
  const path = (at < 0 ? argument : argument.slice(0, at)).replaceAll('\\', '/');
  const version = at < 0 ? '' : argument.slice(at);
  const parts: string[] = [];
  for (const e of path.split('/')) {
    if (e === '' || e === '.') continue;
    if (e === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else parts.push(e);
  }
  const cleaned = `${path.startsWith('/') ? '/' : ''}${parts.join('/')}` || '.';
  if (cleaned === '.') return cleaned + version;
  return `${path.startsWith('./') ? `./${cleaned}` : cleaned}${version}`;
}

/** -tool: the packages that become tools, or are tools no more. */
async function toolChanges(queries: readonly GetQuery[], packages: PatternPackages): Promise<Partial<WriteOptions>> {
  for (const q of queries)
    if (isMetaPattern(q.pattern) || q.pattern === 'toolchain')
      throw new ModError(`go get -tool does not work with "${q.pattern}".`);
  const addTools: string[] = [];
  const dropTools: string[] = [];
  const loader = await packages.check(queries.map((q) => q.pattern));
  for (const q of queries)
    (q.version === 'none' ? dropTools : addTools).push(...(await packages.matches(q.pattern, loader)));
  return { addTools, dropTools };
}
