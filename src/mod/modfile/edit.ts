/** Changes of a go.mod file that keep its comments and its order (golang.org/x/mod/modfile). Removed directives go away with `cleanUpFile`. */

import { quote } from '#base/quote.ts';
import { InvalidVersionError, ModError } from '../errors.ts';
import { canonicalVersion, checkPathMajor, pathMajorPrefix, splitPathVersion, type Version } from '../module.ts';
import * as semver from '../semver.ts';
import {
  autoQuote,
  type Godebug,
  goVersionPattern,
  type Interval,
  isIndirect,
  type ModFile,
  type Replace,
  type Require,
  toolchainPattern,
} from './file.ts';
import {
  addLine,
  appendLine,
  Comment,
  CommentBlock,
  cleanUp,
  type FileSyntax,
  Line,
  LineBlock,
  markRemoved,
  nowhere,
  updateLine,
} from './syntax.ts';

export function cleanUpFile(f: ModFile): void {
  const stays = (x: { line: Line }): boolean => x.line.tokens !== null;
  f.godebug = f.godebug.filter(stays);
  f.require = f.require.filter(stays);
  f.exclude = f.exclude.filter(stays);
  f.replace = f.replace.filter(stays);
  f.retract = f.retract.filter(stays);
  f.tool = f.tool.filter(stays);
  f.ignore = f.ignore.filter(stays);
  cleanUp(f.syntax);
}

export function addModule(f: ModFile, path: string): void {
  const tokens = ['module', autoQuote(path)];
  if (f.module === null) f.module = { value: path, line: addLine(f.syntax, null, tokens) };
  else {
    f.module.value = path;
    updateLine(f.module.line, tokens);
  }
}

export function addComment(f: ModFile, text: string): void {
  const block = new CommentBlock(nowhere);
  block.before.push(new Comment(text));
  f.syntax.statements.push(block);
}

export function setGo(f: ModFile, version: string): void {
  if (!goVersionPattern.test(version)) throw new ModError(`invalid language version ${quote(version)}`);
  if (f.go === null) f.go = { value: version, line: addLine(f.syntax, f.module?.line ?? null, ['go', version]) };
  else {
    f.go.value = version;
    updateLine(f.go.line, ['go', version]);
  }
}

export function dropGo(f: { go: ModFile['go'] }): void {
  if (f.go !== null) markRemoved(f.go.line);
  f.go = null;
}

export function setToolchain(f: ModFile, name: string): void {
  if (!toolchainPattern.test(name)) throw new ModError(`invalid toolchain name ${quote(name)}`);
  if (f.toolchain === null) {
    const hint = f.go?.line ?? f.module?.line ?? null;
    f.toolchain = { value: name, line: addLine(f.syntax, hint, ['toolchain', name]) };
  } else {
    f.toolchain.value = name;
    updateLine(f.toolchain.line, ['toolchain', name]);
  }
}

export function dropToolchain(f: { toolchain: ModFile['toolchain'] }): void {
  if (f.toolchain !== null) markRemoved(f.toolchain.line);
  f.toolchain = null;
}

interface HasGodebug {
  readonly syntax: FileSyntax;
  readonly godebug: Godebug[];
}

export function addGodebug(f: HasGodebug, key: string, value: string): void {
  const tokens = ['godebug', `${key}=${value}`];
  const [first, ...others] = f.godebug.filter((g) => g.key === key);
  for (const g of others) markRemoved(g.line);
  if (first === undefined) f.godebug.push({ key, value, line: addLine(f.syntax, null, tokens) });
  else {
    first.value = value;
    updateLine(first.line, tokens);
  }
}

export function dropGodebug(f: HasGodebug, key: string): void {
  for (const g of f.godebug) if (g.key === key) markRemoved(g.line);
}

export function addRequire(f: ModFile, path: string, version: string): void {
  const [first, ...others] = f.require.filter((r) => r.mod.path === path && r.line.tokens !== null);
  for (const r of others) markRemoved(r.line);
  if (first === undefined) addNewRequire(f, path, version, false);
  else {
    first.mod = { path, version };
    updateLine(first.line, ['require', autoQuote(path), version]);
  }
}

export function addNewRequire(f: ModFile, path: string, version: string, indirect: boolean): void {
  const line = addLine(f.syntax, null, ['require', autoQuote(path), version]);
  const r: Require = { mod: { path, version }, indirect: false, line };
  setIndirect(r, indirect);
  f.require.push(r);
}

