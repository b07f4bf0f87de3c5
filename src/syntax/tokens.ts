/** Tokens, used as `import * as Tok`. Keywords are the range Break to Var. All are below 64, so that sets of tokens are two words. */
export const EOF = 1;
export const Name = 2;
export const Literal = 3;
/** An operator other than `*`; which one is in the scanner's `op`. */
export const Operator = 4;
export const AssignOp = 5;
export const IncOp = 6;
export const Assign = 7;
export const Define = 8;
export const Arrow = 9;
export const Star = 10;
export const Lparen = 11;
export const Lbrack = 12;
export const Lbrace = 13;
export const Rparen = 14;
export const Rbrack = 15;
export const Rbrace = 16;
export const Comma = 17;
export const Semi = 18;
export const Colon = 19;
export const Dot = 20;
export const DotDotDot = 21;
export const Break = 22;
export const Case = 23;
export const Chan = 24;
export const Const = 25;
export const Continue = 26;
export const Default = 27;
export const Defer = 28;
export const Else = 29;
export const Fallthrough = 30;
export const For = 31;
export const Func = 32;
export const Go = 33;
export const Goto = 34;
export const If = 35;
export const Import = 36;
export const Interface = 37;
// biome-ignore lint/suspicious/noShadowRestrictedNames: the keyword's name, used as Tok.Map
export const Map = 38;
export const Package = 39;
export const Range = 40;
export const Return = 41;
export const Select = 42;
export const Struct = 43;
export const Switch = 44;
export const Type = 45;
export const Var = 46;

/** Spellings by number. */
export const text: readonly string[] = [
  '',
  'EOF',
  'name',
  'literal',
  'op',
  'op=',
  'opop',
  '=',
  ':=',
  '<-',
  '*',
  '(',
  '[',
  '{',
  ')',
  ']',
  '}',
  ',',
  ';',
  ':',
  '.',
  '...',
  'break',
  'case',
  'chan',
  'const',
  'continue',
  'default',
  'defer',
  'else',
  'fallthrough',
  'for',
  'func',
  'go',
  'goto',
  'if',
  'import',
  'interface',
  'map',
  'package',
  'range',
  'return',
  'select',
  'struct',
  'switch',
  'type',
  'var',
];

/** A token as messages name it. */
export function describe(tok: number): string {
  if (tok === Comma) return 'comma';
  if (tok === Semi) return 'semicolon or newline';
  return tok >= Break ? `keyword ${text[tok]}` : text[tok];
}
