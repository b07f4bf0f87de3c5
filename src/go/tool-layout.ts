/**
 * `tuza tool layout`: how a program's bytes are spent: segments, sections, and the biggest symbols of each; and why a symbol is
 * there. An executable does not tell that, so the chain is read from what `tuza tool link -dumpdep` (or the official linker)
 * printed when it linked the program: an edge for every symbol, from the one by which it was reached first.
 */
import { decodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { ObjectError } from '#obj/archive.ts';
import { ElfReader, type ElfSymbol } from '#obj/elf-read.ts';
import { type FlagSpec, parseFlags } from './tool-flags.ts';

const defaultCount = 10;
const flagAlloc = 2;

const flags: readonly FlagSpec[] = [
  { name: 'n', kind: 'int', repeated: false },
  { name: 'why', kind: 'string', repeated: false },
  { name: 'deps', kind: 'string', repeated: false },
];

const usage = `usage: tuza tool layout [-n symbols per section] program
       tuza tool layout -why symbol -deps file

The second form reads what "tool link -dumpdep" printed, and tells by which chain of references the symbol is in the program.
`;

export function runLayout(args: readonly string[], host: Host): number {
  const p = parseFlags(flags, args);
  const why = p.text('why', '');
  const deps = p.text('deps', '');
  const wrong = p.error !== '' || (why === '') !== (deps === '') || p.rest.length !== (why === '' ? 1 : 0);
  if (wrong) {
    host.stderr(p.error === '' ? usage : `${p.error}\n${usage}`);
    return 2;
  }
  try {
    if (why !== '') return tellWhy(host, why, decodeText(host.files.readFile(deps)));
    host.stdout(describe(new ElfReader(p.rest[0], host.files.readFile(p.rest[0])), p.int('n', defaultCount)));
    return 0;
  } catch (e) {
    if (!(e instanceof FileError) && !(e instanceof ObjectError)) throw e;
    host.stderr(`layout: ${e.message}\n`);
    return 1;
  }
}

function accessText(bits: number): string {
  return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${(bits & 1) === 0 ? '-' : 'x'}`;
}

function describe(r: ElfReader, count: number): string {
  const bySection = new Map<number, ElfSymbol[]>();
  for (const s of r.symbols()) {
    const list = bySection.get(s.section);
    if (list === undefined) bySection.set(s.section, [s]);
    else list.push(s);
  }
  let text = '';
  for (const s of r.segments()) {
    const address = s.address.toString(16).padStart(8);
    text += `segment ${address} ${String(s.size).padStart(10)} in memory ${String(s.fileSize).padStart(10)} in the file ${accessText(s.access)}\n`;
  }
  r.sections.forEach((s, i) => {
    if (i === 0) return;
    const loaded = (s.flags & flagAlloc) !== 0;
    const where = loaded ? s.address.toString(16).padStart(8) : ' '.repeat(8);
    text += `${where} ${String(s.size).padStart(10)} ${s.name}\n`;
    if (!loaded) return;
    const biggest = (bySection.get(i) ?? []).filter((x) => x.size > 0).sort((a, b) => b.size - a.size);
    for (const x of biggest.slice(0, count)) {
      text += `    ${x.value.toString(16).padStart(8)} ${String(x.size).padStart(10)} ${x.name}\n`;
    }
  });
  return text;
}

/** What stands for "nobody": the linker itself needs the symbol. */
const root = '_';

/** Prints the chain that leads to a symbol, from the linker's roots on. */
function tellWhy(host: Host, symbol: string, deps: string): number {
  const reachedFrom = new Map<string, string>();
  for (const line of deps.split('\n')) {
    const arrow = line.indexOf(' -> ');
    if (arrow < 0) continue;
    const to = plainName(line.slice(arrow + 4));
    // A type that is visited again, once it is known to be used in interfaces, was there before.
    if (!reachedFrom.has(to)) reachedFrom.set(to, plainName(line.slice(0, arrow)));
  }
  if (!reachedFrom.has(symbol)) {
    host.stderr(`layout: nothing leads to ${symbol}\n`);
    return 1;
  }
  const chain: string[] = [];
  for (let s = symbol; s !== root && !chain.includes(s); s = reachedFrom.get(s) ?? root) chain.push(s);
  chain.reverse();
  chain.forEach((s, depth) => {
    host.stdout(`${'  '.repeat(depth)}${s}\n`);
  });
  return 0;
}

function plainName(text: string): string {
  return text.replace(/ (<\w+>)+$/, '');
}
