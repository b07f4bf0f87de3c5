/** Holds the import directions of docs/overview.md: a room imports only the rooms listed for it, types included. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** A room and what it may import besides itself; what those may import is included. */
const direct: Record<string, readonly string[]> = {
  base: [],
  host: ['base'],
  constant: ['base'],
  syntax: ['base'],
  obj: ['base'],
  types: ['syntax', 'constant'],
  load: ['types', 'host'],
  abi: ['types', 'obj'],
  ssa: ['types', 'abi'],
  'arch/encode': ['obj'],
  arch: ['ssa', 'abi', 'arch/encode'],
  asm: ['arch/encode', 'host'],
  link: ['obj', 'host'],
  compile: ['load', 'ssa', 'abi', 'arch', 'asm', 'link', 'host', 'cache'],
  mod: ['host'],
  cache: ['host'],
  go: ['compile', 'asm', 'link', 'load', 'mod', 'cache'],
  cli: ['go'],
};

function closure(room: string, seen = new Set<string>()): Set<string> {
  if (seen.has(room)) return seen;
  seen.add(room);
  for (const r of direct[room] ?? []) closure(r, seen);
  return seen;
}

function roomOf(path: string): string {
  const parts = path.split(sep);
  if (parts[0] !== 'arch') return parts[0];
  // The encoder and the instruction types stand below the compiler; lowering and emission above it.
  return parts.length === 2 || parts[2] === 'encode' ? 'arch/encode' : 'arch';
}

function files(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? files(path) : name.endsWith('.ts') ? [path] : [];
  });
}

test('rooms import only what they may', () => {
  const wrong: string[] = [];
  for (const file of files(root)) {
    const room = roomOf(relative(root, file));
    const allowed = closure(room);
    const text = readFileSync(file, 'utf8');
    for (const m of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      const target = m[1];
      if (target.startsWith('node:') && room !== 'host' && room !== 'cli')
        wrong.push(`${relative(root, file)}: ${target}`);
      if (!target.startsWith('#')) continue;
      if (!allowed.has(roomOf(target.slice(1).split('/').join(sep)))) wrong.push(`${relative(root, file)}: ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});
