/** `tuza work sync` and vendor (cmd/go/internal/workcmd sync.go, vendor.go). */
import { parentPath } from '#base/path.ts';
import { editRequirements } from '#mod/edit-requirements.ts';
import { isUserError, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import type { MainModule } from '#mod/main-module.ts';
import { type Version, versionKey } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { Queries } from '#mod/query.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { tidySums } from '#mod/tidy.ts';
import { nameUses, raiseWorkGo, readWorkFile, writeWorkFile } from '#mod/work-file.ts';
import { writeTidy } from './mod-tidy.ts';
import { vendorModules } from './mod-vendor.ts';
import { loadModulePackages } from './module-load.ts';
import { openModuleAt, openModules, runningGo } from './modules.ts';
import type { SubcommandRequest } from './subcommands.ts';
import { neededWorkFile } from './work-commands.ts';

/** Raises what the modules of a workspace require to the versions that the workspace selects. */
export async function runWorkSync(r: SubcommandRequest): Promise<number> {
  const { host } = r;
  const workFile = neededWorkFile(r);
  const selected = new Map<MainModule, Version[]>();
  if (!isEmpty(r, workFile)) {
    const workspace = neededWorkspace(r);
    await workspace.requirements.graph();
    for (const main of workspace.mains) selected.set(main, await modulesBehind(workspace, main));
  }
  let goVersion = '';
  for (const [main, mustSelect] of selected) {
    const modules = openModuleAt(r.env, r.goroot, r.options, main.dir);
    await startRequirements(modules);
    await select(modules, mustSelect);
    goVersion = goVersion === '' ? modules.goVersion : gover.max(goVersion, modules.goVersion);
  }
  const work = readWorkFile(host, workFile, runningGo(host));
  if (goVersion !== '') raiseWorkGo(work, goVersion);
  nameUses(host, work, runningGo(host));
  writeWorkFile(host, workFile, work);
  return 0;
}

function isEmpty(r: SubcommandRequest, workFile: string): boolean {
  return readWorkFile(r.host, workFile, runningGo(r.host)).use.length === 0;
}

function neededWorkspace(r: SubcommandRequest): Modules {
  const modules = openModules(r.host, r.goroot, r.options);
  if (modules === null) throw new ModError("modules disabled by GO111MODULE=off; see 'go help modules'");
  return modules;
}

/** The modules of all packages that a main module and its tests need, at the versions that the workspace selects. */
async function modulesBehind(workspace: Modules, main: MainModule): Promise<Version[]> {
  const loader = await loadModulePackages(
    workspace,
    null,
    null,
    { withTests: true, intoStandard: true, allowErrors: true, silent: true },
    main,
  );
  const found = new Map<string, Version>();
  for (const p of loader.packages)
    if (p.testOf === null && p.module !== null && p.module.version !== '') found.set(versionKey(p.module), p.module);
  return gover.sortModules([...found.values()]);
}

/** Edits what one module requires; one that cannot be edited stays as it is. */
async function select(modules: Modules, mustSelect: readonly Version[]): Promise<void> {
  const queries = new Queries(modules);
  const options = { versions: (path: string) => queries.versions(path, queries.checkAllowed), isVerbose: false };
  try {
    const edited = await editRequirements(modules.requirements, [], mustSelect, options);
    if (!edited.isChanged) return;
    modules.requirements = edited.requirements;
  } catch (e) {
    if (!isUserError(e)) throw e;
    return;
  }
  const loader = await loadModulePackages(modules, null, null, {
    withTests: true,
    intoStandard: true,
    tidy: { goVersion: '' },
    allowErrors: true,
    silent: true,
    silentMissingStandard: true,
  });
  const { keep } = await tidySums(loader, '');
  await writeTidy(loader, keep);
}

export async function runWorkVendor(r: SubcommandRequest): Promise<number> {
  const workFile = neededWorkFile(r);
  if (r.parsed.rest.length > 0) throw new ModError("'go mod vendor' accepts no arguments");
  if (isEmpty(r, workFile)) {
    r.host.files.remove(`${parentPath(workFile)}/vendor`);
    r.host.stderr('go: no dependencies to vendor\n');
    return 0;
  }
  return vendorModules(neededWorkspace(r), {
    allowErrors: r.parsed.bool('e', false),
    isVerbose: r.parsed.bool('v', false),
    output: r.parsed.text('o', ''),
  });
}
