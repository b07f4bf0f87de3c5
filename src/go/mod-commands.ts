/** `tuza mod download`, graph, init and verify. */
import { encodeText } from '#base/bytes.ts';
import { DirectoryHash } from '#mod/dirhash.ts';
import { asError, ModError } from '#mod/errors.ts';
import type { Fetcher, Info } from '#mod/fetch.ts';
import * as gover from '#mod/gover.ts';
import type { Graph } from '#mod/graph.ts';
import { addModule, setGo } from '#mod/modfile/edit.ts';
import { ModFile } from '#mod/modfile/file.ts';
import { formatFile } from '#mod/modfile/print.ts';
import { FileSyntax } from '#mod/modfile/syntax.ts';
import { checkImportPath, type Version, versionText } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { isRevisionQuery, Queries } from '#mod/query.ts';
import { pruningOf, Requirements } from '#mod/requirements.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { expandGraph } from '#mod/update-roots.ts';
import { formatJson, type JsonObject } from './json.ts';
import type { ModRequest } from './mod.ts';
import { noGoModFile, openModules, rootlessModules } from './modules.ts';
import { goVersion } from './version.ts';

export function needModules(r: ModRequest): Modules {
  const modules = openModules(r.host, r.goroot, r.options);
  if (modules === null) throw new ModError(noGoModFile);
  return modules;
}

/** The module graph, with roots that fit it. */
export async function loadGraph(modules: Modules): Promise<Graph> {
  await startRequirements(modules);
  const { requirements, graph } = await expandGraph(modules.requirements);
  modules.requirements = requirements;
  return graph;
}

export async function runModGraph(r: ModRequest): Promise<number> {
  if (r.parsed.rest.length > 0) throw new ModError("'go mod graph' accepts no arguments");
  const modules = needModules(r);
  const g = await graphOf(modules, r.parsed.text('go', ''));
  let out = '';
  g.breadthFirst((m) => {
    for (const q of g.requiredBy(m) ?? []) out += `${versionText(m)} ${versionText(q)}\n`;
  });
  r.host.stdout(out);
  return 0;
}

/** As a Go version sees it; "" is that of go.mod. */
async function graphOf(modules: Modules, version: string): Promise<Graph> {
  if (version === '') return loadGraph(modules);
  await startRequirements(modules);
  const rs = modules.requirements;
  if (gover.compare(rs.goVersion, gover.goStrictVersion) >= 0 && gover.compare(version, rs.goVersion) < 0)
    throw new ModError(`requested Go version ${version} cannot load module graph (requires Go >= ${rs.goVersion})`);
  const pruning = pruningOf(version);
  // The roots stay as they are, though they may not fit that graph.
  if (pruning !== 'unpruned' || rs.pruning === 'unpruned') return rs.graph();
  return new Requirements(modules, pruning, rs.roots, rs.direct).graph();
}

export async function runModInit(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  if (parsed.rest.length > 1) throw new ModError("'go mod init' accepts at most one argument");
  const dir = host.workingDirectory();
  const path = `${dir}/go.mod`;
  if (host.files.stat(path) !== null) throw new ModError(`${path} already exists`);
  const [name] = parsed.rest;
  if (name === undefined) {
    throw new ModError(
      `cannot determine module path for source directory ${dir} (outside GOPATH, module path must be specified)\n\nExample usage:\n\t'go mod init example.com/m' to initialize a v0 or v1 module\n\t'go mod init example.com/m/v2' to initialize a v2 module\n\nRun 'go help mod init' for more information.`,
    );
  }
  const bad = checkImportPath(name);
  if (bad !== null) {
    const isLocal = /^\.\.?(\/|$)/.test(name);
    throw new ModError(
      isLocal
        ? `malformed module path "${name}": is a local import path`
        : bad.message.replace('import path', 'module path'),
    );
  }
  host.stderr(`go: creating new go.mod: module ${name}\n`);
  const file = new ModFile(new FileSyntax('go.mod'));
  addModule(file, name);
  setGo(file, goVersion.slice(2));
  host.files.writeFile(path, encodeText(formatFile(file.syntax)));
  const visible = host.files.readDirectory(dir).filter((e) => !/^[._]/.test(e.name));
  if (visible.some((e) => e.isDirectory || e.name.endsWith('.go')))
    host.stderr('go: to add module requirements and sums:\n\tgo mod tidy\n');
  return 0;
}

