/** The files of one directory, sorted into what a build does with them (go/build.Context.ImportDir). */
import { compareText, decodeText, encodeText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { quote } from '#base/quote.ts';
import { FileSet, NoPos, type Pos } from '#base/source.ts';
import { unquote } from '#constant/literal.ts';
import { textOf } from '#constant/representation.ts';
import type { FileInfo, Files } from '#host/host.ts';
import { leadComment } from '#syntax/comments.ts';
import * as Node from '#syntax/kinds.ts';
import type { File } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { scanDirectives } from '#syntax/scan-comments.ts';
import { addCgoFlags, type CgoFlags, emptyCgoFlags } from './cgo-flags.ts';
import { commentText, synopsis } from './doc.ts';
import { embedPatterns } from './embed.ts';
import { headerError } from './go-parser-errors.ts';
import { ConstraintError, constraintsHold } from './header.ts';
import { type BuildTarget, fileNameMatches, tagHolds } from './target.ts';

/** A parsed Go file of a package; bodies are parsed when somebody needs them. */
export interface GoFile {
  readonly name: string;
  readonly path: string;
  readonly syntax: File;
  /** Paths in source order, as often as they are imported; "C" is among them. */
  readonly imports: readonly string[];
  /** Where each of them stands. */
  readonly importPositions: readonly Pos[];
  /** Patterns of `//go:embed` directives; only of files that import "embed". */
  readonly embeds: readonly string[];
  /** What the file declares, if that is known without parsing it. */
  readonly declared: FileDeclarations | null;
  /** What tokensId tells of it; "" if that is not known yet. */
  readonly tokens: string;
}

/** What can be asked for by name in a file. Names are separated by spaces: one long text is read back faster than many short ones. */
export interface FileDeclarations {
  /** Package-level names, functions named init and blank names apart. */
  readonly names: string;
  /** Receivers' base type names, each once. */
  readonly receivers: string;
  /** The texts of `//go:linkname` lines. */
  readonly linknames: readonly string[];
  /** Functions without a body. */
  readonly bodiless: string;
}

export type Linkage = Pick<FileDeclarations, 'linknames' | 'bodiless'>;

export interface PackageFiles {
  readonly dir: string;
  /** Of the first Go file; "" if there is none. */
  name: string;
  /** The first sentence of the package's documentation. */
  doc: string;
  readonly goFiles: GoFile[];
  readonly testGoFiles: GoFile[];
  readonly xTestGoFiles: GoFile[];
  /** Uses `import "C"` with cgo enabled. */
  readonly cgoFiles: GoFile[];
  readonly sFiles: string[];
  readonly cFiles: string[];
  readonly cxxFiles: string[];
  readonly mFiles: string[];
  readonly hFiles: string[];
  readonly fFiles: string[];
  readonly swigFiles: string[];
  readonly swigCxxFiles: string[];
  readonly sysoFiles: string[];
  readonly ignoredGoFiles: string[];
  readonly ignoredOtherFiles: string[];
  /** Go files that keep the package from being loaded. */
  readonly invalidGoFiles: string[];
  /** The path that comments of package clauses want the package to be imported by; "" without them, and where nobody asks. */
  importComment: string;
  /** From `#cgo` lines. */
  readonly cgo: CgoFlags;
  /** Syntax errors and errors of constraints; positions are in the file set. */
  readonly errors: Diagnostic[];
  /** Those of the errors that the parser has found. */
  readonly parseErrors: Diagnostic[];
}

export interface FileReader {
  readonly files: Files;
  readonly fileSet: FileSet;
  readonly target: BuildTarget;
  /** Read no more of Go files than their imports. */
  readonly importsOnly?: boolean;
  /** Look at import comments: modules do without them. */
  readonly readsImportComments?: boolean;
}

type OtherList =
  | 'sFiles'
  | 'cFiles'
  | 'cxxFiles'
  | 'mFiles'
  | 'hFiles'
  | 'fFiles'
  | 'swigFiles'
  | 'swigCxxFiles'
  | 'sysoFiles';

const otherKinds: ReadonlyMap<string, OtherList> = new Map([
  ['.s', 'sFiles'],
  ['.S', 'sFiles'],
  ['.sx', 'sFiles'],
  ['.c', 'cFiles'],
  ['.cc', 'cxxFiles'],
  ['.cpp', 'cxxFiles'],
  ['.cxx', 'cxxFiles'],
  ['.m', 'mFiles'],
  ['.h', 'hFiles'],
  ['.hh', 'hFiles'],
  ['.hpp', 'hFiles'],
  ['.hxx', 'hFiles'],
  ['.f', 'fFiles'],
  ['.F', 'fFiles'],
  ['.for', 'fFiles'],
  ['.f90', 'fFiles'],
  ['.swig', 'swigFiles'],
  ['.swigcxx', 'swigCxxFiles'],
  ['.syso', 'sysoFiles'],
] as const);

export function emptyPackageFiles(dir: string): PackageFiles {
  return {
    dir,
    name: '',
    doc: '',
    goFiles: [],
    testGoFiles: [],
    xTestGoFiles: [],
    cgoFiles: [],
    sFiles: [],
    cFiles: [],
    cxxFiles: [],
    mFiles: [],
    hFiles: [],
    fFiles: [],
    swigFiles: [],
    swigCxxFiles: [],
    sysoFiles: [],
    ignoredGoFiles: [],
    ignoredOtherFiles: [],
    invalidGoFiles: [],
    importComment: '',
    cgo: emptyCgoFlags(),
    errors: [],
    parseErrors: [],
  };
}

/** Reads a directory, or only some files of it, in the order given; test files are parsed only if they are wanted. */
export function readPackageFiles(
  r: FileReader,
  dir: string,
  withTests: boolean,
  only: ReadonlySet<string> | null = null,
): PackageFiles {
  const scan = new DirectoryScan(r, emptyPackageFiles(dir), withTests, only !== null);
  let entries = r.files.readDirectory(dir);
  if (only !== null) {
    const byName = new Map(entries.map((info) => [info.name, info]));
    entries = [...only].flatMap((name) => byName.get(name) ?? []);
  }
  for (const info of entries) {
    if (info.isDirectory) continue;
    if (info.isSymlink && r.files.stat(`${dir}/${info.name}`)?.isDirectory === true) continue;
    addFile(scan, info);
  }
  const p = scan.files;
  // The system's compiler takes .S and .sx files, and only runs for cgo.
  const list = p.cgoFiles.length > 0 ? p.sFiles : p.ignoredOtherFiles;
  list.push(...scan.upperS);
  list.sort(compareText);
  return p;
}

/** Go files by their paths, which may lead out of the directory; names and constraints play no part. */
export function readSources(r: FileReader, dir: string, paths: readonly string[]): PackageFiles {
  const scan = new DirectoryScan(r, emptyPackageFiles(dir), true);
  const files: GoFile[] = [];
  for (const path of paths) {
    const text = r.files.readFile(path);
    const syntax = parseFile(r.fileSet.addFile(path, text.length), text, { bodies: false, importsOnly: false }, (d) => {
      scan.files.errors.push(d);
      scan.files.parseErrors.push(d);
    });
    const imports = importsOf(syntax, scan.files);
    files.push(parsedFile(path.slice(path.lastIndexOf('/') + 1), path, syntax, imports, embedsOf(text, imports)));
    if (scan.files.name === '' && syntax.pkgName !== null) scan.files.name = syntax.pkgName.value;
  }
  scan.files.goFiles.push(...files);
  return scan.files;
}

class DirectoryScan {
  readonly reader: FileReader;
  readonly files: PackageFiles;
  readonly withTests: boolean;
  /** Constraints play no part: the files were named one by one. */
  readonly takesAll: boolean;
  readonly upperS: string[];
  /** The file that gave the package its name. */
  firstFile: string;
  /** The file that gave it its import comment. */
  commentFile: string;

  constructor(reader: FileReader, files: PackageFiles, withTests: boolean, takesAll = false) {
    this.reader = reader;
    this.files = files;
    this.withTests = withTests;
    this.takesAll = takesAll;
    this.upperS = [];
    this.firstFile = '';
    this.commentFile = '';
  }
}

function addFile(scan: DirectoryScan, info: FileInfo): void {
  const name = info.name;
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot);
  const isGo = extension === '.go';
  const other = otherKinds.get(extension);
  if ((!isGo && other === undefined) || (!scan.takesAll && /^[_.]/.test(name))) return;
  const p = scan.files;
  if (!scan.takesAll && !fileNameMatches(scan.reader.target, name)) {
    ignore(p, name, isGo);
    return;
  }
  if (other === 'sysoFiles') {
    p.sysoFiles.push(name);
    return;
  }
  if (isGo && name.endsWith('_test.go') && !scan.withTests) return;
  const text = scan.reader.files.readFile(`${p.dir}/${name}`);
  if (!headHolds(scan, name, text)) {
    ignore(p, name, isGo);
    return;
  }
  if (other === undefined) addGoFile(scan, name, text);
  else if (extension === '.S' || extension === '.sx') scan.upperS.push(name);
  else p[other].push(name);
}

