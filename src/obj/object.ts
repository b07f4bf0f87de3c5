/**
 * One object file in memory: header facts and the symbols it defines. The compiler makes one per package, the assembler one
 * per package too (its files share it); the linker takes them as they are, `write.ts` turns them into bytes.
 */
import type { LinkSymbol } from './symbol.ts';

/** Object flags (GOROOT/src/cmd/internal/goobj/objfile.go). */
export const FlagShared = 1;
export const FlagFromAssembly = 4;
export const FlagUnlinkable = 8;
export const FlagStd = 16;

/** A package the object imports; the fingerprint is 8 bytes, all zero for "not checked". */
export interface ImportedPackage {
  path: string;
  fingerprint: Uint8Array;
}

/** A symbol definition of another package's object. */
export interface ImportedSymbol {
  /** Import path. */
  readonly path: string;
  readonly index: number;
}

export class ObjectFile {
  /** Import path; "main" for a command. */
  readonly packagePath: string;
  flags: number;
  /** Of the export data: 8 bytes. */
  fingerprint: Uint8Array;
  imports: ImportedPackage[];
  /** File table: what pcfile tables and inline trees index. Names as they appear in tracebacks, GOROOT as "$GOROOT". */
  readonly files: string[];
  private readonly fileIndexes: Map<string, number>;
  /** Definitions, in order: text first as compiled, data after. */
  readonly symbols: LinkSymbol[];
  /** Others know the package's symbols by their names only. */
  byName: boolean;
  /** Symbols of other packages that are known by their numbers there: the content hashes of what refers to them depend on it. */
  readonly indexed: Map<LinkSymbol, ImportedSymbol>;
  /** The package is a command's main. */
  isMain: boolean;
  /** JSON of the cgo pragmas, "" if there are none. */
  cgoPragmas: string;

  constructor(packagePath: string) {
    this.packagePath = packagePath;
    this.flags = 0;
    this.fingerprint = new Uint8Array(8);
    this.imports = [];
    this.files = [];
    this.fileIndexes = new Map();
    this.symbols = [];
    this.byName = false;
    this.indexed = new Map();
    this.isMain = packagePath === 'main';
    this.cgoPragmas = '';
  }

  /** The index of a file name in the file table, added if it is new. */
  fileIndex(name: string): number {
    let i = this.fileIndexes.get(name);
    if (i === undefined) {
      i = this.files.length;
      this.files.push(name);
      this.fileIndexes.set(name, i);
    }
    return i;
  }
}
