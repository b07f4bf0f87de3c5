/**
 * Debugging entries of types, made from the type descriptors of the program. The entries of strings, slices, maps and channels
 * show the runtime's own structures, with element types put in. Source: cmd/link/internal/ld/dwarf.go (newtype and on).
 */
import * as A from '#obj/dwarf/abbrev.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import * as T from './decode-type.ts';
import { fatal } from './errors.ts';
import type { KeptDebug } from './kept-debug.ts';
import * as Kind from './kinds.ts';
import {
  isReachable,
  type Loader,
  lookup,
  lookupOrCreate,
  newSymbol,
  symbolData,
  symbolName,
  Version0,
} from './loader.ts';
import { materialize } from './materialize.ts';
import { resolveByName } from './resolve.ts';

export const infoPrefix = 'go:info.';

/** One of an entry's attributes, but for its name; they form a chain. */
export class Attribute {
  readonly key: number;
  value: number;
  /** A symbol whose address or offset is stored; 0 for none. */
  symbol: number;
  text: string;
  readonly next: Attribute | null;

  constructor(key: number, value: number, symbol: number, text: string, next: Attribute | null) {
    this.key = key;
    this.value = value;
    this.symbol = symbol;
    this.text = text;
    this.next = next;
  }
}

/** Entries without children share it. */
const noEntries: Die[] = [];

/** A debugging information entry. */
export class Die {
  readonly abbrev: number;
  /** Also its name attribute. */
  readonly name: string;
  /** In order of creation. */
  children: Die[];
  attrs: Attribute | null;
  /** The symbol that other entries refer to; 0 for members and parameters, which nobody refers to. */
  symbol: number;

  constructor(abbrev: number, name: string) {
    this.abbrev = abbrev;
    this.name = name;
    this.children = noEntries;
    this.attrs = null;
    this.symbol = 0;
  }
}

export function attributeOf(die: Die, key: number): Attribute | null {
  let a = die.attrs;
  while (a !== null && a.key !== key) a = a.next;
  return a;
}

function setAttribute(die: Die, key: number, value: number, symbol: number, text: string): void {
  const a = attributeOf(die, key);
  if (a === null) {
    die.attrs = new Attribute(key, value, symbol, text, die.attrs);
    return;
  }
  a.value = value;
  a.symbol = symbol;
  a.text = text;
}

export function setNumber(die: Die, attr: number, value: number): void {
  setAttribute(die, attr, value, 0, '');
}

export function setText(die: Die, attr: number, text: string): void {
  setAttribute(die, attr, 0, 0, text);
}

export function setRef(die: Die, attr: number, symbol: number): void {
  if (symbol !== 0) setAttribute(die, attr, 0, symbol, '');
}

function addChild(parent: Die, die: Die): void {
  if (parent.children === noEntries) parent.children = [die];
  else parent.children.push(die);
}

const encodingBoolean = 2;
const encodingComplexFloat = 3;
const encodingFloat = 4;
const encodingSigned = 5;
const encodingUnsigned = 7;
const kindUintptr = 12;
const kindUnsafePointer = 26;

/** Structures of the runtime that others are made after. */
const prototypeNames = [
  'runtime.stringStructDWARF',
  'runtime.slice',
  'runtime.sudog',
  'runtime.waitq',
  'runtime.hchan',
  'internal/runtime/maps.Map',
  'internal/runtime/maps.table',
  'internal/runtime/maps.groupsReference',
];

/** Types that debuggers look up by name. */
const wantedTypes = [
  'Type',
  'ArrayType',
  'ChanType',
  'FuncType',
  'MapType',
  'PtrType',
  'SliceType',
  'StructType',
  'InterfaceType',
  'ITab',
  'Imethod',
];

