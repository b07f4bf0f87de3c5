/** Command lines and damaged programs: messages, status and the presence of an output file as `go tool link` has them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runLink } from '#go/run-link.ts';
import { capturingHost } from '../capture.ts';
import { compileMain, go, packageFiles, skipWithoutGo, withDirectoryLater, writeImportConfig } from './official.ts';

const println = 'package main\nvar s = "x"\nvar n = 1\nfunc main() { println("hello", s, n) }\n';

interface Case {
  name: string;
  flags: readonly string[];
  /** Go source of the main package, default println. */
  source?: string;
  /** Assembly files of it. */
  assembly?: readonly string[];
  /** Replaces the bytes of the main archive. */
  damage?: (bytes: Uint8Array) => Uint8Array;
  /** Replaces the text of the import configuration. */
  config?: (text: string, dir: string) => string;
  /** Packages are searched under -L. */
  search?: boolean;
  main?: string;
}

const undefinedCalls = 'package main\nfunc f(int) int\nfunc g()\nfunc main() { println(f(1)); g() }\n';
const overflow = `package main
//go:noinline
//go:nosplit
func f(n int) int { var a [500]byte; a[n] = 1; return g(n) + int(a[n+1]) }
//go:noinline
//go:nosplit
func g(n int) int { var a [500]byte; a[n] = 1; return int(a[n+1]) + j(n) }
//go:noinline
func j(n int) int { return n }
func main() { println(f(1)) }
`;
const endless = `package main
//go:noinline
//go:nosplit
func f(n int) int { if n == 0 { return 0 }; return g(n-1) }
//go:noinline
//go:nosplit
func g(n int) int { return f(n) + 1 }
func main() { println(f(1)) }
`;
const pull = 'package main\nimport _ "unsafe"\n//go:linkname SYMBOL TARGET\nfunc SYMBOL()\nfunc main() { SYMBOL() }\n';
const pulled = (target: string): string => pull.replaceAll('SYMBOL', 'pulled').replace('TARGET', target);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const edit = (from: string, to: string) => (bytes: Uint8Array) =>
  new Uint8Array(Buffer.from(text(bytes).replaceAll(from, to), 'latin1'));
const asm = (body: string): string => `#include "textflag.h"\n${body}`;

/** internal/abi from a changed copy. */
function changedPackage(config: string, dir: string, change: (bytes: Uint8Array) => Uint8Array): string {
  return config.replace(/(packagefile internal\/abi)=(.*)\n/, (_, key: string, file: string) => {
    const copy = join(dir, 'abi.a');
    writeFileSync(copy, change(readFileSync(file)));
    return `${key}=${copy}\n`;
  });
}

function otherFingerprint(config: string, dir: string): string {
  return changedPackage(config, dir, (bytes) => {
    const at = text(bytes).lastIndexOf('\0go120ld');
    bytes.fill(1, at + 8, at + 16);
    return bytes;
  });
}

