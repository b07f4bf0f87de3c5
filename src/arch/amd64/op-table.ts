/**
 * The machine operations of amd64 in the SSA form. Names and meanings follow cmd/compile/internal/ssa/_gen/AMD64Ops.go where
 * an operation exists there. gen/op.ts (the constants) is generated from this table by scripts/gen-amd64-ops.ts; ops.ts makes
 * the records that register allocation and emission read.
 *
 * Conventions
 * - Small integers live in the low part of a register; what is above their width is undefined.
 * - auxLo is an immediate (sign-extended), or the offset of a memory operand. aux names a symbol (SymbolRef) or a frame slot
 *   (Slot) that the operand is relative to; the base is then SB or SP.
 * - ...const operations on memory: auxLo is the offset, auxHi the constant.
 * - ...idx operations: base, index; auxHi is the scale (1, 2, 4, 8). LEAQ1 ... LEAQ8 have it in their name.
 * - Tuples (value, flags) and (value, memory) are read by Select0 and Select1.
 *
 * Columns: name, arguments (-1: any), registers (a name of regs.ts), mnemonic, form (how it is emitted), aux, flags.
 */
import * as Gen from '#ssa/op-table.ts';

/* Forms of emission. "dst" is the result's register; operands in the assembler's order. */
/** Emitted by hand. */
export const Special = 0;
/** op arg1, dst; dst is arg0's register. */
export const Binary = 1;
/** op $aux, dst; dst is arg0's register. */
export const BinaryConst = 2;
/** op dst; dst is arg0's register. */
export const Unary = 3;
/** op arg0, dst. */
export const Convert = 4;
/** op arg0, arg1: flags. */
export const Compare = 5;
/** op arg0, $aux: flags. */
export const CompareConst = 6;
/** op $aux, arg0: flags. */
export const TestConst = 7;
/** op arg1, arg0: flags. */
export const Test = 8;
/** op mem(arg0), dst. */
export const Load = 9;
/** op mem(arg0, arg1), dst. */
export const LoadIndexed = 10;
/** op arg1, mem(arg0). */
export const Store = 11;
/** op arg2, mem(arg0, arg1). */
export const StoreIndexed = 12;
/** op $val, mem(arg0). */
export const StoreConst = 13;
/** op mem(arg1), dst; dst is arg0's register. */
export const BinaryLoad = 14;
/** op mem(arg0), arg1: flags. */
export const CompareLoad = 15;
/** op mem(arg0), $val: flags. */
export const CompareConstLoad = 16;
/** op dst, from flags. */
export const SetCondition = 17;
/** op mem(arg0), from flags. */
export const SetStore = 18;
/** op arg1, dst, from flags; dst is arg0's register. */
export const ConditionalMove = 19;
/** op mem(arg0), dst: an address. */
export const Address = 20;
/** op mem(arg0, arg1), dst: an address. */
export const AddressIndexed = 21;
/** LOCK; op arg1, mem(arg0). */
export const LockedModify = 22;
/** op mem(arg1, arg2), dst; dst is arg0's register. */
export const BinaryLoadIndexed = 23;
/** op $aux, arg0, dst. */
export const ImmediateConvert = 24;
/** op $val, mem(arg0, arg1), with the scale of the operand's size. */
export const StoreConstIndexed = 25;
/** op arg0, mem(arg1). */
export const CompareToLoad = 26;
/** op mem(arg0, arg1), arg2. */
export const CompareLoadIndexed = 27;
/** op arg0, mem(arg1, arg2). */
export const CompareToLoadIndexed = 28;
/** op mem(arg0, arg1), $val, with the scale of the operand's size. */
export const CompareConstLoadIndexed = 29;

const { AuxNone, AuxInt, AuxSymbol, AuxCall } = Gen;
const { Commutative, ReadsMemory, WritesMemory, HasSideEffect, NilCheckArg0, NilCheckArg1, IsCall, IsConstant } = Gen;

