/** Objects and bodies that are only checked when they are asked for, instances, lookups, initialisation order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Typ } from '#types/basic.ts';
import * as BasicKind from '#types/basickind.ts';
import { checkBody, packageInitOrder } from '#types/check.ts';
import { resolveObj, signatureOf } from '#types/decl.ts';
import { instantiate } from '#types/instantiate.ts';
import { lookupFieldOrMethod } from '#types/lookup.ts';
import { namedMethod } from '#types/named.ts';
import * as ObjKind from '#types/objkind.ts';
import { NoType, type Type } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { typeString } from '#types/typestring.ts';
import { checkText, lookupObj } from './check-text.ts';

function text(t: Type): string {
  return typeString(t, () => '');
}

test('objects are resolved one by one', () => {
  const { pkg, errors } = checkText(
    'package p\nvar a = b\nvar b = f()\nfunc f() int { return undefined }\nvar c = undefined\n',
    {
      lazy: true,
    },
  );
  const a = lookupObj(pkg, 'a');
  assert.equal(a.typ, NoType);
  resolveObj(a);
  assert.equal(text(a.typ), 'int');
  assert.equal(text(lookupObj(pkg, 'b').typ), 'int');
  assert.equal(lookupObj(pkg, 'c').typ, NoType);
  assert.deepEqual(errors, []);
});

test('bodies are checked when asked for, and tell what initialisation depends on', () => {
  const source =
    'package p\nvar a = f()\nvar b = g\nvar c, d = 1, e\nvar e = c\nfunc f() int { return h() }\nfunc g() {}\nfunc h() int { return d }\n';
  const { pkg } = checkText(source, { lazy: true });
  const order = packageInitOrder(pkg).map((i) => i.lhs.map((v) => v.name).join());
  assert.deepEqual(order, ['b', 'c', 'e', 'd', 'a']);
  const f = lookupObj(pkg, 'f');
  assert.equal(f.kind, ObjKind.Func);
  if (f.kind === ObjKind.Func) {
    checkBody(f);
    assert.deepEqual(
      [...(f.decl?.deps ?? [])].map((d) => d.name),
      ['h'],
    );
  }
});

test('equal instances are one type, with methods of their own', () => {
  const source =
    'package p\ntype L[T any] struct{ head T; tail *L[T] }\nfunc (l *L[E]) Push(x E) *L[E] { return l }\nvar v L[int]\nvar w *L[int]\n';
  const { pkg } = checkText(source);
  const v = lookupObj(pkg, 'v').typ;
  const w = lookupObj(pkg, 'w').typ;
  assert.equal(w.kind === TypeKind.Pointer ? w.elem : null, v);
  if (v.kind !== TypeKind.Named) return assert.fail('no named type');
  assert.equal(text(signatureOf(namedMethod(v, 0))), 'func(x int) *L[int]');
  const { obj, index, indirect } = lookupFieldOrMethod(w, false, pkg, 'tail', false);
  assert.deepEqual([obj === null ? '' : text(obj.typ), index, indirect], ['*L[int]', [1], true]);
  const L = lookupObj(pkg, 'L').typ;
  const context = pkg.checker?.ctxt;
  if (L.kind !== TypeKind.Named || context === undefined) return assert.fail('no generic type');
  assert.equal(instantiate(context, L, [Typ[BasicKind.Int]]), v);
});

test('embedded fields: depth, pointers, ambiguity', () => {
  const source =
    'package p\ntype A struct{ x, y int }\nfunc (A) m() {}\nfunc (*A) n() {}\ntype B struct{ x int }\ntype C struct{ A; *B }\ntype D struct{ C; y string }\nvar d D\n';
  const { pkg } = checkText(source);
  const d = lookupObj(pkg, 'd').typ;
  const find = (name: string, addressable: boolean): string => {
    const f = lookupFieldOrMethod(d, addressable, pkg, name, false);
    return f.obj === null ? `none ${f.index.join()} ${f.indirect}` : `${f.obj.name} ${f.index.join()} ${f.indirect}`;
  };
  assert.equal(find('y', false), 'y 1 false');
  assert.equal(find('x', false), 'none 0,1,0 false');
  assert.equal(find('m', false), 'm 0,0,0 false');
  assert.equal(find('n', false), 'none  true');
  assert.equal(find('n', true), 'n 0,0,1 false');
});
