/** The -S listing of the official tools: instructions, bytes and relocations of each symbol (cmd/internal/obj/objfile.go). */
import * as Attr from '#obj/attributes.ts';
import { FuncFlagAsm, FuncFlagTopFrame } from '#obj/funcdata.ts';
import * as Kind from '#obj/kinds.ts';
import * as Reloc from '#obj/reloc-types.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { AbiStatic } from '#obj/symbol.ts';
import type { AsmContext, AsmFunction, Inst } from './inst.ts';
import type { PrintNames } from './print.ts';
import { formatInt64, instText } from './print.ts';

function hex(v: number, width: number): string {
  return v.toString(16).padStart(width, '0');
}

/** %#x of an int32 converted to uint64. */
function signedHex(v: number): string {
  const i = v | 0;
  return i < 0 ? `0xffffffff${hex(i >>> 0, 8)}` : `0x${i.toString(16)}`;
}

function headLine(s: LinkSymbol, isCFunc: boolean): string {
  let line = `${s.name} `;
  if (s.kind !== Kind.Undefined) line += `${Kind.names[s.kind]} `;
  if (s.abi === AbiStatic) line += 'static ';
  if ((s.attrs & Attr.DupOk) !== 0) line += 'dupok ';
  if (isCFunc) line += 'cfunc ';
  if ((s.attrs & Attr.NoSplit) !== 0) line += 'nosplit ';
  const f = s.func;
  if (f !== null && (f.flags & FuncFlagTopFrame) !== 0) line += 'topframe ';
  if (f !== null && (f.flags & FuncFlagAsm) !== 0) line += 'asm ';
  line += `size=${s.size}`;
  if (f !== null && Kind.isText(s.kind)) {
    line += ` args=${signedHex(f.args)} locals=${signedHex(f.locals)} funcid=0x${hex(f.funcId, 1)} align=0x${hex(s.align, 1)}`;
    if ((s.attrs & Attr.Leaf) !== 0) line += ' leaf';
  }
  return line;
}

function hexDump(data: Uint8Array, out: string[]): void {
  for (let i = 0; i < data.length; i += 16) {
    let bytes = '';
    let text = '';
    for (let j = i; j < i + 16; j++) {
      bytes += j < data.length ? ` ${hex(data[j], 2)}` : '   ';
      if (j < data.length) text += data[j] >= 0x20 && data[j] <= 0x7e ? String.fromCharCode(data[j]) : '.';
    }
    out.push(`\t0x${hex(i, 4)}${bytes}  ${text}`);
  }
}

function relocLines(s: LinkSymbol, out: string[]): void {
  const list = s.relocs;
  if (list === null) return;
  const order = [...list.offsets.keys()].sort((a, b) => list.offsets[a] - list.offsets[b]);
  for (const i of order) {
    const target = list.targets[i];
    const name = target !== null ? target.name : list.type(i) === Reloc.TlsLe ? 'TLS' : '';
    const addend = list.addends[i];
    const text = formatInt64(addend | 0, Math.floor(addend / 4294967296));
    out.push(`\trel ${list.offsets[i]}+${list.size(i)} t=${Reloc.relocName(list.type(i))} ${name}+${text}`);
  }
}

/** The lines of one symbol; fn holds its instructions if it is an assembled function. */
export function listSymbol(ctx: AsmContext, names: PrintNames, s: LinkSymbol, fn: AsmFunction | null): string {
  const out = [headLine(s, fn?.isCFunc ?? false)];
  for (let p: Inst | null = fn === null ? null : fn.first; p !== null; p = p.next) {
    const pc = String(p.pc).padStart(5, '0');
    out.push(`\t0x${hex(p.pc, 4)} ${pc} (${ctx.describePosition(p.pos)})\t${instText(names, p)}`);
  }
  hexDump(s.data, out);
  relocLines(s, out);
  return `${out.join('\n')}\n`;
}
