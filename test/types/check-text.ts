/** Checks small packages that import nothing but unsafe. */

import { encodeText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import { parseBody } from '#syntax/body.ts';
import type { File } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Config } from '#types/checker.ts';
import type { Obj } from '#types/object.ts';
import type { Package } from '#types/package.ts';

export interface Checked {
  pkg: Package;
  files: File[];
  /** "line:column message", sorted by position. */
  errors: string[];
}

export interface Options {
  goVersion?: string;
  arch?: string;
  /** Only collect objects. */
  lazy?: boolean;
}

export function checkText(text: string, options: Options = {}): Checked {
  const fileSet = new FileSet();
  const found: Diagnostic[] = [];
  const report = (d: Diagnostic): void => {
    found.push(d);
  };
  const bytes = encodeText(text);
  const source = fileSet.addFile('p.go', bytes.length);
  const file = parseFile(source, bytes, { bodies: options.lazy !== true }, report);
  const parse: Config['parseBody'] = (f, decl) => {
    parseBody(f, decl, report);
  };
  const config = newConfig(fileSet, report, options.arch ?? 'amd64', options.goVersion ?? 'go1.26', parse);
  const pkg = checkPackage('p', [file], { import: (path) => `no package ${path}` }, config);
  if (options.lazy !== true) checkAll(pkg);
  found.sort((a, b) => a.pos - b.pos);
  const errors = found.map((d) => {
    const p = source.rawPosition(d.pos);
    return `${p.line}:${p.column} ${d.message}`;
  });
  return { pkg, files: [file], errors };
}

export function lookupObj(pkg: Package, name: string): Obj {
  const obj = pkg.scope.lookup(name);
  if (obj === null) throw new Error(`no object ${name}`);
  return obj;
}
