/**
 * Operand classes: what the columns of the encoding tables ask for, and which class an operand is. An operand has one class,
 * the narrowest; `covers` tells which wider classes accept it (so `$1` is class "1" and is accepted as u2, i8, u8, s32 ...).
 */

import type { Operand } from '#arch/inst.ts';
import * as Inst from '#arch/inst.ts';
import * as R from './regs.ts';

/**
 * 0 1 u2 u7 i8 u8 s32 i32 i64: constants that fit (i32: signed or unsigned). addr: the address of a symbol or variable.
 * al cl ax cx rx r rb: general registers (rx: DX, BX; r: any; rb: any as a byte). m: memory; rm, rmb: register or memory.
 * st0 st: x87. mm mmm: MMX register, or memory. x0 x xe: vector register X0, X0-15, X0-31; y ye z likewise; xm xme ...: or memory.
 * xe4 ye4 z4: four consecutive registers. vmx vmxe vmy vmye vmz: memory with a vector index. k0 kn k km: mask registers.
 * cs ... task: system registers. rel: branch destination. ind: pointer in a symbol.
 */
const names =
  '- 0 1 u2 u7 i8 u8 s32 i32 i64 addr al cl ax cx rx r rb m rm rmb st0 st mm mmm x0 x xe xm xme y ye ym yme z zm xe4 ye4 z4 ' +
  'vmx vmxe vmy vmye vmz k0 kn k km cs ss ds es fs gs tls gdtr idtr ldtr msw task cr0 cr2 cr3 cr4 cr8 ' +
  'dr0 dr2 dr3 dr6 dr7 tr6 tr7 rel ind textsize none';

export const classNames: readonly string[] = names.split(' ');
const count = classNames.length;
const numbers: ReadonlyMap<string, number> = new Map(classNames.map((n, i) => [n, i]));

export function classNumber(name: string): number {
  return numbers.get(name) ?? -1;
}

/** Each line: a class, and the classes that accept its operands. */
const coverLines = `
0: u2 u7 i8 u8 s32 i32 i64
1: u2 u7 i8 u8 s32 i32 i64
u2: u7 i8 u8 s32 i32 i64
u7: i8 u8 s32 i32 i64
i8: s32 i32 i64
u8: s32 i32 i64
s32: i32 i64
i32: i64
al: rb rmb
cl: cx rb rmb
ax: rx r rb rm rmb mmm
cx: rx r rb rm rmb mmm
rx: r rb rm rmb mmm
r: rb rm rmb mmm
rb: rmb
m: rm rmb mmm xm xme ym yme zm km
st0: st
mm: mmm
x0: x xm xe xme
x: xm xe xme
xe: xme
y: ym ye yme
ye: yme
z: zm
k0: k km
kn: k km
k: km
vmx: vmxe
vmy: vmye
`;

const coverTable = new Uint8Array(count * count);

function fillCovers(): void {
  for (let i = 0; i < count; i++) coverTable[i * count + i] = 1;
  for (const line of coverLines.trim().split('\n')) {
    const [narrow, wide] = line.split(': ');
    for (const w of wide.split(' ')) coverTable[classNumber(narrow) * count + classNumber(w)] = 1;
  }
}
fillCovers();

export function covers(narrow: number, wide: number): boolean {
  return coverTable[narrow * count + wide] !== 0;
}

/** The class of operands that no form accepts. */
export const NoClass = 0;

const c = classNumber;
const Zero = c('0');
const One = c('1');
const U2 = c('u2');
const U7 = c('u7');
const U8 = c('u8');
const I8 = c('i8');
const S32 = c('s32');
const I32 = c('i32');
const I64 = c('i64');
const AddrClass = c('addr');
const Memory = c('m');
const Rel = c('rel');
const Ind = c('ind');
const TextSizeClass = c('textsize');

/** Classes of registers as operands, and of vector registers as indexes. */
const regClass = new Uint8Array(R.Count);
const vectorIndexClass = new Uint8Array(R.Count);

function setRange(table: Uint8Array, from: number, to: number, name: string): void {
  for (let r = from; r <= to; r++) table[r] = c(name);
}

