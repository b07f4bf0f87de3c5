/** Why an import leads to no package (cmd/go/internal/modload import.go). Commands tell them, or look for a module that helps. */
import { ModError } from './errors.ts';
import { type Version, versionText } from './module.ts';
import { isZeroPseudoVersion } from './pseudo.ts';

/** What an ImportMissingError tells besides the path. */
export interface MissingImport {
  readonly path: string;
  /** The import path is of the form that only the standard library has. */
  readonly isStandard: boolean;
  /** Where the standard library would have it. */
  readonly standardDir: string;
  /** What kept the command from finding a module, or null. */
  readonly queryError: Error | null;
  /** go.mod may be changed, or nobody expects it to name the module. */
  readonly mayAdd: boolean;
  /** Replaced by the main module, and with the package in it, but not required. */
  readonly replaced: Version | null;
  /** Has the package at its newest version, but an even newer one without it is required: `required`. */
  readonly module: Version | null;
  readonly required: string;
  /** A workspace's module that imports it and is not that of the working directory: where to run go get. */
  importerDir: string;
  /** The importing module's go line, if it is of a newer Go. */
  importerGo: string;
}

export class ImportMissingError extends ModError {
  readonly missing: MissingImport;

  constructor(missing: MissingImport) {
    super('', missing.queryError);
    this.missing = missing;
    // The importer is known only later.
    Object.defineProperty(this, 'message', { get: () => missingText(missing) });
  }
}

export function missingImport(path: string, rest: Partial<MissingImport>): ImportMissingError {
  return new ImportMissingError({
    path,
    isStandard: false,
    standardDir: '',
    queryError: null,
    mayAdd: false,
    replaced: null,
    module: null,
    required: '',
    importerDir: '',
    importerGo: '',
    ...rest,
  });
}

function missingText(e: MissingImport): string {
  const { path, module, replaced, queryError } = e;
  if (module !== null) {
    if (e.required !== '')
      return `package ${path} provided by ${module.path} at latest version ${module.version} but not at required version ${e.required}`;
    return `missing module for import: ${versionText(module)} provides ${path}`;
  }
  if (e.isStandard) {
    const note = e.importerGo === '' ? '' : `\nnote: imported by a module that requires go ${e.importerGo}`;
    return `package ${path} is not in std (${e.standardDir})${note}`;
  }
  if (queryError !== null && !(queryError instanceof NoMainModuleError))
    return `cannot find module providing package ${path}: ${queryError.message}`;
  if (e.mayAdd) return `cannot find module providing package ${path}`;
  if (replaced !== null) {
    const argument = isZeroPseudoVersion(replaced.version) ? replaced.path : versionText(replaced);
    return `module ${replaced.path} provides package ${path} and is replaced but not required; to add it:\n\tgo get ${argument}`;
  }
  const message = `no required module provides package ${path}`;
  if (queryError !== null) return `${message}: ${queryError.message}`;
  return `${message}; to add it:${e.importerDir === '' ? '' : `\n\tcd ${e.importerDir}`}\n\tgo get ${path}`;
}

/** There is no go.mod file to look into. */
export class NoMainModuleError extends ModError {
  constructor(inWorkspace: boolean) {
    super(
      inWorkspace
        ? "no modules were found in the current workspace; see 'go help work'"
        : "go.mod file not found in current directory or any parent directory; see 'go help modules'",
    );
  }
}

export class AmbiguousImportError extends ModError {
  readonly modules: readonly Version[];

  /** `modules` is empty where a package is in a main module and in its vendor directory. */
  constructor(importPath: string, directories: readonly string[], modules: readonly Version[]) {
    const kind = modules.length === 0 ? 'directories' : 'modules';
    const lines = directories.map((dir, i) => {
      if (i >= modules.length) return `\n\t${dir}`;
      const { path, version } = modules[i];
      return `\n\t${path}${version === '' ? '' : ` ${version}`} (${dir})`;
    });
    super(`ambiguous import: found package ${importPath} in multiple ${kind}:${lines.join('')}`);
    this.modules = modules;
  }
}

/** A main module imports a package of a module that its go.mod file does not name. */
export class ImplicitImportError extends ModError {
  constructor(importer: string, imported: string, m: Version) {
    super(
      `package ${importer} imports ${imported} from implicitly required module; to add missing requirements, run:\n\tgo get ${versionText(m)}`,
    );
  }
}

/** go.sum lacks what is needed to look into modules, and must not change. */
export class ImportMissingSumError extends ModError {
  readonly importPath: string;
  importer: { readonly path: string; readonly version: string; readonly isTest: boolean } | null;

  constructor(importPath: string, found: boolean, modules: readonly Version[]) {
    super('');
    this.importPath = importPath;
    this.importer = null;
    // The importer is known only later.
    Object.defineProperty(this, 'message', { get: () => missingSumText(this, found, modules) });
  }
}

function missingSumText(e: ImportMissingSumError, found: boolean, modules: readonly Version[]): string {
  const by = e.importer === null ? '' : ` (imported by ${e.importer.path})`;
  const message = found
    ? `missing go.sum entry needed to verify package ${e.importPath}${by} is provided by exactly one module`
    : `missing go.sum entry for module providing package ${e.importPath}${by}`;
  if (e.importer === null)
    return modules.length === 0
      ? message
      : `${message}; to add:\n\tgo mod download ${modules.map((m) => m.path).join(' ')}`;
  const { path, version, isTest } = e.importer;
  return `${message}; to add:\n\tgo get${isTest ? ' -t' : ''} ${path}${version === '' ? '' : `@${version}`}`;
}

export class InvalidImportError extends ModError {}
