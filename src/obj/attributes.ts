/**
 * Symbol attributes: one integer. The low 16 bits are the two flag bytes of the object format (flag in bits 0-7, flag2 in
 * bits 8-15; GOROOT/src/cmd/internal/goobj/objfile.go); the bits above are known only in memory.
 */
/** Further definitions of the same name are dropped. */
export const DupOk = 1 << 0;
/** Not visible outside of the module. */
export const Local = 1 << 1;
/** A type descriptor that gets an entry in the typelink table. */
export const Typelink = 1 << 2;
/** Text that calls nothing. */
export const Leaf = 1 << 3;
/** Text without a stack check. */
export const NoSplit = 1 << 4;
/** Text that may call reflect.Type.Method or MethodByName with an unknown name. */
export const ReflectMethod = 1 << 5;
/** A type descriptor. */
export const GoType = 1 << 6;
/** A type descriptor whose values are converted to interfaces whenever it is reachable. */
export const UsedInIface = 1 << 8;
export const Itab = 1 << 9;
/** A dictionary of a generic function. */
export const Dict = 1 << 10;
/** A package's generated variable initialiser. */
export const PkgInit = 1 << 11;
/** The definition or reference carries a go:linkname. */
export const Linkname = 1 << 12;
/** Text generated to convert between ABI0 and ABIInternal. */
export const AbiWrapper = 1 << 13;
export const WasmExport = 1 << 14;

/** Identified by its content, not by its name: equal ones are merged at link time. */
export const ContentAddressable = 1 << 16;
/** A pc-value table kept as a symbol. */
export const PcData = 1 << 17;
/** Referenced by name even within its package: it carries a linkname. */
export const NonPackage = 1 << 18;
/** Text: TEXT flag WRAPPER; its frame is skipped when recover looks for the panicking call. */
export const Wrapper = 1 << 19;
/** Text: uses the closure context register on entry. */
export const NeedCtxt = 1 << 20;
/** Text: no frame pointer is saved, and no return address on machines where that is optional. */
export const NoFrame = 1 << 21;
/** Written to the file as local to it: a copy of what belongs to another package. */
export const FileLocal = 1 << 22;

/** What the object format keeps. */
export const ObjectMask = 0xffff;

/** The attributes that follow from a symbol's name: the object writer and the linker add them. */
export function derivedAttributes(name: string, kind: number): number {
  if (kind !== rodata) return 0;
  if (name.startsWith('type:') && name.charCodeAt(5) !== 0x2e) return GoType;
  return name.startsWith('go:itab.') ? Itab : 0;
}

/** kinds.ts, Rodata. */
const rodata = 3;
