/** Packages in memory and official archives in one link, in every direction: what bisecting a wrong program by packages needs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linkProgram } from '#link/link.ts';
import type { ObjectFile } from '#obj/object.ts';
import { Symbols } from '#obj/symbol.ts';
import { addObject, importArchives } from './archives.ts';
import { nodeLinkHost } from './node-host.ts';
import { compileMain, go, packageFiles, skipWithoutGo, withDirectory } from './official.ts';

const source = `package main

import (
	"fmt"
	"sort"
	"strings"
)

func main() {
	words := strings.Fields("b c a")
	sort.Strings(words)
	fmt.Println(words, len(words))
}
`;

/** Chosen packages as a compiler would leave them in memory; of the others, symbols that only their names are known of. */
function load(
  files: ReadonlyMap<string, string>,
  isChosen: (path: string) => boolean,
): { symbols: Symbols; packages: Map<string, ObjectFile> } {
  const symbols = new Symbols();
  const packages = new Map<string, ObjectFile>();
  for (const object of importArchives(symbols, files)) {
    if (!isChosen(object.packagePath)) {
      for (const s of object.symbols) {
        s.kind = 0;
        s.data = new Uint8Array(0);
        s.size = 0;
        s.relocs = null;
        s.func = null;
        s.gotype = null;
        s.dwarfInfo = null;
        s.attrs = 0;
        s.object = null;
      }
      continue;
    }
    addObject(packages, object);
  }
  return { symbols, packages };
}

const choices: readonly { name: string; inMemory: (path: string) => boolean; stripDwarf: boolean }[] = [
  { name: 'main and strings', inMemory: (p) => p === 'main' || p === 'strings', stripDwarf: false },
  { name: 'the runtime', inMemory: (p) => p === 'runtime', stripDwarf: false },
  { name: 'all but the runtime', inMemory: (p) => p !== 'runtime', stripDwarf: true },
];

test('packages in memory and in archives in one link', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['fmt', 'sort', 'strings', 'runtime']);
    const main = compileMain(dir, source, files);
    const all = new Map([...files, ['main', main]]);
    const goroot = go(['env', 'GOROOT'], dir).trim();
    for (const { name, inMemory, stripDwarf } of choices) {
      const { symbols, packages } = load(all, inMemory);
      const r = linkProgram(
        {
          mainFile: inMemory('main') ? '' : main,
          packageFiles: new Map([...files].filter(([p]) => !inMemory(p))),
          memoryPackages: packages,
          symbols,
          goroot,
          buildVersion: 'go1.26.8',
          stripDwarf,
        },
        nodeLinkHost,
      );
      assert.deepEqual([...r.errors, r.stopped], [''], name);
      assert.ok(r.image !== null);
      const file = join(dir, 'program');
      writeFileSync(file, r.image);
      chmodSync(file, 0o755);
      const ran = spawnSync(file, { encoding: 'utf8', env: { ...process.env, GOGC: '5' } });
      assert.equal(ran.stdout + ran.stderr, '[a b c] 3\n', name);
    }
  });
});
