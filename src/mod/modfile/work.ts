/** go.work files (golang.org/x/mod/modfile WorkFile). */

import { quote } from '#base/quote.ts';
import { ModError } from '../errors.ts';
import { compareLines, lastOfEach, removeLines } from './edit.ts';
import {
  Arguments,
  autoQuote,
  type Godebug,
  goVersionPattern,
  ModFileErrors,
  type Replace,
  readGo,
  readGodebug,
  readReplace,
  readToolchain,
  toolchainPattern,
  type VersionFixer,
  type Word,
} from './file.ts';
import { ModFileError, parseSyntax } from './parse.ts';
import { addLine, cleanUp, type FileSyntax, Line, markRemoved, updateLine } from './syntax.ts';

export interface Use {
  path: string;
  modulePath: string;
  line: Line;
}

export class WorkFile {
  readonly syntax: FileSyntax;
  go: Word | null;
  toolchain: Word | null;
  godebug: Godebug[];
  use: Use[];
  replace: Replace[];

  constructor(syntax: FileSyntax) {
    this.syntax = syntax;
    this.go = null;
    this.toolchain = null;
    this.godebug = [];
    this.use = [];
    this.replace = [];
  }
}

const blockVerbs = new Set(['godebug', 'use', 'replace']);

/** Throws. */
export function parseWorkFile(name: string, text: string, fix: VersionFixer = null): WorkFile {
  const f = new WorkFile(parseSyntax(name, text));
  const errors: Error[] = [];
  const add = (line: Line, verb: string, tokens: string[], skip: number): void => {
    const problem = addDirective(f, line, verb, new Arguments(tokens, skip), fix);
    if (problem !== '') errors.push(new ModFileError(name, line.start, '', problem));
  };
  for (const s of f.syntax.statements) {
    if (s.kind === 'line') add(s, s.tokens?.[0] ?? '', s.tokens ?? [], 1);
    if (s.kind !== 'block') continue;
    if (s.tokens.length > 1 || !blockVerbs.has(s.tokens[0]))
      errors.push(new ModFileError(name, s.start, '', `unknown block type: ${s.tokens.join(' ')}`));
    else for (const l of s.lines) add(l, s.tokens[0], l.tokens ?? [], 0);
  }
  if (errors.length > 0) throw new ModFileErrors(errors);
  return f;
}

function addDirective(f: WorkFile, line: Line, verb: string, args: Arguments, fix: VersionFixer): string {
  try {
    switch (verb) {
      case 'go':
        f.go = readGo(f.go, args, line, false);
        return '';
      case 'toolchain':
        f.toolchain = readToolchain(f.toolchain, args, line);
        return '';
      case 'godebug':
        f.godebug.push(readGodebug(args, line));
        return '';
      case 'use':
        if (args.length !== 1) return `usage: ${verb} local/dir`;
        f.use.push({ path: args.string(0), modulePath: '', line });
        return '';
      case 'replace':
        f.replace.push(readReplace(verb, args, line, fix));
        return '';
      default:
        return `unknown directive: ${verb}`;
    }
  } catch (e) {
    if (e instanceof ModError) return e.message;
    throw e;
  }
}

export function cleanUpWork(f: WorkFile): void {
  f.use = f.use.filter((u) => u.line.tokens !== null);
  f.replace = f.replace.filter((r) => r.line.tokens !== null);
  f.godebug = f.godebug.filter((g) => g.line.tokens !== null);
  cleanUp(f.syntax);
}

export function setWorkGo(f: WorkFile, version: string): void {
  if (!goVersionPattern.test(version)) throw new ModError(`invalid language version ${quote(version)}`);
  if (f.go !== null) {
    f.go.value = version;
    updateLine(f.go.line, ['go', version]);
    return;
  }
  f.go = { value: version, line: new Line(['go', version]) };
  f.syntax.statements.splice(afterComments(f), 0, f.go.line);
}

export function setWorkToolchain(f: WorkFile, name: string): void {
  if (!toolchainPattern.test(name)) throw new ModError(`invalid toolchain name ${quote(name)}`);
  if (f.toolchain !== null) {
    f.toolchain.value = name;
    updateLine(f.toolchain.line, ['toolchain', name]);
    return;
  }
  f.toolchain = { value: name, line: new Line(['toolchain', name]) };
  const go = f.syntax.statements.findIndex((s) => s.kind === 'line' && s.tokens?.[0] === 'go');
  f.syntax.statements.splice(go >= 0 ? go + 1 : afterComments(f), 0, f.toolchain.line);
}

function afterComments(f: WorkFile): number {
  const i = f.syntax.statements.findIndex((s) => s.kind !== 'comments');
  return i < 0 ? f.syntax.statements.length : i;
}

export function addUse(f: WorkFile, path: string, modulePath: string): void {
  const [first, ...others] = f.use.filter((u) => u.path === path && u.line.tokens !== null);
  for (const u of others) markRemoved(u.line);
  if (first !== undefined) {
    first.modulePath = modulePath;
    updateLine(first.line, ['use', autoQuote(path)]);
    return;
  }
  f.use.push({ path, modulePath, line: addLine(f.syntax, null, ['use', autoQuote(path)]) });
}

export function dropUse(f: WorkFile, path: string): void {
  for (const u of f.use) if (u.path === path) markRemoved(u.line);
  f.use = f.use.filter((u) => u.line.tokens !== null);
}

export function sortWorkBlocks(f: WorkFile): void {
  const killed = new Set<Line>();
  f.replace = lastOfEach(f.replace, killed);
  removeLines(f.syntax, killed);
  for (const s of f.syntax.statements) if (s.kind === 'block') s.lines.sort(compareLines);
}
