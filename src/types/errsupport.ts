/** Messages about names that are not found, with the name that may have been meant. */
import type { Checker } from './checker.ts';
import { format } from './format.ts';
import { isExported, type Obj } from './object.ts';
import * as ObjKind from './objkind.ts';
import type { Type } from './type.ts';

const missing = 0;
/** Found with another spelling. */
const misspelled = 1;
/** Found with a lower-case first letter, in another package. */
const unexported = 2;
/** Found as spelled, but in another package. */
const inaccessible = 3;

/**
 * Why the selector sel of type t, or the field sel of a struct literal, is not found; alt is what is found when case and packages are overlooked.
 */
export function lookupError(c: Checker, t: Type, sel: string, alt: Obj | null, structLit: boolean): string {
  const kind = classify(c, sel, alt);
  const name = alt === null ? '' : alt.name;
  if (structLit) {
    const unknown = 'unknown field %s in struct literal of type %s';
    if (kind === misspelled) return format(c, `${unknown}, but does have %s`, sel, t, name);
    if (kind === unexported) return format(c, `${unknown}, but does have unexported %s`, sel, t, name);
    if (kind === missing) return format(c, unknown, sel, t);
    return format(c, 'cannot refer to unexported field %s in struct literal of type %s', name, t);
  }
  let what = 'object';
  if (alt !== null && alt.kind === ObjKind.Var) what = 'field';
  else if (alt !== null && alt.kind === ObjKind.Func) what = 'method';
  const unknown = 'type %s has no field or method %s';
  if (kind === misspelled) return format(c, `${unknown}, but does have %s %s`, t, sel, what, name);
  if (kind === unexported) return format(c, `${unknown}, but does have unexported %s %s`, t, sel, what, name);
  if (kind === missing) return format(c, unknown, t, sel);
  return format(c, 'cannot refer to unexported %s %s', what, name);
}

function classify(c: Checker, sel: string, alt: Obj | null): number {
  if (alt === null) return missing;
  if (alt.pkg === c.pkg) return misspelled;
  const sameTail = tail(sel) === tail(alt.name);
  if (isExported(sel)) {
    if (isExported(alt.name)) return misspelled;
    return sameTail ? unexported : missing;
  }
  if (isExported(alt.name)) return sameTail ? misspelled : missing;
  return sel === alt.name ? inaccessible : missing;
}

/** All but the first character; a single character is its own tail, as the official compiler has it. */
function tail(s: string): string {
  const rest = s.slice((s.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
  return rest === '' ? s : rest;
}
