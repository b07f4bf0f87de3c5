/**
 * Random SSA functions through the amd64 back end, in programs of the official compiler and linker, against results computed
 * here: `node test/oracles/backend-random.ts [programs] [first seed]`.
 */
import { writeFileSync } from 'node:fs';
import { generate } from '#arch/amd64/compile.ts';
import { amd64 } from '#arch/amd64/target.ts';
import { early, middle, runPasses } from '#ssa/pipeline.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { textServices } from '#ssa/text/test-services.ts';
import { checkAllocation } from '../arch/check-allocation.ts';
import { Workshop } from '../arch/harness.ts';
import { goProgram, type RandomFunc, randomFunc } from '../arch/random-program.ts';

const programs = Number(process.argv[2] ?? 5);
const firstSeed = Number(process.argv[3] ?? 1);
const perProgram = 60;
const shop = new Workshop();
let failures = 0;
let functions = 0;

function checked(f: RandomFunc): boolean {
  try {
    const p = parseProgram(f.text, amd64);
    runPasses(p.funcs[0], [...early, ...middle], textServices(p), { dump: null, verify: true });
    const errors = checkAllocation(p.funcs[0], generate(p.funcs[0]));
    if (errors.length === 0) return true;
    console.log(`${f.name}: ${errors.slice(0, 5).join('\n  ')}`);
  } catch (e) {
    console.log(`${f.name}: ${e instanceof Error ? e.stack?.split('\n').slice(0, 6).join('\n') : e}`);
  }
  failures++;
  return false;
}

for (let n = 0; n < programs; n++) {
  const all: RandomFunc[] = [];
  for (let i = 0; i < perProgram; i++) {
    const seed = firstSeed + n * perProgram + i;
    all.push(randomFunc(seed, `f${seed}`));
  }
  const funcs = all.filter(checked);
  functions += funcs.length;
  const prog = shop.build(goProgram(funcs), funcs.map((f) => f.text).join(''));
  const r = shop.run(prog);
  const lines = r.out.split('\n');
  if (r.status !== 0) console.log(`status ${r.status}: ${r.err.slice(0, 2000)}`);
  let at = 0;
  for (const f of funcs) {
    let wrong = '';
    for (const c of f.cases) {
      const got = lines[at++] ?? '';
      if (got !== c.expected && wrong === '')
        wrong = `${f.name}(${c.args.join(', ')})\n  want ${c.expected}\n  got  ${got}`;
    }
    if (wrong === '') continue;
    failures++;
    console.log(wrong);
    writeFileSync(`${shop.dir}/${f.name}.ssa`, f.text);
  }
}
console.log(`${functions} functions, ${failures} failures`);
if (failures === 0) shop.close();
else console.log(shop.dir);
process.exitCode = failures === 0 ? 0 : 1;
