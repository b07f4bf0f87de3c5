/**
 * What the official compiler tells of a wrong package, in its order: all syntax errors and misused directives; then types; then the restrictions of the
 * implementation (cmd/compile/internal/noder). Each stage is only reached if those before it found nothing.
 */
import { type Diagnostic, maxErrors } from '#base/diagnostic.ts';
import type { FileSet, Pos } from '#base/source.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { parseAllBodies } from '#syntax/body.ts';
import { checkAll } from '#types/check.ts';
import { compilerChecks } from '#types/compilerchecks.ts';
import { CompilerErrors } from '#types/compilererrors.ts';
import { checkFileDirectives, type DirectiveOptions } from '#types/directives.ts';
import type { Package } from '#types/package.ts';
import { asGoVersion } from '#types/version.ts';

/** The errors of one package. */
export interface PackageErrors {
  /** "" for what is found before anything is compiled: packages that are missing, or cannot be used. */
  readonly path: string;
  readonly list: readonly Diagnostic[];
  /** Where the compiler gave up, or 0. */
  readonly stoppedAt: Pos;
  /** What the assembler has said; the package's files are below the directory. */
  readonly assembler?: { readonly dir: string; readonly text: string };
}

/** -std and -complete of the compiler, and the number of errors to give up at. */
export interface CheckOptions {
  readonly std: boolean;
  readonly complete: boolean;
  readonly limit?: number;
}

/** A package being checked whole. */
export class PackageCheck {
  readonly loaded: LoadedPackage;
  readonly errors: CompilerErrors;
  private readonly options: DirectiveOptions;

  constructor(loaded: LoadedPackage, fileSet: FileSet, goVersion: string, given: Partial<CheckOptions> = {}) {
    this.loaded = loaded;
    this.errors = new CompilerErrors(fileSet, goVersion, given.limit ?? maxErrors);
    this.errors.files = loaded.files.goFiles.map((f) => f.syntax);
    const { sFiles, sysoFiles, cgoFiles } = loaded.files;
    this.options = {
      std: given.std ?? false,
      runtime: given.std === true && isRuntimePackage(loaded.path),
      complete: given.complete ?? sFiles.length + sysoFiles.length + cgoFiles.length === 0,
      version: asGoVersion(goVersion),
    };
  }

  get hasErrors(): boolean {
    return this.errors.list.length > 0;
  }

  /** Parses all bodies. False if there are errors that the compiler does not go on after. */
  parse(): boolean {
    const found: Diagnostic[] = [...this.loaded.files.parseErrors];
    const report = (d: Diagnostic): void => void found.push(d);
    for (const file of this.errors.files) {
      parseAllBodies(file, report);
      checkFileDirectives(file, this.options, report);
    }
    // The parser finds errors in the order of the text, in bodies, too.
    found.sort((a, b) => a.pos - b.pos);
    for (const d of found) this.errors.report(d);
    return this.errors.syntaxErrors === 0;
  }

  /** Checks everything that has not been checked yet. */
  check(types: Package): void {
    checkAll(types);
    if (!this.hasErrors) compilerChecks(types, this.errors.files, this.options, this.errors.report);
  }

  result(): PackageErrors {
    return { path: this.loaded.path, list: this.errors.sorted(), stoppedAt: this.errors.stoppedAt };
  }
}
