/** Commands that make many programs keep none of them: the memory they need is that of one program. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { queryObjects } from 'node:v8';
import { WholeProgram } from '#compile/whole-program.ts';
import type { Host } from '#host/host.ts';
import { LoadedPackage } from '#load/loader.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { capturingHost } from '../capture.ts';

const imports = ['errors', 'sort', 'strings', 'unicode'];

function writeModule(root: string): void {
  const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
  write('go.mod', 'module example.com/m\n\ngo 1.26\n');
  for (const name of imports) {
    mkdirSync(join(root, 'lib', name), { recursive: true });
    mkdirSync(join(root, 'cmd', name), { recursive: true });
    write(`lib/${name}/a.go`, `package ${name}\n\nimport _ "${name}"\n\nfunc F() int { return 1 }\n`);
    const fails = 'func TestF(t *testing.T) { if F() != 1 { t.Fatal() } }';
    write(`lib/${name}/a_test.go`, `package ${name}\n\nimport "testing"\n\n${fails}\n`);
    write(`cmd/${name}/a.go`, `package main\n\nimport "example.com/m/lib/${name}"\n\nfunc main() { ${name}.F() }\n`);
  }
}

interface Count {
  readonly programs: number;
  readonly packages: number;
}

/** After a collection of garbage. */
function alive(made: Parameters<typeof queryObjects>[0]): number {
  return Number(queryObjects(made));
}

/** What is alive when the command runs or writes its programs. */
async function counts(args: readonly string[]): Promise<readonly Count[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tuza-memory-')));
  const here = process.cwd();
  try {
    writeModule(root);
    process.chdir(root);
    const list: Count[] = [];
    const count = (): void => void list.push({ programs: alive(WholeProgram), packages: alive(LoadedPackage) });
    const printed = capturingHost();
    const { files, processes } = printed.host;
    assert.ok(processes !== null);
    const host: Host = {
      ...printed.host,
      workingDirectory: () => root,
      files: {
        ...files,
        writeFile: (path, data, mode) => {
          if (path.includes('bin/')) count();
          files.writeFile(path, data, mode);
        },
      },
      processes: {
        ...processes,
        run: (path, words, options) => {
          count();
          return processes.run(path, words, options);
        },
      },
    };
    assert.equal(await dispatch(args, host), 0, printed.stderr);
    return list;
  } finally {
    process.chdir(here);
    rmSync(root, { recursive: true, force: true });
  }
}

for (const [name, args] of [
  ['test', ['test', '-count=1', '-p=1', '-vet=off', './lib/...']],
  ['build', ['build', '-o', 'bin/', './cmd/...']],
] as const)
  test(`${name} keeps none of the programs it has made`, async () => {
    const list = await counts(args);
    assert.equal(list.length, imports.length);
    const told = JSON.stringify(list);
    // The collector may take one that has just been left for alive, but not each time, and never more of them.
    for (const c of list) assert.ok(c.programs <= 2, told);
    assert.ok(
      list.slice(1).some((c) => c.programs <= 1),
      told,
    );
    // Each program needs some sixty packages.
    const [first, last] = [list[0].packages, list[list.length - 1].packages];
    assert.ok(last < first + 50, told);
  });
