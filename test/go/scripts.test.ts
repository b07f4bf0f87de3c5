/**
 * A sample of cmd/go's script tests (test/oracles/go-scripts.ts), other ones for each commit: of those that are known to pass and need no compiled
 * code, as many as fit into the time.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../command.ts';
import { remove } from './script/commands.ts';
import { runScript } from './script/engine.ts';
import { ScriptProxy } from './script/proxy.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const scripts = join(goroot, 'src/cmd/go/testdata/script');
/** Longer scripts compile programs. */
const longest = 1500;
const budget = 30_000;

interface Known {
  readonly passing: Readonly<Record<string, number>>;
}

const known: Known = JSON.parse(readFileSync(new URL('./scripts.json', import.meta.url), 'utf8'));

/** In an order that the commit decides. */
function shuffled(names: readonly string[]): string[] {
  const seed = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  const key = (name: string): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return [...names].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

test('scripts of cmd/go', { skip: existsSync(scripts) ? false : 'no Go tree' }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-scripts-'));
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'go'), `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`);
  chmodSync(join(bin, 'go'), 0o755);
  const proxy = new ScriptProxy(goroot);
  await proxy.start();
  const options = {
    goroot,
    go: join(bin, 'go'),
    binDirectory: bin,
    proxy: proxy.url,
    cache: join(dir, 'cache'),
    seconds: 60,
    short: false,
    cgo: false,
  };
  const names = shuffled(Object.keys(known.passing).filter((n) => known.passing[n] < longest));
  const end = Date.now() + budget;
  const failed: string[] = [];
  let done = 0;
  try {
    for (const name of names) {
      if (Date.now() > end) break;
      const r = await runScript(join(scripts, `${name}.txt`), join(dir, name), options);
      done++;
      if (r.status === 'fail') failed.push(`${name}:${r.line}: ${r.command}\n${r.message}\n${r.stderr.slice(0, 500)}`);
    }
  } finally {
    proxy.stop();
    remove(dir);
  }
  assert.deepEqual(failed, []);
  assert.ok(done > 0);
});
