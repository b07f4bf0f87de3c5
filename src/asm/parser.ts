/**
 * State of parsing one assembly file, and its loop: a line is any number of labels, a word with suffixes, and operands, each
 * a list of tokens (GOROOT/src/cmd/asm/internal/asm/parse.go).
 */
import type { AssemblerTarget } from '#arch/assembler.ts';
import type { AsmFunction, Operand } from '#arch/inst.ts';
import { Inst, noOperand } from '#arch/inst.ts';
import type { Pos } from '#base/source.ts';
import { FatalError } from './errors.ts';
import type { Positions } from './positions.ts';
import type { Preprocessor } from './preprocess.ts';
import { currentBase, currentLine, next } from './preprocess.ts';
import { quote } from './quote.ts';
import type { AsmSymbols } from './symbols.ts';
import * as T from './tokens.ts';
import { eofToken, Token } from './tokens.ts';

const maxErrors = 10;

export interface LabelUse {
  inst: Inst;
  label: string;
}

export class Parser {
  readonly target: AssemblerTarget;
  readonly source: Preprocessor;
  readonly symbols: AsmSymbols;
  readonly positions: Positions;
  /** Receives whole lines of messages. */
  readonly report: (message: string) => void;
  readonly trace: ((line: number, inst: Inst) => void) | null;
  readonly allErrors: boolean;
  /** sym<ABIInternal>(SB) is accepted. */
  readonly allowAbi: boolean;
  /** Prefix of names that begin with a dot. */
  readonly packagePrefix: string;
  /** Physical line of the current statement, and of the last error. */
  line: number;
  errorLine: number;
  errorCount: number;
  sawCode: boolean;
  /** Instructions so far in the file; what n(PC) counts. */
  pc: number;
  /** Tokens of the operand being parsed. */
  tokens: readonly Token[];
  at: number;
  isJump: boolean;
  pendingLabels: string[];
  labels: Map<string, Inst>;
  unresolved: LabelUse[];
  /** Functions of the file; instructions before the first TEXT are dropped. */
  readonly functions: AsmFunction[];
  current: AsmFunction | null;
  /** End of the last DATA of each name. */
  readonly dataEnds: Map<string, number>;

  constructor(
    target: AssemblerTarget,
    source: Preprocessor,
    symbols: AsmSymbols,
    positions: Positions,
    options: Pick<Parser, 'allErrors' | 'allowAbi' | 'packagePrefix' | 'report' | 'trace'>,
  ) {
    this.target = target;
    this.source = source;
    this.symbols = symbols;
    this.positions = positions;
    this.report = options.report;
    this.trace = options.trace;
    this.allErrors = options.allErrors;
    this.allowAbi = options.allowAbi;
    this.packagePrefix = options.packagePrefix;
    this.line = 0;
    this.errorLine = 0;
    this.errorCount = 0;
    this.sawCode = false;
    this.pc = 0;
    this.tokens = [];
    this.at = 0;
    this.isJump = false;
    this.pendingLabels = [];
    this.labels = new Map();
    this.unresolved = [];
    this.functions = [];
    this.current = null;
    this.dataEnds = new Map();
  }
}

/** Reports an error, at most one a line. */
export function error(p: Parser, message: string): void {
  if (p.line === p.errorLine) return;
  p.errorLine = p.line;
  p.report(`${currentBase(p.source).filename}:${p.line}: ${message}`);
  p.errorCount++;
  if (p.errorCount > maxErrors && !p.allErrors) throw new FatalError('asm: too many errors');
}

export function position(p: Parser): Pos {
  return p.positions.add(currentBase(p.source), p.line);
}

/** Adds an instruction and gives it the labels before it. */
export function append(p: Parser, inst: Inst, suffix: string): void {
  if (suffix !== '') {
    const s = p.target.suffix(suffix);
    if (typeof s === 'string') {
      error(p, s);
      return;
    }
    inst.suffix = s;
  }
  p.current?.append(inst);
  label(p, inst);
}

/** Counts an instruction and attaches the pending labels to it. */
export function label(p: Parser, inst: Inst): void {
  p.pc++;
  inst.pc = p.pc;
  for (const name of p.pendingLabels) {
    if (p.labels.has(name)) {
      error(p, `label ${quote(name)} multiply defined`);
      return;
    }
    p.labels.set(name, inst);
  }
  p.pendingLabels.length = 0;
  p.trace?.(p.line, inst);
}

export function newInst(p: Parser, op: number, from: Operand = noOperand, to: Operand = noOperand): Inst {
  return new Inst(op, position(p), from, to);
}

