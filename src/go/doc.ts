/** `tuza doc`: the go command's own documentation printer, compiled from the tree (cmd/go/internal/doc); it parses its arguments. */
import type { Host } from '#host/host.ts';
import { runTreeTool } from './tree-tools.ts';

export async function runDoc(args: readonly string[], host: Host): Promise<number> {
  const ended = await runTreeTool(host, 'doc', args);
  return ended?.code ?? 1;
}