interface Download {
  readonly module: Version;
  readonly query: string;
  info: Info | null;
  error: string;
}

export async function runModDownload(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  const modules = openModules(r.host, r.goroot, r.options);
  const queries = new Queries(modules ?? rootlessModules(host, r.goroot, r.options, 'mod'));
  const { fetcher } = queries;
  let args = parsed.rest;
  const explicit = args.length > 0;
  if (!explicit && modules !== null) {
    const [main] = modules.mains;
    args =
      modules.requirements.pruning !== 'pruned'
        ? main.file.require.length > 0
          ? ['all']
          : []
        : main.file.require.map((q) => q.mod.path);
  }
  if (args.length === 0) {
    host.stderr(
      modules !== null
        ? 'go: no module dependencies to download\n'
        : "go: no modules specified (see 'go help mod download')\n",
    );
    return modules !== null ? 0 : 1;
  }
  const graph = modules === null ? null : await loadGraph(modules);
  const list: Download[] = [];
  for (const a of args) list.push(...(await targetsOf(a, modules, graph, queries)));
  await Promise.all(list.map((d) => download(fetcher, d)));
  if (parsed.bool('json', false)) for (const d of list) host.stdout(`${formatJson(downloadJson(fetcher, d))}\n`);
  else
    for (const d of list)
      if (d.error !== '') host.stderr(d.error.startsWith('verifying ') ? `${d.error}\n` : `go: ${d.error}\n`);
  if (modules !== null && graph !== null) {
    const keep = keptSums(modules, graph, explicit || modules.work !== null);
    await fetcher.sums.write(keep, () => fetcher.sideLock());
  }
  return list.some((d) => d.error !== '') ? 1 : 0;
}

/** The go.sum keys that the module graph needs: go.mod files of all modules in it, and zips of those selected. */
export function keptSums(modules: Modules, graph: Graph, withZips: boolean): Set<string> {
  const keep = new Set<string>();
  const add = (m: Version, suffix: string): void => {
    const actual = modules.replacement(m);
    if (actual.version !== '' && !gover.isToolchain(m.path)) keep.add(`${actual.path} ${actual.version}${suffix}`);
  };
  graph.breadthFirst((m) => {
    if (graph.requiredBy(m) !== null) add(m, '/go.mod');
  });
  for (const m of withZips ? graph.buildList() : []) {
    add(m, '');
    add(m, '/go.mod');
  }
  return keep;
}

async function targetsOf(
  argument: string,
  modules: Modules | null,
  graph: Graph | null,
  queries: Queries,
): Promise<Download[]> {
  const target = (module: Version, query = ''): Download => ({
    module: modules?.replacement(module) ?? module,
    query,
    info: null,
    error: '',
  });
  if (argument === 'all' && graph !== null)
    return graph
      .buildList()
      .filter((m) => m.version !== '' && !gover.isToolchain(m.path))
      .map((m) => target(m))
      .filter((d) => d.module.version !== '');
  const at = argument.indexOf('@');
  const path = at < 0 ? argument : argument.slice(0, at);
  const query = at < 0 ? '' : argument.slice(at + 1);
  if (modules?.isMain(path) === true) {
    if (at < 0 || query === 'upgrade' || query === 'patch')
      modules.host.stderr(`go: skipping download of ${argument} that resolves to the main module\n`);
    return [];
  }
  const selected = graph?.selected(path) ?? 'none';
  if (query === '' && selected !== 'none') {
    const d = target({ path, version: selected });
    return d.module.version === '' ? [] : [d];
  }
  try {
    const allowed = isRevisionQuery(path, query || 'latest') ? undefined : queries.checkAllowed;
    const info = await queries.query(path, query || 'latest', selected, allowed);
    return [target({ path, version: info.version }, query || 'latest')];
  } catch (e) {
    return [{ module: { path, version: query }, query, info: null, error: asError(e).message }];
  }
}

