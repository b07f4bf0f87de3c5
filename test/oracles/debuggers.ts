/**
 * Debuggers read what we link: gdb and Delve stop in a function, tell the stack, arguments and locals, goroutines, and step by
 * lines, in a program (1) compiled officially and linked by us, where all must be as in the officially linked one, and (2)
 * compiled wholly by us. Delve is `dlv` on PATH or in $DLV. What is absent is skipped with a message.
 *
 *   node test/oracles/debuggers.ts [tuza]
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkProgram } from '#link/link.ts';
import { nodeLinkHost } from '../link/node-host.ts';
import { compileMain, go, officialLink, packageFiles } from '../link/official.ts';

const program = `package main

import "fmt"

type point struct {
	x, y int
	name string
}

var scaleLimit = 7

//go:noinline
func area(p point, scale int, tags []string) int {
	total := 0
	for i := 0; i < scale; i++ {
		total += p.x * p.y
		total += len(tags[i])
	}
	fmt.Println("area", total)
	return total
}

func main() {
	done := make(chan bool)
	go func() { <-done }()
	fmt.Println(area(point{3, 4, "p"}, 2, []string{"a", "bb"}), scaleLimit)
	close(done)
}
`;

const work = mkdtempSync(join(tmpdir(), 'tuza-debug-'));
const cli = process.argv[2] ?? fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const goroot = go(['env', 'GOROOT'], work).trim();
let failures = 0;

function found(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/**
 * gdb's answers, without addresses, threads and advice. A goroutine that a signal preempts while gdb steps goes on in another thread, where gdb does
 * not wait for it, and the step runs to the end of the program, whoever linked it.
 */
function gdb(file: string): string {
  const commands = [
    'break main.area',
    'run',
    'bt',
    'info args',
    'info locals',
    'next',
    'next',
    'print main.scaleLimit',
  ];
  const args = ['-nx', '-batch', '-ex', 'set confirm off', '-ex', 'set debuginfod enabled off'];
  const r = spawnSync('gdb', [...args, ...commands.flatMap((c) => ['-ex', c]), file], {
    encoding: 'utf8',
    timeout: 60000,
    env: { ...process.env, GODEBUG: 'asyncpreemptoff=1' },
  });
  const lines = r.stdout.split('\n').filter((l) => !/LWP|^Thread|^warning|thread_db|libthread/.test(l));
  return lines.join('\n').replaceAll(/0x[0-9a-f]+/g, '0x');
}

function delve(dlv: string, file: string): string {
  const script = join(work, 'commands');
  const commands = [
    'break main.area',
    'continue',
    'bt',
    'args',
    'locals',
    'goroutines',
    'next',
    'next',
    'print main.scaleLimit',
  ];
  writeFileSync(script, `${commands.join('\n')}\nexit\n`);
  const args = ['exec', file, '--allow-non-terminal-interactive=true', '--init', script];
  const r = spawnSync(dlv, args, { encoding: 'utf8', timeout: 60000, env: { ...process.env, NO_COLOR: '1' } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences.
  const text = (r.stdout + r.stderr).replaceAll(/\u001b\[[0-9;]*m/g, '');
  return text
    .split('\n')
    .filter((l) => !/^\* ?Goroutine|^ {2}Goroutine/.test(l))
    .join('\n')
    .replaceAll(/0x[0-9a-f]+/g, '0x');
}

function expect(what: string, ok: boolean, text: string): void {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}`);
  if (ok) return;
  failures++;
  console.log(text.replaceAll(/^/gm, '     '));
}

const files = packageFiles(work, ['fmt', 'runtime']);
const main = compileMain(work, program, files);
officialLink(work, main, []);
const linked = join(work, 'linked');
const r = linkProgram({ mainFile: main, packageFiles: files, goroot, buildVersion: 'go1.26.8' }, nodeLinkHost);
if (r.image === null) throw new Error([...r.errors, r.stopped].join('\n'));
writeFileSync(linked, r.image);
chmodSync(linked, 0o755);
const compiled = join(work, 'compiled');
const build = spawnSync(process.execPath, [cli, 'build', '-o', compiled, join(work, 'main.go')], {
  encoding: 'utf8',
  env: { ...process.env, GOROOT: goroot },
});
if (build.status !== 0) throw new Error(build.stderr);
const official = join(work, 'official');
const sameNames = (text: string): string => text.replaceAll(/"?(official|linked)"?/g, 'program').replaceAll(work, '');

try {
  if (!found('gdb', ['--version'])) console.log('skipped: gdb is not on PATH');
  else {
    const [a, b, c] = [gdb(official), gdb(linked), gdb(compiled)];
    expect('gdb: official objects linked by us, answers equal', sameNames(a) === sameNames(b), `${a}\n---\n${b}`);
    expect('gdb: compiled by us: break, frames', /main\.area[^\n]*main\.go:13[\s\S]*main\.main/.test(c), c);
    expect('gdb: compiled by us: steps by lines', /^15\t.*\n16\t/m.test(c) || /^1[5-7]\t/m.test(c), c);
    expect('gdb: compiled by us: package variables', c.includes('= 7'), c);
  }
  const dlv = process.env.DLV ?? 'dlv';
  if (!found(dlv, ['version'])) console.log('skipped: dlv is neither on PATH nor in $DLV');
  else {
    const [a, b, c] = [delve(dlv, official), delve(dlv, linked), delve(dlv, compiled)];
    expect('dlv: official objects linked by us, answers equal', sameNames(a) === sameNames(b), `${a}\n---\n${b}`);
    expect('dlv: compiled by us: break, frames', /main\.area[\s\S]*main\.main[\s\S]*runtime\.main/.test(c), c);
    expect('dlv: compiled by us: goroutines', /\[\d+ goroutines\]/.test(c), c);
    expect('dlv: compiled by us: steps by lines', /> main\.area\(\)[^\n]*main\.go:1[5-7]/.test(c), c);
    expect('dlv: compiled by us: package variables', /^7$/m.test(c), c);
  }
} finally {
  rmSync(work, { recursive: true });
}
if (failures > 0) process.exitCode = 1;