/* Further flags, above those of the generic table. */
/** The result takes the register of argument 0. */
export const ResultInArg0 = 1 << 12;
/** May be made again instead of being spilled. */
export const Rematerializable = 1 << 13;
export const ClobbersFlags = 1 << 14;
export const NeedsIntTemp = 1 << 15;
/** The result must not share a register with an argument. */
export const ResultNotInArgs = 1 << 16;

export type Row = readonly [
  name: string,
  args: number,
  regs: string,
  asm: string,
  form: number,
  aux: number,
  flags: number,
];

const R0 = ResultInArg0;
const CF = ClobbersFlags;

function binary(names: string, flags: number): Row[] {
  return names.split(' ').map((n): Row => [n, 2, 'gp21', mul(n), Binary, AuxNone, R0 | CF | flags]);
}

/** The assembler calls two- and three-operand signed multiplication IMUL. */
function mul(name: string): string {
  return name.replace(/^MUL([LQ])$/, 'IMUL$1').replace(/^MUL([LQ])const$/, 'IMUL3$1');
}

function binaryConst(names: string): Row[] {
  return names.split(' ').map((n): Row => [`${n}const`, 1, 'gp11', n, BinaryConst, AuxInt, R0 | CF]);
}

function floatBinary(names: string, flags: number): Row[] {
  return names.split(' ').map((n): Row => [n, 2, 'fp21', n, Binary, AuxNone, R0 | flags]);
}

function shift(names: string): Row[] {
  return names.split(' ').map((n): Row => [n, 2, 'gp21shift', n, Binary, AuxNone, R0 | CF]);
}

const widths = ['Q', 'L', 'W', 'B'] as const;

function compares(): Row[] {
  const rows: Row[] = [];
  for (const w of widths) {
    rows.push([`CMP${w}`, 2, 'gp2flags', `CMP${w}`, Compare, AuxNone, 0]);
    rows.push([`CMP${w}const`, 1, 'gp1flags', `CMP${w}`, CompareConst, AuxInt, 0]);
    rows.push([`TEST${w}`, 2, 'gp2flags', `TEST${w}`, Test, AuxNone, Commutative]);
    rows.push([`TEST${w}const`, 1, 'gp1flags', `TEST${w}`, TestConst, AuxInt, 0]);
    rows.push([`CMP${w}load`, 3, 'gp1flagsLoad', `CMP${w}`, CompareLoad, AuxSymbol, ReadsMemory | NilCheckArg0]);
    rows.push([
      `CMP${w}constload`,
      2,
      'gp0flagsLoad',
      `CMP${w}`,
      CompareConstLoad,
      AuxSymbol,
      ReadsMemory | NilCheckArg0,
    ]);
    rows.push([`CMP${w}toload`, 3, 'gp1flagsToLoad', `CMP${w}`, CompareToLoad, AuxSymbol, ReadsMemory | NilCheckArg1]);
    rows.push([`CMP${w}loadidx`, 4, 'gp1flagsLoadidx', `CMP${w}`, CompareLoadIndexed, AuxSymbol, ReadsMemory]);
    rows.push([`CMP${w}toloadidx`, 4, 'gp1flagsToLoadidx', `CMP${w}`, CompareToLoadIndexed, AuxSymbol, ReadsMemory]);
    rows.push([
      `CMP${w}constloadidx`,
      3,
      'gp0flagsLoadidx',
      `CMP${w}`,
      CompareConstLoadIndexed,
      AuxSymbol,
      ReadsMemory,
    ]);
  }
  return rows;
}

/** Conditions: the suffix of SETcc here, of the assembler's SETcc, of CMOVcc here and in the assembler. */
const conditions: readonly (readonly [string, string, string, string])[] = [
  ['EQ', 'EQ', 'EQ', 'EQ'],
  ['NE', 'NE', 'NE', 'NE'],
  ['L', 'LT', 'LT', 'LT'],
  ['LE', 'LE', 'LE', 'LE'],
  ['G', 'GT', 'GT', 'GT'],
  ['GE', 'GE', 'GE', 'GE'],
  ['B', 'CS', 'CS', 'CS'],
  ['BE', 'LS', 'LS', 'LS'],
  ['A', 'HI', 'HI', 'HI'],
  ['AE', 'CC', 'CC', 'CC'],
];

