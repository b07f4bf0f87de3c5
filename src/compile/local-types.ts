/**
 * The numbers of types declared in functions, which are part of their link names: counted through the package in the order of the text, as
 * the official compiler does (cmd/compile/internal/noder: writer.go, collectDecls).
 */
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import { parseBody } from '#syntax/body.ts';
import * as Kind from '#syntax/kinds.ts';
import type { File, FuncDecl, Node } from '#syntax/nodes.ts';
import { inspect } from '#syntax/walk.ts';
import type { TypeName } from '#types/object.ts';
import type { Package } from '#types/package.ts';

export class LocalTypeNumbers {
  private readonly byPackage: WeakMap<Package, ReadonlyMap<Pos, number>>;

  constructor() {
    this.byPackage = new WeakMap();
  }

  /** From 1. */
  of(obj: TypeName): number {
    const pkg = obj.pkg ?? bug(`local type ${obj.name} without a package`);
    let numbers = this.byPackage.get(pkg);
    if (numbers === undefined) {
      numbers = count(pkg.checker?.files ?? []);
      this.byPackage.set(pkg, numbers);
    }
    return numbers.get(obj.pos) ?? bug(`local type ${obj.name} is not in the text of ${pkg.path}`);
  }
}

function count(files: readonly File[]): Map<Pos, number> {
  const numbers = new Map<Pos, number>();
  for (const file of files) {
    const found: Pos[] = [];
    for (const d of file.decls) {
      if (d.kind === Kind.VarDecl) {
        if (d.values !== null) collect(d.values, found);
      } else if (d.kind === Kind.FuncDecl && mayDeclareTypes(file, d)) {
        if (d.body === null) parseBody(file, d, () => undefined);
        if (d.body !== null) collect(d.body, found);
      }
    }
    found.sort((a, b) => a - b);
    for (const pos of found) numbers.set(pos, numbers.size + 1);
  }
  return numbers;
}

function collect(n: Node, found: Pos[]): void {
  inspect(n, (m) => {
    if (m.kind === Kind.TypeDecl && !m.alias) found.push(m.name.pos);
    return true;
  });
}

/** Bodies without the word need not be parsed. */
function mayDeclareTypes(file: File, d: FuncDecl): boolean {
  if (d.bodyStart < 0) return false;
  const { text } = file;
  for (let i = text.indexOf(letterT, d.bodyStart); i >= 0 && i < d.bodyEnd; i = text.indexOf(letterT, i + 1)) {
    if (text[i + 1] === letterY && text[i + 2] === letterP && text[i + 3] === letterE) return true;
  }
  return false;
}

const letterT = 0x74;
const letterY = 0x79;
const letterP = 0x70;
const letterE = 0x65;
