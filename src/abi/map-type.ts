/** The layout of Swiss maps as the runtime expects it of the compiler (gc-contract 4.5; internal/abi/map.go, internal/runtime/maps). */
import { hashMightPanic, needsKeyUpdate, noAlgorithmPrefix } from './algorithm.ts';
import type { GoType } from './gotype.ts';
import * as Kind from './gotype.ts';
import type { TypeTableApi } from './type-table.ts';

const NeedKeyUpdate = 1;
const HashMightPanic = 2;
const IndirectKey = 4;
const IndirectElem = 8;

/** Slots of a group (internal/abi.MapGroupSlots). */
export const groupSlots = 8;
/** Keys and elements above this size are kept by pointer (internal/abi.MapMaxKeyBytes, MapMaxElemBytes). */
export const maxInlineBytes = 128;

export interface MapLayout {
  /** struct { ctrl uint64; slots [8]slot } */
  readonly group: GoType;
  /** struct { key K; elem E } */
  readonly slot: GoType;
  readonly elemOffset: number;
  readonly flags: number;
}

const layouts = new WeakMap<GoType, MapLayout>();

export function mapLayout(types: TypeTableApi, map: GoType): MapLayout {
  let layout = layouts.get(map);
  if (layout === undefined) {
    layout = makeLayout(types, map);
    layouts.set(map, layout);
  }
  return layout;
}

function makeLayout(types: TypeTableApi, map: GoType): MapLayout {
  const key = map.key().size > maxInlineBytes ? types.pointerTo(map.key()) : map.key();
  const elem = map.elem().size > maxInlineBytes ? types.pointerTo(map.elem()) : map.elem();
  const field = (name: string, type: GoType) => ({ name, type, embedded: false, tag: '', pkgPath: '' });
  const slotFields = [field('key', key), field('elem', elem)];
  const slot = types.madeUp(
    `${noAlgorithmPrefix}struct { key ${key.linkString}; elem ${elem.linkString} }`,
    slotFields,
  );
  const slots = types.madeUpArray(
    `${noAlgorithmPrefix}[${groupSlots}]${slot.linkString.slice(noAlgorithmPrefix.length)}`,
    slot,
    groupSlots,
  );
  const groupName = `${noAlgorithmPrefix}map.group[${map.key().linkString}]${map.elem().linkString}`;
  const group = types.madeUp(groupName, [field('ctrl', types.basic(Kind.Uint64)), field('slots', slots)]);
  let flags = 0;
  if (needsKeyUpdate(map.key())) flags |= NeedKeyUpdate;
  if (hashMightPanic(map.key())) flags |= HashMightPanic;
  if (key !== map.key()) flags |= IndirectKey;
  if (elem !== map.elem()) flags |= IndirectElem;
  return { group, slot, elemOffset: slot.fields[1].offset, flags };
}