function setsAndMoves(): Row[] {
  const rows: Row[] = [];
  for (const [set, asm] of conditions) rows.push([`SET${set}`, 1, 'readflags', `SET${asm}`, SetCondition, AuxNone, 0]);
  rows.push(['SETO', 1, 'readflags', 'SETOS', SetCondition, AuxNone, 0]);
  // Floating point comparisons: greater cannot be taken for unordered.
  rows.push(['SETGF', 1, 'readflags', 'SETHI', SetCondition, AuxNone, 0]);
  rows.push(['SETGEF', 1, 'readflags', 'SETCC', SetCondition, AuxNone, 0]);
  rows.push(['SETEQF', 1, 'readflags', 'SETEQ', Special, AuxNone, CF | NeedsIntTemp]);
  rows.push(['SETNEF', 1, 'readflags', 'SETNE', Special, AuxNone, CF | NeedsIntTemp]);
  for (const [set, asm] of conditions)
    rows.push([`SET${set}store`, 3, 'gpstoreflags', `SET${asm}`, SetStore, AuxSymbol, WritesMemory | NilCheckArg0]);
  for (const w of ['Q', 'L']) {
    for (const [, , cmov, asm] of conditions)
      rows.push([`CMOV${w}${cmov}`, 3, 'gp21', `CMOV${w}${asm}`, ConditionalMove, AuxNone, R0]);
    rows.push([`CMOV${w}GTF`, 3, 'gp21', `CMOV${w}HI`, ConditionalMove, AuxNone, R0]);
    rows.push([`CMOV${w}GEF`, 3, 'gp21', `CMOV${w}CC`, ConditionalMove, AuxNone, R0]);
    rows.push([`CMOV${w}EQF`, 3, 'gp21', `CMOV${w}NE`, Special, AuxNone, R0 | NeedsIntTemp]);
    rows.push([`CMOV${w}NEF`, 3, 'gp21', `CMOV${w}NE`, Special, AuxNone, R0]);
  }
  return rows;
}

