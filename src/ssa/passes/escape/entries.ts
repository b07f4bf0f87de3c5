/**
 * Runtime functions that compiled code calls for a language construct. Their bodies hash and compare through function
 * values, which would make every key escape; the language says what they keep (cmd/compile/internal/escape: map keys,
 * channel elements, copied slices).
 *
 * A letter per parameter: n keeps nothing, h keeps the value, c keeps what it points at, d what that points at (the elements
 * of select cases).
 */
const patterns: readonly (readonly [names: string, params: string])[] = [
  ['mapaccess1 mapaccess2 mapdelete', 'nnn'],
  ['mapaccess1_fat mapaccess2_fat', 'nnnn'],
  [
    'mapaccess1_fast32 mapaccess2_fast32 mapaccess1_fast64 mapaccess2_fast64 mapaccess1_faststr mapaccess2_faststr',
    'nnn',
  ],
  ['mapdelete_fast32 mapdelete_fast64 mapdelete_faststr', 'nnn'],
  ['mapassign', 'nnc'],
  ['mapassign_fast32 mapassign_fast64', 'nnn'],
  ['mapassign_fast32ptr mapassign_fast64ptr mapassign_faststr', 'nnh'],
  ['mapIterStart', 'nnn'],
  ['mapIterNext', 'n'],
  ['mapclear', 'nn'],
  ['chansend1', 'nc'],
  ['chanrecv1 chanrecv2', 'nn'],
  ['selectnbsend', 'nc'],
  ['selectnbrecv', 'nn'],
  ['selectgo', 'dnnnnn'],
  ['selectsetpc', 'n'],
  ['chanlen chancap closechan', 'n'],
  ['gopanic', 'h'],
  ['ifaceeq efaceeq', 'nnn'],
  ['interequal nilinterequal strequal', 'nn'],
  ['memequal', 'nnn'],
  ['interhash nilinterhash strhash f32hash f64hash c64hash c128hash', 'nn'],
  ['memhash', 'nnn'],
  ['assertE2I assertE2I2', 'nn'],
  ['typeAssert', 'nn'],
  ['interfaceSwitch', 'nn'],
  ['panicdottypeE panicdottypeI', 'nnn'],
  ['panicnildottype', 'n'],
  ['printstring printslice printeface printiface printpointer', 'n'],
  ['typedmemmove', 'nnc'],
  ['typedslicecopy', 'nnncn'],
  ['typedmemclr memclrHasPointers', 'nn'],
  ['decoderune', 'nn'],
  ['countrunes', 'n'],
];

const table: ReadonlyMap<string, string> = new Map(
  patterns.flatMap(([names, params]) => names.split(' ').map((n): [string, string] => [`runtime.${n}`, params])),
);

/** The letters of an entry point, or null. */
export function entryPoint(linkName: string): string | null {
  return linkName.startsWith('runtime.') ? (table.get(linkName) ?? null) : null;
}

/** Dereferences on the way to the heap, or -1. */
export function entryDerefs(letter: string): number {
  switch (letter) {
    case 'h':
      return 0;
    case 'c':
      return 1;
    case 'd':
      return 2;
    default:
      return -1;
  }
}
