/** Parsing a file: the entrance to this room. */
import type { Report } from '#base/diagnostic.ts';
import type { SourceFile } from '#base/source.ts';
import { parseSourceFile } from './declarations.ts';
import { parseExpr } from './expressions.ts';
import { type Expr, File } from './nodes.ts';
import { Parser, syntaxError } from './parser.ts';
import { cleanText, next } from './scanner.ts';
import * as Tok from './tokens.ts';

export interface ParseOptions {
  /** Parse the bodies of function declarations at once; else `parseBody` (body.ts) does it on demand. */
  bodies: boolean;
  /** Stop after the import declarations. */
  importsOnly?: boolean;
  /** False leaves branches to the type checker (Config.ignoreBranchErrors), which words their errors differently; only for its tests. */
  branches?: boolean;
}

/**
 * Parses a Go source file. Errors are reported, and the tree is as good as can be: after an error in the package clause it has no
 * declarations. `source` gets its line starts and line directives.
 */
export function parseFile(source: SourceFile, text: Uint8Array, options: ParseOptions, report: Report): File {
  source.ensureLines(text);
  const clean = cleanText(text);
  const file = new File(source, clean.text);
  const p = new Parser(file, options.bodies || clean.offsets.length > 0, false, report);
  p.branches = options.branches ?? true;
  p.pendingOffsets = clean.offsets;
  p.pendingMessages = clean.messages;
  parseSourceFile(p, options.importsOnly === true);
  file.hasErrors = p.errors > 0;
  return file;
}

/** Parses an expression or type that is a whole text. */
export function parseExprText(source: SourceFile, text: Uint8Array, report: Report): Expr {
  source.ensureLines(text);
  const p = new Parser(new File(source, text), true, false, report);
  p.top = false;
  next(p);
  const x = parseExpr(p);
  if (p.tok === Tok.Semi && p.lit === 'EOF') next(p);
  if (p.tok !== Tok.EOF) syntaxError(p, 'after expression');
  return x;
}
