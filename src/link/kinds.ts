/**
 * Symbol kinds as the linker sorts them: finer than the object format's, in the order in which sections are laid out.
 * The order is what the official linker lays out and lists symbols by (GOROOT/src/cmd/link/internal/sym/symkind.go).
 */
export const Undefined = 0;
export const Text = 1;
export const TextFipsStart = 2;
export const TextFips = 3;
export const TextFipsEnd = 4;
export const TextEnd = 5;
export const ElfRxSect = 6;
export const Type = 7;
export const GoString = 8;
export const GoFunc = 9;
export const GcBits = 10;
export const Rodata = 11;
export const RodataFipsStart = 12;
export const RodataFips = 13;
export const RodataFipsEnd = 14;
export const RodataEnd = 15;
export const FuncTab = 16;
export const PclnTab = 17;
export const ElfRoSect = 18;
export const TypeRelRo = 19;
export const GoStringRelRo = 20;
export const GoFuncRelRo = 21;
export const GcBitsRelRo = 22;
export const RodataRelRo = 23;
export const FuncTabRelRo = 24;
export const ElfRelRoSect = 25;
export const TypeLink = 26;
export const ItabLink = 27;
export const FirstWritable = 28;
export const BuildInfo = 29;
export const FipsInfo = 30;
export const ElfSect = 31;
export const ModuleData = 32;
export const ElfGot = 33;
export const NoPtrData = 34;
export const NoPtrDataFipsStart = 35;
export const NoPtrDataFips = 36;
export const NoPtrDataFipsEnd = 37;
export const NoPtrDataEnd = 38;
export const InitArray = 39;
export const Data = 40;
export const DataFipsStart = 41;
export const DataFips = 42;
export const DataFipsEnd = 43;
export const DataEnd = 44;
export const Bss = 45;
export const NoPtrBss = 46;
export const Libfuzzer8BitCounter = 47;
export const CoverageCounter = 48;
export const CoverageAuxVar = 49;
export const TlsBss = 50;
export const FirstUnallocated = 51;
export const Xref = 52;
export const DynImport = 53;
export const HostObj = 54;
export const DwarfSect = 55;
export const DwarfCuInfo = 56;
export const DwarfConst = 57;
export const DwarfFcn = 58;
export const DwarfAbsFcn = 59;
export const DwarfType = 60;
export const DwarfVar = 61;
export const DwarfRange = 62;
export const DwarfLoc = 63;
export const DwarfLines = 64;
export const DwarfAddr = 65;
export const SehUnwindInfo = 66;

/** Official spelling by number. */
export const names: readonly string[] = [
  'Sxxx',
  'STEXT',
  'STEXTFIPSSTART',
  'STEXTFIPS',
  'STEXTFIPSEND',
  'STEXTEND',
  'SELFRXSECT',
  'STYPE',
  'SGOSTRING',
  'SGOFUNC',
  'SGCBITS',
  'SRODATA',
  'SRODATAFIPSSTART',
  'SRODATAFIPS',
  'SRODATAFIPSEND',
  'SRODATAEND',
  'SFUNCTAB',
  'SPCLNTAB',
  'SELFROSECT',
  'STYPERELRO',
  'SGOSTRINGRELRO',
  'SGOFUNCRELRO',
  'SGCBITSRELRO',
  'SRODATARELRO',
  'SFUNCTABRELRO',
  'SELFRELROSECT',
  'STYPELINK',
  'SITABLINK',
  'SFirstWritable',
  'SBUILDINFO',
  'SFIPSINFO',
  'SELFSECT',
  'SMODULEDATA',
  'SELFGOT',
  'SNOPTRDATA',
  'SNOPTRDATAFIPSSTART',
  'SNOPTRDATAFIPS',
  'SNOPTRDATAFIPSEND',
  'SNOPTRDATAEND',
  'SINITARR',
  'SDATA',
  'SDATAFIPSSTART',
  'SDATAFIPS',
  'SDATAFIPSEND',
  'SDATAEND',
  'SBSS',
  'SNOPTRBSS',
  'SLIBFUZZER_8BIT_COUNTER',
  'SCOVERAGE_COUNTER',
  'SCOVERAGE_AUXVAR',
  'STLSBSS',
  'SFirstUnallocated',
  'SXREF',
  'SDYNIMPORT',
  'SHOSTOBJ',
  'SDWARFSECT',
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
  'SSEHUNWINDINFO',
];

/** Object-format kind (obj/kinds.ts) to linker kind. */
export const fromObject: readonly number[] = [
  Undefined,
  Text,
  TextFips,
  Rodata,
  RodataFips,
  NoPtrData,
  NoPtrDataFips,
  Data,
  DataFips,
  Bss,
  NoPtrBss,
  TlsBss,
  DwarfCuInfo,
  DwarfConst,
  DwarfFcn,
  DwarfAbsFcn,
  DwarfType,
  DwarfVar,
  DwarfRange,
  DwarfLoc,
  DwarfLines,
  DwarfAddr,
  Libfuzzer8BitCounter,
  CoverageCounter,
  CoverageAuxVar,
  SehUnwindInfo,
];

/** The kinds of .rodata, in order. */
export const readOnly: readonly number[] = [
  Type,
  GoString,
  GoFunc,
  GcBits,
  Rodata,
  RodataFipsStart,
  RodataFips,
  RodataFipsEnd,
  RodataEnd,
  FuncTab,
];

/** Where a read-only kind goes when dynamic relocation has to write to it; Undefined if it cannot. */
export function relRoOf(kind: number): number {
  switch (kind) {
    case Type:
      return TypeRelRo;
    case GoString:
      return GoStringRelRo;
    case GoFunc:
      return GoFuncRelRo;
    case GcBits:
      return GcBitsRelRo;
    case Rodata:
      return RodataRelRo;
    case FuncTab:
      return FuncTabRelRo;
    default:
      return Undefined;
  }
}

export function isText(kind: number): boolean {
  return kind >= Text && kind <= TextEnd;
}

/** Writable data, zero-initialised or not. */
export function isData(kind: number): boolean {
  return kind >= NoPtrData && kind <= NoPtrBss;
}

export function isDwarf(kind: number): boolean {
  return kind >= DwarfSect && kind <= DwarfAddr;
}
