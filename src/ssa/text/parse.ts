/** Reads the text form that print.ts writes. Named types are declared before functions: `type main.T = struct { x int }`. */

import { bug } from '#base/bug.ts';
import { Abi0, AbiInternal, type LinkSymbol, Symbols } from '#obj/symbol.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { Call, Closure, FuncRef, SymbolRef, Text, TypeRef } from '../call.ts';
import * as Slots from '../func.ts';
import { AllocationSite, Func, type Slot } from '../func.ts';
import * as Table from '../op-table.ts';
import type { Target } from '../target.ts';
import type { Aux, Value } from '../value.ts';
import type { TextScanner } from './scanner.ts';
import * as S from './scanner.ts';
import { TextTypes } from './types.ts';

export class TextProgram {
  readonly types: TextTypes;
  readonly symbols: Symbols;
  readonly funcs: Func[];
  readonly refs: Map<LinkSymbol, FuncRef>;
  readonly target: Target;
  readonly opByName: Map<string, number>;

  constructor(target: Target) {
    this.types = new TextTypes();
    this.symbols = new Symbols();
    this.funcs = [];
    this.refs = new Map();
    this.target = target;
    this.opByName = new Map(target.ops.map((o, i) => [o.name, i]));
  }
}

/** State of one function while it is read. */
interface Reading {
  s: TextScanner;
  p: TextProgram;
  f: Func;
  blocks: Map<string, Block>;
  values: Map<string, Value>;
  slots: Map<string, Slot>;
  /** Arguments by name, filled in when all values are known. */
  args: [Value, string[]][];
  ends: { block: Block; preds: string[]; controls: string[]; succs: string[] }[];
}

export function parseProgram(text: string, target: Target): TextProgram {
  const p = new TextProgram(target);
  parseInto(p, text);
  return p;
}

export function parseInto(p: TextProgram, text: string): void {
  const s = new S.TextScanner(text);
  for (;;) {
    S.skip(s);
    if (s.at >= text.length) break;
    if (S.take(s, 'type')) {
      const n = S.typeName(s) ?? S.fail(s, 'expected a type name');
      S.expect(s, '=');
      p.types.declare(n, S.type(s, p.types));
    } else if (S.take(s, 'func')) p.funcs.push(parseFunc(s, p));
    else S.fail(s, 'expected type or func');
  }
  const missing = p.types.undeclared();
  if (missing.length > 0) S.fail(s, `undeclared type ${missing.join(', ')}`);
}

const abiSuffix = '<ABIInternal>';

function symbol(p: TextProgram, n: string): LinkSymbol {
  if (n.endsWith(abiSuffix)) return p.symbols.lookup(n.slice(0, -abiSuffix.length), AbiInternal);
  return p.symbols.lookup(n, Abi0);
}

/** The function of a name; made with its first type. */
export function funcRef(p: TextProgram, n: string, type: FuncRef['type']): FuncRef {
  const sym = symbol(p, n);
  let ref = p.refs.get(sym);
  if (ref === undefined) {
    ref = new FuncRef(sym.name, sym, type, { kind: 'text' }, sym.name.slice(0, Math.max(0, sym.name.indexOf('.'))));
    p.refs.set(sym, ref);
  }
  return ref;
}

function parseFunc(s: TextScanner, p: TextProgram): Func {
  const n = S.name(s);
  const ref = funcRef(p, n, S.type(s, p.types));
  const f = new Func(ref, p.types, p.target);
  S.expect(s, '{');
  if (S.take(s, 'flags')) ref.flags = S.number(s);
  const r: Reading = { s, p, f, blocks: new Map(), values: new Map(), slots: new Map(), args: [], ends: [] };
  parseHeader(r);
  let first = true;
  while (!S.take(s, '}')) {
    parseBlock(r, first);
    first = false;
  }
  connect(r);
  return f;
}