export class TypeEntries {
  readonly link: Link;
  readonly l: Loader;
  readonly root: Die;
  /** Entry symbols of types by type name. */
  readonly byName: Map<string, number>;
  /** Entry symbol of a descriptor, and the reverse. */
  readonly byType: Map<number, number>;
  readonly typeOf: Map<number, number>;
  readonly prototypes: Map<string, Die | null>;
  uintptr: number;
  eface: number;
  iface: number;
  /** What an excerpt has of the entries that there are without the main package; null: all are made here. */
  readonly kept: KeptDebug | null;
  /** Which of the root's children, from and to, are there for the main package alone. */
  mainFrom: number;
  mainTo: number;
  /** Entries that are there for the main package, while others are looked for. */
  watched: Set<number> | null;
  /** Without the main package entries would stand in another order. */
  isMixed: boolean;

  constructor(link: Link, kept: KeptDebug | null) {
    this.kept = kept;
    this.mainFrom = 0;
    this.mainTo = 0;
    this.watched = null;
    this.isMixed = false;
    this.link = link;
    this.l = link.loader;
    this.root = new Die(A.Null, 'dwtypes');
    this.byName = new Map();
    this.byType = new Map();
    this.typeOf = new Map();
    this.prototypes = new Map(prototypeNames.map((n) => [n, null]));
    this.uintptr = 0;
    this.eface = 0;
    this.iface = 0;
  }

  /** The entries are written. */
  forget(): void {
    this.root.children = noEntries;
    this.byName.clear();
    this.byType.clear();
    this.typeOf.clear();
    this.prototypes.clear();
  }
}

/** The fixed entries; null if the runtime's types are not all there (a link without the runtime). */
export function newTypeEntries(link: Link): TypeEntries | null {
  const t = new TypeEntries(link, null);
  const needed = [
    ...prototypeNames.map((n) => `type:${n}`),
    ...wantedTypes.map((n) => `type:internal/abi.${n}`),
    'type:runtime.eface',
    'type:runtime.iface',
  ];
  for (const name of needed) if (typeSymbol(t, name) === 0) return null;
  t.eface = typeSymbol(t, 'type:runtime.eface');
  t.iface = typeSymbol(t, 'type:runtime.iface');
  newDie(t, t.root, A.NullType, '<unspecified>');
  const pointer = builtin(t, A.BarePtrType, 'unsafe.Pointer');
  setRef(pointer, A.AtGoRuntimeType, typeSymbol(t, 'type:unsafe.Pointer'));
  const uintptr = builtin(t, A.BaseType, 'uintptr');
  setNumber(uintptr, A.AtEncoding, encodingUnsigned);
  setNumber(uintptr, A.AtByteSize, 8);
  setNumber(uintptr, A.AtGoKind, kindUintptr);
  setRef(uintptr, A.AtGoRuntimeType, typeSymbol(t, 'type:uintptr'));
  t.uintptr = uintptr.symbol;
  for (const name of wantedTypes) entryOf(t, typeSymbol(t, `type:internal/abi.${name}`));
  return t;
}

/** The entries that the main package adds to those of an excerpt. */
export function keptTypeEntries(link: Link, kept: KeptDebug): TypeEntries {
  const t = new TypeEntries(link, kept);
  t.eface = typeSymbol(t, 'type:runtime.eface');
  t.iface = typeSymbol(t, 'type:runtime.iface');
  t.uintptr = entryOf(t, typeSymbol(t, 'type:uintptr'));
  return t;
}

/** A descriptor by name, 0 if it has no content. */
function typeSymbol(t: TypeEntries, name: string): number {
  const s = resolveByName(t.l, name, Version0);
  if (s === 0) return 0;
  materialize(t.l, s);
  return symbolData(t.l, s) === null ? 0 : s;
}

function builtin(t: TypeEntries, abbrev: number, name: string): Die {
  const die = newDie(t, t.root, abbrev, name);
  const type = typeSymbol(t, `type:${name}`);
  t.typeOf.set(die.symbol, type);
  t.byType.set(type, die.symbol);
  return die;
}

