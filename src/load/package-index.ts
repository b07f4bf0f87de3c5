/**
 * What is known of a package's files without parsing them: enough to load the package, and to find the file that declares a name. Who keeps it has
 * to see to it that the files are still the same.
 */
import type { FileSet, SourceFile } from '#base/source.ts';
import type { Files } from '#host/host.ts';
import * as Node from '#syntax/kinds.ts';
import { type Expr, type File, unparen } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { parseFile } from '#syntax/parse.ts';
import {
  declaredLinkage,
  type FileDeclarations,
  type FileReader,
  type GoFile,
  type PackageFiles,
} from './package-files.ts';

/** A file is no longer what the index says. */
export class StaleIndex extends Error {}

/** Packages that have been read before. */
export interface PackageIndex {
  /** Null if nothing is known of the directory, or if it has changed. */
  find(reader: FileReader, dir: string): PackageFiles | null;
  /** Told of the packages that were read. */
  note(files: PackageFiles): void;
}

interface StoredFile extends FileDeclarations {
  readonly name: string;
  readonly size: number;
  readonly imports: readonly string[];
  readonly importOffsets: readonly number[];
  readonly embeds: readonly string[];
  readonly tokens: string;
}

/** A package as the index keeps it: the lists of PackageFiles, Go files apart. */
export interface StoredPackage extends Omit<PackageFiles, 'dir' | 'goFiles' | 'errors' | 'parseErrors'> {
  readonly sources: readonly StoredFile[];
}

/**
 * Null if the package has to be read every time: it has errors, files for cgo, or aliases with methods. `tokensOf` tells the identity of a file's
 * tokens, or "" if nobody will ask for it.
 */
export function storedPackage(p: PackageFiles, tokensOf: (text: Uint8Array) => string): StoredPackage | null {
  const { dir: _dir, goFiles, errors, parseErrors: _parseErrors, ...rest } = p;
  if (errors.length + p.cgoFiles.length + p.testGoFiles.length + p.xTestGoFiles.length > 0) return null;
  const types = new Set<string>();
  const sources: StoredFile[] = [];
  for (const f of goFiles) {
    const { syntax } = f;
    const declared = declarationsOf(syntax);
    for (const d of syntax.decls) if (d.kind === Node.TypeDecl && !d.alias) types.add(d.name.value);
    sources.push({
      name: f.name,
      size: syntax.source.size,
      imports: f.imports,
      importOffsets: f.importPositions.map((pos) => pos - syntax.source.base),
      embeds: f.embeds,
      tokens: tokensOf(syntax.text),
      ...declared,
    });
  }
  return sources.every((s) => s.receivers.split(' ').every((r) => r === '' || types.has(r)))
    ? { ...rest, sources }
    : null;
}

export function restorePackage(reader: FileReader, dir: string, stored: StoredPackage): PackageFiles {
  const { sources, ...rest } = stored;
  return { ...rest, dir, goFiles: sources.map((s) => new IndexedGoFile(reader, dir, s)), errors: [], parseErrors: [] };
}

/** What a file declares. */
export function declarationsOf(file: File): FileDeclarations {
  const names = new Set<string>();
  const receivers = new Set<string>();
  for (const d of file.decls) {
    switch (d.kind) {
      case Node.ConstDecl:
      case Node.VarDecl:
        for (const n of d.names) names.add(n.value);
        break;
      case Node.TypeDecl:
        names.add(d.name.value);
        break;
      case Node.FuncDecl:
        if (d.recv === null) names.add(d.name.value);
        else receivers.add(receiverName(d.recv.type));
        break;
    }
  }
  for (const nameless of ['_', 'init']) names.delete(nameless);
  return {
    names: [...names].join(' '),
    receivers: [...receivers].join(' '),
    ...declaredLinkage(file),
  };
}

/** "" if there is none. */
export function receiverName(type: Expr | null): string {
  if (type === null) return '';
  let t = unparen(type);
  while (t.kind === Node.Operation && t.op === Op.Mul && t.y === null) t = unparen(t.x);
  if (t.kind === Node.IndexExpr) t = unparen(t.x);
  return t.kind === Node.Name ? t.value : '';
}

/** A file that is parsed when its syntax tree is asked for. */
class IndexedGoFile implements GoFile {
  readonly name: string;
  readonly path: string;
  readonly imports: readonly string[];
  readonly importPositions: readonly number[];
  readonly embeds: readonly string[];
  readonly tokens: string;
  private readonly stored: StoredFile;
  private readonly files: Files;
  private readonly source: SourceFile;
  private parsed: File | null;

  constructor(reader: { readonly files: Files; readonly fileSet: FileSet }, dir: string, stored: StoredFile) {
    this.name = stored.name;
    this.path = `${dir}/${stored.name}`;
    this.imports = stored.imports;
    this.source = reader.fileSet.addFile(this.path, stored.size);
    this.importPositions = stored.importOffsets.map((offset) => this.source.base + offset);
    this.embeds = stored.embeds;
    this.tokens = stored.tokens;
    this.stored = stored;
    this.files = reader.files;
    this.source.read = () => void this.syntax;
    this.parsed = null;
  }

  get declared(): FileDeclarations {
    return this.stored;
  }

  get syntax(): File {
    if (this.parsed === null) {
      const text = this.files.readFile(this.path);
      if (text.length !== this.source.size) throw new StaleIndex(this.path);
      this.parsed = parseFile(this.source, text, { bodies: false, importsOnly: false }, () => {
        throw new StaleIndex(this.path);
      });
    }
    return this.parsed;
  }
}