function fillRegClasses(): void {
  setRange(regClass, R.AL, R.R15B, 'rb');
  // SPB has no class: the official assembler never learned it.
  regClass[R.SPB] = NoClass;
  regClass[R.AL] = c('al');
  regClass[R.CL] = c('cl');
  setRange(regClass, R.AX, R.R15, 'r');
  regClass[R.AX] = c('ax');
  regClass[R.CX] = c('cx');
  regClass[R.DX] = c('rx');
  regClass[R.BX] = c('rx');
  setRange(regClass, R.AH, R.BH, 'rb');
  setRange(regClass, R.F0, R.F7, 'st');
  regClass[R.F0] = c('st0');
  setRange(regClass, R.M0, R.M7, 'mm');
  setRange(regClass, R.K1, R.K7, 'kn');
  regClass[R.K0] = c('k0');
  setRange(regClass, R.X0, R.X15, 'x');
  regClass[R.X0] = c('x0');
  setRange(regClass, R.X16, R.X31, 'xe');
  setRange(regClass, R.Y0, R.Y15, 'y');
  setRange(regClass, R.Y16, R.Y31, 'ye');
  setRange(regClass, R.Z0, R.Z31, 'z');
  const system: readonly (readonly [number, string])[] = [
    [R.CS, 'cs'],
    [R.SS, 'ss'],
    [R.DS, 'ds'],
    [R.ES, 'es'],
    [R.FS, 'fs'],
    [R.GS, 'gs'],
    [R.TLS, 'tls'],
    [R.GDTR, 'gdtr'],
    [R.IDTR, 'idtr'],
    [R.LDTR, 'ldtr'],
    [R.MSW, 'msw'],
    [R.TASK, 'task'],
    [R.CR0, 'cr0'],
    [R.CR2, 'cr2'],
    [R.CR3, 'cr3'],
    [R.CR4, 'cr4'],
    [R.CR8, 'cr8'],
    [R.DR0, 'dr0'],
    [R.DR2, 'dr2'],
    [R.DR3, 'dr3'],
    [R.DR6, 'dr6'],
    [R.DR7, 'dr7'],
    [R.TR6, 'tr6'],
    [R.TR7, 'tr7'],
  ];
  for (const [reg, name] of system) regClass[reg] = c(name);
  setRange(vectorIndexClass, R.X0, R.X15, 'vmx');
  setRange(vectorIndexClass, R.X16, R.X31, 'vmxe');
  setRange(vectorIndexClass, R.Y0, R.Y15, 'vmy');
  setRange(vectorIndexClass, R.Y16, R.Y31, 'vmye');
  setRange(vectorIndexClass, R.Z0, R.Z31, 'vmz');
}
fillRegClasses();

function constClass(o: Operand): number {
  const v = o.lo;
  if (o.hi === 0 && v >= 0) {
    if (v <= 1) return v === 0 ? Zero : One;
    if (v <= 3) return U2;
    if (v <= 127) return U7;
    return v <= 255 ? U8 : S32;
  }
  if (o.hi === -1 && v < 0) return v >= -128 ? I8 : S32;
  return o.hi === 0 ? I32 : I64;
}

function memClass(o: Operand): number {
  if (o.index === R.SP || o.index < 0) return NoClass;
  const vector = vectorIndexClass[o.index];
  if (vector !== 0) return vector;
  switch (o.name) {
    case Inst.NameExtern:
    case Inst.NameStatic:
    case Inst.NameGotRef:
      // Relative to the instruction pointer: no base, no index.
      return o.reg !== 0 || o.index !== 0 || o.scale !== 0 ? NoClass : Memory;
    case Inst.NameAuto:
    case Inst.NameParam:
      return o.reg !== R.SP && o.reg !== 0 ? NoClass : Memory;
    default:
      return Memory;
  }
}

function regListClass(o: Operand): number {
  if (o.index - o.reg !== 3) return NoClass;
  if (o.reg >= R.X0 && o.index <= R.X31) return c('xe4');
  if (o.reg >= R.Y0 && o.index <= R.Y31) return c('ye4');
  if (o.reg >= R.Z0 && o.index <= R.Z31) return c('z4');
  return NoClass;
}

/** The narrowest class of an operand, NoClass if it fits nowhere. */
export function classOf(o: Operand): number {
  switch (o.kind) {
    case Inst.Reg:
      return o.reg > 0 ? regClass[o.reg] : NoClass;
    case Inst.Const:
      return constClass(o);
    case Inst.Mem:
      return memClass(o);
    case Inst.Addr:
      return o.name === Inst.NameNone ? constClass(o) : AddrClass;
    case Inst.Branch:
      return Rel;
    case Inst.Indirect:
      return o.name !== Inst.NameNone && o.reg === 0 && o.index === 0 && o.scale === 0 ? Ind : NoClass;
    case Inst.RegList:
      return regListClass(o);
    case Inst.TextSize:
      return TextSizeClass;
    default:
      return NoClass;
  }
}
