/**
 * The facts about every machine-independent operation. Names and meanings follow cmd/compile/internal/ssa/_gen/genericOps.go
 * where an operation exists there; the differences are stated below. gen/op.ts (the constants) is generated from this
 * table by scripts/gen-ops.ts.
 *
 * Conventions
 * - Memory is a value of type Mem, threaded through stores and calls; it is the last argument of what reads or writes it.
 * - Values hold only what fits registers: scalars, strings, slices, interfaces, complex numbers, and structs and arrays
 *   that `canSsa` accepts (at most 4 words and 4 fields, arrays of at most one element). Everything larger lives in
 *   memory and moves with Move, Zero, Deref.
 * - Immediates are 64-bit: auxLo and auxHi, two int32 halves (Const8..32 are sign-extended). Const64F and Const32F hold
 *   the bits of the float64 value.
 * - "Go operations" (last group) are made by the builder and are gone after the pass "lower go": they stand for what
 *   depends on escape analysis.
 *
 * Columns: name, number of arguments (-1: any), aux, flags.
 */
export const AuxNone = 0;
/** auxLo/auxHi. */
export const AuxInt = 1;
/** aux: obj Symbol; auxLo: offset. */
export const AuxSymbol = 2;
/** aux: ssa Slot (a variable or temporary in the frame); auxLo: offset. */
export const AuxSlot = 3;
/** aux: GoType (the type that is moved, zeroed, stored). auxLo/auxHi: size in bytes for Move and Zero. */
export const AuxType = 4;
/** aux: Call (call.ts). */
export const AuxCall = 5;
/** aux: AllocationSite. */
export const AuxSite = 6;
/** aux: string (Go text as a JavaScript string of bytes, one char code 0..255 per byte). */
export const AuxText = 7;
/** aux: Closure (call.ts): the function and how each variable is captured. */
export const AuxClosure = 8;

export const Commutative = 1;
/** Must not be removed even if unused, nor moved across others. */
export const HasSideEffect = 2;
/** Yields a new memory state. */
export const WritesMemory = 4;
/** Reads memory (last argument). */
export const ReadsMemory = 8;
/** Faults on a nil first argument. */
export const NilCheckArg0 = 16;
/** A call: clobbers registers, needs a stack map. */
export const IsCall = 32;
/** Constant. */
export const IsConstant = 64;
export const NilCheckArg1 = 128;

export type OpRow = readonly [name: string, args: number, aux: number, flags: number];

const sizes = ['8', '16', '32', '64'] as const;
const each = (base: string, args: number, flags = 0): OpRow[] => sizes.map((s) => [base + s, args, AuxNone, flags]);
const floats = (base: string, args: number, flags = 0): OpRow[] => [
  [`${base}32F`, args, AuxNone, flags],
  [`${base}64F`, args, AuxNone, flags],
];
const shifts = (base: string): OpRow[] =>
  sizes.flatMap((s) => sizes.map((t): OpRow => [`${base}${s}x${t}`, 2, AuxInt, 0]));

const callFlags = IsCall | HasSideEffect | WritesMemory | ReadsMemory;

