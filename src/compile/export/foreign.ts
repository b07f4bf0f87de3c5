/**
 * What a package's export data takes over from those of the packages it imports: every object it mentions, with all that belongs to it, so
 * that readers need no other file.
 */
import { type Decoder, type Encoder, Name, Obj, ObjDict, ObjExt, Pkg, Text } from './pkgbits.ts';

const objStub = 5;

export class ForeignObjects {
  private readonly encoder: Encoder;
  /** Definitions by "path.name". */
  private readonly found: Map<string, { readonly from: Decoder; readonly index: number }>;
  private readonly copied: Map<Decoder, Map<number, number>>;
  private readonly packages: Map<string, number>;
  private readonly objects: Map<string, number>;

  /** `packages` and `objects` are the elements written so far, by path and by "path.name". */
  constructor(
    encoder: Encoder,
    imported: Iterable<Decoder>,
    packages: Map<string, number>,
    objects: Map<string, number>,
  ) {
    this.encoder = encoder;
    this.found = new Map();
    this.copied = new Map();
    this.packages = packages;
    this.objects = objects;
    for (const d of imported) {
      for (let i = 0; i < d.count(Obj); i++) {
        const { path, name, code } = peekObject(d, i);
        const key = `${path}.${name}`;
        if (code !== objStub && !this.found.has(key)) this.found.set(key, { from: d, index: i });
      }
    }
  }

  /** The index of an imported object; null if none of the imported packages tells it. */
  object(path: string, name: string): number | null {
    const known = this.objects.get(`${path}.${name}`);
    if (known !== undefined) return known;
    const f = this.found.get(`${path}.${name}`);
    return f === undefined ? null : this.copy(f.from, Obj, f.index);
  }

  /** The index of an imported package. */
  package(path: string): number | null {
    const known = this.packages.get(path);
    if (known !== undefined) return known;
    for (const { from } of this.found.values()) {
      for (let i = 0; i < from.count(Pkg); i++) if (packagePath(from, i) === path) return this.copy(from, Pkg, i);
    }
    return null;
  }

  private copy(d: Decoder, section: number, index: number): number {
    let map = this.copied.get(d);
    if (map === undefined) {
      map = new Map();
      this.copied.set(d, map);
    }
    const key = section * 0x4000000 + index;
    const known = map.get(key);
    if (known !== undefined) return known;
    if (section === Text) return this.encoder.string(d.string(index));
    if (section === Pkg) return this.copyPackage(d, index, map, key);
    if (section === Obj) return this.copyObject(d, index, map, key);
    const e = this.encoder.element(section);
    map.set(key, e.index);
    this.fill(d, section, index, e);
    return e.index;
  }

  private fill(d: Decoder, section: number, index: number, e: ReturnType<Encoder['element']>): void {
    const r = d.element(section, index);
    const refs: number[] = [];
    for (let i = 0; i < r.refs.length; i += 2) refs.push(r.refs[i], this.copy(d, r.refs[i], r.refs[i + 1]));
    e.copy(refs, r.rest());
    e.finish();
  }

  private copyPackage(d: Decoder, index: number, map: Map<number, number>, key: number): number {
    const path = packagePath(d, index);
    const known = this.packages.get(path);
    if (known !== undefined) return known;
    const e = this.encoder.element(Pkg);
    this.packages.set(path, e.index);
    map.set(key, e.index);
    this.fill(d, Pkg, index, e);
    return e.index;
  }

  private copyObject(d: Decoder, index: number, map: Map<number, number>, key: number): number {
    const { path, name, code } = peekObject(d, index);
    const id = `${path}.${name}`;
    const known = this.objects.get(id);
    if (known !== undefined) return known;
    const better = code === objStub ? this.found.get(id) : undefined;
    if (better !== undefined && better.from !== d) return this.copy(better.from, Obj, better.index);
    // The four elements of an object have one index.
    const parts = [Obj, ObjExt, Name, ObjDict].map((s) => ({ section: s, element: this.encoder.element(s) }));
    const to = parts[0].element.index;
    this.objects.set(id, to);
    map.set(key, to);
    for (const p of parts) this.fill(d, p.section, index, p.element);
    return to;
  }
}

function packagePath(d: Decoder, index: number): string {
  return d.element(Pkg, index).string();
}

export function peekObject(d: Decoder, index: number): { path: string; name: string; code: number } {
  const r = d.element(Name, index);
  const path = packagePath(d, r.ref(Pkg));
  const name = r.string();
  return { path, name, code: r.len() };
}
