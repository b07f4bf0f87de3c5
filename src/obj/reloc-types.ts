/**
 * Relocation types by the numbers of object files. Source: GOROOT/src/cmd/internal/objabi/reloctype.go. The arithmetic of each
 * type is the linker's (link/arch tables); here are the numbers, their official names and what they mean to every reader.
 */
/** The address of the target, 4 or 8 bytes. */
export const Addr = 1;
export const AddrArm64 = 3;
/** 32-bit offset of the target from the start of the section (segment) that holds it. */
export const AddrOff = 5;
/** Size of the target. */
export const Size = 6;
/** PC-relative call or jump. */
export const Call = 7;
export const CallArm64 = 9;
/** Marks an indirect call; patches nothing; for the stack check. */
export const CallInd = 10;
export const Const = 13;
/** PC-relative 32-bit reference. */
export const PcRel = 14;
/** Offset of the thread-local slot from the thread pointer. */
export const TlsLe = 15;
export const TlsIe = 16;
/** Offset of the target from the GOT. */
export const GotOff = 17;
/** Keeps a struct field alive for field tracking; patches nothing. */
export const UseField = 21;
/** DWARF needs the type; patches nothing. */
export const UseType = 22;
/** The target type (or itab) is converted to an interface; patches nothing. */
export const UseIface = 23;
/** The method of the interface type at offset addend is called; patches nothing. */
export const UseIfaceMethod = 24;
/** The method named by the target string symbol may be called; patches nothing. */
export const UseNamedMethod = 25;
/** One of three consecutive fields of a method entry: 32-bit type or text offset, -1 if the method is pruned. */
export const MethodOff = 26;
/** Keeps the target alive; patches nothing. */
export const Keep = 27;
/** PC-relative offset of the target's GOT entry. */
export const GotPcRel = 29;
/** Offset of the target within its DWARF section. */
export const DwarfSecRef = 31;
export const Arm64TlsLe = 32;
export const Arm64TlsIe = 33;
export const Arm64GotPcRel = 34;
export const Arm64PcRel = 36;
export const Arm64PcRelLdst8 = 37;
export const Arm64PcRelLdst16 = 38;
export const Arm64PcRelLdst32 = 39;
export const Arm64PcRelLdst64 = 40;
export const PcRelDbl = 76;
/** Offset of the target from the start of its compilation unit's text. */
export const AddrCuOff = 95;
export const WasmImport = 96;
export const XcoffRef = 97;
export const PeImageOff = 98;
/** The target is an inittask that has to run first; patches nothing and keeps nothing alive. */
export const InitOrder = 99;
export const DwTxtAddrU1 = 100;
export const DwTxtAddrU2 = 101;
export const DwTxtAddrU3 = 102;
export const DwTxtAddrU4 = 103;

/** ELF relocations of C objects are numbered from here until the linker knows what they stand for (x86-64 psABI, table 4.10). */
export const ElfFirst = 256;
export const X86_64_64 = 1;
export const X86_64_Pc32 = 2;
export const X86_64_Plt32 = 4;
export const X86_64_GlobDat = 6;
export const X86_64_JumpSlot = 7;
export const X86_64_Relative = 8;
export const X86_64_GotPcRel = 9;
export const X86_64_Pc64 = 24;
export const X86_64_GotPcRelX = 41;
export const X86_64_RexGotPcRelX = 42;

/** Added to a type: the reference does not keep its target alive. The 16-bit field reads as negative in the official tools. */
export const Weak = 0x8000;
export const WeakAddr = 0x8001;
export const WeakAddrOff = 0x8005;

