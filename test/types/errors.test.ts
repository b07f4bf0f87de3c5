/** The wrong programs in errors/ give the official compiler's errors: same texts, same places, same order. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatPosition } from '#base/source.ts';
import { checkSources, standardFiles } from '../oracles/types-harness.ts';

const directory = fileURLToPath(new URL('errors', import.meta.url));
const found = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' });
const goroot = found.status === 0 ? found.stdout.trim() : '';

/** Messages with their further lines, positions without the file. */
function split(output: string, path: string): string[] {
  const list: string[] = [];
  for (const line of output.replaceAll(`${path}:`, '').split('\n')) {
    if (line.startsWith('\t')) list[list.length - 1] += `\n${line}`;
    else if (line !== '') list.push(line);
  }
  return list;
}

test('errors in the official words', { skip: goroot === '' ? 'go is not on PATH' : false }, () => {
  const work = mkdtempSync(join(tmpdir(), 'tuza-errors-'));
  const format = '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}';
  const list = ['list', '-export', '-f', format, 'errors', 'fmt', 'math', 'strings', 'time'];
  writeFileSync(join(work, 'importcfg'), execFileSync('go', list, { encoding: 'utf8', cwd: join(goroot, 'src') }));
  try {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const args = ['tool', 'compile', '-e', '-p', 'p', '-importcfg', 'importcfg', '-o', 'a.o', path];
      const official = spawnSync('go', args, { encoding: 'utf8', cwd: work });
      const files = standardFiles(goroot);
      const sources = new Map([[path, new Uint8Array(readFileSync(path))]]);
      const ours = checkSources(goroot, files, sources, { goVersion: 'go1.26', compiler: true, path: 'p' });
      const text = ours.map((d) => `${formatPosition(files.position(d.pos))}: ${d.message}`).join('\n');
      assert.deepEqual(split(text, path), split(official.stdout, path), name);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
});
