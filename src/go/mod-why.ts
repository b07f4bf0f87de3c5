/** `tuza mod why` (cmd/go/internal/modcmd why.go). */
import { ModError } from '#mod/errors.ts';
import type { PackageLoader } from '#mod/load-packages.ts';
import type { ModulePackage } from '#mod/module-package.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { targetOf } from './build-target.ts';
import { Environment } from './environment.ts';
import { describeModules, plainMode } from './list-modules.ts';
import type { ModRequest } from './mod.ts';
import { needModules } from './mod-commands.ts';
import { isImportPath, loadModulePackages } from './module-load.ts';
import { matchArguments, Workspace } from './packages.ts';
import { nothingReused } from './reuse.ts';

export async function runModWhy(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  const ofModules = parsed.bool('m', false);
  const vendoring = parsed.bool('vendor', false);
  const modules = needModules(r);
  const queried = ofModules ? parsed.rest.find((a) => a.includes('@')) : undefined;
  if (queried !== undefined) throw new ModError(`${queried}: 'go mod why' requires a module path, not a version query`);
  await startRequirements(modules);
  let names: string[] = [];
  if (ofModules) {
    const { modules: found, error } = await describeModules(modules, parsed.rest, plainMode, false, nothingReused);
    if (error !== null) throw error;
    names = found.map((m) => String(m.Path));
  }
  const loader = await loadModulePackages(modules, null, null, {
    withTests: !vendoring,
    vendorAll: vendoring,
    intoStandard: true,
    silent: true,
  });
  loader.endIfFailed();
  modules.requirements = loader.requirements;
  if (!ofModules) names = packagesOf(r, loader);
  const what = ofModules ? 'module' : 'package';
  const stanzas = names.map((name) => {
    const p = ofModules ? nearestOf(loader, name) : (loader.byPath.get(name) ?? null);
    const to = vendoring ? ' to vendor' : '';
    const way = p === null ? `(main module does not need${to} ${what} ${name})\n` : wayTo(p);
    return `# ${name}\n${way}`;
  });
  host.stdout(stanzas.join('\n'));
  return 0;
}

/** The import paths that the arguments mean. */
function packagesOf(r: ModRequest, loader: PackageLoader): string[] {
  const target = targetOf(new Environment(r.host, r.goroot), []);
  if (typeof target === 'string') throw new ModError(target);
  const ws = new Workspace(r.host, r.goroot, r.options);
  return r.parsed.rest.flatMap((a) =>
    a === 'all' ? loader.all(isImportPath) : matchArguments(ws, target, [a]).flatMap((m) => [...m.paths]),
  );
}

/** The package of a module that the fewest imports lead to. */
function nearestOf(loader: PackageLoader, module: string): ModulePackage | null {
  let best: ModulePackage | null = null;
  for (const path of [...loader.byPath.keys()].sort()) {
    const p = loader.byPath.get(path);
    if (p?.module?.path !== module || !loader.packages.includes(p)) continue;
    if (best === null || p.stack.length < best.stack.length) best = p;
  }
  return best;
}

function wayTo(p: ModulePackage): string {
  return p.stack.map((q) => `${q.path}${q.testOf === null ? '' : '.test'}\n`).join('');
}
