/** One link: its options, its symbols and what the steps hand to one another. The order of the steps is in link.ts. */
import { builtinCount } from '#obj/builtins.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { Symbols } from '#obj/symbol.ts';
import type { CgoDirectives, DynamicImport } from './cgo.ts';
import type { DebugSections } from './dwarf-sections.ts';
import type { DynamicTables } from './dynamic.ts';
import { exit } from './errors.ts';
import type { Excerpt } from './excerpt.ts';
import type { HostObject } from './host-objects.ts';
import { type Library, Loader } from './loader.ts';
import type { WrittenPclnTab } from './pclntab.ts';
import type { Prelinked } from './prelinked.ts';

/** What the linker needs of the machine; a part of the Host interface, so that tests and pages can give less. */
export interface LinkHost {
  readFile(path: string): Uint8Array;
  /** True if there is such a file. */
  exists(path: string): boolean;
  sha256(data: Uint8Array): Uint8Array;
  /** zlib format, at the fastest level; null where the machine has no compressor. */
  deflate(data: Uint8Array): Uint8Array | null;
  /** Text of -dumpdep, -v, -c. */
  print(text: string): void;
  /** Runs a program and takes its output; null where programs cannot be run. */
  readonly capture: ((command: readonly string[]) => { status: number; output: string }) | null;
}

export interface LinkOptions {
  /** Import path of the program: "main" with a file, or a package in memory. */
  mainFile: string;
  /** -importcfg: import path to file; null: search -L. */
  packageFiles: ReadonlyMap<string, string> | null;
  libraryPath: readonly string[];
  /** Packages in memory, by import path: they take precedence over files. */
  memoryPackages: ReadonlyMap<string, ObjectFile>;
  /** The table behind them, with its demand callback; null without packages in memory. */
  symbols: Symbols | null;
  /** What the packages in memory have been made into before, with the objects for its units; null: nothing. */
  prelinked: { readonly code: Prelinked; readonly objects: readonly ObjectFile[] } | null;
  /** What stands for the archives but the main package's, which are the same as when it was made; null: they are read. */
  excerpt: Excerpt | null;
  /** First line that every object must have, "" to accept any. */
  objectHeader: string;
  /** Replaces the $GOROOT of file names; "" keeps it. */
  goroot: string;
  /** runtime.buildVersion and the build information. */
  buildVersion: string;
  /** -X, in order: variable to value. Also runtime.modinfo, the module information, which is not text. */
  strings: ReadonlyMap<string, Uint8Array>;
  entry: string;
  /** -T, -D, -R; -1 for the default. */
  textAddress: number;
  dataAddress: number;
  round: number;
  /** -funcalign, 0 for the default. */
  funcAlign: number;
  stripSymbols: boolean;
  stripDwarf: boolean;
  compressDwarf: boolean;
  buildId: string;
  /** -B: "", "none", "gobuildid" or 0x hex. */
  hostBuildId: string;
  buildMode: 'exe' | 'pie';
  interpreter: string;
  linkMode: 'auto' | 'internal' | 'external';
  /** $GO_EXTLINK_ENABLED: "0" and "1" replace auto. */
  externalEnabled: string;
  /** -extld: the C compiler, for its support library. */
  extld: readonly string[];
  /** -libgcc: "" asks the C compiler, "none" does without. */
  libgcc: string;
  /** -race: the race detector's package is needed even if nobody imports it. */
  race: boolean;
  /** -d: no dynamic linking. */
  noDynamic: boolean;
  bindNow: boolean;
  /** -r: where the dynamic linker looks for libraries. */
  runPath: string;
  checkLinkname: boolean;
  strictDups: number;
  pruneWeakMap: boolean;
  dumpDep: boolean;
  callGraph: boolean;
  /** -h: stop at the first error. */
  haltOnError: boolean;
  debugNosplit: boolean;
  verbose: number;
  /** -g: what the text part of objects says is not looked at: what is package main, what cgo asks for. */
  skipPackageData: boolean;
  /** -fipso: what the checksum of FIPS code is made over is kept. */
  keepFipsObject: boolean;
  /** -e: no limit on the number of errors. */
  allErrors: boolean;
  /** Last element of the output name, in some messages. */
  outputName: string;
  /** Code, tables of functions and debug sections are remembered for make-excerpt.ts. */
  keepsDebug: boolean;
}

export const defaultOptions: LinkOptions = {
  mainFile: '',
  packageFiles: null,
  libraryPath: [],
  memoryPackages: new Map(),
  symbols: null,
  prelinked: null,
  excerpt: null,
  objectHeader: '',
  goroot: '',
  buildVersion: '',
  strings: new Map(),
  entry: '',
  textAddress: -1,
  dataAddress: -1,
  round: -1,
  funcAlign: 0,
  stripSymbols: false,
  stripDwarf: false,
  compressDwarf: true,
  buildId: '',
  hostBuildId: '',
  buildMode: 'exe',
  interpreter: '',
  linkMode: 'auto',
  externalEnabled: '',
  extld: [],
  libgcc: '',
  race: false,
  noDynamic: false,
  bindNow: false,
  runPath: '',
  checkLinkname: true,
  strictDups: 0,
  pruneWeakMap: true,
  dumpDep: false,
  callGraph: false,
  haltOnError: false,
  debugNosplit: false,
  verbose: 0,
  skipPackageData: false,
  keepFipsObject: false,
  allErrors: false,
  outputName: 'a.out',
  keepsDebug: false,
};

