/**
 * Finding the function that is compiled wrongly: a program is linked from packages of the official compiler and of ours, then, of the guilty
 * package, from functions of both. All objects refer to each other by name, so any mixture links.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePackage } from '#compile/package-object.ts';
import type { Host } from '#host/host.ts';
import { linkProgram } from '#link/link.ts';
import { StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { newMember, PackageDefinition, readArchive, writeArchive } from '#obj/archive.ts';
import * as Attr from '#obj/attributes.ts';
import { importObjects } from '#obj/import.ts';
import * as Kind from '#obj/kinds.ts';
import { ObjectFile } from '#obj/object.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { AbiInternal, AbiStatic, type LinkSymbol, RelocList, Symbols } from '#obj/symbol.ts';
import { writeFrame, writeObject } from '#obj/write.ts';

export interface SourcePackage {
  readonly path: string;
  readonly dir: string;
  readonly files: readonly string[];
  readonly isStandard: boolean;
  /** The official archive. */
  readonly archive: string;
}

/** One package, compiled by both. */
class Both {
  readonly source: SourcePackage;
  readonly official: ObjectFile;
  readonly assembly: readonly ObjectFile[];
  ours: ObjectFile | null;

  constructor(source: SourcePackage, official: ObjectFile, assembly: readonly ObjectFile[]) {
    this.source = source;
    this.official = official;
    this.assembly = assembly;
    this.ours = null;
  }
}

export class Mixer {
  readonly host: Host;
  readonly goroot: string;
  readonly directory: string;
  readonly packages: Map<string, Both>;
  /** Changes our objects: for tests. */
  damage: ((path: string, object: ObjectFile) => void) | null;
  private header: string;

  constructor(host: Host, goroot: string, directory: string, sources: readonly SourcePackage[]) {
    this.host = host;
    this.goroot = goroot;
    this.directory = directory;
    this.packages = new Map();
    this.damage = null;
    this.header = '';
    const readers = new Map<string, ObjectReader[]>();
    const first = new Map<string, ObjectReader>();
    for (const s of sources) {
      const list = this.readersOf(s.archive);
      readers.set(s.path, list);
      first.set(pathToPrefix(s.path), list[0]);
    }
    for (const s of sources) {
      const list = (readers.get(s.path) ?? []).map((reader) => ({ path: s.path, reader }));
      const objects = importObjects(new Symbols(), list, true, first);
      for (const o of objects) prepare(o);
      this.packages.set(s.path, new Both(s, objects[0], objects.slice(1)));
    }
  }

  private readersOf(archive: string): ObjectReader[] {
    const list: ObjectReader[] = [];
    for (const m of readArchive(archive, this.host.files.readFile(archive))) {
      const frame = m.name === PackageDefinition ? null : readFrame(archive, m.data, 0);
      if (frame === null) continue;
      this.header = frame.header;
      list.push(new ObjectReader(archive, m.data.subarray(frame.binary), frame.binary));
    }
    return list;
  }

  /** Our object of a package, compiled when first asked for. */
  ours(path: string): ObjectFile {
    const b = this.both(path);
    b.ours ??= this.compile(b);
    return b.ours;
  }

  private both(path: string): Both {
    const b = this.packages.get(path);
    if (b === undefined) throw new Error(`package ${path} is not part of the program`);
    return b;
  }

  private compile(b: Both): ObjectFile {
    const { source } = b;
    const definitions = b.assembly.flatMap((o) => o.symbols.filter((s) => Kind.isText(s.kind) && s.abi !== AbiStatic));
    const mentioned = b.assembly.flatMap((o) => o.symbols.flatMap((s) => s.relocs?.targets ?? []));
    const references = mentioned
      .filter((s) => s !== null)
      .filter((s) => s.kind === Kind.Undefined && s.abi !== AbiStatic);
    const named = (s: LinkSymbol) => ({ name: s.name, abi: s.abi });
    const { compiled, result } = compilePackage(this.host, {
      goroot: this.goroot,
      target: makeTarget('linux', 'amd64', false, []),
      resolver: new StandardResolver(this.host.files, this.goroot),
      goVersion: 'go1.26',
      dir: source.dir,
      files: source.files.map((f) => `${source.dir}/${f}`),
      code: null,
      unit: {
        path: source.path,
        std: source.isStandard,
        complete: false,
        asmDefinitions: definitions.map(named),
        asmReferences: references.map(named),
        embed: null,
        notes: null,
        initTaskOf: () => null,
      },
    });
    if (compiled === null) throw new Error(`${source.path}: ${result.diagnostics[0]?.message}`);
    const { object } = compiled;
    object.imports.length = 0;
    object.imports.push(...b.official.imports);
    prepare(object);
    this.damage?.(source.path, object);
    return object;
  }

