/** `tuza tool compile`: the official compiler's command line, for one package at a time. */

import { plainCode } from '#arch/amd64/compile.ts';
import { amd64 } from '#arch/amd64/encode/target.ts';
import type { AsmContext, AsmFunction } from '#arch/inst.ts';
import { listSymbol } from '#arch/listing.ts';
import { makeRecordedName } from '#asm/filenames.ts';
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { type EmbedConfig, parseEmbedConfig } from '#compile/embed.ts';
import { readEscapeNotes } from '#compile/export/escape-notes.ts';
import { Decoder, ExportDataError } from '#compile/export/pkgbits.ts';
import { readSourceLines, sourceLines } from '#compile/export/source-lines.ts';
import { numberSymbols } from '#compile/export/symbol-numbers.ts';
import { ExportError, writeExportData } from '#compile/export/write.ts';
import { factsOf } from '#compile/function-facts.ts';
import { compilePackage, type PackageObject } from '#compile/package-object.ts';
import type { AssemblySymbol, ImportedNotes, PackageUnit } from '#compile/package-unit.ts';
import { Remarks } from '#compile/remarks.ts';
import { FileError, type Host } from '#host/host.ts';
import type { LoadedPackage, Resolved, Resolver } from '#load/loader.ts';
import { StandardResolver } from '#load/loader.ts';
import { GoObjectMember, newMember, ObjectError, PackageDefinition, readArchive, writeArchive } from '#obj/archive.ts';
import { addFunctionDebugInfo } from '#obj/dwarf/function.ts';
import type { ObjectFile } from '#obj/object.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { Abi0, AbiInternal, type LinkSymbol } from '#obj/symbol.ts';
import { writeFrame, writeObject } from '#obj/write.ts';
import { levelVariable, targetOf } from './build-target.ts';
import { compilerFlags, wrongValue } from './compiler-flag-table.ts';
import { printPackageErrors, printRemarks } from './diagnostics.ts';
import { Environment } from './environment.ts';
import { findGoroot } from './goroot.ts';
import { absolutePath } from './paths.ts';
import { expandResponseFiles, type ParsedFlags, parseFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

/** Flags that would change the code, and do not. */
const refused: readonly (readonly [string, string])[] = [
  ['asan', 'instrumentation is not implemented'],
  ['msan', 'instrumentation is not implemented'],
  ['race', 'instrumentation is not implemented'],
  ['coveragecfg', 'coverage is not implemented'],
  ['dynlink', 'code for shared libraries is not implemented'],
  ['linkshared', 'code for shared libraries is not implemented'],
  ['shared', 'position-independent code is not implemented'],
  ['B', 'bounds checks cannot be left out'],
  ['live', 'diagnostics of optimisation are not implemented'],
  ['json', 'diagnostics of optimisation are not implemented'],
  ['spectre', 'mitigations are not implemented'],
  ['smallframes', 'not implemented'],
  ['clobberdead', 'not implemented'],
  ['clobberdeadreg', 'not implemented'],
];

class ImportConfig {
  readonly map: Map<string, string>;
  readonly files: Map<string, string>;
  /** By import path, packages outside of the standard library. */
  readonly sources: Map<string, string>;
  readonly exports: Map<string, Decoder>;
  /** Packages that another compiler has compiled. */
  readonly foreign: Set<string>;
  readonly fingerprints: Map<string, Uint8Array>;

  constructor() {
    this.map = new Map();
    this.files = new Map();
    this.sources = new Map();
    this.exports = new Map();
    this.foreign = new Set();
    this.fingerprints = new Map();
  }
}

class Failure extends Error {}

export function runCompile(args: readonly string[], host: Host): number {
  const p = parseFlags(
    compilerFlags,
    expandResponseFiles(args, (path) => decodeText(host.files.readFile(path))),
  );
  if (p.error !== '') {
    host.stderr(`${p.error}\nusage: compile [options] file.go...\n`);
    return 2;
  }
  if (p.has('V')) {
    host.stdout(`compile version ${goVersion} tuza\n`);
    return 0;
  }
  if (p.rest.length === 0) {
    host.stderr('usage: compile [options] file.go...\n');
    return 2;
  }
  try {
    return compile(p, host);
  } catch (e) {
    const known =
      e instanceof Failure ||
      e instanceof FileError ||
      e instanceof ObjectError ||
      e instanceof ExportError ||
      e instanceof ExportDataError;
    if (!known) throw e;
    host.stderr(`compile: ${e.message}\n`);
    return 2;
  }
}

function compile(p: ParsedFlags, host: Host): number {
  for (const [name, reason] of refused) if (p.has(name)) throw new Failure(`-${name} is refused: ${reason}`);
  const goroot = findGoroot(host);
  const env = new Environment(host, goroot);
  const target = targetOf(env, [], false);
  if (typeof target === 'string') throw new Failure(target);
  if (target.goos !== 'linux' || target.goarch !== 'amd64')
    throw new Failure(`code for ${target.goos}/${target.goarch} is not implemented`);
  const path = p.text('p', '');
  if (path === '') throw new Failure('-p is missing: packages are compiled for an import path');
  const config = readImportConfig(host, p.text('importcfg', ''));
  const asm = readAssembly(host, p.text('symabis', ''));
  const unit: PackageUnit = {
    path,
    std: p.bool('std', false),
    complete: p.bool('complete', false),
    asmDefinitions: asm.definitions,
    asmReferences: asm.references,
    embed: readEmbedConfig(host, p.text('embedcfg', '')),
    notes: importedNotes(config),
    initTaskOf: (imported) => {
      const d = config.exports.get(imported);
      return d === undefined ? null : d.element(1, 1).bool();
    },
  };
  // The runtime cannot be built without optimizations: its code would need too many write barriers.
  const unoptimized = p.count('N') > 0 && !(isRuntimePackage(path) && unit.std);
  const wrong = wrongValue(p);
  if (wrong !== '') throw new Failure(wrong);
  const setting = refusedSetting(p.text('d', ''));
  if (setting !== '') throw new Failure(`-d=${setting} is refused: debugging settings are not implemented`);
  const files = p.rest.map((f) => absolutePath(host, f));
  const dir = parentPath(files[0]);
  const recordedName = makeRecordedName(host.workingDirectory(), p.text('trimpath', ''), goroot);
  const listing = p.count('S') > 0 ? new Listing() : null;
  const remarks = p.count('m') > 0 ? new Remarks((pkgPath) => pkgPath === path) : null;
  const { compiled, result } = compilePackage(host, {
    goroot,
    target,
    resolver: new ConfigResolver(host, goroot, config),
    goVersion: p.text('lang', 'go1.26'),
    unit,
    dir,
    files,
    code: listing === null ? null : { ...plainCode, list: (_, fn, asm) => listing.add(fn, asm) },
    inlines: p.count('l') !== 1 && !unoptimized,
    unoptimized,
    trim: recordedName,
    remarks,
  });
  if (remarks !== null) printRemarks(host, result.fileSet, remarks.sorted());
  for (const e of result.errors) printPackageErrors(host, result.fileSet, e);
  if (compiled === null) return 1;
  const level = env.get(levelVariable(target.goarch)) || target.level;
  const header = `go object ${target.goos} ${target.goarch} ${goVersion} GOAMD64=${level} X:${target.experiments.join(',')}`;
  if (p.has('asmhdr')) host.files.writeFile(p.text('asmhdr', ''), encodeText(compiled.header()));
  if (listing !== null) host.stdout(listing.text(compiled.object));
  write(p, host, compiled, unit, config, header, dir, recordedName);
  return 0;
}

function write(
  p: ParsedFlags,
  host: Host,
  compiled: PackageObject,
  unit: PackageUnit,
  config: ImportConfig,
  header: string,
  dir: string,
  recordedName: (file: string) => string,
): void {
  const sha256 = (data: Uint8Array): Uint8Array => host.sha256(data);
  const { program } = compiled;
  const exported = writeExportData(
    {
      pkg: compiled.types,
      fileSet: program.fileSet,
      imported: [...config.exports.values()],
      facts: factsOf(program.program, unit, compiled.types, (ref) => program.functions.summaryOf(ref)),
      hasInitTask: compiled.hasInitTask,
      recordedName,
    },
    sha256,
  );
  const { object } = compiled;
  object.byName = true;
  numberSymbols(program.program.symbols, object, config.exports.values());
  object.fingerprint = exported.slice(exported.length - 8);
  for (const i of object.imports) i.fingerprint = config.fingerprints.get(i.path) ?? i.fingerprint;
  // The official linker expects debugging information of every function.
  for (const s of object.symbols) addFunctionDebugInfo(s);
  const buildId = p.text('buildid', '');
  const isMain = compiled.types.name === 'main';
  object.isMain = isMain;
  const frame = writeFrame(object, header, buildId, writeObject(object, sha256));
  const w = new ByteWriter(exported.length + 256);
  w.text(`${header}\n`);
  if (buildId !== '') w.text(`build id ${JSON.stringify(buildId)}\n`);
  if (isMain) w.text('main\n');
  const sources = new Map(config.sources);
  if (!unit.std) sources.set(unit.path, dir);
  w.bytes(encodeText(sourceLines(sources)));
  w.text('\n\n$$B\nu');
  w.bytes(exported);
  w.text('\n$$\n');
  const definition = newMember(PackageDefinition, w.finish());
  const first = p.rest[0];
  const output = p.text('o', `${first.slice(first.lastIndexOf('/') + 1).replace(/\.go$/, '')}.o`);
  const code = newMember(GoObjectMember, frame);
  if (p.has('linkobj')) {
    host.files.writeFile(output, writeArchive([definition]));
    host.files.writeFile(p.text('linkobj', ''), writeArchive([newMember(PackageDefinition, new Uint8Array(0)), code]));
  } else host.files.writeFile(output, writeArchive([definition, code]));
}

function importedNotes(config: ImportConfig): ImportedNotes | null {
  const isForeign = (path: string): boolean => config.foreign.has(path);
  if (config.foreign.size === 0) return null;
  return { isForeign, byName: readEscapeNotes(config.exports.values(), isForeign) };
}

/** Settings of -d that change nothing here: those that are off, and how the compiler itself fails. */
const harmlessSettings = /^(panic|checkptr=0|libfuzzer=0|gcstart(=.*)?)$/;

/** The first of the settings that cannot be followed, or "". */
function refusedSetting(settings: string): string {
  return settings.split(',').find((s) => s !== '' && !harmlessSettings.test(s)) ?? '';
}

/** -S: the functions' instructions, then the data, as they stand in the object. */
class Listing {
  private readonly functions: Map<LinkSymbol, { readonly fn: AsmFunction; readonly asm: AsmContext }>;
  private last: AsmContext | null;

  constructor() {
    this.functions = new Map();
    this.last = null;
  }

  add(fn: AsmFunction, asm: AsmContext): void {
    this.functions.set(fn.symbol, { fn, asm });
    this.last = asm;
  }

  text(object: ObjectFile): string {
    let text = '';
    for (const s of object.symbols) {
      const f = this.functions.get(s);
      const asm = f?.asm ?? this.last;
      if (asm !== null) text += listSymbol(asm, amd64.names, s, f?.fn ?? null);
    }
    return text;
  }
}

/** Imports lead into the Go tree, by the names the go command has given them, or to the sources that our archives name. */
class ConfigResolver implements Resolver {
  private readonly config: ImportConfig;
  private readonly standard: StandardResolver;

  constructor(host: Host, goroot: string, config: ImportConfig) {
    this.config = config;
    this.standard = new StandardResolver(host.files, goroot);
  }

  resolve(importPath: string, from: LoadedPackage | null): Resolved | string {
    const path = from?.isStandard === true ? importPath : (this.config.map.get(importPath) ?? importPath);
    const dir = this.config.sources.get(path);
    if (dir !== undefined) return { path, dir, isStandard: false };
    const found = this.standard.resolve(path, from);
    if (typeof found !== 'string' || !this.config.files.has(path)) return found;
    return `package ${path} was compiled by another compiler: packages outside of the standard library can only be imported if tuza has compiled them`;
  }
}

function readImportConfig(host: Host, file: string): ImportConfig {
  const config = new ImportConfig();
  if (file === '') return config;
  decodeText(host.files.readFile(file))
    .split('\n')
    .forEach((text, i) => {
      const line = text.trim();
      if (line === '' || line.startsWith('#')) return;
      const m = /^(\S+) ([^=]+)=(.*)$/.exec(line);
      if (m === null) throw new Failure(`${file}:${i + 1}: unknown directive ${JSON.stringify(line.split(' ')[0])}`);
      if (m[1] === 'importmap') config.map.set(m[2], m[3]);
      else if (m[1] === 'packagefile') config.files.set(m[2], m[3]);
      else throw new Failure(`${file}:${i + 1}: unknown directive ${JSON.stringify(m[1])}`);
    });
  for (const [path, archive] of config.files) readImported(host, config, path, archive);
  return config;
}

function readImported(host: Host, config: ImportConfig, path: string, archive: string): void {
  config.foreign.add(path);
  for (const m of readArchive(archive, host.files.readFile(archive))) {
    if (m.name !== PackageDefinition) continue;
    const start = find(m.data, '\n$$B\nu');
    const end = m.data.length - '\n$$\n'.length;
    if (start < 0) throw new Failure(`${archive}: no export data`);
    const sources = readSourceLines(m.data, start);
    if (sources !== null) config.foreign.delete(path);
    for (const [name, dir] of sources ?? []) config.sources.set(name, dir);
    const d = new Decoder(archive, m.data.slice(start + 6, end));
    config.exports.set(path, d);
    config.fingerprints.set(path, d.fingerprint());
  }
}

function find(data: Uint8Array, text: string): number {
  for (let i = data.indexOf(text.charCodeAt(0)); i >= 0; i = data.indexOf(text.charCodeAt(0), i + 1)) {
    let n = 1;
    while (n < text.length && data[i + n] === text.charCodeAt(n)) n++;
    if (n === text.length) return i;
  }
  return -1;
}

function readAssembly(host: Host, file: string): { definitions: AssemblySymbol[]; references: AssemblySymbol[] } {
  const definitions: AssemblySymbol[] = [];
  const references: AssemblySymbol[] = [];
  if (file === '') return { definitions, references };
  decodeText(host.files.readFile(file))
    .split('\n')
    .forEach((text, i) => {
      const line = text.trim();
      if (line === '' || line.startsWith('#')) return;
      const [verb, name, abi] = line.split(/\s+/);
      if ((verb !== 'def' && verb !== 'ref') || (abi !== 'ABI0' && abi !== 'ABIInternal'))
        throw new Failure(`${file}:${i + 1}: invalid symabi line ${JSON.stringify(line)}`);
      (verb === 'def' ? definitions : references).push({ name, abi: abi === 'ABI0' ? Abi0 : AbiInternal });
    });
  return { definitions, references };
}

function readEmbedConfig(host: Host, file: string): EmbedConfig | null {
  if (file === '') return null;
  const config = parseEmbedConfig(decodeText(host.files.readFile(file)));
  if (config === null) throw new Failure(`${file}: no embed configuration`);
  return config;
}
