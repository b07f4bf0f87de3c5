/**
 * Edits of packages below others: a build that finds in the cache what the packages before the edit have left makes the same bytes as one that
 * finds only the standard library there. The module and its edits come from a seed (test/cache/edited-packages.ts).
 * Uses a copy of bin/ and dist/. Usage: cache-edits.ts [seed] [steps] [packages]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EditedModule } from '../cache/edited-packages.ts';

const [seed = 1, steps = 40, packages = 8] = process.argv.slice(2).map(Number);
const root = fileURLToPath(new URL('../..', import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'tuza-edits-'));
const tuza = join(top, 'bin', 'tuza');
for (const name of ['bin', 'dist']) cpSync(join(root, name), join(top, name), { recursive: true });
writeFileSync(join(top, 'package.json'), '{"type":"module"}');
const program = join(top, 'program');
const output = join(top, 'output');

/** With debugging information; without, where the standard library is linked as it was before; and what `run` starts. */
const variants: readonly (readonly string[])[] = [
  ['build', '-why', '-o', output, '.'],
  ['build', '-why', '-ldflags=-s -w', '-o', output, '.'],
  ['run', '-exec=cp', '.', output],
];

function write(files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = join(program, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Of cached builds also what -why says. */
function build(cache: string, command: readonly string[]): { image: Buffer; why: string } {
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GOWORK: 'off' };
  const r = spawnSync(process.execPath, [tuza, ...command], { cwd: program, env, encoding: 'utf8' });
  if (r.status !== 0) throw new Error(`build failed: ${r.stderr}`);
  return { image: readFileSync(output), why: r.stderr };
}

const module = new EditedModule(seed, packages);
let wrong = 0;
let compiled = 0;
let reused = 0;
let same = 0;
try {
  const base = join(top, 'base');
  const seeds = [...module.files()].filter(([name]) => name === 'go.mod');
  write(
    new Map([
      ...seeds,
      [
        'main.go',
        'package main\n\nimport (\n\t"fmt"\n\t"strings"\n)\n\nfunc main() { fmt.Println(strings.Contains("a", "b"), map[string]int{}, fmt.Sprint(1)) }\n',
      ],
    ]),
  );
  for (const command of variants) build(base, command);
  const kept = join(top, 'kept');
  cpSync(base, kept, { recursive: true });
  const snapshots = [module.snapshot()];
  let command = variants[0];
  for (let step = 0; step <= steps; step++) {
    let told = 'first';
    if (step % 9 === 8) {
      module.restore(snapshots[(step * 7) % snapshots.length]);
      told = 'back';
    } else if (step % 5 === 4) told = module.editComments();
    else if (step > 0) told = module.edit();
    snapshots.push(module.snapshot());
    write(module.files());
    // Comments are edited after a build of the same kind.
    if (step % 5 !== 4) command = variants[step % variants.length];
    const warm = build(kept, command);
    const fresh = join(top, 'fresh');
    rmSync(fresh, { recursive: true, force: true });
    cpSync(base, fresh, { recursive: true });
    const cold = build(fresh, command);
    const own = warm.why.split('\n').filter((l) => l.startsWith('edits/'));
    compiled += own.filter((l) => l.includes(': compiled')).length;
    if (warm.why.includes('linked before')) same++;
    reused += own.filter((l) => l.includes('not what is seen')).length;
    if (warm.image.equals(cold.image)) continue;
    wrong++;
    console.log(
      `seed ${seed} step ${step}: ${told}: ${warm.image.length} bytes, not the ${cold.image.length} of a cold build\n${own.join('\n')}`,
    );
    if (process.env.TUZA_KEEP !== undefined) {
      writeFileSync(join(process.env.TUZA_KEEP, `${seed}-${step}-warm`), warm.image);
      writeFileSync(join(process.env.TUZA_KEEP, `${seed}-${step}-cold`), cold.image);
      cpSync(program, join(process.env.TUZA_KEEP, `${seed}-${step}-src`), { recursive: true });
    }
  }
} finally {
  rmSync(top, { recursive: true, force: true });
}
console.log(
  `seed ${seed}: ${steps + 1 - wrong} of ${steps + 1} builds as cold ones; packages compiled ${compiled}, taken over ${reused}, programs not linked again ${same}`,
);
process.exit(wrong === 0 ? 0 : 1);
