// Type-checks Go source that is only in memory, and prints what is wrong with it.
import { check, formatPlace } from 'tuza';

const files = {
  'go.mod': 'module example.com/hello\n\ngo 1.26\n',
  'main.go': 'package main\n\nimport "fmt"\n\nfunc main() {\n\tname := 1\n\tfmt.Println("hello" + 2)\n}\n',
};
const messages = await check(['.'], { directory: '/hello', files });
for (const m of messages) console.log(`${formatPlace(m)}: ${m.message} [${m.code}]`);
// Prints:
// /hello/main.go:6:2: declared and not used: name [UnusedVar]
// /hello/main.go:7:14: invalid operation: "hello" + 2 (mismatched types untyped string and untyped int) [MismatchedTypes]
