/** A main module: its directory and its go.mod file, which commands may change (cmd/go/internal/modload init.go, modfile.go). */
import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { asError, InvalidVersionError, ModError, ModuleError, versionError } from './errors.ts';
import * as gover from './gover.ts';
import { type ModFile, modulePathOf, parseModFile, type VersionFixer } from './modfile/file.ts';
import {
  canonicalVersion,
  checkImportPath,
  checkPathMajor,
  InvalidPathError,
  splitPathVersion,
  type Version,
  versionKey,
} from './module.ts';
import { zeroPseudoVersion } from './pseudo.ts';
import { shortPath } from './short-path.ts';
import { indexModFile, type ModFileIndex } from './write-back.ts';

export interface MainModule {
  readonly path: string;
  readonly dir: string;
  readonly modFile: string;
  file: ModFile;
  /** The file's text on the disk, and what it says; `file` may have been changed since. */
  text: string;
  index: ModFileIndex;
  /** Versions were not in the form that the file is to have. */
  isFixed: boolean;
  /** Branches and the like in the places of versions: `resolveVersions` finds out what they mean. */
  unresolved: readonly Version[];
}

/** Finds the version that a query means. Throws. */
export type VersionQuery = (path: string, query: string) => Promise<string>;

/** Early versions of modules of gopkg.in were written so. */
const oldMark = '-gopkgin-';

/** What go.mod may have in the place of a version; `known` has what is no canonical version, by version key. */
function fixer(known: ReadonlyMap<string, string | Error>, unresolved: Version[]): VersionFixer {
  return (path, given) => {
    const at = path.startsWith('gopkg.in/') ? given.indexOf(oldMark) : -1;
    const v = at < 0 ? given : given.slice(at + oldMark.length);
    const split = splitPathVersion(path);
    if (split === null) throw new ModuleError(path, '', new InvalidVersionError(v, `malformed module path "${path}"`));
    if (v !== '' && canonicalVersion(v) === v) {
      const wrong = checkPathMajor(v, split.major);
      if (wrong !== null) throw versionError(path, v, wrong);
      return v;
    }
    const found = known.get(versionKey({ path, version: v }));
    if (found instanceof Error) throw found;
    if (found !== undefined) return found;
    unresolved.push({ path, version: v });
    // Stands for the version until it is known.
    return zeroPseudoVersion(split.major === '' ? 'v0' : split.major.slice(1));
  };
}

/** Reads a main module; one that needs a newer Go than `running` is refused. Throws. */
export function readMainModule(
  host: Host,
  dir: string,
  running: gover.RunningGo,
  modFile = `${dir}/go.mod`,
): MainModule {
  const text = decodeText(host.files.readFile(modFile));
  const name = shortPath(host, modFile);
  const unresolved: Version[] = [];
  const fix = fixer(new Map(), unresolved);
  const checkGo = (f: ModFile): void => {
    if (f.go !== null && gover.compare(f.go.value, running.version) > 0)
      throw new gover.TooNewError(name, f.go.value, running, f.toolchain?.value ?? '');
  };
  let file: ModFile;
  try {
    file = parseModFile(name, text, fix);
  } catch (e) {
    const lax = parsedLax(name, text, fix);
    if (lax !== null) checkGo(lax);
    throw new ModError(`errors parsing ${name}:\n${asError(e).message}`, asError(e));
  }
  checkGo(file);
  const path = file.module?.value ?? modulePathOf(text);
  if (path === '')
    throw new ModError(
      `error reading ${name}: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod`,
    );
  if (gover.isToolchain(path)) throw new ModError(`error reading ${name}: invalid module path: "${path}"`);
  const wrong = checkImportPath(path);
  if (wrong !== null) throw new InvalidPathError('module', path, wrong.reason);
  for (const tool of file.tool) {
    const malformed = checkImportPath(tool.value);
    if (malformed !== null) throw new InvalidPathError('tool', tool.value, malformed.reason);
  }
  return { path, dir, modFile, file, text, index: indexModFile(file), isFixed: false, unresolved };
}

/** What a newer Go has added to go.mod files may be wrong here; null if more is wrong. */
function parsedLax(name: string, text: string, fix: VersionFixer): ModFile | null {
  try {
    return parseModFile(name, text, fix, false);
  } catch (e) {
    if (e instanceof ModError) return null;
    throw e;
  }
}

/** Puts versions in the places of what only means them; whether there was any. Throws what is wrong with a query, with its place. */
export async function resolveVersions(host: Host, main: MainModule, query: VersionQuery): Promise<boolean> {
  if (main.unresolved.length === 0) return false;
  const known = new Map<string, string | Error>();
  await Promise.all(
    main.unresolved.map(async (m) => {
      try {
        known.set(versionKey(m), await query(m.path, m.version));
      } catch (e) {
        known.set(versionKey(m), asError(e));
      }
    }),
  );
  const name = shortPath(host, main.modFile);
  try {
    main.file = parseModFile(name, main.text, fixer(known, []));
  } catch (e) {
    throw new ModError(`errors parsing ${name}:\n${asError(e).message}`, asError(e));
  }
  main.unresolved = [];
  main.isFixed = true;
  return true;
}
