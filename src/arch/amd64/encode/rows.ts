/**
 * The encoding tables, parsed on demand: the text of all forms is indexed by opcode at first use, and the forms of one opcode
 * become Row objects when it is first encoded.
 *
 * A line is: mnemonic, operand classes (classes.ts), roles, encoding. Roles, one letter an operand:
 *   r  ModRM.reg        m  ModRM.rm        n  both         o  low three bits of the opcode
 *   v  VEX.vvvv         k  EVEX.aaa        h  bits 7:4 of a trailing byte
 *   i w d q  immediate of 1, 2, 4, 8 bytes                 -  implied by the opcode
 * Encoding: optional "W" (REX.W), bytes (prefixes and opcode), optional /digit or /r, optional flags: BYTES (registers
 * are bytes), BYTE1 (the first operand is a byte), R (REX.R is set), IND (an indirect call). VEX and EVEX forms start instead with
 * V<length>.<pp>.<map>[.W1] or E<length>.<pp>.<map>[.W1].N<disp8 scale>[.B<broadcast scale>][.Z][.RC][.SAE]; their bytes are
 * the opcode alone. ILLEGAL forms exist only outside of 64-bit mode.
 */
import { bug } from '#base/bug.ts';
import { classNumber } from './classes.ts';
import * as Op from './ops.ts';
import { table as avxA } from './tables/avx-a.ts';
import { table as avxB } from './tables/avx-b.ts';
import { table as avxC } from './tables/avx-c.ts';
import { table as general } from './tables/general.ts';
import { table as sse } from './tables/sse.ts';
import { table as x87 } from './tables/x87.ts';

export const Legacy = 0;
export const Vex = 1;
export const Evex = 2;

export class Row {
  readonly classes: Uint8Array;
  kind: number;
  /** Operand indexes of the roles, -1 if absent. */
  regArg: number;
  rmArg: number;
  opcodeArg: number;
  vArg: number;
  kArg: number;
  is4Arg: number;
  immArg: number;
  immSize: number;
  /** ModRM.reg where no operand fills it; -1: there is no ModRM byte. */
  digit: number;
  hasModRm: boolean;
  w: boolean;
  rexR: boolean;
  /** The form does not exist in 64-bit mode. */
  illegal: boolean;
  /** Every register operand, or only the first, is a byte register. */
  bytes: boolean;
  byteFirst: boolean;
  indirectCall: boolean;
  /** Legacy prefixes, which precede REX. */
  prefixes: Uint8Array;
  opcode: Uint8Array;
  /** VEX.pp, map and L (EVEX: L'L). */
  pp: number;
  map: number;
  length: number;
  disp8Scale: number;
  /** 0: no broadcast form. */
  broadcastScale: number;
  zeroing: boolean;
  rounding: boolean;
  sae: boolean;

  constructor(classes: Uint8Array) {
    this.classes = classes;
    this.kind = Legacy;
    this.regArg = -1;
    this.rmArg = -1;
    this.opcodeArg = -1;
    this.vArg = -1;
    this.kArg = -1;
    this.is4Arg = -1;
    this.immArg = -1;
    this.immSize = 0;
    this.digit = -1;
    this.hasModRm = false;
    this.w = false;
    this.rexR = false;
    this.illegal = false;
    this.bytes = false;
    this.byteFirst = false;
    this.indirectCall = false;
    this.prefixes = none;
    this.opcode = none;
    this.pp = 0;
    this.map = 0;
    this.length = 0;
    this.disp8Scale = 1;
    this.broadcastScale = 0;
    this.zeroing = false;
    this.rounding = false;
    this.sae = false;
  }
}

const none = new Uint8Array(0);

function setRole(row: Row, role: string, i: number): void {
  switch (role) {
    case 'r':
      row.regArg = i;
      break;
    case 'm':
      row.rmArg = i;
      break;
    case 'n':
      row.regArg = i;
      row.rmArg = i;
      break;
    case 'o':
      row.opcodeArg = i;
      break;
    case 'v':
      row.vArg = i;
      break;
    case 'k':
      row.kArg = i;
      break;
    case 'h':
      row.is4Arg = i;
      break;
    case '-':
      break;
    default:
      row.immArg = i;
      row.immSize = role === 'i' ? 1 : role === 'w' ? 2 : role === 'd' ? 4 : 8;
  }
}

