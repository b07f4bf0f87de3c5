/**
 * `tuza run -watch`: builds and runs, and does so again when something changes that the build has looked at: files, directories, paths where there
 * was nothing. The Go tree, downloaded modules and the cache are taken not to change.
 */
import { compareInputs, type InputList, selectInputs } from '#cache/inputs.ts';
import type { Host, ProcessResult } from '#host/host.ts';
import { Environment } from './environment.ts';
import { lookForTree } from './goroot.ts';
import { shortPath } from './paths.ts';
import { type Recording, startRecording } from './quick.ts';
import { startExecutable, tellEnd } from './run-executable.ts';

/** Between two looks at the files, in milliseconds. */
const interval = 200;

/** What a program has to end after it was asked to, in milliseconds. */
const grace = 3000;

/** Signals by which somebody ends the watching, too. */
const endings: readonly string[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Carries out one build; the words of the command that runs the program, or an exit status. */
type Prepare = (recording: Recording) => Promise<readonly string[] | number>;

/** Returns when a signal ends it, or when nothing can be built at all: with the exit status. */
export async function watchAndRun(host: Host, prepare: Prepare): Promise<number> {
  for (;;) {
    const recording = startRecording(host);
    if (recording === null) return 1;
    const words = await prepare(recording);
    // Wrong flags do not change.
    if (words === 2) return words;
    const inputs = watchedInputs(host, recording.inputs);
    const status = typeof words === 'number' ? await waiting(host, inputs) : await running(host, words, inputs);
    if (status !== null) return status;
  }
}

function watchedInputs(host: Host, list: InputList): InputList {
  const env = new Environment(host, lookForTree(host));
  const fixed = [lookForTree(host), env.get('GOMODCACHE'), env.get('GOCACHE'), '/proc', '/sys'].filter((d) => d !== '');
  return selectInputs(list, (path) => !fixed.some((d) => path === d || path.startsWith(`${d}/`)));
}

/** Runs the program until it ends or something changes; the exit status if a signal has ended the watching. */
async function running(host: Host, words: readonly string[], inputs: InputList): Promise<number | null> {
  const stop = new AbortController();
  const options = { cancel: stop.signal, grace };
  let ended: ProcessResult | null = null;
  const program = startExecutable(host, words[0], words.slice(1), options).then((result) => {
    ended = result;
  });
  let changed = '';
  while (ended === null && changed === '') {
    await Promise.race([program, host.sleep(interval)]);
    changed = changedPath(host, inputs);
  }
  if (ended === null) stop.abort();
  await program;
  const result = ended as ProcessResult | null;
  if (result === null) return 2;
  if (result.passedSignal !== null && endings.includes(result.passedSignal)) return tellEnd(host, result);
  if (changed === '') {
    tellEnd(host, result);
    return waiting(host, inputs);
  }
  await settled(host, changed);
  return null;
}

/** Waits for a change. */
async function waiting(host: Host, inputs: InputList): Promise<null> {
  host.stderr('go: waiting for changes\n');
  for (;;) {
    const changed = changedPath(host, inputs);
    if (changed !== '') {
      await settled(host, changed);
      return null;
    }
    await host.sleep(interval);
  }
}

/** Programs that write several files, or one in pieces, get the time to do so. */
async function settled(host: Host, changed: string): Promise<void> {
  await host.sleep(interval / 2);
  host.stderr(`go: ${shortPath(host, changed)} has changed\n`);
}

/** "" if nothing has. */
function changedPath(host: Host, inputs: InputList): string {
  return compareInputs(host.files, host.sha256, inputs).differs;
}
