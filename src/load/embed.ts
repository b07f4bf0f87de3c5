/** `//go:embed`: patterns of directives, and the files they mean (go/build parseGoEmbed, cmd/go resolveEmbed). */
import { compareText, encodeText } from '#base/bytes.ts';
import { type FileSet, NoPos, type Pos } from '#base/source.ts';
import { unquote } from '#constant/literal.ts';
import { textOf } from '#constant/representation.ts';
import type { Files } from '#host/host.ts';
import { scanDirectives } from '#syntax/scan-comments.ts';
import type { GoFile } from './package-files.ts';

export interface EmbedPattern {
  readonly pattern: string;
  /** Where it stands in the directive's text, with its quotes. */
  readonly at: number;
}

/** The patterns of a directive's text ("go:embed a b"); null if it is no embed directive or wrong. */
export function placedPatterns(text: string): EmbedPattern[] | null {
  const m = /^go:embed(?:\s+(.*))?$/s.exec(text.trimEnd());
  if (m === null) return null;
  const list: EmbedPattern[] = [];
  const end = text.trimEnd().length;
  let rest = (m[1] ?? '').trimStart();
  while (rest !== '') {
    let size: number;
    const at = end - rest.length;
    if (rest[0] === '"' || rest[0] === '`') {
      const literal = (rest[0] === '`' ? /^`[^`]*`/ : /^"(?:[^"\\\n]|\\.)*"/).exec(rest);
      if (literal === null) return null;
      const value = unquote(literal[0]);
      size = literal[0].length;
      if (value === null || (size < rest.length && !/\s/.test(rest[size]))) return null;
      list.push({ pattern: textOf(value), at });
    } else {
      const word = /^\S+/.exec(rest);
      size = word === null ? rest.length : word[0].length;
      list.push({ pattern: rest.slice(0, size), at });
    }
    rest = rest.slice(size).trimStart();
  }
  return list;
}

export function embedPatterns(text: string): string[] | null {
  return placedPatterns(text)?.map((p) => p.pattern) ?? null;
}

/** Where a pattern stands in the files of a package. */
export function patternPosition(files: Files, fileSet: FileSet, sources: readonly GoFile[], pattern: string): Pos {
  for (const f of sources) {
    // A file that embeds imports "embed".
    const source = f.embeds.includes(pattern) ? fileSet.file(f.importPositions[0]) : null;
    if (source === null) continue;
    for (const d of scanDirectives(files.readFile(f.path))) {
      const found = placedPatterns(d.text)?.find((p) => p.pattern === pattern);
      if (found !== undefined) return source.base + d.offset + encodeText(d.text.slice(0, found.at)).length;
    }
  }
  return NoPos;
}

export interface EmbeddedFiles {
  /** All files, relative to the package's directory, sorted. */
  readonly files: string[];
  /** The files of each pattern. */
  readonly byPattern: Map<string, string[]>;
}

export class EmbedError extends Error {
  readonly pattern: string;

  constructor(pattern: string, message: string) {
    super(`pattern ${pattern}: ${message}`);
    this.name = 'EmbedError';
    this.pattern = pattern;
  }
}

/** The files that patterns mean; throws EmbedError. */
export function resolveEmbed(files: Files, dir: string, patterns: readonly string[]): EmbeddedFiles {
  const byPattern = new Map<string, string[]>();
  const all = new Set<string>();
  for (const pattern of patterns) {
    const list = resolvePattern(files, dir, pattern);
    byPattern.set(pattern, list);
    for (const f of list) all.add(f);
  }
  return { files: sorted(all), byPattern };
}

function sorted(set: Iterable<string>): string[] {
  return [...set].sort(compareText);
}

function resolvePattern(files: Files, dir: string, pattern: string): string[] {
  const hidden = pattern.startsWith('all:');
  const glob = hidden ? pattern.slice(4) : pattern;
  if (!isValidPattern(glob)) throw new EmbedError(pattern, 'invalid pattern syntax');
  const found = new Set<string>();
  for (const path of matchGlob(files, dir, glob, pattern)) {
    const info = entry(files, dir, path);
    if (info === null) continue;
    const what = info.isDirectory ? 'directory' : 'file';
    checkPath(files, dir, path, what, pattern);
    if (info.isSymlink) throw new EmbedError(pattern, `cannot embed irregular file ${path}`);
    if (!info.isDirectory) found.add(path);
    else if (addDirectory(files, dir, path, hidden, found, pattern) === 0) {
      throw new EmbedError(pattern, `cannot embed directory ${path}: contains no embeddable files`);
    }
  }
  if (found.size === 0) throw new EmbedError(pattern, 'no matching files found');
  return sorted(found);
}

/** The directory entry of a path below dir, symbolic links not followed. */
function entry(files: Files, dir: string, path: string): { isDirectory: boolean; isSymlink: boolean } | null {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? dir : `${dir}/${path.slice(0, slash)}`;
  if (files.stat(parent)?.isDirectory !== true) return null;
  return files.readDirectory(parent).find((e) => e.name === path.slice(slash + 1)) ?? null;
}

/** Directories on the way must belong to the module and have names that a module zip can hold. */
function checkPath(files: Files, dir: string, path: string, what: string, pattern: string): void {
  const parts = path.split('/');
  for (let n = parts.length; n > 0; n--) {
    const prefix = parts.slice(0, n).join('/');
    if (files.stat(`${dir}/${prefix}/go.mod`) !== null) {
      throw new EmbedError(pattern, `cannot embed ${what} ${path}: in different module`);
    }
    if (n < parts.length && entry(files, dir, prefix)?.isDirectory !== true) {
      throw new EmbedError(pattern, `cannot embed ${what} ${path}: in non-directory ${prefix}`);
    }
    const name = parts[n - 1];
    if (!isBadName(name)) continue;
    const where = n === parts.length ? `invalid name ${name}` : `in invalid directory ${name}`;
    throw new EmbedError(pattern, `cannot embed ${what} ${path}: ${where}`);
  }
}

function addDirectory(
  files: Files,
  dir: string,
  path: string,
  hidden: boolean,
  found: Set<string>,
  pattern: string,
): number {
  let count = 0;
  for (const e of files.readDirectory(`${dir}/${path}`)) {
    const below = `${path}/${e.name}`;
    const isHidden = e.name[0] === '.' || e.name[0] === '_';
    if (isBadName(e.name) || (isHidden && !hidden)) {
      if (e.isDirectory || isHidden) continue;
      throw new EmbedError(pattern, `cannot embed file ${below}: invalid name ${e.name}`);
    }
    if (e.isDirectory) {
      if (files.stat(`${dir}/${below}/go.mod`) === null)
        count += addDirectory(files, dir, below, hidden, found, pattern);
    } else if (!e.isSymlink) {
      found.add(below);
      count++;
    }
  }
  return count;
}

/** Names that cannot be in a module zip (module.CheckFilePath), and version control directories. */
function isBadName(name: string): boolean {
  if (name === '' || name === '.bzr' || name === '.hg' || name === '.git' || name === '.svn') return true;
  if (/["'*<>?`|/\\:]/.test(name) || name.endsWith('.') || name === '..') return true;
  for (const c of name) {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f || (code >= 0x80 && !/^\p{L}$/u.test(c))) return true;
  }
  const short = name.split('.')[0].toUpperCase();
  return /^(CON|PRN|AUX|NUL|COM[1-9]|LPT[1-9])$/.test(short);
}

