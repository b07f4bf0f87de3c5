/** The first bundle of `run`, `build`, `install` and `test` (bin/tuza): finds out whether there is anything to do. */
import { finishedBefore } from '#go/quick.ts';
import { nodeHost } from '#host/node.ts';
import { changeDirectory } from './chdir.ts';

export interface Before {
  /** The command line without -C, which has been followed. */
  readonly argv: readonly string[];
  /** The exit status; null if the command has to be carried out. */
  readonly status: number | null;
}

export async function before(given: readonly string[]): Promise<Before> {
  const { argv, problem } = changeDirectory(given);
  const host = nodeHost();
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return { argv, status: 1 };
  }
  const [name, ...args] = argv;
  return { argv, status: await finishedBefore(name, args, host) };
}
