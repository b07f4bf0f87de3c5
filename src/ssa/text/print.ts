/**
 * The text form of a function; parse.ts reads it back.
 *
 *     func main.f func(int) int {
 *     param a#0 int
 *     result ~r0#1 int
 *     b0:
 *       v1 = InitMem : mem
 *       v2 = Arg {a#0} : int
 *       v3 = Add64 v2 v2 : int @17 ^0
 *       v4 = MakeResult v3 v1 : (int, mem)
 *       Ret v4
 *     }
 *
 * A value: name, operation, [immediate], {aux}, arguments, type, @position, ^index in the inline tree. A block ends in its
 * kind, controls, successors after "->", and "likely" or "unlikely"; "<-" lists predecessors in the order of phi arguments.
 */

import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { Call, Closure, FuncRef, SymbolRef, Text, TypeRef } from '../call.ts';
import type { InlinedCall, Slot } from '../func.ts';
import {
  AllocationSite,
  type Func,
  Slot as SlotClass,
  SlotDeferBits,
  SlotDeferred,
  SlotLocal,
  SlotTemp,
} from '../func.ts';
import type { Aux, Value } from '../value.ts';
import { nameText } from './scanner.ts';

/** The words for the slots that are neither parameters nor results. */
export const slotKinds: Record<number, string> = {
  [SlotLocal]: 'local',
  [SlotTemp]: 'temp',
  [SlotDeferBits]: 'deferbits',
  [SlotDeferred]: 'deferred',
};

/** With a note, a comment on every value's line that it has something to say about. */
export function printFunc(f: Func, note: ((v: Value) => string) | null = null): string {
  const out: string[] = [];
  out.push(`func ${funcText(f.ref)} {`);
  if (f.ref.flags !== 0) out.push(`flags ${f.ref.flags}`);
  const properties: string[] = [];
  if (f.hasDefer) properties.push('defer');
  if (f.noInline) properties.push('noinline');
  if (f.needsContext) properties.push('context');
  if (f.scheduled) properties.push('scheduled');
  if (properties.length > 0) out.push(`properties ${properties.join(' ')}`);
  for (const s of f.params) out.push(`param ${slotText(s)}`);
  for (const s of f.results) out.push(`result ${slotText(s)}`);
  for (const s of f.slots) out.push(`${slotKinds[s.kind]} ${slotText(s)}`);
  for (const c of f.inlineTree) out.push(inlineText(c));
  for (const b of f.blocks) printBlock(b, out, note);
  out.push('}');
  return `${out.join('\n')}\n`;
}

function slotText(s: Slot): string {
  let t = `${slotName(s)} ${s.type.linkString}`;
  if (s.needsZero || s.addressTaken) t += ' |';
  if (s.needsZero) t += ' zero';
  if (s.addressTaken) t += ' taken';
  if (s.pos !== 0) t += ` @${s.pos}`;
  return t;
}

function slotName(s: Slot): string {
  return `${nameText(s.name)}#${s.id}`;
}

function inlineText(c: InlinedCall): string {
  return `inlined ${c.parent} @${c.pos} ${funcText(c.callee)}`;
}

function funcText(ref: FuncRef): string {
  return `${nameText(ref.symbol.toString())} ${ref.type.linkString}`;
}

