/** What `list -m -json` and the field Module of packages tell about a module (cmd/go/internal/modinfo ModulePublic). */
import { type Info, parseInfo } from '#mod/fetch.ts';
import * as gover from '#mod/gover.ts';
import { sameVersion, type Version } from '#mod/module.ts';
import { type Modules, needsFetch } from '#mod/modules.ts';
import { type Json, type JsonObject, withText } from './json.ts';

/** In the order of -json (cmd/go/internal/modinfo). */
const fields =
  'Path Version Query Versions Replace Time Update Main Indirect Dir GoMod GoVersion Retracted Deprecated Error Sum GoModSum Origin'.split(
    ' ',
  );
const lists = new Set(['Versions', 'Retracted']);
const flags = new Set(['Main', 'Indirect']);
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

function asObject(v: Json | undefined): JsonObject | null {
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
    return { Path: m.path, Main: true, Dir: main.dir, GoMod: main.modFile, GoVersion: version };
  }
  const isIndirect = !modules.mains.some((x) => x.file.require.some((r) => r.mod.path === m.path && !r.indirect));
  const actual = modules.replacement(m);
  const indirect = isIndirect ? true : undefined;
  if (actual === m) return { ...cached(modules, m, info), Indirect: indirect, ...places(modules, m) };
  const dir = actual.version === '' ? modules.replacementDirectory(actual) : '';
  const place =
    dir === '' ? places(modules, actual) : { Dir: dir, GoMod: `${dir}/go.mod`, GoVersion: goVersionOf(modules, m) };
  const { Dir, GoMod, GoVersion } = place;
  const Replace = { ...(dir === '' ? cached(modules, actual, info) : { Path: actual.path }), ...place };
  return { Path: m.path, Version: m.version, Replace, Indirect: indirect, Dir, GoMod, GoVersion };
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
): { Dir?: string; GoMod?: string; GoVersion?: string; Sum?: string; GoModSum?: string } {
  if (gover.isToolchain(m.path) || modules.vendor !== null) return {};
  const { fetcher, host } = modules;
  const { sums } = fetcher;
  const modKey = { path: m.path, version: `${m.version}/go.mod` };
  const out: { Dir?: string; GoMod?: string; GoVersion?: string; Sum?: string; GoModSum?: string } = {};
  const needs = modules.mode === 'readonly';
  if ((!needs || sums.has(m)) && fetcher.isUnpacked(m)) out.Dir = fetcher.directoryOf(m);
  if (!needs || sums.has(modKey)) {
    const file = fetcher.cachePath(m, 'mod');
    if (host.files.stat(file) !== null) out.GoMod = file;
    const s = modules.summary(m);
    if (s !== needsFetch && s.goVersion !== '') out.GoVersion = s.goVersion;
  }
  const sum = sums.recorded(m);
  const modSum = sums.recorded(modKey);
  if (sum !== '') out.Sum = sum;
  if (modSum !== '') out.GoModSum = modSum;
  return out;
}

/** As a line of `list -m`. */
export function moduleLine(modules: Modules, m: Version): string {
  const text = m.version === '' ? m.path : `${m.path} ${m.version}`;
  const actual = modules.replacement(m);
  if (sameVersion(actual, m)) return text;
  return `${text} => ${actual.path}${actual.version === '' ? '' : ` ${actual.version}`}`;
}
