/** go.mod files read, changed and printed: `tuza mod edit` beside `go mod edit`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setRequireSeparateIndirect } from '#mod/modfile/edit.ts';
import { parseModFile } from '#mod/modfile/file.ts';
import { formatFile } from '#mod/modfile/print.ts';
import { Fixture, hasGo } from './fixture.ts';

const text = `// The module.
module example.com/m // here

go 1.21
toolchain go1.22.1

require (
	// above
	example.com/b v1.2.0 // indirect; because

	example.com/a v1.0.0
	"example.com/c" v1.0.0+incompatible
)
require example.com/d v0.0.0-20200102030405-abcdefabcdef
exclude example.com/a v1.1.0
replace example.com/a => ../a
replace (
	example.com/b v1.2.0 => example.com/other v1.0.0 // why
	example.com/c => ./c
)
// Bad release.
retract [v1.0.0, v1.0.5]
retract v1.1.0
godebug default=go1.21
tool example.com/a/cmd
ignore ./node_modules
// At the end.
`;

const fixture = new Fixture([]);
after(() => fixture.remove());

const edits: readonly string[][] = [
  ['-fmt'],
  ['-json'],
  ['-require=example.com/a@v1.5.0', '-require=example.com/new@v1.0.0', '-droprequire=example.com/b'],
  ['-exclude=example.com/a@v1.2.0', '-exclude=example.com/a@v1.0.5', '-dropexclude=example.com/a@v1.1.0'],
  ['-replace=example.com/a=example.com/z@v1.0.0', '-dropreplace=example.com/c', '-replace=example.com/q@v1.0.0=../q'],
  ['-module=example.com/renamed', '-go=1.22', '-toolchain=none'],
  ['-retract=[v0.1.0,v0.2.0]', '-dropretract=v1.1.0', '-tool=example.com/t', '-droptool=example.com/a/cmd'],
  ['-godebug=x=y', '-dropgodebug=default', '-ignore=./z', '-dropignore=./node_modules'],
  ['-go=bad'],
  ['-require=example.com/a'],
  ['-replace=a=b'],
  ['-exclude=example.com/a@v2.0.0'],
  [],
];

for (const flags of edits) {
  test(`mod edit ${flags.join(' ')}`, { skip: hasGo ? false : 'go is not on PATH' }, () => {
    const run = (program: 'go' | 'tuza') => {
      fixture.write('main/go.mod', text);
      const r = fixture.run(program, 'mod', 'edit', ...flags);
      return { ...r, file: readFileSync(join(fixture.dir, 'main/go.mod'), 'utf8') };
    };
    assert.deepEqual(run('tuza'), run('go'));
  });
}

const wrong: readonly string[] = [
  'module x y\n',
  'module "x\n',
  'require (\n\texample.com/a v1.0.0\n',
  'require example.com/a 1.0\n',
  'require example.com/a/v2 v1.0.0\n',
  'go 1\n',
  'go 1.21\ngo 1.22\n',
  'unknown x\n',
  'unknown (\n\tx\n)\n',
  'replace example.com/a => example.com/b\n',
  'replace a\n',
  'exclude example.com/a\n',
  'retract [v1.0.0\n',
  '/* c */\n',
  'toolchain x\n',
  'godebug x\n',
];

for (const source of wrong) {
  test(`wrong: ${JSON.stringify(source)}`, { skip: hasGo ? false : 'go is not on PATH' }, () => {
    fixture.write('main/go.mod', source);
    assert.deepEqual(fixture.run('tuza', 'mod', 'edit', '-print'), fixture.run('go', 'mod', 'edit', '-print'));
  });
}

test('direct and indirect requirements are kept apart', () => {
  const f = parseModFile(
    'go.mod',
    'module m\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n)\n',
  );
  setRequireSeparateIndirect(f, [
    { mod: { path: 'example.com/a', version: 'v1.1.0' }, indirect: false },
    { mod: { path: 'example.com/b', version: 'v1.0.0' }, indirect: true },
    { mod: { path: 'example.com/c', version: 'v1.0.0' }, indirect: true },
  ]);
  f.syntax.statements = f.syntax.statements.filter((s) => s.kind !== 'block' || s.lines.length > 0);
  assert.match(formatFile(f.syntax), /example.com\/b v1.0.0 \/\/ indirect\n\texample.com\/c v1.0.0 \/\/ indirect/);
});
