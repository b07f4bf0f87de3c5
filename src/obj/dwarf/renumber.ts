/** File numbers in the DWARF that objects carry for a function: a line program's part, and a subprogram entry (DWARF 5, 6.2.5). */
import { ByteWriter } from '#base/bytes.ts';

/* Opcodes of line programs, and what the Go linker's header says of them. */
export const OpcodeBase = 11;
export const AdvancePc = 2;
export const AdvanceLine = 3;
export const SetFile = 4;
const SetColumn = 5;
export const ConstAddPc = 8;
export const FixedAdvancePc = 9;
export const SetPrologueEnd = 10;

/** Abbreviations of a function and of a wrapper. */
export const FunctionEntry = 3;
export const WrapperEntry = 4;

/** The same rows with other files. Numbers are those of the file table, from 1, which a program starts with. */
export function renumberLines(data: Uint8Array, to: (file: number) => number): Uint8Array {
  const w = new ByteWriter(data.length + 8);
  let at = 0;
  const uleb = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = data[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  // The address of the first row.
  at = 1;
  const length = uleb();
  at += length;
  w.bytes(data.subarray(0, at));
  let first = 1;
  if (data[at] === SetFile) {
    at++;
    first = uleb();
  }
  if (to(first) !== 1) {
    w.u8(SetFile);
    w.uleb(to(first));
  }
  let copied = at;
  while (at < data.length) {
    const opcode = data[at++];
    switch (opcode) {
      case 0: {
        const more = uleb();
        at += more;
        break;
      }
      case SetFile:
        w.bytes(data.subarray(copied, at));
        w.uleb(to(uleb()));
        copied = at;
        break;
      case FixedAdvancePc:
        at += 2;
        break;
      case AdvancePc:
      case AdvanceLine:
      case SetColumn:
        while (data[at++] >= 0x80);
        break;
    }
  }
  w.bytes(data.subarray(copied));
  return w.finish();
}

/** The same entry in another file; `addresses` is the number of relocations of its low and high address. */
export function renumberEntry(data: Uint8Array, addresses: number, to: (file: number) => number): Uint8Array {
  if (data[0] !== FunctionEntry) return data;
  let at = data.indexOf(0) + 1;
  // An index and a length, or two addresses; then the frame base, a block of one byte.
  if (addresses === 1) {
    at += 4;
    while (data[at++] >= 0x80);
  } else at += 16;
  at += 2;
  // Byte by byte: a view of a small array would have V8 move it out of its heap.
  const file = to(data[at] | (data[at + 1] << 8) | (data[at + 2] << 16) | (data[at + 3] << 24));
  const copy = data.slice();
  for (let i = 0; i < 4; i++) copy[at + i] = file >>> (8 * i);
  return copy;
}
