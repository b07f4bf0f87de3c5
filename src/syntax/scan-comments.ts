/** Directives of a whole file, found by scanning alone. */
import { SourceFile } from '#base/source.ts';
import { makeString } from './names.ts';
import { next, Scanner } from './scanner.ts';
import * as Tok from './tokens.ts';

export interface FoundDirective {
  /** The offset of the text. */
  readonly offset: number;
  /** From "go:" to the end of the line. */
  readonly text: string;
}

/** All `//go:` comments, wherever they stand; errors are not told. */
export function scanDirectives(text: Uint8Array): FoundDirective[] {
  const found: FoundDirective[] = [];
  const ignore = (): void => undefined;
  const s = new Scanner(new SourceFile('', 1, text.length), text, ignore, (start, end) => {
    if (text[start + 2] === 103) found.push({ offset: start + 2, text: makeString(text, start + 2, end).trimEnd() });
  });
  do next(s);
  while (s.tok !== Tok.EOF);
  return found;
}
