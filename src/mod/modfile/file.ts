/** What a go.mod file says, and where (golang.org/x/mod/modfile File). */

import { isPrint, quote, unquote } from '#base/quote.ts';
import { InvalidVersionError, ModError, ModuleError } from '../errors.ts';
import { canonicalVersion, checkPathMajor, splitPathVersion, type Version } from '../module.ts';
import { ModFileError, parseSyntax } from './parse.ts';
import type { FileSyntax, Line, LineBlock } from './syntax.ts';

export interface Interval {
  readonly low: string;
  readonly high: string;
}

/** A directive with one text: module, go, toolchain, tool, ignore. */
export interface Word {
  value: string;
  line: Line;
}

export interface Godebug {
  key: string;
  value: string;
  line: Line;
}

export interface Require {
  mod: Version;
  indirect: boolean;
  line: Line;
}

export interface Exclude {
  mod: Version;
  line: Line;
}

export interface Replace {
  old: Version;
  new: Version;
  line: Line;
}

export interface Retract {
  interval: Interval;
  rationale: string;
  line: Line;
}

export class ModFile {
  readonly syntax: FileSyntax;
  module: Word | null;
  /** Why the module should not be used any more; "" if it may be. */
  deprecated: string;
  go: Word | null;
  toolchain: Word | null;
  godebug: Godebug[];
  require: Require[];
  exclude: Exclude[];
  replace: Replace[];
  retract: Retract[];
  tool: Word[];
  ignore: Word[];

  constructor(syntax: FileSyntax) {
    this.syntax = syntax;
    this.module = null;
    this.deprecated = '';
    this.go = null;
    this.toolchain = null;
    this.godebug = [];
    this.require = [];
    this.exclude = [];
    this.replace = [];
    this.retract = [];
    this.tool = [];
    this.ignore = [];
  }
}

/** Makes a version that a file names canonical; throws what is wrong with it. Null: versions must be canonical. */
export type VersionFixer = ((path: string, version: string) => string) | null;

/** All that is wrong with a file. */
export class ModFileErrors extends ModError {
  readonly list: readonly Error[];

  constructor(list: readonly Error[]) {
    super(list.map((e) => e.message).join('\n'), list.length > 0 ? list[0] : null);
    this.list = list;
  }
}

/** Strict for the main module; lax files, those of dependencies, may say what is not known here. Throws. */
export function parseModFile(name: string, text: string, fix: VersionFixer = null, strict = true): ModFile {
  const syntax = parseSyntax(name, text);
  const reader = new Reader(new ModFile(syntax), fix, strict);
  for (const s of syntax.statements) {
    if (s.kind === 'line') reader.add(null, s, s.tokens?.[0] ?? '', s.tokens ?? [], 1);
    if (s.kind !== 'block') continue;
    if (s.tokens.length > 1 || !blockVerbs.has(s.tokens[0])) {
      if (strict) reader.errors.push(new ModFileError(name, s.start, '', `unknown block type: ${s.tokens.join(' ')}`));
      continue;
    }
    for (const l of s.lines) reader.add(s, l, s.tokens[0], l.tokens ?? [], 0);
  }
  reader.fixRetractions();
  if (reader.errors.length > 0) throw new ModFileErrors(reader.errors);
  return reader.file;
}

const blockVerbs = new Set('module godebug require exclude replace retract tool ignore'.split(' '));
const laxVerbs = new Set('go module retract require ignore'.split(' '));
export const goVersionPattern = /^([1-9][0-9]*)\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?$/;
const laxGoVersion = /^v?(([1-9][0-9]*)\.(0|[1-9][0-9]*))([^0-9].*)$/;
export const toolchainPattern = /^default$|^go1($|\.)/;

/** A problem without a place, which `Reader.add` gives it. */
class Problem extends ModError {
  readonly directive: string;
  readonly why: Error;

