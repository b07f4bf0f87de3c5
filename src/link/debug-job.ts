/**
 * Debugging information made by another thread. What a link knows once its functions are in order goes over as a value; the helper collects
 * entries while addresses are given here, and writes the sections while the segments are written here. Both threads number the symbols that
 * they make from there on for themselves: nothing in the segments refers to what is made for debuggers.
 *
 * Places come over in memory that both see, in two stages: those of functions, then those of everything.
 */
import { builtinCount } from '#obj/builtins.ts';
import { ObjectReader } from '#obj/reader.ts';
import { defaultOptions, Link, type LinkHost, type LinkOptions } from './context.ts';
import { collectDebugInfo } from './dwarf.ts';
import { makeDebugParts, takeCompressed, writeDebugSections } from './dwarf-sections.ts';
import { addSection, Layout, Read, type Section } from './layout.ts';
import { Library, LinkObject, Loader, setName, symbolName } from './loader.ts';
import { stableByKind } from './text.ts';

/** The stages, as the first word of `control` tells them; 0 at the beginning. */
const functionsPlaced = 1;
const allPlaced = 2;

/** More sections than a program has. */
const maxSections = 256;

interface ObjectValue {
  readonly library: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly packages: Int32Array;
  readonly textp: readonly number[];
}

/** What the helper starts from. */
export interface DebugJob {
  readonly options: Pick<LinkOptions, 'goroot' | 'buildVersion' | 'compressDwarf' | 'buildMode'>;
  readonly libraries: readonly { readonly path: string; readonly objects: readonly number[] }[];
  readonly objects: readonly ObjectValue[];
  /** The symbols of all objects behind one another. */
  readonly syms: Int32Array;
  readonly textp: readonly number[];
  readonly count: number;
  readonly kind: Uint8Array;
  readonly attrs: Int32Array;
  readonly size: Float64Array;
  readonly version: Int32Array;
  readonly object: Int32Array;
  readonly local: Int32Array;
  readonly nameObject: Int32Array;
  readonly gotype: Int32Array;
  readonly relocStart: Int32Array;
  readonly relocEnd: Int32Array;
  readonly relocOffset: Int32Array;
  readonly relocType: Uint16Array;
  readonly relocSize: Uint8Array;
  readonly relocAddend: Float64Array;
  readonly relocTarget: Int32Array;
  readonly nameHashes: Int32Array;
  readonly nameSymbols: Int32Array;
  readonly nameCount: number;
  readonly builtins: Int32Array;
  /** Names that are in no object, and whose they are. */
  readonly named: Int32Array;
  readonly names: readonly string[];
  readonly places: Places;
}

/** Memory of both threads. */
interface Places {
  /** The stage, and the number of sections. */
  readonly control: Int32Array;
  readonly value: Float64Array;
  readonly section: Int32Array;
  readonly addresses: Float64Array;
}

export interface DebugAnswer {
  /** False: something is wrong with the objects; whoever does the same in turn finds out what. */
  readonly isGood: boolean;
  readonly sections: readonly { readonly name: string; readonly content: Uint8Array; readonly isCompressed: boolean }[];
}

/** The helper, seen from the link. */
export interface DebugHelper {
  /** Sends the job; these buffers go over without being copied. */
  post(job: DebugJob, moved: readonly ArrayBuffer[]): void;
  answer(): Promise<DebugAnswer>;
}

/** One link's dealings with its helper. */
export class DebugElsewhere {
  private readonly helper: DebugHelper;
  private readonly places: Places;
  private readonly count: number;

  constructor(link: Link, helper: DebugHelper) {
    const { count } = link.loader;
    this.helper = helper;
    this.count = count;
    this.places = {
      control: new Int32Array(new SharedArrayBuffer(8)),
      value: new Float64Array(new SharedArrayBuffer(8 * count)),
      section: new Int32Array(new SharedArrayBuffer(4 * count)),
      addresses: new Float64Array(new SharedArrayBuffer(8 * maxSections)),
    };
    const job = jobOf(link, this.places);
    const moved = new Set<ArrayBuffer>();
    for (const v of Object.values(job)) {
      if (ArrayBuffer.isView(v) && v.buffer instanceof ArrayBuffer) moved.add(v.buffer);
    }
    helper.post(job, [...moved]);
  }