/** File-local versions of C objects are above those of Go objects. */
const firstHostVersion = 1 << 24;

/** The official linker gives up after this many (util.go). */
const maxErrors = 20;

export class Link {
  readonly options: LinkOptions;
  readonly host: LinkHost;
  readonly loader: Loader;
  libraries: Library[];
  readonly libraryByPath: Map<string, Library>;
  /** -X and the linker's own string variables, in order of first mention. */
  readonly strings: Map<string, Uint8Array>;
  /** Reachable functions, in address order. */
  textp: number[];
  /** go:main.inittasks, 0 if there is nothing to initialise. */
  mainInitTasks: number;
  moduleData: number;
  /** Size of the runtime's moduledata type. */
  moduleDataSize: number;
  fipsInfo: number;
  /** With keepFipsObject. */
  fipsObject: Uint8Array | null;
  /** Linker-made and C text symbols that precede the Go ones. */
  externalText: number[];
  /** Start of the coverage counters in .noptrbss, and their length. */
  coverageStart: number;
  coverageLength: number;
  /** The image is loaded by the dynamic linker. */
  dynamic: boolean;
  /** What the dynamic linker reads; null in a static image. */
  dynamicTables: DynamicTables | null;
  /** -d, or nothing is imported. */
  noDynamic: boolean;
  /** The external linker will finish the link. */
  external: boolean;
  /** Directives of cgo packages, in loading order. */
  readonly cgo: CgoDirectives[];
  /** Imported symbols by number. */
  readonly imports: Map<number, DynamicImport>;
  /** Something is imported from shared libraries. */
  hasImports: boolean;
  /** Shared libraries asked for without a symbol. */
  readonly libraryNames: string[];
  /** Flags of cgo packages for an external linker. */
  readonly ldflags: string[];
  /** Go functions that C objects may call, by name. */
  readonly cgoExports: Map<string, number>;
  readonly hostObjects: HostObject[];
  /** C objects of packages that are not known to link internally. */
  hasForeignObjects: boolean;
  hasUnknownObjects: boolean;
  /** The official linker would hand this program to the C compiler: constructors and thread-local C variables are errors. */
  replacesExternal: boolean;
  /** Packages that say they need, or want, an external linker. */
  readonly dynimportFail: string[];
  readonly preferExternal: string[];
  /** Symbols from here on are the linker's and of C objects. */
  firstHostSymbol: number;
  /** File-local version of the C object read last. */
  hostVersions: number;
  interpreter: string;
  /** Index of each function in its unit's .debug_addr, by symbol; -1 for none. */
  addressIndexes: Int32Array;
  /** With keepsDebug. */
  debugSections: DebugSections | null;
  pclnTab: WrittenPclnTab | null;
  writtenCode: { readonly address: number; readonly bytes: Uint8Array } | null;
  /** So many functions are as an excerpt has them, with their tables and addresses. */
  keptFunctions: number;
  /** Symbols that C code may look up: kept alive. */
  readonly exported: number[];
  readonly errors: string[];
  entry: string;

  constructor(options: LinkOptions, host: LinkHost) {
    this.options = options;
    this.host = host;
    this.loader = new Loader(1 << 12, builtinCount, options.symbols);
    this.loader.excerpt = options.excerpt;
    this.libraries = [];
    this.libraryByPath = new Map();
    this.strings = new Map();
    this.textp = [];
    this.mainInitTasks = 0;
    this.moduleData = 0;
    this.moduleDataSize = 0;
    this.fipsInfo = 0;
    this.fipsObject = null;
    this.externalText = [];
    this.coverageStart = 0;
    this.coverageLength = 0;
    this.dynamic = false;
    this.dynamicTables = null;
    this.noDynamic = options.noDynamic;
    this.external = false;
    this.cgo = [];
    this.imports = new Map();
    this.hasImports = false;
    this.libraryNames = [];
    this.ldflags = [];
    this.cgoExports = new Map();
    this.hostObjects = [];
    this.hasForeignObjects = false;
    this.hasUnknownObjects = false;
    this.replacesExternal = false;
    this.dynimportFail = [];
    this.preferExternal = [];
    this.firstHostSymbol = 0;
    this.hostVersions = firstHostVersion;
    this.interpreter = options.interpreter;
    this.addressIndexes = new Int32Array(0);
    this.debugSections = null;
    this.pclnTab = null;
    this.writtenCode = null;
    this.keptFunctions = 0;
    this.exported = [];
    this.errors = [];
    this.entry = options.entry;
  }

  get pie(): boolean {
    return this.options.buildMode === 'pie';
  }

  /** Read-only data with relocations has a segment of its own. */
  get relro(): boolean {
    return this.pie;
  }

  error(message: string): void {
    this.errors.push(message);
    if (this.options.haltOnError) exit('error');
    if (this.errors.length > maxErrors && !this.options.allErrors) exit('too many errors');
  }
}
