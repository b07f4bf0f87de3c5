import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLayout } from '#go/tool-layout.ts';
import type { Files, Host } from '#host/host.ts';
import { nodeHost } from '#host/node.ts';

const edges = `_ -> entry
entry -> main.main
main.main -> type:main.T
type:main.T <UsedInIface> -> main.T.String
main.T.String -> type:main.T <UsedInIface>
`;

function run(args: readonly string[]): { status: number; out: string; err: string } {
  let out = '';
  let err = '';
  const node = nodeHost();
  const files: Files = { ...node.files, readFile: () => new TextEncoder().encode(edges) };
  const host: Host = { ...node, files, stdout: (t) => void (out += t), stderr: (t) => void (err += t) };
  const status = runLayout(args, host);
  return { status, out, err };
}

test('layout -why follows the edges of -dumpdep back to the roots', () => {
  const r = run(['-why', 'main.T.String', '-deps', 'edges']);
  assert.equal(r.out, 'entry\n  main.main\n    type:main.T\n      main.T.String\n');
  assert.equal(r.status, 0);
  assert.deepEqual(run(['-why', 'main.gone', '-deps', 'edges']), {
    status: 1,
    out: '',
    err: 'layout: nothing leads to main.gone\n',
  });
  assert.equal(run(['-why', 'main.T.String']).status, 2);
});

test('layout tells what is wrong with a file', () => {
  const r = run(['program']);
  assert.equal(r.status, 1);
  assert.match(r.err, /^layout: program: offset 0: not an ELF file/);
});