  /** Functions have their addresses. */
  placeFunctions(link: Link): void {
    this.places.value.set(link.loader.value.subarray(0, this.count));
    this.tell(functionsPlaced);
  }

  /** Everything has. */
  placeAll(link: Link, layout: Layout): void {
    const { control, value, section, addresses } = this.places;
    value.set(link.loader.value.subarray(0, this.count));
    section.set(link.loader.section.subarray(0, this.count));
    control[1] = layout.sections.length;
    for (const s of layout.sections) addresses[s.index] = s.address;
    this.tell(allPlaced);
  }

  /** Puts the sections into the layout; false if the helper has failed. */
  async finish(layout: Layout): Promise<boolean> {
    // A thread that has ended, or could not start, for want of memory has nothing to say.
    const answer = await this.helper.answer().catch(() => nothing);
    if (!answer.isGood) return false;
    for (const s of answer.sections) {
      const section = addSection(layout, layout.dwarf, s.name, Read);
      section.content = s.content;
      section.isCompressed = s.isCompressed;
    }
    return true;
  }

  private tell(stage: number): void {
    const { control } = this.places;
    Atomics.store(control, 0, stage);
    Atomics.notify(control, 0);
  }
}

/** Whether a link is one that a helper can go on with: made of official objects alone, with nothing to tell on the way. */
export function canMoveDebug(link: Link): boolean {
  const { options } = link;
  const talks = options.verbose > 0 || options.dumpDep || options.callGraph || options.debugNosplit;
  const { units, symbols } = link.loader;
  return !options.stripDwarf && !talks && symbols === null && units.size === 0 && link.hostObjects.length === 0;
}

function jobOf(link: Link, places: Places): DebugJob {
  const l = link.loader;
  const { count, relocCount, byName } = l;
  const objects = l.objects.slice(1);
  const numbers = new Map<Library, number>();
  for (const library of link.libraries) numbers.set(library, numbers.size);
  const syms = new Int32Array(objects.reduce((n, o) => n + o.syms.length, 0));
  let at = 0;
  for (const o of objects) {
    syms.set(o.syms, at);
    at += o.syms.length;
  }
  const named: number[] = [];
  const names: string[] = [];
  for (let i = 1; i < count; i++) {
    if (l.object[i] !== 0 || l.nameIndex[i] === 0) continue;
    named.push(i);
    names.push(symbolName(l, i));
  }
  const { goroot, buildVersion, compressDwarf, buildMode } = link.options;
  return {
    options: { goroot, buildVersion, compressDwarf, buildMode },
    libraries: link.libraries.map((library) => ({ path: library.path, objects: library.objects.map((o) => o.index) })),
    objects: objects.map((o) => ({
      library: numbers.get(o.library) ?? 0,
      name: o.name,
      bytes: o.reader === null ? new Uint8Array(0) : o.reader.bytes,
      base: o.reader === null ? 0 : o.reader.base,
      packages: o.packages,
      textp: o.textp,
    })),
    syms,
    textp: link.textp,
    count,
    kind: l.kind.slice(0, count),
    attrs: l.attrs.slice(0, count),
    size: l.size.slice(0, count),
    version: l.version.slice(0, count),
    object: l.object.slice(0, count),
    local: l.local.slice(0, count),
    nameObject: l.nameObject.slice(0, count),
    gotype: l.gotype.slice(0, count),
    relocStart: l.relocStart.slice(0, count),
    relocEnd: l.relocEnd.slice(0, count),
    relocOffset: l.relocOffset.slice(0, relocCount),
    relocType: l.relocType.slice(0, relocCount),
    relocSize: l.relocSize.slice(0, relocCount),
    relocAddend: l.relocAddend.slice(0, relocCount),
    relocTarget: l.relocTarget.slice(0, relocCount),
    nameHashes: byName.hashes.slice(),
    nameSymbols: byName.symbols.slice(),
    nameCount: byName.used,
    builtins: l.builtins.slice(),
    named: new Int32Array(named),
    names,
    places,
  };
}

const nothing: DebugAnswer = { isGood: false, sections: [] };

