/** Build information of an ELF executable (debug/buildinfo): a block that starts with a magic text, then version and modules. */
import { decodeText } from '#base/bytes.ts';

export interface ExecutableInfo {
  readonly goVersion: string;
  /** As debug.BuildInfo prints it, without the version. */
  readonly text: string;
}

/** "\xff Go buildinf:". */
const magic = [0xff, 0x20, 0x47, 0x6f, 0x20, 0x62, 0x75, 0x69, 0x6c, 0x64, 0x69, 0x6e, 0x66, 0x3a];
const alignment = 16;
/** The flag that says that the strings follow the header. */
const inlineStrings = 2;
const headerSize = 32;
/** The text of modules stands between marks of this size. */
const markSize = 16;

/** A text is why there is none. */
export function readExecutableInfo(data: Uint8Array): ExecutableInfo | string {
  if (data[0] !== 0x7f || data[1] !== 0x45 || data[2] !== 0x4c || data[3] !== 0x46) return 'unrecognized file format';
  for (let at = 0; at + headerSize <= data.length; at += alignment) {
    if (!magic.every((b, i) => data[at + i] === b)) continue;
    // Programs that look for the magic text themselves hold it, too, with no header behind it.
    if ((data[at + 15] & inlineStrings) === 0) continue;
    const version = stringAt(data, at + headerSize);
    if (version === null || (!version.text.startsWith('go') && !version.text.startsWith('devel'))) continue;
    const modules = stringAt(data, version.end);
    if (modules === null) continue;
    const bytes = data.subarray(modules.end - modules.length, modules.end);
    const isMarked = bytes.length >= 2 * markSize + 1 && bytes[bytes.length - markSize - 1] === 10;
    const text = isMarked ? decodeText(bytes.subarray(markSize, bytes.length - markSize)) : '';
    return { goVersion: version.text, text };
  }
  return 'not a Go executable';
}

/** A string behind its length in base 128. */
function stringAt(data: Uint8Array, at: number): { text: string; length: number; end: number } | null {
  let length = 0;
  let scale = 1;
  let i = at;
  for (;;) {
    if (i >= data.length || scale > 2 ** 42) return null;
    const b = data[i++];
    length += (b & 0x7f) * scale;
    scale *= 128;
    if (b < 0x80) break;
  }
  if (i + length > data.length) return null;
  return { text: decodeText(data.subarray(i, i + length)), length, end: i + length };
}
