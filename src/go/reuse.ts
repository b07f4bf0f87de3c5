/** The file of -reuse: what `list -m -json` or `mod download -json` has told before (cmd/go/internal/modload list.go, ListModules). */
import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { failureOf, ModError } from '#mod/errors.ts';
import { inOrder } from '#mod/origin.ts';
import type { Known } from '#mod/query.ts';
import type { Json, JsonObject } from './json.ts';
import { asObject } from './module-info.ts';

/** By "path@version" and "path@question": modules as they were told, and what is known of them. */
export interface Reused {
  readonly modules: ReadonlyMap<string, JsonObject>;
  readonly known: ReadonlyMap<string, Known>;
}

export const nothingReused: Reused = { modules: new Map(), known: new Map() };

/** Throws ModError. */
export function readReused(host: Host, path: string): Reused {
  if (path === '') return nothingReused;
  let text: string;
  try {
    text = decodeText(host.files.readFile(path));
  } catch (e) {
    throw new ModError(failureOf(e).message);
  }
  const modules = new Map<string, JsonObject>();
  const known = new Map<string, Known>();
  for (const m of objectsIn(path, text)) {
    const origin = asObject(m.Origin);
    if (origin === null) continue;
    const told: JsonObject = {
      ...m,
      // `mod download` tells an error as a text.
      Error: typeof m.Error === 'string' ? { Err: m.Error } : m.Error,
      Reuse: true,
    };
    const version = textOf(m.Version);
    const answer = {
      version,
      time: textOf(m.Time),
      origin: inOrder(Object.fromEntries(Object.entries(origin).map(([f, v]) => [f, textOf(v)]))),
    };
    for (const asked of [version, textOf(m.Query)]) {
      if (asked === '' && version !== '') continue;
      modules.set(`${textOf(m.Path)}@${asked}`, told);
      known.set(`${textOf(m.Path)}@${asked}`, answer);
    }
  }
  return { modules, known };
}

function textOf(v: Json | undefined): string {
  return typeof v === 'string' ? v : '';
}

/** One JSON object after the other. Throws ModError. */
function objectsIn(path: string, text: string): JsonObject[] {
  const list: JsonObject[] = [];
  for (let at = 0; ; ) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) return list;
    const end = objectEnd(text, at);
    try {
      const v: JsonObject = JSON.parse(text.slice(at, end));
      list.push(v);
    } catch (e) {
      if (!(e instanceof SyntaxError)) throw e;
      throw new ModError(`parsing ${path}: ${end > text.length ? 'unexpected EOF' : e.message}`);
    }
    at = end;
  }
}

/** Where the object that begins at `at` ends; beyond the text if it does not. */
function objectEnd(text: string, at: number): number {
  let depth = 0;
  for (const token of text.slice(at).matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token[0] === '{') depth++;
    else if (token[0] === '}' && --depth <= 0) return at + token.index + 1;
  }
  return text.length + 1;
}
