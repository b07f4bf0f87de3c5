/** Versions made of a time and a revision, for commits without a tag (golang.org/x/mod/module). */

import { quote } from '#base/quote.ts';
import { InvalidVersionError } from './errors.ts';
import * as semver from './semver.ts';

const pattern = /^v[0-9]+\.(0\.0-|\d+\.\d+-([^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

export function isPseudoVersion(v: string): boolean {
  return v.split('-').length > 2 && semver.isValid(v) && pattern.test(v);
}

/** The version of a commit: after the tag `older` ("" if there is none), at a time in milliseconds, with a shortened revision. */
export function pseudoVersion(major: string, older: string, time: number, revision: string): string {
  const segment = `${timestamp(time)}-${revision}`;
  const build = semver.build(older);
  const base = semver.canonical(older);
  if (base === '') return `${major === '' ? 'v0' : major}.0.0-${segment}`;
  if (semver.prerelease(base) !== '') return `${base}.0.${segment}${build}`;
  const dot = base.lastIndexOf('.') + 1;
  return `${base.slice(0, dot)}${increment(base.slice(dot))}-0.${segment}${build}`;
}

/** The placeholder that replaced modules have in go.mod ("v0.0.0-00010101000000-000000000000"). */
export function zeroPseudoVersion(major: string): string {
  return `${major === '' ? 'v0' : major}.0.0-00010101000000-000000000000`;
}

export function isZeroPseudoVersion(v: string): boolean {
  return v === zeroPseudoVersion(semver.major(v));
}

export function timestamp(time: number): string {
  return new Date(time).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

function increment(decimal: string): string {
  const m = /^(.*?)(9*)$/.exec(decimal);
  const head = m?.[1] ?? '';
  const zeros = '0'.repeat(m?.[2].length ?? 0);
  return head === '' ? `1${zeros}` : `${head.slice(0, -1)}${Number(head[head.length - 1]) + 1}${zeros}`;
}

/** Of a number above zero. */
function decrement(decimal: string): string {
  const m = /^(.*?)(0*)$/.exec(decimal);
  const head = m?.[1] ?? '';
  const nines = '9'.repeat(m?.[2].length ?? 0);
  const lower = `${head.slice(0, -1)}${Number(head[head.length - 1]) - 1}`;
  return lower === '0' && nines !== '' ? nines : lower + nines;
}

interface Parts {
  readonly base: string;
  readonly timestamp: string;
  readonly revision: string;
  readonly build: string;
}

function parts(v: string): Parts {
  if (!isPseudoVersion(v)) throw new InvalidVersionError(v, 'syntax error', true);
  const build = semver.build(v);
  const text = build === '' ? v : v.slice(0, -build.length);
  const lastDash = text.lastIndexOf('-');
  const revision = text.slice(lastDash + 1);
  const rest = text.slice(0, lastDash);
  const at = Math.max(rest.lastIndexOf('-'), rest.lastIndexOf('.'));
  return { base: rest.slice(0, at), timestamp: rest.slice(at + 1), revision, build };
}

export function pseudoVersionRevision(v: string): string {
  return parts(v).revision;
}

/** Milliseconds since 1970. */
export function pseudoVersionTime(v: string): number {
  const { timestamp: t } = parts(v);
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(t);
  const iso = m === null ? '' : `${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}.000Z`;
  const time = Date.parse(iso);
  // Date.parse takes the 31st of February; Go does not.
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso)
    throw new InvalidVersionError(v, `malformed time ${quote(t)}`, true);
  return time;
}

/** The tag that the version comes after; "" if there is none. */
export function pseudoVersionBase(v: string): string {
  const { base, build } = parts(v);
  const pre = semver.prerelease(base);
  if (pre === '') {
    if (build !== '')
      throw new InvalidVersionError(v, `lacks base version, but has build metadata ${quote(build)}`, true);
    return '';
  }
  if (pre !== '-0') return base.slice(0, -'.0'.length) + build;
  const version = base.slice(0, -pre.length);
  const dot = version.lastIndexOf('.') + 1;
  const patch = version.slice(dot);
  if (/^0+$/.test(patch))
    throw new InvalidVersionError(v, `version before ${version} would have negative patch number`, true);
  return `${version.slice(0, dot)}${decrement(patch)}${build}`;
}
