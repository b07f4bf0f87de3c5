/** Text archives (internal/txtar): a comment, then files behind lines "-- name --". */
import { readFileSync } from 'node:fs';

export interface ArchiveFile {
  readonly name: string;
  readonly data: Buffer;
}

export interface Archive {
  readonly comment: string;
  readonly files: readonly ArchiveFile[];
}

export function readArchive(path: string): Archive {
  return parseArchive(readFileSync(path));
}

export function parseArchive(data: Buffer): Archive {
  // One character a byte, so that contents come back as they were.
  const text = data.toString('latin1');
  const files: ArchiveFile[] = [];
  const marker = /^-- (.*) --\n/gm;
  let comment = '';
  let name = '';
  let start = 0;
  const take = (end: number): void => {
    const part = text.slice(start, end);
    const whole = part === '' || part.endsWith('\n') ? part : `${part}\n`;
    const bytes = Buffer.from(whole, 'latin1');
    if (name === '') comment = bytes.toString('utf8');
    else files.push({ name, data: bytes });
  };
  for (const m of text.matchAll(marker)) {
    if (m[1].trim() === '') continue;
    take(m.index);
    name = Buffer.from(m[1].trim(), 'latin1').toString('utf8');
    start = m.index + m[0].length;
  }
  take(text.length);
  return { comment, files };
}
