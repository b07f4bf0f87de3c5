/** What `list` tells about a package: the fields of `go list -json` (cmd/go/internal/load, PackagePublic), in their order. */
import type { Files } from '#host/host.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import { dependencyPaths, type LoadedPackage } from '#load/loader.ts';
import { type GoFile, importPaths, patternsOf } from '#load/package-files.ts';
import { type Json, withText } from './json.ts';
import { allFields, moduleInfo } from './module-info.ts';
import type { Workspace } from './packages.ts';

/** All fields, with empty values, so that templates can ask for them. Which are left out of JSON is `withoutEmpty`'s business. */
export type Listing = Record<string, Json>;

export interface PackageError {
  readonly stack: readonly string[];
  readonly position: string;
  readonly message: string;
}

/** `text` is what templates print for the error as a whole. */
export function errorJson(e: PackageError, text: string): Json {
  return withText({ ImportStack: e.stack, Pos: e.position, Err: e.message }, text);
}

export function emptyListing(path: string): Listing {
  const listing: Listing = {};
  for (const name of texts) listing[name] = '';
  listing.Module = null;
  listing.Match = [];
  for (const name of flags) listing[name] = false;
  listing.DefaultGODEBUG = '';
  listing.Stale = false;
  listing.StaleReason = '';
  for (const name of lists) listing[name] = name === 'ImportMap' ? new Map<string, string>() : [];
  listing.ImportPath = path;
  listing.Error = null;
  return listing;
}

const texts = 'Dir ImportPath ImportComment Name Doc Target Shlib Root ConflictDir ForTest Export BuildID'.split(' ');
const flags = 'Goroot Standard DepOnly BinaryOnly Incomplete'.split(' ');
const lists = (
  'GoFiles CgoFiles CompiledGoFiles IgnoredGoFiles InvalidGoFiles IgnoredOtherFiles CFiles CXXFiles MFiles HFiles FFiles SFiles SwigFiles ' +
  'SwigCXXFiles SysoFiles EmbedPatterns EmbedFiles CgoCFLAGS CgoCPPFLAGS CgoCXXFLAGS CgoFFLAGS CgoLDFLAGS CgoPkgConfig Imports ImportMap Deps ' +
  'Error DepsErrors TestGoFiles TestImports TestEmbedPatterns TestEmbedFiles XTestGoFiles XTestImports XTestEmbedPatterns XTestEmbedFiles'
).split(' ');

/** For JSON: Go leaves out empty strings, lists and maps, false and nil. */
export function withoutEmpty(l: Listing, wanted: ReadonlySet<string> | null): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const [k, v] of Object.entries(l)) {
    const isEmpty =
      v === '' ||
      v === false ||
      v === null ||
      (Array.isArray(v) && v.length === 0) ||
      (v instanceof Map && v.size === 0);
    if (isEmpty || (wanted !== null && !wanted.has(k))) continue;
    out[k] = (k === 'Module' || k === 'Replace' || k === 'Update') && isRecord(v) ? withoutEmpty(v, null) : v;
  }
  return out;
}

function isRecord(v: Json): v is Record<string, Json> {
  return typeof v === 'object' && v !== null && !Array.isArray(v) && !(v instanceof Map);
}

function names(files: readonly GoFile[]): string[] {
  return files.map((f) => f.name);
}

/** Imports with vendored paths in their place; "C" and "unsafe" included. */
export function resolvedImports(
  ws: Workspace,
  p: LoadedPackage,
  files: readonly GoFile[],
): [source: string, path: string][] {
  return importPaths(files).map((path) => {
    const known = p.imports.get(path)?.path;
    if (known !== undefined || path === 'C' || path === 'unsafe') return [path, known ?? path];
    const r = ws.resolve(path, p);
    return [path, typeof r === 'string' ? path : r.path];
  });
}

/** `withTestEmbeds`: files that tests embed are only looked for when tests are listed. */
export function describePackage(
  ws: Workspace,
  files: Files,
  p: LoadedPackage,
  cgo: boolean,
  withTestEmbeds: boolean,
): Listing {
  const f = p.files;
  const l = emptyListing(p.path);
  const sources = [...f.goFiles, ...f.cgoFiles];
  const imports = resolvedImports(ws, p, sources);
  Object.assign(l, {
    Dir: p.dir,
    Name: p.name,
    Doc: f.doc,
    ImportComment: f.importComment,
    Root: ws.rootOf(p),
    ConflictDir: ws.gopath?.conflictOf(p.dir) ?? '',
    Goroot: p.isStandard,
    Standard: p.isStandard,
    Module: p.isStandard ? null : moduleOf(ws, p),
    GoFiles: names(f.goFiles),
    CgoFiles: names(f.cgoFiles),
    IgnoredGoFiles: f.ignoredGoFiles,
    InvalidGoFiles: f.invalidGoFiles,
    IgnoredOtherFiles: f.ignoredOtherFiles,
    CFiles: cgo ? f.cFiles : [],
    CXXFiles: cgo ? f.cxxFiles : [],
    MFiles: cgo ? f.mFiles : [],
    HFiles: f.hFiles,
    FFiles: f.fFiles,
    SFiles: f.sFiles,
    SwigFiles: f.swigFiles,
    SwigCXXFiles: f.swigCxxFiles,
    SysoFiles: f.sysoFiles,
    CgoCFLAGS: f.cgo.cflags,
    CgoCPPFLAGS: f.cgo.cppflags,
    CgoCXXFLAGS: f.cgo.cxxflags,
    CgoFFLAGS: f.cgo.fflags,
    CgoLDFLAGS: f.cgo.ldflags,
    CgoPkgConfig: f.cgo.pkgConfig,
    Imports: imports.map(([, path]) => path),
    ImportMap: new Map(imports.filter(([source, path]) => source !== path)),
    Deps: dependencyPaths(p),
    TestGoFiles: names(f.testGoFiles),
    TestImports: sortedPaths(resolvedImports(ws, p, f.testGoFiles)),
    XTestGoFiles: names(f.xTestGoFiles),
    XTestImports: sortedPaths(resolvedImports(ws, p, f.xTestGoFiles)),
  });
  addEmbeds(files, p, l, withTestEmbeds);
  return l;
}

function sortedPaths(list: readonly [string, string][]): string[] {
  return list.map(([, path]) => path).sort();
}

function moduleOf(ws: Workspace, p: LoadedPackage): Json {
  if (ws.isImplicit) return null;
  const m = ws.moduleOf(p);
  if (ws.modules !== null) return m === null ? null : allFields(moduleInfo(ws.modules, m));
  if (ws.gopath !== null) return null;
  return {
    Path: ws.module,
    Main: true,
    Dir: ws.root,
    GoMod: `${ws.root}/go.mod`,
    GoVersion: ws.goVersion.slice(2),
  };
}

function addEmbeds(files: Files, p: LoadedPackage, l: Listing, withTests: boolean): void {
  const f = p.files;
  const groups: readonly [string, readonly GoFile[]][] = [
    ['', [...f.goFiles, ...f.cgoFiles]],
    ['Test', f.testGoFiles],
    ['XTest', f.xTestGoFiles],
  ];
  for (const [prefix, sources] of groups) {
    const patterns = patternsOf(sources);
    l[`${prefix}EmbedPatterns`] = patterns;
    if (prefix !== '' && !withTests) continue;
    try {
      l[`${prefix}EmbedFiles`] = resolveEmbed(files, p.dir, patterns).files;
    } catch (e) {
      // Told as an error of the package where files are asked for.
      if (!(e instanceof EmbedError)) throw e;
    }
  }
}
