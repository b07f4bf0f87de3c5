/**
 * A line of our own archives, in the head of their definition: the directories of the packages outside of the standard library that they were made
 * of, whose sources are read again. Other readers skip it.
 */
import { decodeText } from '#base/bytes.ts';

const word = 'tuza sources ';

/** `sources` are directories by import path. */
export function sourceLine(sources: ReadonlyMap<string, string>): string {
  return `${word}${JSON.stringify(Object.fromEntries(sources))}\n`;
}

/** Null if the definition is not one of ours. `end` is where its head ends. */
export function readSourceLine(definition: Uint8Array, end: number): Map<string, string> | null {
  const line = decodeText(definition.subarray(0, end))
    .split('\n')
    .find((l) => l.startsWith(word));
  if (line === undefined) return null;
  const parsed: unknown = JSON.parse(line.slice(word.length));
  const sources = new Map<string, string>();
  for (const [path, dir] of Object.entries(parsed ?? {})) if (typeof dir === 'string') sources.set(path, dir);
  return sources;
}