const cases: readonly Case[] = [
  { name: 'plain', flags: [] },
  { name: '-s', flags: ['-s'] },
  { name: '-v', flags: ['-v', '-R=1'] },
  { name: '-R too small', flags: ['-R=1024'] },
  { name: '-g', flags: ['-g'] },
  { name: '-benchmark with an unknown value', flags: ['-benchmark=zz'] },
  {
    name: 'flags that do nothing',
    flags: ['-a', '-n', '-f', '-memprofilerate=5', '-extar=x', '-debugtramp=2', '-debugtextsize=4096', '-k=x'],
  },
  { name: '-R not a power of two', flags: ['-R=12288'] },
  { name: '-D not aligned', flags: ['-D=12345'] },
  { name: '-funcalign', flags: ['-funcalign=24'] },
  { name: '-H', flags: ['-H=nonsense'] },
  { name: '-B hex', flags: ['-B=123'] },
  { name: '-B odd', flags: ['-B=0x123'] },
  { name: '-B digit', flags: ['-B=0x12zz'] },
  { name: '-B long', flags: [`-B=0x${'12'.repeat(40)}`] },
  { name: '-B gobuildid', flags: ['-B=gobuildid'] },
  { name: '-X syntax', flags: ['-X', 'main'] },
  { name: '-X type', flags: ['-X', 'main.n=1'] },
  { name: '-X unknown', flags: ['-X', 'main.unknown=1'] },
  { name: '-E missing', flags: ['-E', 'main.nowhere'] },
  { name: '-E data', flags: ['-E', 'main.s'] },
  { name: '-linkmode', flags: ['-linkmode=wrong'] },
  { name: '-buildmode', flags: ['-buildmode=wrong'] },
  { name: '-strictdups', flags: ['-strictdups=3'] },
  { name: 'flag unknown', flags: ['-nonsense'] },
  { name: 'flag without value', flags: ['-buildid'] },
  { name: 'boolean', flags: ['-s=maybe'] },
  { name: 'ternary', flags: ['-w=maybe'] },
  { name: 'integer', flags: ['-T=x'] },
  { name: '-v value', flags: ['-v=x'] },
  { name: '-extld', flags: ['-extld', "'gcc"] },
  { name: '-aslr', flags: ['-aslr=false'] },
  { name: '-c', flags: ['-c'] },
  { name: '-V', flags: ['-V'] },
  { name: 'no file', flags: [], main: 'missing.a' },
  { name: 'no import configuration', flags: ['-importcfg=missing'] },
  { name: 'unknown directive', flags: [], config: (t) => `${t}nonsense x=y\n` },
  { name: 'directive without value', flags: [], config: (t) => `${t}packagefile x\n` },
  { name: 'modinfo', flags: [], config: (t) => `${t}modinfo "x\n` },
  { name: 'package not listed', flags: [], config: (t) => t.replace(/packagefile internal\/abi=.*\n/, '') },
  {
    name: 'package file missing',
    flags: [],
    config: (t) => t.replace(/(packagefile internal\/abi)=.*\n/, '$1=/nowhere/abi.a\n'),
  },
  { name: 'runtime not listed', flags: [], config: () => '' },
  { name: 'not main', flags: [], source: 'package main\nfunc main() {}\n', damage: edit('\nmain\n', '\nmair\n') },
  { name: 'other version', flags: [], damage: edit('go1.26.8', 'go1.26.7') },
  { name: 'no object', flags: [], damage: () => new Uint8Array(Buffer.from('package main\n')) },
  { name: 'empty file', flags: [], damage: () => new Uint8Array(0) },
  { name: 'undefined', flags: [], source: undefinedCalls },
  { name: 'undefined, -h', flags: ['-h'], source: undefinedCalls },
  { name: 'no main function', flags: [], source: 'package main\nfunc init() {}\n' },
  { name: 'nosplit', flags: [], source: overflow },
  { name: 'nosplit cycle', flags: [], source: endless },
  { name: 'linkname blocked', flags: [], source: pulled('runtime.newcoro') },
  { name: 'linkname not pushed', flags: [], source: pulled('runtime.schedinit') },
  { name: 'linkname unchecked', flags: ['-checklinkname=0'], source: pulled('runtime.schedinit') },
  { name: 'fingerprint', flags: [], config: otherFingerprint },
  { name: 'search without -L', flags: [], search: true },
  { name: 'search', flags: ['-L', '/nowhere'], search: true },
  {
    name: 'duplicate',
    flags: [],
    source: 'package main\nfunc f()\nfunc main() { f() }\n',
    assembly: [asm('TEXT ·f(SB),NOSPLIT,$0-0\n\tRET\n'), asm('TEXT ·f(SB),NOSPLIT,$0-0\n\tNOP\n\tRET\n')],
  },
  {
    name: 'other ABI',
    flags: [],
    source: 'package main\nfunc f()\nfunc main() { f() }\n',
    assembly: [asm('TEXT ·g(SB),NOSPLIT,$0-0\n\tCALL ·main(SB)\n\tRET\nTEXT ·f(SB),NOSPLIT,$0-0\n\tJMP ·g(SB)\n')],
  },
  {
    name: 'many errors',
    flags: [],
    source: 'package main\nfunc f()\nfunc main() { f() }\n',
    assembly: [
      asm(`TEXT ·f(SB),NOSPLIT,$0-0\n${Array.from({ length: 30 }, (_, i) => `\tCALL ·u${i}(SB)\n`).join('')}\tRET\n`),
    ],
  },
  {
    name: 'many errors, -e',
    flags: ['-e'],
    source: 'package main\nfunc f()\nfunc main() { f() }\n',
    assembly: [
      asm(`TEXT ·f(SB),NOSPLIT,$0-0\n${Array.from({ length: 30 }, (_, i) => `\tCALL ·u${i}(SB)\n`).join('')}\tRET\n`),
    ],
  },
];

