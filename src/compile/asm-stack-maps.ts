/**
 * Stack maps of assembly functions: F.args_stackmap, made from the Go declaration (gc-contract 1.4). Its first bitmap describes the
 * arguments, the second (if there are results) arguments and results once the results are written; internal/abi/funcpc, runtime/stkframe.go.
 */
import type { Assigned, Convention } from '#abi/convention.ts';
import { setPointerBits } from '#abi/gc-mask.ts';
import { ByteWriter } from '#base/bytes.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { defineFromWriter, type LinkSymbol } from '#obj/symbol.ts';
import type { FuncRef } from '#ssa/call.ts';

export const argsStackMapSuffix = '.args_stackmap';

const wordSize = 8;

export function defineArgsStackMap(s: LinkSymbol, fn: FuncRef, convention: Convention, object: ObjectFile): void {
  const a = convention.of(fn.type, true);
  const bits = Math.ceil(a.spillOffset / wordSize);
  const bytes = (bits + 7) >> 3;
  const maps = [new Uint8Array(bytes)];
  mark(a.params, maps[0]);
  if (fn.type.results().length > 0) {
    const both = maps[0].slice();
    mark(a.results, both);
    maps.push(both);
  }
  const w = new ByteWriter(8 + bytes * maps.length);
  w.u32(maps.length);
  w.u32(bits);
  for (const m of maps) w.bytes(m);
  defineFromWriter(s, object, SymKind.Rodata, Attr.Local | Attr.Linkname, w);
}

function mark(list: readonly Assigned[], map: Uint8Array): void {
  for (const p of list) if (p.type.ptrBytes > 0) setPointerBits(p.type, p.offset, map);
}
