/** `tuza test` beside `go test`: all cases of test/go/test-cases. Names choose some of them. */
import { runCase, testCases } from '../go/test-cases.ts';

let compared = 0;
let different = 0;
for (const c of testCases()) {
  if (process.argv.length > 2 && !process.argv.slice(2).includes(c.name)) continue;
  const before = different;
  const n = await runCase(c, (command, ours, official) => {
    different++;
    console.log(`===== ${c.name}: ${command}\n===== ours\n${ours}\n===== official\n${official}`);
  });
  compared += n;
  console.log(`${c.name}: ${n} compared, ${different - before} different`);
}
console.log(`${compared} compared, ${different} different`);
process.exitCode = different > 0 ? 1 : 0;
