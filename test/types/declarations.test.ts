/**
 * Errors of declarations, types, instances and inference: recorded in declarations.json, and compared with `go tool compile -e` where it is on the
 * PATH; with BLESS=1, recorded from it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkText } from './check-text.ts';

interface Case {
  name: string;
  /** Lines. */
  source: string[];
  errors: string[];
}

const file = fileURLToPath(new URL('declarations.json', import.meta.url));
const cases: Case[] = JSON.parse(readFileSync(file, 'utf8'));

function official(source: string, dir: string): string[] | null {
  writeFileSync(join(dir, 'p.go'), source);
  const r = spawnSync('go', ['tool', 'compile', '-e', '-p', 'p', '-o', join(dir, 'p.o'), 'p.go'], {
    cwd: dir,
    encoding: 'utf8',
  });
  if (r.error !== undefined) return null;
  const errors: string[] = [];
  for (const line of r.stdout.split('\n')) {
    const m = /^p\.go:(\d+:\d+): (.*)$/.exec(line);
    if (m !== null) errors.push(`${m[1]} ${m[2]}`);
    else if (line.startsWith('\t') && errors.length > 0) errors[errors.length - 1] += `\n${line}`;
  }
  return errors;
}

test('declarations: errors as the official compiler reports them', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'types-test-'));
  try {
    for (const c of cases) {
      const source = `${c.source.join('\n')}\n`;
      const want = official(source, dir)?.sort() ?? null;
      if (want === null) t.diagnostic('go is not on the PATH: recorded errors only');
      else if (process.env.BLESS !== undefined) c.errors = want;
      else assert.deepEqual(c.errors, want, `recorded errors of ${c.name}`);
      assert.deepEqual([...new Set(checkText(source).errors)].sort(), c.errors, c.name);
    }
    if (process.env.BLESS !== undefined) writeFileSync(file, `${JSON.stringify(cases, null, 2)}\n`);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
