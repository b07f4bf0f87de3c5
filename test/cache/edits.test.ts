/** Edits of packages below others: what is taken over from the cache makes the bytes of a build without it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { DiskCache } from '#cache/store.ts';
import { buildProgram } from '#go/build-program.ts';
import { capturingHost } from '../capture.ts';
import { root } from '../compile/tree.ts';
import { EditedModule } from './edited-packages.ts';

test('a build after edits makes the bytes of one with an empty cache', {
  skip: root === null ? 'no Go tree' : false,
}, async () => {
  const top = mkdtempSync(join(tmpdir(), 'tuza-edits-'));
  try {
    const printed = capturingHost();
    const module = new EditedModule(7, 4);
    const build = async (directory: string, cache: string): Promise<Buffer> => {
      const program = join(top, directory);
      const host = { ...printed.host, workingDirectory: () => program };
      for (const [name, text] of module.files()) {
        mkdirSync(dirname(join(program, name)), { recursive: true });
        writeFileSync(join(program, name), text);
      }
      const store = new DiskCache(host.files, host.sha256, join(top, cache));
      const { image } = await buildProgram(host, ['.'], [], store);
      assert.notEqual(image, null, printed.stderr);
      return Buffer.from(image ?? new Uint8Array(0));
    };
    // Of another directory's packages only the code of the standard library can be used.
    await build('other', 'base');
    cpSync(join(top, 'base'), join(top, 'kept'), { recursive: true });
    await build('program', 'kept');
    for (let step = 0; step < 5; step++) {
      const told = module.edit();
      const warm = await build('program', 'kept');
      const fresh = `fresh${step}`;
      cpSync(join(top, 'base'), join(top, fresh), { recursive: true });
      assert.ok(warm.equals(await build('program', fresh)), told);
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
});
