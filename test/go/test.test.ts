/** `tuza test` beside `go test`; all cases are compared by test/oracles/test-command.ts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { runCase, testCases } from './test-cases.ts';

const hasGo = spawnSync('go', ['version']).status === 0;

test('output as the official command prints it', { skip: hasGo ? false : 'go is not on PATH' }, async () => {
  const quick = testCases().find((c) => c.name === 'quick');
  assert.ok(quick !== undefined);
  const differing: { command: string; ours: string }[] = [];
  const expected: { command: string; ours: string }[] = [];
  await runCase(quick, (command, ours, official) => {
    differing.push({ command, ours });
    expected.push({ command, ours: official });
  });
  assert.deepEqual(differing, expected);
});
