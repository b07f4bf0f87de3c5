/** JSON as Go's encoder writes it with a tab as indentation: <, > and & escaped, keys of a Map sorted, absent members left out. */
export type Json = string | number | boolean | null | readonly Json[] | ReadonlyMap<string, string> | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** What templates print for objects that have a method String or Error in Go. */
const printedTexts = new WeakMap<JsonObject, string>();

export function withText(value: JsonObject, text: string): JsonObject {
  printedTexts.set(value, text);
  return value;
}

/** Null if the object has no text of its own. */
export function textOfObject(value: JsonObject): string | null {
  return printedTexts.get(value) ?? null;
}

export function formatJson(value: Json, indent = ''): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoteJson(value);
  const inner = `${indent}\t`;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((v) => inner + formatJson(v, inner)).join(',\n')}\n${indent}]`;
  }
  const members: string[] = [];
  const entries: [string, Json | undefined][] =
    value instanceof Map ? [...value].sort((a, b) => (a[0] < b[0] ? -1 : 1)) : Object.entries(value);
  for (const [k, v] of entries) {
    if (v !== undefined) members.push(`${inner}${quoteJson(k)}: ${formatJson(v, inner)}`);
  }
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

function isList(value: readonly Json[] | ReadonlyMap<string, string> | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

/** One string, as encoding/json escapes it. */
export function quoteJson(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029\u007f]/g, (c) =>
    c === '\u007f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
