/**
 * Mutates Go files and compares our parser's errors and trees with the official compiler's. Usage:
 * node test/oracles/syntaxfuzz.ts [mutants=10000] [seed=1]. Mutants that differ are kept in the directory named at the end.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDumper, dumpText } from './syntaxdump.ts';

const total = Number(process.argv[2] ?? '10000');
let state = Number(process.argv[3] ?? '1') >>> 0;

/** A small generator of pseudo-random numbers below n, the same in every run. */
function random(n: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * n);
}

const pieces = (
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct ' +
  'switch type var := = += ++ -- <- * ( ) [ ] { } , ; : . ... ~ | & && || ! == < > + - / % ^ &^ << >> 0 0x 1e 0b2 08 1_ \'a\' \'\' "s" "\\x" `r` ' +
  'x L: // /* */ \n \t //go:noinline\n //line\u0020a:1\n /*line\u0020b:2:3*/ é ٣ \u0000 \uFEFF $ @ # ? \\ " \' `'
).split(' ');

function mutate(text: string): string {
  let s = text;
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(s.length);
    const piece = pieces[random(pieces.length)];
    switch (random(5)) {
      case 0:
        s = s.slice(0, at) + s.slice(at + 1 + random(3));
        break;
      case 1:
        s = `${s.slice(0, at)} ${piece} ${s.slice(at)}`;
        break;
      case 2:
        s = s.slice(0, at) + piece + s.slice(at + piece.length);
        break;
      case 3: {
        const from = random(s.length);
        s = s.slice(0, at) + s.slice(from, from + 1 + random(30)) + s.slice(at);
        break;
      }
      default:
        // Removes a word or symbol.
        s = s.slice(0, at) + s.slice(at).replace(/\w+|[^\w\s]/u, '');
    }
  }
  return s;
}

/** Encodes, now and then with a byte that is no UTF-8. */
function encode(s: string): Uint8Array {
  const bytes = new TextEncoder().encode(s);
  if (random(20) === 0 && bytes.length > 0) bytes[random(bytes.length)] = 0x80 + random(128);
  return bytes;
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const seeds: string[] = [];
for (const dir of [
  'test',
  'test/typeparam',
  'test/fixedbugs',
  'src/cmd/compile/internal/syntax/testdata',
  'src/slices',
  'src/internal/abi',
]) {
  for (const name of readdirSync(join(goroot, dir))) {
    if (!name.endsWith('.go')) continue;
    const text = readFileSync(join(goroot, dir, name), 'utf8');
    if (text.length < 6000) seeds.push(text);
  }
}
const dumper = buildDumper('/tmp/tuza-syntaxdump');
const work = '/tmp/tuza-syntaxfuzz';
const kept = join(work, 'differing');
rmSync(work, { recursive: true, force: true });
mkdirSync(kept, { recursive: true });
let differing = 0;
let withErrors = 0;
let slowest = 0;
for (let done = 0; done < total; ) {
  const names: string[] = [];
  const texts: Uint8Array[] = [];
  for (; names.length < 500 && done < total; done++) {
    const name = join(work, `m${names.length}.go`);
    const text = encode(mutate(seeds[random(seeds.length)]));
    writeFileSync(name, text);
    names.push(name);
    texts.push(text);
  }
  const hashes = execFileSync(dumper, { input: names.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n');
  for (let i = 0; i < names.length; i++) {
    const start = performance.now();
    const ours = dumpText(names[i], texts[i], false);
    // Must neither fail nor hang, either.
    dumpText(names[i], texts[i], true);
    slowest = Math.max(slowest, performance.now() - start);
    if (ours.includes('error ')) withErrors++;
    if (createHash('sha256').update(ours).digest('hex') === hashes[i]) continue;
    differing++;
    const theirs = execFileSync(dumper, ['-full'], { input: names[i], encoding: 'utf8', maxBuffer: 1 << 28 });
    copyFileSync(names[i], join(kept, `d${differing}.go`));
    if (differing > 15) continue;
    const a = ours.split('\n');
    const b = theirs.split('\n');
    let k = 0;
    while (k < a.length && a[k] === b[k]) k++;
    console.log(`d${differing}.go\n  ours:   ${a[k]}\n  theirs: ${b[k]}`);
  }
}
console.log(
  `${total} mutants, ${withErrors} with errors, ${differing} differ (in ${kept}), slowest ${slowest.toFixed(0)} ms`,
);
process.exitCode = differing === 0 ? 0 : 1;
