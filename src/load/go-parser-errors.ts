/**
 * What go/parser says of a file whose package clause, imports or top-level declarations are wrong. Loading packages tells errors in its words,
 * and builds tell them in the compiler's.
 */
import type { Diagnostic } from '#base/diagnostic.ts';
import type { Pos } from '#base/source.ts';
import { HeaderScanner, type HeaderToken } from './header-scanner.ts';

/** The first error of a file's package clause and imports; null if go/parser finds none there. `base` is the position of the file's first byte. */
export function headerError(text: Uint8Array, base: Pos): Diagnostic | null {
  return new HeaderParser(text, base, false).header();
}

/** The first error that stands between declarations, or before them. */
export function declarationError(text: Uint8Array, base: Pos): Diagnostic | null {
  return new HeaderParser(text, base, true).file();
}

const declarationStart = new Set(['const', 'func', 'import', 'type', 'var']);

/** Thrown at the end of the head. */
class End extends Error {}

/** Thrown at the first error: go/parser's others are not told. */
class Found extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

class HeaderParser {
  private readonly scanner: HeaderScanner;
  private readonly base: Pos;
  private readonly isWhole: boolean;
  private token: HeaderToken;

  /** The kind of the token at hand; it changes between two looks at it. */
  private get at(): string {
    return this.token.kind;
  }

  constructor(text: Uint8Array, base: Pos, isWhole: boolean) {
    this.base = base;
    this.isWhole = isWhole;
    this.scanner = new HeaderScanner(text);
    this.token = { kind: 'EOF', text: '', offset: 0 };
  }

  header(): Diagnostic | null {
    return this.first(() => this.parseHeader());
  }

  file(): Diagnostic | null {
    return this.first(() => {
      this.parseHeader();
      while (this.token.kind !== 'EOF') this.declaration();
    });
  }

  private first(parse: () => void): Diagnostic | null {
    try {
      parse();
      return null;
    } catch (e) {
      if (e instanceof Found) return e.diagnostic;
      if (e instanceof End) return null;
      throw e;
    }
  }

  private fail(offset: number, message: string): never {
    throw new Found({ pos: this.base + offset, message, code: '', soft: false });
  }

  /** `mayEnd`: go/build cuts the head off here unless an "i" follows, so that nothing else is looked at. */
  private next(mayEnd = false): void {
    this.token = this.scanner.next();
    const { problem } = this.scanner;
    if (mayEnd && !this.isWhole && this.token.kind !== ';' && !this.token.text.startsWith('i')) throw new End();
    if (problem !== null) this.fail(problem.offset, problem.message);
  }

  private failExpected(what: string): never {
    const { kind, text, offset } = this.token;
    const found = kind === ';' && text === '\n' ? 'newline' : isLiteral(kind) ? text : `'${kind}'`;
    this.fail(offset, `expected ${what}, found ${found}`);
  }

  private expect(kind: string, mayEnd = false): void {
    if (this.token.kind !== kind) this.failExpected(`'${kind}'`);
    this.next(mayEnd);
  }

  private expectSemicolon(mayEnd = false): void {
    const { kind } = this.token;
    if (kind === ')' || kind === '}') return;
    if (kind !== ';') this.failExpected("';'");
    this.next(mayEnd);
  }

  private parseHeader(): void {
    this.next();
    this.expect('package');
    this.expect('IDENT', true);
    this.expectSemicolon(true);
    while (this.token.kind === 'import') this.importDeclaration();
  }

  private importDeclaration(): void {
    this.next();
    if (this.token.kind !== '(') {
      this.importSpec(true);
      return;
    }
    this.next();
    while (this.at !== ')' && this.at !== 'EOF') this.importSpec(false);
    this.expect(')', true);
    this.expectSemicolon(true);
  }

  private importSpec(isLast: boolean): void {
    if (this.token.kind === 'IDENT' || this.token.kind === '.') this.next();
    const { kind, offset } = this.token;
    if (kind === 'STRING') this.next(isLast);
    else if (isLiteral(kind)) this.fail(offset, 'import path must be a string');
    else this.fail(offset, 'missing import path; require quoted string');
    this.expectSemicolon(isLast);
  }

  /** Goes to the end of a declaration that may be right. */
  private declaration(): void {
    if (!declarationStart.has(this.token.kind)) this.failExpected('declaration');
    if (this.token.kind === 'import') this.fail(this.token.offset, 'imports must appear before other declarations');
    let depth = 0;
    for (;;) {
      const { kind } = this.token;
      if (kind === 'EOF') return;
      if (kind === '(' || kind === '[' || kind === '{') depth++;
      if (kind === ')' || kind === ']' || kind === '}') depth--;
      this.next();
      if (kind === ';' && depth <= 0) return;
    }
  }
}

function isLiteral(kind: string): boolean {
  return /^(IDENT|INT|FLOAT|IMAG|CHAR|STRING)$/.test(kind);
}
