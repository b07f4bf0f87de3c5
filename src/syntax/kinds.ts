/** Node kinds: the discriminants of the syntax tree, used as `import * as Kind`. Expressions, declarations and statements are ranges. */
export const File = 1;

// Expressions, including types.
export const BadExpr = 2;
export const Name = 3;
export const BasicLit = 4;
export const CompositeLit = 5;
export const KeyValueExpr = 6;
export const FuncLit = 7;
export const ParenExpr = 8;
export const SelectorExpr = 9;
export const IndexExpr = 10;
export const SliceExpr = 11;
export const AssertExpr = 12;
export const TypeSwitchGuard = 13;
export const Operation = 14;
export const CallExpr = 15;
export const ListExpr = 16;
export const ArrayType = 17;
export const SliceType = 18;
export const DotsType = 19;
export const StructType = 20;
export const InterfaceType = 21;
export const FuncType = 22;
export const MapType = 23;
export const ChanType = 24;

/** Neither expression, declaration nor statement. */
export const Field = 25;

// Declarations.
export const ImportDecl = 26;
export const ConstDecl = 27;
export const TypeDecl = 28;
export const VarDecl = 29;
export const FuncDecl = 30;

// Statements; the first five and RangeClause are simple statements.
export const EmptyStmt = 31;
export const ExprStmt = 32;
export const SendStmt = 33;
export const AssignStmt = 34;
export const RangeClause = 35;
export const LabeledStmt = 36;
export const BlockStmt = 37;
export const DeclStmt = 38;
export const BranchStmt = 39;
export const CallStmt = 40;
export const ReturnStmt = 41;
export const IfStmt = 42;
export const ForStmt = 43;
export const SwitchStmt = 44;
export const SelectStmt = 45;

/** Parts of switch and select statements. */
export const CaseClause = 46;
export const CommClause = 47;

// Literal kinds (BasicLit.litKind).
export const IntLit = 0;
export const FloatLit = 1;
export const ImagLit = 2;
export const RuneLit = 3;
export const StringLit = 4;

// Channel directions (ChanType.dir).
export const SendRecv = 0;
export const SendOnly = 1;
export const RecvOnly = 2;

// Keywords of BranchStmt and CallStmt.
export const Break = 1;
export const Continue = 2;
export const Fallthrough = 3;
export const Goto = 4;
export const Go = 5;
export const Defer = 6;
