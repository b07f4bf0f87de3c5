/** The bytes of the image: every segment's symbols at their places, relocated. */
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import type { Layout, Section } from './layout.ts';
import { copyData } from './loader.ts';
import { type Relocator, relocate } from './relocate.ts';

/** int3: what fills the gaps between functions. */
const codePad = 0xcc;

export function writeSegments(link: Link, layout: Layout, c: Relocator): void {
  for (const seg of [layout.text, layout.rodata, layout.relro, layout.data]) {
    const end = seg.address + seg.fileLength;
    for (const section of seg.sections) {
      if (section.address >= end || section.name === '.tbss') continue;
      const base = seg.fileOffset + section.address - seg.address;
      if (section.name === '.text') c.out.fill(codePad, base, base + section.length);
      writeSymbols(link, c, section, base - section.address);
    }
  }
}

/** Symbols at their addresses plus a distance. */
export function writeSymbols(link: Link, c: Relocator, section: Section, distance: number): void {
  const l = link.loader;
  const symbols = section.symbols;
  for (let k = 0; k < symbols.length; k++) {
    const s = symbols[k];
    if ((l.attrs[s] & Attr.SubSymbol) !== 0) continue;
    const at = l.value[s] + distance;
    const size = l.size[s];
    copyData(l, s, size, c.out, at);
    if (l.relocEnd[s] > l.relocStart[s]) relocate(c, s, at, size);
  }
}
