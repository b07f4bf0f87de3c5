/** A changed main package linked with an excerpt of the other archives: the same bytes as a link of all of them. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runLink } from '#go/run-link.ts';
import type { Host } from '#host/host.ts';
import type { LinkOptions } from '#link/context.ts';
import { Excerpt, ExcerptMismatch, linkProgram, makeExcerpt } from '#link/link.ts';
import { capturingHost } from '../capture.ts';
import { nodeLinkHost } from './node-host.ts';
import { compileMain, go, packageFiles, skipWithoutGo, withDirectory, withDirectoryLater } from './official.ts';

const hello = (arguments_: string): string => `package main
import "fmt"
func main() { fmt.Println(${arguments_}) }
`;

/** Instances, descriptors, dictionaries, closures, channels and maps of its own. */
const varied = (text: string, extra = ''): string => `package main
import ("errors"; "fmt"; "os"; "sort"; "strings")
type pair[K comparable, V any] struct { key K; val V }
func (p *pair[K, V]) String() string { return fmt.Sprint(p.key, "=", p.val) }
type byLength []string
func (b byLength) Len() int { return len(b) }
func (b byLength) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLength) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
var shown = map[string]fmt.Stringer{"x": &pair[string, int]{"a", 1}, "y": &pair[int8, []float32]{2, nil}}
var failure = fmt.Errorf("wrapped: %w", os.ErrNotExist)
func send[T any](c chan<- T, v T) { defer close(c); c <- v }
func main() {
	words := byLength(strings.Fields("three two a"))
	sort.Sort(words)
	c := make(chan *pair[string, int])
	go send(c, &pair[string, int]{${text}, 3})
	for p := range c { fmt.Println(p, words, shown, errors.Is(failure, os.ErrNotExist)) }
	${extra}
}
`;

const modes: readonly Partial<LinkOptions>[] = [
  {},
  { stripSymbols: true, stripDwarf: true },
  { buildMode: 'pie', compressDwarf: false },
];

const usual: Partial<LinkOptions> = { buildVersion: 'go1.26.8', buildId: 'x', keepsDebug: true };

test('excerpts of archives', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['fmt', 'errors', 'os', 'sort', 'strings', 'runtime']);
    const goroot = go(['env', 'GOROOT'], dir).trim();
    const compiled = (name: string, source: string): string => {
      const file = join(dir, `${name}.a`);
      cpSync(compileMain(dir, source, files), file);
      return file;
    };
    const mains = {
      first: compiled('first', varied('"first"')),
      again: compiled('again', varied('"second text"', 'func() { println(len(words)) }()')),
      more: compiled('more', varied('"third"', 'fmt.Println(strings.ToTitle("x"), strings.NewReplacer("a", "b"))')),
      hello: compiled('hello', hello('"a", len(fmt.Sprint())')),
      other: compiled('other', hello('"b", len(fmt.Sprint(2)), struct{ x int }{1}')),
      assembly: withAssembly(dir, files),
    };
    for (const mode of modes) {
      const link = (main: string, excerpt: Excerpt | null) =>
        linkProgram({ ...usual, packageFiles: files, goroot, ...mode, mainFile: main, excerpt }, nodeLinkHost);
      const whole = new Map<string, ReturnType<typeof link>>();
      const wholeOf = (main: string): ReturnType<typeof link> => {
        const known = whole.get(main) ?? link(main, null);
        whole.set(main, known);
        return known;
      };
      const excerptOf = (main: string): Uint8Array => makeExcerpt(wholeOf(main).link) ?? assert.fail('no excerpt');
      /** Whether the excerpt suffices. */
      const isSame = (main: string, bytes: Uint8Array): boolean => {
        try {
          const { image } = link(main, new Excerpt(bytes));
          assert.ok(
            image !== null && Buffer.compare(image, wholeOf(main).image ?? assert.fail('no program')) === 0,
            main,
          );
          return true;
        } catch (e) {
          if (!(e instanceof ExcerptMismatch)) throw e;
          return false;
        }
      };
      const ofFirst = excerptOf(mains.first);
      assert.ok(isSame(mains.first, ofFirst));
      assert.ok(isSame(mains.again, ofFirst));
      // It needs more; an excerpt of that has enough for both.
      assert.ok(!isSame(mains.more, ofFirst));
      const ofMore = excerptOf(mains.more);
      assert.ok(isSame(mains.more, ofMore) && isSame(mains.first, ofMore));
      // Other packages.
      assert.ok(!isSame(mains.hello, ofFirst));
      const ofHello = excerptOf(mains.hello);
      assert.ok(isSame(mains.hello, ofHello) && isSame(mains.other, ofHello));
      // A main package of two objects: others have other numbers.
      assert.ok(isSame(mains.assembly, ofHello));
      assert.ok(isSame(mains.hello, excerptOf(mains.assembly)));
    }
  });
});