const ppNumbers = ['', '66', 'F3', 'F2'];
const mapNumbers = ['', '0F', '0F38', '0F3A'];
const lengthNumbers = ['128', '256', '512'];

function setVector(row: Row, text: string): void {
  const parts = text.slice(1).split('.');
  row.kind = text.startsWith('V') ? Vex : Evex;
  row.length = lengthNumbers.indexOf(parts[0]);
  row.pp = ppNumbers.indexOf(parts[1]);
  row.map = mapNumbers.indexOf(parts[2]);
  for (let i = 3; i < parts.length; i++) {
    const p = parts[i];
    if (p === 'W1') row.w = true;
    else if (p === 'Z') row.zeroing = true;
    else if (p === 'RC') row.rounding = true;
    else if (p === 'SAE') row.sae = true;
    else if (p.startsWith('N')) row.disp8Scale = Number(p.slice(1));
    else if (p.startsWith('B')) row.broadcastScale = Number(p.slice(1));
    else bug(`encoding table: ${text}`);
  }
}

function isPrefixByte(b: number): boolean {
  return b === 0xf2 || b === 0xf3 || (b >= 0x64 && b <= 0x67) || b === 0x2e || b === 0x3e || b === 0x26;
}

function setEncoding(row: Row, words: string[]): void {
  const bytes: number[] = [];
  for (const w of words) {
    if (w === 'W') row.w = true;
    else if (w === 'R') row.rexR = true;
    else if (w === 'BYTES') row.bytes = true;
    else if (w === 'BYTE1') row.byteFirst = true;
    else if (w === 'IND') row.indirectCall = true;
    else if (w === 'ILLEGAL') row.illegal = true;
    else if (w === '/r') row.hasModRm = true;
    else if (w.startsWith('/')) {
      row.digit = Number(w.slice(1));
      row.hasModRm = true;
    } else if (w.startsWith('V') || (w.startsWith('E') && w.length > 2)) setVector(row, w);
    else bytes.push(Number.parseInt(w, 16));
  }
  let n = 0;
  // A lone prefix byte is an instruction of its own (REP, XACQUIRE).
  if (row.kind === Legacy) while (n < bytes.length - 1 && isPrefixByte(bytes[n])) n++;
  row.prefixes = Uint8Array.from(bytes.slice(0, n));
  row.opcode = Uint8Array.from(bytes.slice(n));
}

export function parseRow(line: string): Row {
  const words = line.split(' ');
  const classList = words[1] === '_' ? [] : words[1].split(',');
  const row = new Row(Uint8Array.from(classList, (name) => classNumber(name)));
  if (words[2] !== '_') for (let i = 0; i < words[2].length; i++) setRole(row, words[2][i], i);
  setEncoding(row, words.slice(3));
  return row;
}

const opNumbers: Map<string, number> = new Map();
const opNames: string[] = [];

function nameOps(): void {
  for (const [name, value] of Object.entries(Op)) {
    if (name === 'Count' || name === 'Invalid') continue;
    opNumbers.set(name, value);
    opNames[value] = name;
  }
}

/** The opcode of a mnemonic, 0 if there is none. */
export function opNumber(mnemonic: string): number {
  if (opNames.length === 0) nameOps();
  return opNumbers.get(mnemonic) ?? 0;
}

export function opName(op: number): string {
  if (opNames.length === 0) nameOps();
  return opNames[op] ?? `A???${op}`;
}

let lines: (string[] | null)[] = [];
const parsed: (Row[] | undefined)[] = [];
const noRows: Row[] = [];

function indexTables(): void {
  lines = new Array(Op.Count).fill(null);
  for (const text of [general, sse, x87, avxA, avxB, avxC]) {
    let last = '';
    let list: string[] = [];
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const mnemonic = line.slice(0, line.indexOf(' '));
      if (mnemonic !== last) {
        last = mnemonic;
        const op = opNumber(mnemonic);
        if (op === 0) bug(`encoding table: unknown mnemonic ${mnemonic}`);
        list = lines[op] ?? [];
        lines[op] = list;
      }
      list.push(line);
    }
  }
}

/** The forms of an opcode, in order of preference. */
export function rowsOf(op: number): readonly Row[] {
  const found = parsed[op];
  if (found !== undefined) return found;
  if (lines.length === 0) indexTables();
  const rows = lines[op]?.map(parseRow) ?? noRows;
  parsed[op] = rows;
  return rows;
}
