/** `tuza tool link` by itself, for which a bundle of its own is made: half of the time of a small link is that of getting started. */
import { Environment } from '#go/environment.ts';
import { runLink } from '#go/tool-link.ts';
import { nodeHost } from '#host/node.ts';
import { gopathProblem, told } from './problems.ts';

async function main(args: readonly string[]): Promise<number> {
  const host = nodeHost();
  const problem = gopathProblem(new Environment(host, ''));
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 2;
  }
  try {
    return await runLink(args, host);
  } catch (e) {
    return told(host, e);
  }
}

// "tool", "link"
void main(process.argv.slice(4)).then((status) => {
  process.exitCode = status;
});
