/** `tuza tool layout EXE [n]`: how a program's bytes are spent: sections, and the biggest symbols of each. */
import { FileError, type Host } from '#host/host.ts';
import { ObjectError } from '#obj/archive.ts';
import { ElfReader, type ElfSymbol } from '#obj/elf-read.ts';

const defaultCount = 10;
const flagAlloc = 2;

export function runLayout(args: readonly string[], host: Host): number {
  if (args.length < 1 || args.length > 2) {
    host.stderr('usage: tuza tool layout program [symbols per section]\n');
    return 2;
  }
  try {
    host.stdout(describe(new ElfReader(args[0], host.files.readFile(args[0])), Number(args[1] ?? defaultCount)));
    return 0;
  } catch (e) {
    if (!(e instanceof FileError) && !(e instanceof ObjectError)) throw e;
    host.stderr(`layout: ${e.message}\n`);
    return 1;
  }
}

function describe(r: ElfReader, count: number): string {
  const bySection = new Map<number, ElfSymbol[]>();
  for (const s of r.symbols()) {
    const list = bySection.get(s.section);
    if (list === undefined) bySection.set(s.section, [s]);
    else list.push(s);
  }
  let text = '';
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
