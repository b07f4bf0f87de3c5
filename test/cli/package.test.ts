/** The published package: packed, installed into an empty project, run; and the examples of the library with what they say that they print. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');
const dir = mkdtempSync(join(tmpdir(), 'tuza-package-'));
const project = join(dir, 'project');
after(() => rmSync(dir, { recursive: true }));

function run(command: string, args: readonly string[], cwd: string): string {
  const r = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(r.status, 0, `${command} ${args.join(' ')}\n${r.stdout}${r.stderr}`);
  return r.stdout;
}

before(() => {
  const source = join(dir, 'source');
  mkdirSync(source);
  for (const name of ['package.json', 'README.md', 'LICENSE', 'bin', 'docs'])
    cpSync(join(root, name), join(source, name), { recursive: true });
  run(process.execPath, [join(root, 'scripts/bundle.mjs'), join(source, 'dist')], root);
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], source);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
  const packed = readdirSync(dir).find((name) => name.endsWith('.tgz')) ?? '';
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(dir, packed)], project);
});

test('the installed package is small, needs nothing else and runs hello', () => {
  const installed = join(project, 'node_modules');
  assert.deepEqual(
    readdirSync(installed).filter((name) => !name.startsWith('.')),
    ['tuza'],
  );
  let size = 0;
  for (const name of readdirSync(installed, { recursive: true, encoding: 'utf8' }))
    size += statSync(join(installed, name)).size;
  assert.ok(size < 15e6, `${size} bytes`);
  cpSync(join(examples, 'hello.go'), join(project, 'hello.go'));
  assert.equal(run('npx', ['tuza', 'run', 'hello.go'], project), 'hello, world\n');
});

/** The machine's own Node, which may be older than the one that runs the tests; "" if there is none. */
function otherNode(): string {
  for (const entry of (process.env.PATH ?? '').split(':')) {
    if (entry === '' || entry.includes('node_modules')) continue;
    const r = spawnSync(join(entry, 'node'), ['--version'], { encoding: 'utf8' });
    if (r.status === 0) return r.stdout.trim() === process.version ? '' : join(entry, 'node');
  }
  return '';
}

const other = otherNode();

/** With an empty cache: everything is compiled there. */
test('the installed package on another Node', { skip: other === '' && 'no other node on PATH' }, () => {
  const tuza = join(project, 'node_modules/tuza/bin/tuza');
  const module = join(project, 'module');
  mkdirSync(module);
  writeFileSync(join(module, 'go.mod'), 'module example.com/m\n\ngo 1.26\n');
  writeFileSync(join(module, 'm.go'), 'package m\n\nfunc Twice(n int) int { return 2 * n }\n');
  const example = 'func ExampleTwice() {\n\tfmt.Println(Twice(21))\n\t// Output: 42\n}\n';
  writeFileSync(join(module, 'm_test.go'), `package m\n\nimport "fmt"\n\n${example}`);
  const commands: readonly [args: readonly string[], output: RegExp][] = [
    [['run', join(examples, 'hello.go')], /^hello, world\n$/],
    [['run', join(examples, 'hello.go')], /^hello, world\n$/],
    [['test', '-v', '-vet=off', '.'], /^--- PASS: ExampleTwice/m],
    [['test', '-v', '-vet=off', '.'], /\(cached\)$/m],
  ];
  const env = { ...process.env, GOCACHE: join(dir, 'cache') };
  for (const [args, output] of commands) {
    const r = spawnSync(other, [tuza, ...args], { cwd: module, env, encoding: 'utf8' });
    assert.equal(r.status, 0, `${args.join(' ')}\n${r.stdout}${r.stderr}`);
    assert.match(r.stdout, output, args.join(' '));
  }
});

for (const name of readdirSync(examples).filter((n) => n.endsWith('.mjs'))) {
  test(`examples/${name}`, () => {
    const text = readFileSync(join(examples, name), 'utf8');
    const [, comment] = text.split('// Prints:\n');
    writeFileSync(join(project, name), text);
    assert.equal(run(process.execPath, [name], project), comment.replace(/^\/\/ ?/gm, ''));
  });
}
