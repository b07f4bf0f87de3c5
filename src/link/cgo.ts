/**
 * The directives of cgo that packages carry: which symbols come from shared libraries, which from C objects, which Go functions C
 * may call. Source: cmd/link/internal/ld/go.go (loadcgo, setCgoAttr), lib.go (loadcgodirectives).
 */
import * as Attr from './attributes.ts';
import { makeExternal } from './builder.ts';
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import { lookupOrCreate, symbolName, Version0, VersionInternal } from './loader.ts';

/** The directives of one object. */
export interface CgoDirectives {
  /** Object, for messages. */
  file: string;
  directives: string[][];
}

/** A symbol of a shared library. */
export interface DynamicImport {
  /** The library's name, "" if any may define it. */
  library: string;
  /** The symbol's version, "" for none. */
  version: string;
}

/** Takes the JSON of an object's cgo section; damage is an error of the link. */
export function addCgoDirectives(link: Link, file: string, json: string): void {
  let problem = '';
  try {
    const value: unknown = JSON.parse(json);
    if (isDirectives(value)) {
      link.cgo.push({ file, directives: value });
      return;
    }
    problem = 'not a list of lists of strings';
  } catch (e) {
    problem = e instanceof Error ? e.message : String(e);
  }
  link.error(`link: ${file}: failed decoding cgo directives: ${problem}`);
}

function isDirectives(value: unknown): value is string[][] {
  return Array.isArray(value) && value.every((d) => Array.isArray(d) && d.every((word) => typeof word === 'string'));
}

/** Applies all directives: after the Go symbols are loaded, before the C ones. */
export function applyCgoDirectives(link: Link): void {
  const l = link.loader;
  const fromC = new Set<number>();
  for (const { file, directives } of link.cgo) {
    for (const d of directives) if (!apply(link, file, d, fromC)) break;
  }
  if (link.external) return;
  // A static import only says that the C objects define it, which they will or will not; a dynamic one for the same name wins.
  for (const s of fromC) {
    if (l.kind[s] !== Kind.HostObj) continue;
    const exported = (l.attrs[s] & (Attr.CgoExport | Attr.CgoExportDynamic)) !== 0;
    const imported = (link.imports.get(s)?.library ?? '') !== '' && l.externalNames.has(s);
    l.kind[s] = imported && !exported ? Kind.DynImport : Kind.Undefined;
  }
}

/** False after an error that ends the object's list. */
function apply(link: Link, file: string, d: readonly string[], fromC: Set<number>): boolean {
  const n = d.length;
  switch (d[0]) {
    case 'cgo_import_dynamic':
      if (n >= 2 && n <= 4) return importDynamic(link, file, d, fromC);
      break;
    case 'cgo_import_static':
      if (n === 2) {
        const s = lookupOrCreate(link.loader, d[1], Version0);
        makeExternal(link.loader, s, Kind.HostObj);
        fromC.add(s);
        return true;
      }
      break;
    case 'cgo_export_static':
    case 'cgo_export_dynamic':
      if (n >= 2 && n <= 4) return exportToC(link, d, fromC);
      break;
    case 'cgo_dynamic_linker':
      if (n === 2) {
        if (link.options.interpreter !== '') return true;
        if (link.interpreter !== '' && link.interpreter !== d[1]) {
          link.error(`link: conflict dynlinker: ${link.interpreter} and ${d[1]}`);
          return false;
        }
        link.interpreter = d[1];
        return true;
      }
      break;
    case 'cgo_ldflag':
      if (n === 2) {
        link.ldflags.push(d[1]);
        return true;
      }
      break;
    default:
      break;
  }
  link.error(`link: ${file}: invalid cgo directive: [${d.map((word) => JSON.stringify(word)).join(' ')}]`);
  return true;
}

/** cgo_import_dynamic LOCAL [REMOTE[#VERSION] [LIBRARY]]; "_ _ LIBRARY" only asks for the library. */
function importDynamic(link: Link, file: string, d: readonly string[], fromC: Set<number>): boolean {
  const l = link.loader;
  const local = d[1];
  let remote = d.length > 2 ? d[2] : local;
  const library = d.length > 3 ? d[3] : '';
  if (link.noDynamic) {
    link.error(`link: ${file}: cannot use dynamic imports with -d flag`);
    return false;
  }
  if (local === '_' && remote === '_') {
    link.hasImports = true;
    link.libraryNames.push(library);
    return true;
  }
  let version = '';
  const mark = remote.indexOf('#');
  if (mark >= 0) {
    version = remote.slice(mark + 1);
    remote = remote.slice(0, mark);
  }
  const s = lookupOrCreate(l, local, Version0);
  const kind = l.kind[s];
  switch (kind) {
    case Kind.Undefined:
    case Kind.Xref:
    case Kind.Bss:
    case Kind.NoPtrBss:
    case Kind.HostObj:
      link.imports.set(s, { library, version });
      l.externalNames.set(s, remote);
      if (kind === Kind.HostObj) fromC.add(s);
      else makeExternal(l, s, Kind.DynImport);
      link.hasImports = true;
      return true;
    default:
      return true;
  }
}

/** cgo_export_static and cgo_export_dynamic LOCAL [REMOTE [ABI]]. */
function exportToC(link: Link, d: readonly string[], fromC: Set<number>): boolean {
  const l = link.loader;
  const name = d[1];
  const remote = d.length > 2 ? d[2] : name;
  let version = Version0;
  if (d.length > 3) {
    if (d[3] !== 'ABI0' && d[3] !== 'ABIInternal') {
      link.error(`link: bad ABI in cgo_export directive [${d.join(' ')}]`);
      return false;
    }
    if (d[3] === 'ABIInternal') version = VersionInternal;
  }
  const s = lookupOrCreate(l, name, version);
  if (l.kind[s] === Kind.HostObj) fromC.add(s);
  // An export overrides an import.
  if ((link.imports.get(s)?.library ?? '') !== '') {
    link.imports.delete(s);
    l.externalNames.delete(s);
    l.kind[s] = Kind.Undefined;
  }
  if ((l.attrs[s] & (Attr.CgoExport | Attr.CgoExportDynamic)) === 0) l.externalNames.set(s, remote);
  else if (externalName(link, s) !== remote) {
    link.error(
      `link: conflicting cgo_export directives: ${symbolName(l, s)} as ${externalName(link, s)} and ${remote}`,
    );
    return false;
  }
  if (d[0] === 'cgo_export_static') {
    if (link.external && (l.attrs[s] & Attr.CgoExport) === 0) link.exported.push(s);
    if (!link.external) link.cgoExports.set(name, s);
    l.attrs[s] |= Attr.CgoExport;
  } else {
    if (!link.external && (l.attrs[s] & Attr.CgoExportDynamic) === 0) link.exported.push(s);
    l.attrs[s] |= Attr.CgoExportDynamic;
  }
  return true;
}

/** The name by which other languages know a symbol. */
export function externalName(link: Link, s: number): string {
  return link.loader.externalNames.get(s) ?? symbolName(link.loader, s);
}

/** The symbol a C object means by a global name: a Go function exported under its own name, or a symbol of ABI0. */
export function symbolForC(link: Link, name: string): number {
  return link.cgoExports.get(name) ?? lookupOrCreate(link.loader, name, Version0);
}
