/**
 * The linker. One pure function from objects (in files or in memory) to the bytes of a program; the steps, in order:
 *
 *   libraries.ts, load-symbols.ts   packages and their symbols
 *   host-objects.ts, cgo.ts         C objects and what cgo packages say of them (load-elf.ts)
 *   fips.ts, inittasks.ts           what the linker adds before it knows what is needed
 *   deadcode.ts                     what is needed; asks the compiler for code that is not there yet
 *   text.ts, setup.ts               order of functions; string variables, build information
 *   dwarf.ts, dwarf-types.ts        debugging entries; written by dwarf-sections.ts once addresses are known
 *   stackcheck.ts                   no chain of functions without stack check may use too much
 *   pclntab.ts, typelink.ts, moduledata.ts   tables of the runtime
 *   dynamic.ts, dynamic-relocs.ts   what the dynamic linker reads
 *   data.ts                         sections, addresses
 *   write.ts, relocate.ts           bytes
 *   elf-image.ts, formats/elf.ts    the file around them
 *
 * Symbols are integers (loader.ts). What a step expects of the earlier ones is said in its file.
 */
import { alignUp, encodeText } from '#base/bytes.ts';
import { ObjectError } from '#obj/archive.ts';
import { isDirectCall } from '#obj/reloc-types.ts';
import { applyCgoDirectives } from './cgo.ts';
import { defaultOptions, Link, type LinkHost, type LinkOptions } from './context.ts';
import { assignAddresses, defineCarriers, layOutData } from './data.ts';
import { markReachable } from './deadcode.ts';
import { collectDebugInfo } from './dwarf.ts';
import { DebugSections, placeDebugSections, takeCompressed } from './dwarf-sections.ts';
import { addExports, setUpDynamic } from './dynamic.ts';
import { buildElf } from './elf-image.ts';
import { buildSymbolTable, type SymbolTable } from './elf-symtab.ts';
import { exit, LinkFatal } from './errors.ts';
import { addFipsInfo, sumFips } from './fips.ts';
import { determineLinkMode, loadHostObjects } from './host-objects.ts';
import { orderInitTasks } from './inittasks.ts';
import * as Kind from './kinds.ts';
import { Layout, type Section } from './layout.ts';
import { loadLibraries } from './libraries.ts';
import { loadSymbols } from './load-symbols.ts';
import { isReachable, symbolName } from './loader.ts';
import { buildModuleData, defineRanges } from './moduledata.ts';
import { buildPclnTab, writeFuncdata } from './pclntab.ts';
import { Relocator } from './relocate.ts';
import { addBuildInfo, setStrings, setUpRuntime } from './setup.ts';
import { checkStack } from './stackcheck.ts';
import { assignTextAddresses, orderText } from './text.ts';
import { addTypeLinks } from './typelink.ts';
import { writeSegments } from './write.ts';

export { Excerpt, ExcerptMismatch } from './excerpt.ts';
export { makeExcerpt } from './make-excerpt.ts';

/** Room for the ELF header, program and section headers and notes in front of the text. */
const elfReserve = 4096;
/** What the official tool leaves out of the text's size: the ELF header. */
const elfHeaderSize = 64;
const defaultBase = 0x400000;
const defaultRound = 4096;
const defaultFuncAlign = 32;

/** Stops after a step that reported errors. */
class ErrorsReported extends Error {}

export interface LinkResult {
  /** The program; null if there were errors. */
  image: Uint8Array | null;
  /** Messages, each without final newline. */
  errors: string[];
  /** The message that stopped the link, which the official linker prefixes with its name; "" if there is none. */
  stopped: string;
  /** Exit status of the official linker in this case. */
  status: number;
  /** The link's tables, for tools that look inside. */
  link: Link;
  layout: Layout | null;
}

export function linkProgram(given: Partial<LinkOptions>, host: LinkHost): LinkResult {
  const link = new Link({ ...defaultOptions, ...given }, host);
  const layout = new Layout(elfReserve);
  try {
    const half = layOut(link, layout, (section, bytes) => {
      takeCompressed(section, host.deflate(bytes));
    });
    return resultOf(link, layout, finish(half));
  } catch (e) {
    return failure(link, layout, e);
  } finally {
    releaseMemory(link);
  }
}

