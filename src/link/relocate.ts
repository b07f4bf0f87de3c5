/**
 * Patching addresses into the image. One row per relocation type of amd64: what is stored. S the target's address, A the
 * addend, P the place. Sources: cmd/link/internal/ld/data.go (relocsym), System V ABI for AMD64, 4.4.
 */
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import { fatal } from './errors.ts';
import * as Kind from './kinds.ts';
import type { Layout } from './layout.ts';
import { isReachable, type Loader, lookup, symbolName, VersionInternal } from './loader.ts';
import { reportUnresolved, Unresolved } from './unresolved.ts';

/** Offset of g's slot from the thread pointer (ELF, amd64: sym.go, computeTLSOffset). */
const tlsOffset = -8;

export class Relocator {
  readonly link: Link;
  readonly l: Loader;
  readonly layout: Layout;
  readonly out: Uint8Array;
  readonly view: DataView;
  readonly unreachableMethod: number;
  readonly unresolved: Unresolved;
  /** Index of a function in its unit's .debug_addr, by symbol. */
  readonly addressIndexes: Int32Array;

  constructor(link: Link, layout: Layout, out: Uint8Array) {
    this.link = link;
    this.l = link.loader;
    this.layout = layout;
    this.out = out;
    this.view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    this.unreachableMethod = lookup(link.loader, 'runtime.unreachableMethod', VersionInternal);
    this.unresolved = new Unresolved(link);
    this.addressIndexes = link.addressIndexes;
  }
}

/** Applies the relocations of symbol s, whose content of `length` bytes is at `base` of the output. */
export function relocate(c: Relocator, s: number, base: number, length: number): void {
  const l = c.l;
  const { relocSize, relocOffset, relocTarget, relocType, relocAddend, attrs, kind: kinds, value: addresses } = l;
  const { section: sectionOf } = l;
  const { sections } = c.layout;
  const end = l.relocEnd[s];
  const address = addresses[s];
  for (let r = l.relocStart[s]; r < end; r++) {
    const size = relocSize[r];
    const offset = relocOffset[r];
    if (offset < 0 || offset + size > length) {
      const name = l.relocTarget[r] === 0 ? '' : symbolName(l, l.relocTarget[r]);
      c.link.error(`${symbolName(l, s)}: invalid relocation ${name}: ${offset}+${size} not in [0,${length})`);
      continue;
    }
    if (size === 0) continue;
    const target = relocTarget[r];
    const kind = target === 0 ? -1 : kinds[target];
    const type = relocType[r];
    if (
      (type === R.Call || type === R.PcRel) &&
      size === 4 &&
      kind > Kind.Undefined &&
      kind < Kind.FirstUnallocated &&
      kind !== Kind.TlsBss &&
      (attrs[target] & Attr.Reachable) !== 0
    ) {
      // What most of them are; the rest below does the same for these.
      const distance = addresses[target] + relocAddend[r] - (address + offset + 4);
      if (distance >= -0x80000000 && distance <= 0x7fffffff) {
        c.view.setInt32(base + offset, distance, true);
        continue;
      }
    }
    if (
      type === R.DwarfSecRef &&
      size === 4 &&
      kind >= Kind.FirstUnallocated &&
      (attrs[target] & Attr.Reachable) !== 0
    ) {
      const section = sectionOf[target];
      const place = section < 0 ? -1 : addresses[target] - sections[section].address + relocAddend[r];
      if (place >= 0 && place <= 0x7fffffff) {
        c.view.setInt32(base + offset, place, true);
        continue;
      }
    }
    if (
      kind > Kind.Undefined &&
      kind < Kind.FirstUnallocated &&
      kind !== Kind.TlsBss &&
      (attrs[target] & Attr.Reachable) !== 0
    ) {
      // Descriptors of types consist of these.
      if (type === R.Addr && size === 8) {
        const to = addresses[target] + relocAddend[r];
        c.view.setInt32(base + offset, to, true);
        c.view.setInt32(base + offset + 4, Math.floor(to / 4294967296), true);
        continue;
      }
      const section = sectionOf[target];
      if ((type === R.AddrOff || type === R.MethodOff) && size === 4 && section >= 0) {
        const place = addresses[target] - sections[section].address + relocAddend[r];
        if (place >= 0 && place <= 0x7fffffff) {
          c.view.setInt32(base + offset, place, true);
          continue;
        }
      }
    } else if (
      type === R.MethodOff &&
      size === 4 &&
      kind !== Kind.DynImport &&
      (attrs[target] & Attr.Reachable) === 0
    ) {
      c.view.setInt32(base + offset, -1, true);
      continue;
    }
    if ((kind === Kind.Undefined || kind === Kind.Xref) && !isOptional(l, type, target)) {
      reportUnresolved(c.unresolved, s, target);
      continue;
    }
    if (type >= R.names.length && (type & R.Weak) === 0) continue;
    if (kind === Kind.DynImport && !isHandled(c, type)) {
      c.link.error(
        `${symbolName(l, s)}: unhandled relocation for ${symbolName(l, target)} (type ${kind} (${Kind.names[kind]}) rtype ${type} (${R.relocName(type)}))`,
      );
    }
    if (
      target !== 0 &&
      kind !== Kind.TlsBss &&
      (type & R.Weak) === 0 &&
      type !== R.MethodOff &&
      !isReachable(l, target)
    ) {
      c.link.error(`${symbolName(l, s)}: unreachable sym in relocation: ${symbolName(l, target)}`);
    }
    const value = relocValue(c, s, r, type, target, base + offset);
    if (value !== skip) store(c, s, r, base + offset, size, value);
  }
}

