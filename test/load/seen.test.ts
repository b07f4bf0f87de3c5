/** What a package shows and sees: which edits of a package change what another one sees of it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FileSet } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { type Declarations, shownBy } from '#load/declarations.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { ProgramDeclarations } from '#load/seen.ts';
import { makeTarget } from '#load/target.ts';

const host = nodeHost();
const reader = { readFile: host.files.readFile, sha256: host.sha256 };

const root = mkdtempSync(join(tmpdir(), 'tuza-seen-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** Loads package "p" of a tree of packages with one file each. */
function load(texts: Readonly<Record<string, string>>): Loader {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, 'a.go'), text);
  }
  const resolver = { resolve: (path: string) => ({ path, dir: `${root}/${path}`, isStandard: false }) };
  const loader = new Loader(host.files, new FileSet(), makeTarget('linux', 'amd64', false, []), resolver);
  loader.load('p');
  assert.deepEqual(loader.errors, []);
  return loader;
}

function find(loader: Loader, path: string): LoadedPackage {
  const p = loader.find(path);
  assert.ok(p !== null);
  return p;
}

function shown(text: string): Declarations {
  return shownBy(reader, find(load({ p: text }), 'p'), '');
}

const text = `package p

type T struct {
	A int
}

func (t *T) M(n int) int { return n }

const (
	X = iota
	Y
)

var V, W = 1, func() any { type L int; return L(2) }

func F(t T) int {
	type K int
	return int(K(t.A)) + X
}

func G[E any](e E) (r struct{ E E }) { return r }
`;

/** The names whose identities an edit changes. */
function changedBy(kind: 'names' | 'bodies', from: string, to: string): string[] {
  const before = shown(text)[kind];
  const after = shown(text.replace(from, to))[kind];
  return [...before].filter(([name, s]) => name !== '*' && after.get(name)?.id !== s.id).map(([name]) => name);
}

test('edits change the declarations that show them', () => {
  assert.deepEqual([...shown(text).names.keys()].sort(), ['', '*', 'F', 'G', 'T', 'V', 'W', 'X', 'Y']);
  for (const [from, to, names] of [
    ['A int\n', 'A int // a comment\n', []],
    ['\nconst (', '\n\n// A comment.\nconst (', []],
    ['return n }', 'return n + 1 }', []],
    ['A int\n', 'A int64\n', ['T']],
    ['A int\n', 'A int `tag:"x"`\n', ['T']],
    ['M(n int) int', 'M(n int64) int64', ['T']],
    ['X = iota', 'X = 2 * iota', ['X', 'Y']],
    ['V, W = 1', 'V, W = 2', ['V', 'W']],
    ['F(t T) int', 'F(t, u T) int', ['F']],
    ['struct{ E E }', 'struct{ E, D E }', ['G']],
    ['func F', '//go:noinline\nfunc F', ['']],
    ['func F', '//line b.go:1\nfunc F', ['']],
    ['func G', 'func (t T) N() {}\n\nfunc G', ['T']],
    ['func G', 'func more() {}\n\nfunc G', []],
  ] as const)
    assert.deepEqual(changedBy('names', from, to), names, `${from} -> ${to}`);
});

test('edits change the bodies that they are in or move', () => {
  assert.deepEqual([...shown(text).bodies.keys()], ['T.M', 'F', 'G']);
  for (const [from, to, names] of [
    ['A int\n', 'A int // a comment\n', []],
    ['return n }', 'return n /* here */ }', ['T.M']],
    ['return n }', 'return n } // there', []],
    ['\nconst (', '\n\n// A comment.\nconst (', ['F', 'G']],
    // Types in functions are numbered through the package.
    ['return n }', 'type L int; return n }', ['T.M', 'F']],
    ['return r', 'panic(0)', ['G']],
  ] as const)
    assert.deepEqual(changedBy('bodies', from, to), names, `${from} -> ${to}`);
});

test('what is seen of other packages', () => {
  const loader = load({
    p: 'package p\n\nimport r "q"\n\nvar P = r.Make().F.N\n',
    q: 'package q\n\nimport "s"\n\nfunc Make() *T { return use(s.Unseen(1)) }\n\nfunc use(n s.Unseen) *T { return nil }\n\ntype T struct{ F s.S; x hidden }\n\ntype hidden [len("ab")]bool\n',
    s: 'package s\n\ntype S struct{ N string }\n\ntype Unseen int\n',
  });
  const program = new ProgramDeclarations({ ...reader, settingsOf: () => '', isWhole: () => false });
  const seenWith = (...bodies: string[]): Record<string, string[]> => {
    const q = find(loader, 'q');
    const reached = program.reach(
      find(loader, 'p'),
      bodies.map((b) => [q, b] as const),
    );
    return Object.fromEntries([...reached].map(([p, names]) => [p.path, [...names].sort()]));
  };
  assert.deepEqual(seenWith(), { q: ['', 'Make', 'T', 'bool', 'hidden', 'len'], s: ['', 'S', 'string'] });
  assert.deepEqual(seenWith('Make'), {
    q: ['', 'Make', 'T', 'bool', 'hidden', 'len', 'use'],
    s: ['', 'S', 'Unseen', 'int', 'string'],
  });
});
