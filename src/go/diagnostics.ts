/**
 * Messages about the user's program, for every command: in the compiler's format where standard error is not a terminal; on a terminal with the
 * source line, a mark below the column, colours and a hint; or as JSON.
 */
import { decodeText } from '#base/bytes.ts';
import { type Diagnostic, maxErrors } from '#base/diagnostic.ts';
import { type FileSet, formatPosition, type Pos, type Position } from '#base/source.ts';
import type { PackageErrors } from '#compile/check-package.ts';
import type { Remark } from '#compile/remarks.ts';
import { FileError, type Host } from '#host/host.ts';
import { stackCode, stackPlace } from '#load/loader.ts';
import { hintFor } from './hints.ts';
import { shortPath } from './paths.ts';

/**
 * Prints the messages of one package to standard error, sorted by position, the same line once.
 * `name` is what the package is called in the line above them; "" leaves that line out.
 */
export function printDiagnostics(
  host: Host,
  files: FileSet,
  list: readonly Diagnostic[],
  name = 'command-line-arguments',
  limit = maxErrors,
): void {
  if (list.length === 0) return;
  const sorted = sortDiagnostics(files, list);
  const print = host.terminal.isTerminal ? printForReader : printPlain;
  if (name !== '' && sorted.some((d) => d.pos !== 0)) host.stderr(`# ${name}\n`);
  for (const d of sorted.slice(0, limit)) print(host, files, d, name === '');
  if (sorted.length > limit) host.stderr('too many errors\n');
}

/** By position; of equal messages on a line one stays, as in the official compiler's output. */
export function sortDiagnostics(files: FileSet, list: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...list].sort((a, b) => a.pos - b.pos);
  return sorted.filter((d, i) => {
    const before = sorted[i - 1];
    if (before === undefined || before.message !== d.message) return true;
    const a = files.position(before.pos);
    const b = files.position(d.pos);
    return a.filename !== b.filename || a.line !== b.line;
  });
}

/** An error of loading packages, as a line or with the import stack. */
export function loadErrorText(host: Host, files: FileSet, d: Diagnostic): string {
  if (d.code !== stackCode) return `${locationOf(host, files, d, true)}${d.message}`;
  const place = d.pos === 0 ? '' : `\n\t${shortPath(host, formatPosition(files.position(d.pos)))}`;
  return d.message.replace(stackPlace, place);
}

function printPlain(host: Host, files: FileSet, d: Diagnostic, isLoading = false): void {
  if (isLoading || d.code === stackCode) host.stderr(`${loadErrorText(host, files, d)}\n`);
  else host.stderr(`${locationOf(host, files, d, isLoading)}${messageOf(host, d)}\n`);
}

/** Of all errors of a package those that a compiler tells that gives up at `limit`. */
export function toldErrors(path: string, all: readonly Diagnostic[], limit: number): PackageErrors {
  return { path, list: all.slice(0, limit), stoppedAt: all.length > limit ? all[limit - 1].pos : 0 };
}

/** As the official tools: errors of loading packages by themselves, those of the compiler below the package's name. */
export function printPackageErrors(host: Host, files: FileSet, e: PackageErrors): void {
  const print = host.terminal.isTerminal ? printForReader : printPlain;
  if (e.path !== '') host.stderr(`# ${e.path}\n`);
  for (const d of e.list) print(host, files, d, e.path === '');
  if (e.stoppedAt !== 0) host.stderr(`${compilerPlace(host, files, e.stoppedAt)}: too many errors\n`);
  if (e.assembler !== undefined) host.stderr(withShortPaths(host, e.assembler.dir, e.assembler.text));
}

/** What a tool has said of files in a package's directory, as seen from the working directory. */
export function withShortPaths(host: Host, dir: string, text: string): string {
  const short = shortPath(host, `${dir}/x`).slice(0, -1);
  return text.replaceAll(`${dir}/`, short === '' ? './' : short);
}

