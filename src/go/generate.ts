/** `tuza generate`: runs the commands of //go:generate lines (cmd/go/internal/generate). */

import { decodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { unquote } from '#constant/literal.ts';
import { textOf } from '#constant/representation.ts';
import { FileError, type Host } from '#host/host.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { moduleOptionsOf } from './modules.ts';
import { shortPath } from './paths.ts';
import { pathsOf, type SourcePackages, sourcePackages } from './source-packages.ts';
import type { ParsedFlags } from './tool-flags.ts';

/** A file's commands cannot go on. */
class GenerateError extends Error {}

interface Settings {
  readonly host: Host;
  readonly found: SourcePackages;
  readonly run: RegExp | null;
  readonly skip: RegExp | null;
  readonly parsed: ParsedFlags;
}

export async function runGenerate(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('generate'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const run = pattern(host, parsed.text('run', ''));
  const skip = pattern(host, parsed.text('skip', ''));
  if (run === undefined || skip === undefined) return 1;
  const found = await sourcePackages(
    host,
    parsed.rest,
    [...tagsOf(parsed), 'generate'],
    moduleOptionsOf(parsed, 'generate'),
    true,
  );
  if (found === null) return 1;
  if (found.leftOut) host.stderr('go: not generating in packages in dependency modules\n');
  const settings: Settings = { host, found, run, skip, parsed };
  let ok = true;
  // Files that are not built have nothing to generate.
  const errors = found.loader.errors.filter((d) => !d.message.includes('build constraints exclude all Go files'));
  if (found.list.length === 0 && errors.length > 0) {
    for (const d of errors) host.stderr(`${d.message}\n`);
    ok = false;
  }
  for (const { files } of found.list) {
    for (const group of [pathsOf(files.goFiles, files.cgoFiles, files.testGoFiles), pathsOf(files.xTestGoFiles)]) {
      for (const path of group) {
        const went = await generateFile(settings, path);
        ok &&= went;
        if (!went) break;
      }
    }
  }
  return ok ? 0 : 1;
}

/** Null without a text; undefined after a message if it is no regular expression. */
function pattern(host: Host, text: string): RegExp | null | undefined {
  if (text === '') return null;
  try {
    return new RegExp(text, 'u');
  } catch {
    host.stderr(`generate: error parsing regexp: ${JSON.stringify(text)}\n`);
    return undefined;
  }
}

const directive = /^\/\/go:generate[ \t]/;

/** Longer lines are refused: the official command reads lines through a buffer of this size. */
const longestLine = 4096;

async function generateFile(s: Settings, path: string): Promise<boolean> {
  const { host, parsed } = s;
  if (parsed.bool('v', false)) host.stderr(`${shortPath(host, path)}\n`);
  const text = decodeText(host.files.readFile(path));
  const name = /^\s*(?:\/\/.*\n\s*|\/\*[\s\S]*?\*\/\s*)*package\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(text)?.[1];
  if (name === undefined) return true;
  const shorthands = new Map<string, readonly string[]>();
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (!directive.test(lines[i])) continue;
    try {
      if (lines[i].length >= longestLine) throw new GenerateError('directive too long');
      if (i === lines.length - 1) throw new GenerateError(`error reading ${shortPath(host, path)}: unexpected EOF`);
      await generateLine(s, path, name, i + 1, lines[i], shorthands);
    } catch (e) {
      if (!(e instanceof GenerateError)) throw e;
      host.stderr(`${shortPath(host, path)}:${i + 1}: ${e.message}\n`);
      return false;
    }
  }
  return true;
}

async function generateLine(
  s: Settings,
  path: string,
  packageName: string,
  line: number,
  text: string,
  shorthands: Map<string, readonly string[]>,
): Promise<void> {
  const { host, parsed, found } = s;
  const wanted = text.trim();
  if (s.run !== null && !s.run.test(wanted)) return;
  if (s.skip?.test(wanted) === true) return;
  const dir = parentPath(path);
  const searched = host.env.get('PATH') ?? '';
  const own = new Map([
    ['GOROOT', found.goroot],
    ['GOARCH', found.target.goarch],
    ['GOOS', found.target.goos],
    ['GOFILE', path.slice(dir.length + 1)],
    ['GOLINE', String(line)],
    ['GOPACKAGE', packageName],
    ['DOLLAR', '$'],
    ['PATH', `${found.goroot}/bin${searched === '' ? '' : ':'}${searched}`],
    ['PWD', dir],
  ]);
  const env = new Map([...host.env, ...own]);
  const split = splitWords(text.slice('//go:generate '.length).replace(/\r$/, ''));
  const words = [...(shorthands.get(split[0]) ?? split.slice(0, 1)), ...split.slice(1)].map((w) => expand(w, env));
  if (words.length === 0) throw new GenerateError('no arguments to directive');
  if (words[0] === '-command') {
    if (words.length === 1) throw new GenerateError('no command specified for -command');
    if (shorthands.has(words[1])) throw new GenerateError(`command ${JSON.stringify(words[1])} multiply defined`);
    shorthands.set(words[1], words.slice(2));
    return;
  }
  const dry = parsed.bool('n', false);
  if (dry || parsed.bool('x', false)) host.stderr(`${words.join(' ')}\n`);
  if (!dry) await runCommand(host, found.goroot, words, dir, env);
}

async function runCommand(
  host: Host,
  goroot: string,
  words: readonly string[],
  directory: string,
  env: ReadonlyMap<string, string>,
): Promise<void> {
  const { processes } = host;
  const fail = (reason: string): never => {
    throw new GenerateError(`running ${JSON.stringify(words[0])}: ${reason}`);
  };
  if (processes === null) return fail('programs cannot be run here');
  const path = lookUp(host, goroot, words[0]);
  if (path === '') return fail(`exec: ${JSON.stringify(words[0])}: executable file not found in $PATH`);
  try {
    const r = await processes.run(path, words.slice(1), { directory, env });
    if (r.signal !== null) fail(`signal: ${r.signal}`);
    if (r.code !== 0) fail(`exit status ${r.code}`);
  } catch (e) {
    if (e instanceof FileError) fail(e.message);
    throw e;
  }
}

/** The tree's programs are found before others of the same name. */
function lookUp(host: Host, goroot: string, name: string): string {
  if (name.includes('/')) return name;
  const isProgram = (path: string): boolean => {
    const info = host.files.stat(path);
    return info !== null && !info.isDirectory && (info.mode & 0o111) !== 0;
  };
  const directories = [`${goroot}/bin`, ...(host.env.get('PATH') ?? '').split(':')];
  return directories.map((d) => `${d}/${name}`).find(isProgram) ?? '';
}

/** Words between blanks; a word in double quotes is a Go string. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  let rest = line.replace(/^[ \t]+/, '');
  while (rest !== '') {
    if (rest.startsWith('"')) {
      const m = /^"(?:[^"\\]|\\.)*"/s.exec(rest);
      if (m === null) throw new GenerateError(rest.endsWith('\\') ? 'bad backslash' : 'mismatched quoted string');
      const word = unquote(m[0]);
      if (word === null) throw new GenerateError('bad quoted string');
      words.push(textOf(word));
      rest = rest.slice(m[0].length);
      if (rest !== '' && !/^[ \t]/.test(rest)) throw new GenerateError('expect space after quoted argument');
    } else {
      const word = /^[^ \t]+/.exec(rest)?.[0] ?? '';
      words.push(word);
      rest = rest.slice(word.length);
    }
    rest = rest.replace(/^[ \t]+/, '');
  }
  return words;
}

/** os.Expand. */
function expand(word: string, env: ReadonlyMap<string, string>): string {
  return word.replace(
    /\$(?:\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*|[*#$@!?\-0-9]))/g,
    (_, braced: string | undefined, bare: string | undefined) => env.get(braced ?? bare ?? '') ?? '',
  );
}
