/**
 * Endless instantiation: a program whose generic functions and types need infinitely many instances cannot be compiled (spec: "Instantiations" leaves it to
 * implementations; the official compiler reports it).
 *
 * Vertices are type parameters, and local types of generic functions; an edge says that one is instantiated with the other, of weight 1 if wrapped into
 * a larger type. A cycle of positive weight needs infinitely many instances.
 */
import type { Pos } from '#base/source.ts';
import type { Expr } from '#syntax/nodes.ts';
import { startPos } from '#syntax/positions.ts';
import { isAliasName } from './alias.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { newError } from './errors.ts';
import { namedObj, originNamed, typeArgs } from './named.ts';
import type { TypeName } from './object.ts';
import * as ObjKind from './objkind.ts';
import type { Package } from './package.ts';
import { type Named, type Type, type TypeParam, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import { relativeTo, typeString } from './typestring.ts';

interface Vertex {
  /** Of the heaviest path that is known. */
  weight: number;
  /** The last edge on it. */
  pre: number;
  /** Its length. */
  len: number;
  readonly obj: TypeName;
}

interface Edge {
  readonly dst: number;
  readonly src: number;
  readonly weight: number;
  readonly pos: Pos;
  readonly typ: Type;
}

export class MonoGraph {
  readonly vertices: Vertex[];
  readonly edges: Edge[];
  /** Type parameters of receivers, to those of the type. */
  readonly canon: Map<TypeParam, TypeParam>;
  readonly index: Map<TypeName, number>;

  constructor() {
    this.vertices = [];
    this.edges = [];
    this.canon = new Map();
    this.index = new Map();
  }
}

/** Notes that a receiver's type parameter stands for one of the type. */
export function recordMonoCanon(c: Checker, mpar: TypeParam, tpar: TypeParam): void {
  c.mono.canon.set(mpar, tpar);
}

/** Notes an instantiation at pos, or at the expressions of its type arguments. */
export function recordMonoInstance(
  c: Checker,
  pkg: Package,
  pos: Pos,
  tparams: readonly TypeParam[],
  targs: readonly Type[],
  xlist: readonly Expr[],
): void {
  for (let i = 0; i < tparams.length; i++) {
    assign(c.mono, pkg, i < xlist.length ? startPos(xlist[i]) : pos, tparams[i], targs[i]);
  }
}

/** Reports an endless instantiation. */
export function monomorph(c: Checker): void {
  const { vertices, edges } = c.mono;
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < edges.length; i++) {
      const src = vertices[edges[i].src];
      const dst = vertices[edges[i].dst];
      const w = src.weight + edges[i].weight;
      if (w <= dst.weight) continue;
      dst.pre = i;
      dst.len = src.len + 1;
      if (dst.len === vertices.length) {
        reportInstanceLoop(c, edges[i].dst);
        return;
      }
      dst.weight = w;
      again = true;
    }
  }
}

function reportInstanceLoop(c: Checker, start: number): void {
  const { vertices, edges } = c.mono;
  let stack: number[] = [];
  let v = start;
  while (!stack.includes(v)) {
    stack.push(v);
    v = edges[vertices[v].pre].src;
  }
  stack = stack.slice(stack.indexOf(v));
  const err = newError(c, Code.InvalidInstanceCycle).add(vertices[v].obj, 'instantiation cycle:');
  const qf = relativeTo(c.pkg);
  for (const u of stack) {
    const edge = edges[vertices[u].pre];
    const obj = vertices[edge.dst].obj;
    const what = obj.typ.kind === TypeKind.Named ? '%s implicitly parameterized by %s' : '%s instantiated as %s';
    err.add(edge.pos, what, obj.name, typeString(edge.typ, qf));
  }
  err.report();
}

function assign(g: MonoGraph, pkg: Package, pos: Pos, tpar: TypeParam, targ: Type): void {
  // Packages cannot need each other's instances in a cycle.
  if (tpar.obj.pkg !== pkg) return;
  const flow = (src: number, typ: Type): void => {
    g.edges.push({ dst: typeParamVertex(g, tpar), src, weight: typ === targ ? 0 : 1, pos, typ: targ });
  };
  const visit = (t: Type): void => {
    const typ = unalias(t);
    switch (typ.kind) {
      case TypeKind.TypeParam:
        flow(typeParamVertex(g, typ), typ);
        break;
      case TypeKind.Named: {
        const src = localNamedVertex(g, pkg, originNamed(typ));
        if (src >= 0) flow(src, typ);
        for (const a of typeArgs(typ)) visit(a);
        break;
      }
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Pointer:
      case TypeKind.Chan:
        visit(typ.elem);
        break;
      case TypeKind.Map:
        visit(typ.key);
        visit(typ.elem);
        break;
      case TypeKind.Interface:
        for (const m of typeSet(typ).methods) visit(m.typ);
        break;
      case TypeKind.Signature:
        for (const v of typ.params.vars) visit(v.typ);
        for (const v of typ.results.vars) visit(v.typ);
        break;
      case TypeKind.Struct:
        for (const f of typ.fields) visit(f.typ);
        break;
      default:
        break;
    }
  };
  visit(targ);
}

/** The vertex of a local type that depends on type parameters of functions around it; -1 of all other types. */
function localNamedVertex(g: MonoGraph, pkg: Package, named: Named): number {
  const obj = namedObj(named);
  if (obj.pkg !== pkg || obj.parent === pkg.scope) return -1;
  const known = g.index.get(obj);
  if (known !== undefined) return known;
  let idx = -1;
  for (let scope = obj.parent; scope !== null && scope !== pkg.scope; scope = scope.parent) {
    if (scope.elems === null) continue;
    for (const elem of scope.elems.values()) {
      if (elem.kind !== ObjKind.TypeName || isAliasName(elem) || elem.pos >= obj.pos) continue;
      const tpar = elem.typ;
      if (tpar.kind !== TypeKind.TypeParam) continue;
      if (idx < 0) {
        idx = g.vertices.length;
        g.vertices.push({ weight: 0, pre: 0, len: 0, obj });
      }
      g.edges.push({ dst: idx, src: typeParamVertex(g, tpar), weight: 1, pos: obj.pos, typ: tpar });
    }
  }
  g.index.set(obj, idx);
  return idx;
}

function typeParamVertex(g: MonoGraph, tpar: TypeParam): number {
  const obj = (g.canon.get(tpar) ?? tpar).obj;
  const known = g.index.get(obj);
  if (known !== undefined) return known;
  const idx = g.vertices.length;
  g.vertices.push({ weight: 0, pre: 0, len: 0, obj });
  g.index.set(obj, idx);
  return idx;
}