export const rows: readonly OpRow[] = [
  ['Invalid', 0, AuxNone, 0],
  // Arithmetic, with wrap-around at the width.
  ...each('Add', 2, Commutative),
  ['AddPtr', 2, AuxNone, 0],
  ...floats('Add', 2, Commutative),
  ...each('Sub', 2),
  ['SubPtr', 2, AuxNone, 0],
  ...floats('Sub', 2),
  ...each('Mul', 2, Commutative),
  ...floats('Mul', 2, Commutative),
  ...floats('Div', 2),
  ['Hmul32', 2, AuxNone, Commutative],
  ['Hmul32u', 2, AuxNone, Commutative],
  ['Hmul64', 2, AuxNone, Commutative],
  ['Hmul64u', 2, AuxNone, Commutative],
  // Full products and carries: tuples (hi, lo) and (sum, carry), for math/bits.
  ['Mul64uhilo', 2, AuxNone, Commutative],
  ['Mul64uover', 2, AuxNone, Commutative],
  ['Add64carry', 3, AuxNone, 0],
  ['Sub64borrow', 3, AuxNone, 0],
  // (hi, lo, divisor) -> tuple (quotient, remainder); the divisor is above hi.
  ['Div128u', 3, AuxNone, 0],
  // Division: the divisor is known not to be zero. auxLo 1: the divisor is known not to be -1 (signed).
  ...sizes.flatMap((s): OpRow[] => [
    [`Div${s}`, 2, AuxInt, 0],
    [`Div${s}u`, 2, AuxNone, 0],
    [`Mod${s}`, 2, AuxInt, 0],
    [`Mod${s}u`, 2, AuxNone, 0],
  ]),
  // (a+b)/2 without overflow, unsigned.
  ['Avg64u', 2, AuxNone, 0],
  ['Avg32u', 2, AuxNone, 0],
  ...each('And', 2, Commutative),
  ...each('Or', 2, Commutative),
  ...each('Xor', 2, Commutative),
  // Shifts: counts are unsigned; counts at or above the width give 0 (or sign fill). auxLo 1: count known below the width.
  ...shifts('Lsh'),
  ...shifts('Rsh'),
  ...sizes.flatMap((s) => sizes.map((t): OpRow => [`Rsh${s}Ux${t}`, 2, AuxInt, 0])),
  ...each('RotateLeft', 2),
  // Comparisons give Bool. Leq/Less: signed; with U: unsigned.
  ...each('Eq', 2, Commutative),
  ['EqPtr', 2, AuxNone, Commutative],
  ['EqInter', 2, AuxNone, 0],
  ['EqSlice', 2, AuxNone, 0],
  ...floats('Eq', 2, Commutative),
  ...each('Neq', 2, Commutative),
  ['NeqPtr', 2, AuxNone, Commutative],
  ['NeqInter', 2, AuxNone, 0],
  ['NeqSlice', 2, AuxNone, 0],
  ...floats('Neq', 2, Commutative),
  ...each('Less', 2),
  ...sizes.map((s): OpRow => [`Less${s}U`, 2, AuxNone, 0]),
  ...floats('Less', 2),
  ...each('Leq', 2),
  ...sizes.map((s): OpRow => [`Leq${s}U`, 2, AuxNone, 0]),
  ...floats('Leq', 2),
  // arg2 ? arg0 : arg1
  ['CondSelect', 3, AuxNone, 0],
  ['AndB', 2, AuxNone, Commutative],
  ['OrB', 2, AuxNone, Commutative],
  ['EqB', 2, AuxNone, Commutative],
  ['NeqB', 2, AuxNone, Commutative],
  ['Not', 1, AuxNone, 0],
  ...each('Neg', 1),
  ...floats('Neg', 1),
  ...each('Com', 1),
  ...each('Ctz', 1),
  ...each('BitLen', 1),
  ['Bswap16', 1, AuxNone, 0],
  ['Bswap32', 1, AuxNone, 0],
  ['Bswap64', 1, AuxNone, 0],
  ...each('BitRev', 1),
  ...each('PopCount', 1),
  ['Sqrt', 1, AuxNone, 0],
  ['Sqrt32', 1, AuxNone, 0],
  ['Floor', 1, AuxNone, 0],
  ['Ceil', 1, AuxNone, 0],
  ['Trunc', 1, AuxNone, 0],
  ['Round', 1, AuxNone, 0],
  ['RoundToEven', 1, AuxNone, 0],
  ['Abs', 1, AuxNone, 0],
  ['Copysign', 2, AuxNone, 0],
  ['FMA', 3, AuxNone, 0],
  ...floats('Min', 2),
  ...floats('Max', 2),
  // Data flow.
  ['Phi', -1, AuxNone, 0],
  ['Copy', 1, AuxNone, 0],
  // unsafe.Pointer(uintptr) and uintptr(unsafe.Pointer); (arg, mem): keeps conversions ordered with safepoints.
  ['Convert', 2, AuxNone, ReadsMemory],
  ['ConstBool', 0, AuxInt, IsConstant],
  ['ConstString', 0, AuxText, IsConstant],
  ['ConstNil', 0, AuxNone, IsConstant],
  ['Const8', 0, AuxInt, IsConstant],
  ['Const16', 0, AuxInt, IsConstant],
  ['Const32', 0, AuxInt, IsConstant],
  ['Const64', 0, AuxInt, IsConstant],
  ['Const32F', 0, AuxInt, IsConstant],
  ['Const64F', 0, AuxInt, IsConstant],
  ['ConstInterface', 0, AuxNone, IsConstant],
  ['ConstSlice', 0, AuxNone, IsConstant],
  // The initial memory; incoming parameter (aux Slot, a parameter that fits canSsa).
  ['InitMem', 0, AuxNone, 0],
  ['Arg', 0, AuxSlot, 0],
  // Pieces of incoming parameters in registers, after the calling convention was applied; auxLo: index of the register in its sequence.
  ['ArgIntReg', 0, AuxSlot, 0],
  ['ArgFloatReg', 0, AuxSlot, 0],
  // Address of a symbol (arg 0: SB); of a frame slot (arg 0: SP; arg 1: mem, absent for slots without uninitialised state).
  ['Addr', 1, AuxSymbol, 0],
  ['LocalAddr', 2, AuxSlot, 0],
  ['SP', 0, AuxNone, 0],
  ['SB', 0, AuxNone, 0],
  // (ptr, mem); (ptr, value, mem) with aux the type stored; (dst, src, mem); (dst, mem).
  ['Load', 2, AuxNone, ReadsMemory | NilCheckArg0],
  ['Deref', 2, AuxNone, ReadsMemory | NilCheckArg0],
  ['Store', 3, AuxType, WritesMemory | NilCheckArg0],
  ['Move', 3, AuxType, WritesMemory | ReadsMemory | NilCheckArg0 | NilCheckArg1],
  ['Zero', 2, AuxType, WritesMemory | NilCheckArg0],
  // The same with a write barrier: made and expanded by the write-barrier pass.
  ['StoreWB', 3, AuxType, WritesMemory],
  ['MoveWB', 3, AuxType, WritesMemory | ReadsMemory],
  ['ZeroWB', 2, AuxType, WritesMemory],
  // (mem) -> tuple (buffer address, mem); auxLo: pointers to record.
  ['WB', 1, AuxInt, WritesMemory | HasSideEffect],
  // Calls: results are a tuple of the results and, last, memory; read with SelectN. Arguments are Go values in order (receiver
  // first), then mem; arguments too large for values are Deref. StaticCall: args, mem. ClosureCall: code pointer, closure
  // pointer, args, mem. InterCall: code pointer, args (the data word first), mem. TailCall: as StaticCall, in a block Exit.
  ['StaticCall', -1, AuxCall, callFlags],
  ['ClosureCall', -1, AuxCall, callFlags],
  ['InterCall', -1, AuxCall, callFlags],
  ['TailCall', -1, AuxCall, callFlags],
  // n-th element of a tuple (auxLo: n). SelectAddr: the address of a result too large for a value.
  ['Select0', 1, AuxNone, 0],
  ['Select1', 1, AuxNone, 0],
  ['SelectN', 1, AuxInt, 0],
  ['SelectAddr', 1, AuxInt, 0],
  // Values of a return, last mem.
  ['MakeResult', -1, AuxNone, 0],
  // Integer width changes, float conversions (gc names).
  ['SignExt8to16', 1, AuxNone, 0],
  ['SignExt8to32', 1, AuxNone, 0],
  ['SignExt8to64', 1, AuxNone, 0],
  ['SignExt16to32', 1, AuxNone, 0],
  ['SignExt16to64', 1, AuxNone, 0],
  ['SignExt32to64', 1, AuxNone, 0],
  ['ZeroExt8to16', 1, AuxNone, 0],
  ['ZeroExt8to32', 1, AuxNone, 0],
  ['ZeroExt8to64', 1, AuxNone, 0],
  ['ZeroExt16to32', 1, AuxNone, 0],
  ['ZeroExt16to64', 1, AuxNone, 0],
  ['ZeroExt32to64', 1, AuxNone, 0],
  ['Trunc16to8', 1, AuxNone, 0],
  ['Trunc32to8', 1, AuxNone, 0],
  ['Trunc32to16', 1, AuxNone, 0],
  ['Trunc64to8', 1, AuxNone, 0],
  ['Trunc64to16', 1, AuxNone, 0],
  ['Trunc64to32', 1, AuxNone, 0],
  ['Cvt32to32F', 1, AuxNone, 0],
  ['Cvt32to64F', 1, AuxNone, 0],
  ['Cvt64to32F', 1, AuxNone, 0],
  ['Cvt64to64F', 1, AuxNone, 0],
  ['Cvt32Fto32', 1, AuxNone, 0],
  ['Cvt32Fto64', 1, AuxNone, 0],
  ['Cvt64Fto32', 1, AuxNone, 0],
  ['Cvt64Fto64', 1, AuxNone, 0],
  ['Cvt32Fto64F', 1, AuxNone, 0],
  ['Cvt64Fto32F', 1, AuxNone, 0],
  ['Cvt64Uto32F', 1, AuxNone, 0],
  ['Cvt64Uto64F', 1, AuxNone, 0],
  ['Cvt32Fto64U', 1, AuxNone, 0],
  ['Cvt64Fto64U', 1, AuxNone, 0],
  ['Bitcast32to32F', 1, AuxNone, 0],
  ['Bitcast32Fto32', 1, AuxNone, 0],
  ['Bitcast64to64F', 1, AuxNone, 0],
  ['Bitcast64Fto64', 1, AuxNone, 0],
  // bool as 0 or 1 in 8 bits.
  ['CvtBoolToUint8', 1, AuxNone, 0],
  ['IsNonNil', 1, AuxNone, 0],
  // (index, length): 0 <= index < length; 0 <= index <= length.
  ['IsInBounds', 2, AuxNone, 0],
  ['IsSliceInBounds', 2, AuxNone, 0],
  // (ptr, mem) -> ptr, known not nil; faults otherwise.
  ['NilCheck', 2, AuxNone, ReadsMemory | HasSideEffect | NilCheckArg0],
  // The closure context register at entry; return address and stack pointer of the caller; g.
  ['GetClosurePtr', 0, AuxNone, HasSideEffect],
  ['GetCallerPC', 0, AuxNone, 0],
  ['GetCallerSP', 1, AuxNone, 0],
  ['GetG', 1, AuxNone, ReadsMemory],
  // Pointer arithmetic: OffPtr adds auxLo/auxHi; PtrIndex: ptr + index * size of the pointed-to type.
  ['OffPtr', 1, AuxInt, 0],
  ['PtrIndex', 2, AuxNone, 0],
  // Of the eight bytes of a word, a bit each in the low byte: whether it equals the second argument (0 to 255 in 64 bits); its top bit.
  ['MatchBytes', 2, AuxNone, 0],
  ['TopBits', 1, AuxNone, 0],
  // -1 if x > 0, 0 if x == 0, used to mask a pointer offset when the capacity is zero; x is not negative.
  ['Slicemask', 1, AuxNone, 0],
  // Composite values. ArrayMake1/ArraySelect hold arrays of one element; StructMake any number of fields.
  ['SliceMake', 3, AuxNone, 0],
  ['SlicePtr', 1, AuxNone, 0],
  ['SliceLen', 1, AuxNone, 0],
  ['SliceCap', 1, AuxNone, 0],
  ['ComplexMake', 2, AuxNone, 0],
  ['ComplexReal', 1, AuxNone, 0],
  ['ComplexImag', 1, AuxNone, 0],
  ['StringMake', 2, AuxNone, 0],
  ['StringPtr', 1, AuxNone, 0],
  ['StringLen', 1, AuxNone, 0],
  ['IMake', 2, AuxNone, 0],
  ['ITab', 1, AuxNone, 0],
  ['IData', 1, AuxNone, 0],
  ['StructMake', -1, AuxNone, 0],
  ['StructSelect', 1, AuxInt, 0],
  ['ArrayMake0', 0, AuxNone, 0],
  ['ArrayMake1', 1, AuxNone, 0],
  ['ArraySelect', 1, AuxInt, 0],
  ['Empty', 0, AuxNone, 0],
  // Liveness marks, (mem) -> mem: the slot begins to hold a variable; the slot's contents are needed here. KeepAlive: (value, mem).
  ['VarDef', 1, AuxSlot, WritesMemory | HasSideEffect],
  ['VarLive', 1, AuxSlot, WritesMemory | HasSideEffect],
  ['KeepAlive', 2, AuxNone, WritesMemory | HasSideEffect],
  // Register allocation.
  ['StoreReg', 1, AuxNone, 0],
  ['LoadReg', 1, AuxNone, 0],
  // Where an inlined call stood: parent position of the inline tree (auxLo: index in the function's inline tree).
  ['InlineMark', 1, AuxInt, WritesMemory | HasSideEffect],
  // Atomic operations, (address, [old,] value, mem) -> tuple (result, mem), or mem for stores. Meanings: genericOps.go.
  ['AtomicLoad8', 2, AuxNone, HasSideEffect | ReadsMemory | NilCheckArg0],
  ['AtomicLoad32', 2, AuxNone, HasSideEffect | ReadsMemory | NilCheckArg0],
  ['AtomicLoad64', 2, AuxNone, HasSideEffect | ReadsMemory | NilCheckArg0],
  ['AtomicLoadPtr', 2, AuxNone, HasSideEffect | ReadsMemory | NilCheckArg0],
  ['AtomicStore8', 3, AuxNone, HasSideEffect | WritesMemory | NilCheckArg0],
  ['AtomicStore32', 3, AuxNone, HasSideEffect | WritesMemory | NilCheckArg0],
  ['AtomicStore64', 3, AuxNone, HasSideEffect | WritesMemory | NilCheckArg0],
  ['AtomicStorePtrNoWB', 3, AuxNone, HasSideEffect | WritesMemory | NilCheckArg0],
  ...[
    'AtomicExchange8',
    'AtomicExchange32',
    'AtomicExchange64',
    'AtomicAdd32',
    'AtomicAdd64',
    'AtomicAnd8',
    'AtomicAnd32',
    'AtomicAnd64',
    'AtomicOr8',
    'AtomicOr32',
    'AtomicOr64',
  ].map((n): OpRow => [n, 3, AuxNone, HasSideEffect | WritesMemory | NilCheckArg0]),
  ...['AtomicCompareAndSwap32', 'AtomicCompareAndSwap64'].map(
    (n): OpRow => [n, 4, AuxNone, HasSideEffect | WritesMemory | NilCheckArg0],
  ),
  ['PubBarrier', 1, AuxNone, HasSideEffect | WritesMemory],
  ['PrefetchCache', 2, AuxNone, HasSideEffect | WritesMemory],
  ['PrefetchCacheStreamed', 2, AuxNone, HasSideEffect | WritesMemory],
  // (index, length, mem) -> mem, in blocks that exit: CALL runtime.panicBounds; auxLo: the bounds code (internal/abi/bounds.go), auxHi 1: index is signed.
  ['PanicBounds', 3, AuxInt, HasSideEffect | WritesMemory | IsCall],

  // ---- Go operations. All that return memory give a tuple (value, mem). ----
  // A new zeroed variable: (mem) -> (pointer, mem). Heap or frame, as escape analysis decides.
  ['Alloc', 1, AuxSite, HasSideEffect | WritesMemory],
  // make([]T, len, cap): (len, cap, mem) -> (slice, mem); len and cap are Int.
  ['MakeSlice', 3, AuxSite, HasSideEffect | WritesMemory],
  // Backing array of a non-constant size for make([]T, n) followed by copy: (len, from slice, mem) -> (slice, mem).
  ['MakeSliceCopy', 3, AuxSite, HasSideEffect | WritesMemory],
  // append's room: (slice, n, mem) -> (slice with length + n, mem); new elements are not yet written (see contract 3.6).
  ['GrowSlice', 3, AuxSite, HasSideEffect | WritesMemory],
  // make(map, hint): (hint, mem) -> (map, mem). make(chan): (size, mem) -> (chan, mem).
  ['MakeMap', 2, AuxSite, HasSideEffect | WritesMemory],
  ['MakeChan', 2, AuxSite, HasSideEffect | WritesMemory],
  // Closure object over captured values (args in order of Closure.captures): (captures..., mem) -> (func value, mem). Without captures: Addr of name·f.
  ['MakeClosure', -1, AuxClosure, HasSideEffect | WritesMemory],
  // Boxing a concrete value (aux AllocationSite; its type is the concrete type): (value or Deref, mem) -> (data word, mem). IMake joins it with the type word.
  ['Box', 2, AuxSite, HasSideEffect | WritesMemory],
  // Strings: (s1..sn, mem) -> (string, mem); ([]byte, mem) -> (string, mem) and the rest, with the runtime's meanings.
  ['ConcatStrings', -1, AuxSite, HasSideEffect | WritesMemory],
  ['BytesToString', 2, AuxSite, HasSideEffect | WritesMemory],
  ['StringToBytes', 2, AuxSite, HasSideEffect | WritesMemory],
  ['RunesToString', 2, AuxSite, HasSideEffect | WritesMemory],
  ['StringToRunes', 2, AuxSite, HasSideEffect | WritesMemory],
  ['IntToString', 2, AuxSite, HasSideEffect | WritesMemory],
  // []byte seen as a string without a copy, where the result does not outlive the next write (map lookup, comparison, range): ([]byte) -> string.
  ['BytesToStringTemporary', 1, AuxNone, 0],
  // go and defer of an argument-less, result-less func value: (func value, mem) -> mem. Defer: auxLo 1: in a loop; 2: open-coded, the auxHi-th of its function. DeferAt: (func value, token, mem).
  ['Go', 2, AuxSite, HasSideEffect | WritesMemory | IsCall],
  ['Defer', 2, AuxSite, HasSideEffect | WritesMemory | IsCall],
  ['DeferAt', 3, AuxSite, HasSideEffect | WritesMemory | IsCall],
];
