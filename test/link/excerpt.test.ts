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
        linkProgram(
          { packageFiles: files, goroot, buildVersion: 'go1.26.8', buildId: 'x', ...mode, mainFile: main, excerpt },
          nodeLinkHost,
        );
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
