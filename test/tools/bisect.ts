/**
 * npm run bisect -- PROGRAM.go [-p package,...] [args]: names the function of ours that makes the program behave otherwise than the official
 * build. Candidates are all packages of the program but those of the runtime, or those given.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeHost } from '#host/node.ts';
import { bisect, Mixer } from './bisect-core.ts';
import { sourcesOf } from './bisect-sources.ts';

const args = process.argv.slice(2);
const file = args.shift() ?? '';
let wanted: string[] = [];
if (args[0] === '-p') wanted = (args.splice(0, 2)[1] ?? '').split(',');
if (!file.endsWith('.go')) {
  console.error('usage: npm run bisect -- program.go [-p package,...] [args]');
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), 'tuza-bisect-'));
try {
  const { goroot, sources, runtime } = sourcesOf(file);
  const candidates = wanted.length > 0 ? wanted : sources.map((s) => s.path).filter((p) => !runtime.has(p));
  const mixer = new Mixer(nodeHost(), goroot, directory, sources);
  const found = bisect(mixer, candidates, args, (text) => process.stderr.write(text));
  if (found === null) console.log('our program behaves as the official one');
  else if (found.function === '') console.log(`${found.package}: its data or init code`);
  else console.log(`${found.function} (package ${found.package})`);
  process.exitCode = found === null ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
