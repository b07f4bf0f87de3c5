/**
 * Finished commands: what `run` or `build` was asked for leads to the inputs it looked at and the files it left. While inputs and files
 * are the same there is nothing to do, and finding that out loads nothing of the compiler.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type Files, type Host } from '#host/host.ts';
import { contentId, Fingerprint, type Sum } from './fingerprint.ts';
import { clockGrain, compareInputs, type InputList } from './inputs.ts';
import { type BuildCache, markUsed } from './store.ts';

/** A file that a command left, and how to recognize it. */
export interface Output {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
  readonly id: string;
}

/** A program that was asked for something, and what it said. */
export interface CapturedAnswer {
  readonly path: string;
  readonly args: readonly string[];
  /** Where it ran; "" if in the command's own directory. */
  readonly directory: string;
  readonly status: number;
  readonly output: string;
}

/** A command that ended well. */
export interface Finished {
  readonly inputs: InputList;
  /** Asked again, the programs say the same as long as nothing has changed. */
  readonly answers: readonly CapturedAnswer[];
  readonly outputs: readonly Output[];
  /** What it printed on standard error. */
  readonly messages: string;
}

/** Environment variables that decide what a build does. */
const relevant = /^(GO|CGO_|TUZA|XDG_)|^(CC|CXX|FC|AR|PKG_CONFIG|PATH|HOME)$/;

/** The action identity of a command line; `tool` is the identity of this toolchain, `settings` the text of the user's settings. */
export function commandAction(host: Host, tool: string, settings: string, args: readonly string[]): string {
  const f = new Fingerprint(host.sha256, 'tuza finished command');
  f.add('tool', tool);
  f.add('directory', host.workingDirectory());
  for (const a of args) f.add('argument', a);
  const names = [...host.env.keys()].filter((name) => relevant.test(name)).sort();
  for (const name of names) f.add(name, host.env.get(name) ?? '');
  f.add('settings', settings);
  return f.finish();
}

export function outputOf(files: Files, sum: Sum, path: string, data: Uint8Array): Output {
  const info = files.stat(path);
  const { size, modified, inode } = info ?? { size: -1, modified: -1, inode: -1 };
  return { path, size, modified, inode, id: contentId(sum, data) };
}

/** Whether a file is still what the command left. */
function isIntact(files: Files, sum: Sum, o: Output): boolean {
  const info = files.stat(o.path);
  if (info === null || info.size !== o.size) return false;
  if (info.modified === o.modified && info.inode === o.inode && Date.now() - info.modified > clockGrain) return true;
  try {
    return contentId(sum, files.readFile(o.path)) === o.id;
  } catch (e) {
    if (e instanceof FileError) return false;
    throw e;
  }
}

/** The finished command if nothing has changed since. */
export function recall(host: Host, cache: BuildCache, action: string): Finished | null {
  const data = cache.get(action);
  if (data === null) return null;
  const finished = parse(decodeText(data));
  if (finished === null) return null;
  const { files, sha256 } = host;
  const { differs, refreshed } = compareInputs(files, sha256, finished.inputs);
  if (differs !== '' || !finished.outputs.every((o) => isIntact(files, sha256, o))) return null;
  if (!finished.answers.every((a) => isSame(host, a))) return null;
  for (const o of finished.outputs) markUsed(files, o.path);
  if (refreshed !== null) remember(cache, action, { ...finished, inputs: refreshed });
  return finished;
}

function isSame(host: Host, a: CapturedAnswer): boolean {
  const place = a.directory === '' ? {} : { directory: a.directory };
  const now = host.processes?.capture(a.path, a.args, place);
  return now?.status === a.status && now.output === a.output;
}

export function remember(cache: BuildCache, action: string, finished: Finished): void {
  cache.put(action, encodeText(JSON.stringify({ format, ...finished })));
}

const format = 2;

/** The text has been compared with its identity: it is what `remember` wrote, if the format is. */
function parse(text: string): Finished | null {
  const read: Finished & { format: number } = JSON.parse(text);
  return read.format === format ? read : null;
}
