/** Module paths and versions: which are allowed, how they are escaped in file names (golang.org/x/mod/module). */

import { quote, quoteRune } from '#base/quote.ts';
import { InvalidVersionError, ModError, ModuleError } from './errors.ts';
import * as semver from './semver.ts';

export interface Version {
  readonly path: string;
  /** "" for main modules, replacement directories and "none". */
  readonly version: string;
}

export function versionText(m: Version): string {
  return m.version === '' ? m.path : `${m.path}@${m.version}`;
}

/** One string per module version, for maps. */
export function versionKey(m: Version): string {
  return `${m.path}@${m.version}`;
}

export function sameVersion(a: Version, b: Version): boolean {
  return a.path === b.path && a.version === b.version;
}

export type PathKind = 'module' | 'import' | 'file';

export class InvalidPathError extends ModError {
  /** Tools have import paths. */
  readonly kind: PathKind | 'tool';
  readonly path: string;
  readonly reason: string;

  constructor(kind: PathKind | 'tool', path: string, reason: string) {
    super(`malformed ${kind} path ${quote(path)}: ${reason}`);
    this.kind = kind;
    this.path = path;
    this.reason = reason;
  }
}

/** What is wrong with a module path; null if nothing is. */
export function checkPath(path: string): InvalidPathError | null {
  const reason = modulePathProblem(path);
  return reason === '' ? null : new InvalidPathError('module', path, reason);
}

function modulePathProblem(path: string): string {
  const general = pathProblem(path, 'module');
  if (general !== '') return general;
  const first = path.split('/')[0];
  if (first === '') return 'leading slash';
  if (!first.includes('.')) return 'missing dot in first path element';
  if (first[0] === '-') return 'leading dash in first path element';
  for (const c of first)
    if (!/[-.0-9a-z]/.test(c)) return `invalid char ${quoteRune(c.codePointAt(0) ?? 0)} in first path element`;
  return splitPathVersion(path) === null ? 'invalid version' : '';
}

export function checkImportPath(path: string): InvalidPathError | null {
  const reason = pathProblem(path, 'import');
  return reason === '' ? null : new InvalidPathError('import', path, reason);
}

export function checkFilePath(path: string): InvalidPathError | null {
  const reason = pathProblem(path, 'file');
  return reason === '' ? null : new InvalidPathError('file', path, reason);
}

function pathProblem(path: string, kind: PathKind): string {
  if (path.includes('\ufffd')) return 'invalid UTF-8';
  if (path === '') return 'empty string';
  if (path[0] === '-' && kind !== 'file') return 'leading dash';
  if (path.includes('//')) return 'double slash';
  if (path.endsWith('/')) return 'trailing slash';
  for (const e of path.split('/')) {
    const problem = elementProblem(e, kind);
    if (problem !== '') return problem;
  }
  return '';
}

