/**
 * Why packages are compiled again: what their code was made of is kept beside it, part by part, and compared with what it is made of now.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';

/** What decides a package's code: labels, each once, and identities. */
export type Parts = readonly (readonly [label: string, value: string])[];

function recordAction(host: Host, path: string, dir: string): string {
  const f = new Fingerprint(host.sha256, 'tuza parts of a package');
  f.add('path', path);
  f.add('directory', dir);
  return f.finish();
}

/** Keeps what a package's code has been made of. */
export function rememberParts(host: Host, cache: BuildCache, path: string, dir: string, parts: Parts): void {
  cache.put(recordAction(host, path, dir), encodeText(JSON.stringify(parts)));
}

/** What has changed since a package was compiled last; "" if nothing has. */
export function changesOf(host: Host, cache: BuildCache, path: string, dir: string, parts: Parts): string {
  const data = cache.get(recordAction(host, path, dir));
  if (data === null) return 'it has not been compiled before';
  const read: Parts = JSON.parse(decodeText(data));
  const before = new Map(read);
  const now = new Map(parts);
  const reasons: string[] = [];
  for (const [label, value] of now) {
    const old = before.get(label);
    if (old === undefined) reasons.push(`${label} is new`);
    else if (old !== value) reasons.push(changed(label));
  }
  for (const label of before.keys()) if (!now.has(label)) reasons.push(`${label} is gone`);
  return reasons.join(', ');
}

/** Flags tell themselves; of other parts it is enough that they are not the same. */
function changed(label: string): string {
  switch (label) {
    case 'tool':
      return 'tuza is another one';
    case 'options':
      return 'flags or target are others';
    case 'runtime':
      return 'the Go tree is another one';
    default:
      return `${label} has changed`;
  }
}
