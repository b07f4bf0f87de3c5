/** Unions in interfaces: ~T and A|B (spec: "General interfaces"). */
import * as Syntax from '#syntax/kinds.ts';
import type { Expr, Operation } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { invalidType } from './basic.ts';
import { type Checker, later } from './checker.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, softErrorf } from './errors.ts';
import * as Mode from './mode.ts';
import { identical, isInterface, isTypeParam, isValid } from './predicates.ts';
import { recordTypeAndValue } from './recording.ts';
import { disjoint } from './termlist.ts';
import { Term, type Type, Union } from './type.ts';
import * as TypeKind from './typekind.ts';
import { maxTermCount, typeSet } from './typeset.ts';
import { typeString } from './typestring.ts';
import { typExpr } from './typexpr.ts';
import { under } from './under.ts';
import { universeComparable } from './universe.ts';

/** The type of an embedded element: a Union, or a type that stands alone. */
export function parseUnion(c: Checker, uexpr: Expr): Type {
  const operations: Operation[] = [];
  const exprs: Expr[] = [];
  flattenUnion(uexpr, operations, exprs);

  const terms: Term[] = [];
  let u: Type = invalidType;
  let tooMany = false;
  for (let i = 0; i < exprs.length; i++) {
    const term = parseTilde(c, exprs[i]);
    if (exprs.length === 1 && !term.tilde) return term.typ;
    if (terms.length >= maxTermCount) {
      if (!tooMany) {
        const msg = 'cannot handle more than %d union terms (implementation limitation)';
        errorf(c, exprs[i], Code.InvalidUnion, msg, maxTermCount);
        tooMany = true;
        u = invalidType;
      }
    } else {
      terms.push(term);
      u = new Union(terms.slice());
    }
    if (i > 0) recordTypeAndValue(operations[i - 1], Mode.typexpr, u, null);
  }
  if (!isValid(u)) return u;
  later(c, () => checkTerms(c, terms, exprs));
  return u;
}

/** Terms can be checked only when their types are set up. */
function checkTerms(c: Checker, terms: readonly Term[], exprs: readonly Expr[]): void {
  for (let i = 0; i < terms.length; i++) {
    const t = terms[i];
    if (!isValid(t.typ)) continue;
    const u = under(t.typ);
    if (t.tilde) {
      if (u.kind === TypeKind.Interface) {
        errorf(c, exprs[i], Code.InvalidUnion, 'invalid use of ~ (%s is an interface)', t.typ);
        continue;
      }
      if (!identical(u, t.typ)) {
        errorf(c, exprs[i], Code.InvalidUnion, 'invalid use of ~ (underlying type of %s is %s)', t.typ, u);
        continue;
      }
    }
    if (u.kind === TypeKind.Interface) {
      const tset = typeSet(u);
      const text = termString(t);
      if (tset.methods.length > 0) {
        errorf(c, exprs[i], Code.InvalidUnion, 'cannot use %s in union (%s contains methods)', text, text);
      } else if (t.typ === universeComparable.typ) {
        error(c, exprs[i], Code.InvalidUnion, 'cannot use comparable in union');
      } else if (tset.comparable) {
        errorf(c, exprs[i], Code.InvalidUnion, 'cannot use %s in union (%s embeds comparable)', text, text);
      }
      // Interfaces may overlap.
      continue;
    }
    for (let j = 0; j < i; j++) {
      if (!isInterface(terms[j].typ) && !disjoint(terms[j], t)) {
        const msg = 'overlapping terms %s and %s';
        softErrorf(c, exprs[i], Code.InvalidUnion, msg, termString(t), termString(terms[j]));
        break;
      }
    }
  }
}

/** Terms are printed with import paths, as the official compiler does. */
function termString(t: Term): string {
  return (t.tilde ? '~' : '') + typeString(t.typ, null);
}

function parseTilde(c: Checker, tx: Expr): Term {
  const tilde = tx.kind === Syntax.Operation && tx.op === Op.Tilde;
  const x = tilde ? tx.x : tx;
  let typ = typExpr(c, x);
  // Type parameters have no known type set; embedding one is not permitted either.
  if (isTypeParam(typ)) {
    if (tilde) errorf(c, x, Code.MisplacedTypeParam, 'type in term %s cannot be a type parameter', tx);
    else error(c, x, Code.MisplacedTypeParam, 'term cannot be a type parameter');
    typ = invalidType;
  }
  const term = new Term(tilde, typ);
  if (tilde) recordTypeAndValue(tx, Mode.typexpr, new Union([term]), null);
  return term;
}

/** Walks A|B|C, whose tree leans to the left, from left to right. */
function flattenUnion(x: Expr, operations: Operation[], exprs: Expr[]): void {
  if (x.kind === Syntax.Operation && x.op === Op.Or && x.y !== null) {
    flattenUnion(x.x, operations, exprs);
    operations.push(x);
    exprs.push(x.y);
  } else {
    exprs.push(x);
  }
}
