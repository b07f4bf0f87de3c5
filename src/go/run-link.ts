/** `tuza tool link` with the linker of the same bundle. */
import type { Host } from '#host/host.ts';
import { runLinkWith } from './tool-link.ts';

export function runLink(args: readonly string[], host: Host): Promise<number> {
  return runLinkWith(args, host, () => import('#link/link.ts'));
}
