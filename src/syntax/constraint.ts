/** Build constraints: `//go:build` expressions and the older `// +build` lines (go/build/constraint). */

export class Tag {
  readonly kind: 'tag';
  readonly tag: string;

  constructor(tag: string) {
    this.kind = 'tag';
    this.tag = tag;
  }
}

export class NotExpr {
  readonly kind: 'not';
  readonly x: Constraint;

  constructor(x: Constraint) {
    this.kind = 'not';
    this.x = x;
  }
}

export class BinaryExpr {
  readonly kind: 'and' | 'or';
  readonly x: Constraint;
  readonly y: Constraint;

  constructor(kind: 'and' | 'or', x: Constraint, y: Constraint) {
    this.kind = kind;
    this.x = x;
    this.y = y;
  }
}

export type Constraint = Tag | NotExpr | BinaryExpr;

/** Whether a constraint holds; every tag is asked for, as go/build records all tags seen. */
export function evalConstraint(x: Constraint, holds: (tag: string) => boolean): boolean {
  switch (x.kind) {
    case 'tag':
      return holds(x.tag);
    case 'not':
      return !evalConstraint(x.x, holds);
    case 'and': {
      const left = evalConstraint(x.x, holds);
      return evalConstraint(x.y, holds) && left;
    }
    case 'or': {
      const left = evalConstraint(x.x, holds);
      return evalConstraint(x.y, holds) || left;
    }
  }
}

/** Whether a constraint holds for some tags; a tag may be set in one place and not in another. No tags make "ignore" hold. */
export function mayHold(x: Constraint, wanted = true): boolean {
  switch (x.kind) {
    case 'tag':
      return x.tag !== 'ignore' && wanted;
    case 'not':
      return !mayHold(x.x, !wanted);
    case 'and':
      return mayHold(x.x, wanted) && mayHold(x.y, wanted);
    case 'or':
      return mayHold(x.x, wanted) || mayHold(x.y, wanted);
  }
}

/** Whether a line, without its newline, is a `//go:build` line. */
export function isGoBuild(line: string): boolean {
  return goBuildText(line) !== null;
}

function goBuildText(line: string): string | null {
  const m = /^\/\/go:build(?=$|\s)(.*)$/s.exec(line.trimEnd());
  if (m === null || m[1].includes('\n')) return null;
  return m[1];
}

/** The constraint of a `//go:build` line, or null if it is none or wrong. */
export function parseGoBuild(line: string): Constraint | null {
  const text = goBuildText(line);
  return text === null ? null : parseConstraintExpr(text);
}

/** What is wrong with the expression of a `//go:build` line (go/build/constraint, SyntaxError). */
export function goBuildProblem(line: string): string {
  const p = new ConstraintParser(goBuildText(line) ?? '');
  parseWhole(p);
  return p.problem;
}

/** `x || y && !z`, with parentheses; null if the syntax is wrong. */
function parseConstraintExpr(text: string): Constraint | null {
  return parseWhole(new ConstraintParser(text));
}

function parseWhole(p: ConstraintParser): Constraint | null {
  advanceToken(p);
  const x = parseOr(p);
  if (x !== null && p.tok !== '') wrong(p, `unexpected token ${p.tok}`);
  return p.problem === '' ? x : null;
}

/** The first problem holds. */
function wrong(p: ConstraintParser, problem: string): null {
  if (p.problem === '') p.problem = problem;
  return null;
}

class ConstraintParser {
  readonly text: string;
  index: number;
  /** An operator, a tag, or "" at the end. */
  tok: string;
  isTag: boolean;
  problem: string;

  constructor(text: string) {
    this.text = text;
    this.index = 0;
    this.tok = '';
    this.isTag = false;
    this.problem = '';
  }
}

function advanceToken(p: ConstraintParser): void {
  while (p.index < p.text.length && (p.text[p.index] === ' ' || p.text[p.index] === '\t')) p.index++;
  p.isTag = false;
  const rest = p.text.slice(p.index);
  const m = /^(\(|\)|!|&&|\|\||[\p{L}\p{Nd}_.]+)/u.exec(rest);
  if (m === null) {
    if (rest !== '') wrong(p, `invalid syntax at ${String.fromCodePoint(rest.codePointAt(0) ?? 0)}`);
    p.tok = '';
    return;
  }
  p.tok = m[0];
  p.isTag = !/^[()!&|]/.test(p.tok);
  p.index += p.tok.length;
}

