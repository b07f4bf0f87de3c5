/**
 * Failures of module operations, worded as the go command words them. They are thrown: a failure leaves a whole tree of requests, and
 * what catches it often looks for one kind inside another.
 */
import { quote } from '#base/quote.ts';

export class ModError extends Error {
  /** The failure that this one explains, or null. */
  readonly inner: Error | null;

  constructor(message: string, inner: Error | null = null) {
    super(message);
    this.inner = inner;
  }
}

/** The thing asked for does not exist (fs.ErrNotExist): another proxy, path or version may be tried. */
export class NotExistError extends ModError {}

/** Several failures, each of which is told (errors.Join). */
export class JoinedErrors extends ModError {
  readonly list: readonly Error[];

  constructor(list: readonly Error[]) {
    super(list.map((e) => e.message).join('\n'), list[0] ?? null);
    this.list = list;
  }
}

/** x/mod/module InvalidVersionError. */
export class InvalidVersionError extends ModError {
  readonly version: string;
  readonly pseudo: boolean;
  readonly reason: string;

  constructor(version: string, reason: string, pseudo = false, inner: Error | null = null) {
    super(`${pseudo ? 'pseudo-version' : 'version'} ${quote(version)} invalid: ${reason}`, inner);
    this.version = version;
    this.pseudo = pseudo;
    this.reason = reason;
  }
}

/** x/mod/module ModuleError: what is wrong with one module or one of its versions. */
export class ModuleError extends ModError {
  readonly path: string;
  readonly version: string;
  readonly why: Error;

  constructor(path: string, version: string, why: Error) {
    super(moduleErrorText(path, version, why), why);
    this.path = path;
    this.version = version;
    this.why = why;
  }
}

function moduleErrorText(path: string, version: string, why: Error): string {
  if (why instanceof InvalidVersionError)
    return `${path}@${why.version}: invalid ${why.pseudo ? 'pseudo-version' : 'version'}: ${why.reason}`;
  return version !== '' ? `${path}@${version}: ${why.message}` : `module ${path}: ${why.message}`;
}

/** Says which module version a failure is about, unless it says so already (module.VersionError). */
export function versionError(path: string, version: string, why: Error): Error {
  const known = findError(why, ModuleError);
  if (known !== null && known.path === path && known.version === version) return why;
  return new ModuleError(path, version, why);
}

/** The first failure of a kind in the chain of causes. */
export function findError<T extends Error>(e: unknown, kind: abstract new (...args: never[]) => T): T | null {
  for (let at: unknown = e; at instanceof Error; at = at instanceof ModError ? at.inner : null)
    if (at instanceof kind) return at;
  return null;
}

export function isNotExist(e: unknown): boolean {
  for (let at: unknown = e; at instanceof Error; at = at instanceof ModError ? at.inner : null) {
    if (at instanceof NotExistError) return true;
    if ('code' in at && (at.code === 'ENOENT' || at.code === 'ENOTDIR')) return true;
  }
  return false;
}

export function asError(e: unknown): Error {
  return e instanceof Error ? e : new Error(String(e));
}

/** Ends the command whatever it could do without. */
export class FatalError extends ModError {}

/** What was caught, if the command may go on without what has failed; all else goes on up. */
export function failureOf(e: unknown): Error {
  if (!isUserError(e) || findError(e, FatalError) !== null) throw e;
  return e;
}

/** Failures of the user's world are told; anything else is a mistake of tuza and goes on up. */
export function isUserError(e: unknown): e is Error {
  return e instanceof ModError || (e instanceof Error && e.name === 'FileError');
}
