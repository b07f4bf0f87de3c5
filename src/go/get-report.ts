/** What `get` tells when versions are decided: wrong packages, retractions, deprecations, changes (cmd/go/internal/modget get.go). */
import { compareText } from '#base/bytes.ts';
import { asError, failureOf, findError, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { AmbiguousImportError } from '#mod/import-errors.ts';
import { NoGoError, type PackageLoader, ToldError } from '#mod/load-packages.ts';
import type { ModFile } from '#mod/modfile/file.ts';
import { sameVersion, type Version, versionKey, versionText } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { Queries } from '#mod/query.ts';
import { RetractedError, shortMessage } from '#mod/query-errors.ts';
import type { GetResolver } from './get-resolver.ts';
import type { PatternPackages } from './pattern-packages.ts';

/** Why a module may have to be told of. */
interface Relevance {
  readonly module: Version;
  isDecided: boolean;
  isNamed: boolean;
  hasPackage: boolean;
}

/**
 * Loads the packages that the arguments mean and tells what is wrong with them. `checked`: the modules to look at, those of a workspace if the main
 * module belongs to one. Null if there are no packages. Throws ToldError.
 */
export async function checkPackages(
  r: GetResolver,
  packages: PatternPackages,
  checked: Modules,
  patterns: readonly string[],
): Promise<PackageLoader | null> {
  const relevant = new Map<string, Relevance>();
  const note = (module: Version): Relevance => {
    const key = versionKey(module);
    let x = relevant.get(key);
    if (x === undefined) relevant.set(key, (x = { module, isDecided: false, isNamed: false, hasPackage: false }));
    return x;
  };
  for (const [path, d] of r.decided) note({ path, version: d.version }).isDecided = true;
  let failed = false;
  let loader: PackageLoader | null = null;
  if (patterns.length > 0) {
    loader = await packages.check(patterns);
    for (const p of loader.packages) {
      if (p.testOf !== null || (p.error instanceof NoGoError && p.dir !== '')) continue;
      if (p.error !== null) failed = true;
      for (const m of findError(p.error, AmbiguousImportError)?.modules ?? []) note(m).hasPackage = true;
      if (p.module !== null) note(p.module).hasPackage = true;
    }
    for (const pattern of patterns)
      for (const path of await packages.matches(pattern, loader)) {
        const m = loader.byPath.get(path)?.module ?? null;
        if (m !== null) note(m).isNamed = true;
      }
  }
  const list = [...relevant.values()].sort((a, b) => compareText(a.module.path, b.module.path));
  const queries = new Queries(checked);
  const { direct } = checked.requirements;
  const isActionable = (x: Relevance): boolean =>
    x.isDecided || x.isNamed || (x.hasPackage && direct.has(x.module.path));
  const [deprecations, retractions] = await Promise.all([
    Promise.all(list.filter(isActionable).map((x) => deprecationOf(queries, x.module))),
    Promise.all(list.map((x) => retractionOf(queries, x.module))),
  ]);
  const errors = await fetchSums(r);
  const { host } = r.modules;
  for (const text of deprecations) if (text !== '') host.stderr(text);
  tellRetractions(r, list, retractions);
  for (const e of errors) host.stderr(`go: ${e.message}\n`);
  if (failed || errors.length > 0) throw new ToldError('');
  return loader;
}

async function deprecationOf(queries: Queries, m: Version): Promise<string> {
  try {
    const text = await queries.deprecationOf(m);
    return text === '' ? '' : `go: module ${m.path} is deprecated: ${shortMessage(text, '')}\n`;
  } catch (e) {
    failureOf(e);
    return '';
  }
}

async function retractionOf(queries: Queries, m: Version): Promise<string> {
  const why = m.version === 'none' ? null : await queries.checkRetractions(m);
  return why !== null && findError(why, RetractedError) !== null ? why.message : '';
}

function tellRetractions(r: GetResolver, list: readonly Relevance[], texts: readonly string[]): void {
  const { host } = r.modules;
  let path = '';
  texts.forEach((text, i) => {
    if (text === '') return;
    host.stderr(`go: warning: ${text}\n`);
    path = path === '' ? list[i].module.path : '<module>';
  });
  if (path !== '') host.stderr(`go: to switch to the latest unretracted version, run:\n\tgo get ${path}@latest\n`);
}

/** Of modules with other versions than before go.sum gets the hash if it had the old one: their packages may be needed though they were not loaded. */
async function fetchSums(r: GetResolver): Promise<Error[]> {
  const { modules } = r;
  const { sums } = modules.fetcher;
  const errors = await Promise.all(
    r.buildList.map(async (m): Promise<Error | null> => {
      const old = { path: m.path, version: r.initial.get(m.path) ?? '' };
      if (old.version === '' || gover.isToolchain(m.path)) return null;
      const actual = modules.replacement(m);
      const before = modules.replacement(old);
      if (sameVersion(actual, before) || actual.version === '' || !sums.has(before)) return null;
      try {
        await modules.fetcher.downloadZip(actual);
        return null;
      } catch (e) {
        failureOf(e);
        const verb = gover.compareVersions(m.path, m.version, old.version) < 0 ? 'downgraded' : 'upgraded';
        const replaced = sameVersion(actual, m) ? '' : ` (replaced by ${versionText(actual)})`;
        const change = `${verb} ${m.path} ${old.version} => ${m.version}${replaced}`;
        return new ModError(`${change}: error finding sum for ${versionText(actual)}: ${asError(e).message}`);
      }
    }),
  );
  return errors.filter((e) => e !== null);
}

/** What a go.mod file requires, with its language version and toolchain. */
export function requirementsOf(file: ModFile): Version[] {
  const list = file.require.map((x) => x.mod);
  if (file.go !== null) list.push({ path: 'go', version: file.go.value });
  if (file.toolchain !== null) list.push({ path: 'toolchain', version: file.toolchain.value });
  return list;
}

interface Change {
  readonly old: string;
  readonly new: string;
}

/** Tells of changes of modules that were named or that go.mod lists. "" is a version of what was not there. */
export function tellChanges(r: GetResolver, before: readonly Version[], after: readonly Version[]): void {
  const changes = new Map<string, Change>();
  const initial = (path: string): string => r.initial.get(path) ?? '';
  for (const [path, { version }] of r.decided) {
    if (gover.isToolchain(path)) continue;
    const old = initial(path);
    if (old !== version && (old !== '' || version !== 'none')) changes.set(path, { old, new: version });
  }
  const selected = (path: string): string => r.buildList.find((m) => m.path === path)?.version ?? '';
  for (const { path, version } of before)
    if (!gover.isToolchain(path) && version !== selected(path))
      changes.set(path, { old: version, new: selected(path) });
  for (const { path, version } of after)
    if (!gover.isToolchain(path) && version !== initial(path)) changes.set(path, { old: initial(path), new: version });
  for (const path of ['go', 'toolchain']) {
    const of = (list: readonly Version[]): string => list.find((m) => m.path === path)?.version ?? '';
    if (of(before) !== of(after)) changes.set(path, { old: of(before), new: of(after) });
  }
  const rank = (path: string): number => (path === 'go' ? 0 : path === 'toolchain' ? 1 : 2);
  const sorted = [...changes].sort(([a], [b]) => rank(a) - rank(b) || compareText(a, b));
  for (const [path, c] of sorted) r.modules.host.stderr(changeText(path, c));
}

function changeText(path: string, c: Change): string {
  if (c.old === '') return `go: added ${path} ${c.new}\n`;
  if (c.new === 'none' || c.new === '') return `go: removed ${path} ${c.old}\n`;
  if (gover.compareVersions(path, c.new, c.old) <= 0) return `go: downgraded ${path} ${c.old} => ${c.new}\n`;
  const v = gover.explicitIndirectVersion;
  const isExpanded = path === 'go' && gover.compare(c.old, v) < 0 && gover.compare(c.new, v) >= 0;
  const note = `\tnote: expanded dependencies to upgrade to go ${v} or higher; run 'go mod tidy' to clean up\n`;
  return `go: upgraded ${path} ${c.old} => ${c.new}\n${isExpanded ? note : ''}`;
}
