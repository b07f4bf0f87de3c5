/**
 * Instructions as the assembler parses them and the compiler's back ends emit them; one encoder per architecture turns them
 * into machine code. Operands come in the assembler's order: sources first, destination last (GOROOT/src/cmd/internal/obj).
 *
 * A function is a list of instructions linked through `next`, the first of which is TEXT. Both users fill an AsmFunction and
 * call the architecture's assembleFunction, which inserts the prologue, the stack check and the epilogues, sizes branches,
 * and leaves code, relocations and pc tables in the function's symbol. After that, `pc` of every instruction is its offset.
 */
import type { Pos } from '#base/source.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { InlineNode, LinkSymbol, Symbols } from '#obj/symbol.ts';
import * as Pseudo from './pseudo.ts';

/* Kinds of operands. */
export const None = 0;
/** The register `reg`. */
export const Reg = 1;
/** Memory at symbol + offset + base register `reg` + `index` * `scale`. */
export const Mem = 2;
/** The integer `hi:lo`. */
export const Const = 3;
/** The address of what Mem would denote: $sym+4(SB), $x-8(SP). */
export const Addr = 4;
/** The number `float`. */
export const FloatConst = 5;
/** The bytes of `text` (one char code each), for DATA. */
export const StringConst = 6;
/** A branch: to the instruction's `target`, or to the symbol `sym`; until resolved, `lo` instructions from here. */
export const Branch = 7;
/** Frame size `lo` and argument size `hi` of TEXT. */
export const TextSize = 8;
/** The function pointer stored at a symbol: CALL *f(SB). */
export const Indirect = 9;
/** The registers `reg` to `index`. */
export const RegList = 10;

/* What a memory operand is relative to. */
export const NameNone = 0;
/** A global symbol. */
export const NameExtern = 1;
/** A symbol of this file. */
export const NameStatic = 2;
/** A local variable: below the saved frame pointer. */
export const NameAuto = 3;
/** A parameter or result in the caller's frame: from the first word above the return address. */
export const NameParam = 4;
/** The symbol's entry in the global offset table. */
export const NameGotRef = 5;

/** One operand. Never changed after it is made, so that register operands can be shared. */
export class Operand {
  readonly kind: number;
  readonly name: number;
  /** Architecture's register number, 0 for none. */
  readonly reg: number;
  readonly index: number;
  readonly scale: number;
  /** Offset or value: two signed 32-bit halves. */
  readonly lo: number;
  readonly hi: number;
  readonly sym: LinkSymbol | null;
  readonly float: number;
  /** Name of a local or parameter (for printing only), or the bytes of a StringConst. */
  readonly text: string;

  constructor(
    kind: number,
    name: number,
    reg: number,
    index: number,
    scale: number,
    lo: number,
    hi: number,
    sym: LinkSymbol | null,
    float: number,
    text: string,
  ) {
    this.kind = kind;
    this.name = name;
    this.reg = reg;
    this.index = index;
    this.scale = scale;
    this.lo = lo;
    this.hi = hi;
    this.sym = sym;
    this.float = float;
    this.text = text;
  }
}

export const noOperand = new Operand(None, NameNone, 0, 0, 0, 0, 0, null, 0, '');

const regOperands: (Operand | undefined)[] = [];

/** The (shared) operand of a register. */
export function regOperand(reg: number): Operand {
  let o = regOperands[reg];
  if (o === undefined) {
    o = new Operand(Reg, NameNone, reg, 0, 0, 0, 0, null, 0, '');
    regOperands[reg] = o;
  }
  return o;
}

/** A 32-bit constant, sign-extended. */
export function constOperand(value: number): Operand {
  return new Operand(Const, NameNone, 0, 0, 0, value | 0, value < 0 ? -1 : 0, null, 0, '');
}

export function const64Operand(lo: number, hi: number): Operand {
  return new Operand(Const, NameNone, 0, 0, 0, lo | 0, hi | 0, null, 0, '');
}

