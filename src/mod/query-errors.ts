/** Why a version query has no answer, in the words of the go command (cmd/go/internal/modload query.go, modfile.go). */
import { quote } from '#base/quote.ts';
import { findError, ModError } from './errors.ts';
import { type Version, versionText } from './module.ts';

/** The module is there, but no version of it that the query means. */
export class NoMatchingVersionError extends ModError {
  constructor(query: string, current: string) {
    const isUpgrade = query === 'upgrade' || query === 'patch';
    const suffix = isUpgrade && current !== '' && current !== 'none' ? ` (current version is ${current})` : '';
    super(`no matching versions for query ${quote(query)}${suffix}`);
  }
}

/** "patch" without a version to start from. */
export class NoPatchBaseError extends ModError {
  constructor(path: string) {
    super(`can't query version "patch" of module ${path}: no existing version is required`);
  }
}

export class WildcardInFirstElementError extends ModError {
  constructor(pattern: string, query: string) {
    super(`no modules to query for ${pattern}@${query} because first path element contains a wildcard`);
  }
}

/** The module version is there, but has no package that the pattern means. */
export class PackageNotInModuleError extends ModError {
  readonly module: Version;
  readonly pattern: string;

  constructor(module: Version, replacement: Version | null, query: string, pattern: string) {
    let found = '';
    if (replacement !== null) {
      const at = query === module.version ? '' : `${module.version}, `;
      found = ` (${at}replaced by ${versionText(replacement)})`;
    } else if (query !== module.version) found = ` (${module.version})`;
    super(`module ${module.path}@${query} found${found}, but does not contain ${nounOf(pattern)} ${pattern}`);
    this.module = module;
    this.pattern = pattern;
  }
}

/** No module but the main ones can have the package, and they have not. */
export class PackageNotInMainError extends ModError {
  constructor(mains: readonly Version[], pattern: string) {
    const who = mains.length === 1 ? `main module (${mains[0].path}) does` : 'workspace modules do';
    super(`${who} not contain ${nounOf(pattern)} ${pattern}`);
  }
}

function nounOf(pattern: string): string {
  return pattern.includes('...') ? 'packages matching' : 'package';
}

/** The version of a main module cannot be chosen. */
export class QueryMatchesMainModulesError extends ModError {
  constructor(mains: readonly Version[], pattern: string, query: string, patternIsModule: boolean) {
    const plural = mains.length > 1 ? 's' : '';
    const paths = mains.map((m) => m.path).join(', ');
    super(
      patternIsModule
        ? `can't request version ${quote(query)} of the main module (${pattern})`
        : `can't request version ${quote(query)} of pattern ${quote(pattern)} that includes the main module${plural} (${paths})`,
    );
  }
}

export class QueryMatchesPackagesInMainError extends ModError {
  constructor(pattern: string, query: string, packages: readonly string[]) {
    const isPattern = pattern.includes('...') || ['all', 'std', 'cmd', 'tool', 'work'].includes(pattern);
    const what =
      packages.length > 1
        ? `pattern ${pattern} matches ${packages.length} packages in the main module`
        : isPattern
          ? `pattern ${pattern} matches package ${packages[0]} in the main module`
          : `package ${packages[0]} is in the main module`;
    super(`${what}, so can't request version ${query}`);
  }
}

/** The version is there, but must not be chosen. */
export class DisallowedError extends ModError {}

export class ExcludedError extends DisallowedError {
  constructor() {
    super('excluded by go.mod');
  }
}

export class RetractedError extends DisallowedError {
  readonly rationale: readonly string[];

  constructor(rationale: readonly string[]) {
    const why = rationale.length === 0 ? '' : `: ${shortMessage(rationale[0], 'retracted by module author')}`;
    super(`retracted by module author${why}`);
    this.rationale = rationale;
  }
}

export function isDisallowed(e: unknown): boolean {
  return findError(e, DisallowedError) !== null;
}

/** Letters, marks, numbers, punctuation, symbols and spaces: unicode.IsGraphic or IsSpace. */
const graphic = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\n\v\f\r\u0085]*$/u;

/** The first line of a text that a go.mod file has, if a terminal can show it. */
export function shortMessage(message: string, ifEmpty: string): string {
  const text = message.split('\n')[0].trim();
  if (text === '') return ifEmpty;
  if (new TextEncoder().encode(text).length > 500) return '(message omitted: too long)';
  return graphic.test(text) ? text : '(message omitted: contains non-printable characters)';
}
