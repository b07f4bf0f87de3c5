import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildDumper, dumpText } from '../oracles/syntaxdump.ts';

const hasGo = spawnSync('go', ['version']).status === 0;

// The whole tree and mutants are compared by test/oracles/syntax.ts and syntaxfuzz.ts.
test("trees and errors equal the official parser's on its own test data", {
  skip: hasGo ? false : 'go is not on PATH',
}, () => {
  const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const files: string[] = [];
  for (const dir of [
    'src/cmd/compile/internal/syntax/testdata',
    'test/syntax',
    'src/go/parser/testdata',
    'test/typeparam',
  ]) {
    for (const name of readdirSync(join(goroot, dir))) if (name.endsWith('.go')) files.push(join(goroot, dir, name));
  }
  const dumper = buildDumper(join(tmpdir(), 'tuza-syntaxdump'));
  const hashes = execFileSync(dumper, { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  for (let i = 0; i < files.length; i++) {
    const ours = dumpText(files[i], new Uint8Array(readFileSync(files[i])), false);
    if (createHash('sha256').update(ours).digest('hex') === hashes[i]) continue;
    const theirs = execFileSync(dumper, ['-full'], { input: files[i], encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(ours, theirs, files[i]);
  }
});