/** A slash-separated path without empty, "." and ".." elements, whose glob syntax is right. */
function isValidPattern(glob: string): boolean {
  if (glob === '.' || glob === '') return false;
  if (!glob.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return false;
  return glob.split('/').every((part) => globRegExp(part) !== null);
}

/** path.Match's syntax for one element as a regular expression; null if it is wrong. */
function globRegExp(part: string): RegExp | null {
  let source = '';
  for (let i = 0; i < part.length; i++) {
    const c = part[i];
    if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (c === '[') {
      const m = /^\[(\^?)((?:\\.|[^\]\\])+)\]/su.exec(part.slice(i));
      if (m === null || /^-|-$|--/.test(m[2])) return null;
      source += `[${m[1]}${m[2].replace(/\[/g, '\\[').replace(/\^/g, '\\^')}]`;
      i += m[0].length - 1;
    } else if (c === '\\') {
      if (++i >= part.length) return null;
      source += escapeRegExp(part[i]);
    } else source += escapeRegExp(c);
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return null;
  }
}

function escapeRegExp(c: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c;
}

/** Paths below dir that match; a plain element is looked up without listing. */
function matchGlob(files: Files, dir: string, glob: string, pattern: string): string[] {
  let prefixes = [''];
  for (const part of glob.split('/')) {
    const next: string[] = [];
    const plain = !/[*?[\\]/.test(part);
    const re = globRegExp(part);
    if (re === null) throw new EmbedError(pattern, 'invalid pattern syntax');
    for (const prefix of prefixes) {
      const base = prefix === '' ? dir : `${dir}/${prefix}`;
      const join = (name: string): string => (prefix === '' ? name : `${prefix}/${name}`);
      if (plain) {
        if (entry(files, dir, join(part)) !== null) next.push(join(part));
      } else if (files.stat(base)?.isDirectory === true) {
        for (const e of files.readDirectory(base)) if (re.test(e.name)) next.push(join(e.name));
      }
    }
    prefixes = next;
  }
  return prefixes;
}
