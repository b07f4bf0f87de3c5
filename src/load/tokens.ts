/**
 * The identity of a Go file as the compiler sees it: its tokens and directives, each with its line and column. Other comments, and spaces that move
 * nothing, play no part: whatever is made of the file is the same without them.
 */
import { ByteWriter, hexText } from '#base/bytes.ts';
import { SourceFile } from '#base/source.ts';
import { cleanText, next, Scanner } from '#syntax/scanner.ts';
import * as Tok from '#syntax/tokens.ts';

/** Of a file with errors, the identity of all of its bytes. */
export function tokensId(sha256: (data: Uint8Array) => Uint8Array, text: Uint8Array): string {
  return hexText(sha256(tokenBytes(text) ?? text));
}

/** Every token and directive with its place; null if the text is not that of a Go file. */
function tokenBytes(text: Uint8Array): Uint8Array | null {
  if (cleanText(text).offsets.length > 0) return null;
  const w = new ByteWriter(2 * text.length + 1024);
  let line = 1;
  let lineStart = 0;
  const add = (start: number, end: number): void => {
    for (let i = text.indexOf(10, lineStart); i >= 0 && i < start; i = text.indexOf(10, i + 1)) {
      line++;
      lineStart = i + 1;
    }
    w.u32(line);
    w.u32(start - lineStart);
    w.u32(end - start);
    w.bytes(text.subarray(start, end));
  };
  let isWrong = false;
  const report = (): void => void (isWrong = true);
  const s = new Scanner(new SourceFile('', 1, text.length), text, report, add);
  for (next(s); s.tok !== Tok.EOF && !isWrong; next(s)) {
    // Where a line ends is told by the place of what follows.
    if (s.tok !== Tok.Semi || s.lit === 'semicolon') add(s.start, s.offset);
  }
  return isWrong ? null : w.finish();
}
