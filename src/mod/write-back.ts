/** Writes requirements back to go.mod, and hashes to go.sum (cmd/go/internal/modload init.go, commitRequirements). */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileError } from '#host/host.ts';
import { ModError } from './errors.ts';
import * as gover from './gover.ts';
import { keepSums, type LoadedPackages } from './keep-sums.ts';
import type { MainModule } from './main-module.ts';
import {
  addWord,
  cleanUpFile,
  dropToolchain,
  dropWord,
  setGo,
  setRequire,
  setRequireSeparateIndirect,
  setToolchain,
} from './modfile/edit.ts';
import type { ModFile } from './modfile/file.ts';
import { formatFile } from './modfile/print.ts';
import { versionKey } from './module.ts';
import { DirtyError, type Modules } from './modules.ts';

export interface WriteOptions {
  /** get toolchain@none */
  readonly dropToolchain: boolean;
  /** get toolchain@go1.N: stays even if it says nothing new. */
  readonly explicitToolchain: boolean;
  /** get -tool */
  readonly addTools: readonly string[];
  readonly dropTools: readonly string[];
}

export const plainWrite: WriteOptions = {
  dropToolchain: false,
  explicitToolchain: false,
  addTools: [],
  dropTools: [],
};

/** What a go.mod file says that matters; the rest is how it says it. */
export interface ModFileIndex {
  readonly path: string;
  readonly go: string;
  readonly toolchain: string;
  /** Version keys, and whether the line has `// indirect`. */
  readonly require: ReadonlyMap<string, boolean>;
  readonly replace: ReadonlyMap<string, string>;
  readonly exclude: ReadonlySet<string>;
}

export function indexModFile(file: ModFile): ModFileIndex {
  return {
    path: file.module?.value ?? '',
    go: file.go?.value ?? '',
    toolchain: file.toolchain?.value ?? '',
    require: new Map(file.require.map((r) => [versionKey(r.mod), r.indirect])),
    replace: new Map(file.replace.map((r) => [versionKey(r.old), versionKey(r.new)])),
    exclude: new Set(file.exclude.map((x) => versionKey(x.mod))),
  };
}

/** Whether the file says something else than it did. */
function isDirty(main: MainModule, modules: Modules): boolean {
  const { file, index } = main;
  const next = indexModFile(file);
  if (main.isFixed || next.path !== index.path || next.go !== index.go || next.toolchain !== index.toolchain)
    return true;
  if (
    file.require.length !== index.require.size ||
    file.replace.length !== index.replace.size ||
    file.exclude.length !== index.exclude.size
  )
    return true;
  for (const [key, indirect] of next.require) {
    const before = index.require.get(key);
    // `// indirect` is only right after tidying, so that a wrong one is no reason to refuse the file.
    if (before === undefined || (before !== indirect && modules.mode !== 'readonly')) return true;
  }
  for (const [key, to] of next.replace) if (index.replace.get(key) !== to) return true;
  return [...next.exclude].some((key) => !index.exclude.has(key));
}

/** Makes the main module's file say what the current requirements are; nothing is written. Throws TooNewError. */
export function updateModFile(modules: Modules, options: WriteOptions): { before: string; after: string } {
  const [{ file }] = modules.mains;
  const before = formatFile(file.syntax);
  const rs = modules.requirements;
  const list = rs.roots
    .filter((m) => !gover.isToolchain(m.path))
    .map((mod) => ({ mod, indirect: !rs.direct.has(mod.path) }));
  const { goVersion } = rs;
  const { running } = modules.fetcher.config;
  if (gover.compare(goVersion, running.version) > 0) throw new gover.TooNewError('updating go.mod', goVersion, running);
  if (file.go?.value !== goVersion) {
    // Without a go line 1.16 is meant; only commands that are there to change the file say so.
    const always = modules.mode === 'mod';
    if (file.go !== null || goVersion !== gover.defaultGoModVersion || always) setGo(file, goVersion);
  }
  const toolchain = rs.rootVersion('toolchain') ?? `go${goVersion}`;
  const isOld = gover.compare(gover.fromToolchain(toolchain), gover.goStrictVersion) < 0;
  if (options.dropToolchain || toolchain === `go${goVersion}` || (isOld && !options.explicitToolchain))
    dropToolchain(file);
  else setToolchain(file, toolchain);
  for (const path of options.addTools) addWord(file, 'tool', path);
  for (const path of options.dropTools) dropWord(file, 'tool', path);
  if (gover.compare(goVersion, gover.separateIndirectVersion) < 0) setRequire(file, list);
  else setRequireSeparateIndirect(file, list);
  cleanUpFile(file);
  return { before, after: formatFile(file.syntax) };
}

/**
 * Writes go.mod and go.sum where -mod=mod allows it; throws DirtyError where it does not and go.mod would have to say something else. In
 * workspaces only go.work.sum is written. `loaded`: the packages that the command has loaded.
 */
export async function writeRequirements(
  modules: Modules,
  loaded: LoadedPackages | null,
  options: WriteOptions = plainWrite,
): Promise<void> {
  const [main] = modules.mains;
  if (modules.work === null) {
    if (main === undefined || main.modFile === '') return;
    const { after } = updateModFile(modules, options);
    const dirty = isDirty(main, modules) || options.addTools.length > 0 || options.dropTools.length > 0;
    if (dirty && modules.mode !== 'mod') throw new DirtyError(modules);
    if (dirty || modules.fetcher.config.command === 'mod tidy') await writeModFile(modules, main, after, dirty);
  }
  if (modules.fetcher.config.command === 'mod init') return;
  const keep = await keepSums(modules.requirements, loaded, true);
  await modules.fetcher.sums.write(keep, () => modules.fetcher.sideLock(), modules.mustBeComplete);
}

async function writeModFile(modules: Modules, main: MainModule, text: string, dirty: boolean): Promise<void> {
  const { host } = modules;
  const unlock = await modules.fetcher.sideLock();
  try {
    const there = host.files.stat(main.modFile) === null ? '' : decodeText(host.files.readFile(main.modFile));
    if (there !== text) {
      if (there !== main.text) throw new ModError('updating go.mod: existing contents have changed since last read');
      host.files.overwrite(main.modFile, encodeText(text));
    }
    main.isFixed = false;
    main.text = text;
    main.index = indexModFile(main.file);
  } catch (e) {
    if (!(e instanceof FileError) || e.code !== 'EOVERLAY') throw e;
    if (dirty)
      throw new ModError('updates to go.mod needed, but go.mod is part of the overlay specified with -overlay', e);
  } finally {
    unlock();
  }
}
