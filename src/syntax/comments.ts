/** Comments that belong to what follows them (go/parser's lead comments): cgo preambles and package documentation. */

export interface CommentRange {
  start: number;
  end: number;
}

/** The comments of one group: comments on adjoining lines. */
interface CommentGroup extends CommentRange {
  startLine: number;
  endLine: number;
}

/**
 * The comment group that ends on the line before `token`. `gap` is where the token before it ended; between the two there are only white
 * space and comments. A comment on the line of the token before is not taken.
 */
export function leadComment(text: Uint8Array, gap: number, token: number): CommentRange | null {
  let line = 0;
  let group: CommentGroup | null = null;
  let i = gap;
  const onNewLine = gap === 0 || text[gap - 1] === 10;
  while (i < token) {
    const c = text[i];
    if (c === 10) line++;
    if (c !== 47) {
      i++;
      continue;
    }
    const start = i;
    const startLine = line;
    if (text[i + 1] === 47) {
      const newline = text.indexOf(10, i);
      i = newline < 0 ? text.length : newline;
    } else {
      i += 2;
      while (i < token && !(text[i] === 42 && text[i + 1] === 47)) {
        if (text[i] === 10) line++;
        i++;
      }
      i += 2;
    }
    if (startLine === 0 && !onNewLine) continue;
    if (group === null || startLine > group.endLine + 1) group = { start, end: i, startLine, endLine: line };
    else {
      group.end = i;
      group.endLine = line;
    }
  }
  return group !== null && group.endLine + 1 === line ? { start: group.start, end: group.end } : null;
}