/** offset(base) */
export function memOperand(base: number, offset: number): Operand {
  return new Operand(Mem, NameNone, base, 0, 0, offset | 0, offset < 0 ? -1 : 0, null, 0, '');
}

/** offset(base)(index*scale); base may be 0. */
export function indexedOperand(base: number, index: number, scale: number, offset: number): Operand {
  return new Operand(Mem, NameNone, base, index, scale, offset | 0, offset < 0 ? -1 : 0, null, 0, '');
}

/** sym+offset(SB) */
export function symOperand(sym: LinkSymbol, offset: number): Operand {
  return new Operand(Mem, NameExtern, 0, 0, 0, offset | 0, offset < 0 ? -1 : 0, sym, 0, '');
}

/** $sym+offset(SB) */
export function symAddrOperand(sym: LinkSymbol, offset: number): Operand {
  return new Operand(Addr, NameExtern, 0, 0, 0, offset | 0, offset < 0 ? -1 : 0, sym, 0, '');
}

/** A local variable; the offset is negative, from the top of the locals. */
export function autoOperand(offset: number): Operand {
  return new Operand(Mem, NameAuto, 0, 0, 0, offset | 0, offset < 0 ? -1 : 0, null, 0, '');
}

/** A stack parameter, result or spill slot; offset from the first of them. */
export function paramOperand(offset: number): Operand {
  return new Operand(Mem, NameParam, 0, 0, 0, offset | 0, offset < 0 ? -1 : 0, null, 0, '');
}

export function floatOperand(value: number): Operand {
  return new Operand(FloatConst, NameNone, 0, 0, 0, 0, 0, null, value, '');
}

/** Destination of a CALL, JMP or RET to a symbol. */
export function callOperand(sym: LinkSymbol): Operand {
  return new Operand(Branch, NameExtern, 0, 0, 0, 0, 0, sym, 0, '');
}

/** Destination of a branch within the function; the instruction's `target` says where. */
export const branchOperand = new Operand(Branch, NameNone, 0, 0, 0, 0, 0, null, 0, '');

/** The same operand with another kind, or relative to other registers. */
export function changeOperand(o: Operand, kind: number, name: number, reg: number, lo: number, hi: number): Operand {
  return new Operand(kind, name, reg, o.index, o.scale, lo, hi, o.sym, o.float, o.text);
}

/** The offset or value as a number; exact up to 53 bits. */
export function operandValue(o: Operand): number {
  return o.hi * 4294967296 + (o.lo >>> 0);
}

/** True if the value fits in a signed 32-bit integer. */
export function fitsInt32(o: Operand): boolean {
  return o.hi === o.lo >> 31;
}

export class Inst {
  /** An opcode of pseudo.ts or of the architecture. */
  op: number;
  /** Suffix of the opcode, 0 for none: AVX-512 rounding and masking, conditions elsewhere; numbered by the architecture. */
  suffix: number;
  pos: Pos;
  /** Node of the function's inline tree this instruction belongs to, -1 for the function itself. */
  inline: number;
  from: Operand;
  /** Operands between from and to, in order; null if there are none. */
  rest: Operand[] | null;
  /** The destination, last operand. Operand-less instructions have neither; single operands are in `to` if written to. */
  to: Operand;
  /** Where a branch goes. */
  target: Inst | null;
  next: Inst | null;
  /** Offset in the function's code; before assembly, the assembler's instruction count. */
  pc: number;
  /** Bytes of code. */
  size: number;
  /** Change of the frame size after this instruction, in bytes. */
  spAdjust: number;
  /** Scratch bits of a pass. */
  mark: number;

  constructor(op: number, pos: Pos, from: Operand, to: Operand) {
    this.op = op;
    this.suffix = 0;
    this.pos = pos;
    this.inline = -1;
    this.from = from;
    this.rest = null;
    this.to = to;
    this.target = null;
    this.next = null;
    this.pc = 0;
    this.size = 0;
    this.spAdjust = 0;
    this.mark = 0;
  }
}

