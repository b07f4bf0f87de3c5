/** What the code of small functions must contain. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpProgram } from './dump.ts';
import { root } from './tree.ts';

const program = `package main

import "math"

//go:noinline
func square(x float64) float64 { return x * math.Sqrt(x) }

//go:noinline
func dense(n int) int {
	switch n {
	case 1:
		return 3
	case 2:
		return 1
	case 3:
		return 4
	case 4:
		return 1
	case 5:
		return 5
	case 6:
		return 9
	case 7:
		return 2
	case 8:
		return 6
	}
	return 0
}

func main() { println(square(4), dense(3)) }
`;

const wanted: readonly [name: string, code: RegExp][] = [
  // The square root must not wait for what was in its destination before.
  ['main.square', /XORPS\s+(X\d+), \1[\s\S]*SQRTSD\s+X0, \1/],
  ['main.dense', /LEAQ\s+main\.dense\.jump\d+\(SB\), (\w+)[\s\S]*JMP\s+\(\1\)\(\w+\*8\)/],
];

test('code of small functions', { skip: root === null && 'no Go tree on this machine' }, () => {
  const { functions } = dumpProgram(program);
  for (const [name, code] of wanted) assert.match(functions.find((f) => f.name === name)?.listing ?? '', code, name);
});
