/**
 * Symbol kinds as object files write them. Source of the numbers: GOROOT/src/cmd/internal/objabi/symkind.go.
 * The linker sorts symbols into finer kinds of its own (link/kinds.ts), by name and flags.
 */
export const Undefined = 0;
/** Executable instructions. */
export const Text = 1;
export const TextFips = 2;
/** Read-only static data. */
export const Rodata = 3;
export const RodataFips = 4;
/** Static data without pointers. */
export const NoPtrData = 5;
export const NoPtrDataFips = 6;
/** Static data with pointers: the symbol needs a gotype, from which the linker makes the GC mask. */
export const Data = 7;
export const DataFips = 8;
/** Zero-initialised data with pointers. */
export const Bss = 9;
/** Zero-initialised data without pointers. */
export const NoPtrBss = 10;
/** Thread-local zero-initialised data. */
export const TlsBss = 11;
export const DwarfCuInfo = 12;
export const DwarfConst = 13;
export const DwarfFcn = 14;
export const DwarfAbsFcn = 15;
export const DwarfType = 16;
export const DwarfVar = 17;
export const DwarfRange = 18;
export const DwarfLoc = 19;
export const DwarfLines = 20;
export const DwarfAddr = 21;
export const Libfuzzer8BitCounter = 22;
export const CoverageCounter = 23;
export const CoverageAuxVar = 24;
export const SehUnwindInfo = 25;

/** The official spelling of each kind, by number; what `tool obj` prints. */
export const names: readonly string[] = [
  'Sxxx',
  'STEXT',
  'STEXTFIPS',
  'SRODATA',
  'SRODATAFIPS',
  'SNOPTRDATA',
  'SNOPTRDATAFIPS',
  'SDATA',
  'SDATAFIPS',
  'SBSS',
  'SNOPTRBSS',
  'STLSBSS',
  'SDWARFCUINFO',
  'SDWARFCONST',
  'SDWARFFCN',
  'SDWARFABSFCN',
  'SDWARFTYPE',
  'SDWARFVAR',
  'SDWARFRANGE',
  'SDWARFLOC',
  'SDWARFLINES',
  'SDWARFADDR',
  'SLIBFUZZER_8BIT_COUNTER',
  'SCOVERAGE_COUNTER',
  'SCOVERAGE_AUXVAR',
  'SSEHUNWINDINFO',
];

export function isText(kind: number): boolean {
  return kind === Text || kind === TextFips;
}

export function isData(kind: number): boolean {
  return kind === Data || kind === DataFips;
}

/** Constant data: never written, so a load from it may be replaced by its value. */
export function isReadOnly(kind: number): boolean {
  return kind === Rodata || kind === RodataFips;
}

/** One of the four kinds whose sections the FIPS checksum covers. */
export function isFips(kind: number): boolean {
  return kind === TextFips || kind === RodataFips || kind === NoPtrDataFips || kind === DataFips;
}

export function isDwarf(kind: number): boolean {
  return kind >= DwarfCuInfo && kind <= DwarfAddr;
}