  /** Names of the functions, with the literals in them, that both objects of a package have. */
  functionsOf(path: string): string[] {
    const theirs = new Set(textOf(this.both(path).official).map((s) => groupOf(s.name)));
    return [...new Set(textOf(this.ours(path)).map((s) => groupOf(s.name)))].filter((g) => theirs.has(g)).sort();
  }

  /** Links the program; functions of `split` whose names are in `official` come from the official compiler. */
  link(ours: ReadonlySet<string>, split: string, official: ReadonlySet<string>): Uint8Array {
    const chosen = new Map<string, ObjectFile[]>();
    for (const [path, b] of this.packages) {
      const list = ours.has(path) ? [this.ours(path)] : [b.official];
      if (path === split) {
        list[0] = without(this.ours(path), official);
        list.push(only(b.official, official));
      }
      chosen.set(path, [...list, ...b.assembly]);
    }
    const tasks = new Set<string>();
    for (const list of chosen.values())
      for (const o of list) for (const s of o.symbols) if (s.name.endsWith('..inittask')) tasks.add(s.name);
    const files = new Map<string, Uint8Array>();
    const packageFiles = new Map<string, string>();
    for (const [path, list] of chosen) {
      files.set(`${path}.a`, this.archive(list.map((o) => withTasks(o, tasks))));
      if (path !== 'main') packageFiles.set(path, `${path}.a`);
    }
    const result = linkProgram(
      {
        mainFile: 'main.a',
        packageFiles,
        goroot: this.goroot,
        stripDwarf: true,
        buildVersion: 'go1.26.8',
        checkLinkname: false,
      },
      {
        readFile: (name) => files.get(name) ?? this.host.files.readFile(name),
        exists: (name) => files.has(name),
        sha256: this.host.sha256,
        deflate: (data) => this.host.deflate(data),
        print: (text) => this.host.stdout(text),
        capture: null,
      },
    );
    if (result.image === null) throw new Error(`link: ${[...result.errors, result.stopped].slice(0, 5).join('\n')}`);
    return result.image;
  }

  private archive(objects: readonly ObjectFile[]): Uint8Array {
    const members = objects.map((o, i) => {
      // Parts of an object share its symbols.
      for (const s of o.symbols) s.object = o;
      const binary = writeObject(o, this.host.sha256);
      return newMember(i === 0 ? '_go_.o' : `part${i}.o`, writeFrame(o, this.header, '', binary));
    });
    return writeArchive([newMember(PackageDefinition, new TextEncoder().encode(`${this.header}\n`)), ...members]);
  }
}

/** What is linked is code and data, by name. */
function prepare(o: ObjectFile): void {
  o.byName = true;
  o.indexed.clear();
  for (const i of o.imports) i.fingerprint = new Uint8Array(8);
  o.fingerprint = new Uint8Array(8);
  const kept = o.symbols.filter((s) => !Kind.isDwarf(s.kind));
  o.symbols.splice(0, o.symbols.length, ...kept);
  for (const s of kept) {
    s.dwarfInfo = null;
    if (s.func === null) continue;
    s.func.dwarfInfo = null;
    s.func.dwarfLoc = null;
    s.func.dwarfRanges = null;
    s.func.dwarfLines = null;
  }
}

function textOf(o: ObjectFile): LinkSymbol[] {
  return o.symbols.filter((s) => Kind.isText(s.kind) && isOwn(s));
}

/** Not what several packages may define, and not what initialises variables: that belongs to the data, which is ours. */
function isOwn(s: LinkSymbol): boolean {
  const special = /(^|[./])(init|map\.init)(\.\d+)?$/.test(groupOf(s.name));
  return (s.attrs & (Attr.DupOk | Attr.FileLocal | Attr.AbiWrapper)) === 0 && s.abi === AbiInternal && !special;
}

/** A function literal goes with the function around it. */
export function groupOf(name: string): string {
  const m = /\.(func|gowrap|deferwrap)\d/.exec(name);
  const outer = m === null ? name : name.slice(0, m.index);
  return outer.replace(/-(fm|range\d+)$/, '').replace(/-range\d+.*$/, '');
}