function ignore(p: PackageFiles, name: string, isGo: boolean): void {
  (isGo ? p.ignoredGoFiles : p.ignoredOtherFiles).push(name);
}

/** A line that begins at the end of a file is none for go/token. */
function placedAsGo(r: FileReader, path: string, text: Uint8Array, base: Pos, d: Diagnostic): Diagnostic {
  const isAtEnd = d.pos - base === text.length && text[text.length - 1] === 10;
  const copy = r.fileSet.addFile(path, text.length);
  copy.ensureLines(isAtEnd ? text.subarray(0, -1) : text);
  return { ...d, pos: copy.base + d.pos - base };
}

function fail(p: PackageFiles, pos: Pos, message: string): void {
  failWith(p, { pos, message, code: '', soft: false });
}

/** Of what keeps a package from being loaded, only the first is told. */
function failWith(p: PackageFiles, d: Diagnostic): void {
  if (p.errors.length === p.parseErrors.length) p.errors.push(d);
}

function headHolds(scan: DirectoryScan, name: string, text: Uint8Array): boolean {
  const r = scan.reader;
  try {
    return constraintsHold(text, (tag) => tagHolds(r.target, tag)) || scan.takesAll;
  } catch (e) {
    if (!(e instanceof ConstraintError)) throw e;
    fail(scan.files, NoPos, `${name}: ${e.message}`);
    return false;
  }
}