/** A reference that keeps nothing alive, to something nobody needed: it may never have been compiled. */
function isOptional(l: Loader, type: number, target: number): boolean {
  return ((type & R.Weak) !== 0 || type === R.MethodOff) && !isReachable(l, target);
}

/** Not a number a relocation can have. */
const skip = Number.POSITIVE_INFINITY;

function isHandled(_c: Relocator, _type: number): boolean {
  return false;
}

function relocValue(c: Relocator, s: number, r: number, type: number, target: number, at: number): number {
  const l = c.l;
  const weak = (type & R.Weak) !== 0;
  const addend = l.relocAddend[r];
  switch (type & 0x7fff) {
    case R.Addr: {
      const to = weak && !isReachable(l, target) ? c.unreachableMethod : target;
      const value = l.value[to] + addend;
      if (l.relocSize[r] === 4 && value > 0x7fffffff) {
        fatal(
          `${symbolName(l, s)}: non-pc-relative relocation address for ${symbolName(l, to)} is too big: 0x${value.toString(16)}`,
        );
      }
      return value;
    }
    case R.Call:
    case R.PcRel:
    case R.GotPcRel: {
      // S + A - (P + size): counted from the end of the field.
      const from = l.value[s] + l.relocOffset[r] + l.relocSize[r];
      return (target === 0 ? 0 : l.value[target]) + addend - from;
    }
    case R.MethodOff:
      if (!isReachable(l, target)) return -1;
      return sectionOffset(c, s, target, addend);
    case R.AddrOff:
      if (weak && !isReachable(l, target)) return skip;
      return sectionOffset(c, s, target, addend);
    case R.TlsLe:
      return tlsOffset + addend;
    case R.TlsIe:
      if (!c.link.pie) fatal(`cannot handle R_TLS_IE (sym ${symbolName(l, s)}) when linking internally`);
      relaxTls(c, at);
      return tlsOffset;
    case R.DwarfSecRef:
      return sectionOffset(c, s, target, addend);
    case R.AddrCuOff: {
      const unit = l.objects[l.object[target]];
      return l.value[target] + addend - l.value[unit.textp[0] ?? target];
    }
    case R.Size:
      return l.size[target] + addend;
    case R.Const:
      return addend;
    case R.DwTxtAddrU1:
    case R.DwTxtAddrU2:
    case R.DwTxtAddrU3:
    case R.DwTxtAddrU4:
      fixedUleb(c, at, type - R.DwTxtAddrU1 + 1, c.addressIndexes[target]);
      return skip;
    default:
      c.link.error(`${symbolName(l, s)}: unknown reloc to ${symbolName(l, target)}: ${type} (${R.relocName(type)})`);
      return skip;
  }
}

function sectionOffset(c: Relocator, s: number, target: number, addend: number): number {
  const section = c.l.section[target];
  if (section < 0) {
    c.link.error(`${symbolName(c.l, s)}: missing section for relocation target ${symbolName(c.l, target)}`);
    return skip;
  }
  return c.l.value[target] - c.layout.sections[section].address + addend;
}

/** movq off(%rip), reg through the GOT becomes movq $off, reg (amd64/asm.go, tlsIEtoLE). */
function relaxTls(c: Relocator, at: number): void {
  const out = c.out;
  const op = out[at - 2];
  const reg = (out[at - 1] >> 3) & 7;
  if (op !== 0x8b) fatal(`expected TLS IE op to be MOVQ, got ${out[at - 3]} ${op} ${out[at - 1]}`);
  if (out[at - 3] === 0x4c) out[at - 3] = 0x49;
  out[at - 2] = 0xc7;
  out[at - 1] = 0xc0 | reg;
}

/** A ULEB128 number in exactly n bytes. */
function fixedUleb(c: Relocator, at: number, n: number, value: number): void {
  if (value < 0) {
    c.link.error('missing .debug_addr index relocation target');
    return;
  }
  let v = value;
  for (let i = 0; i < n; i++) {
    c.out[at + i] = (v & 0x7f) | (i + 1 < n ? 0x80 : 0);
    v >>>= 7;
  }
}

function store(c: Relocator, s: number, r: number, at: number, size: number, value: number): void {
  switch (size) {
    case 4: {
      const relative = (c.l.relocType[r] & 0x7fff) === R.PcRel || (c.l.relocType[r] & 0x7fff) === R.Call;
      if (value < -0x80000000 || value > (relative ? 0x7fffffff : 0xffffffff)) {
        const name = symbolName(c.l, c.l.relocTarget[r]);
        const sort = relative
          ? `pc-relative relocation ${R.relocName(c.l.relocType[r])}`
          : 'non-pc-relative relocation';
        c.link.error(`${symbolName(c.l, s)}: ${sort} address for ${name} is too big: 0x${value.toString(16)}`);
      }
      c.view.setInt32(at, value, true);
      return;
    }
    case 8:
      c.view.setInt32(at, value, true);
      c.view.setInt32(at + 4, Math.floor(value / 4294967296), true);
      return;
    case 1:
      c.out[at] = value;
      return;
    case 2:
      c.view.setInt16(at, value, true);
      return;
    default:
      c.link.error(
        `${symbolName(c.l, s)}: bad reloc size 0x${size.toString(16)} for ${symbolName(c.l, c.l.relocTarget[r])}`,
      );
  }
}
