/** Tables of types that reflection looks up by string, and of itabs (cmd/link/internal/ld/typelink.go, runtime/type.go). */
import * as ObjAttr from '#obj/attributes.ts';
import * as R from '#obj/reloc-types.ts';
import { Builder, createSymbol, setContent } from './builder.ts';
import type { Link } from './context.ts';
import { typeString } from './decode-type.ts';
import * as Kind from './kinds.ts';
import { isReachable } from './loader.ts';
import { compareSymbols, orderByName } from './order.ts';

export function addTypeLinks(link: Link): void {
  const l = link.loader;
  const types: { text: string; type: number }[] = [];
  const itabs: number[] = [];
  for (let s = 1; s < l.count; s++) {
    if (!isReachable(l, s)) continue;
    if ((l.attrs[s] & ObjAttr.Typelink) !== 0) types.push({ text: typeString(l, s), type: s });
    else if ((l.attrs[s] & ObjAttr.Itab) !== 0) itabs.push(s);
  }
  const byName = (a: number, b: number): number => (l.ordersByName ? compareSymbols(l, a, b) : 0);
  types.sort((a, b) => compareUtf8(a.text, b.text) || byName(a.type, b.type));
  orderByName(l, itabs);
  const t = new Builder(types.length * 4);
  for (const { type } of types) {
    t.reloc(t.w.length, 4, R.AddrOff, type, 0);
    t.w.u32(0);
  }
  const typelink = createSymbol(l, 'runtime.typelink', Kind.TypeLink);
  setContent(l, typelink, Kind.TypeLink, t);
  l.attrs[typelink] |= ObjAttr.Local;
  const i = new Builder(itabs.length * 8);
  for (const s of itabs) i.address(s);
  const itablink = createSymbol(l, 'runtime.itablink', Kind.ItabLink);
  setContent(l, itablink, Kind.ItabLink, i);
  l.attrs[itablink] |= ObjAttr.Local;
}

/** Order of the UTF-8 bytes, which is the order of code points. */
function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xs = x >= 0xd800 && x < 0xe000;
    const ys = y >= 0xd800 && y < 0xe000;
    // A surrogate stands for a code point above all others.
    if (xs !== ys) return xs ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}
