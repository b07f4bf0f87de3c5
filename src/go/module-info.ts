/** What `list -m -json` and the field Module of packages tell about a module (cmd/go/internal/modinfo ModulePublic). */
import { decodeText } from '#base/bytes.ts';
import { ModError } from '#mod/errors.ts';
import type { Info } from '#mod/fetch.ts';
import * as gover from '#mod/gover.ts';
import { parseModFile } from '#mod/modfile/file.ts';
import type { Version } from '#mod/module.ts';
import { parseInfo } from '#mod/module-repo.ts';
import type { Modules } from '#mod/modules.ts';
import { type Json, type JsonObject, withText } from './json.ts';

/** In the order of -json (cmd/go/internal/modinfo). */
const fields =
  'Path Version Query Versions Replace Time Update Main Indirect Dir GoMod GoVersion Retracted Deprecated Error Sum GoModSum Origin Reuse'.split(
    ' ',
  );
const lists = new Set(['Versions', 'Retracted']);
const flags = new Set(['Main', 'Indirect', 'Reuse']);
const objects = new Set(['Replace', 'Update', 'Error', 'Origin', 'Time']);

/** With all fields, so that templates can ask for them. */
export function allFields(d: JsonObject): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const f of fields) out[f] = d[f] ?? (lists.has(f) ? [] : flags.has(f) ? false : objects.has(f) ? null : '');
  for (const name of ['Replace', 'Update']) {
    const other = asObject(out[name]);
    if (other !== null) out[name] = allFields(other);
  }
  withText(out, moduleText(out));
  return out;
}

/** As templates print a module. */
function moduleText(m: JsonObject): string {
  const version = (x: JsonObject): string =>
    `${x.Version}${Array.isArray(x.Retracted) && x.Retracted.length > 0 ? ' (retracted)' : ''}`;
  const described = (x: JsonObject): string => {
    const newer = asObject(x.Update);
    const update = newer === null ? '' : ` [${version(newer)}]`;
    const at = typeof x.Version === 'string' && x.Version !== '' ? ` ${version(x)}${update}` : '';
    return `${x.Path}${at}${x.Deprecated ? ' (deprecated)' : ''}`;
  };
  const replacement = asObject(m.Replace);
  return replacement === null ? described(m) : `${described(m)} => ${described(replacement)}`;
}

export function asObject(v: Json | undefined): JsonObject | null {
  return typeof v === 'object' && v !== null && !isJsonList(v) ? v : null;
}

function isJsonList(
  v: readonly Json[] | JsonObject | ReadonlyMap<string, string>,
): v is readonly Json[] | ReadonlyMap<string, string> {
  return Array.isArray(v) || v instanceof Map;
}

/** Members without a value are left out. */
export function moduleInfo(modules: Modules, m: Version, info: Info | null = null): JsonObject {
  const main = m.version === '' ? modules.mains.find((x) => x.path === m.path) : undefined;
  if (main !== undefined) {
    const version = main.file.go?.value ?? gover.defaultGoModVersion;
    const place = main.dir === '' ? {} : { Dir: main.dir, GoMod: modules.shownModFile || main.modFile };
    return { Path: m.path, Main: true, ...place, GoVersion: version };
  }
  const isIndirect = !modules.requirements.direct.has(m.path);
  const actual = modules.replacement(m);
  const indirect = isIndirect ? true : undefined;
  if (actual === m) return { ...cached(modules, m, info), Indirect: indirect, ...places(modules, m) };
  const dir = actual.version === '' ? modules.replacementDirectory(actual) : '';
  const place =
    dir === '' ? places(modules, actual) : { Dir: dir, GoMod: `${dir}/go.mod`, GoVersion: goVersionOf(modules, m) };
  const { GoVersion } = place;
  // With a vendor directory nobody says where a module's own directory is.
  const { Dir, GoMod } = modules.vendor === null ? place : { Dir: undefined, GoMod: undefined };
  const Replace = { ...(dir === '' ? cached(modules, actual, info) : { Path: actual.path }), ...place };
  return { Path: m.path, Version: m.version, Replace, Indirect: indirect, Dir, GoMod, GoVersion };
}

/** Of a version that was asked for by name: it is told itself, not what replaces it, and go.sum need not know it. */
export function namedModuleInfo(modules: Modules, m: Version, info: Info | null): JsonObject {
  return { ...cached(modules, m, info), ...places(modules, m, false) };
}

function goVersionOf(modules: Modules, m: Version): string | undefined {
  return modules.goVersionOf(m) || undefined;
}

function cached(modules: Modules, m: Version, given: Info | null): JsonObject {
  if (gover.isToolchain(m.path) || modules.vendor !== null) return { Path: m.path, Version: m.version };
  const info = given ?? storedInfo(modules, m);
  return { Path: m.path, Version: m.version, Time: info?.time };
}

function storedInfo(modules: Modules, m: Version): Info | null {
  const file = modules.fetcher.cachePath(m, 'info');
  return modules.host.files.stat(file) === null ? null : parseInfo(modules.host.files.readFile(file));
}

/** Where a module version is in the cache, and its hashes. */
function places(
  modules: Modules,
  m: Version,
  needs = modules.mustHaveSums,
): { Dir?: string; GoMod?: string; GoVersion?: string; Sum?: string; GoModSum?: string } {
  if (gover.isToolchain(m.path) || modules.vendor !== null) return {};
  const { fetcher, host } = modules;
  const { sums } = fetcher;
  const modKey = { path: m.path, version: `${m.version}/go.mod` };
  const out: { Dir?: string; GoMod?: string; GoVersion?: string; Sum?: string; GoModSum?: string } = {};
  if ((!needs || sums.has(m)) && fetcher.isUnpacked(m)) out.Dir = fetcher.directoryOf(m);
  if (!needs || sums.has(modKey)) {
    const file = fetcher.cachePath(m, 'mod');
    if (host.files.stat(file) !== null) out.GoMod = file;
    const version = goLineOf(modules, m);
    if (version !== '') out.GoVersion = version;
  }
  const sum = sums.recorded(m);
  const modSum = sums.recorded(modKey);
  if (sum !== '') out.Sum = sum;
  if (modSum !== '') out.GoModSum = modSum;
  return out;
}

/** The go line of a version's own go.mod file, if the cache has that. */
function goLineOf(modules: Modules, m: Version): string {
  const file = modules.fetcher.cachePath(m, 'mod');
  if (modules.host.files.stat(file) === null) return '';
  try {
    return parseModFile('go.mod', decodeText(modules.host.files.readFile(file)), null, false).go?.value ?? '';
  } catch (e) {
    if (!(e instanceof ModError)) throw e;
    return '';
  }
}
