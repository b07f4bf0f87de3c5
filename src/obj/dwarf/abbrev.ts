/**
 * The abbreviations of Go's debugging information: one row per entry layout, the same in every object and program (DWARF 5,
 * 7.5.3). Source of the rows: GOROOT/src/cmd/internal/dwarf (dwarf.go, putvarabbrevgen.go), go1.26.8 with DWARF version 5.
 */
import { ByteWriter } from '#base/bytes.ts';

// Numbers of the rows.
export const Null = 0;
export const CompUnit = 1;
export const CompUnitTextless = 2;
export const Func = 3;
export const Wrapper = 4;
export const FunctionAbstract = 5;
export const FunctionConcrete = 6;
export const WrapperConcrete = 7;
export const InlinedSubroutine = 8;
export const InlinedSubroutineRanges = 9;
export const Variable = 10;
export const IntConstant = 11;
export const LexicalBlockRanges = 12;
export const LexicalBlockSimple = 13;
export const StructField = 14;
export const FuncTypeParam = 15;
export const FuncTypeOutParam = 16;
export const DotDotDot = 17;
export const ArrayRange = 18;
export const NullType = 19;
export const BaseType = 20;
export const ArrayType = 21;
export const ChanType = 22;
export const FuncType = 23;
export const IfaceType = 24;
export const MapType = 25;
export const PtrType = 26;
export const BarePtrType = 27;
export const SliceType = 28;
export const StringType = 29;
export const StructType = 30;
export const TypeDecl = 31;
export const DictIndex = 32;
/** From here on: variables and parameters, by which attributes they have. */
export const PutVarStart = 33;

// Attributes (DWARF 5, 7.5.4; those from 0x2900 on are Go's).
export const AtLocation = 0x2;
export const AtName = 0x3;
export const AtByteSize = 0xb;
export const AtStmtList = 0x10;
export const AtLowPc = 0x11;
export const AtHighPc = 0x12;
export const AtLanguage = 0x13;
export const AtCompDir = 0x1b;
export const AtConstValue = 0x1c;
export const AtInline = 0x20;
export const AtProducer = 0x25;
export const AtAbstractOrigin = 0x31;
export const AtCount = 0x37;
export const AtDataMemberLocation = 0x38;
export const AtDeclFile = 0x3a;
export const AtDeclLine = 0x3b;
export const AtEncoding = 0x3e;
export const AtExternal = 0x3f;
export const AtFrameBase = 0x40;
export const AtType = 0x49;
export const AtVariableParameter = 0x4b;
export const AtRanges = 0x55;
export const AtTrampoline = 0x56;
export const AtCallFile = 0x58;
export const AtCallLine = 0x59;
export const AtAddrBase = 0x73;
export const AtGoKind = 0x2900;
export const AtGoKey = 0x2901;
export const AtGoElem = 0x2902;
export const AtGoEmbeddedField = 0x2903;
export const AtGoRuntimeType = 0x2904;
export const AtGoPackageName = 0x2905;
export const AtGoDictIndex = 0x2906;
export const AtGoClosureOffset = 0x2907;
// Forms (DWARF 5, 7.5.6).
export const FormAddr = 0x1;
export const FormData4 = 0x6;
export const FormString = 0x8;
export const FormBlock1 = 0xa;
export const FormData1 = 0xb;
export const FormFlag = 0xc;
export const FormSdata = 0xd;
export const FormUdata = 0xf;
export const FormRefAddr = 0x10;
export const FormSecOffset = 0x17;
export const FormAddrx = 0x1b;

export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  /** Attribute and form, in turn. */
  readonly attributes: readonly number[];
}

function row(tag: number, hasChildren: boolean, ...attributes: number[]): Abbreviation {
  return { tag, hasChildren, attributes };
}

