/** Modules whose paths look like something else: programs of them are built as any other. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../command.ts';

for (const path of ['test/b', 'main', 'command-line-arguments/x'])
  test(path, { timeout: 300_000 }, () => {
    const dir = mkdtempSync(join(tmpdir(), 'tuza-names-'));
    try {
      writeFileSync(join(dir, 'go.mod'), `module ${path}\n\ngo 1.26\n`);
      writeFileSync(join(dir, 'main.go'), 'package main\n\nfunc main() { println("ran") }\n');
      const r = spawnSync(process.execPath, [main, 'run', '.'], { cwd: dir, encoding: 'utf8' });
      assert.deepEqual([r.stderr, r.status], ['ran\n', 0]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
