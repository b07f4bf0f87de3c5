/** The machine for linker tests. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import type { LinkHost } from '#link/context.ts';

export const nodeLinkHost: LinkHost = {
  readFile: (path) => readFileSync(path),
  exists: (path) => existsSync(path),
  sha256: (data) => createHash('sha256').update(data).digest(),
  deflate: (data) => deflateSync(data, { level: 1 }),
  print: (text) => {
    process.stdout.write(text);
  },
  capture: ([path, ...args]) => {
    const r = spawnSync(path, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return { status: r.status ?? -1, output: r.stdout ?? '' };
  },
};
