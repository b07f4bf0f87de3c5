/** Types as text: in messages, in `types` dumps, and as the key under which equal instances are found (hashing). */

import * as Syntax from '#syntax/kinds.ts';
import type { Context } from './context.ts';
import { contextId } from './context.ts';
import { typeParams } from './named.ts';
import type { TypeName } from './object.ts';
import { isExported, type Var } from './object.ts';
import type { Package } from './package.ts';
import { termlistIsAll } from './termlist.ts';
import {
  type Alias,
  type Chan,
  type Interface,
  type Named,
  type Signature,
  type Struct,
  type Tuple,
  type Type,
  type TypeParam,
  unalias,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import type { TypeSet } from './typesetdata.ts';
import { under } from './under.ts';
import { universe, universeAnyAlias, universeComparable } from './universe.ts';

/** How a package's objects are qualified: by what it returns and a dot, or not at all if that is "". */
export type Qualifier = (pkg: Package) => string;

/** Qualifies by import path all packages but one. */
export function relativeTo(pkg: Package | null): Qualifier | null {
  return pkg === null ? null : (other) => (other === pkg ? '' : other.path);
}

/** A null qualifier prints import paths. */
export function typeString(t: Type, qf: Qualifier | null): string {
  const w = new TypeWriter(qf, null);
  w.type(t);
  return w.text;
}

/** typeString, with type parameters told apart by subscripts if asked for. */
export function writeTypeWith(t: Type, qf: Qualifier | null, tpSubscripts: boolean): string {
  const w = new TypeWriter(qf, null);
  w.tpSubscripts = tpSubscripts;
  w.type(t);
  return w.text;
}

/** A signature without parameter names, to go after a method's name; with pkgInfo, the package of the first unexported field is told. */
export function methodString(sig: Signature, qf: Qualifier | null, pkgInfo: boolean): string {
  const w = new TypeWriter(qf, null);
  w.paramNames = false;
  w.pkgInfo = pkgInfo;
  w.signature(sig);
  return w.text;
}

/** A signature without the leading "func". */
export function signatureString(sig: Signature, qf: Qualifier | null): string {
  const w = new TypeWriter(qf, null);
  w.signature(sig);
  return w.text;
}

export function typeParamsString(list: readonly TypeParam[], qf: Qualifier | null): string {
  const w = new TypeWriter(qf, null);
  w.tParamList(list);
  return w.text;
}

/** A string that identical types share; types with equal strings are mostly identical, to be verified. */
export function typeHash(t: Type, ctxt: Context): string {
  const w = new TypeWriter(null, ctxt);
  w.type(t);
  return w.text;
}

/** A type name instantiated with type arguments, hashed. */
export function instanceHash(orig: Type, targs: readonly Type[], ctxt: Context): string {
  const w = new TypeWriter(null, ctxt);
  w.text += contextId(ctxt, orig).toString();
  if (orig.kind === TypeKind.Named || orig.kind === TypeKind.Alias) w.typeName(orig.obj);
  if (targs.length > 0) w.typeList(targs);
  return w.text;
}

export function packagePrefix(pkg: Package | null, qf: Qualifier | null): string {
  if (pkg === null) return '';
  const s = qf === null ? pkg.path : qf(pkg);
  return s === '' ? '' : `${s}.`;
}

const kindNames: readonly string[] = [
  '',
  'Basic',
  'Array',
  'Slice',
  'Struct',
  'Pointer',
  'Tuple',
  'Signature',
  'Union',
  'Interface',
  'Map',
  'Chan',
  'Named',
  'TypeParam',
  'Alias',
];

class TypeWriter {
  text: string;
  /** Types being written, for cycles. */
  readonly seen: Set<Type>;
  readonly qf: Qualifier | null;
  /** Non-null when hashing. */
  readonly ctxt: Context | null;
  /** When hashing, the type parameters of the signature at hand: written by index. */
  tparams: readonly TypeParam[];
  paramNames: boolean;
  tpSubscripts: boolean;
  pkgInfo: boolean;

  constructor(qf: Qualifier | null, ctxt: Context | null) {
    this.text = '';
    this.seen = new Set();
    this.qf = qf;
    this.ctxt = ctxt;
    this.tparams = [];
    this.paramNames = ctxt === null;
    this.tpSubscripts = false;
    this.pkgInfo = false;
  }

  /** A separator or bracket; hashes contain no blanks. */
  punct(s: string): void {
    if (this.ctxt !== null) this.text += s === ' ' ? '#' : s;
    else this.text += s === ',' || s === ';' ? `${s} ` : s;
  }

  error(what: string): void {
    this.text += `<${what}>`;
  }

  type(t: Type): void {
    if (this.seen.has(t)) {
      this.error(`cycle to ${kindNames[t.kind]}`);
      return;
    }
    switch (t.kind) {
      case TypeKind.Basic:
        // The only exported basic type is unsafe.Pointer.
        this.text += isExported(t.name) ? `unsafe.${t.name}` : t.name;
        return;
      case TypeKind.TypeParam:
        this.typeParam(t);
        return;
    }
    this.seen.add(t);
    this.composite(t);
    this.seen.delete(t);
  }

  private composite(t: Type): void {
    switch (t.kind) {
      case TypeKind.Array:
        this.punct('[');
        this.text += t.len.toString();
        this.punct(']');
        this.type(t.elem);
        return;
      case TypeKind.Slice:
        this.text += '[]';
        this.type(t.elem);
        return;
      case TypeKind.Struct:
        this.struct(t);
        return;
      case TypeKind.Pointer:
        this.punct('*');
        this.type(t.elem);
        return;
      case TypeKind.Tuple:
        this.tuple(t, false);
        return;
      case TypeKind.Signature:
        this.text += 'func';
        this.signature(t);
        return;
      case TypeKind.Union:
        if (t.terms.length === 0) this.error('empty union');
        t.terms.forEach((term, i) => {
          if (i > 0) this.text += ' | ';
          if (term.tilde) this.text += '~';
          this.type(term.typ);
        });
        return;
      case TypeKind.Interface:
        this.interface(t);
        return;
      case TypeKind.Map:
        this.text += 'map[';
        this.type(t.key);
        this.punct(']');
        this.type(t.elem);
        return;
      case TypeKind.Chan:
        this.chan(t);
        return;
      case TypeKind.Named:
        this.named(t);
        return;
      case TypeKind.Alias:
        this.alias(t);
        return;
    }
  }

  private struct(t: Struct): void {
    this.text += 'struct{';
    t.fields.forEach((f: Var, i) => {
      if (i > 0) this.punct(';');
      const annotate = this.qf === null && this.pkgInfo && !isExported(f.name);
      if (annotate) this.pkgInfo = false;
      if (!f.embedded) {
        this.text += f.name;
        this.punct(' ');
      }
      this.type(f.typ);
      if (annotate) this.text += ` /* package ${f.pkg === null ? '' : f.pkg.path} */ `;
      const tag = i < t.tags.length ? t.tags[i] : '';
      if (tag !== '') {
        this.punct(' ');
        this.text += quote(tag);
      }
    });
    this.punct('}');
  }

  private interface(t: Interface): void {
    if (this.ctxt === null) {
      if (t === under(universeAnyAlias.typ)) {
        this.text += 'any';
        return;
      }
      if (t === under(universeComparable.typ)) {
        this.text += 'interface{comparable}';
        return;
      }
    }
    if (t.implicit) {
      if (t.methods.length === 0 && t.embeddeds.length === 1) {
        this.type(t.embeddeds[0]);
        return;
      }
      this.text += '/* implicit */ ';
    }
    this.text += 'interface{';
    if (this.ctxt !== null) {
      this.typeSet(typeSet(t), this.ctxt);
    } else {
      let first = true;
      for (const m of t.methods) {
        if (!first) this.punct(';');
        first = false;
        this.text += m.name;
        if (m.typ.kind === TypeKind.Signature) this.signature(m.typ);
      }
      for (const e of t.embeddeds) {
        if (!first) this.punct(';');
        first = false;
        this.type(e);
      }
    }
    this.punct('}');
  }

  private chan(t: Chan): void {
    if (t.dir === Syntax.SendOnly) this.text += 'chan<- ';
    else if (t.dir === Syntax.RecvOnly) this.text += '<-chan ';
    else this.text += 'chan ';
    const parens = t.dir === Syntax.SendRecv && t.elem.kind === TypeKind.Chan && t.elem.dir === Syntax.RecvOnly;
    if (parens) this.punct('(');
    this.type(t.elem);
    if (parens) this.punct(')');
  }

  private named(t: Named): void {
    if (this.ctxt !== null) this.text += contextId(this.ctxt, t).toString();
    this.typeName(t.obj);
    if (t.inst !== null) this.typeList(t.inst.targs);
    else if (this.ctxt === null) {
      const tparams = typeParams(t);
      if (tparams.length > 0) this.tParamList(tparams);
    }
  }

  private alias(t: Alias): void {
    this.typeName(t.obj);
    if (t.targs.length > 0) this.typeList(t.targs);
    else if (this.ctxt === null && t.tparams.length > 0) this.tParamList(t.tparams);
    if (this.ctxt !== null) this.type(unalias(t.obj.typ));
  }

  private typeParam(t: TypeParam): void {
    const i = this.tparams.indexOf(t);
    if (i >= 0) {
      this.text += `$${i}`;
      return;
    }
    this.text += t.obj.name;
    if (this.tpSubscripts || this.ctxt !== null) this.text += subscript(t.id);
    // A type parameter named like a predeclared type would be taken for that.
    if (this.ctxt === null && universe.lookup(t.obj.name) !== null) {
      this.text += ` /* with ${t.obj.name} declared at ${describePos(t)} */`;
    }
  }

  /** What a type set contains, in a canonical form. */
  private typeSet(s: TypeSet, ctxt: Context): void {
    let first = true;
    for (const m of s.methods) {
      if (!first) this.punct(';');
      first = false;
      this.text += m.name;
      if (m.typ.kind === TypeKind.Signature) this.signature(m.typ);
    }
    if (termlistIsAll(s.terms)) return;
    if (s.terms.length === 0) {
      this.text += '∅';
      return;
    }
    if (!first) this.punct(';');
    const hashes = s.terms.map((term) => (term.tilde ? '~' : '') + typeHash(term.typ, ctxt));
    this.text += hashes.sort().join('|');
  }

  typeList(list: readonly Type[]): void {
    this.punct('[');
    list.forEach((t, i) => {
      if (i > 0) this.punct(',');
      this.type(t);
    });
    this.punct(']');
  }

  /** Neighbours with the same constraint share it, as in [P, Q any]. */
  tParamList(list: readonly TypeParam[]): void {
    this.punct('[');
    list.forEach((p, i) => {
      if (i > 0) {
        if (p.bound !== list[i - 1].bound) {
          this.punct(' ');
          this.type(list[i - 1].bound);
        }
        this.punct(',');
      }
      this.type(p);
    });
    if (list.length > 0) {
      this.punct(' ');
      this.type(list[list.length - 1].bound);
    }
    this.punct(']');
  }

  typeName(obj: TypeName): void {
    this.text += packagePrefix(obj.pkg, this.qf) + obj.name;
  }

  private tuple(t: Tuple, variadic: boolean): void {
    this.punct('(');
    t.vars.forEach((v, i) => {
      if (i > 0) this.punct(',');
      if (this.ctxt === null && v.name !== '' && this.paramNames) {
        this.text += v.name;
        this.punct(' ');
      }
      if (!variadic || i !== t.vars.length - 1) {
        this.type(v.typ);
      } else if (v.typ.kind === TypeKind.Slice) {
        this.text += '...';
        this.type(v.typ.elem);
      } else {
        // append([]byte, string...) and the like.
        this.type(v.typ);
        this.text += '...';
      }
    });
    this.punct(')');
  }

  signature(sig: Signature): void {
    const hashed = this.ctxt !== null && sig.tparams.length > 0;
    if (hashed) this.tparams = sig.tparams;
    if (sig.tparams.length > 0) this.tParamList(sig.tparams);
    this.tuple(sig.params, sig.variadic);
    const results = sig.results.vars;
    if (results.length > 0) {
      this.punct(' ');
      if (results.length === 1 && (this.ctxt !== null || results[0].name === '')) this.type(results[0].typ);
      else this.tuple(sig.results, false);
    }
    if (hashed) this.tparams = [];
  }
}

/** Where a type parameter is declared; the checker of its package knows the files. */
function describePos(t: TypeParam): string {
  const checker = t.obj.pkg?.checker ?? null;
  return checker === null ? '-' : checker.posString(t.obj.pos);
}

function subscript(n: number): string {
  let s = '';
  for (const digit of n.toString()) s += String.fromCodePoint(0x2080 + Number(digit));
  return s;
}

/** strconv.Quote for tags: they are text. */
export function quote(s: string): string {
  let text = '"';
  for (const ch of s) {
    const code = ch.codePointAt(0) ?? 0;
    const short = escapes.get(ch);
    if (short !== undefined) text += short;
    else if (code < 0x20 || code === 0x7f) text += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code === 0xfeff || (code >= 0x80 && code < 0xa0)) text += `\\u${code.toString(16).padStart(4, '0')}`;
    else text += ch;
  }
  return `${text}"`;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);
