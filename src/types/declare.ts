/** Scopes of the construct being checked, and declarations in them. */
import type { Pos } from '#base/source.ts';
import type { Name, Node } from '#syntax/nodes.ts';
import { endPos, startPos } from '#syntax/positions.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { newError } from './errors.ts';
import type { Obj } from './object.ts';
import { recordDef } from './recording.ts';
import { Scope } from './scope.ts';

/** Opens a scope for a node, inside the current one. */
export function openScope(c: Checker, node: Node): void {
  c.scope = new Scope(c.scope, startPos(node), endPos(node));
}

export function closeScope(c: Checker): void {
  if (c.scope.parent !== null) c.scope = c.scope.parent;
}

/** Declares obj in a scope, from scopePos on; reports a second declaration. The blank identifier declares nothing. */
export function declare(c: Checker, scope: Scope, id: Name | null, obj: Obj, scopePos: Pos): void {
  if (obj.name !== '_') {
    const other = scope.insert(obj);
    if (other !== null) {
      newError(c, Code.DuplicateDecl).add(obj, '%s redeclared in this block', obj.name).addAltDecl(other).report();
      return;
    }
    obj.scopePos = scopePos;
  }
  if (id !== null) recordDef(id, obj);
}
