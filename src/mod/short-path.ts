import type { Host } from '#host/host.ts';

/** As messages show a path: relative to the working directory, if that is shorter (cmd/go base.ShortPath). */
export function shortPath(host: Host, path: string): string {
  const from = host
    .workingDirectory()
    .split('/')
    .filter((p) => p !== '');
  const to = path.split('/').filter((p) => p !== '');
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  const relative = [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || '.';
  return relative.length < path.length ? relative : path;
}
