/** The live line: when it is shown, what it says, and that it is gone afterwards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressLine, progressText } from '#host/progress.ts';

test('what the line says', () => {
  assert.equal(progressText('compile', 812, 0, 'fmt.Println', 79), 'compiling 812 functions fmt.Println');
  assert.equal(progressText('load', 0, 0, 'net/http', 79), 'loading packages net/http');
  assert.equal(
    progressText('check', 3, 12, 'a/b', 62),
    'checking packages [========                      ] 3 of 12 a/b',
  );
  assert.equal(
    progressText('download', 5e6, 1e7, 'x', 79),
    'downloading [===============               ] 5.0 of 10.0 MB x',
  );
  assert.equal(progressText('compile', 812, 0, 'a.very/long/name', 20), 'compiling 812 functi');
});

test('it waits, is not drawn too often, and is removed', () => {
  let out = '';
  let now = 0;
  const line = (isTerminal: boolean) =>
    new ProgressLine(
      { isTerminal, columns: 80 },
      (text) => {
        out += text;
      },
      () => now,
    );
  const shown = line(true);
  for (now = 0; now < 500; now += 100) shown.show('compile', now, 0, '');
  shown.hide();
  assert.equal(out, '');
  shown.show('compile', 7, 0, '');
  now += 10;
  shown.show('compile', 8, 0, '');
  shown.hide();
  shown.hide();
  assert.equal(out, '\r\x1b[Kcompiling 7 functions\r\r\x1b[K');
  out = '';
  const hidden = line(false);
  hidden.show('compile', 1, 0, '');
  now += 1000;
  hidden.show('compile', 1, 0, '');
  hidden.hide();
  assert.equal(out, '');
});
