/** Speed of code generation on random functions: `node test/oracles/backend-bench.ts [functions]`. */
import { compileBody, plainCode } from '#arch/amd64/compile.ts';
import { amd64 } from '#arch/amd64/target.ts';
import type { AsmContext } from '#arch/inst.ts';
import { ObjectFile } from '#obj/object.ts';
import { early, middle, runPasses } from '#ssa/pipeline.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { textServices } from '#ssa/text/test-services.ts';
import { randomFunc } from '../arch/random-program.ts';

const n = Number(process.argv[2] ?? 1000);
let text = '';
for (let i = 0; i < n; i++) text += randomFunc(i + 1, `f${i}`).text;
const p = parseProgram(text, amd64);
const object = new ObjectFile('main');
const asm: AsmContext = {
  goos: 'linux',
  symbols: p.symbols,
  object,
  positions: { fileOf: () => 0, lineOf: () => 1 },
  isAsm: false,
  shared: false,
  dynlink: false,
  constants: [],
  describePosition: () => '',
  error: (_pos, message) => {
    throw new Error(message);
  },
};
const services = textServices(p);
const start = performance.now();
for (const f of p.funcs) runPasses(f, [...early, ...middle], services, { dump: null, verify: false });
const middleDone = performance.now();
let values = 0;
for (const f of p.funcs) for (const b of f.blocks) values += b.values.length;
let bytes = 0;
for (const f of p.funcs) bytes += compileBody(f, { asm, options: plainCode, isRuntimePackage: () => false }).size;
const done = performance.now();
const rate = (ms: number): string =>
  `${ms.toFixed(0)} ms, ${((n / ms) * 1000).toFixed(0)} functions/s, ${((values / ms) * 1000).toFixed(0)} values/s`;
console.log(`${n} functions, ${values} values, ${bytes} bytes of code`);
console.log(`middle:  ${rate(middleDone - start)}`);
console.log(`machine: ${rate(done - middleDone)}`);
