/**
 * The first thing `run`, `build` and `test` try: has this command line been finished before, and is everything as it was? Nothing of the compiler is
 * loaded to find out, so this file imports no more than the cache and the variables.
 */
import { bug } from '#base/bug.ts';
import { tellsTests, verifiesCache, withToldHashes } from '#cache/debug.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import { type InputList, InputRecorder, recordedFiles } from '#cache/inputs.ts';
import { openCache } from '#cache/open.ts';
import { type CapturedAnswer, commandAction, outputOf, recall, remember } from '#cache/remember.ts';
import { type BuildCache, CacheError } from '#cache/store.ts';
import type { Host, RunOptions } from '#host/host.ts';
import { Environment } from './environment.ts';
import { splitQuotedFields } from './quoted.ts';
import { runExecutable } from './run-executable.ts';
import { type Replayed, replay } from './test-replay.ts';

/** Longer command lines are looked up with all their arguments only. */
const maxPrefix = 24;

/** The exit status if the command had nothing to build; null if it has to be carried out. */
export async function finishedBefore(name: string, args: readonly string[], given: Host): Promise<number | null> {
  // -a asks for work.
  if (args.includes('-a') || args.includes('--a') || verifiesCache(given)) return null;
  if (name === 'test' && tellsTests(given)) return null;
  const host = withToldHashes(given);
  const env = new Environment(host, '');
  const { settings } = env;
  const cache = quickCache(env);
  if (cache === null) return null;
  const tool = host.toolIdentity;
  if (name === 'build') {
    const finished = recall(host, cache, commandAction(host, tool, settings, [name, ...args]));
    if (finished === null) return null;
    cache.close();
    host.stderr(finished.messages);
    return 0;
  }
  if (name === 'test') {
    const finished = recall(host, cache, commandAction(host, tool, settings, [name, ...args]));
    const list: readonly Replayed[] | null = finished === null ? null : JSON.parse(finished.messages);
    const output = list === null ? null : replay(env, cache, list);
    if (output !== null) host.stdout(output);
    return output === null ? null : 0;
  }
  if (host.processes === null) return null;
  // What follows the packages is the program's: only a command that has been carried out tells where that begins.
  for (let n = Math.min(args.length, maxPrefix); n > 0; n--) {
    if (args[n - 1].endsWith('.go') && args[n]?.endsWith('.go') === true) continue;
    const action = commandAction(host, tool, settings, [name, ...args.slice(0, n)]);
    const finished = recall(host, cache, action);
    if (finished === null) continue;
    cache.close();
    host.stderr(finished.messages);
    return runExecutable(host, finished.outputs[0].path, args.slice(n));
  }
  return null;
}

function quickCache(env: Environment): BuildCache | null {
  try {
    return openCache(env.host, (name) => env.get(name), splitQuotedFields);
  } catch (e) {
    if (e instanceof CacheError) return null;
    throw e;
  }
}

/** Begins to record a command; null after a message if there is no cache. */
export function startRecording(host: Host): Recording | null {
  try {
    return new Recording(host);
  } catch (e) {
    if (!(e instanceof CacheError)) throw e;
    host.stderr(`${e.message}\n`);
    return null;
  }
}

/** A command being carried out, with everything it looks at written down. */
export class Recording {
  /** What the command is to use. */
  readonly host: Host;
  readonly cache: BuildCache;
  readonly outer: Host;
  readonly recorder: InputRecorder;
  private readonly settings: string;
  private messages: string;
  private readonly answers: CapturedAnswer[];
  /** Set by what cannot be repeated from files alone. */
  private isRepeatable: boolean;

  /** Throws CacheError. */
  constructor(host: Host) {
    this.outer = host;
    const env = new Environment(host, '');
    this.settings = env.settings;
    this.cache = openCache(host, (name) => env.get(name), splitQuotedFields);
    this.recorder = new InputRecorder(host.files, host.sha256);
    this.messages = '';
    this.answers = [];
    this.isRepeatable = true;
    const { processes } = host;
    this.host = {
      ...host,
      files: recordedFiles(host.files, this.recorder),
      processes:
        processes === null
          ? null
          : {
              ...processes,
              run: (path, args, options) => this.process(path, args, options),
              capture: (path, args, options) => this.capture(path, args, options),
            },
      stdout: (text) => {
        this.isRepeatable = false;
        host.stdout(text);
      },
      stderr: (text) => {
        if (typeof text === 'string') this.messages += text;
        else this.isRepeatable = false;
        host.stderr(text);
      },
    };
  }

  /** The cache for compiled code; with -a what it has is made again. */
  codeCache(rebuild: boolean): BuildCache {
    const { cache } = this;
    if (!rebuild) return cache;
    return {
      entry: () => null,
      get: () => null,
      put: (action, data) => cache.put(action, data),
      outputFile: (output) => cache.outputFile(output),
      putExecutable: (actions, name, data) => cache.putExecutable(actions, name, data),
      executable: () => null,
      close: () => cache.close(),
    };
  }

  /** The command's result depends on more than files and the environment. */
  forbid(): void {
    this.isRepeatable = false;
  }

  /** An identity for the executable of a command line: by it the cache finds the file again. */
  executableAction(args: readonly string[]): string {
    const f = new Fingerprint(this.outer.sha256, 'tuza executable');
    f.add('command', commandAction(this.outer, this.outer.toolIdentity, this.settings, args));
    return f.finish();
  }

  /** What the command has looked at so far. */
  get inputs(): InputList {
    return this.recorder.list([]);
  }

  /** Remembers that the command ended well and left these files. */
  finish(args: readonly string[], outputs: readonly { readonly path: string; readonly data: Uint8Array }[]): void {
    const inputs = this.recorder.list(outputs.map((o) => o.path));
    if (!this.isRepeatable || this.recorder.changed) return;
    const { files, sha256, toolIdentity } = this.outer;
    const written = outputs.map((o) => outputOf(files, sha256, o.path, o.data));
    remember(this.cache, commandAction(this.outer, toolIdentity, this.settings, args), {
      inputs,
      answers: this.answers,
      outputs: written,
      messages: this.messages,
    });
  }

  /** Remembers a `test` whose packages all passed, with what is printed if it is asked for again. */
  finishTest(args: readonly string[], messages: string): void {
    const inputs = this.recorder.list([]);
    // Warnings are not printed again.
    if (this.recorder.changed || this.messages !== '') return;
    const action = commandAction(this.outer, this.outer.toolIdentity, this.settings, ['test', ...args]);
    remember(this.cache, action, { inputs, answers: this.answers, outputs: [], messages });
  }

  private capture(path: string, args: readonly string[], options?: RunOptions) {
    const { processes } = this.outer;
    if (processes === null) return bug('programs cannot be run here');
    const answer = processes.capture(path, args, options);
    this.answers.push({ path, args, directory: options?.directory ?? '', ...answer });
    return answer;
  }

  private process(path: string, args: readonly string[], options?: RunOptions) {
    if (options?.isImplied !== true) this.isRepeatable = false;
    const { processes } = this.outer;
    return processes === null ? bug('programs cannot be run here') : processes.run(path, args, options);
  }
}
