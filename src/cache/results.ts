/**
 * Outputs of programs that have been run, such as tests. What a program looked at (testlog: environment variables, files opened or
 * asked for) is stored under the identity of program and arguments; the output under that together with what those look like now. Rules:
 * cmd/go/internal/test (tryCacheWithID, computeTestInputsID).
 */

import { decodeText } from '#base/bytes.ts';
import { cleanPath } from '#base/path.ts';
import { quote } from '#base/quote.ts';
import { FileError, type FileInfo, type Host } from '#host/host.ts';
import { Fingerprint } from './fingerprint.ts';
import { clockGrain } from './inputs.ts';
import type { BuildCache } from './store.ts';

/** A run: the same program with the same arguments in the same directory. */
export interface RunIdentity {
  /** Identity of the executable's content, or of what it is made from. */
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** Files outside of it do not count: that of the module, or of the Go tree. */
  readonly root: string;
  /** What else decides the result. */
  readonly settings: readonly string[];
}

/** Hears why a result is used or not (GODEBUG=gocachetest=1), in the words of cmd/go. */
export type TellTest = (message: string) => void;

/** The first line of the log that internal/testlog writes. */
const logHeader = '# test log\n';

function runAction(host: Host, r: RunIdentity): string {
  const f = new Fingerprint(host.sha256, 'tuza run');
  f.add('program', r.program);
  f.add('directory', r.directory);
  for (const a of r.args) f.add('argument', a);
  for (const s of r.settings) f.add('setting', s);
  return f.finish();
}

/**
 * What an equal run has left under each name; null if there was none, if what it looked at has changed, or if it is older than a time
 * (milliseconds since 1970).
 */
export function cachedResults(
  host: Host,
  cache: BuildCache,
  r: RunIdentity,
  names: readonly string[],
  notBefore: number,
  tell: TellTest = () => undefined,
): Uint8Array[] | null {
  const action = runAction(host, r);
  tell(`test ID ${r.program} => ${action}`);
  const log = cache.get(action);
  if (log === null) {
    tell(`input list not found: ${notFound(cache, action)}`);
    return null;
  }
  const inputs = inputsIdentity(host, r, decodeText(log), tell);
  if (inputs === null) return null;
  const list: Uint8Array[] = [];
  for (const name of names) {
    const stored = resultAction(host, action, inputs, name);
    if (name === names[0]) tell(`test ID ${action} => input ID ${inputs} => ${stored}`);
    const entry = cache.entry(stored);
    const data = entry === null ? null : cache.get(stored);
    if (entry === null || data === null) {
      const what = name === names[0] ? 'test output not found' : 'cached cover profile missing';
      tell(`${what}: ${notFound(cache, stored)}`);
      return null;
    }
    if (entry.time < notBefore) {
      tell('test output expired due to go clean -testcache');
      return null;
    }
    list.push(data);
  }
  return list;
}

/** Stores what a run has left, by names, and its log. False: what it looked at is too new, or cannot be told. */
export function storeResults(
  host: Host,
  cache: BuildCache,
  r: RunIdentity,
  log: Uint8Array,
  results: readonly (readonly [name: string, data: Uint8Array])[],
  tell: TellTest = () => undefined,
): boolean {
  const inputs = inputsIdentity(host, r, decodeText(log), tell);
  if (inputs === null) return false;
  const action = runAction(host, r);
  if (results.length > 0)
    tell(`save test ID ${action} => input ID ${inputs} => ${resultAction(host, action, inputs, results[0][0])}`);
  cache.put(action, log);
  for (const [name, data] of results) cache.put(resultAction(host, action, inputs, name), data);
  return true;
}

function notFound(cache: BuildCache, action: string): string {
  // Entries stand beside outputs.
  const path = cache.outputFile(action).replace(/-d$/, '-a');
  return `cache entry not found: open ${path}: no such file or directory`;
}

function resultAction(host: Host, action: string, inputs: string, name: string): string {
  const f = new Fingerprint(host.sha256, 'tuza run output');
  f.add('run', action);
  f.add('inputs', inputs);
  f.add('name', name);
  return f.finish();
}

/** Null if the log is not one, or a file is so new that a later change would not show. */
function inputsIdentity(host: Host, r: RunIdentity, log: string, tell: TellTest): string | null {
  if (!log.startsWith(logHeader) || !log.endsWith('\n')) {
    tell('input list malformed');
    return null;
  }
  const f = new Fingerprint(host.sha256, 'tuza run inputs');
  const addVariable = (name: string): void => {
    const value = host.env.get(name);
    f.add(`getenv ${name}`, value === undefined ? '' : `=${value}`);
  };
  // The runtime looks at it without telling.
  addVariable('GODEBUG');
  let here = r.directory;
  for (const line of log.slice(logHeader.length).split('\n')) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    if (space < 0) {
      tell(`input list malformed (${quote(line)})`);
      return null;
    }
    const operation = line.slice(0, space);
    const name = line.slice(space + 1);
    const path = cleanPath(name.startsWith('/') ? name : `${here}/${name}`);
    const counts = r.root !== '' && isBelow(path, r.root);
    switch (operation) {
      case 'getenv':
        addVariable(name);
        break;
      case 'chdir':
        here = name;
        f.add(line, describe(host.files.stat(name)));
        break;
      case 'stat':
        if (counts) f.add(`stat ${path}`, describe(host.files.stat(path)));
        break;
      case 'open': {
        if (!counts) break;
        const content = opened(host, path);
        if (content === null) {
          tell(`input file ${path}: file used as input is too new`);
          return null;
        }
        f.add(`open ${path}`, content);
        break;
      }
      default:
        tell(`input list malformed (${quote(line)})`);
        return null;
    }
  }
  return f.finish();
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function describe(info: FileInfo | null): string {
  if (info === null) return 'missing';
  return `${info.size} ${info.mode} ${info.modified} ${info.isDirectory}`;
}

/** Sizes and times stand for contents, of the entries of a directory, too. */
function opened(host: Host, path: string): string | null {
  const info = host.files.stat(path);
  if (info === null) return 'missing';
  if (!info.isDirectory) return Date.now() - info.modified < clockGrain ? null : describe(info);
  try {
    const list = host.files.readDirectory(path);
    return `${describe(info)}\n${list.map((e) => `${e.name} ${describe(e)}\n`).join('')}`;
  } catch (e) {
    if (e instanceof FileError) return 'unreadable';
    throw e;
  }
}
