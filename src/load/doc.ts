/** Text of comments, and the first sentence of a package's documentation (go/ast CommentGroup.Text, go/doc Synopsis). */

/** A comment group's text without markers, directives and blank lines at its ends; "" or ends with a newline. */
export function commentText(source: string): string {
  const lines: string[] = [];
  for (const comment of comments(source)) {
    if (comment.startsWith('//')) {
      const body = comment.slice(2);
      if (body.startsWith(' ')) lines.push(body.slice(1));
      else if (!isDirective(body)) lines.push(body);
    } else lines.push(...comment.slice(2, -2).split('\n'));
  }
  const trimmed = lines.map((l) => l.replace(/[ \t\r\n]+$/, ''));
  const out: string[] = [];
  for (const l of trimmed) if (l !== '' || (out.length > 0 && out[out.length - 1] !== '')) out.push(l);
  while (out.length > 0 && out[out.length - 1] === '') out.pop();
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

function comments(source: string): string[] {
  return source.replaceAll('\r', '').match(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g) ?? [];
}

/** "line " and "tool:name" comments are no documentation. */
function isDirective(body: string): boolean {
  return (
    body.startsWith('line ') ||
    body.startsWith('extern ') ||
    body.startsWith('export ') ||
    /^[a-z0-9]+:[a-z0-9]/.test(body)
  );
}

/** The first sentence in one line, or "" if the text does not look like documentation. */
export function synopsis(text: string): string {
  const sentence = firstSentence(text);
  const lower = sentence.toLowerCase();
  if (['copyright', 'all rights', 'author'].some((prefix) => lower.startsWith(prefix))) return '';
  const paragraph = sentence.split(/\n[ \t]*\n/)[0];
  // A heading or a code block is no sentence.
  if (/^(# |[ \t])/.test(paragraph)) return '';
  return paragraph
    .replace(/\[(\*?[\p{L}_][\p{L}\p{Nd}_./-]*)\](?!:)/gu, (link, text: string) => (isDocLink(text) ? text : link))
    .replaceAll('``', '“')
    .replaceAll("''", '”')
    .split(/\s+/)
    .filter((w) => w !== '')
    .join(' ');
}

/** Standard packages whose path is one word (go/doc/comment: only these are known without their imports). */
const standardWords = new Set(
  (
    'bufio bytes cmp context crypto embed encoding errors expvar flag fmt hash html image io iter log maps math mime net os path plugin reflect ' +
    'regexp runtime slices sort strconv strings structs sync syscall testing time unicode unique unsafe weak'
  ).split(' '),
);

/** Whether the text in brackets is a link to a package or to a name of one. Names of the package itself are not known here, so they are none. */
function isDocLink(text: string): boolean {
  const target = text.replace(/^\*/, '');
  const slash = target.lastIndexOf('/');
  if (slash >= 0) return true;
  return standardWords.has(target.split('.')[0]);
}

/** Up to the first period that is followed by space and not preceded by exactly one upper-case letter. */
function firstSentence(text: string): string {
  let ppp = '';
  let pp = '';
  let p = '';
  let i = 0;
  for (const c of text) {
    const q = c === '\n' || c === '\r' || c === '\t' ? ' ' : c;
    if (q === ' ' && p === '.' && (!isUpper(pp) || isUpper(ppp))) return text.slice(0, i);
    if (p === '。' || p === '．') return text.slice(0, i);
    ppp = pp;
    pp = p;
    p = q;
    i += c.length;
  }
  return text;
}

function isUpper(c: string): boolean {
  return /^\p{Lu}$/u.test(c);
}
