/** The packages of a program of one main package and the standard library, with their official archives. */
import { execFileSync } from 'node:child_process';
import { basename, dirname, resolve } from 'node:path';
import type { SourcePackage } from './bisect-core.ts';

export interface ProgramSources {
  readonly goroot: string;
  readonly sources: readonly SourcePackage[];
  /** The runtime and what it is made of. */
  readonly runtime: ReadonlySet<string>;
}

export function sourcesOf(file: string): ProgramSources {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' };
  const go = (...args: string[]): string =>
    execFileSync('go', args, { encoding: 'utf8', env, cwd: dirname(resolve(file)), maxBuffer: 1 << 28 });
  const format = '{{.ImportPath}}\t{{.Dir}}\t{{.Export}}\t{{.Standard}}\t{{join .GoFiles ","}}';
  const sources: SourcePackage[] = [];
  for (const line of go('list', '-export', '-deps', '-f', format, basename(file)).trim().split('\n')) {
    const [path, dir, archive, standard, files] = line.split('\t');
    if (path === 'unsafe') continue;
    const isMain = path === 'command-line-arguments';
    if (!isMain && standard !== 'true') throw new Error(`package ${path} is outside of the standard library`);
    sources.push({ path: isMain ? 'main' : path, dir, files: files.split(','), isStandard: !isMain, archive });
  }
  const runtime = new Set(go('list', '-deps', 'runtime').trim().split('\n'));
  return { goroot: go('env', 'GOROOT').trim(), sources, runtime };
}
