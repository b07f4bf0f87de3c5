/** Code from the cache: a program compiled beside what other programs have stored is the one compiled alone. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type BuildCache, DiskCache } from '#cache/store.ts';
import { mentionOf } from '#compile/code-symbols.ts';
import { buildProgram } from '#go/build-program.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { capturingHost } from '../capture.ts';
import { root } from '../compile/tree.ts';

/** The function that stores the pointer has a body in package runtime, under a link name; it is declared without one in sync/atomic. */
const storing = (type: string, value: string): string => `package main

import "sync/atomic"

type T ${type}

var p atomic.Pointer[T]

//go:noinline
func set() {
	var t T = ${value}
	p.Store(&t)
}

//go:noinline
func clobber(n int) int {
	var a [64]int
	for i := range a {
		a[i] = n
	}
	return a[n] + a[63-n]
}

func main() {
	set()
	println(clobber(3), *p.Load())
}
`;

test('programs compiled with the code of others are those compiled alone', {
  skip: root === null ? 'no Go tree' : false,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-code-'));
  try {
    const printed = capturingHost();
    const build = async (name: string, source: string, cache: string): Promise<Buffer> => {
      const file = join(dir, `${name}.go`);
      writeFileSync(file, source);
      const store = new DiskCache(printed.host.files, printed.host.sha256, join(dir, cache));
      const { image } = await buildProgram(printed.host, [file], [], store);
      assert.notEqual(image, null, printed.stderr);
      return Buffer.from(image ?? new Uint8Array(0));
    };
    await build('first', storing('int', '7'), 'shared');
    const second = storing('uint64', '9');
    const alone = await build('second', second, 'alone');
    assert.ok(alone.equals(await build('second', second, 'shared')));
    assert.ok(alone.equals(await build('second', second, 'shared')));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

/** Made by name alone are the functions that compare and hash a type, and its itabs. */
const compared = (fields: string, receiver: string): string => `package main

type T struct{ ${fields} }

func (${receiver}) M() int { return 1 }

//go:noinline
func equal(a, b any) bool { return a == b }

func main() {
	var i interface{ M() int } = &T{}
	x, y := T{A: "a", B: 1}, T{A: "a", B: 1}
	println(equal(x, y), map[T]int{x: 1}[y], i.M())
	if v, ok := any(x).(interface{ M() int }); ok {
		println(v.M())
	}
}
`;

test('functions made for types of the main package are those of the types as they are', {
  skip: root === null ? 'no Go tree' : false,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-code-'));
  try {
    const printed = capturingHost();
    const build = async (source: string, cache: string): Promise<Buffer> => {
      const file = join(dir, 'main.go');
      writeFileSync(file, source);
      const store = new DiskCache(printed.host.files, printed.host.sha256, join(dir, cache));
      const { image } = await buildProgram(printed.host, [file], [], store);
      assert.notEqual(image, null, printed.stderr);
      return Buffer.from(image ?? new Uint8Array(0));
    };
    await build(compared('A string; B int', 't T'), 'shared');
    for (const [n, source] of [
      compared('B int; C float64; A string', 't T'),
      compared('B int; A string', 't *T'),
    ].entries())
      assert.ok((await build(source, `alone${n}`)).equals(await build(source, 'shared')), source);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

const mentioning: readonly (readonly [name: string, mentions: boolean])[] = [
  ['main.f', true],
  ['type:*main.T', true],
  ['type:.eq.main.T', true],
  ['type:.hash.main.T', true],
  ['type:.eqfunc.main.T', true],
  ['type:.gcmask.main.T', true],
  ['go:itab.main.T,error', true],
  ['go:itab.*os.File,main.I', true],
  ['slices.Sort[[]main.T,int]', true],
  ['type:func(...main.T)', true],
  ['type:struct { main.a int }', true],
  ['example.com/main.f', false],
  ['type:.eq.example.com/main.T', false],
  ['domain.f', false],
  ['type:*sync.Pool', false],
];

test('packages in names of symbols', () => {
  const isMain = mentionOf(['main']);
  const isPath = mentionOf(['example.com/a.b', 'x/y']);
  for (const [name, expected] of mentioning) {
    assert.equal(isMain(name), expected, name);
    for (const other of ['example.com/a%2eb', 'x/y'])
      if (expected) assert.ok(isPath(name.replaceAll('main', other)), name.replaceAll('main', other));
  }
});

test('another tool finds nothing, even if the program imports nothing', {
  skip: root === null ? 'no Go tree' : false,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-code-'));
  try {
    const printed = capturingHost();
    const store = new DiskCache(printed.host.files, printed.host.sha256, join(dir, 'cache'));
    let found = 0;
    const counted: BuildCache = {
      entry: (action) => store.entry(action),
      get: (action) => {
        const data = store.get(action);
        if (data !== null) found++;
        return data;
      },
      put: (action, data) => store.put(action, data),
      outputFile: (output) => store.outputFile(output),
      putExecutable: (actions, name, data) => store.putExecutable(actions, name, data),
      executable: (action, name) => store.executable(action, name),
      close: () => store.close(),
    };
    const file = join(dir, 'main.go');
    writeFileSync(file, 'package main\n\nfunc main() { println("ran") }\n');
    const build = async (toolIdentity: string): Promise<number> => {
      found = 0;
      const { image } = await buildProgram({ ...printed.host, toolIdentity }, [file], [], counted);
      assert.notEqual(image, null, printed.stderr);
      return found;
    };
    assert.equal(await build('one'), 0);
    assert.ok((await build('one')) > 0);
    assert.equal(await build('another'), 0);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

/** The method's name needs its package told, since the interface has no name. */
const withMethod = (name: string): string => `package ${name}

type T struct{}

func (T) ${name}() {}

//go:noinline
func Is(v any) bool {
	_, ok := v.(interface{ ${name}() })
	return ok
}
`;

test('names of methods are those of their own program', { skip: root === null ? 'no Go tree' : false }, async () => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'tuza-code-')));
  const here = process.cwd();
  try {
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    };
    write('go.mod', 'module example.com/m\n\ngo 1.26\n');
    for (const name of ['a', 'b']) {
      write(`${name}/${name}.go`, withMethod(name));
      const main = `func main() { println(${name}.Is(${name}.T{})) }`;
      write(`only${name}/main.go`, `package main\n\nimport "example.com/m/${name}"\n\n${main}\n`);
    }
    const main = 'func main() { println(a.Is(a.T{}), b.Is(b.T{})) }';
    write('both/main.go', `package main\n\nimport (\n\t"example.com/m/a"\n\t"example.com/m/b"\n)\n\n${main}\n`);
    process.chdir(dir);
    const printed = capturingHost();
    const env = new Map(printed.host.env).set('GOCACHE', join(dir, 'cache'));
    const host = { ...printed.host, env, workingDirectory: () => dir };
    for (const name of ['onlya', 'onlyb', 'both'])
      assert.equal(await dispatch(['build', '-o', 'bin/', `./${name}`], host), 0);
    const ran = spawnSync(join(dir, 'bin/both'), { encoding: 'utf8' });
    assert.equal(ran.stderr, 'true true\n');
  } finally {
    process.chdir(here);
    rmSync(dir, { recursive: true, force: true });
  }
});
