/** Build information in executables: the program's path, its modules, settings (cmd/go/internal/load, setBuildInfo; runtime/debug, BuildInfo). */

import { compareText, encodeText } from '#base/bytes.ts';
import { baseName } from '#base/path.ts';
import { dependenciesOf, type LoadedPackage } from '#load/loader.ts';
import * as gover from '#mod/gover.ts';
import { sameVersion, type Version, versionKey } from '#mod/module.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';
import { levelVariable } from './build-target.ts';
import { defaultGodebug } from './godebug.ts';
import type { Workspace } from './packages.ts';
import { profileOf } from './pgo.ts';
import type { Stamp } from './vcs-stamp.ts';

/** Around the text, so that tools find it (cmd/go/internal/modload, ModInfoData). */
const infoStart = [0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6];
const infoEnd = [0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2];

/** What the linker is given as runtime.modinfo. */
export function moduleInfoBytes(text: string): Uint8Array {
  return Uint8Array.from([...infoStart, ...encodeText(text), ...infoEnd]);
}

/** Throws BuildFlagError. `tested`: the package of a test binary, and the GODEBUG setting of its tests. */
export function buildInfoText(
  options: BuildOptions,
  ws: Workspace,
  p: LoadedPackage,
  tested: { readonly package: LoadedPackage; readonly godebug: string } | null = null,
): string {
  let text = `path\t${p.path}\n`;
  const owner = tested === null ? p : tested.package;
  const main = ws.moduleOf(owner);
  const stamp: Stamp | string = ws.stamps?.stampOf(ws, owner) ?? { version: '', settings: [] };
  if (typeof stamp === 'string') throw new BuildFlagError(stamp, 1);
  if (main !== null) text += moduleLines(options, ws, 'mod', main, stamp.version);
  for (const m of dependencyModules(ws, p, main)) text += moduleLines(options, ws, 'dep', m, '');
  const godebug = tested === null ? defaultGodebug(ws, p) : tested.godebug;
  const list = [...settings(options, godebug), ...stamp.settings];
  const profile = profileOf(options, owner);
  if (profile !== '') {
    // The official command adds it last, and sorts.
    list.push(['-pgo', options.trimpath ? baseName(profile) : profile]);
    list.sort(([a], [b]) => compareText(a, b));
  }
  for (const [key, value] of list)
    text += `build\t${/[=]/.test(key) ? JSON.stringify(key) : quoted(key)}=${quoted(value)}\n`;
  return text;
}

/** As debug.BuildInfo.String quotes. */
function quoted(text: string): string {
  return !/[ \t\r\n"`]/.test(text) ? text : JSON.stringify(text);
}

function moduleLines(options: BuildOptions, ws: Workspace, word: string, m: Version, version: string): string {
  const { modules } = ws;
  if (modules === null) return '';
  const actual = modules.replacement(m);
  const shown = version || m.version || '(devel)';
  if (sameVersion(actual, m)) return `${word}\t${m.path}\t${shown}\t${sumOf(options, ws, m)}\n`;
  const at = actual.version || '(devel)';
  return `${word}\t${m.path}\t${shown}\n=>\t${actual.path}\t${at}\t${sumOf(options, ws, actual)}\n`;
}

function sumOf(options: BuildOptions, ws: Workspace, m: Version): string {
  if (m.version === '' || options.modules.mod === 'vendor' || ws.modules === null || ws.modules.vendor !== null)
    return '';
  return ws.modules.fetcher.sumOf(m);
}

function dependencyModules(ws: Workspace, p: LoadedPackage, main: Version | null): Version[] {
  const found = new Map<string, Version>();
  for (const q of dependenciesOf(p)) {
    const m = ws.moduleOf(q);
    if (m !== null && m.path !== main?.path) found.set(versionKey(m), m);
  }
  return gover.sortModules([...found.values()]);
}

/** In the order of the official command. */
function settings(options: BuildOptions, godebug: string): [string, string][] {
  const { target, env } = options;
  const list: [string, string][] = [];
  const add = (key: string, value: string): void => void list.push([key, value]);
  if (options.asmflags.isGiven) add('-asmflags', options.asmflags.raw);
  add('-buildmode', options.buildMode === 'default' ? 'exe' : options.buildMode);
  add('-compiler', 'gc');
  if (options.gcflags.raw !== '') add('-gcflags', options.gcflags.raw);
  if (options.ldflags.raw !== '' && !options.trimpath) add('-ldflags', options.ldflags.raw);
  if (options.coverage !== null) add('-cover', 'true');
  if (options.tags.length > 0) add('-tags', options.tags.join(','));
  if (options.trimpath) add('-trimpath', 'true');
  if (godebug !== '') add('DefaultGODEBUG', godebug);
  add('CGO_ENABLED', target.cgo ? '1' : '0');
  add('GOARCH', target.goarch);
  if (env.get('GOEXPERIMENT') !== '') add('GOEXPERIMENT', env.get('GOEXPERIMENT'));
  add('GOOS', target.goos);
  const level = levelVariable(target.goarch);
  if (level !== '' && target.level !== '') add(level, target.level);
  return list;
}
