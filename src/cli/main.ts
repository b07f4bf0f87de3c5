/** The command line. What has been done before is found out first; that needs little of the code, and start-up is most of its time. */

import { finishedBefore } from '#go/quick.ts';
import { nodeHost } from '#host/node.ts';
import { changeDirectory } from './chdir.ts';

async function main(given: readonly string[]): Promise<number> {
  const { argv, problem } = changeDirectory(given);
  const host = nodeHost();
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  const [name, ...args] = argv;
  if (name === 'run' || name === 'build' || name === 'test') {
    const status = await finishedBefore(name, args, host);
    if (status !== null) return status;
  }
  const { dispatch } = await import('./dispatch.ts');
  return dispatch(argv, host);
}

process.exitCode = await main(process.argv.slice(2));