/** What -m tells; the same line is told once. */
export function printRemarks(host: Host, files: FileSet, list: readonly Remark[]): void {
  let last = '';
  for (const r of list) {
    const line = `${compilerPlace(host, files, r.pos)}: ${r.message}\n`;
    if (line !== last) host.stdout(line);
    last = line;
  }
}

/** Errors of loading packages name files without "./". */
function locationOf(host: Host, files: FileSet, d: Diagnostic, isLoading: boolean): string {
  if (d.pos === 0) return '';
  const place = isLoading ? shortPath(host, formatPosition(files.position(d.pos))) : compilerPlace(host, files, d.pos);
  return `${place}: `;
}

function compilerPlace(host: Host, files: FileSet, pos: Pos): string {
  return shortPlace(host, formatPosition(files.position(pos)));
}

/** Messages name other places, too ("goto L jumps over variable declaration at ..."), which are shortened as the first one is. */
function messageOf(host: Host, d: Diagnostic): string {
  return d.message.replace(
    /( |\n\t?)(\/[^\n]*?\.go)(?=:\d)/g,
    (_, before: string, path: string) => before + shortPlace(host, path),
  );
}

function shortPlace(host: Host, path: string): string {
  const place = shortPath(host, path);
  return place.includes('/') ? place : `./${place}`;
}

const bold = '\x1b[1m';
const red = '\x1b[1;31m';
const cyan = '\x1b[36m';
const plain = '\x1b[0m';

function printForReader(host: Host, files: FileSet, d: Diagnostic, isLoading = false): void {
  if (d.code === stackCode) {
    printPlain(host, files, d);
    return;
  }
  const noColour = (host.env.get('NO_COLOR') ?? '') !== '' || host.env.get('TERM') === 'dumb';
  const paint = (code: string, text: string): string => (noColour ? text : `${code}${text}${plain}`);
  let text = `${paint(bold, locationOf(host, files, d, isLoading))}${paint(red, messageOf(host, d))}\n`;
  const file = files.file(d.pos);
  const line = file === null ? null : sourceLine(host, file.rawPosition(d.pos));
  if (file !== null && line !== null) {
    const raw = file.rawPosition(d.pos);
    const number = String(raw.line);
    // Columns count bytes; tabs are kept, so that the mark stands below its place whatever their width.
    const before = decodeText(line.slice(0, Math.max(raw.column - 1, 0))).replace(/[^\t]/gu, (c) =>
      isWide(c) ? '  ' : ' ',
    );
    text += `${paint(cyan, `${number} |`)} ${decodeText(line)}\n`;
    text += `${paint(cyan, `${' '.repeat(number.length)} |`)} ${before}${paint(red, '^')}\n`;
  }
  const hint = hintFor(d);
  if (hint !== '') text += `${paint(cyan, 'hint:')} ${hint}\n`;
  host.stderr(text);
}

/** Takes two columns on a terminal (East Asian wide characters and emoji). */
function isWide(c: string): boolean {
  return /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u.test(
    c,
  );
}

function sourceLine(host: Host, p: Position): Uint8Array | null {
  try {
    const text = host.files.readFile(p.filename);
    let start = 0;
    for (let n = 1; n < p.line; n++) {
      const end = text.indexOf(10, start);
      if (end < 0) return null;
      start = end + 1;
    }
    const end = text.indexOf(10, start);
    const line = text.subarray(start, end < 0 ? text.length : end);
    return line[line.length - 1] === 13 ? line.subarray(0, -1) : line;
  } catch (e) {
    if (e instanceof FileError) return null;
    throw e;
  }
}

/** One message as a line of JSON. */
export function diagnosticJson(files: FileSet, d: Diagnostic, packagePath: string): string {
  const p = files.position(d.pos);
  return JSON.stringify({
    Package: packagePath,
    File: d.pos === 0 ? '' : p.filename,
    Line: p.line,
    Column: p.column,
    Message: d.message,
    Code: d.code,
  });
}
