/** The workspace that `get` works in: its modules may have packages that are released nowhere (cmd/go/internal/modget get.go). */
import { parentPath } from '#base/path.ts';
import { ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { readMainModule } from '#mod/main-module.ts';
import { Modules } from '#mod/modules.ts';
import { goVersionOfWork, raiseWorkGo, readWorkFile, writeWorkFile } from '#mod/work-file.ts';
import type { Environment } from './environment.ts';
import { type ModuleOptions, openWorkspace, runningGo, workFileOf } from './modules.ts';
import { absolutePath } from './paths.ts';

export interface WorkspaceModule {
  readonly path: string;
  readonly dir: string;
}

/** The modules of go.work; what is wrong with it is told when it is loaded. */
export function workspaceModules(env: Environment): readonly WorkspaceModule[] {
  const { host } = env;
  const workFile = workFileOf(env);
  if (workFile === '') return [];
  const list: WorkspaceModule[] = [];
  try {
    for (const u of readWorkFile(host, workFile, null).use) {
      const dir = u.path.startsWith('/') ? u.path : absolutePath(host, `${parentPath(workFile)}/${u.path}`);
      if (host.files.stat(`${dir}/go.mod`) !== null)
        list.push({ path: readMainModule(host, dir, runningGo(host)).path, dir });
    }
  } catch (e) {
    if (!(e instanceof ModError)) throw e;
  }
  return list;
}

/** The workspace with the main module as it is to be. Throws. */
export function openWorkspaceWith(env: Environment, goroot: string, options: ModuleOptions, modules: Modules): Modules {
  const ws = openWorkspace(env, goroot, { ...options, modfile: '' }, workFileOf(env));
  const [main] = modules.mains;
  const mains = ws.mains.map((m) => (m.path === main.path ? { ...m, file: main.file } : m));
  return new Modules(ws.fetcher, goroot, mains, ws.choice, ws.work, ws.workFile);
}

/** go.work has to allow the language version of each module. */
export function raiseWorkspace(env: Environment, goVersion: string): void {
  const { host } = env;
  const workFile = workFileOf(env);
  if (workFile === '') return;
  try {
    const work = readWorkFile(host, workFile, runningGo(host));
    if (gover.compare(goVersionOfWork(work), goVersion) >= 0) return;
    raiseWorkGo(work, goVersion);
    writeWorkFile(host, workFile, work);
  } catch (e) {
    if (!(e instanceof ModError)) throw e;
  }
}