export const abbreviations: readonly Abbreviation[] = [
  row(0, false),
  // 1: compile_unit
  row(
    0x11,
    true,
    AtName,
    FormString,
    AtLanguage,
    FormData1,
    AtStmtList,
    FormSecOffset,
    AtLowPc,
    FormAddr,
    AtRanges,
    FormSecOffset,
    AtCompDir,
    FormString,
    AtProducer,
    FormString,
    AtGoPackageName,
    FormString,
    AtAddrBase,
    FormSecOffset,
  ),
  // 2: compile_unit
  row(
    0x11,
    true,
    AtName,
    FormString,
    AtLanguage,
    FormData1,
    AtCompDir,
    FormString,
    AtProducer,
    FormString,
    AtGoPackageName,
    FormString,
  ),
  // 3: subprogram
  row(
    0x2e,
    true,
    AtName,
    FormString,
    AtLowPc,
    FormAddrx,
    AtHighPc,
    FormUdata,
    AtFrameBase,
    FormBlock1,
    AtDeclFile,
    FormData4,
    AtDeclLine,
    FormUdata,
    AtExternal,
    FormFlag,
  ),
  // 4: subprogram
  row(
    0x2e,
    true,
    AtName,
    FormString,
    AtLowPc,
    FormAddrx,
    AtHighPc,
    FormUdata,
    AtFrameBase,
    FormBlock1,
    AtTrampoline,
    FormFlag,
  ),
  // 5: subprogram
  row(0x2e, true, AtName, FormString, AtInline, FormData1, AtDeclLine, FormUdata, AtExternal, FormFlag),
  // 6: subprogram
  row(0x2e, true, AtAbstractOrigin, FormRefAddr, AtLowPc, FormAddrx, AtHighPc, FormUdata, AtFrameBase, FormBlock1),
  // 7: subprogram
  row(
    0x2e,
    true,
    AtAbstractOrigin,
    FormRefAddr,
    AtLowPc,
    FormAddrx,
    AtHighPc,
    FormUdata,
    AtFrameBase,
    FormBlock1,
    AtTrampoline,
    FormFlag,
  ),
  // 8: inlined_subroutine
  row(
    0x1d,
    true,
    AtAbstractOrigin,
    FormRefAddr,
    AtLowPc,
    FormAddrx,
    AtHighPc,
    FormUdata,
    AtCallFile,
    FormData4,
    AtCallLine,
    FormUdata,
  ),
  // 9: inlined_subroutine
  row(0x1d, true, AtAbstractOrigin, FormRefAddr, AtRanges, FormSecOffset, AtCallFile, FormData4, AtCallLine, FormUdata),
  // 10: variable
  row(0x34, false, AtName, FormString, AtLocation, FormBlock1, AtType, FormRefAddr, AtExternal, FormFlag),
  // 11: constant
  row(0x27, false, AtName, FormString, AtType, FormRefAddr, AtConstValue, FormSdata),
  // 12: lexical_block
  row(0xb, true, AtRanges, FormSecOffset),
  // 13: lexical_block
  row(0xb, true, AtLowPc, FormAddr, AtHighPc, FormAddr),
  // 14: member
  row(
    0xd,
    false,
    AtName,
    FormString,
    AtDataMemberLocation,
    FormUdata,
    AtType,
    FormRefAddr,
    AtGoEmbeddedField,
    FormFlag,
  ),
  // 15: formal_parameter
  row(0x5, false, AtType, FormRefAddr),
  // 16: formal_parameter
  row(0x5, false, AtVariableParameter, FormFlag, AtType, FormRefAddr),
  // 17: unspecified_parameters
  row(0x18, false),
  // 18: subrange_type
  row(0x21, false, AtType, FormRefAddr, AtCount, FormUdata),
  // 19: unspecified_type
  row(0x3b, false, AtName, FormString),
  // 20: base_type
  row(
    0x24,
    false,
    AtName,
    FormString,
    AtEncoding,
    FormData1,
    AtByteSize,
    FormData1,
    AtGoKind,
    FormData1,
    AtGoRuntimeType,
    FormAddr,
  ),
  // 21: array_type
  row(
    0x1,
    true,
    AtName,
    FormString,
    AtType,
    FormRefAddr,
    AtByteSize,
    FormUdata,
    AtGoKind,
    FormData1,
    AtGoRuntimeType,
    FormAddr,
  ),
  // 22: typedef
  row(
    0x16,
    false,
    AtName,
    FormString,
    AtType,
    FormRefAddr,
    AtGoKind,
    FormData1,
    AtGoRuntimeType,
    FormAddr,
    AtGoElem,
    FormRefAddr,
  ),
  // 23: subroutine_type
  row(0x15, true, AtName, FormString, AtByteSize, FormUdata, AtGoKind, FormData1, AtGoRuntimeType, FormAddr),
  // 24: typedef
  row(0x16, true, AtName, FormString, AtType, FormRefAddr, AtGoKind, FormData1, AtGoRuntimeType, FormAddr),
  // 25: typedef
  row(
    0x16,
    false,
    AtName,
    FormString,
    AtType,
    FormRefAddr,
    AtGoKind,
    FormData1,
    AtGoRuntimeType,
    FormAddr,
    AtGoKey,
    FormRefAddr,
    AtGoElem,
    FormRefAddr,
  ),
  // 26: pointer_type
  row(0xf, false, AtName, FormString, AtType, FormRefAddr, AtGoKind, FormData1, AtGoRuntimeType, FormAddr),
  // 27: pointer_type
  row(0xf, false, AtName, FormString, AtGoRuntimeType, FormAddr),
  // 28: structure_type
  row(
    0x13,
    true,
    AtName,
    FormString,
    AtByteSize,
    FormUdata,
    AtGoKind,
    FormData1,
    AtGoRuntimeType,
    FormAddr,
    AtGoElem,
    FormRefAddr,
  ),
  // 29: structure_type
  row(0x13, true, AtName, FormString, AtByteSize, FormUdata, AtGoKind, FormData1, AtGoRuntimeType, FormAddr),
  // 30: structure_type
  row(0x13, true, AtName, FormString, AtByteSize, FormUdata, AtGoKind, FormData1, AtGoRuntimeType, FormAddr),
  // 31: typedef
  row(0x16, false, AtName, FormString, AtType, FormRefAddr),
  // 32: typedef
  row(0x16, false, AtName, FormString, AtType, FormRefAddr, AtGoDictIndex, FormUdata),
  // 33: variable
  row(0x34, false, AtName, FormString, AtDeclLine, FormUdata, AtType, FormRefAddr),
  // 34: formal_parameter
  row(0x5, false, AtName, FormString, AtVariableParameter, FormFlag, AtType, FormRefAddr),
  // 35: variable
  row(0x34, false, AtAbstractOrigin, FormRefAddr, AtLocation, FormSecOffset),
  // 36: variable
  row(0x34, false, AtAbstractOrigin, FormRefAddr, AtLocation, FormBlock1),
  // 37: variable
  row(
    0x34,
    false,
    AtName,
    FormString,
    AtDeclLine,
    FormUdata,
    AtType,
    FormRefAddr,
    AtGoClosureOffset,
    FormUdata,
    AtLocation,
    FormSecOffset,
  ),
  // 38: variable
  row(
    0x34,
    false,
    AtName,
    FormString,
    AtDeclLine,
    FormUdata,
    AtType,
    FormRefAddr,
    AtGoClosureOffset,
    FormUdata,
    AtLocation,
    FormBlock1,
  ),
  // 39: variable
  row(0x34, false, AtName, FormString, AtDeclLine, FormUdata, AtType, FormRefAddr, AtLocation, FormSecOffset),
  // 40: variable
  row(0x34, false, AtName, FormString, AtDeclLine, FormUdata, AtType, FormRefAddr, AtLocation, FormBlock1),
  // 41: formal_parameter
  row(0x5, false, AtAbstractOrigin, FormRefAddr, AtLocation, FormSecOffset),
  // 42: formal_parameter
  row(0x5, false, AtAbstractOrigin, FormRefAddr, AtLocation, FormBlock1),
  // 43: formal_parameter
  row(
    0x5,
    false,
    AtName,
    FormString,
    AtVariableParameter,
    FormFlag,
    AtDeclLine,
    FormUdata,
    AtType,
    FormRefAddr,
    AtGoClosureOffset,
    FormUdata,
    AtLocation,
    FormSecOffset,
  ),
  // 44: formal_parameter
  row(
    0x5,
    false,
    AtName,
    FormString,
    AtVariableParameter,
    FormFlag,
    AtDeclLine,
    FormUdata,
    AtType,
    FormRefAddr,
    AtGoClosureOffset,
    FormUdata,
    AtLocation,
    FormBlock1,
  ),
  // 45: formal_parameter
  row(
    0x5,
    false,
    AtName,
    FormString,
    AtVariableParameter,
    FormFlag,
    AtDeclLine,
    FormUdata,
    AtType,
    FormRefAddr,
    AtLocation,
    FormSecOffset,
  ),
  // 46: formal_parameter
  row(
    0x5,
    false,
    AtName,
    FormString,
    AtVariableParameter,
    FormFlag,
    AtDeclLine,
    FormUdata,
    AtType,
    FormRefAddr,
    AtLocation,
    FormBlock1,
  ),
];

/** The content of .debug_abbrev. */
export function abbreviationBytes(): Uint8Array {
  const w = new ByteWriter(1024);
  for (let i = 1; i < abbreviations.length; i++) {
    const a = abbreviations[i];
    w.uleb(i);
    w.uleb(a.tag);
    w.u8(a.hasChildren ? 1 : 0);
    for (const n of a.attributes) w.uleb(n);
    w.u16(0);
  }
  w.u8(0);
  return w.finish();
}
