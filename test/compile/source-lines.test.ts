/** Sources in the head of our own archives: read back, in lines that other readers take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeText } from '#base/bytes.ts';
import { readSourceLines, sourceLines } from '#compile/export/source-lines.ts';

test('sources of many packages are read back; no line is longer than bufio.Reader has room for', () => {
  const sources = new Map<string, string>();
  for (let i = 0; i < 200; i++) sources.set(`example.com/m/package${i}`, `/modules/example.com/m@v1.0.0/package${i}`);
  const text = encodeText(`go object linux amd64\n${sourceLines(sources)}\n`);
  assert.deepEqual(readSourceLines(text, text.length), sources);
  for (const line of sourceLines(sources).split('\n')) assert.ok(line.length < 4096);
});

test('an archive of ours without such packages is told from others', () => {
  const text = encodeText(`go object linux amd64\n${sourceLines(new Map())}\n`);
  assert.deepEqual(readSourceLines(text, text.length), new Map());
  const other = encodeText('go object linux amd64\n\n');
  assert.equal(readSourceLines(other, other.length), null);
});
