/**
 * Lines of our own archives, in the head of their definition: the directories of the packages outside of the standard library that they were made
 * of, whose sources are read again. Other readers skip them; those of golang.org/x/tools and cmd/vet take no line of more than 4,096 bytes, so that
 * each package has one of its own.
 */
import { decodeText } from '#base/bytes.ts';

const word = 'tuza sources ';

/** `sources` are directories by import path. */
export function sourceLines(sources: ReadonlyMap<string, string>): string {
  const lines = [...sources].map(([path, dir]) => `${word}${JSON.stringify({ [path]: dir })}\n`);
  return lines.length === 0 ? `${word}{}\n` : lines.join('');
}

/** Null if the definition is not one of ours. `end` is where its head ends. */
export function readSourceLines(definition: Uint8Array, end: number): Map<string, string> | null {
  const lines = decodeText(definition.subarray(0, end))
    .split('\n')
    .filter((l) => l.startsWith(word));
  if (lines.length === 0) return null;
  const sources = new Map<string, string>();
  for (const line of lines) {
    const parsed: unknown = JSON.parse(line.slice(word.length));
    for (const [path, dir] of Object.entries(parsed ?? {})) if (typeof dir === 'string') sources.set(path, dir);
  }
  return sources;
}
