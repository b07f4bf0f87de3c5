/** `tuza work edit`: changes go.work by flags, in their order. */
import { FileError } from '#host/host.ts';
import { asError, ModError } from '#mod/errors.ts';
import * as edit from '#mod/modfile/edit.ts';
import { goVersionPattern, toolchainPattern } from '#mod/modfile/file.ts';
import { addUse, dropUse, setWorkGo, setWorkToolchain, type WorkFile } from '#mod/modfile/work.ts';
import type { Version } from '#mod/module.ts';
import { directoryPath } from '#mod/vendor-consistency.ts';
import { readWorkFile, workFileText, writeWorkFile } from '#mod/work-file.ts';
import { bool, type CommandFlag, text } from './flags.ts';
import { formatJson, type JsonObject } from './json.ts';
import { commonEdits, orderedEdits } from './mod-edit.ts';
import { workFileOf } from './modules.ts';
import { absolutePath, shortPath } from './paths.ts';
import type { SubcommandRequest } from './subcommands.ts';
import { goVersion } from './version.ts';
import { noWorkFile } from './work-commands.ts';

type Edit = (f: WorkFile, argument: string) => void;

const edits: Readonly<Record<string, Edit>> = {
  ...commonEdits,
  use: (f, a) => addUse(f, directoryPath(a), ''),
  dropuse: (f, a) => dropUse(f, directoryPath(a)),
};

export const workEditFlags: readonly CommandFlag[] = [
  text('go', 'version', 'Sets the Go version; none removes it.'),
  text('toolchain', 'name', 'Sets the toolchain; none removes it.'),
  bool('fmt', 'Reformats the file.'),
  bool('print', 'Prints the file instead of writing it.'),
  bool('json', 'Prints the file as JSON.'),
  ...Object.keys(edits).map((name) => ({
    ...text(name, 'value', `Changes the ${name.replace(/^drop/, '')} lines.`),
    repeated: true,
  })),
];

export async function runWorkEdit(r: SubcommandRequest): Promise<number> {
  const { host, parsed } = r;
  if (parsed.bool('json', false) && parsed.bool('print', false)) throw new ModError('cannot use both -json and -print');
  if (parsed.rest.length > 1) throw new ModError("'go help work edit' accepts at most one argument");
  const path = parsed.rest.length === 1 ? absolutePath(host, parsed.rest[0]) : workFileOf(r.env);
  if (path === '') throw noWorkFile();
  const problem = checkOptions(r);
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  if (!workEditFlags.some((f) => parsed.has(f.name)))
    throw new ModError("no flags specified (see 'go help work edit').");
  let file: WorkFile;
  try {
    file = readWorkFile(host, path, null);
  } catch (e) {
    if (!(e instanceof ModError || e instanceof FileError)) throw e;
    throw new ModError(`errors parsing ${shortPath(host, path)}:\n${e.message}`);
  }
  applyEdits(r, file);
  const out = workFileText(file);
  if (parsed.bool('json', false)) host.stdout(`${formatJson(fileJson(file))}\n`);
  else if (parsed.bool('print', false)) host.stdout(out);
  else writeWorkFile(host, path, file);
  return 0;
}

function checkOptions({ parsed }: SubcommandRequest): string {
  const version = parsed.text('go', '');
  if (version !== '' && version !== 'none' && !goVersionPattern.test(version))
    return `go work: invalid -go option; expecting something like "-go ${goVersion.slice(2)}"`;
  const toolchain = parsed.text('toolchain', '');
  if (toolchain !== '' && toolchain !== 'none' && !toolchainPattern.test(toolchain))
    return `go work: invalid -toolchain option; expecting something like "-toolchain ${goVersion}"`;
  return '';
}

function applyEdits({ parsed, args }: SubcommandRequest, f: WorkFile): void {
  const version = parsed.text('go', '');
  if (version === 'none') edit.dropGo(f);
  else if (version !== '') setWorkGo(f, version);
  const toolchain = parsed.text('toolchain', '');
  if (toolchain === 'none') edit.dropToolchain(f);
  else if (toolchain !== '') setWorkToolchain(f, toolchain);
  for (const [name, value] of orderedEdits(args, workEditFlags)) {
    const change = edits[name];
    if (change === undefined) continue;
    try {
      change(f, value);
    } catch (e) {
      throw new ModError(`-${name}=${value}: ${asError(e).message}`);
    }
  }
}

function fileJson(f: WorkFile): JsonObject {
  const version = (m: Version): JsonObject => ({ Path: m.path, Version: m.version || undefined });
  const orNull = <T extends JsonObject>(list: T[]): T[] | null => (list.length === 0 ? null : list);
  return {
    Go: f.go?.value,
    Use: orNull(f.use.map((u) => ({ DiskPath: u.path, ModPath: u.modulePath || undefined }))),
    Replace: orNull(f.replace.map((r) => ({ Old: version(r.old), New: version(r.new) }))),
  };
}
