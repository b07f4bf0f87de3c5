/** `tuza run -watch`: a changed file, a new one, one that is wrong; the program is ended before it starts again, and a signal ends it all. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const program = (text: string): string => `package main

import "time"

func main() {
	println("${text}", extra)
	time.Sleep(time.Hour)
}
`;

import { main } from '../command.ts';

test('a program is built and started again', { timeout: 300_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-watch-'));
  try {
    writeFileSync(join(dir, 'go.mod'), 'module m\n\ngo 1.26\n');
    writeFileSync(join(dir, 'main.go'), program('one'));
    writeFileSync(join(dir, 'extra.go'), 'package main\n\nvar extra = 1\n');
    const child = spawn(process.execPath, [main, 'run', '-watch', '.'], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let seen = '';
    let wake = (): void => undefined;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        seen += part.toString();
        wake();
      });
    const says = async (text: string): Promise<void> => {
      while (!seen.includes(text)) await new Promise<void>((resolve) => (wake = resolve));
      seen = seen.slice(seen.indexOf(text) + text.length);
    };
    await says('one 1\n');
    writeFileSync(join(dir, 'main.go'), program('two'));
    await says('go: main.go has changed\n');
    await says('two 1\n');
    writeFileSync(join(dir, 'extra.go'), 'package main\n\nvar extra = unknown\n');
    await says('extra.go:3:13: undefined: unknown\n');
    await says('go: waiting for changes\n');
    rmSync(join(dir, 'extra.go'));
    writeFileSync(join(dir, 'other.go'), 'package main\n\nvar extra = 2\n');
    await says('two 2\n');
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    assert.equal(code, 130);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
