/** Build constraints at the head of a file of any kind (go/build shouldBuild, parseFileHeader). */
import { decodeText } from '#base/bytes.ts';
import {
  type Constraint,
  evalConstraint,
  goBuildProblem,
  isGoBuild,
  isPlusBuild,
  mayHold,
  parseGoBuild,
  parsePlusBuild,
} from '#syntax/constraint.ts';

export class ConstraintError extends Error {}

/**
 * Whether the constraints in a file's head hold. The head is the leading run of // comments, blank lines and /* comments;
 * `//go:build` may stand anywhere in it, `// +build` lines only before its last blank line, and only count without a go:build line.
 */
export function constraintsHold(text: Uint8Array, holds: (tag: string) => boolean): boolean {
  return constraintsOf(text).every((x) => evalConstraint(x, holds));
}

/** Whether the constraints hold for some tags; wrong ones never do. */
export function constraintsMayHold(text: Uint8Array): boolean {
  try {
    return constraintsOf(text).every((x) => mayHold(x));
  } catch (e) {
    if (!(e instanceof ConstraintError)) throw e;
    return false;
  }
}

function constraintsOf(text: Uint8Array): Constraint[] {
  const head = readHead(text);
  if (head.goBuild === '') return head.plusLines.map(parsePlusBuild).filter((x) => x !== null);
  const x = parseGoBuild(head.goBuild);
  if (x === null) throw new ConstraintError(`parsing //go:build line: ${goBuildProblem(head.goBuild)}`);
  return [x];
}

interface Head {
  goBuild: string;
  plusLines: string[];
}

function readHead(text: Uint8Array): Head {
  const head: Head = { goBuild: '', plusLines: [] };
  let pending: string[] = [];
  let inBlock = false;
  // Something other than blank lines and line comments has been seen: +build lines count no longer.
  let ended = false;
  let offset = text.length >= 3 && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  while (offset < text.length) {
    let end = text.indexOf(10, offset);
    if (end < 0) end = text.length;
    const line = decodeText(text.subarray(offset, end)).trim();
    offset = end + 1;
    if (!inBlock) {
      if (line === '') {
        if (!ended) head.plusLines.push(...pending);
        pending = [];
        continue;
      }
      if (line.startsWith('//')) {
        if (isGoBuild(line)) {
          if (head.goBuild !== '') throw new ConstraintError('multiple //go:build comments');
          head.goBuild = line;
        } else if (isPlusBuild(line)) pending.push(line);
        continue;
      }
    }
    ended = true;
    const rest = skipBlockComments(line, inBlock);
    inBlock = rest.inBlock;
    if (rest.code) break;
  }
  return head;
}

/** Walks over block comments of one line; code: something else begins here, and the head ends. */
function skipBlockComments(line: string, inBlock: boolean): { inBlock: boolean; code: boolean } {
  let rest = line;
  for (;;) {
    if (inBlock) {
      const close = rest.indexOf('*/');
      if (close < 0) return { inBlock: true, code: false };
      rest = rest.slice(close + 2).trim();
      inBlock = false;
    }
    if (rest === '' || rest.startsWith('//')) return { inBlock: false, code: false };
    if (!rest.startsWith('/*')) return { inBlock: false, code: true };
    rest = rest.slice(2);
    inBlock = true;
  }
}
