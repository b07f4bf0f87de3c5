// Builds an executable for linux/amd64 from source in memory, with progress, and looks at its first bytes.
import { build } from 'tuza';

const files = {
  'go.mod': 'module example.com/hello\n\ngo 1.26\n',
  'main.go': 'package main\n\nimport "example.com/hello/words"\n\nfunc main() { println(words.Greeting) }\n',
  'words/words.go': 'package words\n\nconst Greeting = "hello"\n',
};
let stages = new Set();
const { image, messages } = await build(['.'], {
  directory: '/hello',
  files,
  flags: ['-trimpath', '-ldflags=-s -w'],
  onProgress: ({ stage }) => stages.add(stage),
});
if (image === null) throw new Error(messages);
console.log(Buffer.from(image.subarray(1, 4)).toString(), image.length > 500_000, stages.size > 0);
// Prints:
// ELF true true
