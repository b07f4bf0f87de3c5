/** Kinds of objects: the discriminants of `Obj`, used as `import * as ObjKind`. */
export const PkgName = 1;
export const Const = 2;
export const TypeName = 3;
export const Var = 4;
export const Func = 5;
export const Label = 6;
export const Builtin = 7;
export const Nil = 8;

// What a variable is (Var.varKind).
export const PackageVar = 1;
export const LocalVar = 2;
export const RecvVar = 3;
export const ParamVar = 4;
export const ResultVar = 5;
export const FieldVar = 6;