export function dropRequire(f: ModFile, path: string): void {
  for (const r of f.require) if (r.mod.path === path) markRemoved(r.line);
  f.require = f.require.filter((r) => r.mod.path !== path);
}

function setVersion(r: Require, version: string): void {
  r.mod = { path: r.mod.path, version };
  const { line } = r;
  if (line.tokens === null || line.tokens.length === 0) return;
  // A line that only a blank line kept apart moves up to those that it is sorted with.
  if (line.inBlock && line.before.length === 1 && line.before[0].text === '') line.before = [];
  const at = line.inBlock ? 1 : 2;
  if (line.tokens.length > at) line.tokens[at] = version;
}

function setIndirect(r: Require, indirect: boolean): void {
  r.indirect = indirect;
  const { line } = r;
  if (isIndirect(line) === indirect) return;
  const text = line.suffix.length === 0 ? '' : line.suffix[0].text.replace(/^\/\//, '').trim();
  if (indirect) {
    if (line.suffix.length === 0) line.suffix = [new Comment('// indirect')];
    else line.suffix[0].text = text === '' ? '// indirect' : `// indirect; ${text}`;
  } else if (text === 'indirect') line.suffix = [];
  else line.suffix[0].text = `//${line.suffix[0].text.replace(/^.*?indirect;/s, '')}`;
}

export interface Requirement {
  readonly mod: Version;
  readonly indirect: boolean;
}

/** Makes the file require these modules and no others, in the blocks there are (before Go 1.17). */
export function setRequire(f: ModFile, wanted: readonly Requirement[]): void {
  const need = new Map(wanted.map((r) => [r.mod.path, r]));
  for (const r of f.require) {
    const w = need.get(r.mod.path);
    if (w === undefined) markRemoved(r.line);
    else {
      setVersion(r, w.mod.version);
      setIndirect(r, w.indirect);
    }
    need.delete(r.mod.path);
  }
  for (const r of need.values()) addNewRequire(f, r.mod.path, r.mod.version, r.indirect);
  f.require = f.require.filter((r) => r.line.tokens !== null);
  sortBlocks(f);
}

function hasComments(c: { before: Comment[]; after: Comment[]; suffix: Comment[] }): boolean {
  if (c.before.length > 0 || c.after.length > 0 || c.suffix.length > 1) return true;
  return c.suffix.length === 1 && c.suffix[0].text.replace(/^\/\//, '').trim() !== 'indirect';
}

/** The blocks that direct and indirect requirements are put into. */
class RequireBlocks {
  readonly direct: LineBlock;
  readonly indirect: LineBlock;
  /** There is but one block, without a comment: lines may move out of it. */
  readonly isFlat: boolean;
  readonly blockOf: Map<Line, LineBlock>;

  constructor(f: FileSyntax) {
    let lastDirect = -1;
    let lastIndirect = -1;
    let last = -1;
    let count = 0;
    this.blockOf = new Map();
    f.statements.forEach((s, i) => {
      if (s.kind === 'comments' || s.tokens?.[0] !== 'require') return;
      last = i;
      count++;
      const lines = s.kind === 'line' ? [s] : s.lines;
      if (s.kind === 'block') for (const l of s.lines) this.blockOf.set(l, s);
      const plain = lines.length > 0 && !hasComments(s) && !lines.some(hasComments);
      if (plain && !lines.some(isIndirect)) lastDirect = i;
      if (plain && lines.every(isIndirect)) lastIndirect = i;
    });
    this.isFlat = count === 1 && !hasComments(f.statements[last]);
    if (lastDirect >= 0) this.direct = ensureBlock(f, lastDirect);
    else {
      lastDirect = lastIndirect >= 0 ? lastIndirect++ : last >= 0 ? last + 1 : f.statements.length;
      this.direct = insertBlock(f, lastDirect);
    }
    this.indirect = lastIndirect >= 0 ? ensureBlock(f, lastIndirect) : insertBlock(f, lastDirect + 1);
  }
}

function insertBlock(f: FileSyntax, at: number): LineBlock {
  const b = new LineBlock(['require']);
  f.statements.splice(at, 0, b);
  return b;
}

function ensureBlock(f: FileSyntax, at: number): LineBlock {
  const s = f.statements[at];
  if (s.kind === 'block') return s;
  const b = new LineBlock(['require']);
  if (s.kind === 'line') {
    b.lines.push(s);
    s.tokens = s.tokens?.slice(1) ?? [];
    s.inBlock = true;
  }
  f.statements[at] = b;
  return b;
}

/** Makes the file require these modules and no others; direct and indirect ones in blocks of their own (since Go 1.17). */
export function setRequireSeparateIndirect(f: ModFile, wanted: readonly Requirement[]): void {
  const blocks = new RequireBlocks(f.syntax);
  const need = new Map(wanted.map((r) => [r.mod.path, r]));
  const have = new Set<string>();
  for (const r of f.require) {
    const w = need.get(r.mod.path);
    if (w === undefined || have.has(r.mod.path)) {
      markRemoved(r.line);
      continue;
    }
    have.add(r.mod.path);
    setVersion(r, w.mod.version);
    setIndirect(r, w.indirect);
    const inside = blocks.blockOf.get(r.line);
    if (w.indirect && (blocks.isFlat || inside === blocks.direct)) moveTo(r, blocks.indirect);
    else if (!w.indirect && (blocks.isFlat || inside === blocks.indirect)) moveTo(r, blocks.direct);
  }
  f.require = f.require.filter((r) => r.line.tokens !== null);
  for (const w of need.values()) {
    if (have.has(w.mod.path)) continue;
    const line = new Line([autoQuote(w.mod.path), w.mod.version], true);
    const r: Require = { mod: w.mod, indirect: false, line };
    setIndirect(r, w.indirect);
    (w.indirect ? blocks.indirect : blocks.direct).lines.push(line);
    f.require.push(r);
  }
  sortBlocks(f);
}

function moveTo(r: Require, block: LineBlock): void {
  const old = r.line;
  const tokens = old.tokens ?? [];
  const line = new Line(!old.inBlock && tokens[0] === 'require' ? tokens.slice(1) : tokens, true, old.start, old.end);
  line.before = old.before;
  line.suffix = old.suffix;
  line.after = old.after;
  old.tokens = null;
  r.line = line;
  block.lines.push(line);
}

export function addExclude(f: ModFile, path: string, version: string): void {
  checkCanonical(path, version);
  const same = f.exclude.filter((x) => x.mod.path === path && x.line.tokens !== null);
  if (same.some((x) => x.mod.version === version)) return;
  const tokens = ['exclude', autoQuote(path), version];
  // The first of its path goes to the end, not to the other exclusions.
  const line = same.length === 0 ? appendLine(f.syntax, tokens) : addLine(f.syntax, same[same.length - 1].line, tokens);
  f.exclude.push({ mod: { path, version }, line });
}

export function dropExclude(f: ModFile, path: string, version: string): void {
  for (const x of f.exclude) if (x.mod.path === path && x.mod.version === version) markRemoved(x.line);
  f.exclude = f.exclude.filter((x) => x.line.tokens !== null);
}

interface HasReplace {
  readonly syntax: FileSyntax;
  replace: Replace[];
}

export function addReplace(f: HasReplace, old: Version, to: Version): void {
  const tokens = ['replace', autoQuote(old.path), ...(old.version === '' ? [] : [old.version]), '=>'];
  tokens.push(autoQuote(to.path), ...(to.version === '' ? [] : [to.version]));
  let need = true;
  let hint: Line | null = null;
  for (const r of f.replace) {
    if (r.old.path !== old.path) continue;
    if (old.version === '' || r.old.version === old.version) {
      if (need) {
        r.old = old.version === '' ? { path: old.path, version: '' } : r.old;
        r.new = to;
        updateLine(r.line, tokens);
        need = false;
        continue;
      }
      markRemoved(r.line);
      continue;
    }
    hint = r.line;
  }
  // The first of its path goes to the end, not to the other replacements.
  if (need) {
    const line = hint === null ? appendLine(f.syntax, tokens) : addLine(f.syntax, hint, tokens);
    f.replace.push({ old, new: to, line });
  }
  f.replace = f.replace.filter((r) => r.line.tokens !== null);
}

export function dropReplace(f: HasReplace, old: Version): void {
  for (const r of f.replace) if (r.old.path === old.path && r.old.version === old.version) markRemoved(r.line);
  f.replace = f.replace.filter((r) => r.line.tokens !== null);
}

export function addRetract(f: ModFile, interval: Interval, rationale: string): void {
  const path = f.module?.value ?? '';
  checkCanonical(path, interval.high);
  checkCanonical(path, interval.low);
  const { low, high } = interval;
  const versions = low === high ? [autoQuote(low)] : ['[', autoQuote(low), ',', autoQuote(high), ']'];
  const line = addLine(f.syntax, null, ['retract', ...versions]);
  if (rationale !== '') line.before = rationale.split('\n').map((text) => new Comment(`// ${text}`));
  f.retract.push({ interval, rationale, line });
}

export function dropRetract(f: ModFile, interval: Interval): void {
  for (const r of f.retract)
    if (r.interval.low === interval.low && r.interval.high === interval.high) markRemoved(r.line);
  f.retract = f.retract.filter((r) => r.line.tokens !== null);
}

export function addWord(f: ModFile, verb: 'tool' | 'ignore', path: string): void {
  if (f[verb].some((t) => t.value === path && t.line.tokens !== null)) return;
  f[verb].push({ value: path, line: addLine(f.syntax, null, [verb, path]) });
  sortBlocks(f);
}

export function dropWord(f: ModFile, verb: 'tool' | 'ignore', path: string): void {
  for (const t of f[verb]) if (t.value === path) markRemoved(t.line);
  f[verb] = f[verb].filter((t) => t.line.tokens !== null);
}

function checkCanonical(path: string, version: string): void {
  const split = splitPathVersion(path);
  const major = split?.major ?? '';
  if (version === '' || version !== canonicalVersion(version)) {
    const form = major === '' ? 'v1' : pathMajorPrefix(major);
    throw new InvalidVersionError(version, `must be of the form ${form}.2.3`);
  }
  if (split === null) return;
  const wrong = checkPathMajor(version, major);
  if (wrong === null) return;
  if (major !== '') throw wrong;
  throw new InvalidVersionError(
    version,
    `should be ${version}+incompatible (or module ${path}/${semver.major(version)})`,
  );
}

/** Sorts the lines of every block; of equal directives the first stays, of equal replacements the last. */
export function sortBlocks(f: ModFile): void {
  const killed = new Set<Line>();
  f.exclude = withoutDuplicates(f.exclude, (x) => `${x.mod.path}@${x.mod.version}`, killed);
  f.replace = lastOfEach(f.replace, killed);
  f.tool = withoutDuplicates(f.tool, (t) => t.value, killed);
  f.ignore = withoutDuplicates(f.ignore, (t) => t.value, killed);
  removeLines(f.syntax, killed);
  const semanticExcludes = f.go !== null && semver.compare(`v${f.go.value}`, 'v1.21') >= 0;
  for (const s of f.syntax.statements) {
    if (s.kind !== 'block') continue;
    if (s.tokens[0] === 'exclude' && semanticExcludes) s.lines.sort(compareExcludes);
    else if (s.tokens[0] === 'retract') s.lines.sort(compareRetractions);
    else s.lines.sort(compareLines);
  }
}

function withoutDuplicates<T extends { line: Line }>(list: T[], keyOf: (x: T) => string, killed: Set<Line>): T[] {
  const seen = new Set<string>();
  return list.filter((x) => {
    const key = keyOf(x);
    if (!seen.has(key)) {
      seen.add(key);
      return true;
    }
    killed.add(x.line);
    return false;
  });
}

export function lastOfEach(list: readonly Replace[], killed: Set<Line>): Replace[] {
  return withoutDuplicates([...list].reverse(), (r) => `${r.old.path}@${r.old.version}`, killed).reverse();
}

export function removeLines(f: FileSyntax, killed: ReadonlySet<Line>): void {
  f.statements = f.statements.filter((s) => {
    if (s.kind === 'line') return !killed.has(s);
    if (s.kind !== 'block') return true;
    s.lines = s.lines.filter((l) => !killed.has(l));
    return s.lines.length > 0;
  });
}

export function compareLines(a: Line, b: Line): number {
  const x = a.tokens ?? [];
  const y = b.tokens ?? [];
  for (let i = 0; i < x.length && i < y.length; i++) if (x[i] !== y[i]) return x[i] < y[i] ? -1 : 1;
  return x.length - y.length;
}

function compareExcludes(a: Line, b: Line): number {
  if (a.tokens?.length !== 2 || b.tokens?.length !== 2 || a.tokens[0] !== b.tokens[0]) return compareLines(a, b);
  return semver.compare(a.tokens[1], b.tokens[1]);
}

/** Newest first. */
function compareRetractions(a: Line, b: Line): number {
  const x = intervalOf(a);
  const y = intervalOf(b);
  return -semver.compare(x.low, y.low) || -semver.compare(x.high, y.high);
}

function intervalOf(l: Line): Interval {
  const t = l.tokens ?? [];
  if (t.length === 1) return { low: t[0], high: t[0] };
  return t.length === 5 && t[0] === '[' ? { low: t[1], high: t[3] } : { low: '', high: '' };
}
