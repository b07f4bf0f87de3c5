/**
 * Outputs of programs that have been run, such as tests. What a program looked at (testlog: environment variables, files opened or
 * asked for) is stored under the identity of program and arguments; the output under that together with what those look like now. Rules:
 * cmd/go/internal/test (tryCacheWithID, computeTestInputsID).
 */
import { decodeText } from '#base/bytes.ts';
import { FileError, type FileInfo, type Host } from '#host/host.ts';
import { Fingerprint } from './fingerprint.ts';
import { clockGrain } from './inputs.ts';
import type { BuildCache } from './store.ts';

/** A run: the same program with the same arguments in the same directory. */
export interface RunIdentity {
  /** Identity of the executable's content. */
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** What else decides the result: -timeout is left out, for example, GOFLAGS not. */
  readonly settings: readonly string[];
}

/** The first line of the log that internal/testlog writes. */
const logHeader = '# test log';

function runAction(host: Host, r: RunIdentity): string {
  const f = new Fingerprint(host.sha256, 'tuza run');
  f.add('program', r.program);
  f.add('directory', r.directory);
  for (const a of r.args) f.add('argument', a);
  for (const s of r.settings) f.add('setting', s);
  return f.finish();
}

/** The output of an equal run; null if there was none, or what it looked at has changed. */
export function cachedOutput(host: Host, cache: BuildCache, r: RunIdentity): Uint8Array | null {
  const action = runAction(host, r);
  const log = cache.get(action);
  if (log === null) return null;
  const inputs = inputsIdentity(host, r.directory, decodeText(log));
  return inputs === null ? null : cache.get(outputAction(host, action, inputs));
}

/** Stores the output of a run and its log. False: what it looked at is too new, or cannot be told. */
export function storeOutput(
  host: Host,
  cache: BuildCache,
  r: RunIdentity,
  log: Uint8Array,
  output: Uint8Array,
): boolean {
  const inputs = inputsIdentity(host, r.directory, decodeText(log));
  if (inputs === null) return false;
  const action = runAction(host, r);
  cache.put(action, log);
  cache.put(outputAction(host, action, inputs), output);
  return true;
}

function outputAction(host: Host, action: string, inputs: string): string {
  const f = new Fingerprint(host.sha256, 'tuza run output');
  f.add('run', action);
  f.add('inputs', inputs);
  return f.finish();
}

/** Null if the log is not one, or a file is so new that a later change would not show. */
function inputsIdentity(host: Host, directory: string, log: string): string | null {
  const lines = log.split('\n');
  if (lines.shift() !== logHeader) return null;
  const f = new Fingerprint(host.sha256, 'tuza run inputs');
  let here = directory;
  for (const line of lines) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    if (space < 0) return null;
    const operation = line.slice(0, space);
    const name = line.slice(space + 1);
    const path = name.startsWith('/') ? name : `${here}/${name}`;
    switch (operation) {
      case 'getenv':
        f.add(line, host.env.get(name) ?? '(not set)');
        break;
      case 'chdir':
        here = path;
        f.add(line, path);
        break;
      case 'stat':
        f.add(line, describe(host.files.stat(path)));
        break;
      case 'open': {
        const content = opened(host, path);
        if (content === null) return null;
        f.add(line, content);
        break;
      }
      default:
        return null;
    }
  }
  return f.finish();
}

function describe(info: FileInfo | null): string {
  if (info === null) return 'missing';
  return `${info.size} ${info.mode} ${info.modified} ${info.isDirectory}`;
}

/** Sizes and times stand for contents, of the entries of a directory, too. */
function opened(host: Host, path: string): string | null {
  const info = host.files.stat(path);
  if (info === null) return 'missing';
  const isNew = (i: FileInfo): boolean => Date.now() - i.modified < clockGrain;
  if (!info.isDirectory) return isNew(info) ? null : describe(info);
  try {
    const list = host.files.readDirectory(path);
    return list.some(isNew) ? null : list.map((e) => `${e.name} ${describe(e)}`).join('\n');
  } catch (e) {
    if (e instanceof FileError) return 'unreadable';
    throw e;
  }
}
