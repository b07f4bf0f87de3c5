/** Symbol attributes in the linker: the object format's bits (obj/attributes.ts) in the low 16, the linker's own above. */
export const Reachable = 1 << 16;
/** Kept out of .symtab. */
export const NotInSymtab = 1 << 17;
/** Its address is set by hand; it takes no room in its section. */
export const Special = 1 << 18;
/** The name is shortened in .symtab (long type symbols). */
export const Mangled = 1 << 19;
/** Content-addressable: not referenced by name. */
export const Hashed = 1 << 20;
/** Exported to C code. */
export const CgoExport = 1 << 21;
/** Some C code or shared library defines or uses it dynamically. */
export const CgoExportDynamic = 1 << 22;
/** Defined by a C object, as a function. */
export const FromC = 1 << 26;
/** C calls it hidden: local in .symtab, and marked so. */
export const Hidden = 1 << 27;
/** A part of another symbol (a section of a C object). */
export const SubSymbol = 1 << 23;
/** Already in the text list; of debugging entries, already seen. */
export const OnTextList = 1 << 24;
/** Made or rewritten by the linker. */
export const Synthetic = 1 << 25;
/** Somebody has asked for it by its name. */
export const LookedUp = 1 << 28;
/** It mentions nothing: reaching it reaches nothing else. */
export const Leaf = 1 << 29;
