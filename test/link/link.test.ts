import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LinkOptions } from '#link/context.ts';
import { linkProgram } from '#link/link.ts';
import { addStringDefinition } from '#link/string-definitions.ts';
import { PackageDefinition, readArchive } from '#obj/archive.ts';
import { ElfReader } from '#obj/elf-read.ts';
import * as F from '#obj/format.ts';
import type { ObjectFile } from '#obj/object.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import { Symbols } from '#obj/symbol.ts';
import { addObject, importArchives } from './archives.ts';
import { nodeLinkHost } from './node-host.ts';
import { compileMain, go, officialLink, packageFiles, skipWithoutGo, withDirectory } from './official.ts';

const println = 'package main\nfunc main() { println("hello") }\n';
const fmtHello = 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello", 42) }\n';

function options(dir: string, main: string, files: ReadonlyMap<string, string>): Partial<LinkOptions> {
  const goroot = go(['env', 'GOROOT'], dir).trim();
  return {
    mainFile: main,
    packageFiles: files,
    goroot,
    buildVersion: 'go1.26.8',
    buildId: 'some/build/id',
    stripDwarf: true,
  };
}

function run(dir: string, image: Uint8Array | null): string {
  assert.ok(image !== null);
  const file = join(dir, 'program');
  writeFileSync(file, image);
  chmodSync(file, 0o755);
  const r = spawnSync(file, { encoding: 'utf8' });
  return r.stdout + r.stderr;
}

test('println hello is the official linker’s, byte for byte', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['runtime']);
    const main = compileMain(dir, println, files);
    const r = linkProgram(options(dir, main, files), nodeLinkHost);
    assert.deepEqual([...r.errors, r.stopped], ['']);
    assert.equal(run(dir, r.image), 'hello\n');
    const official = officialLink(dir, main, ['-w', '-buildid', 'some/build/id']);
    assert.ok(r.image !== null && Buffer.compare(r.image, official) === 0, 'images differ');
  });
});

test('fmt hello from objects, from memory, and compiled on demand', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['fmt', 'runtime']);
    const main = compileMain(dir, fmtHello, files);
    const base = options(dir, main, files);
    assert.equal(run(dir, linkProgram(base, nodeLinkHost).image), 'hello 42\n');
    const { symbols, packages } = inMemory(new Map([...files, ['main', main]]));
    const memory = { ...base, mainFile: '', packageFiles: null, symbols, memoryPackages: packages };
    assert.equal(run(dir, linkProgram(memory, nodeLinkHost).image), 'hello 42\n');
    const demanded = hideContent(symbols);
    const mainObject = packages.get('main');
    assert.ok(mainObject !== undefined);
    const lazy = { ...memory, memoryPackages: new Map([['main', mainObject]]) };
    assert.equal(run(dir, linkProgram(lazy, nodeLinkHost).image), 'hello 42\n');
    assert.ok(demanded.count < demanded.total / 2, `${demanded.count} of ${demanded.total} symbols were asked for`);
  });
});

/** All packages as a compiler would leave them in memory. */
function inMemory(files: ReadonlyMap<string, string>): { symbols: Symbols; packages: Map<string, ObjectFile> } {
  const symbols = new Symbols();
  const packages = new Map<string, ObjectFile>();
  for (const object of importArchives(symbols, files)) {
    addObject(packages, object);
  }
  return { symbols, packages };
}

/** Takes the content out of every symbol and gives it back when it is demanded. */
function hideContent(symbols: Symbols): { count: number; total: number } {
  const hidden = new Map<object, () => void>();
  for (const s of symbols.all()) {
    const { kind, data, size, relocs, func, gotype, attrs, align, dwarfInfo, object } = s;
    if (kind === 0 || object === null) continue;
    s.kind = 0;
    s.data = new Uint8Array(0);
    s.size = 0;
    s.relocs = null;
    s.func = null;
    s.gotype = null;
    s.attrs = 0;
    s.object = null;
    hidden.set(s, () => Object.assign(s, { kind, data, size, relocs, func, gotype, attrs, align, dwarfInfo, object }));
    object.symbols.splice(object.symbols.indexOf(s), 1);
  }
  const demanded = { count: 0, total: hidden.size };
  symbols.demand = (s) => {
    const restore = hidden.get(s);
    if (restore === undefined || s.kind !== 0) return;
    restore();
    demanded.count++;
    s.object?.symbols.push(s);
  };
  return demanded;
}

