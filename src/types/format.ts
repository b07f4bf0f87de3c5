/** Messages' arguments as text: operands, expressions, types and objects, printed from the point of view of the package being checked. */

import { bug } from '#base/bug.ts';
import { isExpr, type Node } from '#syntax/nodes.ts';
import { exprString } from '#syntax/printer.ts';
import type { Checker } from './checker.ts';
import type { Obj } from './object.ts';
import { objectString } from './objectstring.ts';
import { Operand, operandString } from './operand.ts';
import type { Package } from './package.ts';
import type { Type } from './type.ts';
import { type Qualifier, writeTypeWith } from './typestring.ts';

export type FormatArg =
  | string
  | number
  | bigint
  | null
  | Operand
  | Node
  | Obj
  | Type
  | readonly (Operand | Node | Type)[];

/** Formats with %s, %v (as %s), %d and %q; a null argument is "<nil>". */
export function sprintf(
  qf: Qualifier | null,
  tpSubscripts: boolean,
  format: string,
  args: readonly FormatArg[],
): string {
  let text = '';
  let next = 0;
  let from = 0;
  for (let i = format.indexOf('%'); i >= 0; i = format.indexOf('%', from)) {
    text += format.slice(from, i);
    from = i + 2;
    const verb = format[i + 1];
    if (verb === '%') {
      text += '%';
      continue;
    }
    const s = formatArg(qf, tpSubscripts, args[next++]);
    text += verb === 'q' ? JSON.stringify(s) : s;
  }
  return text + format.slice(from);
}

function isList(arg: FormatArg): arg is readonly (Operand | Node | Type)[] {
  return Array.isArray(arg);
}

function formatArg(qf: Qualifier | null, tpSubscripts: boolean, arg: FormatArg): string {
  if (arg === null || arg === undefined) return '<nil>';
  if (typeof arg === 'string') return arg;
  if (typeof arg === 'number' || typeof arg === 'bigint') return arg.toString();
  if (arg instanceof Operand) return operandString(arg, qf);
  if (isList(arg)) return `[${arg.map((a) => formatArg(qf, tpSubscripts, a)).join(', ')}]`;
  // Objects, nodes and types have numbered kinds of their own; what only one of them has tells them apart.
  if ('scopePos' in arg) return objectString(arg, qf);
  if ('pos' in arg) return isExpr(arg) ? exprString(arg) : bug('only expressions are printed');
  return writeTypeWith(arg, qf, tpSubscripts);
}

/** sprintf as seen from the package being checked; c may be null. */
export function format(c: Checker | null, text: string, ...args: FormatArg[]): string {
  return sprintf(c === null ? null : qualifierOf(c), false, text, args);
}

/** How c's messages name packages: not at all for its own, by path where several packages share a name, else by name. */
export function qualifierOf(c: Checker): Qualifier {
  return (pkg) => {
    if (pkg === c.pkg) return '';
    const paths = pathsByName(c).get(pkg.name);
    return paths !== undefined && paths.size > 1 ? JSON.stringify(pkg.path) : pkg.name;
  };
}

/** The import paths of all packages that c's imports reach, by package name; computed for the first message that needs it. */
function pathsByName(c: Checker): Map<string, Set<string>> {
  if (c.pkgPathMap !== null) return c.pkgPathMap;
  const byName = new Map<string, Set<string>>();
  const seen = new Set<Package>();
  const mark = (pkg: Package): void => {
    if (seen.has(pkg)) return;
    seen.add(pkg);
    const paths = byName.get(pkg.name);
    if (paths === undefined) byName.set(pkg.name, new Set([pkg.path]));
    else paths.add(pkg.path);
    for (const imported of pkg.imports) mark(imported);
  };
  mark(c.pkg);
  c.pkgPathMap = byName;
  return byName;
}

/** Removes the subscript digits and marks that tell equally named type parameters apart in internal messages. */
export function stripAnnotations(s: string): string {
  return s.replace(/[\u2080-\u2089]/g, '');
}
