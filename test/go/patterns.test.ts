/** Arguments that mean packages, in their shortest form: what the official command makes of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanPattern } from '#go/packages.ts';

const cases: readonly [argument: string, clean: string][] = [
  ['', '.'],
  ['.', '.'],
  ['./', '.'],
  ['./.', '.'],
  ['./a/../b/', './b'],
  ['./../a', './../a'],
  ['../a//b', '../a/b'],
  ['../../a/..', '../..'],
  ['a/../../b', '../b'],
  ['./...', './...'],
  ['.//...', './...'],
  ['/a/./b//..', '/a'],
  ['/', '/'],
  ['fmt/', 'fmt'],
  ['x/../y', 'y'],
  ['a\\b', 'a/b'],
  ['example.com//m@v1//x', 'example.com/m@v1//x'],
  ['./a@v1', './a@v1'],
];

test('arguments in their shortest form', () => {
  for (const [argument, clean] of cases) assert.equal(cleanPattern(argument), clean, argument);
});