/**
 * What a main package is changed to. With excerpts made for two others it takes what is kept of debug sections, makes these anew, or is linked as a whole.
 */
const changes: readonly { name: string; outcomes: string; declarations?: string; body: string }[] = [
  { name: 'other strings', outcomes: 'kept whole', body: 'fmt.Println("a", "c", T{})' },
  {
    name: 'a function, closures',
    outcomes: 'kept kept',
    declarations: 'func g(n int) func() int { return func() int { n++; return n } }',
    body: 'fmt.Println(g(3)(), T{})',
  },
  {
    name: 'types of pointers and structures',
    outcomes: 'kept kept',
    declarations: 'type U struct { a *T; b [13]T; f func(T) *U }',
    body: 'var u U; u.b[2].x = 3; fmt.Println(T{}, u.b[2])',
  },
  { name: 'no type', outcomes: 'kept kept', declarations: 'var n, m int = 3, 4', body: 'fmt.Println(n, m)' },
  {
    name: 'variables',
    outcomes: 'kept kept',
    declarations: 'var a, b = T{1}, [3]*T{}; var c struct { x T; y, z int8 }',
    body: 'c.y = 3; fmt.Println(a, b, c)',
  },
  {
    name: 'a method in an interface',
    outcomes: 'kept kept',
    declarations: 'type S int; func (s S) String() string { return "s" }',
    body: 'fmt.Println(S(3), T{})',
  },
  {
    name: 'slices, maps, channels',
    outcomes: 'anew anew',
    declarations: 'type U struct { a []T; m map[T]bool; c chan T; s string }',
    body: 'fmt.Println(U{})',
  },
  {
    name: 'a slice of strings of its own',
    outcomes: 'anew anew',
    declarations: 'type str string',
    body: 'fmt.Println([]str{"x"})',
  },
  { name: 'inlined', outcomes: 'whole whole', body: 'fmt.Println(errors.New("x"), T{})' },
  { name: 'inlined and there', outcomes: 'whole whole', body: 'fmt.Print(T{}, os.ErrExist)' },
  {
    name: 'reflection',
    outcomes: 'whole whole',
    body: 'fmt.Println(reflect.TypeOf(T{}).Method(0).Name, reflect.ValueOf(T{}))',
  },
  { name: 'less', outcomes: 'whole whole', body: 'println(len(fmt.Sprint()))' },
  { name: 'nothing', outcomes: 'whole whole', body: '' },
  { name: 'another function', outcomes: 'whole whole', body: 'fmt.Println(fmt.Sscan("3", new(int)))' },
  {
    name: 'a map of those that are there',
    outcomes: 'anew whole',
    body: 'fmt.Println(map[string]int{"a": 1}, T{})',
  },
  {
    name: 'an instance',
    outcomes: 'whole whole',
    declarations: 'func id[X any](v X) X { return v }',
    body: 'fmt.Println(id(T{}), id(3))',
  },
  { name: 'a type of another package', outcomes: 'whole whole', body: 'var p *os.File; fmt.Println(p == nil, T{})' },
];

test('a changed main package', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const files = packageFiles(dir, ['fmt', 'errors', 'os', 'reflect', 'runtime']);
    const goroot = go(['env', 'GOROOT'], dir).trim();
    const compiled = (name: string, body: string, declarations = ''): string => {
      const source = `package main
import ("errors"; "fmt"; "os"; "reflect")
var _, _, _, _ = errors.New, fmt.Print, os.Exit, reflect.TypeOf
type T struct{ x int }
${declarations}
func main() { ${body} }
`;
      const file = join(dir, `${name}.a`);
      cpSync(compileMain(dir, source, files), file);
      return file;
    };
    const link = (mainFile: string, excerpt: Excerpt | null) =>
      linkProgram({ ...usual, packageFiles: files, goroot, mainFile, excerpt }, nodeLinkHost);
    const bases = [compiled('base', 'fmt.Println("a", T{})'), compiled('other', 'var t *T; fmt.Println(t, [2]T{})')];
    const made = bases.map((file) => makeExcerpt(link(file, null).link) ?? assert.fail('no excerpt'));
    for (const { name, outcomes, declarations, body } of changes) {
      const file = compiled('changed', body, declarations);
      const { image } = link(file, null);
      const outcome = (bytes: Uint8Array): string => {
        const excerpt = new Excerpt(bytes);
        try {
          const result = link(file, excerpt);
          assert.ok(Buffer.compare(result.image ?? assert.fail(name), image ?? assert.fail(name)) === 0, name);
        } catch (e) {
          if (!(e instanceof ExcerptMismatch)) throw e;
          return 'whole';
        }
        return excerpt.debug?.isTaken === true ? 'kept' : 'anew';
      };
      assert.equal(made.map(outcome).join(' '), outcomes, name);
    }
  });
});