/* The operand's tokens. */

export function start(p: Parser, tokens: readonly Token[]): void {
  p.tokens = tokens;
  p.at = 0;
}

export function peek(p: Parser): number {
  return p.at < p.tokens.length ? p.tokens[p.at].kind : T.Eof;
}

export function take(p: Parser): Token {
  return p.at < p.tokens.length ? p.tokens[p.at++] : eofToken;
}

export function back(p: Parser): void {
  if (p.at > 0) p.at--;
}

/** True if a token of this kind is still to come in the operand. */
export function have(p: Parser, kind: number): boolean {
  for (let i = p.at; i < p.tokens.length; i++) if (p.tokens[i].kind === kind) return true;
  return false;
}

function expect(p: Parser, kind: number, what: string): void {
  if (peek(p) !== kind) error(p, `expected ${what}, found ${take(p).text}`);
}

/** Takes a token of a kind; another one is an error, and taken. */
export function get(p: Parser, kind: number): Token {
  expect(p, kind, T.kindText(kind));
  return take(p);
}

export function expectEnd(p: Parser): void {
  expect(p, T.Eof, 'end of operand');
}

/* Lines. */

function nextToken(p: Parser): number {
  for (;;) {
    const kind = next(p.source);
    if (kind === T.BuildComment) {
      if (p.sawCode) error(p, 'misplaced //go:build comment');
      continue;
    }
    if (kind !== T.Newline) p.sawCode = true;
    // What is left of a preprocessor directive.
    if (kind !== T.Hash) return kind;
  }
}

/** A statement: its word, suffixes joined with dots, and operands. */
export class Statement {
  word: string;
  suffix: string;
  operands: Token[][];

  constructor(word: string) {
    this.word = word;
    this.suffix = '';
    this.operands = [];
  }
}

/** Reads the next statement; labels before it become pending. Null at the end of the file or where it is no use to go on. */
export function nextStatement(p: Parser): Statement | null {
  for (;;) {
    let kind = nextToken(p);
    p.line = currentLine(p.source);
    while (kind === T.Newline || kind === T.Semicolon) {
      kind = nextToken(p);
      p.line = currentLine(p.source);
    }
    if (kind === T.Eof) return null;
    if (kind !== T.Ident) {
      error(p, `expected identifier, found ${quote(p.source.text)}`);
      return null;
    }
    const s = new Statement(p.source.text);
    switch (readOperands(p, s)) {
      case isStatement:
        return s;
      case isLabel:
        p.pendingLabels.push(s.word);
        break;
      default:
        return null;
    }
  }
}

const isStatement = 0;
const isLabel = 1;
const isBroken = 2;

/** Splits the rest of the line at commas, or at the colon of the old register pair AX:DX, which stands for DX, AX. */
function readOperands(p: Parser, s: Statement): number {
  let nesting = 0;
  let colon = -1;
  let kind = 0;
  while (kind !== T.Newline && kind !== T.Semicolon) {
    const items: Token[] = [];
    for (;;) {
      kind = nextToken(p);
      if (s.operands.length === 0 && items.length === 0) {
        if (kind === T.Dot) {
          if (nextToken(p) !== T.Ident) error(p, `instruction suffix expected identifier, found ${p.source.text}`);
          s.suffix += s.suffix === '' ? p.source.text : `.${p.source.text}`;
          continue;
        }
        if (kind === T.Colon) return isLabel;
      }
      if (kind === T.Eof) {
        error(p, 'unexpected EOF');
        return isBroken;
      }
      const separates = nesting === 0 && (kind === T.Comma || kind === T.Colon);
      if (kind === T.Newline || kind === T.Semicolon || separates) {
        if (kind === T.Colon) {
          if (colon >= 0) {
            error(p, "invalid ':' in operand");
            return isStatement;
          }
          colon = s.operands.length;
        }
        break;
      }
      if (kind === T.LeftParen || kind === T.LeftBracket) nesting++;
      if (kind === T.RightParen || kind === T.RightBracket) nesting--;
      items.push(new Token(kind, p.source.text));
    }
    if (items.length > 0) {
      s.operands.push(items);
      if (colon >= 0 && s.operands.length === colon + 2) {
        const first = s.operands[colon];
        s.operands[colon] = s.operands[colon + 1];
        s.operands[colon + 1] = first;
        colon = -1;
      }
    } else if (s.operands.length > 0 || kind === T.Comma || colon >= 0) error(p, 'missing operand');
  }
  return isStatement;
}
