/**
 * Reading type descriptors as the linker meets them: bytes plus relocations. Layout: GOROOT/src/internal/abi/type.go, 64-bit.
 */
import { decodeTextAt } from '#base/bytes.ts';
import { fatal } from './errors.ts';
import { type Loader, type Place, placeOf, symbolData, symbolName } from './loader.ts';
import { materialize } from './materialize.ts';

export const KindArray = 17;
export const KindChan = 18;
export const KindFunc = 19;
export const KindInterface = 20;
export const KindMap = 21;
export const KindPointer = 22;
export const KindSlice = 23;
export const KindString = 24;
export const KindStruct = 25;

/** Bytes of abi.Type. */
export const commonSize = 48;
const uncommonSize = 16;
const flagUncommon = 1;
const flagExtraStar = 2;
const flagMaskOnDemand = 16;
/** Field offsets in abi.Type. */
const offPtrBytes = 8;
const offFlags = 20;
const offKind = 23;
const offGcData = 32;
const offStr = 40;

function dataOf(l: Loader, type: number): Place {
  const data = placeOf(l, type);
  if (data.length < commonSize) fatal(`type descriptor ${symbolName(l, type)} has no content`);
  return data;
}

/** A byte of the content, 0 behind its end. */
function u8(data: Place, at: number): number {
  return at < data.length ? data.bytes[data.start + at] : 0;
}

function u16(data: Place, at: number): number {
  return u8(data, at) | (u8(data, at + 1) << 8);
}

function u32(data: Place, at: number): number {
  if (at + 4 > data.length) return 0;
  const { bytes } = data;
  const i = data.start + at;
  return (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)) >>> 0;
}

function u64(data: Place, at: number): number {
  return u32(data, at) + u32(data, at + 4) * 4294967296;
}

export function typeKind(l: Loader, type: number): number {
  return u8(dataOf(l, type), offKind);
}

export function typeSize(l: Loader, type: number): number {
  return u64(dataOf(l, type), 0);
}

export function typePtrBytes(l: Loader, type: number): number {
  return u64(dataOf(l, type), offPtrBytes);
}

export function hasUncommon(l: Loader, type: number): boolean {
  return (u8(dataOf(l, type), offFlags) & flagUncommon) !== 0;
}

export function maskOnDemand(l: Loader, type: number): boolean {
  return (u8(dataOf(l, type), offFlags) & flagMaskOnDemand) !== 0;
}

/** The target of the relocation at an offset of a symbol, 0 if there is none. */
export function relocTargetAt(l: Loader, symbol: number, offset: number): number {
  materialize(l, symbol);
  const { relocOffset } = l;
  const start = l.relocStart[symbol];
  const end = l.relocEnd[symbol];
  // It is often the one that was looked up last, or the next one.
  const cursor = l.relocCursor;
  if (cursor >= start && cursor < end) {
    if (relocOffset[cursor] === offset) return l.relocTarget[cursor];
    if (cursor + 1 < end && relocOffset[cursor + 1] === offset) {
      l.relocCursor = cursor + 1;
      return l.relocTarget[cursor + 1];
    }
  }
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (relocOffset[middle] < offset) low = middle + 1;
    else high = middle;
  }
  // Objects have them in order; one that has not is searched as a whole.
  if (low === end || relocOffset[low] !== offset) for (low = start; low < end && relocOffset[low] !== offset; ) low++;
  if (low === end) return 0;
  l.relocCursor = low;
  return l.relocTarget[low];
}

/** The text of a name symbol: flag byte, length, bytes. */
export function nameText(l: Loader, name: number): string {
  // It may be a symbol that is made, or read, when it is looked into.
  materialize(l, name);
  const data = placeOf(l, name);
  let length = 0;
  let shift = 1;
  let at = 1;
  for (;;) {
    const b = u8(data, at++);
    length += (b & 0x7f) * shift;
    if (b < 0x80) break;
    shift *= 128;
  }
  return decodeTextAt(data.bytes, data.start + at, Math.max(Math.min(length, data.length - at), 0));
}

export function nameAt(l: Loader, symbol: number, offset: number): string {
  const name = relocTargetAt(l, symbol, offset);
  return name === 0 ? '' : nameText(l, name);
}