function memory(): Row[] {
  const rows: Row[] = [];
  const load = (n: string, regs: string, asm: string): void => {
    rows.push([`${n}load`, 2, regs, asm, Load, AuxSymbol, ReadsMemory | NilCheckArg0]);
    rows.push([`${n}loadidx`, 3, `${regs}idx`, asm, LoadIndexed, AuxSymbol, ReadsMemory]);
  };
  const store = (n: string, regs: string, asm: string): void => {
    rows.push([`${n}store`, 3, regs, asm, Store, AuxSymbol, WritesMemory | NilCheckArg0]);
    rows.push([`${n}storeidx`, 4, `${regs}idx`, asm, StoreIndexed, AuxSymbol, WritesMemory]);
  };
  load('MOVQ', 'gpload', 'MOVQ');
  load('MOVL', 'gpload', 'MOVL');
  load('MOVW', 'gpload', 'MOVWLZX');
  load('MOVB', 'gpload', 'MOVBLZX');
  load('MOVLQSX', 'gpload', 'MOVLQSX');
  load('MOVWQSX', 'gpload', 'MOVWQSX');
  load('MOVBQSX', 'gpload', 'MOVBQSX');
  load('MOVSS', 'fpload', 'MOVSS');
  load('MOVSD', 'fpload', 'MOVSD');
  load('MOVO', 'fpload', 'MOVUPS');
  for (const w of widths) store(`MOV${w}`, 'gpstore', `MOV${w}`);
  store('MOVSS', 'fpstore', 'MOVSS');
  store('MOVSD', 'fpstore', 'MOVSD');
  store('MOVO', 'fpstore', 'MOVUPS');
  for (const w of widths) {
    rows.push([`MOV${w}storeconst`, 2, 'gpstoreconst', `MOV${w}`, StoreConst, AuxSymbol, WritesMemory | NilCheckArg0]);
    rows.push([`MOV${w}storeconstidx`, 3, 'gpstoreconstidx', `MOV${w}`, StoreConstIndexed, AuxSymbol, WritesMemory]);
  }
  rows.push(['MOVOstoreconst', 2, 'gpstoreconst', 'MOVUPS', Special, AuxSymbol, WritesMemory | NilCheckArg0]);
  for (const w of ['Q', 'L']) {
    for (const n of ['ADD', 'SUB', 'AND', 'OR', 'XOR']) {
      const flags = R0 | CF | ReadsMemory;
      rows.push([`${n}${w}load`, 3, 'gp21load', `${n}${w}`, BinaryLoad, AuxSymbol, flags | NilCheckArg1]);
      rows.push([`${n}${w}loadidx`, 4, 'gp21loadidx', `${n}${w}`, BinaryLoadIndexed, AuxSymbol, flags]);
    }
    for (const n of ['ADD', 'SUB', 'AND', 'OR', 'XOR']) {
      rows.push([
        `${n}${w}modify`,
        3,
        'gpstore',
        `${n}${w}`,
        Store,
        AuxSymbol,
        CF | WritesMemory | ReadsMemory | NilCheckArg0,
      ]);
      if (n !== 'SUB')
        rows.push([
          `${n}${w}constmodify`,
          2,
          'gpstoreconst',
          `${n}${w}`,
          StoreConst,
          AuxSymbol,
          CF | WritesMemory | ReadsMemory | NilCheckArg0,
        ]);
    }
  }
  for (const n of ['ADD', 'SUB', 'MUL', 'DIV'])
    for (const w of ['SS', 'SD']) {
      const flags = R0 | ReadsMemory;
      rows.push([`${n}${w}load`, 3, 'fp21load', `${n}${w}`, BinaryLoad, AuxSymbol, flags | NilCheckArg1]);
      rows.push([`${n}${w}loadidx`, 4, 'fp21loadidx', `${n}${w}`, BinaryLoadIndexed, AuxSymbol, flags]);
    }
  return rows;
}

function addresses(): Row[] {
  const rows: Row[] = [];
  rows.push(['LEAQ', 1, 'gp11sb', 'LEAQ', Address, AuxSymbol, Rematerializable]);
  rows.push(['LEAL', 1, 'gp11sb', 'LEAL', Address, AuxSymbol, Rematerializable]);
  for (const s of [1, 2, 4, 8]) {
    rows.push([`LEAQ${s}`, 2, 'gp21sb', 'LEAQ', AddressIndexed, AuxSymbol, s === 1 ? Commutative : 0]);
    rows.push([`LEAL${s}`, 2, 'gp21sb', 'LEAL', AddressIndexed, AuxSymbol, s === 1 ? Commutative : 0]);
  }
  return rows;
}

function convert(names: string, regs: string): Row[] {
  return names.split(' ').map((n): Row => [n, 1, regs, n, Convert, AuxNone, 0]);
}

const atomic = WritesMemory | ReadsMemory | HasSideEffect;

