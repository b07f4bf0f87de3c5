/** How much memory a build will need, so that it can begin with it (host/node-heap.ts): nothing of this decides what is built. */
import type { Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';

/** Bytes of objects for a byte of source that is parsed, checked and compiled; measured with dlv (8 MB of source) and hugo (32 MB). */
const perSourceByte = 130;

/** What the standard library takes if it is compiled, too. */
const forStandard = 4e8;

/** Tells the host before packages are compiled; those of the standard library count as a whole. */
export function reserveMemory(host: Host, packages: readonly LoadedPackage[]): void {
  if (host.reserveMemory === undefined) return;
  let bytes = 0;
  for (const p of packages) {
    if (p.isStandard) continue;
    for (const f of p.files.goFiles) bytes += host.files.stat(f.path)?.size ?? 0;
  }
  host.reserveMemory(forStandard + perSourceByte * bytes);
}
