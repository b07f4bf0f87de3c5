/** Makes what kept-text.ts reads, of code that has been written with keepsDebug. */
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import type { KeptSymbols } from './make-kept-debug.ts';
import { NumberList } from './number-list.ts';
import { listBytes } from './parts.ts';

/** Null if there is none, or it mentions what is not kept. */
export function makeKeptText(link: Link, { places }: KeptSymbols): Uint8Array[] | null {
  const { writtenCode, pclnTab, loader: l } = link;
  if (writtenCode === null || pclnTab === null) return null;
  const { functions, count } = pclnTab;
  const inside = new Set(functions.slice(0, count));
  const at = new NumberList();
  const target = new NumberList();
  const addend = new NumberList();
  const irregular = new NumberList();
  for (let k = 0; k < count; k++) {
    const s = functions[k];
    const before = at.length;
    let isRegular = (l.attrs[s] & Attr.Synthetic) === 0;
    for (let r = l.relocStart[s]; isRegular && r < l.relocEnd[s]; r++) {
      const size = l.relocSize[r];
      const to = l.relocTarget[r];
      if (size === 0 || (inside.has(to) && isDistance(l.relocType[r], size))) continue;
      const isKnown = places[to] !== 0 && l.kind[to] !== Kind.TlsBss && Math.abs(l.relocAddend[r]) < 0x7fffffff;
      isRegular = isKnown && isDistance(l.relocType[r], size);
      at.push(l.value[s] - writtenCode.address + l.relocOffset[r]);
      target.push(places[to] - 1);
      addend.push(l.relocAddend[r]);
    }
    if (isRegular) continue;
    irregular.push(k);
    for (const list of [at, target, addend]) list.length = before;
  }
  return [writtenCode.bytes, ...[at, target, addend, irregular].map(listBytes)];
}

function isDistance(type: number, size: number): boolean {
  return size === 4 && (type === R.Call || type === R.PcRel);
}
