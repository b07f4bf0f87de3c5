/** Prints a function in SSA text form after the passes of code generation: `node test/arch/dump.ts FILE`. */
import { readFileSync } from 'node:fs';
import { generate } from '#arch/amd64/compile.ts';
import { amd64 } from '#arch/amd64/target.ts';
import { early, middle, runPasses } from '#ssa/pipeline.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { printFunc } from '#ssa/text/print.ts';
import { textServices } from '#ssa/text/test-services.ts';

const p = parseProgram(readFileSync(process.argv[2], 'utf8'), amd64);
for (const f of p.funcs) {
  runPasses(f, [...early, ...middle], textServices(p), { dump: null, verify: true });
  console.log(printFunc(f));
  const { allocation } = generate(f);
  for (const b of f.blocks) {
    console.log(`${b}: ${b.kind} ${b.controls.join(' ')} -> ${b.succs.map((e) => `${e.block}`).join(' ')}`);
    for (const v of b.values) {
      const r = allocation.reg[v.id] ?? -1;
      const regs = v.args.map((a) => `${a}=${amd64.registerNames[allocation.reg[a.id] ?? -1] ?? '-'}`);
      console.log(
        `  ${v} ${r < 0 ? '' : amd64.registerNames[r]} = ${amd64.ops[v.op].name} [${v.auxLo} ${v.auxHi}] ${v.aux?.text() ?? ''} ${regs.join(' ')}`,
      );
    }
  }
}