/** Hello with a function in assembly. */
function withAssembly(dir: string, files: ReadonlyMap<string, string>): string {
  const source = 'TEXT ·five(SB), 4, $0-8\n\tMOVQ $5, ret+0(FP)\n\tRET\n';
  const at = (name: string): string => join(dir, name);
  writeFileSync(at('five.s'), source);
  go(['tool', 'asm', '-p', 'main', '-gensymabis', '-o', at('symabis'), at('five.s')], dir);
  go(['tool', 'asm', '-p', 'main', '-o', at('five.o'), at('five.s')], dir);
  const main =
    'package main\nimport "fmt"\nfunc five() int\nfunc main() { fmt.Println("a", five()+len(fmt.Sprint())) }\n';
  const archive = compileMain(dir, main, files, ['-symabis', at('symabis')]);
  const file = at('assembly.a');
  cpSync(archive, file);
  go(['tool', 'pack', 'r', file, at('five.o')], dir);
  return file;
}

function hostWith(cache: string): Host {
  const { host } = capturingHost();
  return { ...host, env: new Map([...host.env, ['GOCACHE', cache]]) };
}

/** What lies in a cache. */
function keptFiles(cache: string): string[] {
  return readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('-d'))
    .map((name) => join(cache, name));
}

test('what tool link keeps', { skip: skipWithoutGo }, async () => {
  await withDirectoryLater(async (dir) => {
    const files = packageFiles(dir, ['runtime']);
    const main = compileMain(dir, 'package main\nfunc main() { println("hello") }\n', files);
    const cache = join(dir, 'cache');
    const link = async (directory: string): Promise<Buffer> => {
      const out = join(dir, 'out');
      const args = ['-importcfg', join(dir, 'importcfg'), '-buildid', 'x', '-o', out, main];
      assert.equal(await runLink(args, hostWith(directory)), 0);
      return readFileSync(out);
    };
    const expected = await link(cache);
    const [file] = keptFiles(cache);
    // The first link only leaves a mark, the second one an excerpt.
    assert.ok(statSync(file).size < 100);
    assert.ok((await link(cache)).equals(expected));
    const kept = readFileSync(file);
    assert.ok(kept.length > 1 << 20);
    assert.ok((await link(cache)).equals(expected));
    assert.ok(readFileSync(file).equals(kept));
    // Damage is found, and made good.
    for (const [name, damaged] of Object.entries(damages(kept))) {
      writeFileSync(file, damaged);
      assert.ok((await link(cache)).equals(expected), name);
      if (!readFileSync(file).equals(kept)) await link(cache);
      assert.ok(readFileSync(file).equals(kept), name);
    }
    // Another archive of the same name: its build ID says so.
    const other = join(dir, 'other.a');
    const bytes = readFileSync(files.get('internal/abi') ?? '');
    const id = bytes.indexOf('build id "') + 'build id "'.length;
    bytes[id] ^= 1;
    writeFileSync(other, bytes);
    const config = join(dir, 'importcfg');
    writeFileSync(config, readFileSync(config, 'utf8').replace(`abi=${files.get('internal/abi')}`, `abi=${other}`));
    assert.ok((await link(cache)).equals(expected));
    assert.ok(!readFileSync(file).equals(kept));
    // Nowhere to keep anything.
    writeFileSync(join(dir, 'no-directory'), '');
    for (const directory of ['off', join(dir, 'no-directory')]) assert.ok((await link(directory)).equals(expected));
  });
});

function damages(kept: Buffer): Record<string, Buffer> {
  const changed = (at: number): Buffer => {
    const b = Buffer.from(kept);
    b[at] ^= 0x10;
    return b;
  };
  return {
    'a head of nothing': Buffer.alloc(0),
    'no mark': changed(0),
    'another length': changed(5),
    'another sum': changed(9),
    'a changed byte': changed(kept.length >> 1),
    'a short file': kept.subarray(0, kept.length >> 1),
    'another file': Buffer.from('something else'),
  };
}
