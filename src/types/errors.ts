/** How the checker tells users about errors: where, with which code, and which messages are kept back as mere consequences. */

import { bug } from '#base/bug.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { NoPos, type Pos } from '#base/source.ts';
import type { Node } from '#syntax/nodes.ts';
import { startPos } from '#syntax/positions.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { type FormatArg, format, stripAnnotations } from './format.ts';
import type { Obj } from './object.ts';
import { Operand } from './operand.ts';
import { type GoVersion, versionString } from './version.ts';

export const invalidArg = 'invalid argument: ';
export const invalidOp = 'invalid operation: ';

/** What a message can be about. Nodes and operands stand for the position of their left end. */
export type Poser = Pos | Node | Operand | Obj;

export function atPos(at: Poser): Pos {
  if (typeof at === 'number') return at;
  if (at instanceof Operand) return at.expr === null ? NoPos : startPos(at.expr);
  if ('scopePos' in at) return at.pos;
  return startPos(at);
}

interface Part {
  pos: Pos;
  text: string;
}

/** A message in the making: its first part gives the position, the others follow indented, each with its own position if it has one. */
export class ErrorReport {
  readonly checker: Checker;
  readonly code: Code.Code;
  readonly parts: Part[];
  /** The package can still be compiled, but for the rule that was broken ("declared and not used"). */
  soft: boolean;

  constructor(checker: Checker, code: Code.Code) {
    this.checker = checker;
    this.code = code;
    this.parts = [];
    this.soft = false;
  }

  add(at: Poser, text: string, ...args: FormatArg[]): this {
    this.parts.push({ pos: atPos(at), text: format(this.checker, text, ...args) });
    return this;
  }

  /** Points at another declaration of the same name; it need not be an earlier one. */
  addAltDecl(obj: Obj): this {
    return obj.pos === NoPos ? this : this.add(obj, 'other declaration of %s', obj.name);
  }

  get empty(): boolean {
    return this.parts.length === 0;
  }

  get pos(): Pos {
    return this.empty ? NoPos : this.parts[0].pos;
  }

  get message(): string {
    let text = '';
    for (const part of this.parts) {
      if (text !== '') text += '\n\t';
      if (part !== this.parts[0] && part.pos !== NoPos) text += `${this.checker.posString(part.pos)}: `;
      text += part.text;
    }
    return text;
  }

  report(): void {
    if (this.empty) bug('reporting an empty error');
    const c = this.checker;
    // After a first message, one that mentions an invalid operand or type repeats what is known.
    const first = this.parts[0].text;
    if (c.firstErr !== null && (first.indexOf('invalid operand') > 0 || first.indexOf('invalid type') > 0)) return;
    handleError(c, this.pos, this.code, this.message, this.soft);
    this.parts.length = 0;
  }
}

function handleError(c: Checker, at: Pos, code: Code.Code, text: string, soft: boolean): void {
  // An inherited constant initialisation is wrong where it is inherited, not where it is written.
  const pos = c.errpos !== NoPos ? c.errpos : at;
  const message = stripAnnotations(code === Code.InvalidSyntaxTree ? `invalid syntax tree: ${text}` : text);
  const diagnostic: Diagnostic = { pos, message, code, soft };
  if (c.firstErr === null) c.firstErr = diagnostic;
  c.conf.report(diagnostic);
}

export function newError(c: Checker, code: Code.Code): ErrorReport {
  return new ErrorReport(c, code);
}

export function error(c: Checker, at: Poser, code: Code.Code, message: string): void {
  new ErrorReport(c, code).add(at, '%s', message).report();
}

export function errorf(c: Checker, at: Poser, code: Code.Code, text: string, ...args: FormatArg[]): void {
  new ErrorReport(c, code).add(at, text, ...args).report();
}

export function softErrorf(c: Checker, at: Poser, code: Code.Code, text: string, ...args: FormatArg[]): void {
  const err = new ErrorReport(c, code).add(at, text, ...args);
  err.soft = true;
  err.report();
}

export function versionErrorf(c: Checker, at: Poser, version: GoVersion, text: string, ...args: FormatArg[]): void {
  const what = format(c, text, ...args);
  errorf(c, at, Code.UnsupportedFeature, '%s requires %s or later', what, versionString(version));
}
