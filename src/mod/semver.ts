/** Semantic versions with a leading v, shortened forms allowed (golang.org/x/mod/semver). Invalid versions come before valid ones. */
import { compareText } from '#base/bytes.ts';

interface Parsed {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** What completes a shortened version: ".0.0", ".0" or "". */
  readonly short: string;
  /** With its "-", or "". */
  readonly prerelease: string;
  /** With its "+", or "". */
  readonly build: string;
}

const number = '(0|[1-9][0-9]*)';
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const pattern = new RegExp(`^v${number}(?:\\.${number}(?:\\.${number}(-${identifiers})?(\\+${identifiers})?)?)?$`);

function parse(v: string): Parsed | null {
  const m = pattern.exec(v);
  if (m === null) return null;
  const [, major, minor, patch, prerelease = '', build = ''] = m;
  // Numeric identifiers of a prerelease have no leading zeros.
  if (
    prerelease !== '' &&
    prerelease
      .slice(1)
      .split('.')
      .some((id) => /^0[0-9]+$/.test(id))
  )
    return null;
  const short = minor === undefined ? '.0.0' : patch === undefined ? '.0' : '';
  return { major, minor: minor ?? '0', patch: patch ?? '0', short, prerelease, build };
}

export function isValid(v: string): boolean {
  return parse(v) !== null;
}

/** Completed and without build metadata; "" if invalid. */
export function canonical(v: string): string {
  const p = parse(v);
  if (p === null) return '';
  return p.build !== '' ? v.slice(0, -p.build.length) : v + p.short;
}

/** "v2" of "v2.1.0". */
export function major(v: string): string {
  const p = parse(v);
  return p === null ? '' : `v${p.major}`;
}

/** "v2.1" of "v2.1.0". */
export function majorMinor(v: string): string {
  const p = parse(v);
  return p === null ? '' : `v${p.major}.${p.minor}`;
}

export function prerelease(v: string): string {
  return parse(v)?.prerelease ?? '';
}

export function build(v: string): string {
  return parse(v)?.build ?? '';
}

export function compare(v: string, w: string): number {
  const p = parse(v);
  const q = parse(w);
  if (p === null || q === null) return p === q ? 0 : p === null ? -1 : 1;
  return (
    compareNumbers(p.major, q.major) ||
    compareNumbers(p.minor, q.minor) ||
    compareNumbers(p.patch, q.patch) ||
    comparePrereleases(p.prerelease, q.prerelease)
  );
}

export function max(v: string, w: string): string {
  const a = canonical(v);
  const b = canonical(w);
  return compare(a, b) > 0 ? a : b;
}

/** Decimal numbers of any length without leading zeros. */
export function compareNumbers(x: string, y: string): number {
  if (x.length !== y.length) return x.length < y.length ? -1 : 1;
  return x < y ? -1 : x > y ? 1 : 0;
}

function comparePrereleases(x: string, y: string): number {
  if (x === y) return 0;
  if (x === '') return 1;
  if (y === '') return -1;
  const a = x.slice(1).split('.');
  const b = y.slice(1).split('.');
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) continue;
    const aIsNumber = /^[0-9]+$/.test(a[i]);
    if (aIsNumber !== /^[0-9]+$/.test(b[i])) return aIsNumber ? -1 : 1;
    if (aIsNumber) return compareNumbers(a[i], b[i]);
    return a[i] < b[i] ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

/** Ascending; equal versions by their text. */
export function sortVersions(list: string[]): string[] {
  return list.sort((a, b) => compare(a, b) || compareText(a, b));
}
