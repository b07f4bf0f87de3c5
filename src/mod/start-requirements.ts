/** What a command starts with: the requirements of the files, made consistent as far as that can be seen without the graph (cmd/go/internal/modload loadModFile). */

import { resolveVersions } from './main-module.ts';
import { setGo } from './modfile/edit.ts';
import type { Modules } from './modules.ts';
import { Queries } from './query.ts';
import { pruningOf } from './requirements.ts';
import { convertPruning, updateRoots } from './update-roots.ts';

/**
 * Every command that loads packages or may write go.mod calls this first. A missing go line is added where go.mod may be changed: the running
 * version, or `goVersion`. Throws DirtyError.
 */
export async function startRequirements(modules: Modules, goVersion = ''): Promise<void> {
  const queries = new Queries(modules);
  const query = async (path: string, version: string): Promise<string> =>
    (await queries.query(path, version, '')).version;
  let isFixed = false;
  for (const main of modules.mains) if (await resolveVersions(modules.host, main, query)) isFixed = true;
  if (isFixed) modules.reread();
  if (modules.work !== null || modules.vendor !== null) return;
  let rs = modules.requirements;
  if (rs.hasRedundantRoot()) rs = await updateRoots(rs, rs.direct, [], []);
  const [{ file }] = modules.mains;
  const { command } = modules.fetcher.config;
  if (file.go === null && modules.mode === 'mod' && command !== 'mod graph' && command !== 'mod why') {
    const version = goVersion || modules.fetcher.config.goVersion;
    setGo(file, version);
    rs = rs.withRoots([{ path: 'go', version }]);
    // What there was is of a Go that prunes nothing.
    rs = await convertPruning(rs, pruningOf(version));
  }
  modules.requirements = rs;
}
