/** `tuza mod edit`: changes go.mod by flags, in their order. */
import { decodeText, encodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import { FileError, type Host } from '#host/host.ts';
import { asError, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import * as edit from '#mod/modfile/edit.ts';
import {
  goVersionPattern,
  type Interval,
  isDirectoryPath,
  type ModFile,
  parseModFile,
  toolchainPattern,
} from '#mod/modfile/file.ts';
import { formatFile } from '#mod/modfile/print.ts';
import type { WorkFile } from '#mod/modfile/work.ts';
import { checkImportPath, type Version } from '#mod/module.ts';
import { Environment } from './environment.ts';
import { bool, type CommandFlag, text } from './flags.ts';
import { formatJson, type JsonObject } from './json.ts';
import type { ModRequest } from './mod.ts';
import { newFetcher } from './modules.ts';
import { absolutePath, findUpwards } from './paths.ts';
import { goVersion } from './version.ts';

type Edit = (f: ModFile, argument: string) => void;

/** What can be changed in go.mod and go.work. */
export const commonEdits: Readonly<Record<string, (f: ModFile | WorkFile, argument: string) => void>> = {
  godebug: (f, a) => {
    const eq = a.indexOf('=');
    if (eq < 0 || /["`',]/.test(a)) throw new ModError('need key=value');
    edit.addGodebug(f, a.slice(0, eq), a.slice(eq + 1));
  },
  dropgodebug: (f, a) => edit.dropGodebug(f, a),
  replace: (f, a) => {
    const r = replacementOf(a);
    edit.addReplace(f, r.old, r.new);
  },
  dropreplace: (f, a) => edit.dropReplace(f, optionalVersion('old', a, true)),
};

const edits: Readonly<Record<string, Edit>> = {
  ...commonEdits,
  require: (f, a) => {
    const m = pathVersion(a);
    edit.addRequire(f, m.path, m.version);
  },
  droprequire: (f, a) => edit.dropRequire(f, plainPath(a)),
  exclude: (f, a) => {
    const m = pathVersion(a);
    edit.addExclude(f, m.path, m.version);
  },
  dropexclude: (f, a) => {
    const m = pathVersion(a);
    edit.dropExclude(f, m.path, m.version);
  },
  retract: (f, a) => edit.addRetract(f, interval(a), ''),
  dropretract: (f, a) => edit.dropRetract(f, interval(a)),
  tool: (f, a) => edit.addWord(f, 'tool', plainPath(a)),
  droptool: (f, a) => edit.dropWord(f, 'tool', plainPath(a)),
  ignore: (f, a) => edit.addWord(f, 'ignore', a),
  dropignore: (f, a) => edit.dropWord(f, 'ignore', a),
};

export const editFlags: readonly CommandFlag[] = [
  text('module', 'path', "Changes the module's path."),
  text('go', 'version', 'Sets the Go version; none removes it.'),
  text('toolchain', 'name', 'Sets the toolchain; none removes it.'),
  bool('fmt', 'Reformats the file.'),
  bool('print', 'Prints the file instead of writing it.'),
  bool('json', 'Prints the file as JSON.'),
  // The official command takes both and does nothing with them.
  bool('x', 'Changes nothing: there are no commands.'),
  bool('n', 'Changes nothing: there are no commands.'),
  ...Object.keys(edits).map((name) => ({
    ...text(name, 'value', `Changes the ${name.replace(/^drop/, '')} lines.`),
    repeated: true,
  })),
];

export async function runModEdit(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  const { rest } = parsed;
  const changes = orderedEdits(r.args, editFlags);
  const isAsked =
    ['module', 'go', 'toolchain'].some((f) => parsed.text(f, '') !== '') ||
    ['json', 'print', 'fmt'].some((f) => parsed.bool(f, false));
  if (!isAsked && changes.length === 0) throw new ModError("no flags specified (see 'go help mod edit').");
  if (parsed.bool('json', false) && parsed.bool('print', false)) throw new ModError('cannot use both -json and -print');
  if (rest.length > 1) throw new ModError('too many arguments');
  const path = rest[0] ?? modFilePath(r);
  const problem = checkOptions(r);
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  const data = readNamed(host, path);
  let file: ModFile;
  try {
    file = parseModFile(path, decodeText(data));
  } catch (e) {
    throw new ModError(`errors parsing ${path.replace(`${host.workingDirectory()}/`, '')}:\n${asError(e).message}`);
  }
  applyEdits(r, file, changes);
  edit.sortBlocks(file);
  edit.cleanUpFile(file);
  if (parsed.bool('json', false)) {
    host.stdout(`${formatJson(fileJson(file))}\n`);
    return 0;
  }
  const out = formatFile(file.syntax);
  if (parsed.bool('print', false)) {
    host.stdout(out);
    return 0;
  }
  const unlock = await newFetcher(new Environment(host, r.goroot), r.options, '').sideLock();
  host.files.overwrite(absolutePath(host, path), encodeText(out));
  unlock();
  return 0;
}

/** Errors name the file as it was named. */
function readNamed(host: Host, path: string): Uint8Array {
  try {
    return host.files.readFile(absolutePath(host, path));
  } catch (e) {
    if (!(e instanceof FileError) || e.code !== 'ENOENT') throw e;
    throw new ModError(`open ${path}: no such file or directory`);
  }
}

function modFilePath(r: ModRequest): string {
  if (r.options.modfile !== '') return absolutePath(r.host, r.options.modfile);
  const root = findUpwards(r.host, absolutePath(r.host, '.'), 'go.mod');
  if (root === '')
    throw new ModError("go.mod file not found in current directory or any parent directory; see 'go help modules'");
  return `${root}/go.mod`;
}

function checkOptions({ parsed }: ModRequest): string {
  const module = parsed.text('module', '');
  const bad = module === '' ? null : checkImportPath(module);
  if (bad !== null) return `go: invalid -module: ${bad.message}`;
  if (gover.isToolchain(module)) return 'go: invalid -module: module path is reserved';
  const version = parsed.text('go', '');
  if (version !== '' && version !== 'none' && !goVersionPattern.test(version))
    return `go mod: invalid -go option; expecting something like "-go ${goVersion.slice(2)}"`;
  const toolchain = parsed.text('toolchain', '');
  if (toolchain !== '' && toolchain !== 'none' && !toolchainPattern.test(toolchain))
    return `go mod: invalid -toolchain option; expecting something like "-toolchain ${goVersion}"`;
  return '';
}

function applyEdits(r: ModRequest, f: ModFile, changes: readonly [string, string][]): void {
  const { parsed } = r;
  if (parsed.text('module', '') !== '') edit.addModule(f, parsed.text('module', ''));
  const version = parsed.text('go', '');
  if (version === 'none') edit.dropGo(f);
  else if (version !== '') edit.setGo(f, version);
  const toolchain = parsed.text('toolchain', '');
  if (toolchain === 'none') edit.dropToolchain(f);
  else if (toolchain !== '') edit.setToolchain(f, toolchain);
  for (const [name, value] of changes) {
    try {
      edits[name](f, value);
    } catch (e) {
      throw new ModError(`-${name}=${value}: ${asError(e).message}`);
    }
  }
}

/** Flags of different names are carried out as they stand on the command line, which has been parsed before. */
export function orderedEdits(args: readonly string[], flags: readonly CommandFlag[]): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i < args.length && args[i].startsWith('-') && args[i] !== '--'; i++) {
    const m = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(args[i]);
    const flag = flags.find((f) => f.name === m?.[1]);
    if (m === null || flag === undefined || flag.kind === 'bool') continue;
    const value = m[2] ?? args[++i] ?? '';
    if (flag.repeated) list.push([m[1], value]);
  }
  return list;
}

function pathVersion(a: string): Version {
  const at = a.indexOf('@');
  if (at < 0) throw new ModError('need path@version');
  const path = a.slice(0, at).trim();
  const version = a.slice(at + 1).trim();
  const bad = checkImportPath(path);
  if (bad !== null) throw new ModError(`invalid path: ${bad.message}`);
  if (!/^\S+$/.test(version)) throw new ModError(`invalid version ${quote(version)}`);
  return { path, version };
}

function plainPath(a: string): string {
  if (a.includes('@')) throw new ModError('need just path, not path@version');
  const bad = checkImportPath(a);
  if (bad !== null) throw new ModError(`invalid path: ${bad.message}`);
  return a;
}

/** "old[@v]=new[@w]". */
export function replacementOf(a: string): { old: Version; new: Version } {
  const eq = a.indexOf('=');
  if (eq < 0) throw new ModError('need old[@v]=new[@w] (missing =)');
  const to = a.slice(eq + 1).trim();
  if (to.startsWith('>')) throw new ModError('separator between old and new is =, not =>');
  const old = optionalVersion('old', a.slice(0, eq).trim(), false);
  const replacement = optionalVersion('new', to, true);
  if (replacement.path === to && !isDirectoryPath(to))
    throw new ModError('unversioned new path must be local directory');
  return { old, new: replacement };
}

export function optionalVersion(what: string, a: string, allowDirectory: boolean): Version {
  const at = a.indexOf('@');
  const path = (at < 0 ? a : a.slice(0, at)).trim();
  const version = at < 0 ? '' : a.slice(at + 1).trim();
  const bad = allowDirectory && isDirectoryPath(a) ? null : checkImportPath(path);
  if (bad !== null) throw new ModError(`invalid ${what} path: ${bad.message}`);
  if (at >= 0 && !/^\S+$/.test(version)) throw new ModError(`invalid ${what} version: ${quote(version)}`);
  return {
    path: allowDirectory && isDirectoryPath(a) ? a : path,
    version: allowDirectory && isDirectoryPath(a) ? '' : version,
  };
}

function interval(a: string): Interval {
  if (!a.startsWith('[')) return { low: a, high: a };
  const m = /^\[([^,\]]*),([^,\]]*)\]$/.exec(a);
  if (m === null) throw new ModError('invalid version interval');
  return { low: m[1].trim(), high: m[2].trim() };
}

function fileJson(f: ModFile): JsonObject {
  const version = (m: Version): JsonObject => ({ Path: m.path, Version: m.version || undefined });
  const orNull = <T extends JsonObject>(list: T[]): T[] | null => (list.length === 0 ? null : list);
  return {
    Module: { Path: f.module?.value ?? '', Deprecated: f.deprecated || undefined },
    Go: f.go?.value,
    Toolchain: f.toolchain?.value,
    GoDebug: f.godebug.length === 0 ? undefined : f.godebug.map((g) => ({ Key: g.key, Value: g.value })),
    Require: orNull(f.require.map((r) => ({ ...version(r.mod), Indirect: r.indirect || undefined }))),
    Exclude: orNull(f.exclude.map((x) => version(x.mod))),
    Replace: orNull(f.replace.map((r) => ({ Old: version(r.old), New: version(r.new) }))),
    Retract: orNull(
      f.retract.map((r) => ({
        Low: r.interval.low || undefined,
        High: r.interval.high || undefined,
        Rationale: r.rationale || undefined,
      })),
    ),
    Tool: orNull(f.tool.map((t) => ({ Path: t.value }))),
    Ignore: orNull(f.ignore.map((t) => ({ Path: t.value }))),
  };
}