/** The type as reflect prints it. */
export function typeString(l: Loader, type: number): string {
  const text = nameAt(l, type, offStr);
  return (u8(dataOf(l, type), offFlags) & flagExtraStar) !== 0 ? text.slice(1) : text;
}

/** The pointer mask's bytes, one bit for each word up to the last pointer. */
export function typeMask(l: Loader, type: number): Uint8Array {
  const mask = relocTargetAt(l, type, offGcData);
  const words = typePtrBytes(l, type) / 8;
  if (mask === 0 || l.size[mask] * 8 < words)
    fatal(`type descriptor ${symbolName(l, type)} has no mask of ${words} words`);
  return symbolData(l, mask) ?? new Uint8Array(0);
}

/** Element of an array, pointer, slice or channel; key of a map. */
export function typeElem(l: Loader, type: number): number {
  return relocTargetAt(l, type, commonSize);
}

export function mapValue(l: Loader, type: number): number {
  return relocTargetAt(l, type, commonSize + 8);
}

export function mapGroup(l: Loader, type: number): number {
  return relocTargetAt(l, type, commonSize + 16);
}

export function arrayLength(l: Loader, type: number): number {
  return u64(dataOf(l, type), commonSize + 16);
}

export function structFieldCount(l: Loader, type: number): number {
  const n = u64(dataOf(l, type), commonSize + 16);
  if (structFieldAt(l, type, n) > l.size[type])
    fatal(`type descriptor ${symbolName(l, type)} has no room for ${n} fields`);
  return n;
}

function structFieldAt(l: Loader, type: number, i: number): number {
  return commonSize + 32 + (hasUncommon(l, type) ? uncommonSize : 0) + 24 * i;
}

export function structFieldName(l: Loader, type: number, i: number): string {
  return nameAt(l, type, structFieldAt(l, type, i));
}

export function structFieldType(l: Loader, type: number, i: number): number {
  return relocTargetAt(l, type, structFieldAt(l, type, i) + 8);
}

export function structFieldOffset(l: Loader, type: number, i: number): number {
  return u64(dataOf(l, type), structFieldAt(l, type, i) + 16);
}

export function structFieldEmbedded(l: Loader, type: number, i: number): boolean {
  const name = relocTargetAt(l, type, structFieldAt(l, type, i));
  return name !== 0 && (u8(placeOf(l, name), 0) & 8) !== 0;
}

export function funcInCount(l: Loader, type: number): number {
  return u16(dataOf(l, type), commonSize);
}

export function funcOutCount(l: Loader, type: number): number {
  return u16(dataOf(l, type), commonSize + 2) & 0x7fff;
}

export function funcIsVariadic(l: Loader, type: number): boolean {
  return (u8(dataOf(l, type), commonSize + 3) & 0x80) !== 0;
}

/** Parameter i, results following the parameters. */
export function funcParameter(l: Loader, type: number, i: number): number {
  return relocTargetAt(l, type, commonSize + 8 + (hasUncommon(l, type) ? uncommonSize : 0) + 8 * i);
}

export function interfaceMethodCount(l: Loader, type: number): number {
  return u64(dataOf(l, type), commonSize + 16);
}

/** Bytes between the common part and the uncommon block, by kind. */
function specificSize(kind: number): number {
  switch (kind) {
    case KindStruct:
      return 32;
    case KindPointer:
    case KindFunc:
    case KindSlice:
      return 8;
    case KindArray:
    case KindInterface:
      return 24;
    case KindChan:
      return 16;
    case KindMap:
      return 64;
    default:
      return 0;
  }
}

/** Number of methods and the offset of the method array. */
export function methodArray(l: Loader, type: number): { count: number; offset: number } {
  const data = dataOf(l, type);
  if ((u8(data, offFlags) & flagUncommon) === 0) fatal(`no methods on ${JSON.stringify(symbolName(l, type))}`);
  const at = commonSize + specificSize(u8(data, offKind));
  return { count: u16(data, at + 4), offset: at + u32(data, at + 8) };
}

/** The type of an itab. */
export function itabType(l: Loader, itab: number): number {
  return relocTargetAt(l, itab, 8);
}
