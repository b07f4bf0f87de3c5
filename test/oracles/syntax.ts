/**
 * Compares our parser with the official compiler's: trees, positions, directives, errors and printed expressions of every Go file of the Go tree
 * (src and test), or of the files and directories named. Usage: node test/oracles/syntax.ts [path...]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildDumper, dumpText } from './syntaxdump.ts';

function goFiles(path: string, out: string[]): void {
  if (!statSync(path).isDirectory()) {
    out.push(path);
    return;
  }
  for (const e of readdirSync(path, { withFileTypes: true })) {
    const p = join(path, e.name);
    if (e.isDirectory()) goFiles(p, out);
    else if (e.isFile() && e.name.endsWith('.go')) out.push(p);
  }
}

/** Shows where two dumps part. */
function firstDifference(ours: string, theirs: string): string {
  const a = ours.split('\n');
  const b = theirs.split('\n');
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return `  ours:   ${a[i]}\n  theirs: ${b[i]}`;
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const roots = process.argv.length > 2 ? process.argv.slice(2) : [join(goroot, 'src'), join(goroot, 'test')];
const files: string[] = [];
for (const r of roots) goFiles(r, files);
const dumper = buildDumper('/tmp/tuza-syntaxdump');
const hashes = execFileSync(dumper, { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30 }).split('\n');
let differing = 0;
for (let i = 0; i < files.length; i++) {
  const text = new Uint8Array(readFileSync(files[i]));
  const ours = dumpText(files[i], text, i % 2 === 0);
  if (createHash('sha256').update(ours).digest('hex') === hashes[i]) continue;
  // Skipping bodies only changes the order in which errors are found.
  const whole = dumpText(files[i], text, false);
  if (createHash('sha256').update(whole).digest('hex') === hashes[i]) continue;
  differing++;
  if (differing > 20) continue;
  const theirs = execFileSync(dumper, ['-full'], { input: files[i], encoding: 'utf8', maxBuffer: 1 << 30 });
  console.log(`${files[i]}\n${firstDifference(whole, theirs)}`);
}
console.log(`${files.length} files, ${differing} differ`);
process.exitCode = differing === 0 ? 0 : 1;
