/** Which code this is, under Node: what bundling puts in its place, or the times of the sources where they run as they are. */
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crypto } from './node-lazy.ts';

/** Bundling puts a text in its place. */
declare const TUZA_BUNDLE: string | undefined;

let known = '';

/** Includes the version of Node, whose compressor makes some of our output. */
export function toolIdentity(): string {
  if (known === '') known = `${process.version} ${typeof TUZA_BUNDLE === 'string' ? TUZA_BUNDLE : sourceTimes()}`;
  return known;
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
