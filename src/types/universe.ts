/** The universe scope with all predeclared objects, and package unsafe. */
import { NoPos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import { Typ, universeByte, universeRune } from './basic.ts';
import * as BasicKind from './basickind.ts';
import * as BuiltinId from './builtinid.ts';
import { Builtin, Const, Func, isExported, Nil, type Obj, TypeName, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Package } from './package.ts';
import { Scope } from './scope.ts';

import {
  Alias,
  type Basic,
  EmptyTuple,
  HasMethods,
  HasUnder,
  Interface,
  Named,
  NoType,
  Signature,
  Tuple,
  Unpacked,
} from './type.ts';
import { allTermlist, TypeSet, topTypeSet } from './typesetdata.ts';

export { invalidType, Typ, universeByte, universeRune } from './basic.ts';

export const universe: Scope = new Scope(null, NoPos, NoPos);
export const unsafePackage: Package = new Package('unsafe', 'unsafe', universe);
unsafePackage.complete = true;

/** The empty interface, also what the alias any stands for is one of its own (universeAny), for messages. */
export const emptyInterface: Interface = newCompleteInterface(topTypeSet);
/** The type that `any` is an alias for: told from other empty interfaces in messages only. */
export const universeAny: Interface = newCompleteInterface(topTypeSet);

function newCompleteInterface(tset: TypeSet): Interface {
  const t = new Interface(null);
  t.complete = true;
  t.tset = tset;
  return t;
}

/** Exported names go to package unsafe. */
function def(obj: Obj): void {
  if (isExported(obj.name)) {
    obj.pkg = unsafePackage;
    unsafePackage.scope.insert(obj);
  } else {
    universe.insert(obj);
  }
}

function defBasic(t: Basic): void {
  if (!t.name.includes(' ')) def(new TypeName(NoPos, null, t.name, t));
}

for (const t of Typ) defBasic(t);
defBasic(universeByte);
defBasic(universeRune);

function defAny(): TypeName {
  const obj = new TypeName(NoPos, null, 'any', NoType);
  const alias = new Alias(obj, universeAny);
  alias.actual = universeAny;
  obj.typ = alias;
  def(obj);
  return obj;
}

export const universeAnyAlias: TypeName = defAny();

function defNamed(name: string, underlying: Interface): TypeName {
  const obj = new TypeName(NoPos, null, name, NoType);
  const t = new Named(null, obj, underlying, null);
  t.underlying = underlying;
  t.state = Unpacked | HasMethods | HasUnder;
  obj.typ = t;
  def(obj);
  return obj;
}

function defError(): TypeName {
  const ityp = new Interface(null);
  const obj = defNamed('error', ityp);
  const recv = new Var(ObjKind.RecvVar, NoPos, null, '', obj.typ);
  const result = new Var(ObjKind.ResultVar, NoPos, null, '', Typ[BasicKind.String]);
  const method = new Func(NoPos, null, 'Error', new Signature(recv, EmptyTuple, new Tuple([result]), false));
  ityp.methods = [method];
  ityp.complete = true;
  ityp.tset = new TypeSet([method], allTermlist, false);
  return obj;
}

const errorObj: TypeName = defError();
export const universeError: Named = errorObj.typ as Named;
export const universeComparable: TypeName = defNamed(
  'comparable',
  newCompleteInterface(new TypeSet([], allTermlist, true)),
);
export const universeBool: Basic = Typ[BasicKind.Bool];

def(new Const(NoPos, null, 'true', Typ[BasicKind.UntypedBool], constant.makeBool(true)));
def(new Const(NoPos, null, 'false', Typ[BasicKind.UntypedBool], constant.makeBool(false)));

export const universeIota: Const = new Const(NoPos, null, 'iota', Typ[BasicKind.UntypedInt], constant.makeInt64(0));
def(universeIota);
export const universeNil: Nil = new Nil(Typ[BasicKind.UntypedNil]);
def(universeNil);

for (let id = 0; id < BuiltinId.Assert; id++)
  def(new Builtin(BuiltinId.predeclaredFuncs[id].name, Typ[BasicKind.Invalid], id));

/** Declares assert and trace, which the type checker's own tests use. */
export function defPredeclaredTestFuncs(): void {
  if (universe.lookup('assert') !== null) return;
  for (const id of [BuiltinId.Assert, BuiltinId.Trace]) {
    def(new Builtin(BuiltinId.predeclaredFuncs[id].name, Typ[BasicKind.Invalid], id));
  }
}
