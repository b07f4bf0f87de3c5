/**
 * Damaged objects: every mutant of a compiled package must be read or refused with a message that names file and offset, and
 * every link with one must end in an image or in errors; nothing may crash or hang. What a link with an excerpt of the other archives
 * makes of a mutant is what a whole link makes of it; with a damaged file of what is kept, `tool link` makes the same program. Prints counts.
 *
 *   node test/oracles/link-mutants.ts [mutants to read, default 50000] [mutants to link, default 300] [damaged files, default 50]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLink } from '#go/run-link.ts';
import { defaultOptions, Link } from '#link/context.ts';
import { LinkFatal } from '#link/errors.ts';
import { Excerpt, ExcerptMismatch, linkProgram, makeExcerpt } from '#link/link.ts';
import { loadElf } from '#link/load-elf.ts';
import { ObjectError, readArchive } from '#obj/archive.ts';
import { importObjects } from '#obj/import.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import { Symbols } from '#obj/symbol.ts';
import { capturingHost } from '../capture.ts';
import { nodeLinkHost } from '../link/node-host.ts';
import { compileMain, packageFiles } from '../link/official.ts';

const source = `package main
type T struct { a []int; m map[string]any }
func (t *T) M(x int) (r int) { defer func() { r += x }(); return len(t.a) + x }
type I interface{ M(int) int }
var v I = &T{m: map[string]any{"x": 1}}
func main() { println(v.M(3), len(v.(*T).m)) }
`;

const work = mkdtempSync(join(tmpdir(), 'tuza-mutants-'));
let seed = 12345;

function random(n: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * n);
}

function mutate(bytes: Uint8Array): Uint8Array {
  const cut = random(40) === 0 ? random(bytes.length) : bytes.length;
  const out = Uint8Array.prototype.slice.call(bytes, 0, cut);
  for (let k = random(5); k >= 0 && out.length > 0; k--) {
    const at = random(out.length);
    out[at] = random(3) === 0 ? (random(2) === 0 ? 0xff : 0) : random(256);
  }
  return out;
}

/** Reads a whole archive as symbols. */
function readAll(bytes: Uint8Array): void {
  for (const m of readArchive('mutant', bytes)) {
    if (m.name === '__.PKGDEF') continue;
    const frame = readFrame('mutant', m.data, m.offset);
    if (frame === null) continue;
    importObjects(
      new Symbols(),
      [{ path: 'main', reader: new ObjectReader('mutant', m.data.subarray(frame.binary), 0) }],
      true,
    );
  }
}

const reads = Number(process.argv[2] ?? 50000);
const links = Number(process.argv[3] ?? 300);
const damages = Number(process.argv[4] ?? 50);
let crashes = 0;

function note(what: string, e: unknown): void {
  crashes++;
  process.stdout.write(`${what}: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}\n`);
}

const cSource = `
extern int other(int); extern int shared; static int table[4] = {1, 2, 3, 4}; static const char *names[] = {"a", "b"};
int twice(int n) { return other(n) * 2 + table[n & 3] + shared; }
const char *name(int i) { return names[i]; } int common; __attribute__((visibility("hidden"))) int hidden(void) { return common; }
`;

/** Mutants of an object of the C compiler, loaded as a package's host object. */
function mutateElf(count: number): void {
  const file = join(work, 'c.o');
  writeFileSync(join(work, 'c.c'), cSource);
  if (spawnSync('gcc', ['-g', '-O2', '-fPIC', '-c', '-o', file, join(work, 'c.c')]).status !== 0) {
    process.stdout.write('no C compiler: ELF objects not tested\n');
    return;
  }
  const bytes = readFileSync(file);
  const before = crashes;
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const link = new Link(defaultOptions, { ...nodeLinkHost, capture: null });
    try {
      loadElf(link, 'net', 'mutant', mutate(bytes));
      if (link.errors.length > 0) refused++;
    } catch (e) {
      if (e instanceof ObjectError || e instanceof LinkFatal) refused++;
      else note(`ELF mutant ${i}`, e);
    }
  }
  process.stdout.write(`${count} ELF mutants loaded, ${refused} refused, ${crashes - before} crashes\n`);
}

/** `tool link` with files of what is kept that something has happened to. */
async function damageKept(main: string): Promise<void> {
  const cache = join(work, 'cache');
  const out = join(work, 'out');
  const link = async (): Promise<Buffer> => {
    const { host } = capturingHost();
    const env = new Map([...host.env, ['GOCACHE', cache]]);
    await runLink(['-importcfg', join(work, 'importcfg'), '-buildid', 'x', '-o', out, main], { ...host, env });
    return readFileSync(out);
  };
  const expected = await link();
  await link();
  const [file] = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-d'));
  const kept = readFileSync(join(cache, file));
  let wrong = 0;
  for (let i = 0; i < damages; i++) {
    writeFileSync(join(cache, file), mutate(kept));
    try {
      if (!(await link()).equals(expected)) wrong++;
    } catch (e) {
      note(`kept file ${i}`, e);
    }
  }
  crashes += wrong;
  process.stdout.write(
    `${damages} damaged files of what is kept: ${wrong} wrong programs, ${crashes} crashes in all\n`,
  );
}

try {
  const files = packageFiles(work, ['runtime']);
  const main = compileMain(work, source, files);
  const bytes = readFileSync(main);
  let refused = 0;
  for (let i = 0; i < reads; i++) {
    try {
      readAll(mutate(bytes));
    } catch (e) {
      if (e instanceof ObjectError) refused++;
      else note(`mutant ${i}`, e);
    }
  }
  process.stdout.write(`${reads} mutants read, ${refused} refused, ${crashes} crashes\n`);
  mutateElf(reads >> 2);
  const cache = new Map<string, Uint8Array>();
  let linked = 0;
  let beside = 0;
  const kept = makeExcerpt(
    linkProgram({ mainFile: main, packageFiles: files, buildVersion: 'go1.26.8', keepsDebug: true }, nodeLinkHost).link,
  );
  for (let i = 0; i < links; i++) {
    const mutant = mutate(bytes);
    const host = {
      ...nodeLinkHost,
      readFile: (path: string) => {
        if (path === main) return mutant;
        let data = cache.get(path);
        if (data === undefined) {
          data = readFileSync(path);
          cache.set(path, data);
        }
        return data;
      },
    };
    const options = { mainFile: main, packageFiles: files, buildVersion: 'go1.26.8' };
    try {
      const whole = linkProgram(options, host).image;
      if (whole !== null) linked++;
      if (kept === null) continue;
      const quick = linkProgram({ ...options, excerpt: new Excerpt(kept) }, host).image;
      if (quick === null) continue;
      beside++;
      if (whole === null || Buffer.compare(whole, quick) !== 0) throw new Error('another program with an excerpt');
    } catch (e) {
      if (!(e instanceof ExcerptMismatch)) note(`link ${i}`, e);
    }
  }
  process.stdout.write(`${beside} of them linked with an excerpt, too, which makes the same\n`);
  process.stdout.write(
    `${links} mutants linked: ${linked} images, ${links - linked} refused, ${crashes} crashes in all\n`,
  );
  await damageKept(main);
} finally {
  rmSync(work, { recursive: true });
}
process.exitCode = crashes > 0 ? 1 : 0;
