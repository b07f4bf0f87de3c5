/** `tuza mod graph` and verify. */

import { DirectoryHash } from '#mod/dirhash.ts';
import { asError, ModError } from '#mod/errors.ts';
import type { Fetcher } from '#mod/fetch.ts';
import * as gover from '#mod/gover.ts';
import type { Graph } from '#mod/graph.ts';
import { type Version, versionText } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { pruningOf, Requirements } from '#mod/requirements.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { expandGraph } from '#mod/update-roots.ts';
import { gopathWithModFile } from './environment.ts';
import type { ModRequest } from './mod.ts';
import { noGoModFile, openModules } from './modules.ts';

export function needModules(r: ModRequest): Modules {
  const modules = openModules(r.host, r.goroot, r.options);
  if (modules === null || gopathWithModFile(r.env) !== '') throw new ModError(noGoModFile);
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
  // What was not unpacked to its end is not there.
  const hasDirectory = host.files.stat(dir) !== null && host.files.stat(fetcher.cachePath(m, 'partial')) === null;
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
