/** The programs of this folder, files and folders of files, print what their .out files say: compiled, assembled and linked here, then run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTarget } from '#load/target.ts';
import { ProgramRunner } from '../oracles/program-runner.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const here = fileURLToPath(new URL('.', import.meta.url));
const missing = existsSync(join(goroot, 'src', 'runtime')) ? false : 'the Go tree is not there';
const elsewhere =
  process.platform === 'linux' && process.arch === 'x64' ? false : 'programs for linux/amd64 do not run here';

test('programs', { skip: missing || elsewhere }, async (t) => {
  const runner = new ProgramRunner(goroot, makeTarget('linux', 'amd64', false, []));
  const dir = mkdtempSync(join(tmpdir(), 'tuza-run-test-'));
  for (const out of readdirSync(here).filter((f) => f.endsWith('.out'))) {
    const name = out.slice(0, -4);
    await t.test(name, () => {
      const folder = join(here, name);
      const [from, files] = existsSync(folder) ? [folder, readdirSync(folder).sort()] : [here, [`${name}.go`]];
      const image = runner.build(
        (l) => l.loadFiles('command-line-arguments', from.replace(/\/$/, ''), files),
        'go1.26',
      );
      const exe = join(dir, name);
      writeFileSync(exe, image);
      chmodSync(exe, 0o755);
      const r = spawnSync('/bin/sh', ['-c', 'exec "$0" 2>&1', exe], { encoding: 'utf8', timeout: 20000 });
      assert.equal(r.stdout, readFileSync(join(here, out), 'utf8'));
      assert.equal(r.status, 0);
    });
  }
  rmSync(dir, { recursive: true });
});
