/**
 * `tuza tool link` by itself: the first of two bundles (bin/tuza), since a small link is as much getting started as linking. It has the objects read
 * by other threads while the second one, link/link.ts, is loaded.
 */
import { Environment } from '#go/environment.ts';
import { type Linker, runLinkWith } from '#go/tool-link.ts';
import { nodeHost } from '#host/node.ts';
import { gopathProblem, told } from './problems.ts';

export async function carryOut(args: readonly string[], loadLinker: (hasExcerpt: boolean) => Linker): Promise<number> {
  const host = nodeHost();
  const problem = gopathProblem(new Environment(host, ''));
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 2;
  }
  try {
    return await runLinkWith(args, host, loadLinker);
  } catch (e) {
    return told(host, e);
  }
}