const allowed: Readonly<Record<PathKind, RegExp>> = {
  module: /^[-._~0-9A-Za-z]$/,
  import: /^[-._~0-9A-Za-z+]$/,
  file: /^(?:[0-9A-Za-z!#$%&()+,\-.=@[\]^_{}~ ]|(?![\0-\x7f])\p{L})$/u,
};

const windowsName = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

function elementProblem(e: string, kind: PathKind): string {
  if (e === '') return 'empty path element';
  if (/^\.+$/.test(e)) return `invalid path element ${quote(e)}`;
  if (e[0] === '.' && kind === 'module') return 'leading dot in path element';
  if (e.endsWith('.')) return 'trailing dot in path element';
  for (const c of e) if (!allowed[kind].test(c)) return `invalid char ${quoteRune(c.codePointAt(0) ?? 0)}`;
  const short = e.split('.')[0];
  if (windowsName.test(short)) return `${quote(short)} disallowed as path element component on Windows`;
  if (kind !== 'file' && /~[0-9]+$/.test(short)) return 'trailing tilde and digits in path element';
  return '';
}

/** "example.com/m" and "/v2" of "example.com/m/v2"; null if what looks like a major version is none. */
export function splitPathVersion(path: string): { prefix: string; major: string } | null {
  if (path.startsWith('gopkg.in/')) {
    const m = /^(.+)(\.v([0-9]+)(?:-unstable)?)$/s.exec(path);
    if (m === null || (m[3].startsWith('0') && m[2] !== '.v0')) return null;
    return { prefix: m[1], major: m[2] };
  }
  const m = /^(.+)(\/v([0-9.]+))$/s.exec(path);
  if (m === null) return { prefix: path, major: '' };
  if (m[3].includes('.') || m[3].startsWith('0') || m[2] === '/v1') return null;
  return { prefix: m[1], major: m[2] };
}

/** The major version suffix of a path; "" if there is none. */
export function pathMajorOf(path: string): string {
  return splitPathVersion(path)?.major ?? '';
}

/** Whether a version belongs to a path's major version suffix; what is wrong if not. */
export function checkPathMajor(v: string, pathMajor: string): InvalidVersionError | null {
  let want = pathMajor;
  if (want.startsWith('.v') && want.endsWith('-unstable')) want = want.slice(0, -'-unstable'.length);
  // gopkg.in's v0 pseudo-versions of old stand for v1.
  if (v.startsWith('v0.0.0-') && want === '.v1') return null;
  const m = semver.major(v);
  if (want === '') {
    if (m === 'v0' || m === 'v1' || semver.build(v) === '+incompatible') return null;
    want = 'v0 or v1';
  } else {
    want = want.slice(1);
    if (m === want) return null;
  }
  return new InvalidVersionError(v, `should be ${want}, not ${m}`);
}

export function matchPathMajor(v: string, pathMajor: string): boolean {
  return checkPathMajor(v, pathMajor) === null;
}

/** "v2" of "/v2" and ".v2-unstable"; "" of "". */
export function pathMajorPrefix(pathMajor: string): string {
  return pathMajor === '' ? '' : pathMajor.slice(1).replace(/-unstable$/, '');
}

/** Canonical, with "+incompatible" kept; "" if invalid. */
export function canonicalVersion(v: string): string {
  const c = semver.canonical(v);
  return semver.build(v) === '+incompatible' ? `${c}+incompatible` : c;
}

/** Whether path and version are well-formed and fit each other (module.Check). */
export function checkModule(path: string, version: string): Error | null {
  const bad = checkPath(path);
  if (bad !== null) return bad;
  if (!semver.isValid(version))
    return new ModuleError(path, '', new InvalidVersionError(version, 'not a semantic version'));
  const mismatch = checkPathMajor(version, pathMajorOf(path));
  return mismatch === null ? null : new ModuleError(path, '', mismatch);
}

function escapeUpper(s: string): string {
  return s.replace(/[A-Z]/g, (c) => `!${c.toLowerCase()}`);
}

/** As file names have it: capital letters are "!" and the small letter. Throws InvalidPathError. */
export function escapePath(path: string): string {
  const bad = checkPath(path);
  if (bad !== null) throw bad;
  return escapeUpper(path);
}

export function escapeVersion(v: string): string {
  if (elementProblem(v, 'file') !== '' || v.includes('!'))
    throw new InvalidVersionError(v, 'disallowed version string');
  return escapeUpper(v);
}

/** The reverse; null if the text is no escaped path. */
export function unescapePath(escaped: string): string | null {
  const path = unescapeText(escaped);
  return path === null || checkPath(path) !== null ? null : path;
}

export function unescapeVersion(escaped: string): string | null {
  const v = unescapeText(escaped);
  return v === null || elementProblem(v, 'file') !== '' ? null : v;
}

function unescapeText(s: string): string | null {
  if (/[A-Z\u0080-\uffff]|!(?![a-z])/.test(s)) return null;
  return s.replace(/!([a-z])/g, (_, c: string) => c.toUpperCase());
}

/** Whether a glob of a comma-separated list matches the path or a prefix of it that ends at a slash (GOPRIVATE). */
export function matchPrefixPatterns(globs: string, target: string): boolean {
  for (const g of globs.split(',')) {
    const glob = g.replace(/\/$/, '');
    if (glob === '') continue;
    const n = glob.split('/').length;
    const parts = target.split('/');
    if (parts.length < n) continue;
    if (matchGlob(glob, parts.slice(0, n).join('/'))) return true;
  }
  return false;
}

/** path.Match; a malformed pattern matches nothing. */
export function matchGlob(glob: string, name: string): boolean {
  let source = '';
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i];
    if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (c === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end < 0) return false;
      source += glob.slice(i, end + 1);
      i = end;
    } else {
      const literal = c === '\\' ? glob[++i] : c;
      if (literal === undefined) return false;
      source += literal.replace(/[\\^$*+?()[\]{}|./]/g, '\\$&');
    }
  }
  try {
    return new RegExp(`^${source}$`, 'us').test(name);
  } catch (e) {
    if (e instanceof SyntaxError) return false;
    throw e;
  }
}