function parseHeader(r: Reading): void {
  const { s, f, p } = r;
  for (;;) {
    if (S.take(s, 'properties')) {
      while (!S.atLineEnd(s)) setProperty(f, S.word(s));
    } else if (S.take(s, 'param')) parseSlot(r, Slots.SlotParam);
    else if (S.take(s, 'result')) parseSlot(r, Slots.SlotResult);
    else if (S.take(s, 'local')) parseSlot(r, Slots.SlotLocal);
    else if (S.take(s, 'temp')) parseSlot(r, Slots.SlotTemp);
    else if (S.take(s, 'deferbits')) parseSlot(r, Slots.SlotDeferBits);
    else if (S.take(s, 'deferred')) parseSlot(r, Slots.SlotDeferred);
    else if (S.take(s, 'inlined')) {
      const parent = S.number(s);
      S.expect(s, '@');
      const pos = S.number(s);
      const n = S.name(s);
      f.inlineTree.push({ parent, pos, callee: funcRef(p, n, S.type(s, p.types)) });
    } else return;
  }
}

function setProperty(f: Func, word: string): void {
  if (word === 'defer') f.hasDefer = true;
  else if (word === 'noinline') f.noInline = true;
  else if (word === 'context') f.needsContext = true;
  else if (word === 'scheduled') f.scheduled = true;
  else bug(`unknown property ${word}`);
}

function parseSlot(r: Reading, kind: number): void {
  const { s, f, p } = r;
  const n = S.name(s);
  S.expect(s, '#');
  const key = `${n}#${S.number(s)}`;
  const type = S.type(s, p.types);
  const index = kind === Slots.SlotParam ? f.params.length : kind === Slots.SlotResult ? f.results.length : -1;
  const slot = f.newSlot(n, type, kind, index, 0);
  while (!S.atLineEnd(s)) {
    if (S.take(s, '|')) continue;
    if (S.take(s, 'zero')) slot.needsZero = true;
    else if (S.take(s, 'taken')) slot.addressTaken = true;
    else if (S.take(s, '@')) slot.pos = S.number(s);
    else S.fail(s, 'unknown slot property');
  }
  r.slots.set(key, slot);
}

function parseBlock(r: Reading, first: boolean): void {
  const { s, f } = r;
  const label = S.match(s, /b\d+/y) ?? S.fail(s, 'expected a block');
  S.expect(s, ':');
  const b = first ? f.entry : f.newBlock(B.Plain);
  r.blocks.set(label, b);
  const preds: string[] = [];
  if (!S.atLineEnd(s) && S.take(s, '<-')) preds.push(...names(s, 'b'));
  if (!S.atLineEnd(s) && S.take(s, 'entry')) f.entry = b;
  for (;;) {
    const v = S.match(s, /v\d+(?= =)/y);
    if (v === null) break;
    parseValue(r, b, v);
  }
  parseEnd(r, b, preds);
}

function names(s: TextScanner, letter: string): string[] {
  const out: string[] = [];
  const pattern = letter === 'b' ? /b\d+/y : /v\d+/y;
  while (!S.atLineEnd(s)) {
    const n = S.match(s, pattern);
    if (n === null) break;
    out.push(n);
  }
  return out;
}

function parseValue(r: Reading, b: Block, label: string): void {
  const { s, f, p } = r;
  S.expect(s, '=');
  const opName = S.word(s);
  const op = p.opByName.get(opName) ?? S.fail(s, `unknown operation ${opName}`);
  const v = f.newValue(b, op, p.types.void, 0);
  if (r.values.has(label)) S.fail(s, `${label} is defined twice`);
  r.values.set(label, v);
  if (S.take(s, '[')) {
    [v.auxLo, v.auxHi] = S.number64(s);
    S.expect(s, ']');
  }
  if (S.take(s, '{')) {
    v.aux = parseAux(r, p.target.ops[op].aux);
    S.expect(s, '}');
  }
  r.args.push([v, names(s, 'v')]);
  S.expect(s, ':');
  v.type = S.type(s, p.types);
  if (!S.atLineEnd(s) && S.take(s, '@')) v.pos = S.number(s);
  if (!S.atLineEnd(s) && S.take(s, '^')) v.inline = S.number(s);
}

