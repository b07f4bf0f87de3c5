/** The functions of a program of one file, as `tuza tool ssa` has them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpFunctions } from '#compile/ssa-dump.ts';
import { nodeHost } from '#host/node.ts';
import { type Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { root } from './tree.ts';

/** Names of functions and passes that are empty mean all. */
export function dumpProgram(program: string, func = '', pass = ''): ReturnType<typeof dumpFunctions> {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-dump-'));
  try {
    writeFileSync(join(dir, 'p.go'), program);
    const host = nodeHost();
    const goroot = root ?? '';
    const request = {
      goroot,
      target: makeTarget('linux', 'amd64', false, []),
      resolver: new StandardResolver(host.files, goroot),
      goVersion: 'go1.26',
      loadMain: (loader: Loader) => loader.loadFiles('command-line-arguments', dir, ['p.go']),
      link: {},
    };
    return dumpFunctions(host, request, { func, pass });
  } finally {
    rmSync(dir, { recursive: true });
  }
}
