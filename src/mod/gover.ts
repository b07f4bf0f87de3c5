/** Go versions ("1.21", "1.21rc2", "1.21.3") and names of toolchains ("go1.21.3-custom"): cmd/go/internal/gover, internal/gover. */
import { ModError } from './errors.ts';
import type { Version } from './module.ts';
import * as semver from './semver.ts';

/** A module without a go line. */
export const defaultGoModVersion = '1.16';
export const defaultGoWorkVersion = '1.18';
/** From here on "all" means what the main module's packages and their tests need, not more. */
export const narrowAllVersion = '1.16';
/** From here on go.mod lists every module that is needed: the graph is pruned. */
export const explicitIndirectVersion = '1.17';
export const separateIndirectVersion = '1.17';
/** From here on tidy keeps the hashes that checking its own work needs. */
export const tidyGoModSumVersion = '1.21';
export const goStrictVersion = '1.21';
/** From here on vendor/modules.txt has to name every package of a vendor directory. */
export const explicitModulesTxtVersion = '1.23';

interface Parsed {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  readonly kind: string;
  readonly pre: string;
}

const none: Parsed = { major: '', minor: '', patch: '', kind: '', pre: '' };
const pattern = /^(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)|([a-z]+)(0|[1-9]\d*)?)?)?$/;

function parse(v: string): Parsed {
  const m = pattern.exec(v);
  if (m === null) return none;
  const [, major, minor, patch, kind = '', pre = ''] = m;
  if (minor === undefined) return { major, minor: '0', patch: '0', kind: '', pre: '' };
  // Before 1.21 "1.20" is the release; since then it comes before "1.21rc1" and "1.21.0".
  const implied = kind === '' && semver.compareNumbers(minor, '21') < 0 ? '0' : '';
  return { major, minor, patch: patch ?? implied, kind, pre };
}

export function isValid(v: string): boolean {
  return parse(v) !== none;
}

export function compare(x: string, y: string): number {
  const a = parse(x);
  const b = parse(y);
  return (
    semver.compareNumbers(a.major, b.major) ||
    semver.compareNumbers(a.minor, b.minor) ||
    semver.compareNumbers(a.patch, b.patch) ||
    (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) ||
    semver.compareNumbers(a.pre, b.pre)
  );
}

export function max(x: string, y: string): string {
  return compare(x, y) < 0 ? y : x;
}

/** "1.21" of "1.21rc2" and "1.21.3". */
export function lang(v: string): string {
  const p = parse(v);
  return p.minor === '' || (p.major === '1' && p.minor === '0') ? p.major : `${p.major}.${p.minor}`;
}

/** A language version such as "1.21", no release. */
export function isLang(v: string): boolean {
  const p = parse(v);
  return p !== none && p.patch === '' && p.kind === '' && p.pre === '';
}

export function isPrerelease(v: string): boolean {
  return parse(v).kind !== '';
}

/** The language version before. */
export function previous(v: string): string {
  const p = parse(v);
  return semver.compareNumbers(p.minor, '1') <= 0 ? p.major : `${p.major}.${Number(p.minor) - 1}`;
}

/** "1.21.3" of "go1.21.3-custom"; "" of no such name. */
export function fromToolchain(name: string): string {
  if (!name.startsWith('go') || /[\\/]/.test(name)) return '';
  const v = name.slice(2).replace(/[ \t-].*$/s, '');
  return isValid(v) ? v : '';
}

/** The modules that stand for the language version and the toolchain in the module graph. */
export function isToolchain(path: string): boolean {
  return path === 'go' || path === 'toolchain';
}

function toolchainVersion(name: string): string {
  return isValid(name) ? name : fromToolchain(name);
}

/** Compares versions of a module; "go" and "toolchain" have Go's versions. */
export function compareVersions(path: string, x: string, y: string): number {
  if (path === 'go') return compare(x, y);
  if (path === 'toolchain') return compare(toolchainVersion(x), toolchainVersion(y));
  return semver.compare(x, y);
}

export function isValidVersion(path: string, v: string): boolean {
  if (path === 'go') return isValid(v);
  if (path === 'toolchain') return isValid(fromToolchain(v));
  return semver.isValid(v);
}

/** Whether "v1" or "v1.2" is only the beginning of a version. */
export function isVersionPrefix(path: string, v: string): boolean {
  if (path === 'go') return isLang(v);
  if (path === 'toolchain') return isLang(fromToolchain(v));
  return !/[-+]/.test(v) && v.split('.').length < 3;
}

export function isPrereleaseVersion(path: string, v: string): boolean {
  if (path === 'go') return isPrerelease(v);
  if (path === 'toolchain') return isPrerelease(fromToolchain(v));
  return semver.prerelease(v) !== '';
}

export function majorMinor(path: string, v: string): string {
  if (path === 'go') return lang(v);
  if (path === 'toolchain') return `go${lang(fromToolchain(v))}`;
  return semver.majorMinor(v);
}

/** By path, then version; hashes of go.mod files ("v1.0.0/go.mod") after those of the module. */
export function compareModules(a: Version, b: Version): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  const [v, file = ''] = cutSlash(a.version);
  const [w, other = ''] = cutSlash(b.version);
  if (v !== w) return compareVersions(a.path, v, w);
  return file < other ? -1 : file > other ? 1 : 0;
}

function cutSlash(v: string): string[] {
  const i = v.indexOf('/');
  return i < 0 ? [v] : [v.slice(0, i), v.slice(i)];
}

export function sortModules<T extends Version>(list: T[]): T[] {
  return list.sort(compareModules);
}

/** The Go that is at work. */
export interface RunningGo {
  /** "1.26.8". */
  readonly version: string;
  /** What made it the chosen one, for messages: "; GOTOOLCHAIN=local"; "" if nothing did. */
  readonly explain: string;
}

/** `toolchain` is GOTOOLCHAIN, which is told where it keeps a newer Go from being used. */
export function runningVersion(version: string, toolchain: string): RunningGo {
  return { version, explain: toolchain === '' || toolchain === 'auto' ? '' : `; GOTOOLCHAIN=${toolchain}` };
}

/** A go.mod or go.work file asks for a newer Go than this is. */
export class TooNewError extends ModError {
  readonly what: string;
  readonly goVersion: string;
  /** The toolchain line of that file; "" without one. */
  readonly toolchain: string;

  constructor(what: string, goVersion: string, running: RunningGo, toolchain = '') {
    super(`${what} requires go >= ${goVersion} (running go ${running.version}${running.explain})`);
    this.what = what;
    this.goVersion = goVersion;
    this.toolchain = toolchain;
  }
}