function atToken(p: ConstraintParser, tok: string): boolean {
  return p.tok === tok;
}

function parseOr(p: ConstraintParser): Constraint | null {
  let x = parseAnd(p);
  while (x !== null && p.tok === '||') {
    advanceToken(p);
    const y = parseAnd(p);
    x = y === null ? null : new BinaryExpr('or', x, y);
  }
  return x;
}

function parseAnd(p: ConstraintParser): Constraint | null {
  let x = parseNot(p);
  while (x !== null && p.tok === '&&') {
    advanceToken(p);
    const y = parseNot(p);
    x = y === null ? null : new BinaryExpr('and', x, y);
  }
  return x;
}

const unexpectedEnd = 'unexpected end of expression';
const missingParenthesis = 'missing close paren';

function parseNot(p: ConstraintParser): Constraint | null {
  if (p.tok === '!') {
    advanceToken(p);
    if (p.tok === '!') return wrong(p, 'double negation not allowed');
    const x = parseNot(p);
    return x === null ? null : new NotExpr(x);
  }
  if (p.tok === '(') {
    advanceToken(p);
    const x = parseOr(p);
    if (p.problem === unexpectedEnd) p.problem = missingParenthesis;
    if (x === null) return null;
    if (!atToken(p, ')')) return wrong(p, missingParenthesis);
    advanceToken(p);
    return x;
  }
  if (!p.isTag) return wrong(p, p.tok === '' ? unexpectedEnd : `unexpected token ${p.tok}`);
  const tag = new Tag(p.tok);
  advanceToken(p);
  return tag;
}

/** Whether a line is a `// +build` line. */
export function isPlusBuild(line: string): boolean {
  return plusBuildText(line) !== null;
}

function plusBuildText(line: string): string | null {
  const m = /^\/\/[ \t]*\+build(?=$|\s)(.*)$/.exec(line.trimEnd());
  return m === null ? null : m[1];
}

/** The constraint of a `// +build` line: options separated by spaces, terms by commas. Null if it is none. */
export function parsePlusBuild(line: string): Constraint | null {
  const text = plusBuildText(line);
  if (text === null) return null;
  let x: Constraint | null = null;
  for (const clause of text.split(/\s+/).filter((f) => f !== '')) {
    let y: Constraint | null = null;
    for (const literal of clause.split(',')) {
      const z = plusTerm(literal);
      y = y === null ? z : new BinaryExpr('and', y, z);
    }
    if (y !== null) x = x === null ? y : new BinaryExpr('or', x, y);
  }
  return x ?? new Tag('ignore');
}

function plusTerm(literal: string): Constraint {
  // A malformed term is the tag "ignore", which no build sets.
  if (literal.startsWith('!!') || literal === '!') return new Tag('ignore');
  const negated = literal.startsWith('!');
  const text = negated ? literal.slice(1) : literal;
  const tag = new Tag(/^[\p{L}\p{Nd}_.]+$/u.test(text) ? text : 'ignore');
  return negated ? new NotExpr(tag) : tag;
}

/** The least language version that a constraint implies ("go1.N"), or "". */
export function constraintVersion(x: Constraint): string {
  const v = minVersion(x, false);
  if (v < 0) return '';
  return v === 0 ? 'go1' : `go1.${v}`;
}

function minVersion(x: Constraint, negated: boolean): number {
  switch (x.kind) {
    case 'tag': {
      if (negated) return -1;
      if (x.tag === 'go1') return 0;
      const m = /^go1\.([0-9]+)$/.exec(x.tag);
      return m === null ? -1 : Number(m[1]);
    }
    case 'not':
      return minVersion(x.x, !negated);
    default: {
      const a = minVersion(x.x, negated);
      const b = minVersion(x.y, negated);
      return (x.kind === 'and') === negated ? Math.min(a, b) : Math.max(a, b);
    }
  }
}