function prepare(dir: string, c: Case, files: ReadonlyMap<string, string>): string {
  const main = join(dir, c.main ?? 'main.a');
  if (c.main !== undefined) return main;
  if (c.source === undefined) copyFileSync(join(dir, 'println.a'), main);
  else {
    writeFileSync(join(dir, 'symabis'), (c.assembly ?? []).length > 0 ? 'def main.f ABI0\n' : '');
    writeFileSync(join(dir, 'm.go'), c.source);
    const flags = ['-p', 'main', '-importcfg', writeImportConfig(dir, files), '-symabis', join(dir, 'symabis')];
    go(['tool', 'compile', ...flags, '-pack', '-o', main, join(dir, 'm.go')], dir);
    (c.assembly ?? []).forEach((body, k) => {
      const source = join(dir, `a${k}.s`);
      writeFileSync(source, body);
      const include = join(go(['env', 'GOROOT'], dir).trim(), 'pkg', 'include');
      go(['tool', 'asm', '-p', 'main', '-I', include, '-o', join(dir, `a${k}.o`), source], dir);
      go(['tool', 'pack', 'r', main, join(dir, `a${k}.o`)], dir);
    });
  }
  if (c.damage !== undefined) writeFileSync(main, c.damage(readFileSync(main)));
  return main;
}

interface Outcome {
  stdout: string;
  stderr: string;
  status: number | null;
  written: boolean;
}

/** The official tool names itself by its path and stops with a Go trace; flag help is its own text. */
function normal(s: string): string {
  return s
    .replace(/^\S*\/link: /gm, 'link: ')
    .replace(/^panic: (.*)\n\ngoroutine [\s\S]*/m, 'link: $1\n')
    .replace(/usage: link \[options\] main\.o\n[\s\S]*/, 'usage: link\n');
}

test('messages are the official linker’s', { skip: skipWithoutGo }, async (t) => {
  const problems: string[] = [];
  await withDirectoryLater(async (dir) => {
    const files = packageFiles(dir, ['runtime']);
    copyFileSync(compileMain(dir, println, files), join(dir, 'println.a'));
    for (const c of cases) {
      const main = prepare(dir, c, files);
      const config = writeImportConfig(dir, files);
      if (c.config !== undefined) writeFileSync(config, c.config(readFileSync(config, 'utf8'), dir));
      const out = join(dir, 'out');
      const args = [...(c.search === true ? [] : ['-importcfg', config]), '-o', out, ...c.flags, main];
      const finish = (stdout: string, stderr: string, status: number | null): Outcome => {
        // A link that stops at once may leave a part of its output.
        const written = status !== 1 && stderr.search(/^(panic|link): /m) < 0 && existsSync(out);
        rmSync(out, { force: true });
        return { stdout: normal(stdout), stderr: normal(stderr), status, written };
      };
      const r = spawnSync('go', ['tool', 'link', ...args], { encoding: 'utf8' });
      const official = finish(r.stdout, r.stderr, r.status);
      const printed = capturingHost();
      // Some archives here are not what their build IDs say: nothing may be kept of them.
      const env = new Map([...printed.host.env, ['GOCACHE', 'off']]);
      const status = await runLink(args, { ...printed.host, env });
      const ours = finish(printed.stdout, printed.stderr, status);
      try {
        assert.deepEqual(ours, official);
      } catch {
        problems.push(`${c.name}:\n  ours     ${JSON.stringify(ours)}\n  official ${JSON.stringify(official)}`);
      }
    }
  });
  if (process.env.SHOW !== undefined) writeFileSync(process.env.SHOW, problems.join('\n'));
  t.diagnostic(`${cases.length - problems.length} of ${cases.length} cases equal`);
  assert.equal(problems.join('\n'), '');
});