/** The same, while others compress. */
export async function linkProgramBeside(
  given: Partial<LinkOptions>,
  host: LinkHost,
  deflate: (data: Uint8Array) => Promise<Uint8Array | null>,
): Promise<LinkResult> {
  const link = new Link({ ...defaultOptions, ...given }, host);
  const layout = new Layout(elfReserve);
  const jobs: Promise<void>[] = [];
  try {
    const half = layOut(link, layout, (section, bytes) => {
      jobs.push(deflate(bytes).then((packed) => takeCompressed(section, packed)));
    });
    await Promise.all(jobs);
    return resultOf(link, layout, finish(half));
  } catch (e) {
    await Promise.allSettled(jobs);
    return failure(link, layout, e);
  } finally {
    releaseMemory(link);
  }
}

function resultOf(link: Link, layout: Layout, image: Uint8Array): LinkResult {
  const failed = link.errors.length > 0;
  return { image: failed ? null : image, errors: link.errors, stopped: '', status: failed ? 2 : 0, link, layout };
}

function failure(link: Link, layout: Layout, e: unknown): LinkResult {
  if (e instanceof ErrorsReported) return { image: null, errors: link.errors, stopped: '', status: 2, link, layout };
  if (!(e instanceof LinkFatal) && !(e instanceof ObjectError)) throw e;
  const status = e instanceof LinkFatal ? e.status : 1;
  return { image: null, errors: link.errors, stopped: e.message, status, link, layout };
}

/** The numbers written into the compiler's symbols are this link's only. */
function releaseMemory(link: Link): void {
  const { memory, units, symbols } = link.loader;
  if (units.size === 0 && symbols === null) return;
  for (const s of memory) if (s !== undefined) s.index = -1;
}

/** A link whose segments are written; debug sections and headers are not. */
interface Half {
  link: Link;
  layout: Layout;
  /** Room for the whole file, if the guess was right. */
  out: Uint8Array;
  /** Where the segments end in the file. */
  end: number;
  /** Null with -s. */
  symbols: SymbolTable | null;
}

/** The steps up to the segments' bytes; `compress` is handed each debug section that is to be compressed. */
function layOut(link: Link, layout: Layout, compress: (section: Section, bytes: Uint8Array) => void): Half {
  const { options } = link;
  prepare(link, layout);
  if (options.verbose > 0) printSettings(link, layout);
  loadLibraries(link);
  determineLinkMode(link);
  loadSymbols(link);
  link.firstHostSymbol = link.loader.count;
  applyCgoDirectives(link);
  loadHostObjects(link);
  // Nothing imported: a program that is no dynamic one, as C compilers make it.
  if (!link.pie && !link.hasImports) link.noDynamic = true;
  addFipsInfo(link);
  orderInitTasks(link);
  markReachable(link);
  setUpRuntime(link);
  orderText(link);
  setStrings(link);
  const debug = collectDebugInfo(link);
  if (options.callGraph) dumpCallGraph(link);
  checkStack(link);
  if (!link.noDynamic) setUpDynamic(link);
  addExports(link);
  stopOnErrors(link);
  assignTextAddresses(link, layout);
  let room = 1 << 20;
  const made = (section: Section, bytes: Uint8Array): void => {
    room += bytes.length;
    if (options.compressDwarf) compress(section, bytes);
  };
  const sections = debug === null ? null : new DebugSections(link, debug, layout);
  if (options.keepsDebug) link.debugSections = sections;
  sections?.writeCode(made);
  addTypeLinks(link);
  addBuildInfo(link);
  const tab = buildPclnTab(link, layout);
  defineRanges(link);
  defineCarriers(link);
  buildModuleData(link, layout, tab);
  layOutData(link, layout, tab);
  const segmentsEnd = assignAddresses(link, layout);
  writeFuncdata(link, layout, tab);
  // The debug sections begin on a page even if there are none.
  const end = alignUp(segmentsEnd, layout.round);
  sections?.writeInfo(made);
  room += end;
  // Memory that is never touched costs nothing: better too much of it than a copy.
  const out = new Uint8Array(room + (room >> 2));
  writeSegments(link, layout, new Relocator(link, layout, out));
  // Made while others compress.
  const symbols = options.stripSymbols ? null : buildSymbolTable(link);
  return { link, layout, out, end, symbols };
}