  constructor(directive: string, why: Error) {
    super(directive === '' ? why.message : `${directive}: ${why.message}`, why);
    this.directive = directive;
    this.why = why;
  }
}

function problem(message: string): Problem {
  return new Problem('', new ModError(message));
}

class Reader {
  readonly file: ModFile;
  readonly errors: Error[];
  private readonly fix: VersionFixer;
  private readonly strict: boolean;

  constructor(file: ModFile, fix: VersionFixer, strict: boolean) {
    this.file = file;
    this.fix = fix;
    this.strict = strict;
    this.errors = [];
  }

  add(block: LineBlock | null, line: Line, verb: string, tokens: string[], skip: number): void {
    if (!this.strict && !laxVerbs.has(verb)) return;
    try {
      this.addChecked(block, line, verb, new Arguments(tokens, skip));
    } catch (e) {
      this.errors.push(placed(this.file.syntax.name, line, e));
    }
  }

  private addChecked(block: LineBlock | null, line: Line, verb: string, args: Arguments): void {
    const f = this.file;
    switch (verb) {
      case 'go':
        f.go = readGo(f.go, args, line, !this.strict);
        return;
      case 'toolchain':
        f.toolchain = readToolchain(f.toolchain, args, line);
        return;
      case 'module':
        if (f.module !== null) throw problem('repeated module statement');
        f.deprecated = deprecationOf(block, line);
        f.module = { value: '', line };
        if (args.length !== 1) throw problem('usage: module module/path');
        f.module.value = args.string(0);
        return;
      case 'godebug':
        f.godebug.push(readGodebug(args, line));
        return;
      case 'require':
      case 'exclude': {
        if (args.length !== 2) throw problem(`usage: ${verb} module/path v1.2.3`);
        const mod = readModule(args, verb, this.fix);
        if (verb === 'require') f.require.push({ mod, indirect: isIndirect(line), line });
        else f.exclude.push({ mod, line });
        return;
      }
      case 'replace':
        f.replace.push(readReplace(verb, args, line, this.fix));
        return;
      case 'retract':
        this.readRetract(block, line, args);
        return;
      case 'tool':
      case 'ignore':
        if (args.length !== 1) throw problem(`${verb} directive expects exactly one argument`);
        f[verb].push({ value: args.string(0), line });
        return;
      default:
        throw problem(`unknown directive: ${verb}`);
    }
  }

  private readRetract(block: LineBlock | null, line: Line, args: Arguments): void {
    const rationale = directiveComment(block, line);
    try {
      const { interval, used } = readInterval('retract', '', args, (_, v) => v);
      if (args.length > used && this.strict) throw problem(`unexpected token after version: ${quote(args.at(used))}`);
      this.file.retract.push({ interval, rationale, line });
    } catch (e) {
      if (this.strict || !(e instanceof Problem)) throw e;
    }
  }

  /** Versions of retractions can only be checked when the module's path is known. */
  fixRetractions(): void {
    if (this.fix === null) return;
    const path = this.file.module?.value ?? '';
    for (const r of this.file.retract) {
      try {
        if (path === '') throw problem('no module directive found, so retract cannot be used');
        const tokens = r.line.tokens ?? [];
        const args = new Arguments(tokens, tokens[0] === 'retract' ? 1 : 0);
        r.interval = readInterval('retract', path, args, this.fix).interval;
      } catch (e) {
        this.errors.push(placed(this.file.syntax.name, r.line, e));
        if (path === '') return;
      }
    }
  }
}

function placed(file: string, line: Line, e: unknown): Error {
  if (e instanceof Problem) return new ModFileError(file, line.start, e.directive, e.why.message, e.why);
  if (e instanceof ModError) return new ModFileError(file, line.start, '', e.message, e);
  throw e;
}

/** The words after a directive's name; what is read from them is written back in its proper form. */
export class Arguments {
  private readonly tokens: string[];
  private readonly skip: number;