function addGoFile(scan: DirectoryScan, name: string, text: Uint8Array): void {
  const r = scan.reader;
  const p = scan.files;
  const path = `${p.dir}/${name}`;
  const source = r.fileSet.addFile(path, text.length);
  const options = { bodies: false, importsOnly: r.importsOnly === true };
  const wrong: Diagnostic[] = [];
  const syntax = parseFile(source, text, options, (d) => void wrong.push(d));
  // Of files whose head is wrong nothing is compiled: only loading tells it.
  const inHead = wrong.length === 0 ? null : headerError(text, source.base);
  if (inHead !== null) {
    failWith(p, placedAsGo(r, path, text, source.base, inHead));
    p.invalidGoFiles.push(name);
  }
  if (inHead === null && !options.importsOnly) {
    p.errors.push(...wrong);
    p.parseErrors.push(...wrong);
  }
  const packageName = syntax.pkgName === null ? '' : syntax.pkgName.value;
  if (packageName === 'documentation') {
    ignore(p, name, true);
    return;
  }
  const isTest = name.endsWith('_test.go');
  const isExternal = isTest && packageName.endsWith('_test') && p.name !== packageName;
  checkName(scan, name, isExternal ? packageName.slice(0, -'_test'.length) : packageName);
  if (!isTest && p.doc === '') p.doc = documentation(syntax);
  if (r.readsImportComments === true && !isTest) readImportComment(scan, name, text, syntax);

  const imports = importsOf(syntax, p);
  const file = parsedFile(name, path, syntax, imports, embedsOf(text, imports));
  if (imports.includes('C')) {
    if (isTest) fail(p, source.base, `use of cgo in test ${path} not supported`);
    else {
      if (!addPreambles(scan, syntax)) return;
      if (r.target.cgo) p.cgoFiles.push(file);
      else ignore(p, name, true);
      return;
    }
  }
  (isExternal ? p.xTestGoFiles : isTest ? p.testGoFiles : p.goFiles).push(file);
}

function parsedFile(
  name: string,
  path: string,
  syntax: File,
  imports: readonly string[],
  embeds: readonly string[],
): GoFile {
  const importPositions: Pos[] = [];
  for (const d of syntax.decls)
    if (d.kind === Node.ImportDecl && d.path !== null && !d.path.bad)
      importPositions.push(d.localPkgName?.pos ?? d.path.pos);
  return { name, path, syntax, imports, importPositions, embeds, declared: null, tokens: '' };
}

/** All files of a directory belong to one package. */
function checkName(scan: DirectoryScan, file: string, name: string): void {
  const p = scan.files;
  if (p.name === '') {
    p.name = name;
    scan.firstFile = file;
  } else if (name !== p.name && name !== '') {
    fail(p, 0, `found packages ${p.name} (${scan.firstFile}) and ${name} (${file}) in ${p.dir}`);
    p.invalidGoFiles.push(file);
  }
}

