/** Language versions: go1.N is the number N; 0 stands for no or an invalid version, which allows everything. */
import type { Checker } from './checker.ts';
import { type Poser, versionErrorf } from './errors.ts';
import type { FormatArg } from './format.ts';

export type GoVersion = number;

export const go1_9 = 9;
export const go1_13 = 13;
export const go1_14 = 14;
export const go1_17 = 17;
export const go1_18 = 18;
export const go1_20 = 20;
export const go1_21 = 21;
export const go1_22 = 22;
export const go1_23 = 23;
export const go1_26 = 26;
export const go_current = 26;

const syntax = /^go1(?:\.(0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)|(?:rc|beta|alpha)[0-9]+)?)?$/;

/** The language version of a version string such as "go1.20.1" or "go1.21rc2"; 0 if it is invalid. */
export function asGoVersion(v: string): GoVersion {
  const m = syntax.exec(v);
  return m === null ? 0 : Number(m[1] ?? 0);
}

export function versionString(v: GoVersion): string {
  return v === 0 ? '' : `go1.${v}`;
}

/** Whether the version in force allows what came with `want`. */
export function allowVersion(c: Checker, want: GoVersion): boolean {
  return c.version === 0 || c.version >= want;
}

/** As allowVersion; reports an error about what is described if it is not allowed. */
export function verifyVersionf(c: Checker, at: Poser, want: GoVersion, text: string, ...args: FormatArg[]): boolean {
  if (allowVersion(c, want)) return true;
  versionErrorf(c, at, want, text, ...args);
  return false;
}

export { versionErrorf };
