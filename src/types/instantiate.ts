/** Instantiation of generic types and functions, and the check of type arguments (spec: "Instantiations"). */

import { bug } from '#base/bug.ts';
import { NoPos, type Pos } from '#base/source.ts';
import { newAliasInstance } from './alias.ts';
import { invalidType } from './basic.ts';
import type { Checker } from './checker.ts';
import { type Context, contextLookup, contextUpdate } from './context.ts';
import * as Code from './errors/codes.ts';
import { error } from './errors.ts';
import { format } from './format.ts';
import { implementsType } from './implements.ts';
import { copySignature, newNamedInstance } from './named.ts';
import { Cause } from './operand.ts';
import { makeSubstMap, subst } from './subst.ts';
import type { GenericType, Named, Type, TypeParam } from './type.ts';
import * as TypeKind from './typekind.ts';
import { iface } from './typeparam.ts';
import { instanceHash, typeString } from './typestring.ts';

/**
 * The instance of orig with targs. Type arguments are not checked (see verify), but the number of those of aliases and functions is.
 * The context makes equal instances one; without one, that of the instance being expanded is used.
 */
export function instance(
  c: Checker | null,
  pos: Pos,
  orig: GenericType,
  targs: Type[],
  expanding: Named | null,
  ctxt: Context | null,
): Type {
  const context = ctxt ?? expanding?.inst?.ctxt ?? null;
  if (context === null) bug('instantiation without context');
  const hash = instanceHash(orig, targs, context);
  const known = contextLookup(context, hash, orig, targs);
  if (known !== null) return known;
  switch (orig.kind) {
    case TypeKind.Named:
      return contextUpdate(context, hash, orig, targs, newNamedInstance(c, pos, orig, targs, context));
    case TypeKind.Alias:
      if (!validateTArgLen(c, pos, orig.obj.name, orig.tparams.length, targs.length)) return invalidType;
      if (orig.tparams.length === 0) return orig;
      return contextUpdate(context, hash, orig, targs, newAliasInstance(c, pos, orig, targs, expanding, context));
    case TypeKind.Signature: {
      if (!validateTArgLen(c, pos, typeString(orig, null), orig.tparams.length, targs.length)) return invalidType;
      if (orig.tparams.length === 0) return orig;
      const s = subst(c, pos, orig, makeSubstMap(orig.tparams, targs), null, context);
      if (s.kind !== TypeKind.Signature) bug('instance of a function is no function');
      const sig = s === orig ? copySignature(s) : s;
      sig.tparams = [];
      return contextUpdate(context, hash, orig, targs, sig);
    }
  }
}

/** Reports a wrong number of type arguments. */
export function validateTArgLen(c: Checker | null, pos: Pos, name: string, want: number, got: number): boolean {
  if (got === want) return true;
  const qual = got < want ? 'not enough' : 'too many';
  const msg = `${qual} type arguments for type ${name}: have ${got}, want ${want}`;
  if (c === null) bug(msg);
  error(c, pos, Code.WrongTypeArgCount, msg);
  return false;
}

/** Which type argument does not satisfy its constraint, and why. */
export interface Unsatisfied {
  index: number;
  cause: string;
}

/** Whether type arguments satisfy their constraints: null if so. */
export function verify(
  c: Checker | null,
  pos: Pos,
  tparams: readonly TypeParam[],
  targs: readonly Type[],
  ctxt: Context,
): Unsatisfied | null {
  const smap = makeSubstMap(tparams, targs);
  for (let i = 0; i < tparams.length; i++) {
    // Makes sure that a constraint that is no interface has been wrapped.
    iface(tparams[i]);
    const bound = subst(c, pos, tparams[i].bound, smap, null, ctxt);
    const cause = new Cause();
    if (!implementsType(c, targs[i], bound, true, cause)) return { index: i, cause: cause.text };
  }
  return null;
}

/** As instance, for later stages: an instance whose correctness is known. */
export function instantiate(ctxt: Context, orig: GenericType, targs: Type[]): Type {
  return instance(null, NoPos, orig, targs, null, ctxt);
}

export function formatArgs(c: Checker, list: readonly Type[]): string {
  return list.map((t) => format(c, '%s', t)).join(', ');
}
