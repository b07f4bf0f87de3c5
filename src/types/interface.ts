/** Interface types (spec: "Interface types"). Their type sets are computed in typeset.ts. */
import type { InterfaceType } from '#syntax/nodes.ts';
import { startPos } from '#syntax/positions.ts';
import { type Checker, later, needsCleanup } from './checker.ts';
import * as Code from './errors/codes.ts';
import { error, errorf } from './errors.ts';
import { Func, type Obj, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { isValid } from './predicates.ts';
import { recordDef } from './recording.ts';
import { asNamed, Interface, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { computeInterfaceTypeSet, sortMethods } from './typeset.ts';
import { topTypeSet } from './typesetdata.ts';
import { typExpr } from './typexpr.ts';
import { parseUnion } from './union.ts';

export function newInterface(c: Checker | null): Interface {
  const t = new Interface(c);
  if (c !== null) needsCleanup(c, t);
  return t;
}

/** Sets up ityp from its syntax; def is the type name that is being declared with it, if any. */
export function interfaceType(c: Checker, ityp: Interface, e: InterfaceType, def: Obj | null): void {
  for (const f of e.methods) {
    if (f.name === null) {
      ityp.embeddeds.push(parseUnion(c, f.type));
      ityp.embedPos.push(startPos(f.type));
      continue;
    }
    if (f.name.value === '_') {
      error(c, f.name, Code.BlankIfaceMethod, 'methods must have a unique non-blank name');
      continue;
    }
    const sig = typExpr(c, f.type);
    if (sig.kind !== TypeKind.Signature) {
      if (isValid(sig)) errorf(c, f.type, Code.InvalidSyntaxTree, '%s is not a method signature', sig);
      continue;
    }
    // A defined type as receiver makes better messages.
    const named = def === null ? null : asNamed(def.typ);
    const recvType: Type = named ?? ityp;
    sig.recv = new Var(ObjKind.RecvVar, f.name.pos, c.pkg, '', recvType);
    const m = new Func(f.name.pos, c.pkg, f.name.value, sig);
    recordDef(f.name, m);
    ityp.methods.push(m);
  }
  ityp.complete = true;
  if (ityp.methods.length === 0 && ityp.embeddeds.length === 0) {
    ityp.tset = topTypeSet;
    return;
  }
  sortMethods(ityp.methods);
  // Early, for errors to be reported; later uses find it computed.
  later(c, () => {
    computeInterfaceTypeSet(c, e.pos, ityp);
  });
}