function part(o: ObjectFile, symbols: readonly LinkSymbol[], flags: number): ObjectFile {
  const p = new ObjectFile(o.packagePath);
  p.byName = true;
  p.flags = o.flags | flags;
  p.imports = o.imports;
  p.files.push(...o.files);
  p.isMain = o.isMain;
  p.symbols.push(...symbols);
  return p;
}

function without(o: ObjectFile, groups: ReadonlySet<string>): ObjectFile {
  return part(
    o,
    o.symbols.filter((s) => !(Kind.isText(s.kind) && isOwn(s) && groups.has(groupOf(s.name)))),
    0,
  );
}

/** The functions, and the data that only they know. Numbered data is local to the file: the other object has other data under these names. */
function only(o: ObjectFile, groups: ReadonlySet<string>): ObjectFile {
  const symbols = o.symbols.filter((s) => {
    if (Kind.isText(s.kind)) return (s.attrs & Attr.DupOk) !== 0 || (isOwn(s) && groups.has(groupOf(s.name)));
    if ((s.attrs & (Attr.DupOk | Attr.ContentAddressable)) !== 0 || s.abi === AbiStatic) return true;
    if (
      !/\.\.(stmp_|typeAssert|interfaceSwitch|jump|dict)|\.(jump\d+|stkobj|opendefer|arginfo\d|argliveinfo|wrapinfo|args_stackmap)$/.test(
        s.name,
      )
    )
      return false;
    s.attrs |= Attr.FileLocal;
    return true;
  });
  return part(o, symbols, 0);
}

/** The compilers do not agree on which packages have something to initialise: what is not there is not waited for. */
function withTasks(o: ObjectFile, tasks: ReadonlySet<string>): ObjectFile {
  for (const s of o.symbols) {
    if (!s.name.endsWith('..inittask') || s.relocs === null) continue;
    const kept = new RelocList();
    const r = s.relocs;
    for (let i = 0; i < r.length; i++) {
      const t = r.targets[i];
      if (r.type(i) === Reloc.InitOrder && t !== null && !tasks.has(t.name)) continue;
      kept.offsets.push(r.offsets[i]);
      kept.types.push(r.types[i]);
      kept.addends.push(r.addends[i]);
      kept.targets.push(t);
    }
    s.relocs = kept;
  }
  return o;
}

export interface Behaviour {
  readonly status: string;
  readonly output: string;
}

export function run(directory: string, image: Uint8Array, args: readonly string[]): Behaviour {
  const file = join(directory, 'program');
  writeFileSync(file, image, { mode: 0o755 });
  const r = spawnSync(file, args, { encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 26 });
  return { status: r.signal ?? String(r.status), output: r.stdout };
}

export interface Found {
  readonly package: string;
  /** "" if no single function is to blame. */
  readonly function: string;
}

/** Null if the program of our packages behaves as the official one. */
export function bisect(
  mixer: Mixer,
  candidates: readonly string[],
  args: readonly string[],
  log: (text: string) => void,
): Found | null {
  const none = new Set<string>();
  const expected = run(mixer.directory, mixer.link(none, '', none), args);
  const isWrong = (image: Uint8Array): boolean => {
    const b = run(mixer.directory, image, args);
    return b.status !== expected.status || b.output !== expected.output;
  };
  const packagesWrong = (n: number): boolean => {
    const wrong = isWrong(mixer.link(new Set(candidates.slice(0, n)), '', none));
    log(`${n} of ${candidates.length} packages ours: ${wrong ? 'wrong' : 'right'}\n`);
    return wrong;
  };
  if (!packagesWrong(candidates.length)) return null;
  const last = search(candidates.length, packagesWrong);
  const guilty = candidates[last - 1];
  const before = new Set(candidates.slice(0, last));
  const names = mixer.functionsOf(guilty);
  const functionsWrong = (n: number): boolean => {
    const wrong = isWrong(mixer.link(before, guilty, new Set(names.slice(n))));
    log(`${guilty}: ${n} of ${names.length} functions ours: ${wrong ? 'wrong' : 'right'}\n`);
    return wrong;
  };
  // Data, init code and what the official package does not have are always ours.
  if (functionsWrong(0)) return { package: guilty, function: '' };
  return { package: guilty, function: names[search(names.length, functionsWrong) - 1] };
}

/** The least n that is wrong; 0 is right, `high` is wrong. */
function search(high: number, isWrong: (n: number) => boolean): number {
  let low = 0;
  let top = high;
  while (top - low > 1) {
    const middle = (low + top) >> 1;
    if (isWrong(middle)) top = middle;
    else low = middle;
  }
  return top;
}
