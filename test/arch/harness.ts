/**
 * Functions in SSA text form, compiled here, inside Go programs of the official compiler and linker: gc-contract 12.3. The Go
 * source declares them without bodies.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileBody, plainCode } from '#arch/amd64/compile.ts';
import { amd64 } from '#arch/amd64/target.ts';
import { defineConstants } from '#arch/constants.ts';
import type { AsmContext } from '#arch/inst.ts';
import { FlagFromAssembly, ObjectFile } from '#obj/object.ts';
import { writeFrame, writeObject } from '#obj/write.ts';
import type { Func } from '#ssa/func.ts';
import { early, middle, runPasses } from '#ssa/pipeline.ts';
import { parseProgram, type TextProgram } from '#ssa/text/parse.ts';
import { textServices } from '#ssa/text/test-services.ts';

const version = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
export const skip = version.status === 0 ? false : 'the official go command is not on PATH';

/** The bytes of an object with the program's functions. */
export function compileProgram(p: TextProgram, header: string): Uint8Array {
  const object = new ObjectFile('main');
  object.flags |= FlagFromAssembly;
  object.isMain = false;
  const asm: AsmContext = {
    goos: 'linux',
    symbols: p.symbols,
    object,
    positions: { fileOf: () => object.fileIndex('main.ssa'), lineOf: () => 1 },
    isAsm: false,
    shared: false,
    dynlink: false,
    constants: [],
    describePosition: () => 'main.ssa',
    error: (_pos, message) => {
      throw new Error(message);
    },
  };
  const services = textServices(p);
  for (const f of p.funcs) compileFunc(f, services, asm);
  defineConstants(asm);
  const binary = writeObject(object, (data) => createHash('sha256').update(data).digest());
  return writeFrame(object, header, '', binary);
}

function compileFunc(f: Func, services: ReturnType<typeof textServices>, asm: AsmContext): void {
  runPasses(f, [...early, ...middle], services, { dump: null, verify: true });
  compileBody(f, { asm, options: plainCode, isRuntimePackage: (path) => path === 'runtime' });
}

export class Workshop {
  readonly dir: string;
  private importcfg: string | null;

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'tuza-arch-'));
    this.importcfg = null;
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  go(...args: string[]): string {
    const r = spawnSync('go', args, { encoding: 'utf8', cwd: this.dir, maxBuffer: 1 << 28 });
    if (r.status !== 0) throw new Error(`go ${args.join(' ')}:\n${r.stdout}${r.stderr}`);
    return r.stdout;
  }

  /** Builds the Go source with the functions in SSA text; the path of the program. */
  build(goSource: string, ssa: string | TextProgram, name = 'prog'): string {
    if (this.importcfg === null) {
      this.importcfg = join(this.dir, 'importcfg');
      const format = '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}';
      writeFileSync(
        this.importcfg,
        this.go('list', '-export', '-deps', '-f', format, 'fmt', 'runtime', 'math', 'os', 'bufio', 'runtime/debug'),
      );
    }
    const p = typeof ssa === 'string' ? parseProgram(ssa, amd64) : ssa;
    const names = p.funcs.map((f) => `def ${f.ref.linkName} ABIInternal\n`).join('');
    writeFileSync(join(this.dir, 'symabis'), names);
    writeFileSync(join(this.dir, 'main.go'), goSource);
    this.go(
      'tool',
      'compile',
      '-p',
      'main',
      '-lang=go1.26',
      '-o',
      'main.a',
      '-pack',
      '-symabis',
      'symabis',
      '-importcfg',
      'importcfg',
      'main.go',
    );
    const archive = readFileSync(join(this.dir, 'main.a'), 'latin1');
    const header = /go object [^\n]*/.exec(archive)?.[0] ?? '';
    writeFileSync(join(this.dir, 'ours.o'), compileProgram(p, header));
    this.go('tool', 'pack', 'r', 'main.a', 'ours.o');
    this.go('tool', 'link', '-w', '-importcfg', 'importcfg', '-o', name, 'main.a');
    return join(this.dir, name);
  }

  run(program: string, env: Readonly<Record<string, string>> = {}): { out: string; err: string; status: number } {
    const r = spawnSync(program, [], { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28 });
    return { out: r.stdout, err: r.stderr, status: r.status ?? -1 };
  }
}