async function download(fetcher: Fetcher, d: Download): Promise<void> {
  if (d.error !== '') return;
  try {
    d.info = await fetcher.stat(d.module.path, d.module.version);
    await fetcher.goMod(d.module);
    await fetcher.download(d.module);
  } catch (e) {
    d.error = asError(e).message;
  }
}

function downloadJson(fetcher: Fetcher, d: Download): JsonObject {
  const { path, version } = d.module;
  const query = d.query !== '' && d.query !== version ? d.query : undefined;
  if (d.error !== '') return { Path: path, Version: version || undefined, Query: query, Error: d.error };
  return {
    Path: path,
    Version: version,
    Query: query,
    Info: fetcher.cachePath(d.module, 'info'),
    GoMod: fetcher.cachePath(d.module, 'mod'),
    Zip: fetcher.cachePath(d.module, 'zip'),
    Dir: fetcher.directoryOf(d.module),
    Sum: fetcher.sumOf(d.module),
    GoModSum: goModSum(fetcher, d.module),
    Origin: d.info?.origin ?? undefined,
  };
}

function goModSum(fetcher: Fetcher, m: Version): string {
  const h = new DirectoryHash(fetcher.config.host);
  h.add('go.mod', fetcher.config.host.files.readFile(fetcher.cachePath(m, 'mod')));
  return h.finish();
}

export async function runModVerify(r: ModRequest): Promise<number> {
  if (r.parsed.rest.length > 0) throw new ModError('verify takes no arguments');
  const modules = needModules(r);
  const g = await loadGraph(modules);
  let ok = true;
  for (const m of g.buildList()) {
    if (m.version === '' || gover.isToolchain(m.path)) continue;
    for (const problem of await verifyModule(modules.fetcher, m)) {
      r.host.stderr(`${problem}\n`);
      ok = false;
    }
  }
  if (ok) r.host.stdout('all modules verified\n');
  return ok ? 0 : 1;
}

async function verifyModule(fetcher: Fetcher, m: Version): Promise<string[]> {
  const { host } = fetcher.config;
  const zip = fetcher.cachePath(m, 'zip');
  const dir = fetcher.directoryOf(m);
  const hasZip = host.files.stat(zip) !== null;
  const hasDirectory = host.files.stat(dir) !== null;
  const sum = fetcher.sumOf(m);
  if (sum === '') {
    if (!hasZip && !hasDirectory) return [];
    return [`${m.path} ${m.version}: missing ziphash: open ${zip}hash: no such file or directory`];
  }
  const problems: string[] = [];
  if (hasZip) {
    const hash = new DirectoryHash(host);
    try {
      await host.archives?.unzip(host.files.readFile(zip), (name, content) => hash.add(name, content));
    } catch (e) {
      return [`${m.path} ${m.version}: zip: ${asError(e).message}`];
    }
    if (hash.finish() !== sum) problems.push(`${m.path} ${m.version}: zip has been modified (${zip})`);
  }
  if (hasDirectory) {
    const hash = new DirectoryHash(host);
    const walk = (d: string, name: string): void => {
      for (const e of host.files.readDirectory(d)) {
        if (e.isDirectory) walk(`${d}/${e.name}`, `${name}/${e.name}`);
        else hash.add(`${name}/${e.name}`, host.files.readFile(`${d}/${e.name}`));
      }
    };
    walk(dir, versionText(m));
    if (hash.finish() !== sum) problems.push(`${m.path} ${m.version}: dir has been modified (${dir})`);
  }
  return problems;
}
