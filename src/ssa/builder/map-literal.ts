/**
 * Map literals (spec: "Composite literals"). Many entries that are data are entered by a loop over two tables (cmd/compile/internal/walk/complit.go,
 * maplit): a block of code for each makes functions with tens of thousands of blocks.
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as SymKind from '#obj/kinds.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CompositeLit, Expr } from '#syntax/nodes.ts';
import type { Package } from '#types/package.ts';
import * as B from '../block.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { exprTo, retypePtr } from './expr.ts';
import { elementAddr } from './index.ts';
import { makeMap, mapAssign } from './maps.ts';
import { orderOperands } from './order.ts';
import { staticPart } from './static-data.ts';

interface Entry {
  readonly key: Expr;
  readonly value: Expr;
}

/** Up to this many entries that are data are entered one by one. */
const fewEntries = 25;

export function mapLiteral(b: FuncBuilder, e: CompositeLit, t: GoType): Value {
  const m = makeMap(b, t, b.constInt(e.elems.length));
  const entries = e.elems.map((el) =>
    el.kind === Kind.KeyValueExpr ? { key: el.key, value: el.value } : b.fail(el.pos, 'map element without key'),
  );
  for (const { key, value } of entriesAsCode(b, e, entries, t, m)) {
    orderOperands(b, [key, value]);
    const k = b.stable(exprTo(b, key, t.key()));
    const v = b.stable(exprTo(b, value, t.elem()));
    b.store(t.elem(), mapAssign(b, t, m, k), v);
  }
  return m;
}

/** A table of the literal's keys or elements: what of them is data, by their indices, and the symbol that holds it. */
class Table {
  readonly symbol: LinkSymbol;
  readonly type: GoType;
  private readonly define: (s: LinkSymbol) => void;
  readonly code: Set<number>;

  constructor(b: FuncBuilder, pkg: Package, pos: number, part: 'keys' | 'elems', values: readonly Expr[], t: GoType) {
    this.symbol = b.prog.literalSymbol(pkg, pos, part);
    this.type = b.types.arrayOf(t, values.length);
    this.code = new Set();
    const context = b.prog.literalContext(pkg, this.symbol);
    const elements = values.map((value, index) => ({ index, value }));
    if (context === null) for (const i of elements.keys()) this.code.add(i);
    const content = context === null ? null : staticPart(context, elements, this.type, b.early);
    for (const el of content?.rest ?? []) this.code.add(el.index);
    this.define = (s) => content?.define(s);
  }

  /** The address of the first element; the data is written when it is first asked for. */
  address(b: FuncBuilder): Value {
    if (this.symbol.kind === SymKind.Undefined) this.define(this.symbol);
    return retypePtr(b, b.addr(this.symbol, b.types.pointerTo(this.type)), this.type.elem());
  }
}

/**
 * Whether the entries of these types that are data are the same under the official compiler, which takes interfaces, functions and pointers for code.
 * It shows where the key of an entry made by code turns out to be another's: data comes first.
 */
function isPlain(t: GoType): boolean {
  switch (t.kind) {
    case G.Struct:
      return t.fields.every((f) => isPlain(f.type));
    case G.Array:
      return isPlain(t.elem());
    default:
      return t.kind === G.String || !t.hasPointers();
  }
}

/** Enters what is data from tables, if that is much; returns the other entries, which come after it. */
function entriesAsCode(
  b: FuncBuilder,
  e: CompositeLit,
  entries: readonly Entry[],
  t: GoType,
  m: Value,
): readonly Entry[] {
  // In an instance the types of the tree are not those of the code.
  const { pkg } = b;
  if (entries.length <= fewEntries || pkg === null || b.env !== null) return entries;
  const tables = (list: readonly Entry[]): [keys: Table, elems: Table] => {
    const keys = list.map((entry) => entry.key);
    const values = list.map((entry) => entry.value);
    return [new Table(b, pkg, e.pos, 'keys', keys, t.key()), new Table(b, pkg, e.pos, 'elems', values, t.elem())];
  };
  let [keys, elems] = tables(entries);
  const isCode = (_: Entry, i: number): boolean => keys.code.has(i) || elems.code.has(i);
  const rest = entries.filter(isCode);
  if (entries.length - rest.length <= fewEntries) return entries;
  if (rest.length > 0 && !(isPlain(t.key()) && isPlain(t.elem()))) return entries;
  if (rest.length > 0) [keys, elems] = tables(entries.filter((entry, i) => !isCode(entry, i)));
  enterTables(b, t, m, keys, elems);
  return rest;
}

function enterTables(b: FuncBuilder, t: GoType, m: Value, keys: Table, elems: Table): void {
  const len = b.constInt(keys.type.length);
  const from = (table: Table) => ({ elem: table.type.elem(), ptr: table.address(b), len });
  const [key, elem] = [from(keys), from(elems)];
  const id = b.newVar(b.int);
  b.define(id, b.constInt(0));
  const [head, body, done] = [b.newBlock(), b.newBlock(), b.newBlock()];
  b.jump(head);
  b.start(head);
  const i = b.read(id);
  b.branch(b.v2(Op.Less64, b.bool, i, len), body, done, B.Likely);
  b.startSealed(body);
  const p = mapAssign(b, t, m, b.load(key.elem, elementAddr(b, key, i)));
  b.store(elem.elem, p, b.load(elem.elem, elementAddr(b, elem, i)));
  b.define(id, b.v2(Op.Add64, b.int, i, b.constInt(1)));
  b.jump(head);
  b.seal(head);
  b.startSealed(done);
}
