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
export const String = 8;
export const GoString = 9;
export const GoFunc = 10;
export const GcBits = 11;
export const Rodata = 12;
export const RodataFipsStart = 13;
export const RodataFips = 14;
export const RodataFipsEnd = 15;
export const RodataEnd = 16;
export const FuncTab = 17;
export const PclnTab = 18;
export const ElfRoSect = 19;
export const TypeRelRo = 20;
export const StringRelRo = 21;
export const GoStringRelRo = 22;
export const GoFuncRelRo = 23;
export const GcBitsRelRo = 24;
export const RodataRelRo = 25;
export const FuncTabRelRo = 26;
export const ElfRelRoSect = 27;
export const TypeLink = 28;
export const ItabLink = 29;
export const FirstWritable = 30;
export const BuildInfo = 31;
export const FipsInfo = 32;
export const ElfSect = 33;
export const ModuleData = 34;
export const ElfGot = 35;
export const NoPtrData = 36;
export const NoPtrDataFipsStart = 37;
export const NoPtrDataFips = 38;
export const NoPtrDataFipsEnd = 39;
export const NoPtrDataEnd = 40;
export const InitArray = 41;
export const Data = 42;
export const DataFipsStart = 43;
export const DataFips = 44;
export const DataFipsEnd = 45;
export const DataEnd = 46;
export const Bss = 47;
export const NoPtrBss = 48;
export const Libfuzzer8BitCounter = 49;
export const CoverageCounter = 50;
export const CoverageAuxVar = 51;
export const TlsBss = 52;
export const FirstUnallocated = 53;
export const Xref = 54;
export const DynImport = 55;
export const HostObj = 56;
export const DwarfSect = 57;
export const DwarfCuInfo = 58;
export const DwarfConst = 59;
export const DwarfFcn = 60;
export const DwarfAbsFcn = 61;
export const DwarfType = 62;
export const DwarfVar = 63;
export const DwarfRange = 64;
export const DwarfLoc = 65;
export const DwarfLines = 66;
export const DwarfAddr = 67;
export const SehUnwindInfo = 68;

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
  'SSTRING',
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
  'SSTRINGRELRO',
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
  String,
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
    case String:
      return StringRelRo;
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
