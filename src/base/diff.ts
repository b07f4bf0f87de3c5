/** Differences of two texts in the unified form, from matches of lines that each of them has once (internal/diff). */

const context = 3;

/** "" if the texts are the same. */
export function unifiedDiff(oldName: string, oldText: string, newName: string, newText: string): string {
  if (oldText === newText) return '';
  const edits = editsOf(linesOf(oldText), linesOf(newText));
  return `diff ${oldName} ${newName}\n--- ${oldName}\n+++ ${newName}\n${chunks(edits)}`;
}

/** With their ends; a missing end of the last line is told. */
function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  if (text === '') return [];
  if (!text.endsWith('\n')) lines[lines.length - 1] += '\n\\ No newline at end of file\n';
  return lines;
}

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

function editsOf(x: readonly string[], y: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  const add = (kind: Edit['kind'], lines: readonly string[]): void => {
    for (const line of lines) edits.push({ kind, line });
  };
  for (const m of [{ x: 0, y: 0 }, ...anchors(x, y), { x: x.length, y: y.length }]) {
    // Read over already with an earlier match.
    if (m.x < i) continue;
    let from = m;
    while (from.x > i && from.y > j && x[from.x - 1] === y[from.y - 1]) from = { x: from.x - 1, y: from.y - 1 };
    let to = m;
    while (to.x < x.length && to.y < y.length && x[to.x] === y[to.y]) to = { x: to.x + 1, y: to.y + 1 };
    add('-', x.slice(i, from.x));
    add('+', y.slice(j, from.y));
    add(' ', x.slice(from.x, to.x));
    i = to.x;
    j = to.y;
  }
  return edits;
}

function chunks(edits: readonly Edit[]): string {
  let out = '';
  for (let at = 0; ; ) {
    const first = edits.findIndex((e, i) => i >= at && e.kind !== ' ');
    if (first < 0) return out;
    // A chunk ends where more lines follow than the contexts of two chunks have.
    let last = first;
    for (let i = first; i < edits.length && i - last <= 2 * context; i++) if (edits[i].kind !== ' ') last = i;
    const start = Math.max(at, first - context);
    const end = Math.min(edits.length, last + 1 + context);
    out += chunk(edits, start, end);
    at = end;
  }
}

function chunk(edits: readonly Edit[], start: number, end: number): string {
  const count = (list: readonly Edit[], other: string): number => list.filter((e) => e.kind !== other).length;
  const before = edits.slice(0, start);
  const list = edits.slice(start, end);
  const range = (other: string): string => {
    const n = count(list, other);
    // Lines are counted from 1, but the place of no lines is the one before.
    return `${count(before, other) + (n > 0 ? 1 : 0)},${n}`;
  };
  return `@@ -${range('+')} +${range('-')} @@\n${list.map((e) => e.kind + e.line).join('')}`;
}

interface Pair {
  readonly x: number;
  readonly y: number;
}

/** The longest sequence of lines that are once in each text and in the same order (Szymanski's algorithm A). */
function anchors(x: readonly string[], y: readonly string[]): Pair[] {
  const inX = onlyOnce(x);
  const inY = onlyOnce(y);
  const pairs: Pair[] = [];
  for (const [line, i] of inX) {
    const j = inY.get(line);
    if (j !== undefined) pairs.push({ x: i, y: j });
  }
  // The smallest end of an increasing sequence of each length, and the length that ends at each pair.
  const ends: number[] = [];
  const lengths = pairs.map((p) => {
    let k = ends.findIndex((e) => e >= p.y);
    if (k < 0) k = ends.length;
    ends[k] = p.y;
    return k + 1;
  });
  const found: Pair[] = [];
  let need = ends.length;
  let below = Number.POSITIVE_INFINITY;
  // Of pairs that will do the last one is taken.
  for (let i = pairs.length - 1; i >= 0 && need > 0; i--) {
    if (lengths[i] !== need || pairs[i].y >= below) continue;
    found.unshift(pairs[i]);
    below = pairs[i].y;
    need--;
  }
  return found;
}

function onlyOnce(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const more = new Set<string>();
  lines.forEach((l, i) => {
    if (places.has(l)) more.add(l);
    else places.set(l, i);
  });
  for (const l of more) places.delete(l);
  return places;
}