export const rows: readonly Row[] = [
  ...floatBinary('ADDSS ADDSD MULSS MULSD', Commutative),
  ...floatBinary('SUBSS SUBSD DIVSS DIVSD MINSS MINSD', 0),
  ...floatBinary('PXOR POR PAND PCMPEQB PUNPCKLBW', 0),
  ['MOVSSconst', 0, 'fp01', 'MOVSS', Special, AuxInt, Rematerializable | IsConstant],
  ['MOVSDconst', 0, 'fp01', 'MOVSD', Special, AuxInt, Rematerializable | IsConstant],
  ['UCOMISS', 2, 'fp2flags', 'UCOMISS', Test, AuxNone, 0],
  ['UCOMISD', 2, 'fp2flags', 'UCOMISD', Test, AuxNone, 0],
  // ADDx and ADDxconst are LEA where the result is in another register.
  ['ADDQ', 2, 'gp21sp', 'ADDQ', Special, AuxNone, CF | Commutative],
  ['ADDL', 2, 'gp21sp', 'ADDL', Special, AuxNone, CF | Commutative],
  ['ADDQconst', 1, 'gp11sp', 'ADDQ', Special, AuxInt, CF],
  ['ADDLconst', 1, 'gp11sp', 'ADDL', Special, AuxInt, CF],
  ...binary('SUBQ SUBL', 0),
  ...binary('MULQ MULL ANDQ ANDL ORQ ORL XORQ XORL', Commutative),
  ...binaryConst('SUBQ SUBL ANDQ ANDL ORQ ORL XORQ XORL'),
  ['MULQconst', 1, 'gp11', 'IMUL3Q', ImmediateConvert, AuxInt, CF],
  ['MULLconst', 1, 'gp11', 'IMUL3L', ImmediateConvert, AuxInt, CF],
  // High halves, full products, divisions: AX and DX.
  ['HMULQ', 2, 'gp21hmul', 'IMULQ', Special, AuxNone, CF],
  ['HMULL', 2, 'gp21hmul', 'IMULL', Special, AuxNone, CF],
  ['HMULQU', 2, 'gp21hmul', 'MULQ', Special, AuxNone, CF],
  ['HMULLU', 2, 'gp21hmul', 'MULL', Special, AuxNone, CF],
  // (low, flags): the product does not fit if O is set.
  ['MULQU', 2, 'mulflags', 'MULQ', Special, AuxNone, CF],
  // (high, low)
  ['MULQU2', 2, 'mul2', 'MULQ', Special, AuxNone, CF],
  // (high, low, divisor) -> (quotient, remainder)
  ['DIVQU2', 3, 'div2', 'DIVQ', Special, AuxNone, CF],
  // (quotient, remainder); auxLo 1: the divisor is not -1.
  ['DIVQ', 2, 'gp11div', 'IDIVQ', Special, AuxInt, CF],
  ['DIVL', 2, 'gp11div', 'IDIVL', Special, AuxInt, CF],
  ['DIVW', 2, 'gp11div', 'IDIVW', Special, AuxInt, CF],
  ['DIVQU', 2, 'gp11div', 'DIVQ', Special, AuxNone, CF],
  ['DIVLU', 2, 'gp11div', 'DIVL', Special, AuxNone, CF],
  ['DIVWU', 2, 'gp11div', 'DIVW', Special, AuxNone, CF],
  ['AVGQU', 2, 'gp21', 'ADDQ', Special, AuxNone, R0 | CF | Commutative],
  // Carries: tuples (value, flags). NEGLflags makes the carry flag from 0 or 1.
  ['ADDQcarry', 2, 'gp21flags', 'ADDQ', Binary, AuxNone, R0 | CF | Commutative],
  ['ADCQ', 3, 'gp2flags1flags', 'ADCQ', Binary, AuxNone, R0 | CF | Commutative],
  ['SUBQborrow', 2, 'gp21flags', 'SUBQ', Binary, AuxNone, R0 | CF],
  ['SBBQ', 3, 'gp2flags1flags', 'SBBQ', Binary, AuxNone, R0 | CF],
  ['NEGLflags', 1, 'gp11flags', 'NEGL', Unary, AuxNone, R0 | CF],
  // All ones if the carry flag is set, else zero.
  ['SBBQcarrymask', 1, 'flagsgp', 'SBBQ', Special, AuxNone, CF],
  ['SBBLcarrymask', 1, 'flagsgp', 'SBBL', Special, AuxNone, CF],
  ...compares(),
  // (bit, value): C is the bit.
  ['BTL', 2, 'gp2flags', 'BTL', Compare, AuxNone, 0],
  ['BTQ', 2, 'gp2flags', 'BTQ', Compare, AuxNone, 0],
  ['BTLconst', 1, 'gp1flags', 'BTL', TestConst, AuxInt, 0],
  ['BTQconst', 1, 'gp1flags', 'BTQ', TestConst, AuxInt, 0],
  ...binary('BTSQ BTRQ BTCQ BTSL BTRL BTCL', 0),
  ...binaryConst('BTSQ BTRQ BTCQ'),
  ...shift('SHLQ SHLL SHRQ SHRL SHRW SHRB SARQ SARL SARW SARB ROLQ ROLL ROLW ROLB'),
  ...binaryConst('SHLQ SHLL SHRQ SHRL SHRW SHRB SARQ SARL SARW SARB ROLQ ROLL ROLW ROLB'),
  ['NEGQ', 1, 'gp11', 'NEGQ', Unary, AuxNone, R0 | CF],
  ['NEGL', 1, 'gp11', 'NEGL', Unary, AuxNone, R0 | CF],
  ['NOTQ', 1, 'gp11', 'NOTQ', Unary, AuxNone, R0],
  ['NOTL', 1, 'gp11', 'NOTL', Unary, AuxNone, R0],
  ['BSWAPQ', 1, 'gp11', 'BSWAPQ', Unary, AuxNone, R0],
  ['BSWAPL', 1, 'gp11', 'BSWAPL', Unary, AuxNone, R0],
  // (index, flags): Z is set if there is no bit.
  ['BSFQ', 1, 'gp11flags', 'BSFQ', Convert, AuxNone, CF],
  ['BSRQ', 1, 'gp11flags', 'BSRQ', Convert, AuxNone, CF],
  ['BSFL', 1, 'gp11', 'BSFL', Convert, AuxNone, CF],
  ['BSRL', 1, 'gp11', 'BSRL', Convert, AuxNone, CF],
  ['POPCNTQ', 1, 'gp11', 'POPCNTQ', Special, AuxNone, CF],
  ['POPCNTL', 1, 'gp11', 'POPCNTL', Special, AuxNone, CF],
  ...convert('SQRTSD SQRTSS CVTSS2SD CVTSD2SS', 'fp11'),
  // auxLo: 0 to even, 1 down, 2 up, 3 toward zero.
  ['ROUNDSD', 1, 'fp11', 'ROUNDSD', ImmediateConvert, AuxInt, 0],
  // arg0 + arg1 * arg2
  ['VFMADD231SD', 3, 'fp31', 'VFMADD231SD', Special, AuxNone, R0],
  ...setsAndMoves(),
  ...convert('MOVBQSX MOVBQZX MOVWQSX MOVWQZX MOVLQSX MOVLQZX', 'gp11'),
  ['MOVLconst', 0, 'gp01', 'MOVL', Special, AuxInt, Rematerializable | IsConstant],
  ['MOVQconst', 0, 'gp01', 'MOVQ', Special, AuxInt, Rematerializable | IsConstant],
  ...convert('CVTTSD2SL CVTTSD2SQ CVTTSS2SL CVTTSS2SQ', 'fpgp'),
  ['CVTSL2SS', 1, 'gpfp', 'CVTSL2SS', Special, AuxNone, 0],
  ['CVTSL2SD', 1, 'gpfp', 'CVTSL2SD', Special, AuxNone, 0],
  ['CVTSQ2SS', 1, 'gpfp', 'CVTSQ2SS', Special, AuxNone, 0],
  ['CVTSQ2SD', 1, 'gpfp', 'CVTSQ2SD', Special, AuxNone, 0],
  ['MOVQi2f', 1, 'gpfp', 'MOVQ', Convert, AuxNone, 0],
  ['MOVLi2f', 1, 'gpfp', 'MOVL', Convert, AuxNone, 0],
  ['MOVQf2i', 1, 'fpgp', 'MOVQ', Convert, AuxNone, 0],
  ['MOVLf2i', 1, 'fpgp', 'MOVL', Convert, AuxNone, 0],
  ['PMOVMSKB', 1, 'fpgp', 'PMOVMSKB', Convert, AuxNone, 0],
  ['PSHUFLW', 1, 'fp11', 'PSHUFLW', ImmediateConvert, AuxInt, 0],
  ...addresses(),
  ...memory(),
  // Zeroing of auxLo bytes, 16 to 191; in a loop; by REP STOSQ (destination, words, zero).
  ['LoweredZero', 2, 'gpstoreconst', '', Special, AuxInt, WritesMemory | NilCheckArg0],
  ['LoweredZeroLoop', 2, 'zeroloop', '', Special, AuxInt, WritesMemory | NilCheckArg0 | CF],
  ['REPSTOSQ', 4, 'repstos', '', Special, AuxNone, WritesMemory | NilCheckArg0],
  ['LoweredMove', 3, 'move', '', Special, AuxInt, WritesMemory | ReadsMemory | NilCheckArg0 | NilCheckArg1],
  [
    'LoweredMoveLoop',
    3,
    'moveloop',
    '',
    Special,
    AuxInt,
    WritesMemory | ReadsMemory | NilCheckArg0 | NilCheckArg1 | CF,
  ],
  ['REPMOVSQ', 4, 'repmovs', '', Special, AuxNone, WritesMemory | ReadsMemory | NilCheckArg0 | NilCheckArg1],
  // Calls: as the generic ones, with arguments in their registers.
  ['CALLstatic', -1, 'call', '', Special, AuxCall, CF | IsCall | HasSideEffect | WritesMemory | ReadsMemory],
  ['CALLtail', -1, 'call', '', Special, AuxCall, CF | IsCall | HasSideEffect | WritesMemory | ReadsMemory],
  ['CALLclosure', -1, 'callclosure', '', Special, AuxCall, CF | IsCall | HasSideEffect | WritesMemory | ReadsMemory],
  ['CALLinter', -1, 'callinter', '', Special, AuxCall, CF | IsCall | HasSideEffect | WritesMemory | ReadsMemory],
  ['LoweredNilCheck', 2, 'nilcheck', 'TESTB', Special, AuxNone, CF | ReadsMemory | HasSideEffect | NilCheckArg0],
  ['LoweredGetClosurePtr', 0, 'closureptr', '', Special, AuxNone, HasSideEffect],
  // The address of the jump table of block auxLo.
  ['JumpTableAddr', 0, 'gp01', 'LEAQ', Special, AuxInt, 0],
  ['LoweredGetCallerPC', 0, 'gp01', '', Special, AuxNone, Rematerializable],
  ['LoweredGetCallerSP', 1, 'gp01mem', '', Special, AuxNone, Rematerializable],
  // g, in its register; in ABI0 functions from thread-local storage.
  ['LoweredGetG', 1, 'getg', '', Special, AuxNone, ReadsMemory],
  // (mem) -> (buffer address, mem)
  ['LoweredWB', 1, 'wb', '', Special, AuxInt, CF | WritesMemory | HasSideEffect],
  // (index, length, mem); constants in auxHi of the ...C forms. auxLo: code and signedness.
  ['LoweredPanicBoundsRR', 3, 'panicRR', '', Special, AuxInt, IsCall | WritesMemory | HasSideEffect],
  ['LoweredPanicBoundsRC', 2, 'panicR', '', Special, AuxInt, IsCall | WritesMemory | HasSideEffect],
  ['LoweredPanicBoundsCR', 2, 'panicR', '', Special, AuxInt, IsCall | WritesMemory | HasSideEffect],
  // uintptr to pointer and back, in order with safepoints: (value, mem).
  ['MOVQconvert', 2, 'gp11mem', '', Special, AuxNone, R0],
  // SP as the base of a slot whose life begins at the memory state of arg 1.
  ['SPanchored', 2, 'spanchored', '', Special, AuxNone, 0],
  // (value, tuple) -> the tuple with value added to its first element; taken apart by lowering.
  ['AddTupleFirst32', 2, '', '', Special, AuxNone, 0],
  ['AddTupleFirst64', 2, '', '', Special, AuxNone, 0],
  // Atomics.
  ['MOVBatomicload', 2, 'gploadtuple', 'MOVBLZX', Load, AuxSymbol, ReadsMemory | HasSideEffect | NilCheckArg0],
  ['MOVLatomicload', 2, 'gploadtuple', 'MOVL', Load, AuxSymbol, ReadsMemory | HasSideEffect | NilCheckArg0],
  ['MOVQatomicload', 2, 'gploadtuple', 'MOVQ', Load, AuxSymbol, ReadsMemory | HasSideEffect | NilCheckArg0],
  // (value, address, mem) -> (old value, mem)
  ['XCHGB', 3, 'gpstorexchg', 'XCHGB', Special, AuxSymbol, R0 | atomic | NilCheckArg1],
  ['XCHGL', 3, 'gpstorexchg', 'XCHGL', Special, AuxSymbol, R0 | atomic | NilCheckArg1],
  ['XCHGQ', 3, 'gpstorexchg', 'XCHGQ', Special, AuxSymbol, R0 | atomic | NilCheckArg1],
  ['XADDLlock', 3, 'gpstorexchg', 'XADDL', Special, AuxSymbol, R0 | CF | atomic | NilCheckArg1],
  ['XADDQlock', 3, 'gpstorexchg', 'XADDQ', Special, AuxSymbol, R0 | CF | atomic | NilCheckArg1],
  // (address, old, new, mem) -> (done, mem)
  ['CMPXCHGLlock', 4, 'cmpxchg', 'CMPXCHGL', Special, AuxSymbol, CF | atomic | NilCheckArg0],
  ['CMPXCHGQlock', 4, 'cmpxchg', 'CMPXCHGQ', Special, AuxSymbol, CF | atomic | NilCheckArg0],
  // (address, value, mem) -> mem
  ...['ANDB', 'ANDL', 'ANDQ', 'ORB', 'ORL', 'ORQ'].map(
    (n): Row => [`${n}lock`, 3, 'gpstore', n, LockedModify, AuxSymbol, CF | atomic | NilCheckArg0],
  ),
  // (address, value, mem) -> (old value, mem)
  [
    'LoweredAtomicAnd64',
    3,
    'atomiclogic',
    'ANDQ',
    Special,
    AuxSymbol,
    CF | atomic | NilCheckArg0 | NeedsIntTemp | ResultNotInArgs,
  ],
  [
    'LoweredAtomicAnd32',
    3,
    'atomiclogic',
    'ANDL',
    Special,
    AuxSymbol,
    CF | atomic | NilCheckArg0 | NeedsIntTemp | ResultNotInArgs,
  ],
  [
    'LoweredAtomicOr64',
    3,
    'atomiclogic',
    'ORQ',
    Special,
    AuxSymbol,
    CF | atomic | NilCheckArg0 | NeedsIntTemp | ResultNotInArgs,
  ],
  [
    'LoweredAtomicOr32',
    3,
    'atomiclogic',
    'ORL',
    Special,
    AuxSymbol,
    CF | atomic | NilCheckArg0 | NeedsIntTemp | ResultNotInArgs,
  ],
  ['PrefetchT0', 2, 'nilcheck', 'PREFETCHT0', Special, AuxNone, HasSideEffect | WritesMemory],
  ['PrefetchNTA', 2, 'nilcheck', 'PREFETCHNTA', Special, AuxNone, HasSideEffect | WritesMemory],
  // Comparison results known at compile time.
  ['FlagEQ', 0, '', '', Special, AuxNone, IsConstant],
  ['FlagLT_ULT', 0, '', '', Special, AuxNone, IsConstant],
  ['FlagLT_UGT', 0, '', '', Special, AuxNone, IsConstant],
  ['FlagGT_UGT', 0, '', '', Special, AuxNone, IsConstant],
  ['FlagGT_ULT', 0, '', '', Special, AuxNone, IsConstant],
  // Flags of the comparison with operands exchanged.
  ['InvertFlags', 1, '', '', Special, AuxNone, 0],
];

export const blockNames: readonly string[] = [
  'EQ',
  'NE',
  'LT',
  'LE',
  'GT',
  'GE',
  'OS',
  'OC',
  'ULT',
  'ULE',
  'UGT',
  'UGE',
  'EQF',
  'NEF',
  'ORD',
  'NAN',
  'JUMPTABLE',
];