function parseEnd(r: Reading, b: Block, preds: string[]): void {
  const { s, p } = r;
  const kind = S.word(s);
  b.kind = B.names.indexOf(kind);
  if (b.kind < 0) {
    const i = p.target.blockKinds.indexOf(kind);
    if (i < 0) S.fail(s, `unknown block kind ${kind}`);
    b.kind = B.FirstTargetKind + i;
  }
  if (!S.atLineEnd(s) && S.take(s, '[')) {
    b.auxLo = S.number(s);
    S.expect(s, ']');
  }
  const end = { block: b, preds, controls: names(s, 'v'), succs: [] as string[] };
  if (!S.atLineEnd(s) && S.take(s, '->')) end.succs = names(s, 'b');
  while (!S.atLineEnd(s)) {
    if (S.take(s, 'likely')) b.likely = B.Likely;
    else if (S.take(s, 'unlikely')) b.likely = B.Unlikely;
    else if (S.take(s, '@')) b.pos = S.number(s);
    else if (S.take(s, '^')) b.inline = S.number(s);
    else S.fail(s, 'unexpected text after the block');
  }
  r.ends.push(end);
}

function parseAux(r: Reading, column: number): Aux {
  const { s, p } = r;
  switch (column) {
    case Table.AuxSymbol:
    case Table.AuxSlot: {
      const n = S.name(s);
      // Machine operations have either.
      if (s.text[s.at] !== '#') return new SymbolRef(symbol(p, n));
      S.expect(s, '#');
      const key = `${n}#${S.number(s)}`;
      return r.slots.get(key) ?? S.fail(s, `no slot ${key}`);
    }
    case Table.AuxType:
      return new TypeRef(S.type(s, p.types));
    case Table.AuxText:
      return new Text(S.quoted(s));
    case Table.AuxSite:
      return parseSite(r);
    case Table.AuxClosure:
      return parseClosure(r);
    case Table.AuxCall:
      return parseCall(r);
    default:
      return S.fail(s, 'operation has no aux');
  }
}

function parseSite(r: Reading): AllocationSite {
  const { s, p } = r;
  const what = S.name(s);
  const type = S.type(s, p.types);
  const pos = S.take(s, '@') ? S.number(s) : 0;
  const site = new AllocationSite(what, type, pos, S.take(s, '| variable'));
  site.escapes = !S.take(s, '| stays');
  return site;
}

function parseClosure(r: Reading): Closure {
  const { s, p } = r;
  const n = S.name(s);
  const fn = funcRef(p, n, S.type(s, p.types));
  S.expect(s, '|');
  const objectType = S.type(s, p.types);
  const byReference: boolean[] = [];
  for (;;) {
    if (S.take(s, 'ref')) byReference.push(true);
    else if (S.take(s, 'val')) byReference.push(false);
    else break;
  }
  const c = new Closure(fn, objectType, byReference);
  c.escapes = !S.take(s, 'stays');
  return c;
}

function parseCall(r: Reading): Call {
  const { s, p } = r;
  const n = S.name(s);
  const type = S.type(s, p.types);
  const abi0 = S.take(s, '| abi0');
  if (n !== '-') return new Call(funcRef(p, n, type), type, abi0, null, -1);
  if (!S.take(s, '|')) return new Call(null, type, abi0, null, -1);
  const index = S.number(s);
  return new Call(null, type, abi0, S.type(s, p.types), index);
}

/** Arguments, controls and edges, once every name is known. */
function connect(r: Reading): void {
  const { s } = r;
  const value = (n: string): Value => r.values.get(n) ?? S.fail(s, `no value ${n}`);
  const block = (n: string): Block => r.blocks.get(n) ?? S.fail(s, `no block ${n}`);
  for (const [v, args] of r.args) for (const a of args) v.addArg(value(a));
  for (const e of r.ends) {
    for (const c of e.controls) e.block.addControl(value(c));
    for (const n of e.preds) e.block.preds.push(new B.Edge(block(n), -1));
  }
  for (const e of r.ends) {
    for (const n of e.succs) {
      const to = block(n);
      let j = to.preds.findIndex((edge) => edge.block === e.block && edge.index < 0);
      if (j < 0) {
        // Predecessors may be left out of hand-written text.
        j = to.preds.length;
        to.preds.push(new B.Edge(e.block, -1));
      }
      to.preds[j].index = e.block.succs.length;
      e.block.succs.push(new B.Edge(to, j));
    }
  }
  for (const e of r.ends) {
    if (e.block.preds.some((edge) => edge.index < 0)) S.fail(s, `${e.block} has a predecessor without that successor`);
  }
}
