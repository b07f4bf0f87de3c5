/** Which code this is, under Node: the file that bundling writes, or the times of the sources where they run as they are. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crypto } from './node-lazy.ts';

let known = '';

/** Includes the version of Node, whose compressor makes some of our output. */
export function toolIdentity(): string {
  if (known === '') known = `${process.version} ${bundled() ?? sourceTimes()}`;
  return known;
}

/** Written by scripts/bundle.mjs; null if this file is not part of a bundle. */
function bundled(): string | null {
  if (import.meta.url.endsWith('.ts')) return null;
  return readFileSync(new URL('./identity', import.meta.url), 'utf8');
}

function sourceTimes(): string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const hash = crypto().createHash('sha256');
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.ts')) continue;
    const { size, mtimeMs } = statSync(`${root}/${name}`);
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
