/** What a command starts with: the requirements of the files, made consistent as far as that can be seen without the graph (cmd/go/internal/modload loadModFile). */
import { setGo } from './modfile/edit.ts';
import type { Modules } from './modules.ts';
import { pruningOf } from './requirements.ts';
import { convertPruning, updateRoots } from './update-roots.ts';

/**
 * Every command that loads packages or may write go.mod calls this first. A missing go line is added where go.mod may be changed: the running
 * version, or `goVersion`. Throws DirtyError.
 */
export async function startRequirements(modules: Modules, goVersion = ''): Promise<void> {
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
