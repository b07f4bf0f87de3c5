import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeText } from '#base/bytes.ts';
import { declarationError, headerError } from '#load/go-parser-errors.ts';

/** Text, error of its head ("" for none), error between declarations. Expectations: go list -e and go vet of Go 1.26.8. */
const cases: readonly [string, string, string][] = [
  ['package p\n', '', ''],
  ['// nothing\n\n', "expected 'package', found 'EOF'", "expected 'package', found 'EOF'"],
  ['ackage bar', "expected 'package', found ackage", "expected 'package', found ackage"],
  ['package foo.go\n', '', "expected ';', found '.'"],
  [
    'package p\nimport fmt\n',
    'missing import path; require quoted string',
    'missing import path; require quoted string',
  ],
  ['package p\n\n!!!syntax\n', '', "expected declaration, found '!'"],
  ['package p\n\nʕ◔ϖ◔ʔ\n', '', 'expected declaration, found ʕ'],
];

for (const [text, head, between] of cases) {
  test(JSON.stringify(text), () => {
    assert.equal(headerError(encodeText(text), 1)?.message ?? '', head);
    assert.equal(declarationError(encodeText(text), 1)?.message ?? '', between);
  });
}
