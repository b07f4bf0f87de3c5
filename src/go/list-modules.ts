/** `tuza list -m`: modules instead of packages (cmd/go/internal/modload list.go). */
import type { Host } from '#host/host.ts';
import { asError, ModError } from '#mod/errors.ts';
import type { Info } from '#mod/fetch.ts';
import * as gover from '#mod/gover.ts';
import type { Graph } from '#mod/graph.ts';
import type { Version } from '#mod/module.ts';
import { type Modules, needsFetch } from '#mod/modules.ts';
import { queryVersion } from '#mod/query.ts';
import * as semver from '#mod/semver.ts';
import type { Json, JsonObject } from './json.ts';
import type { Listing } from './list-package.ts';
import { allFields, moduleInfo, moduleLine } from './module-info.ts';
import { moduleOptionsOf, openModules } from './modules.ts';
import type { ParsedFlags } from './tool-flags.ts';

interface Listed {
  readonly module: Version;
  readonly query: string;
  readonly error: string;
}

const noGoMod = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

export async function listModules(
  host: Host,
  goroot: string,
  parsed: ParsedFlags,
  print: (l: Listing) => void,
): Promise<number> {
  const modules = openModules(host, goroot, moduleOptionsOf(parsed, 'list'));
  if (modules === null) throw new ModError(noGoMod);
  const wanted = parsed.rest;
  const needsGraph = wanted.some((a) => !modules.isMain(a));
  const graph = needsGraph ? await graphOf(modules) : null;
  const list: Listed[] = [];
  if (wanted.length === 0)
    for (const m of modules.mains) list.push({ module: { path: m.path, version: '' }, query: '', error: '' });
  for (const a of wanted) list.push(...(await matches(modules, graph, a)));
  const failed = list.filter((l) => l.error !== '');
  for (const l of failed) host.stderr(`go: ${l.error}\n`);
  const update = parsed.bool('u', false);
  const versions = parsed.bool('versions', false);
  const found = list.filter((l) => l.error === '');
  const described = await Promise.all(found.map((l) => describe(modules, l, update, versions)));
  found.forEach((l, i) => {
    const d = described[i];
    if (parsed.has('f') || parsed.count('json') > 0) print(allFields(d));
    else host.stdout(`${lineOf(modules, l.module, d, versions)}\n`);
  });
  return failed.length > 0 && !parsed.bool('e', false) ? 1 : 0;
}

async function graphOf(modules: Modules): Promise<Graph> {
  for (;;) {
    const g = modules.graph();
    if (g !== needsFetch) return g;
    await modules.fetchWanted();
  }
}

async function matches(modules: Modules, graph: Graph | null, argument: string): Promise<Listed[]> {
  const listed = (module: Version, query = ''): Listed => ({ module, query, error: '' });
  const all = graph?.buildList().filter((m) => !gover.isToolchain(m.path)) ?? [];
  if (argument === 'all') return all.map((m) => listed(m));
  if (argument.includes('...')) {
    const source = argument.split('...').map((s) => s.replace(/[\\^$*+?()[\]{}|.]/g, '\\$&'));
    const pattern = new RegExp(`^${source.join('.*').replace(/\/\.\*$/, '(/.*)?')}$`);
    const found = all.filter((m) => pattern.test(m.path)).map((m) => listed(m));
    if (found.length === 0) modules.host.stderr(`go: warning: pattern "${argument}" matched no module dependencies\n`);
    return found;
  }
  const at = argument.indexOf('@');
  const path = at < 0 ? argument : argument.slice(0, at);
  if (modules.isMain(path)) return [listed({ path, version: '' })];
  const selected = graph?.selected(path) ?? 'none';
  if (at < 0) {
    if (selected !== 'none') return [listed({ path, version: selected })];
    return [{ module: { path, version: '' }, query: '', error: `module ${path}: not a known dependency` }];
  }
  const query = argument.slice(at + 1);
  try {
    const info = await queryVersion(modules.fetcher, path, query, selected === 'none' ? '' : selected);
    return [listed({ path, version: info.version }, query)];
  } catch (e) {
    return [{ module: { path, version: query }, query, error: asError(e).message }];
  }
}

async function describe(modules: Modules, l: Listed, update: boolean, versions: boolean): Promise<JsonObject> {
  const m = l.module;
  const actual = modules.replacement(m);
  let info: Info | null = null;
  if (actual.version !== '' && !gover.isToolchain(m.path) && modules.vendor === null) {
    try {
      info = await modules.fetcher.stat(actual.path, actual.version);
    } catch (e) {
      return { ...moduleInfo(modules, m), Error: { Err: asError(e).message } };
    }
  }
  const extra: Record<string, Json> = {};
  if (l.query !== '' && l.query !== m.version) extra.Query = l.query;
  if (versions && m.version !== '') extra.Versions = await modules.fetcher.versions(actual.path);
  if (update && m.version !== '' && actual.version !== '') {
    const newest = await queryVersion(modules.fetcher, m.path, 'upgrade', m.version);
    if (semver.compare(newest.version, m.version) > 0)
      extra.Update = { Path: m.path, Version: newest.version, Time: newest.time };
  }
  return { ...moduleInfo(modules, m, info), ...extra };
}

function lineOf(modules: Modules, m: Version, d: JsonObject, versions: boolean): string {
  if (versions && Array.isArray(d.Versions)) return [m.path, ...d.Versions].join(' ');
  const update = d.Update;
  const newer =
    typeof update === 'object' && update !== null && 'Version' in update ? ` [${String(update.Version)}]` : '';
  const line = moduleLine(modules, m);
  const arrow = line.indexOf(' => ');
  return newer === '' ? line : arrow < 0 ? line + newer : line.slice(0, arrow) + newer + line.slice(arrow);
}
