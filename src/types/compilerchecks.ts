/**
 * What the official compiler checks between type checking and code generation (cmd/compile/internal/noder/irgen.go, checkFiles): restrictions of the
 * implementation, and directives. Each stage is only reached if those before it found nothing.
 */
import type { Report } from '#base/diagnostic.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { File } from '#syntax/nodes.ts';
import { inspect } from '#syntax/walk.ts';
import { checkDeclarationDirectives, type DirectiveOptions } from './directives.ts';
import { sprintf } from './format.ts';
import { instanceOf, tvOf } from './info.ts';
import type { Package } from './package.ts';
import { type Interface, type Type, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import { under } from './under.ts';

/** Checks a package that has been type-checked without errors. Returns whether there are none now. */
export function compilerChecks(
  pkg: Package,
  files: readonly File[],
  options: DirectiveOptions,
  report: Report,
): boolean {
  let errors = 0;
  const count: Report = (d) => {
    errors++;
    report(d);
  };
  interfaceCycles(files, count);
  if (errors === 0) typeArguments(files, count);
  if (errors === 0) typeElements(files, count);
  if (errors === 0) checkDeclarationDirectives(pkg, files, options, count);
  return errors === 0;
}

/** Anonymous interfaces that refer to themselves (go.dev/issue/56103). */
function interfaceCycles(files: readonly File[], report: Report): void {
  const finder = new CycleFinder();
  for (const file of files) {
    inspect(file, (n) => {
      if (n.kind !== Syntax.InterfaceType) return true;
      const t = tvOf(n);
      const typ = t === null ? null : unalias(t.type);
      if (typ !== null && typ.kind === TypeKind.Interface && finder.hasCycle(typ)) {
        const message = 'invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)';
        report({ pos: n.pos, message, code: 'InvalidTypeCycle', soft: false });
        // Not again for the other interfaces of the cycle.
        for (const t of finder.cyclic.keys()) finder.cyclic.set(t, false);
      }
      return false;
    });
  }
}

class CycleFinder {
  /** Interfaces that have been seen, and whether they are, as far as is known, part of a cycle. */
  readonly cyclic: Map<Interface, boolean>;

  constructor() {
    this.cyclic = new Map();
  }

  hasCycle(t: Interface): boolean {
    for (const m of typeSet(t).methods) if (this.visit(m.typ)) return true;
    return false;
  }

  private visit(t0: Type): boolean {
    const t = unalias(t0);
    switch (t.kind) {
      case TypeKind.Pointer:
      case TypeKind.Array:
      case TypeKind.Chan:
      case TypeKind.Slice:
        return this.visit(t.elem);
      case TypeKind.Map:
        return this.visit(t.key) || this.visit(t.elem);
      case TypeKind.Struct:
        return t.fields.some((f) => this.visit(f.typ));
      case TypeKind.Tuple:
        return t.vars.some((v) => this.visit(v.typ));
      case TypeKind.Signature:
        return this.visit(t.params) || this.visit(t.results);
      case TypeKind.Interface:
        return this.visitInterface(t);
      default:
        // Named types end anonymous cycles.
        return false;
    }
  }

  private visitInterface(t: Interface): boolean {
    if (t.methods.length === 0 && t.embeddeds.length === 0) return false;
    const known = this.cyclic.get(t);
    if (known !== undefined) return known;
    this.cyclic.set(t, true);
    if (this.hasCycle(t)) return true;
    this.cyclic.set(t, false);
    return false;
  }
}

/** Types whose values live outside the heap: sys.nih, and what contains it. */
function isNotInHeap(t0: Type): boolean {
  let t: Type = unalias(t0);
  if (t.kind === TypeKind.Named) {
    if (t.obj.name === 'nih' && t.obj.pkg?.path === 'internal/runtime/sys') return true;
    t = under(t);
  }
  if (t.kind === TypeKind.Array) return isNotInHeap(t.elem);
  return t.kind === TypeKind.Struct && t.fields.some((f) => isNotInHeap(f.typ));
}

function typeArguments(files: readonly File[], report: Report): void {
  for (const file of files) {
    inspect(file, (n) => {
      if (n.kind !== Syntax.Name) return true;
      for (const t of instanceOf(n)?.typeArgs ?? []) {
        if (!isNotInHeap(t)) continue;
        const text = 'cannot use incomplete (or unallocatable) type as a type argument: %s';
        report({ pos: n.pos, message: sprintf(null, false, text, [t]), code: '', soft: false });
      }
      return true;
    });
  }
}

function typeElements(files: readonly File[], report: Report): void {
  for (const file of files) {
    inspect(file, (n) => {
      if (n.kind !== Syntax.TypeDecl) return true;
      const tv = tvOf(n.type);
      const t = tv === null ? null : under(tv.type);
      const fail = (message: string): void => report({ pos: n.pos, message, code: '', soft: false });
      if (n.type.kind === Syntax.MapType && t !== null && t.kind === TypeKind.Map) {
        if (isNotInHeap(t.key)) fail('incomplete (or unallocatable) map key not allowed');
        if (isNotInHeap(t.elem)) fail('incomplete (or unallocatable) map value not allowed');
      } else if (n.type.kind === Syntax.ChanType && t !== null && t.kind === TypeKind.Chan && isNotInHeap(t.elem)) {
        fail('chan of incomplete (or unallocatable) type not allowed');
      }
      return true;
    });
  }
}
