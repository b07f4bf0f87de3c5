/** Floating-point constants that instructions load from memory: read-only symbols named and merged by their bits. */

import * as Attr from '#obj/attributes.ts';
import * as Kind from '#obj/kinds.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { Abi0 } from '#obj/symbol.ts';
import type { AsmContext } from './inst.ts';

const scratch = new DataView(new ArrayBuffer(8));

function constant(ctx: AsmContext, prefix: string, size: number): LinkSymbol {
  const data = new Uint8Array(scratch.buffer.slice(0, size));
  let hex = '';
  for (let i = size - 1; i >= 0; i--) hex += data[i].toString(16).padStart(2, '0');
  const s = ctx.symbols.lookup(`${prefix}.${hex}`, Abi0);
  if (s.kind !== Kind.Undefined) return s;
  s.kind = Kind.Rodata;
  s.attrs |= Attr.Local | Attr.ContentAddressable | (ctx.isAsm ? Attr.Linkname : 0);
  s.align = size;
  s.data = data;
  s.size = size;
  s.object = ctx.object;
  ctx.constants.push(s);
  return s;
}

/** The symbol of a float64, with the official name $f64.<bits>. */
export function float64Symbol(ctx: AsmContext, value: number): LinkSymbol {
  scratch.setFloat64(0, value, true);
  return constant(ctx, '$f64', 8);
}

export function float32Symbol(ctx: AsmContext, value: number): LinkSymbol {
  scratch.setFloat32(0, value, true);
  return constant(ctx, '$f32', 4);
}

/** Moves the constants of the functions assembled so far to the object's definitions, sorted by name. */
export function defineConstants(ctx: AsmContext): void {
  ctx.constants.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const s of ctx.constants) ctx.object.symbols.push(s);
  ctx.constants.length = 0;
}
