/** `tuza mod download` (cmd/go/internal/modcmd download.go). */

import { goModHash } from '#mod/dirhash.ts';
import { failureOf, ModError } from '#mod/errors.ts';
import type { Fetcher, Info } from '#mod/fetch.ts';
import type { Version } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { writeRequirements } from '#mod/write-back.ts';
import { formatJson, type JsonObject } from './json.ts';
import { describeModules, errorOf, plainMode } from './list-modules.ts';
import type { ModRequest } from './mod.ts';
import { loadGraph } from './mod-commands.ts';
import { tellModError } from './mod-errors.ts';
import { asObject } from './module-info.ts';
import { openModules, rootlessModules } from './modules.ts';
import { readReused } from './reuse.ts';
import { needsSwitch, tellOrSwitch } from './toolchain-switch.ts';

interface Download {
  readonly module: Version;
  readonly query: JsonObject['Query'];
  readonly origin: JsonObject['Origin'];
  /** Told before, and unchanged. */
  readonly reused: boolean;
  info: Info | null;
  error: string;
  /** Why the download failed. */
  failure: Error | null;
  /** The zip file has been fetched, and is right. */
  hasZip: boolean;
}

export async function runModDownload(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  const given = openModules(r.host, r.goroot, r.options);
  const modules = given ?? rootlessModules(host, r.goroot, r.options, 'mod');
  if (given !== null) await startRequirements(modules);
  const isExplicit = parsed.rest.length > 0;
  const args = given === null || isExplicit ? parsed.rest : await ownModules(modules);
  for (const a of args)
    if (given !== null && modules.mains.some((m) => [m.path, `${m.path}@upgrade`, `${m.path}@patch`].includes(a)))
      host.stderr(`go: skipping download of ${a} that resolves to the main module\n`);
  if (args.length === 0) {
    if (given === null) throw new ModError("no modules specified (see 'go help mod download')");
    host.stderr('go: no module dependencies to download\n');
    return 0;
  }
  const reuse = parsed.text('reuse', '');
  if (reuse !== '' && given !== null) {
    host.stderr('go mod download -reuse cannot be used inside a module\n');
    return 1;
  }
  const reused = readReused(host, reuse);
  const { modules: found, error } = await describeModules(modules, args, plainMode, false, reused);
  // Nobody who fetches all there is wants all its hashes in go.sum.
  const savesAll = given !== null && (isExplicit || modules.work !== null);
  if (given !== null && !savesAll) await writeRequirements(modules, null);
  const list = found.flatMap((m) => downloadOf(asObject(m.Replace) ?? m));
  if (error !== null && needsSwitch(host, [error])) await tellOrSwitch(host, [error]);
  await Promise.all(list.map((d) => download(modules.fetcher, d)));
  const failures = list.flatMap((d) => (d.failure === null ? [] : [d.failure]));
  if ((isExplicit || modules.work !== null) && needsSwitch(host, failures)) await tellOrSwitch(host, failures);
  let status = 0;
  if (parsed.bool('json', false)) {
    for (const d of list) host.stdout(`${formatJson(downloadJson(modules.fetcher, d))}\n`);
    if (list.some((d) => d.error !== '')) status = 1;
  } else {
    const failed = list.filter((d) => d.error !== '');
    for (const d of failed) tellModError(host, new ModError(d.error));
    if (failed.length > 0) return 1;
  }
  if (savesAll) {
    try {
      await writeRequirements(modules, null);
    } catch (e) {
      status = tellModError(host, e);
    }
  }
  return error === null ? status : tellModError(host, error);
}

/** Without arguments: all that go.mod names, which since Go 1.17 is all that the module's packages need. */
async function ownModules(modules: Modules): Promise<readonly string[]> {
  if (modules.work !== null) return ['all'];
  const required = modules.mains[0].file.require.map((q) => q.mod.path);
  if (modules.requirements.pruning !== 'pruned') return required.length > 0 ? ['all'] : [];
  await loadGraph(modules);
  return required;
}

function downloadOf(m: JsonObject): Download[] {
  const module = { path: String(m.Path), version: typeof m.Version === 'string' ? m.Version : '' };
  const error = errorOf(m);
  if (module.version === '' && error === '') return [];
  return [
    {
      module,
      query: m.Query,
      origin: m.Origin,
      reused: m.Reuse === true,
      info: null,
      error,
      failure: null,
      hasZip: false,
    },
  ];
}

async function download(fetcher: Fetcher, d: Download): Promise<void> {
  if (d.error !== '' || d.reused) return;
  try {
    d.info = await fetcher.stat(d.module.path, d.module.version);
    await fetcher.goMod(d.module);
    // The zip file may be gone though the module is unpacked.
    await fetcher.downloadZip(d.module);
    d.hasZip = true;
    await fetcher.download(d.module);
  } catch (e) {
    d.failure = failureOf(e);
    d.error = d.failure.message;
  }
}

function downloadJson(fetcher: Fetcher, d: Download): JsonObject {
  const { path, version } = d.module;
  const named = { Path: path, Version: version || undefined, Query: d.query };
  const { files } = fetcher.config.host;
  // What was fetched before the failure is told, too.
  const cached = (suffix: string): string | undefined => {
    if (d.info === null) return undefined;
    const file = fetcher.cachePath(d.module, suffix);
    return files.stat(file) === null ? undefined : file;
  };
  const goMod = cached('mod');
  const zip = d.hasZip ? cached('zip') : undefined;
  return {
    ...named,
    Error: d.error || undefined,
    Info: cached('info'),
    GoMod: goMod,
    Zip: zip,
    Dir: d.hasZip && d.error === '' ? fetcher.directoryOf(d.module) : undefined,
    Sum: zip === undefined ? undefined : fetcher.sumOf(d.module),
    GoModSum: goMod === undefined ? undefined : goModHash(fetcher.config.host, files.readFile(goMod)),
    Origin: d.origin ?? d.info?.origin ?? undefined,
    Reuse: d.reused ? true : undefined,
  };
}
