/** The identity of a file's tokens: the same where the compiler sees the same, another wherever it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeText } from '#base/bytes.ts';
import { sha256 } from '#base/sha256.ts';
import { tokensId } from '#load/tokens.ts';

const id = (text: string): string => tokensId(sha256, encodeText(text));

const same: readonly (readonly [string, string])[] = [
  ['package p // one\n', 'package p // another\n'],
  ['package p\n', 'package p // one\n\n// The end.\n'],
  ['package p\n// a\nvar x = 1\n', 'package p\n// another\nvar x = 1   \n'],
  ['package p\nvar x /* a */ = 1\n', 'package p\nvar x /* b */ = 1\n'],
  ['package p\nvar x         = 1\n', 'package p\nvar x /* b */ = 1\n'],
  ['package p\nfunc f() {\n\treturn // x\n}\n', 'package p\nfunc f() {\n\treturn\n}\n'],
  ['package p\n/* a\n */ var x int\n', 'package p\n\n    var x int\n'],
  ['package p\n//go is good\nvar x int\n', 'package p\n// line 7\nvar x int\n'],
];

const different: readonly (readonly [string, string])[] = [
  ['package p\nvar x = 1\n', 'package p\nvar x = 2\n'],
  // Places: they are in line tables, in names, and in what is told of inlined calls.
  ['package p\nvar x = 1\n', 'package p\n\nvar x = 1\n'],
  ['package p\nvar x = 1\n', 'package p\nvar  x = 1\n'],
  ['package p\nvar x /* a */ = 1\n', 'package p\nvar x /* long */ = 1\n'],
  // A raw string has its lines and spaces in it.
  ['package p\nvar x = `a \nb`\n', 'package p\nvar x = `a\nb`\n'],
  ['package p\nvar x = `// a`\n', 'package p\nvar x = `// b`\n'],
  // A newline ends a statement.
  ['package p\nfunc f() int {\n\treturn /* \n */ 1\n}\n', 'package p\nfunc f() int {\n\treturn /*  */ 1\n}\n'],
  ['package p\nvar x, y int\n', 'package p\nvar x; y int\n'],
  // Directives.
  ['package p\n//go:noinline\nfunc f() {}\n', 'package p\n// go:noinline\nfunc f() {}\n'],
  ['package p\n//go:noinline\nfunc f() {}\n', 'package p\n//go:nosplit\nfunc f() {}\n'],
  ['package p\n//line a.go:7\nvar x int\n', 'package p\n//line a.go:8\nvar x int\n'],
  ['package p\nvar x /*line :7:1*/ int\n', 'package p\nvar x /*line :8:1*/ int\n'],
  ['package p\n//go:embed a\nvar x string\n', 'package p\n//go:embed b\nvar x string\n'],
  // What is no Go file counts as a whole.
  ['package p\nvar x = "// a\n', 'package p\nvar x = "// b\n'],
  ['package p // \x00\n', 'package p // \x00 \n'],
];

test('what moves nothing changes nothing', () => {
  for (const [a, b] of same) assert.equal(id(a), id(b), `${a}---\n${b}`);
});

test('everything else is seen', () => {
  for (const [a, b] of different) assert.notEqual(id(a), id(b), `${a}---\n${b}`);
});