/** A child entry; one that others may refer to gets the symbol of its name. */
export function newDie(t: TypeEntries, parent: Die, abbrev: number, name: string): Die {
  const die = new Die(abbrev, name);
  addChild(parent, die);
  switch (abbrev) {
    case A.FuncTypeParam:
    case A.FuncTypeOutParam:
    case A.DotDotDot:
    case A.StructField:
    case A.ArrayRange:
      return die;
    default:
      break;
  }
  const s = lookupOrCreate(t.l, infoPrefix + name, Version0);
  own(t.l, s, Kind.DwarfType);
  die.symbol = s;
  if (abbrev >= A.NullType && abbrev <= A.TypeDecl) t.byName.set(name, s);
  return die;
}

function own(l: Loader, s: number, kind: number): void {
  l.kind[s] = kind;
  l.attrs[s] |= Attr.Reachable | Attr.NotInSymtab | Attr.Synthetic;
  if (l.relocStart[s] < 0) {
    l.relocStart[s] = 0;
    l.relocEnd[s] = 0;
  }
}

/** The entry of a type, made now if it is new. */
export function entryOf(t: TypeEntries, type: number): number {
  const l = t.l;
  if (type === 0) return t.byName.get('<unspecified>') ?? 0;
  const known = t.byType.get(type);
  if (known !== undefined) return hit(t, known);
  const name = symbolName(l, type);
  if (!name.startsWith('type:')) {
    t.link.error(`${name}: dwarf: type name doesn't start with "type:"`);
    return t.byName.get('<unspecified>') ?? 0;
  }
  const named = t.byName.get(name.slice(5));
  if (named !== undefined) return hit(t, named);
  if (t.kept !== null) {
    const s = t.kept.entryOf(l, type, name);
    if (s !== 0) return s;
  }
  materialize(l, type);
  if (symbolData(l, type) === null) return t.byName.get('<unspecified>') ?? 0;
  const s = makeType(t, type, name.slice(5)).symbol;
  t.byType.set(type, s);
  return s;
}

function hit(t: TypeEntries, entry: number): number {
  if (t.watched?.has(entry) === true) t.isMixed = true;
  return entry;
}

/** What the entries stand before is made for the main package, or has been if `to` is given. */
export function markMain(t: TypeEntries, from: number, to: number): void {
  if (from === to) return;
  if (t.mainFrom === t.mainTo) t.mainFrom = from;
  else if (t.mainTo !== from) t.isMixed = true;
  t.mainTo = to;
  const { children } = t.root;
  t.watched ??= new Set();
  for (let k = from; k < to; k++) {
    const { abbrev, name, symbol } = children[k];
    t.watched.add(symbol);
    // What these are made of is put in when all entries are there, in an order of its own.
    if (isSynthesized(abbrev) || t.prototypes.has(name)) t.isMixed = true;
  }
}

function isSynthesized(abbrev: number): boolean {
  return abbrev === A.StringType || abbrev === A.SliceType || abbrev === A.MapType || abbrev === A.ChanType;
}

