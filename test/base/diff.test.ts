/** Unified differences: the examples of internal/diff. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { unifiedDiff } from '#base/diff.ts';

const directory = `${process.env.GOROOT ?? '/usr/local/go'}/src/internal/diff/testdata`;

/** The files "old", "new" and "diff" of an example; "$" at ends of lines keeps editors from changing them. */
function readExample(name: string): Map<string, string> {
  const text = readFileSync(`${directory}/${name}`, 'utf8');
  const parts = text.split(/^-- (.*) --\n/m);
  const files = new Map<string, string>();
  for (let i = 1; i < parts.length; i += 2) {
    const body = parts[i + 1].replaceAll('$\n', '\n');
    files.set(parts[i], body.endsWith('^D\n') ? body.slice(0, -'^D\n'.length) : body);
  }
  return files;
}

for (const name of existsSync(directory) ? readdirSync(directory) : []) {
  test(`difference ${name}`, () => {
    const files = readExample(name);
    const text = (part: string): string => files.get(part) ?? '';
    assert.equal(unifiedDiff('old', text('old'), 'new', text('new')), text('diff'));
  });
}

test('the place of no lines is the line before', () => {
  assert.equal(unifiedDiff('a', '', 'b', 'x\n'), 'diff a b\n--- a\n+++ b\n@@ -0,0 +1,1 @@\n+x\n');
});
