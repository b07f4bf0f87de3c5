/** What may help beyond a message; only shown on terminals. */
import type { Diagnostic } from '#base/diagnostic.ts';

const hints: readonly (readonly [RegExp, string])[] = [
  [/^declared and not used: (\S+)/, 'use $1, assign it to _, or remove it'],
  [
    /^"([^"]+)" imported (?:as \S+ )?and not used/,
    'remove the import, or write _ "$1" if it is wanted for its side effects',
  ],
  [/^missing return/, 'every way through the function must end in a return, a panic or an endless loop'],
  [
    /^package (\S+\.\S+\/\S*) is not in std/,
    'modules are not downloaded yet; only the standard library can be imported',
  ],
  [/^package \.\.?\/\S* is not in std/, 'relative imports are not supported yet'],
  [/^undefined: (nil|true|false|iota)\b/, '$1 is declared in the universe: is it shadowed?'],
  [/^no new variables on left side of :=/, 'assign with = instead'],
  [
    /^cannot use (\S+) .* as (\S+) value in .*: .* does not implement .*\(method (\S+) has pointer receiver\)/,
    'take the address: &$1',
  ],
  [
    /^invalid operation: .* \(mismatched types (\S+) and (\S+)\)/,
    'convert one operand: Go does not convert between $1 and $2 by itself',
  ],
  [
    /^syntax error: unexpected newline, expected comma or \)|unexpected newline in (argument|parameter|composite)/,
    'the last line of a list needs a comma before the line ends',
  ],
  [
    /^syntax error: non-declaration statement outside function body/,
    'statements stand in functions; outside, declare with var instead of :=',
  ],
  [/^import cycle not allowed/, 'move what both packages need into a third one'],
];

/** "" if nothing is known. */
export function hintFor(d: Diagnostic): string {
  for (const [pattern, text] of hints) {
    const m = pattern.exec(d.message);
    if (m !== null) return text.replace(/\$(\d)/g, (_, n: string) => m[Number(n)] ?? '');
  }
  return '';
}