const leftBracket = 0x5b;
const star = 0x2a;
const structForm = /^(noalg\.)?struct \{/;

/** Named types get a typedef in front of their structure; the forms that spell themselves out do not. */
function addTypedef(t: TypeEntries, name: string, definition: Die): Die | null {
  const first = name.charCodeAt(0);
  if (first === leftBracket || first === star || structForm.test(name)) return null;
  const s = newSymbol(t.l, '', Version0);
  own(t.l, s, Kind.DwarfType);
  definition.symbol = s;
  const die = newDie(t, t.root, A.TypeDecl, name);
  setRef(die, A.AtType, s);
  return die;
}

const basicAbbrevs: ReadonlyMap<number, number> = new Map([
  [1, encodingBoolean],
  [2, encodingSigned],
  [3, encodingSigned],
  [4, encodingSigned],
  [5, encodingSigned],
  [6, encodingSigned],
  [7, encodingUnsigned],
  [8, encodingUnsigned],
  [9, encodingUnsigned],
  [10, encodingUnsigned],
  [11, encodingUnsigned],
  [12, encodingUnsigned],
  [13, encodingFloat],
  [14, encodingFloat],
  [15, encodingComplexFloat],
  [16, encodingComplexFloat],
]);

function makeType(t: TypeEntries, type: number, name: string): Die {
  const l = t.l;
  const kind = T.typeKind(l, type);
  const size = T.typeSize(l, type);
  let die: Die;
  let typedef: Die | null = null;
  /** Structures with a size attribute and possibly a typedef. */
  const structure = (abbrev: number, withSize: boolean): void => {
    die = newDie(t, t.root, abbrev, name);
    typedef = addTypedef(t, name, die);
    if (withSize) setNumber(die, A.AtByteSize, size);
  };
  const encoding = basicAbbrevs.get(kind);
  if (encoding !== undefined) {
    die = newDie(t, t.root, A.BaseType, name);
    setNumber(die, A.AtEncoding, encoding);
    setNumber(die, A.AtByteSize, size);
    return finishType(t, type, name, kind, die, null);
  }
  die = t.root;
  switch (kind) {
    case T.KindArray: {
      structure(A.ArrayType, true);
      setRef(die, A.AtType, entryOf(t, T.typeElem(l, type)));
      const range = newDie(t, die, A.ArrayRange, 'range');
      setNumber(range, A.AtCount, T.arrayLength(l, type));
      setRef(range, A.AtType, t.uintptr);
      break;
    }
    case T.KindChan: {
      die = newDie(t, t.root, A.ChanType, name);
      const elem = T.typeElem(l, type);
      setRef(die, A.AtGoElem, entryOf(t, elem));
      // The descriptor, for synthesizing; replaced by an entry then.
      setRef(die, A.AtType, elem);
      break;
    }
    case T.KindFunc:
      structure(A.FuncType, true);
      addParameters(t, die, type);
      break;
    case T.KindInterface:
      structure(A.IfaceType, false);
      setRef(die, A.AtType, entryOf(t, T.interfaceMethodCount(l, type) === 0 ? t.eface : t.iface));
      break;
    case T.KindMap:
      die = newDie(t, t.root, A.MapType, name);
      setRef(die, A.AtGoKey, entryOf(t, T.typeElem(l, type)));
      setRef(die, A.AtGoElem, entryOf(t, T.mapValue(l, type)));
      setRef(die, A.AtType, type);
      break;
    case T.KindPointer:
      structure(A.PtrType, false);
      setRef(die, A.AtType, entryOf(t, T.typeElem(l, type)));
      break;
    case T.KindSlice:
      structure(A.SliceType, true);
      setRef(die, A.AtGoElem, entryOf(t, T.typeElem(l, type)));
      break;
    case T.KindString:
      die = newDie(t, t.root, A.StringType, name);
      setNumber(die, A.AtByteSize, size);
      break;
    case T.KindStruct:
      structure(A.StructType, true);
      addFields(t, die, type);
      break;
    case kindUnsafePointer:
      die = newDie(t, t.root, A.BarePtrType, name);
      break;
    default:
      t.link.error(`${symbolName(l, type)}: dwarf: definition of unknown kind ${kind}`);
      die = newDie(t, t.root, A.TypeDecl, name);
      setRef(die, A.AtType, t.byName.get('<unspecified>') ?? 0);
  }
  return finishType(t, type, name, kind, die, typedef);
}

function finishType(t: TypeEntries, type: number, name: string, kind: number, die: Die, typedef: Die | null): Die {
  setNumber(die, A.AtGoKind, kind);
  if (isReachable(t.l, type)) setRef(die, A.AtGoRuntimeType, type);
  const shown = typedef ?? die;
  t.typeOf.set(shown.symbol, type);
  if (kind === T.KindStruct && t.prototypes.has(name)) t.prototypes.set(name, die);
  return shown;
}

function addParameters(t: TypeEntries, die: Die, type: number): void {
  const l = t.l;
  const inCount = T.funcInCount(l, type);
  const outCount = T.funcOutCount(l, type);
  for (let i = 0; i < inCount; i++) {
    const p = T.funcParameter(l, type, i);
    setRef(newDie(t, die, A.FuncTypeParam, symbolName(l, p).slice(5)), A.AtType, entryOf(t, p));
  }
  if (T.funcIsVariadic(l, type)) newDie(t, die, A.DotDotDot, '...');
  for (let i = 0; i < outCount; i++) {
    const p = T.funcParameter(l, type, inCount + i);
    const out = newDie(t, die, A.FuncTypeOutParam, symbolName(l, p).slice(5));
    setNumber(out, A.AtVariableParameter, 1);
    setRef(out, A.AtType, entryOf(t, p));
  }
}

function addFields(t: TypeEntries, die: Die, type: number): void {
  const l = t.l;
  const n = T.structFieldCount(l, type);
  for (let i = 0; i < n; i++) {
    let name = T.structFieldName(l, type, i);
    const isEmbedded = T.structFieldEmbedded(l, type, i);
    const fieldType = T.structFieldType(l, type, i);
    if (name === '') name = symbolName(l, fieldType).slice(5);
    const field = newDie(t, die, A.StructField, name);
    setRef(field, A.AtType, entryOf(t, fieldType));
    setNumber(field, A.AtDataMemberLocation, T.structFieldOffset(l, type, i));
    if (isEmbedded) setNumber(field, A.AtGoEmbeddedField, 1);
  }
}

/** The entry of *T for the entry of T. */
function pointerTo(t: TypeEntries, entry: number): number {
  const l = t.l;
  const name = `*${symbolName(l, entry).slice(infoPrefix.length)}`;
  const known = t.byName.get(name);
  if (known !== undefined) return hit(t, known);
  const die = newDie(t, t.root, A.PtrType, name);
  setRef(die, A.AtType, entry);
  const type = lookup(l, `type:${name}`, Version0);
  if (type === 0) return die.symbol;
  if (isReachable(l, type)) {
    setNumber(die, A.AtGoKind, T.KindPointer);
    setRef(die, A.AtGoRuntimeType, type);
  }
  t.typeOf.set(die.symbol, type);
  t.byType.set(type, die.symbol);
  return die.symbol;
}

function copyChildren(t: TypeEntries, to: Die, from: Die): void {
  for (const child of from.children) {
    const c = newDie(t, to, child.abbrev, child.name);
    for (let a = child.attrs; a !== null; a = a.next)
      c.attrs = new Attribute(a.key, a.value, a.symbol, a.text, c.attrs);
    copyChildren(t, c, child);
  }
}

function substitute(die: Die, field: string, entry: number): void {
  const child = die.children.find((c) => c.name === field);
  if (child === undefined) fatal(`dwarf substitutetype: ${die.name} does not have member ${field}`);
  setRef(child, A.AtType, entry);
}

function prototype(t: TypeEntries, name: string): Die {
  if (t.prototypes.get(name) === null) entryOf(t, typeSymbol(t, `type:${name}`));
  return t.prototypes.get(name) ?? fatal(`internal error: DIE generation failed for ${name}`);
}

/** An entry for an instance of a runtime structure, made once for each name. */
function instance(
  t: TypeEntries,
  base: string,
  args: readonly string[],
  from: Die,
  kind: number,
  change: (die: Die) => void,
): number {
  const name = `${base}<${args.join(',')}>`;
  const s = lookup(t.l, infoPrefix + name, Version0);
  if (s !== 0 && t.l.kind[s] === Kind.DwarfType) return s;
  const die = newDie(t, t.root, A.StructType, name);
  copyChildren(t, die, from);
  change(die);
  setNumber(die, A.AtByteSize, attributeOf(from, A.AtByteSize)?.value ?? 0);
  if (kind !== 0) setNumber(die, A.AtGoKind, kind);
  return die.symbol;
}

/** Fills in what strings, slices, maps and channels are made of. */
export function synthesizeTypes(t: TypeEntries): void {
  // Newest first; entries made meanwhile are not visited again.
  const visit = (abbrev: number, fill: (die: Die) => void): void => {
    const list = t.root.children.slice().reverse();
    for (const die of list) if (die.abbrev === abbrev) fill(die);
  };
  const string = prototype(t, 'runtime.stringStructDWARF');
  visit(A.StringType, (die) => copyChildren(t, die, string));
  const slice = prototype(t, 'runtime.slice');
  visit(A.SliceType, (die) => {
    copyChildren(t, die, slice);
    substitute(die, 'array', pointerTo(t, attributeOf(die, A.AtGoElem)?.symbol ?? 0));
  });
  synthesizeMaps(t, visit);
  synthesizeChans(t, visit);
}

type Visit = (abbrev: number, fill: (die: Die) => void) => void;

/** The entry of the structure itself where a type has a typedef. */
function entryName(t: TypeEntries, entry: number): string {
  const type = t.typeOf.get(entry);
  const shown = type === undefined ? entry : (t.byType.get(type) ?? entry);
  return symbolName(t.l, shown).slice(infoPrefix.length);
}

function synthesizeMaps(t: TypeEntries, visit: Visit): void {
  const l = t.l;
  const map = prototype(t, 'internal/runtime/maps.Map');
  const table = prototype(t, 'internal/runtime/maps.table');
  const groups = prototype(t, 'internal/runtime/maps.groupsReference');
  visit(A.MapType, (die) => {
    const type = attributeOf(die, A.AtType)?.symbol ?? 0;
    const args = [entryName(t, entryOf(t, T.typeElem(l, type))), entryName(t, entryOf(t, T.mapValue(l, type)))];
    const group = entryOf(t, T.mapGroup(l, type));
    const groupsEntry = instance(t, 'groupReference', args, groups, T.KindStruct, (d) => {
      substitute(d, 'data', pointerTo(t, group));
    });
    const tableEntry = instance(t, 'table', args, table, T.KindStruct, (d) => substitute(d, 'groups', groupsEntry));
    const mapEntry = instance(t, 'map', args, map, T.KindStruct, (d) => {
      substitute(d, 'dirPtr', pointerTo(t, pointerTo(t, tableEntry)));
    });
    setRef(die, A.AtType, pointerTo(t, mapEntry));
  });
}

function synthesizeChans(t: TypeEntries, visit: Visit): void {
  const sudog = prototype(t, 'runtime.sudog');
  const waitq = prototype(t, 'runtime.waitq');
  const hchan = prototype(t, 'runtime.hchan');
  visit(A.ChanType, (die) => {
    const elem = attributeOf(die, A.AtType)?.symbol ?? 0;
    const args = [symbolName(t.l, elem).slice(5)];
    const entry = entryOf(t, elem);
    const sudogEntry = instance(t, 'sudog', args, sudog, 0, (d) => substitute(d, 'elem', pointerTo(t, entry)));
    const waitqEntry = instance(t, 'waitq', args, waitq, 0, (d) => {
      substitute(d, 'first', pointerTo(t, sudogEntry));
      substitute(d, 'last', pointerTo(t, sudogEntry));
    });
    const hchanEntry = instance(t, 'hchan', args, hchan, 0, (d) => {
      substitute(d, 'recvq', waitqEntry);
      substitute(d, 'sendq', waitqEntry);
    });
    setRef(die, A.AtType, pointerTo(t, hchanEntry));
  });
}
