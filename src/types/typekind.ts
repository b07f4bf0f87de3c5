/** Kinds of types: the discriminants of `Type`, used as `import * as TypeKind`. */
export const Basic = 1;
// biome-ignore lint/suspicious/noShadowRestrictedNames: only used as a member of this namespace.
export const Array = 2;
export const Slice = 3;
export const Struct = 4;
export const Pointer = 5;
export const Tuple = 6;
export const Signature = 7;
export const Union = 8;
export const Interface = 9;
// biome-ignore lint/suspicious/noShadowRestrictedNames: only used as a member of this namespace.
export const Map = 10;
export const Chan = 11;
export const Named = 12;
export const TypeParam = 13;
export const Alias = 14;
