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
      if (section.name === '.text') writeText(link, c, section, base);
      else writeSymbols(link, c, section, base - section.address, 0);
    }
  }
}

function writeText(link: Link, c: Relocator, section: Section, base: number): void {
  const distance = base - section.address;
  const kept = link.keptFunctions === 0 ? null : (link.loader.excerpt?.text ?? null);
  let first = 0;
  let end = base;
  if (kept?.write(c, section.address, base) === true) {
    for (let n = 0; n < kept.irregular.length; n++) writeOne(link, c, section.symbols[kept.irregular[n]], distance);
    first = link.keptFunctions;
    end += kept.code.length;
  }
  c.out.fill(codePad, end, base + section.length);
  writeSymbols(link, c, section, distance, first);
  const { pclnTab, loader } = link;
  if (pclnTab !== null && pclnTab.count > 0)
    link.writtenCode = {
      address: section.address,
      bytes: c.out.slice(base, loader.value[section.symbols[pclnTab.count]] + distance),
    };
}

/** Symbols at their addresses plus a distance. */
function writeSymbols(link: Link, c: Relocator, section: Section, distance: number, first: number): void {
  const { symbols } = section;
  for (let k = first; k < symbols.length; k++) writeOne(link, c, symbols[k], distance);
}

function writeOne(link: Link, c: Relocator, s: number, distance: number): void {
  const l = link.loader;
  if ((l.attrs[s] & Attr.SubSymbol) !== 0) return;
  const at = l.value[s] + distance;
  const size = l.size[s];
  copyData(l, s, size, c.out, at);
  if (l.relocEnd[s] > l.relocStart[s]) relocate(c, s, at, size);
}
