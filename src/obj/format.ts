/**
 * The layout of the object format "go120ld": block order, record sizes, special package indices, auxiliary kinds. Everything
 * is little-endian; block offsets count from the magic. Source: GOROOT/src/cmd/internal/goobj/objfile.go.
 */
export const magic = '\x00go120ld';
/** Magic, fingerprint, flags, block offsets. */
export const headerSize = 8 + 8 + 4 + 19 * 4;

export const BlockAutolib = 0;
export const BlockPackages = 1;
export const BlockFiles = 2;
export const BlockDefs = 3;
export const BlockHashed64Defs = 4;
export const BlockHashedDefs = 5;
export const BlockNonPkgDefs = 6;
export const BlockNonPkgRefs = 7;
export const BlockRefFlags = 8;
export const BlockHash64 = 9;
export const BlockHash = 10;
export const BlockRelocIndex = 11;
export const BlockAuxIndex = 12;
export const BlockDataIndex = 13;
export const BlockRelocs = 14;
export const BlockAux = 15;
export const BlockData = 16;
export const BlockRefNames = 17;
export const BlockEnd = 18;
export const blockCount = 19;

/** Record size of each block; 1 for plain bytes. */
export const recordSizes: readonly number[] = [16, 8, 8, 21, 21, 21, 21, 21, 10, 8, 16, 4, 4, 4, 23, 9, 1, 16];
export const blockNames: readonly string[] = [
  'Autolib',
  'PkgIdx',
  'File',
  'SymbolDef',
  'Hashed64Def',
  'HashedDef',
  'NonPkgDef',
  'NonPkgRef',
  'RefFlags',
  'Hash64',
  'Hash',
  'RelocIndex',
  'AuxIndex',
  'DataIndex',
  'Relocs',
  'Aux',
  'Data',
  'RefNames',
  'End',
];

export const symbolSize = 21;
export const relocSize = 23;
export const auxSize = 9;

/** Package index of a reference: symbols by name (definitions, then references). */
export const PkgNone = 0x7fffffff;
export const PkgHashed64 = 0x7ffffffe;
export const PkgHashed = 0x7ffffffd;
/** Index in the list of runtime entry points (builtins.ts). */
export const PkgBuiltin = 0x7ffffffc;
export const PkgSelf = 0x7ffffffb;

export const AuxGotype = 0;
export const AuxFuncInfo = 1;
export const AuxFuncdata = 2;
export const AuxDwarfInfo = 3;
export const AuxDwarfLoc = 4;
export const AuxDwarfRanges = 5;
export const AuxDwarfLines = 6;
export const AuxPcsp = 7;
export const AuxPcfile = 8;
export const AuxPcline = 9;
export const AuxPcinline = 10;
export const AuxPcdata = 11;
export const AuxWasmImport = 12;
export const AuxWasmType = 13;
export const AuxSehUnwindInfo = 14;

/** The text framing around the binary in a Go object member. */
export const objectHeaderStart = 'go object ';
