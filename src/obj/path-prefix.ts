/**
 * Import paths as symbol names spell them: control characters, quotes, percent signs, bytes from 0x7f on and dots after the
 * last slash are written %xx (GOROOT/src/cmd/internal/objabi/path.go).
 */
import { encodeText } from '#base/bytes.ts';

const plain = /^[!#$&-~]*$/;

export function pathToPrefix(path: string): string {
  const slash = path.lastIndexOf('/');
  if (plain.test(path) && path.indexOf('.', slash + 1) < 0) return path;
  const bytes = encodeText(path);
  const lastSlash = bytes.lastIndexOf(0x2f);
  let s = '';
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    const special = c <= 0x20 || (c === 0x2e && i > lastSlash) || c === 0x25 || c === 0x22 || c >= 0x7f;
    s += special ? `%${c.toString(16).padStart(2, '0')}` : String.fromCharCode(c);
  }
  return s;
}
