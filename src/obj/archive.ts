/**
 * Unix archives as the Go tools use them: "!<arch>\n", then members with 60-byte text headers, padded to even offsets.
 * Source: GOROOT/src/cmd/internal/archive/archive.go.
 */
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';

/** A damaged or foreign file: which, where, why. The linker turns it into a message; it is the user's file, not our bug. */
export class ObjectError extends Error {
  readonly file: string;
  readonly offset: number;
  readonly reason: string;

  constructor(file: string, offset: number, reason: string) {
    super(`${file}: offset ${offset}: ${reason}`);
    this.name = 'ObjectError';
    this.file = file;
    this.offset = offset;
    this.reason = reason;
  }
}

const magic = '!<arch>\n';
const headerSize = 60;

/** Names of members with a meaning of their own. */
export const PackageDefinition = '__.PKGDEF';
export const GoObjectMember = '_go_.o';

export interface Member {
  /** As in the header, trailing blanks removed (at most 16 bytes). */
  name: string;
  modified: number;
  uid: number;
  gid: number;
  mode: number;
  /** Of the header, in the archive. */
  offset: number;
  data: Uint8Array;
}

export function isArchive(bytes: Uint8Array): boolean {
  return startsWith(bytes, 0, magic);
}

export function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function headerNumber(file: string, bytes: Uint8Array, at: number, width: number, base: number, what: string): number {
  const text = decodeText(bytes.subarray(at, at + width)).trim();
  if (text === '') return 0;
  const valid = base === 8 ? /^[0-7]+$/ : /^[0-9]+$/;
  if (!valid.test(text))
    throw new ObjectError(file, at, `malformed archive member header: ${what} ${JSON.stringify(text)}`);
  return Number.parseInt(text, base);
}

/** The members of an archive, data as views into `bytes`. Throws ObjectError. */
export function readArchive(file: string, bytes: Uint8Array): Member[] {
  if (!isArchive(bytes)) throw new ObjectError(file, 0, 'not an archive');
  const members: Member[] = [];
  let at = magic.length;
  while (at < bytes.length) {
    if (at + headerSize > bytes.length) throw new ObjectError(file, at, 'truncated archive member header');
    if (bytes[at + 58] !== 0x60 || bytes[at + 59] !== 0x0a) {
      throw new ObjectError(file, at + 58, 'malformed archive member header: missing end mark');
    }
    const size = headerNumber(file, bytes, at + 48, 10, 10, 'size');
    const start = at + headerSize;
    if (start + size > bytes.length)
      throw new ObjectError(file, at, `archive member of ${size} bytes ends beyond the file`);
    members.push({
      name: decodeText(bytes.subarray(at, at + 16)).trimEnd(),
      modified: headerNumber(file, bytes, at + 16, 12, 10, 'date'),
      uid: headerNumber(file, bytes, at + 28, 6, 10, 'uid'),
      gid: headerNumber(file, bytes, at + 34, 6, 10, 'gid'),
      mode: headerNumber(file, bytes, at + 40, 8, 8, 'mode'),
      offset: at,
      data: bytes.subarray(start, start + size),
    });
    at = start + size + (size & 1);
  }
  return members;
}

/** A member as the toolchain writes them: no date, no owner, mode 0644. */
export function newMember(name: string, data: Uint8Array): Member {
  return { name, modified: 0, uid: 0, gid: 0, mode: 0o644, offset: 0, data };
}

export function writeArchive(members: readonly Member[]): Uint8Array {
  const w = new ByteWriter(magic.length + members.reduce((n, m) => n + headerSize + m.data.length + 1, 0));
  w.text(magic);
  for (const m of members) {
    const head =
      m.name.padEnd(16).slice(0, 16) +
      String(m.modified).padEnd(12) +
      String(m.uid).padEnd(6) +
      String(m.gid).padEnd(6) +
      m.mode.toString(8).padEnd(8) +
      String(m.data.length).padEnd(10);
    w.bytes(encodeText(`${head}\x60\n`));
    w.bytes(m.data);
    if ((m.data.length & 1) !== 0) w.u8(0);
  }
  return w.finish();
}
