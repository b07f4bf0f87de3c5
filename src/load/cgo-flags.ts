/** `#cgo` lines of cgo preambles (go/build saveCgo). */
import { cleanPath } from '#base/path.ts';
import { evalConstraint, parseGoBuild, parsePlusBuild } from '#syntax/constraint.ts';
import { type BuildTarget, tagHolds } from './target.ts';

export interface CgoFlags {
  readonly cflags: string[];
  readonly cppflags: string[];
  readonly cxxflags: string[];
  readonly fflags: string[];
  readonly ldflags: string[];
  readonly pkgConfig: string[];
}

export function emptyCgoFlags(): CgoFlags {
  return { cflags: [], cppflags: [], cxxflags: [], fflags: [], ldflags: [], pkgConfig: [] };
}

const verbs: Record<string, keyof CgoFlags> = {
  CFLAGS: 'cflags',
  CPPFLAGS: 'cppflags',
  CXXFLAGS: 'cxxflags',
  FFLAGS: 'fflags',
  LDFLAGS: 'ldflags',
  'pkg-config': 'pkgConfig',
};

/** Adds the flags of a preamble (its text without comment markers); an error's text, or "". */
export function addCgoFlags(flags: CgoFlags, t: BuildTarget, dir: string, preamble: string): string {
  for (const original of preamble.split('\n')) {
    const line = original.trim();
    if (!/^#cgo[ \t]/.test(line)) continue;
    const words = line.split(/\s+/);
    if (words.length === 3 && (words[1] === 'nocallback' || words[1] === 'noescape')) continue;
    const colon = line.indexOf(':');
    const head = line
      .slice(4, colon < 0 ? undefined : colon)
      .split(/\s+/)
      .filter((w) => w !== '');
    if (colon < 0 || head.length === 0) return `invalid #cgo line: ${original}`;
    const verb = head[head.length - 1];
    const conditions = head.slice(0, -1);
    if (conditions.length > 0 && !conditions.some((c) => conditionHolds(t, c))) continue;
    const args = splitQuoted(line.slice(colon + 1));
    if (args === null) return `invalid #cgo line: ${original}`;
    for (let i = 0; i < args.length; i++) {
      const expanded = expandSourceDir(args[i], dir);
      if (expanded === null) return `malformed #cgo argument: ${args[i]}`;
      args[i] = expanded;
    }
    const list = verbs[verb];
    if (list === undefined) return `invalid #cgo verb: ${original}`;
    if (list !== 'pkgConfig') makePathsAbsolute(args, dir);
    flags[list].push(...args);
  }
  return '';
}

/** A condition in either syntax of constraints. */
function conditionHolds(t: BuildTarget, text: string): boolean {
  const x = /[&|()]/.test(text) ? parseGoBuild(`//go:build ${text}`) : parsePlusBuild(`// +build ${text}`);
  return x !== null && evalConstraint(x, (tag) => tagHolds(t, tag));
}

function isSafe(s: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII but the listed characters is unsafe
  return s !== '' && !/[\x00-\x1f"#&'()*;<>?[\\\]`{|}\x7f]/.test(s);
}

/** Replaces ${SRCDIR}; null if the result is not safe to hand to a compiler. */
function expandSourceDir(text: string, dir: string): string | null {
  const chunks = text.split(`\${SRCDIR}`);
  if (chunks.length < 2) return isSafe(text) ? text : null;
  if (!chunks.every((c) => c === '' || isSafe(c)) || (dir !== '' && !isSafe(dir))) return null;
  const result = chunks.join(dir);
  return result === '' ? null : result;
}

function makePathsAbsolute(args: string[], dir: string): void {
  let nextIsPath = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (nextIsPath) {
      if (!arg.startsWith('/')) args[i] = cleanPath(`${dir}/${arg}`);
      nextIsPath = false;
    } else if (arg.startsWith('-I') || arg.startsWith('-L')) {
      if (arg.length === 2) nextIsPath = true;
      else if (arg[2] !== '/') args[i] = arg.slice(0, 2) + cleanPath(`${dir}/${arg.slice(2)}`);
    }
  }
}

/** Words separated by white space; quotes and backslashes as in a shell. Null if a quote is not closed. */
export function splitQuoted(text: string): string[] | null {
  const args: string[] = [];
  let arg = '';
  let quote = '';
  let quoted = false;
  let escaped = false;
  for (const c of text) {
    if (escaped) escaped = false;
    else if (c === '\\') {
      escaped = true;
      continue;
    } else if (quote !== '') {
      if (c === quote) {
        quote = '';
        continue;
      }
    } else if (c === '"' || c === "'") {
      quoted = true;
      quote = c;
      continue;
    } else if (/\s/.test(c)) {
      if (quoted || arg !== '') args.push(arg);
      quoted = false;
      arg = '';
      continue;
    }
    arg += c;
  }
  if (quoted || arg !== '') args.push(arg);
  return quote !== '' || escaped ? null : args;
}
