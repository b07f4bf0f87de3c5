/**
 * `tuza tool layout`: how a program's bytes are spent: segments, sections, and the biggest symbols of each; and why a symbol is
 * there (layout-why.ts).
 */
import { decodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { ObjectError } from '#obj/archive.ts';
import { ElfReader, type ElfSymbol } from '#obj/elf-read.ts';
import { tellWhy, whyFromArchives, whyFromProgram } from './layout-why.ts';
import { type FlagSpec, parseFlags } from './tool-flags.ts';

const defaultCount = 10;
const flagAlloc = 2;

const flags: readonly FlagSpec[] = [
  { name: 'n', kind: 'int', repeated: false },
  { name: 'why', kind: 'string', repeated: false },
  { name: 'deps', kind: 'string', repeated: false },
  { name: 'importcfg', kind: 'string', repeated: false },
];

const usage = `usage: tuza tool layout [-n symbols per section] program
       tuza tool layout -why symbol program
       tuza tool layout -why symbol -importcfg file main.a
       tuza tool layout -why symbol -deps file

The other forms tell by which chain of references a symbol is in a program: by building it again from the package that its build information
names, seen from the current directory; by linking archives again; or from what "tool link -dumpdep" printed.
`;

export async function runLayout(args: readonly string[], host: Host): Promise<number> {
  const p = parseFlags(flags, args);
  const why = p.text('why', '');
  const deps = p.text('deps', '');
  const config = p.text('importcfg', '');
  const sources = (deps === '' ? 0 : 1) + (config === '' ? 0 : 1);
  const wrong = p.error !== '' || sources > (why === '' ? 0 : 1) || p.rest.length !== (deps === '' ? 1 : 0);
  if (wrong) {
    host.stderr(p.error === '' ? usage : `${p.error}\n${usage}`);
    return 2;
  }
  try {
    if (deps !== '') return tellWhy(host, why, decodeText(host.files.readFile(deps)));
    if (config !== '') return await whyFromArchives(host, why, config, p.rest[0]);
    if (why !== '') return await whyFromProgram(host, why, p.rest[0]);
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
