/** The bisecting tool finds a function that is made wrong. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeHost } from '#host/node.ts';
import { bisect, Mixer } from '../tools/bisect-core.ts';
import { sourcesOf } from '../tools/bisect-sources.ts';

const skip = spawnSync('go', ['version']).status === 0 ? false : 'go is not on PATH';

const program = `package main

import "strconv"

//go:noinline
func first(n int) int { return n + 2 }

//go:noinline
func weight(n int) int { return n*3 + 1 }

//go:noinline
func zero(n int) int { return n - n }

func main() {
	println(first(1), zero(2))
	if s := strconv.Itoa(weight(4)); s != "13" {
		println(s)
		panic("wrong")
	}
}
`;

const ret = 0xc3;

test('a damaged function is found', { skip }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-bisect-'));
  try {
    const file = join(dir, 'p.go');
    writeFileSync(file, program);
    const { goroot, sources } = sourcesOf(file);
    const mixer = new Mixer(nodeHost(), goroot, dir, sources);
    mixer.damage = (path, object) => {
      const s = path === 'main' ? object.symbols.find((x) => x.name === 'main.weight') : undefined;
      if (s !== undefined) {
        s.data = s.data.slice();
        s.data[0] = ret;
      }
    };
    assert.deepEqual(
      bisect(mixer, ['strconv', 'main'], [], () => undefined),
      { package: 'main', function: 'main.weight' },
    );
    mixer.damage = null;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