/** A register parameter that the stack-growing path saves in its spill slot and reloads. */
export interface RegSpill {
  reg: number;
  /** Of the slot, as in paramOperand. */
  offset: number;
  /** Opcodes: store to the slot, load from it. */
  store: number;
  load: number;
}

/** An inlined call whose parent pc is that of an instruction. */
export interface InlineMark {
  node: InlineNode;
  inst: Inst;
}

/** Words of code addresses, one for each target: a jump table in read-only data. */
export interface JumpTable {
  sym: LinkSymbol;
  targets: Inst[];
}

/** A function on its way into machine code. */
export class AsmFunction {
  /** The text symbol to be filled; its attributes (NoSplit, NoFrame, NeedCtxt, ...) steer the prologue. */
  readonly symbol: LinkSymbol;
  /** The TEXT instruction. */
  readonly first: Inst;
  last: Inst;
  /** Bytes of locals and outgoing arguments, without saved frame pointer and return address. */
  readonly frameSize: number;
  /** Bytes of stack parameters and results (and spill area), or ArgsSizeUnknown. */
  readonly argsSize: number;
  /** Checks the system stack's guard: a function that runs on a C stack. */
  isCFunc: boolean;
  spills: RegSpill[];
  inlineMarks: InlineMark[];
  jumpTables: JumpTable[];
  /** Last instruction of the prologue, once it is inserted and if it is not empty: debuggers stop behind it. */
  prologueEnd: Inst | null;

  constructor(symbol: LinkSymbol, pos: Pos, frameSize: number, argsSize: number) {
    this.symbol = symbol;
    this.first = new Inst(
      Pseudo.TEXT,
      pos,
      symOperand(symbol, 0),
      new Operand(TextSize, NameNone, 0, 0, 0, frameSize, argsSize, null, 0, ''),
    );
    this.last = this.first;
    this.frameSize = frameSize;
    this.argsSize = argsSize;
    this.isCFunc = false;
    this.spills = [];
    this.inlineMarks = [];
    this.jumpTables = [];
    this.prologueEnd = null;
  }

  /** Adds an instruction at the end. */
  append(p: Inst): Inst {
    this.last.next = p;
    this.last = p;
    return p;
  }
}

/** Puts q after p in the list. */
export function insertAfter(fn: AsmFunction, p: Inst, q: Inst): Inst {
  q.next = p.next;
  p.next = q;
  if (fn.last === p) fn.last = q;
  return q;
}

/** Tells file (index in the object's file table) and line of positions. Line 0: the instruction keeps the position before it. */
export interface LinePositions {
  fileOf(pos: Pos): number;
  lineOf(pos: Pos): number;
}

/** What the functions of one object share while they are assembled. */
export interface AsmContext {
  readonly goos: string;
  readonly symbols: Symbols;
  readonly object: ObjectFile;
  readonly positions: LinePositions;
  /** The input is assembly text, not compiled Go: the stack pointer may be written freely, no jump is padded. */
  readonly isAsm: boolean;
  /** -shared: position-independent, thread-local storage through the initial-exec model. */
  readonly shared: boolean;
  /** -dynlink: global symbols through the global offset table. */
  readonly dynlink: boolean;
  /** -spectre=ret: indirect calls and jumps go through runtime.retpoline*. */
  readonly retpoline?: boolean;
  /** -d=maymorestack: a function that is called before every stack check. */
  readonly maymorestack?: string;
  /** Floating-point constants made so far, not yet among the object's definitions (constants.ts). */
  readonly constants: LinkSymbol[];
  /** "file:line" as messages show it. */
  describePosition(pos: Pos): string;
  /** Reports an error in the user's instructions. */
  error(pos: Pos, message: string): void;
}
