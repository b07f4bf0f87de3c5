// Runs a program with arguments and input; a second one, which would never end, is given up after a while.
import { run } from 'tuza';

const main = (body) => ({ 'main.go': `package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n${body}\n}\n` });

const greeting = main('\tvar name string\n\tfmt.Scan(&name)\n\tfmt.Println("hello,", name, os.Args[1:])\n\tos.Exit(3)');
const result = await run(['main.go'], { directory: '/hello', files: greeting, args: ['a', 'b'], input: 'gopher\n' });
console.log(result.status, Buffer.from(result.stdout).toString().trim());

const endless = main('\tfmt.Fprintln(os.Stderr, "waiting")\n\tfor {\n\t}');
try {
  await run(['main.go'], { directory: '/endless', files: endless, signal: AbortSignal.timeout(20_000) });
} catch (e) {
  console.log(e.name);
}
// Prints:
// 3 hello, gopher [a b]
// TimeoutError
