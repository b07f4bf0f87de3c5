import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runLayout } from '#go/tool-layout.ts';
import type { Files, Host } from '#host/host.ts';
import { nodeHost } from '#host/node.ts';
import { compileMain, packageFiles, skipWithoutGo, withDirectoryLater } from '../link/official.ts';

const edges = `_ -> entry
entry -> main.main
main.main -> type:main.T
type:main.T <UsedInIface> -> main.T.String
main.T.String -> type:main.T <UsedInIface>
`;

async function run(args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const node = nodeHost();
  const files: Files = { ...node.files, readFile: () => new TextEncoder().encode(edges) };
  const host: Host = { ...node, files, stdout: (t) => void (out += t), stderr: (t) => void (err += t) };
  const status = await runLayout(args, host);
  return { status, out, err };
}

test('layout -why follows the edges of -dumpdep back to the roots', async () => {
  const r = await run(['-why', 'main.T.String', '-deps', 'edges']);
  assert.equal(r.out, 'entry\n  main.main\n    type:main.T\n      main.T.String\n');
  assert.equal(r.status, 0);
  assert.deepEqual(await run(['-why', 'main.gone', '-deps', 'edges']), {
    status: 1,
    out: '',
    err: 'layout: nothing leads to main.gone\n',
  });
  assert.equal((await run(['-why', 'main.T.String'])).status, 2);
});

test('layout tells what is wrong with a file', async () => {
  const r = await run(['program']);
  assert.equal(r.status, 1);
  assert.match(r.err, /^layout: program: offset 0: not an ELF file/);
});

const source = `package main
type T int
func (t T) String() string { return "x" }

//go:noinline
func show(s interface{ String() string }) { println(s.String()) }
func main() { show(T(1)) }
`;

test('layout -why links archives again', { skip: skipWithoutGo }, async () => {
  await withDirectoryLater(async (dir) => {
    const main = compileMain(dir, source, packageFiles(dir, ['runtime']));
    let out = '';
    const host: Host = { ...nodeHost(), stdout: (t) => void (out += t) };
    const status = await runLayout(['-why', 'main.T.String', '-importcfg', join(dir, 'importcfg'), main], host);
    assert.equal(status, 0);
    assert.match(out, /\n +main\.main\n +go:itab\.main\.T,\S.*\n +type:main\.T\n +main\.T\.String\n$/);
  });
});

test('layout -why says what to do for a program that does not tell where it comes from', async () => {
  const r = await run(['-why', 'main.T.String', 'program']);
  assert.equal(r.status, 1);
  assert.match(r.err, /^layout: program does not tell what it was built from: build it again with -ldflags=-dumpdep/);
});
