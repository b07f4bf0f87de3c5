/** The files of one directory, sorted into what a build does with them (go/build.Context.ImportDir). */

import type { Diagnostic } from '#base/diagnostic.ts';
import type { FileSet } from '#base/source.ts';
import { unquote } from '#constant/literal.ts';
import type { FileInfo, Files } from '#host/host.ts';
import * as Node from '#syntax/kinds.ts';
import type { File } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { ConstraintError, constraintsHold } from './header.ts';
import { type BuildTarget, fileNameMatches, tagHolds } from './target.ts';

/** A parsed Go file of a package; bodies are parsed when somebody needs them. */
export interface GoFile {
  readonly name: string;
  readonly path: string;
  readonly syntax: File;
  readonly imports: readonly string[];
}

export interface PackageFiles {
  readonly dir: string;
  /** Of the first Go file; "" if there is none. */
  name: string;
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
  /** Syntax errors and errors of constraints; positions are in the file set. */
  readonly errors: Diagnostic[];
}

export interface FileReader {
  readonly files: Files;
  readonly fileSet: FileSet;
  readonly target: BuildTarget;
}

const otherKinds: readonly (readonly [extension: string, list: OtherList])[] = [
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
];

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

export function emptyPackageFiles(dir: string): PackageFiles {
  return {
    dir,
    name: '',
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
    errors: [],
  };
}

/** Reads a directory; test files are parsed only if they are wanted. */
export function readPackageFiles(r: FileReader, dir: string, withTests: boolean): PackageFiles {
  const p = emptyPackageFiles(dir);
  for (const info of r.files.readDirectory(dir)) {
    if (info.isDirectory) continue;
    addFile(r, p, info, withTests);
  }
  return p;
}

function addFile(r: FileReader, p: PackageFiles, info: FileInfo, withTests: boolean): void {
  const name = info.name;
  const isGo = name.endsWith('.go');
  const other = otherKinds.find(([extension]) => name.endsWith(extension) && extensionOf(name) === extension);
  if (!isGo && other === undefined) return;
  if (name.startsWith('_') || name.startsWith('.')) {
    ignore(p, name, isGo);
    return;
  }
  if (!fileNameMatches(r.target, name)) {
    ignore(p, name, isGo);
    return;
  }
  if (isGo) {
    if (name.endsWith('_test.go') && !withTests) return;
    addGoFile(r, p, name);
    return;
  }
  if (other === undefined) return;
  if (other[1] !== 'sysoFiles' && !headHolds(r, p, name, r.files.readFile(`${p.dir}/${name}`))) {
    ignore(p, name, false);
    return;
  }
  p[other[1]].push(name);
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function ignore(p: PackageFiles, name: string, isGo: boolean): void {
  (isGo ? p.ignoredGoFiles : p.ignoredOtherFiles).push(name);
}

function headHolds(r: FileReader, p: PackageFiles, name: string, text: Uint8Array): boolean {
  try {
    return constraintsHold(text, (tag) => tagHolds(r.target, tag));
  } catch (e) {
    if (!(e instanceof ConstraintError)) throw e;
    const file = r.fileSet.addFile(`${p.dir}/${name}`, text.length);
    file.ensureLines(text);
    p.errors.push({ pos: file.base, message: e.message, code: '', soft: false });
    return false;
  }
}

function addGoFile(r: FileReader, p: PackageFiles, name: string): void {
  const path = `${p.dir}/${name}`;
  const text = r.files.readFile(path);
  if (!headHolds(r, p, name, text)) {
    ignore(p, name, true);
    return;
  }
  const source = r.fileSet.addFile(path, text.length);
  const syntax = parseFile(source, text, { bodies: false }, (d) => p.errors.push(d));
  const packageName = syntax.pkgName === null ? '' : syntax.pkgName.value;
  if (packageName === 'documentation') {
    ignore(p, name, true);
    return;
  }
  const file: GoFile = { name, path, syntax, imports: importsOf(syntax) };
  const isTest = name.endsWith('_test.go');
  const isExternal = isTest && packageName.endsWith('_test');
  if (!isTest && p.name === '') p.name = packageName;
  if (isTest && p.name === '') p.name = isExternal ? packageName.slice(0, -'_test'.length) : packageName;
  if (file.imports.includes('C')) {
    if (!r.target.cgo) {
      ignore(p, name, true);
      return;
    }
    if (!isTest) {
      p.cgoFiles.push(file);
      return;
    }
  }
  (isExternal ? p.xTestGoFiles : isTest ? p.testGoFiles : p.goFiles).push(file);
}

function importsOf(file: File): string[] {
  const list: string[] = [];
  for (const d of file.decls) {
    if (d.kind !== Node.ImportDecl || d.path === null || d.path.bad) continue;
    list.push(unquote(d.path.value) ?? d.path.value);
  }
  return list;
}