/** Official names by number, of every architecture. */
export const names: readonly string[] = [
  '',
  'R_ADDR',
  'R_ADDRPOWER',
  'R_ADDRARM64',
  'R_ADDRMIPS',
  'R_ADDROFF',
  'R_SIZE',
  'R_CALL',
  'R_CALLARM',
  'R_CALLARM64',
  'R_CALLIND',
  'R_CALLPOWER',
  'R_CALLMIPS',
  'R_CONST',
  'R_PCREL',
  'R_TLS_LE',
  'R_TLS_IE',
  'R_GOTOFF',
  'R_PLT0',
  'R_PLT1',
  'R_PLT2',
  'R_USEFIELD',
  'R_USETYPE',
  'R_USEIFACE',
  'R_USEIFACEMETHOD',
  'R_USENAMEDMETHOD',
  'R_METHODOFF',
  'R_KEEP',
  'R_POWER_TOC',
  'R_GOTPCREL',
  'R_JMPMIPS',
  'R_DWARFSECREF',
  'R_ARM64_TLS_LE',
  'R_ARM64_TLS_IE',
  'R_ARM64_GOTPCREL',
  'R_ARM64_GOT',
  'R_ARM64_PCREL',
  'R_ARM64_PCREL_LDST8',
  'R_ARM64_PCREL_LDST16',
  'R_ARM64_PCREL_LDST32',
  'R_ARM64_PCREL_LDST64',
  'R_ARM64_LDST8',
  'R_ARM64_LDST16',
  'R_ARM64_LDST32',
  'R_ARM64_LDST64',
  'R_ARM64_LDST128',
  'R_POWER_TLS_LE',
  'R_POWER_TLS_IE',
  'R_POWER_TLS',
  'R_POWER_TLS_IE_PCREL34',
  'R_POWER_TLS_LE_TPREL34',
  'R_ADDRPOWER_DS',
  'R_ADDRPOWER_GOT',
  'R_ADDRPOWER_GOT_PCREL34',
  'R_ADDRPOWER_PCREL',
  'R_ADDRPOWER_TOCREL',
  'R_ADDRPOWER_TOCREL_DS',
  'R_ADDRPOWER_D34',
  'R_ADDRPOWER_PCREL34',
  'R_RISCV_JAL',
  'R_RISCV_JAL_TRAMP',
  'R_RISCV_CALL',
  'R_RISCV_PCREL_ITYPE',
  'R_RISCV_PCREL_STYPE',
  'R_RISCV_TLS_IE',
  'R_RISCV_TLS_LE',
  'R_RISCV_GOT_HI20',
  'R_RISCV_GOT_PCREL_ITYPE',
  'R_RISCV_PCREL_HI20',
  'R_RISCV_PCREL_LO12_I',
  'R_RISCV_PCREL_LO12_S',
  'R_RISCV_BRANCH',
  'R_RISCV_ADD32',
  'R_RISCV_SUB32',
  'R_RISCV_RVC_BRANCH',
  'R_RISCV_RVC_JUMP',
  'R_PCRELDBL',
  'R_LOONG64_ADDR_HI',
  'R_LOONG64_ADDR_LO',
  'R_LOONG64_ADDR_PCREL20_S2',
  'R_LOONG64_TLS_LE_HI',
  'R_LOONG64_TLS_LE_LO',
  'R_CALLLOONG64',
  'R_LOONG64_CALL36',
  'R_LOONG64_TLS_IE_HI',
  'R_LOONG64_TLS_IE_LO',
  'R_LOONG64_GOT_HI',
  'R_LOONG64_GOT_LO',
  'R_LOONG64_ADD64',
  'R_LOONG64_SUB64',
  'R_JMP16LOONG64',
  'R_JMP21LOONG64',
  'R_JMPLOONG64',
  'R_ADDRMIPSU',
  'R_ADDRMIPSTLS',
  'R_ADDRCUOFF',
  'R_WASMIMPORT',
  'R_XCOFFREF',
  'R_PEIMAGEOFF',
  'R_INITORDER',
  'R_DWTXTADDR_U1',
  'R_DWTXTADDR_U2',
  'R_DWTXTADDR_U3',
  'R_DWTXTADDR_U4',
];

export function relocName(type: number): string {
  const name = names[type & 0x7fff] ?? `R_UNKNOWN_${type & 0x7fff}`;
  return (type & Weak) !== 0 ? `R_WEAK|${name}` : name;
}

export function isDirectCall(type: number): boolean {
  return type === Call || type === CallArm64;
}

/** True for the types that only inform the linker and change no byte. */
export function isMarker(type: number): boolean {
  const t = type & 0x7fff;
  return (t >= UseField && t <= UseNamedMethod) || t === Keep || t === InitOrder || t === CallInd;
}