/** The helper's work. */
export async function doDebugJob(
  job: DebugJob,
  deflate: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<DebugAnswer> {
  try {
    const link = linkOf(job);
    const layout = new Layout(0);
    const debug = collectDebugInfo(link);
    reach(job, functionsPlaced);
    link.loader.value.set(job.places.value);
    link.textp = stableByKind(link.loader, link.textp);
    const parts = debug === null ? null : makeDebugParts(link, debug, layout);
    reach(job, allPlaced);
    takePlaces(link.loader, layout, job.places);
    const jobs: Promise<void>[] = [];
    if (parts !== null) {
      writeDebugSections(parts, (section: Section, bytes: Uint8Array) => {
        if (job.options.compressDwarf) jobs.push(deflate(bytes).then((packed) => takeCompressed(section, packed)));
      });
    }
    await Promise.all(jobs);
    if (link.errors.length > 0) return nothing;
    const sections = layout.dwarf.sections.map(({ name, content, isCompressed }) => ({
      name,
      content: content ?? new Uint8Array(0),
      isCompressed,
    }));
    return { isGood: true, sections };
  } catch {
    // The same work in turn ends in the same error, where it can be told.
    return nothing;
  }
}

/** Waits for a stage; if the link fails, for the end of this thread. */
function reach(job: DebugJob, stage: number): void {
  const { control } = job.places;
  for (let now = Atomics.load(control, 0); now < stage; now = Atomics.load(control, 0)) Atomics.wait(control, 0, now);
}

function takePlaces(l: Loader, layout: Layout, places: Places): void {
  l.value.set(places.value);
  l.section.set(places.section);
  for (let k = 0; k < places.control[1]; k++) {
    addSection(layout, layout.data, '', Read).address = places.addresses[k];
  }
}

const noHost: LinkHost = {
  readFile: () => new Uint8Array(0),
  exists: () => false,
  sha256: (data) => data,
  deflate: () => null,
  print: () => undefined,
  capture: null,
};

function linkOf(job: DebugJob): Link {
  const link = new Link({ ...defaultOptions, ...job.options }, noHost, loaderOf(job));
  const { objects } = link.loader;
  const libraries = job.libraries.map(({ path }) => new Library(path, '', '', new Uint8Array(8), null));
  let at = 0;
  for (const o of job.objects) {
    const reader = new ObjectReader(o.name, o.bytes, o.base, true);
    const library = libraries[o.library];
    const object = new LinkObject(objects.length, library, o.name, reader, null);
    object.syms = job.syms.subarray(at, at + reader.symbolCount);
    at += reader.symbolCount;
    object.packages = o.packages;
    object.textp = [...o.textp];
    objects.push(object);
    library.objects.push(object);
  }
  link.libraries = libraries;
  link.textp = [...job.textp];
  return link;
}

function loaderOf(job: DebugJob): Loader {
  // Room for what is made here.
  const l = new Loader(job.count + (job.count >> 3) + 4096, builtinCount, null);
  l.count = job.count;
  l.kind.set(job.kind);
  l.attrs.set(job.attrs);
  l.size.set(job.size);
  l.version.set(job.version);
  l.object.set(job.object);
  l.local.set(job.local);
  l.nameObject.set(job.nameObject);
  l.gotype.set(job.gotype);
  l.relocStart.set(job.relocStart);
  l.relocEnd.set(job.relocEnd);
  l.relocCount = job.relocOffset.length;
  const room = l.relocCount + (l.relocCount >> 1) + 4096;
  l.relocOffset = new Int32Array(room);
  l.relocType = new Uint16Array(room);
  l.relocSize = new Uint8Array(room);
  l.relocAddend = new Float64Array(room);
  l.relocTarget = new Int32Array(room);
  l.relocOffset.set(job.relocOffset);
  l.relocType.set(job.relocType);
  l.relocSize.set(job.relocSize);
  l.relocAddend.set(job.relocAddend);
  l.relocTarget.set(job.relocTarget);
  l.byName.hashes = job.nameHashes;
  l.byName.symbols = job.nameSymbols;
  l.byName.mask = job.nameSymbols.length - 1;
  l.byName.used = job.nameCount;
  l.builtins.set(job.builtins);
  for (let k = 0; k < job.named.length; k++) setName(l, job.named[k], job.names[k]);
  return l;
}