/** Places and writes what has no address: debug sections, symbol table, headers. */
function finish(half: Half): Uint8Array {
  const { link, layout } = half;
  const { options } = link;
  let end = half.end;
  if (layout.dwarf.sections.length > 0) {
    const address = alignUp(layout.data.address + layout.data.length, layout.round);
    end += placeDebugSections(layout, address, end);
  }
  const { pieces, size, symbolTableSize } = buildElf(link, layout, end, half.symbols);
  stopOnErrors(link);
  let out = half.out.subarray(0, size);
  if (out.length < size) {
    out = new Uint8Array(size);
    out.set(half.out);
  }
  sumFips(link, layout, out);
  for (const s of layout.dwarf.sections) {
    if (s.content !== null) out.set(s.content, layout.dwarf.fileOffset + s.address - layout.dwarf.address);
  }
  for (const p of pieces) out.set(p.bytes, p.offset);
  if (options.callGraph) printSizes(link, layout, symbolTableSize);
  if (options.verbose > 0) printCounts(link);
  return out;
}

function prepare(link: Link, layout: Layout): void {
  const { options } = link;
  if (options.round !== -1 && (options.round < 4096 || !isPowerOfTwo(options.round))) {
    exit(`invalid -R value 0x${options.round.toString(16)}`);
  }
  if (options.funcAlign !== 0 && !isPowerOfTwo(options.funcAlign))
    exit(`invalid -funcalign value ${options.funcAlign}`);
  layout.round = options.round === -1 ? defaultRound : options.round;
  layout.funcAlign = options.funcAlign === 0 ? defaultFuncAlign : options.funcAlign;
  layout.textAddress =
    options.textAddress === -1 ? alignUp(defaultBase, layout.round) + layout.headerSize : options.textAddress;
  if (options.dataAddress !== -1 && options.dataAddress % layout.round !== 0) {
    exit(
      `invalid -D value 0x${options.dataAddress.toString(16)}: not aligned to rounding quantum 0x${layout.round.toString(16)}`,
    );
  }
  if (link.entry === '') link.entry = '_rt0_amd64_linux';
  if (options.goroot !== '') link.strings.set('runtime.defaultGOROOT', encodeText(options.goroot));
  link.strings.set('runtime.buildVersion', encodeText(options.buildVersion));
  for (const [name, value] of options.strings) link.strings.set(name, value);
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}

/** -v; 5 is the number of linux among the header types. */
function printSettings(link: Link, layout: Layout): void {
  const { options, host } = link;
  const tables = `symbol table: ${onOff(!options.stripSymbols)}, DWARF: ${onOff(!options.stripDwarf)}`;
  host.print(`build mode: ${options.buildMode}, ${tables}\n`);
  host.print(`HEADER = -H5 -T0x${layout.textAddress.toString(16)} -R0x${layout.round.toString(16)}\n`);
}

function printCounts(link: Link): void {
  const l = link.loader;
  let reachable = 0;
  for (let s = 1; s < l.count; s++) if (isReachable(l, s)) reachable++;
  link.host.print(`${l.count} symbols, ${reachable} reachable\n`);
}

/** -c, at the end */
function printSizes(link: Link, layout: Layout, symbols: number): void {
  const { data } = layout;
  const text = layout.text.length + layout.headerSize - elfHeaderSize;
  const rows: [string, number][] = [
    ['textsize', text],
    ['datsize', data.fileLength],
    ['bsssize', data.length - data.fileLength],
    ['symsize', symbols],
    ['lcsize', 0],
    ['total', text + data.length + symbols],
  ];
  for (const [name, n] of rows) link.host.print(`${name}=${n}\n`);
}

/** -c */
function dumpCallGraph(link: Link): void {
  const l = link.loader;
  for (const s of link.textp) {
    for (let r = l.relocStart[s]; r < l.relocEnd[s]; r++) {
      const target = l.relocTarget[r];
      if (target === 0 || !isDirectCall(l.relocType[r]) || !Kind.isText(l.kind[target])) continue;
      link.host.print(`${symbolName(l, s)} calls ${symbolName(l, target)}\n`);
    }
  }
}

function isPowerOfTwo(n: number): boolean {
  return n > 0 && (n & (n - 1)) === 0;
}

function stopOnErrors(link: Link): void {
  if (link.errors.length > 0) throw new ErrorsReported();
}
