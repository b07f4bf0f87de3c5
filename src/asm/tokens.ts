/**
 * Tokens of assembly text. A kind is the character itself for single-character tokens and negative otherwise; names in text
 * keep the middle dot and the division slash until a Token is made of them, which turns them into "." and "/".
 */
export const Eof = -1;
export const Ident = -2;
export const Int = -3;
export const Float = -4;
export const Char = -5;
export const Str = -6;
/** << >> -> @> */
export const ShiftLeft = -1000;
export const ShiftRight = -1001;
export const ArithmeticRight = -1002;
export const RotateRight = -1003;
/** A //go:build comment. */
export const BuildComment = -1005;
/** The name of a macro with parameters that is used without: not expanded again. */
export const MacroName = -1006;

export const Newline = 10;
export const Hash = 35;
export const Dollar = 36;
export const Percent = 37;
export const Ampersand = 38;
export const LeftParen = 40;
export const RightParen = 41;
export const Star = 42;
export const Plus = 43;
export const Comma = 44;
export const Minus = 45;
export const Dot = 46;
export const Slash = 47;
export const Colon = 58;
export const Semicolon = 59;
export const Less = 60;
export const Greater = 62;
export const LeftBracket = 91;
export const Backslash = 92;
export const RightBracket = 93;
export const Caret = 94;
export const Bar = 124;
export const Tilde = 126;

export class Token {
  readonly kind: number;
  readonly text: string;

  constructor(kind: number, text: string) {
    this.kind = kind;
    this.text = /[·∕]/.test(text) ? text.replaceAll('·', '.').replaceAll('∕', '/') : text;
  }
}

export const eofToken = new Token(Eof, 'EOF');

/** How messages name a kind of token. */
export function kindText(kind: number): string {
  switch (kind) {
    case Eof:
      return 'EOF';
    case Ident:
      return 'identifier';
    case Int:
      return 'integer constant';
    case Float:
      return 'float constant';
    case Char:
      return 'rune constant';
    case Str:
      return 'string constant';
    default:
      return quoteRune(kind);
  }
}

/** Go's %q of a rune. */
export function quoteRune(r: number): string {
  if (r < 0 || r > 0x10ffff) return "'\uFFFD'";
  switch (r) {
    case 10:
      return "'\\n'";
    case 9:
      return "'\\t'";
    case 13:
      return "'\\r'";
    case 39:
      return "'\\''";
    case 92:
      return "'\\\\'";
    default:
      return r < 32 || r === 127 ? `'\\x${r.toString(16).padStart(2, '0')}'` : `'${String.fromCodePoint(r)}'`;
  }
}
