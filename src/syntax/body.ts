/** Function bodies that are not parsed: finding their ends, and parsing them when they are asked for. */
import type { Report } from '#base/diagnostic.ts';
import * as Kind from './kinds.ts';
import type { BlockStmt, File, FuncDecl } from './nodes.ts';
import { Parser } from './parser.ts';
import { next, skipFullComment, skipLineComment } from './scanner.ts';
import { parseFunctionBody } from './statements.ts';

/** The bytes at which skipping has to look more closely. */
const stops = new Uint8Array(256);
for (const c of '{}"\'`/') stops[c.charCodeAt(0)] = 1;

/**
 * Skips a body whose opening brace is the current token; then the token after it is current. False, with nothing changed, if the body does not
 * end, or its text cannot be skipped safely: then it has to be parsed.
 */
export function skipBody(p: Parser): boolean {
  if (p.pendingOffsets.length > 0) return false;
  const linknames = p.file.linknames.length;
  const cgoPragmas = p.file.cgoPragmas.length;
  const directives = p.source.directives.length;
  const errors = p.errors;
  p.skipping = true;
  const end = findBodyEnd(p);
  p.skipping = false;
  if (end < 0) {
    if (p.errors === errors) {
      p.file.linknames.length = linknames;
      p.file.cgoPragmas.length = cgoPragmas;
      p.source.directives.length = directives;
    }
    return false;
  }
  p.offset = end;
  p.nlsemi = true;
  next(p);
  return true;
}

/** The offset after the closing brace, or -1. */
function findBodyEnd(p: Parser): number {
  const text = p.text;
  const size = p.size;
  let depth = 1;
  let i = p.offset;
  while (i < size) {
    const c = text[i];
    if (stops[c] === 0) {
      i++;
      continue;
    }
    switch (c) {
      case 123:
        depth++;
        i++;
        break;
      case 125:
        i++;
        if (--depth === 0) return i;
        break;
      case 34:
      case 39:
        i = quotedEnd(text, i, c);
        if (i < 0) return -1;
        break;
      case 96:
        i = text.indexOf(96, i + 1) + 1;
        if (i === 0) return -1;
        break;
      default:
        if (text[i + 1] === 47) i = skipLineComment(p, i);
        else if (text[i + 1] === 42) {
          if (text.indexOf(42, i + 2) < 0) return -1;
          i = skipFullComment(p, i);
        } else i++;
    }
  }
  return -1;
}

/** The offset after a string or rune literal, or -1 if a line ends before it does. */
function quotedEnd(text: Uint8Array, start: number, quote: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i];
    if (c === quote) return i + 1;
    if (c === 92) i++;
    if (c === 10 || (c === 92 && text[i] === 10)) return -1;
  }
  return -1;
}

/** The body of a function, parsed now if it was skipped; null if it has none. Errors are reported the first time only. */
export function parseBody(file: File, d: FuncDecl, report: Report): BlockStmt | null {
  if (d.body !== null || d.bodyStart < 0) return d.body;
  const p = new Parser(file, true, true, report);
  p.top = false;
  p.offset = d.bodyStart;
  next(p);
  d.body = parseFunctionBody(p);
  return d.body;
}

/** Parses all bodies of a file that were skipped. */
export function parseAllBodies(file: File, report: Report): void {
  for (const d of file.decls) if (d.kind === Kind.FuncDecl) parseBody(file, d, report);
}
