/** `tuza mod tidy` (cmd/go/internal/modcmd tidy.go). */
import { decodeText } from '#base/bytes.ts';
import { unifiedDiff } from '#base/diff.ts';
import { ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { keepSums } from '#mod/keep-sums.ts';
import type { PackageLoader } from '#mod/load-packages.ts';
import { goVersionPattern } from '#mod/modfile/file.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { tidySums, unusedModules } from '#mod/tidy.ts';
import { plainWrite, updateModFile, writeRequirements } from '#mod/write-back.ts';
import type { ModRequest } from './mod.ts';
import { needModules } from './mod-commands.ts';
import { loadModulePackages, mainPackages, NewestModules } from './module-load.ts';
import { goVersion } from './version.ts';

/** What is wrong with the value of a flag that names a Go version; "" if nothing is. */
export function goFlagProblem(value: string): string {
  const running = goVersion.slice(2);
  if (value === '') return '';
  if (!goVersionPattern.test(value)) return `expecting a Go version like "${running}"`;
  return gover.compare(value, running) > 0 ? `maximum supported Go version is ${running}` : '';
}

export async function runModTidy(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  if (parsed.rest.length > 0) throw new ModError("'go mod tidy' accepts no arguments");
  const modules = needModules(r);
  const go = parsed.text('go', '');
  const isVerbose = parsed.bool('v', false);
  await startRequirements(modules, go);
  const before = modules.requirements;
  const showsCommands = parsed.bool('x', false);
  const loader = await loadModulePackages(modules, null, async () => mainPackages(modules, showsCommands), {
    isAll: true,
    search: new NewestModules(modules),
    withTests: true,
    tidy: { goVersion: go },
    allowErrors: parsed.bool('e', false),
    silentMissingStandard: true,
    isVerbose,
  });
  loader.endIfFailed();
  if (isVerbose) for (const path of await unusedModules(before, loader)) host.stderr(`unused ${path}\n`);
  const { keep, compat } = await tidySums(loader, parsed.text('compat', ''));
  modules.requirements = loader.requirements;
  if (parsed.bool('diff', false)) return tidyDiff(r, loader, keep, compat);
  await writeTidy(loader, keep);
  return 0;
}

/** Writes go.mod and go.sum; of the hashes only those of `keep` stay. */
export async function writeTidy(loader: PackageLoader, keep: ReadonlySet<string>): Promise<void> {
  const { modules } = loader;
  const { sums } = modules.fetcher;
  modules.requirements = loader.requirements;
  sums.trim(keep);
  await sums.write(keep, () => modules.fetcher.sideLock());
  await writeRequirements(modules, loader);
}

/** Prints what would change; the status says whether anything would. */
async function tidyDiff(
  r: ModRequest,
  loader: PackageLoader,
  keep: ReadonlySet<string>,
  compat: string,
): Promise<number> {
  const { modules } = loader;
  const { before, after } = updateModFile(modules, plainWrite);
  const { sums } = modules.fetcher;
  sums.trim(keep);
  // Without Go 1.16 fewer hashes may do.
  const kept = gover.compare(compat, '1.16') > 0 ? await keepSums(loader.requirements, loader, true) : keep;
  const { files } = r.host;
  const old = files.stat(sums.file) === null ? '' : decodeText(files.readFile(sums.file));
  const diffs = [
    unifiedDiff('current/go.mod', before, 'tidy/go.mod', after),
    unifiedDiff('current/go.sum', old, 'tidy/go.sum', sums.text(kept)),
  ].filter((d) => d !== '');
  for (const d of diffs) r.host.stdout(`${d}\n`);
  return diffs.length > 0 ? 1 : 0;
}