/** `package p // import "path"` (go/build findImportComment); all of a package's files have to agree. */
function readImportComment(scan: DirectoryScan, name: string, text: Uint8Array, syntax: File): void {
  const clause = syntax.pkgName;
  if (clause === null) return;
  const p = scan.files;
  const start = clause.pos - syntax.source.base + encodeText(clause.value).length;
  const rest = decodeText(text.subarray(start));
  const comment = /^[ \t]*(?:\/\/([^\n]*)|\/\*(.*?)\*\/)/s.exec(rest);
  const words = (comment?.[1] ?? comment?.[2] ?? '').trim();
  if (comment?.[2]?.includes('\n') === true || !/^import\b/.test(words)) return;
  const literal = /^import[ \t]*(.*)$/s.exec(words)?.[1].trim() ?? '';
  const unquoted = unquote(literal);
  const value = unquoted === null ? null : textOf(unquoted);
  if (value === null) {
    const line = decodeText(text.subarray(0, start)).split('\n').length;
    fail(p, 0, `${name}:${line}: cannot parse import comment`);
    p.invalidGoFiles.push(name);
  } else if (p.importComment === '') {
    p.importComment = value;
    scan.commentFile = name;
  } else if (p.importComment !== value) {
    const first = `${quote(p.importComment)} (${scan.commentFile})`;
    fail(p, 0, `found import comments ${first} and ${quote(value)} (${name}) in ${p.dir}`);
    p.invalidGoFiles.push(name);
  }
}

function documentation(file: File): string {
  if (file.pkgName === null) return '';
  const comment = leadComment(file.text, 0, file.pos - file.source.base);
  return comment === null ? '' : synopsis(commentText(decodeText(file.text.subarray(comment.start, comment.end))));
}

/** Takes the `#cgo` lines of a file; false if one is wrong, which is reported. */
function addPreambles(scan: DirectoryScan, file: File): boolean {
  const p = scan.files;
  for (const d of file.decls) {
    if (d.kind !== Node.ImportDecl || d.preamble === '') continue;
    const error = addCgoFlags(p.cgo, scan.reader.target, p.dir, commentText(d.preamble));
    if (error === '') continue;
    fail(p, d.preamblePos, error);
    return false;
  }
  return true;
}

function importsOf(file: File, p: PackageFiles): string[] {
  const list: string[] = [];
  for (const d of file.decls) {
    if (d.kind !== Node.ImportDecl || d.path === null || d.path.bad) continue;
    const bytes = unquote(d.path.value);
    const path = bytes === null ? d.path.value : textOf(bytes);
    if (!isValidImport(path)) fail(p, (d.localPkgName ?? d.path).pos, `invalid import path: ${path}`);
    list.push(path);
  }
  return list;
}

/** The paths that a Go file imports, whatever else is wrong with it. */
export function importsIn(fileSet: FileSet, path: string, text: Uint8Array): string[] {
  const options = { bodies: false, importsOnly: true };
  const file = parseFile(fileSet.addFile(path, text.length), text, options, () => undefined);
  return importsOf(file, emptyPackageFiles(path));
}

/** The name in a file's package clause; "" if it has none. */
export function packageNameIn(fileSet: FileSet, path: string, text: Uint8Array): string {
  const options = { bodies: false, importsOnly: true };
  return parseFile(fileSet.addFile(path, text.length), text, options, () => undefined).pkgName?.value ?? '';
}

/** Printable characters except those that make trouble in paths (go/build isValidImport). */
export function isValidImport(path: string): boolean {
  return path !== '' && !/[!"#$%&'()*,:;<=>?[\\\]^{|}`\uFFFD\p{C}\p{Z}]/u.test(path);
}

function embedsOf(text: Uint8Array, imports: readonly string[]): string[] {
  if (!imports.includes('embed')) return [];
  const list: string[] = [];
  for (const d of scanDirectives(text)) list.push(...(embedPatterns(d.text) ?? []));
  return list;
}

/** The patterns of `//go:embed` directives in all Go files of a directory, whatever their constraints say. */
export function embedPatternsIn(files: Files, dir: string, withTests: boolean): string[] {
  const list: string[] = [];
  for (const { name, isDirectory } of files.readDirectory(dir)) {
    if (isDirectory || !name.endsWith('.go') || /^[_.]/.test(name) || (!withTests && name.endsWith('_test.go')))
      continue;
    const text = files.readFile(`${dir}/${name}`);
    list.push(...embedsOf(text, importsIn(new FileSet(), name, text)));
  }
  return unique(list);
}

/** What go:linkname says of a package's declarations, file by file. */
export function linkageOf(files: readonly GoFile[]): Linkage[] {
  return files.map((f) => f.declared ?? declaredLinkage(f.syntax));
}

export function declaredLinkage(file: File): Linkage {
  const bodiless: string[] = [];
  for (const d of file.decls)
    if (d.kind === Node.FuncDecl && d.recv === null && d.bodyStart < 0) bodiless.push(d.name.value);
  return { linknames: file.linknames.map((p) => p.text), bodiless: bodiless.join(' ') };
}

/** The import paths of files, each once, sorted. */
export function importPaths(files: readonly GoFile[]): string[] {
  return unique(files.flatMap((f) => f.imports));
}

/** The embed patterns of files, each once, sorted. */
export function patternsOf(files: readonly GoFile[]): string[] {
  return unique(files.flatMap((f) => f.embeds));
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort(compareText);
}