test('-X sets string variables and build information is readable', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['runtime']);
    const main = compileMain(dir, 'package main\nvar v = "old"\nvar w string\nfunc main() { println(v, w) }\n', files);
    const strings = new Map<string, Uint8Array>();
    assert.ok(addStringDefinition(strings, 'main.v=new=x'));
    assert.ok(addStringDefinition(strings, 'main.w=é'));
    assert.ok(!addStringDefinition(strings, 'main=x'));
    const r = linkProgram({ ...options(dir, main, files), strings, stripSymbols: true }, nodeLinkHost);
    assert.equal(run(dir, r.image), 'new=x é\n');
    assert.match(execFileSync('go', ['version', join(dir, 'program')], { encoding: 'utf8' }), /: go1\.26\.8\n$/);
  });
});

test('debug sections have the official sizes and line tables are read', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['runtime']);
    const main = compileMain(dir, println, files);
    const debug = { ...options(dir, main, files), stripDwarf: false };
    const r = linkProgram({ ...debug, compressDwarf: false }, nodeLinkHost);
    assert.ok(r.image !== null);
    const official = officialLink(dir, main, ['-compressdwarf=false', '-buildid', 'some/build/id']);
    const sections = (image: Uint8Array): string[] =>
      new ElfReader('', image).sections.map((s) => `${s.name} ${s.size}`);
    assert.deepEqual(sections(r.image), sections(official));
    assert.equal(run(dir, linkProgram(debug, nodeLinkHost).image), 'hello\n');
    const listing = execFileSync('go', ['tool', 'objdump', '-s', '^main.main$', join(dir, 'program')], {
      encoding: 'utf8',
    });
    assert.match(listing, /main\.go:2\s/);
  });
});

test('position-independent programs', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['-buildmode=pie', 'runtime']);
    const main = compileMain(dir, println, files);
    go(
      [
        'tool',
        'compile',
        '-shared',
        '-p',
        'main',
        '-importcfg',
        join(dir, 'importcfg'),
        '-o',
        main,
        join(dir, 'main.go'),
      ],
      dir,
    );
    const r = linkProgram({ ...options(dir, main, files), buildMode: 'pie' }, nodeLinkHost);
    assert.equal(run(dir, r.image), 'hello\n');
    const official = officialLink(dir, main, ['-w', '-buildmode=pie', '-buildid', 'some/build/id']);
    assert.ok(r.image !== null && Buffer.compare(r.image, official) === 0, 'images differ');
  });
});

test('messages: undefined functions, main without main, nosplit overflow', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['runtime']);
    writeFileSync(join(dir, 'symabis'), '');
    const sources = [
      'package main\nfunc f(int) int\nfunc g()\nfunc main() { println(f(1)); g() }\n',
      'package main\nfunc init() {}\n',
      `package main
//go:noinline
//go:nosplit
func f(n int) int { var a [500]byte; a[n] = 1; return g(n) + int(a[n+1]) }
//go:noinline
//go:nosplit
func g(n int) int { var a [500]byte; a[n] = 1; return int(a[n+1]) + j(n) }
//go:noinline
func j(n int) int { return n }
func main() { println(f(1)) }
`,
    ];
    for (const source of sources) {
      writeFileSync(join(dir, 'm.go'), source);
      const main = compileMain(dir, println, files);
      const flags = ['-p', 'main', '-importcfg', join(dir, 'importcfg'), '-symabis', join(dir, 'symabis')];
      go(['tool', 'compile', ...flags, '-o', main, join(dir, 'm.go')], dir);
      const linkArgs = ['tool', 'link', '-w', '-importcfg', join(dir, 'importcfg'), '-o', join(dir, 'x'), main];
      const official = spawnSync('go', linkArgs, { encoding: 'utf8' });
      let printed = '';
      const host = { ...nodeLinkHost, print: (text: string) => void (printed += text) };
      const r = linkProgram(options(dir, main, files), host);
      assert.equal(r.image, null);
      assert.equal(`${r.errors.join('\n')}\n`, official.stderr);
      assert.equal(printed, official.stdout);
      assert.equal(r.status, official.status);
    }
  });
});

test('debugging symbols of a function are such', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['runtime']);
    const main = compileMain(dir, println, files);
    const bytes = new Uint8Array(readFileSync(main));
    for (const { name, data, offset } of readArchive(main, bytes)) {
      if (name === PackageDefinition) continue;
      const frame = readFrame(name, data, offset);
      if (frame === null) continue;
      const reader = new ObjectReader(name, data.subarray(frame.binary), 0);
      for (let n = 0; n < reader.count(F.BlockAux); n++) {
        const at = reader.auxAt(n);
        // The function itself.
        if (reader.bytes[at] === F.AuxDwarfInfo) reader.bytes.set(new Uint8Array(4), at + 5);
      }
    }
    writeFileSync(main, bytes);
    const r = linkProgram({ ...options(dir, main, files), stripDwarf: false }, nodeLinkHost);
    assert.equal(r.stopped, 'aux dwarf info sym with wrong type');
  });
});
