/** The replacements of a build: those of go.work, then those of the main modules (cmd/go/internal/modload init.go, makeMainModules). */
import { JoinedErrors, ModError } from './errors.ts';
import type { MainModule } from './main-module.ts';
import type { Replace } from './modfile/file.ts';
import type { WorkFile } from './modfile/work.ts';
import { sameVersion, type Version, versionKey, versionText } from './module.ts';
import { join } from './modules.ts';

export interface Replacement {
  readonly old: Version;
  readonly new: Version;
  /** The main module whose file says it; null: go.work. */
  readonly from: MainModule | null;
}

/** Throws ModError if files contradict each other. */
export function replacementsOf(mains: readonly MainModule[], work: WorkFile | null): Replacement[] {
  const wrong: Error[] = [];
  const paths = new Set<string>();
  for (const m of mains) {
    if (paths.has(m.path)) wrong.push(new ModError(`module ${m.path} appears multiple times in workspace`));
    paths.add(m.path);
  }
  const list: Replacement[] = [];
  const byWork = new Set<string>();
  for (const r of work?.replace ?? []) {
    if (paths.has(r.old.path) && r.old.version === '')
      wrong.push(
        new ModError(
          `workspace module ${r.old.path} is replaced at all versions in the go.work file. To fix, remove the replacement from the go.work file or specify the version at which to replace the module.`,
        ),
      );
    byWork.add(r.old.path);
    list.push({ old: r.old, new: r.new, from: null });
  }
  if (wrong.length > 0) throw new JoinedErrors(wrong);
  for (const m of mains) {
    const before = new Map(list.map((r) => [versionKey(r.old), r]));
    for (const r of m.file.replace) {
      if (byWork.has(r.old.path)) continue;
      const to = absolute(r, m, work);
      const other = before.get(versionKey(r.old));
      if (other !== undefined && !sameVersion(other.new, to)) {
        const name = versionText(r.old);
        throw new ModError(
          `conflicting replacements for ${name}:\n\t${versionText(other.new)}\n\t${versionText(to)}\nuse "go work edit -replace ${name}=[override]" to resolve`,
        );
      }
      list.push({ old: r.old, new: to, from: m });
    }
  }
  return list;
}

/** In a workspace relative paths of different files start in different directories. */
function absolute(r: Replace, main: MainModule, work: WorkFile | null): Version {
  if (work === null || r.new.version !== '' || r.new.path.startsWith('/')) return r.new;
  return { path: join(main.dir, r.new.path), version: '' };
}
