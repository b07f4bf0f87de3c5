/** What the linker puts into the program once it is known what is reachable: string variables, module data, build information. */
import * as Attr from './attributes.ts';
import { Builder, createSymbol, setContent } from './builder.ts';
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import { isReachable, type Loader, lookup, lookupOrCreate, symbolName, Version0, VersionInternal } from './loader.ts';
import { materialize } from './materialize.ts';

/** Thread-local slot of g, module data, runtime.disableMemoryProfiling (lib.go, linksetup). */
export function setUpRuntime(link: Link): void {
  const l = link.loader;
  const tlsg = lookupOrCreate(l, 'runtime.tlsg', Version0);
  if (l.kind[tlsg] === Kind.Undefined) {
    createSymbol(l, 'runtime.tlsg', Kind.TlsBss);
    l.size[tlsg] = 8;
  } else link.error(`runtime declared tlsg variable ${Kind.names[l.kind[tlsg]]}`);
  l.attrs[tlsg] |= Attr.Reachable;

  const module = lookup(l, 'runtime.firstmoduledata', Version0);
  const hasRuntime = module !== 0 && l.kind[module] !== Kind.Undefined;
  link.moduleData = hasRuntime ? module : lookupOrCreate(l, 'local.moduledata', Version0);
  link.moduleDataSize = hasRuntime ? l.size[module] : 0;
  l.attrs[link.moduleData] |= Attr.Reachable;
  l.kind[link.moduleData] = Kind.ModuleData;
  if (!hasRuntime) return;
  const profile = lookup(l, 'runtime.memProfileInternal', VersionInternal);
  if (!known(l, profile) || isReachable(l, profile)) return;
  // Nobody can read the memory profile, so the runtime need not collect it.
  const disable = lookup(l, 'runtime.disableMemoryProfiling', Version0);
  if (disable === 0) return;
  const b = new Builder();
  b.w.u8(1);
  setContent(l, disable, Kind.NoPtrData, b);
}

/**
 * In a whole-program link the function that nobody asked for is not in the table at all, which says the same as being there
 * unreachable; the variable it guards must exist.
 */
function known(l: Loader, profile: number): boolean {
  return profile !== 0 || l.symbols !== null;
}

/** Sets string variables: -X and the linker's own (data.go, addstrdata). */
export function setStrings(link: Link): void {
  const l = link.loader;
  for (const [name, value] of link.strings) {
    const s = lookup(l, name, Version0);
    if (s === 0 || l.kind[s] === Kind.Undefined) continue;
    materialize(l, s);
    const type = l.gotype[s];
    if (type === 0) continue;
    const typeName = symbolName(l, type);
    if (typeName !== 'type:string') {
      link.error(`${name}: cannot set with -X: not a var of type string (${typeName})`);
      continue;
    }
    if (!isReachable(l, s)) continue;
    const text = createSymbol(l, `${name}.str`, Kind.Rodata);
    const t = new Builder();
    // The official linker ends the text with a NUL byte.
    t.w.bytes(value);
    t.w.u8(0);
    setContent(l, text, Kind.Rodata, t);
    const b = new Builder();
    b.string(text, value.length);
    const size = Math.max(l.size[s], 16);
    const kind = l.kind[s] === Kind.Bss ? Kind.Data : l.kind[s];
    setContent(l, s, kind, b);
    l.size[s] = size;
  }
}

/** What `go version -m` reads (debug/buildinfo). */
export function addBuildInfo(link: Link): void {
  const l = link.loader;
  const b = new Builder(512);
  b.w.bytes(new Uint8Array([0xff]));
  b.w.text(' Go buildinf:');
  b.w.u8(8);
  // Pointer-free format, little endian.
  b.w.u8(2);
  b.w.zeros(32 - b.w.length);
  for (const name of ['runtime.buildVersion', 'runtime.modinfo']) {
    const text = link.strings.get(name) ?? new Uint8Array(0);
    b.w.uleb(text.length);
    b.w.bytes(text);
  }
  b.w.align(16);
  const info = createSymbol(l, 'go:buildinfo', Kind.BuildInfo);
  setContent(l, info, Kind.BuildInfo, b);
  l.align[info] = 16;
  const ref = createSymbol(l, 'go:buildinfo.ref', Kind.Rodata);
  const r = new Builder();
  r.address(info);
  setContent(l, ref, Kind.Rodata, r);
  l.align[ref] = 8;
}
