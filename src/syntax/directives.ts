/** Comments that mean something: `//line`, `//go:` and the constraint line (cmd/compile: Compiler Directives). */
import { constraintVersion, parseGoBuild } from './constraint.ts';
import { makeString } from './names.ts';
import type { Parser } from './parser.ts';
import { scanError, skipped } from './scanner.ts';

/** The least line or column number that the official compiler refuses. */
const positionLimit = 1 << 30;

/** Handles the `//go:`, `//line` or line comment between two offsets. */
export function handleDirective(p: Parser, start: number, end: number): void {
  if (p.text[start + 2] === 108) {
    if (!p.replay) lineDirective(p, start, end);
    return;
  }
  let stop = end;
  if (p.text[stop - 1] === 13) stop--;
  const text = makeString(p.text, start + 2, stop);
  const pos = p.base + start + 2;
  if (p.top && text.startsWith('go:build')) {
    const x = parseGoBuild(`//${text}`);
    if (x !== null) {
      p.file.goBuild = text.slice('go:build'.length).trim();
      p.file.goVersion = constraintVersion(x);
    }
  }
  const isLinkname = text.startsWith('go:linkname ');
  if (p.skipping && !isLinkname && !text.startsWith('go:cgo_')) return;
  if (!isBlankBefore(p.text, start)) {
    // No syntax error: it has no influence on recovery.
    if (!p.skipping) p.report({ pos, message: 'misplaced compiler directive', code: '', soft: false });
    return;
  }
  const pragma = { pos, text };
  if (!p.replay) {
    if (isLinkname) p.file.linknames.push(pragma);
    else if (text.startsWith('go:cgo_')) p.file.cgoPragmas.push(pragma);
  }
  if (!isLinkname && !p.skipping) p.pragmas = [...p.pragmas, pragma];
}

/** Whether only white space precedes an offset in its line. */
function isBlankBefore(text: Uint8Array, offset: number): boolean {
  for (let i = offset - 1; i >= 0 && text[i] !== 10; i--) {
    if (text[i] !== 32 && text[i] !== 9 && text[i] !== 13 && text[i] !== skipped) return false;
  }
  return true;
}

function lineDirective(p: Parser, start: number, end: number): void {
  const general = p.text[start + 1] === 42;
  let stop = general ? end - 2 : end;
  if (!general && p.text[stop - 1] === 13) stop--;
  const textStart = start + 7;
  const text = makeString(p.text, textStart, stop);
  const last = trailingNumber(text);
  if (last.index === 0) return;
  // Offsets in the text are reported as offsets in the file: exact for names in ASCII, as are the columns of the official compiler.
  if (!last.ok) {
    scanError(p, textStart + last.index, `invalid line number: ${text.slice(last.index)}`);
    return;
  }
  let line = last.value;
  let lineIndex = last.index;
  let column = 0;
  let name = text.slice(0, last.index - 1);
  const before = trailingNumber(name);
  if (before.ok) {
    column = last.value;
    line = before.value;
    lineIndex = before.index;
    if (column === 0 || column > positionLimit) {
      scanError(p, textStart + last.index, `invalid column number: ${text.slice(last.index)}`);
      return;
    }
    name = text.slice(0, before.index - 1);
  }
  if (line === 0 || line > positionLimit) {
    const tail = text.slice(lineIndex, before.ok ? last.index - 1 : text.length);
    scanError(p, textStart + lineIndex, `invalid line number: ${tail}`);
    return;
  }
  if (general && p.text.subarray(start, end).includes(10)) return;
  const directives = p.source.directives;
  if (name === '' && before.ok) {
    name = directives.length > 0 ? directives[directives.length - 1].filename : p.source.name;
  }
  const offset = general ? end : Math.min(end + 1, p.size);
  directives.push({ offset, filename: name, line, column });
}

interface TrailingNumber {
  /** The index after the last colon; 0 if there is none. */
  index: number;
  value: number;
  ok: boolean;
}

function trailingNumber(text: string): TrailingNumber {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { index: 0, value: 0, ok: false };
  const digits = text.slice(colon + 1);
  const ok = /^[0-9]+$/.test(digits) && Number(digits) < 2 ** 64;
  return { index: colon + 1, value: ok ? Number(digits) : 0, ok };
}