  constructor(tokens: string[], skip: number) {
    this.tokens = tokens;
    this.skip = skip;
  }

  get length(): number {
    return this.tokens.length - this.skip;
  }

  at(i: number): string {
    return this.tokens[i + this.skip] ?? '';
  }

  set(i: number, text: string): void {
    this.tokens[i + this.skip] = text;
  }

  string(i: number): string {
    const s = this.rawString(i);
    if (s instanceof Error) throw problem(`invalid quoted string: ${s.message}`);
    return s;
  }

  rawString(i: number): string | Error {
    const t = this.at(i);
    let s: string | null = t;
    if (t.startsWith('"')) {
      s = unquote(t);
      if (s === null) return new ModError('invalid syntax');
    } else if (/["'`]/.test(t)) return new ModError('unquoted string cannot contain quote');
    this.set(i, autoQuote(s));
    return s;
  }
}

export function readGo(known: Word | null, args: Arguments, line: Line, lax: boolean): Word {
  if (known !== null) throw problem('repeated go statement');
  if (args.length !== 1) throw problem('go directive expects exactly one argument');
  if (!goVersionPattern.test(args.at(0))) {
    const m = lax ? laxGoVersion.exec(args.at(0)) : null;
    if (m === null) throw problem(`invalid go version '${args.at(0)}': must match format 1.23.0`);
    args.set(0, m[1]);
  }
  return { value: args.at(0), line };
}

export function readToolchain(known: Word | null, args: Arguments, line: Line): Word {
  if (known !== null) throw problem('repeated toolchain statement');
  if (args.length !== 1) throw problem('toolchain directive expects exactly one argument');
  if (!toolchainPattern.test(args.at(0)))
    throw problem(`invalid toolchain version '${args.at(0)}': must match format go1.23.0 or default`);
  return { value: args.at(0), line };
}

export function readGodebug(args: Arguments, line: Line): Godebug {
  const text = args.at(0);
  const eq = text.indexOf('=');
  if (args.length !== 1 || /["`',]/.test(text) || eq < 0) throw problem('usage: godebug key=value');
  return { key: text.slice(0, eq), value: text.slice(eq + 1), line };
}

function readModule(args: Arguments, verb: string, fix: VersionFixer): Version {
  const path = args.string(0);
  const version = readVersion(verb, path, args, 1, fix);
  checkMajor(verb, path, version);
  return { path, version };
}

function majorOf(path: string): string | null {
  return splitPathVersion(path)?.major ?? null;
}

function checkMajor(verb: string, path: string, version: string): void {
  const major = majorOf(path);
  if (major === null) throw problem('invalid module path');
  const wrong = checkPathMajor(version, major);
  if (wrong !== null) throw new Problem(`${verb} ${path}`, wrong);
}

function readVersion(verb: string, path: string, args: Arguments, i: number, fix: VersionFixer): string {
  const directive = path === '' ? verb : `${verb} ${path}`;
  const given = args.at(i);
  const text = args.rawString(i);
  const wrong = (why: Error): Problem => new Problem('', new ModError(`${directive}: ${why.message}`, why));
  if (text instanceof Error) throw wrong(new InvalidVersionError(given, text.message));
  let v: string;
  if (fix !== null) {
    try {
      v = fix(path, text);
    } catch (e) {
      if (e instanceof ModuleError) throw wrong(e.why);
      throw e;
    }
  } else {
    v = canonicalVersion(text);
    if (v === '') throw wrong(new InvalidVersionError(text, 'must be of the form v1.2.3'));
  }
  args.set(i, v);
  return v;
}

export function readReplace(verb: string, args: Arguments, line: Line, fix: VersionFixer): Replace {
  const arrow = args.length >= 2 && args.at(1) === '=>' ? 1 : 2;
  if (args.length < arrow + 2 || args.length > arrow + 3 || args.at(arrow) !== '=>') {
    throw problem(
      `usage: ${verb} module/path [v1.2.3] => other/module v1.4\n\t or ${verb} module/path [v1.2.3] => ../local/directory`,
    );
  }
  const path = args.string(0);
  if (majorOf(path) === null) throw new Problem(`${verb} ${path}`, new ModError('invalid module path'));
  let version = '';
  if (arrow === 2) {
    version = readVersion(verb, path, args, 1, fix);
    checkMajor(verb, path, version);
  }
  const to = args.string(arrow + 1);
  const hasVersion = args.length === arrow + 3;
  if (!hasVersion && !isDirectoryPath(to)) {
    if (to.includes('@')) throw problem("replacement module must match format 'path version', not 'path@version'");
    throw problem('replacement module without version must be directory path (rooted or starting with . or ..)');
  }
  if (!hasVersion && to.includes('\\'))
    throw problem('replacement directory appears to be Windows path (on a non-windows system)');
  const toVersion = hasVersion ? readVersion(verb, to, args, arrow + 2, fix) : '';
  if (hasVersion && isDirectoryPath(to))
    throw problem(`replacement module directory path ${quote(to)} cannot have version`);
  return { old: { path, version }, new: { path: to, version: toVersion }, line };
}

function readInterval(
  verb: string,
  path: string,
  args: Arguments,
  fix: VersionFixer,
): { interval: Interval; used: number } {
  if (args.length === 0 || args.at(0) === '(') throw problem("expected '[' or version");
  if (args.at(0) !== '[') {
    const v = readVersion(verb, path, args, 0, fix);
    return { interval: { low: v, high: v }, used: 1 };
  }
  if (args.length === 1) throw problem("expected version after '['");
  const low = readVersion(verb, path, args, 1, fix);
  if (args.at(2) !== ',') throw problem("expected ',' after version");
  if (args.length === 3) throw problem("expected version after ','");
  const high = readVersion(verb, path, args, 3, fix);
  if (args.at(4) !== ']') throw problem("expected ']' after version");
  return { interval: { low, high }, used: 5 };
}

export function isIndirect(line: Line): boolean {
  if (line.suffix.length === 0) return false;
  const words = line.suffix[0].text.replace(/^\/\//, '').trim().split(/\s+/);
  return words[0] === (words.length === 1 ? 'indirect' : 'indirect;');
}

/** A path of the file system, no module path. */
export function isDirectoryPath(path: string): boolean {
  return /^\.\.?($|[/\\])|^[/\\]|^[A-Za-z]:/.test(path);
}

function mustQuote(s: string): boolean {
  for (const c of s) {
    if (/[ "'`]/.test(c) || !isPrint(c.codePointAt(0) ?? 0)) return true;
    if (/[()[\]{},]/.test(c) && s.length > 1) return true;
  }
  return s === '' || s.includes('//') || s.includes('/*');
}

export function autoQuote(s: string): string {
  return mustQuote(s) ? quote(s) : s;
}

function deprecationOf(block: LineBlock | null, line: Line): string {
  return /(?:^|\n\n)Deprecated: *([\s\S]*?)(?:$|\n\n)/.exec(directiveComment(block, line))?.[1] ?? '';
}

/** The comments of a line, or, if it has none, of its block. */
function directiveComment(block: LineBlock | null, line: Line): string {
  const of = block !== null && line.before.length + line.suffix.length === 0 ? block : line;
  const lines: string[] = [];
  for (const c of [...of.before, ...of.suffix]) if (c.text.startsWith('//')) lines.push(c.text.slice(2).trim());
  return lines.join('\n');
}

/** The path that a go.mod file gives its module, without a look at the rest; "" if there is none. */
export function modulePathOf(text: string): string {
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\/\/.*$/s, '').trim();
    const m = /^module\s+(.+)$/s.exec(line);
    if (m === null) continue;
    return /^["`]/.test(m[1]) ? (unquote(m[1]) ?? '') : m[1];
  }
  return '';
}
