import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('heap-child.ts', import.meta.url));

/** What the child prints, started with a limit of 300 MiB. */
function run(...args: readonly string[]): [string, number] {
  const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=300' };
  const { stdout } = spawnSync(process.execPath, [child, ...args], { encoding: 'utf8', env });
  const at = stdout.trimEnd().lastIndexOf(' ');
  return [stdout.slice(0, at), Number(stdout.slice(at))];
}

test('work that does not fit starts over with twice what it needs', () => {
  const [args, limit] = run('400', 'a b');
  assert.equal(args, '400 a b');
  assert.ok(limit >= 800 && limit < 1200, `${limit}`);
});

test('work that fits does not start over', () => {
  const [args, limit] = run('100', 'a');
  assert.equal(args, '100 a');
  assert.ok(limit < 600, `${limit}`);
});