function printBlock(b: Block, out: string[], note: ((v: Value) => string) | null): void {
  const preds = b.preds.length === 0 ? '' : ` <- ${b.preds.map((e) => e.block).join(' ')}`;
  const entry = b.func.entry === b && b.func.blocks[0] !== b ? ' entry' : '';
  out.push(`${b}:${preds}${entry}`);
  for (const v of b.values) {
    const remark = note === null ? '' : note(v);
    out.push(`  ${valueText(v)}${remark === '' ? '' : `  // ${remark}`}`);
  }
  out.push(`  ${endText(b)}`);
}

function endText(b: Block): string {
  const target = b.kind >= B.FirstTargetKind ? b.func.target.blockKinds[b.kind - B.FirstTargetKind] : B.names[b.kind];
  const parts = [target];
  if (b.auxLo !== 0) parts.push(`[${b.auxLo}]`);
  if (b.aux !== null) parts.push(`{${auxText(b.aux)}}`);
  for (const c of b.controls) parts.push(c.toString());
  if (b.succs.length > 0) parts.push('->', ...b.succs.map((e) => e.block.toString()));
  if (b.likely === B.Likely) parts.push('likely');
  if (b.likely === B.Unlikely) parts.push('unlikely');
  if (b.pos !== 0) parts.push(`@${b.pos}`);
  if (b.inline !== -1) parts.push(`^${b.inline}`);
  return parts.join(' ');
}

/** One value, as on its line in the text form. */
export function valueText(v: Value): string {
  const info = v.block.func.target.ops[v.op];
  let t = `${v} = ${info === undefined ? `op${v.op}` : info.name}`;
  if (v.auxLo !== 0 || v.auxHi !== 0) t += ` [${int64Text(v.auxLo, v.auxHi)}]`;
  if (v.aux !== null) t += ` {${auxText(v.aux)}}`;
  for (const a of v.args) t += ` ${a}`;
  t += ` : ${v.type.linkString}`;
  if (v.pos !== 0) t += ` @${v.pos}`;
  if (v.inline !== -1) t += ` ^${v.inline}`;
  return t;
}

/** A 64-bit signed integer in decimal. */
export function int64Text(lo: number, hi: number): string {
  if (hi === lo >> 31) return String(lo);
  const negative = hi < 0;
  const low = negative ? -lo >>> 0 : lo >>> 0;
  const high = negative ? (~hi + (lo === 0 ? 1 : 0)) >>> 0 : hi;
  // high * 2^32 + low divided by 1e9, the low word in two steps of 16 bits to stay exact.
  const q1 = Math.floor(high / 1e9);
  const a = (high % 1e9) * 65536 + (low >>> 16);
  const q2 = Math.floor(a / 1e9);
  const b = (a % 1e9) * 65536 + (low & 0xffff);
  const q = q1 * 4294967296 + q2 * 65536 + Math.floor(b / 1e9);
  const digits = q === 0 ? String(b % 1e9) : `${q}${String(b % 1e9).padStart(9, '0')}`;
  return negative ? `-${digits}` : digits;
}

function auxText(a: Aux): string {
  if (a instanceof SlotClass) return slotName(a);
  if (a instanceof TypeRef) return a.type.linkString;
  if (a instanceof SymbolRef) return nameText(a.symbol.toString());
  if (a instanceof Text) return JSON.stringify(a.bytes);
  if (a instanceof AllocationSite) return siteText(a);
  if (a instanceof Closure) return closureText(a);
  if (a instanceof Call) return callText(a);
  if (a instanceof FuncRef) return funcText(a);
  return a.text();
}

function siteText(a: AllocationSite): string {
  const flags = `${a.isVariable ? ' | variable' : ''}${a.escapes ? '' : ' | stays'}`;
  return `${nameText(a.what)} ${a.type.linkString}${a.pos === 0 ? '' : ` @${a.pos}`}${flags}`;
}

function closureText(c: Closure): string {
  const captures = c.byReference.map((r) => (r ? 'ref' : 'val')).join(' ');
  const tail = captures === '' ? '' : ` ${captures}`;
  return `${funcText(c.fn)} | ${c.objectType.linkString}${tail}${c.escapes ? '' : ' stays'}`;
}

function callText(c: Call): string {
  const flags = c.abi0 ? ' | abi0' : '';
  if (c.callee !== null) return `${nameText(c.callee.symbol.toString())} ${c.type.linkString}${flags}`;
  const target = c.interfaceType === null ? '' : ` | ${c.methodIndex} ${c.interfaceType.linkString}`;
  return `- ${c.type.linkString}${flags}${target}`;
}
