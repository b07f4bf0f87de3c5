/** Stack maps, stack objects and argument information of a function, as symbols (gc-contract 3.1). */
import { pointerMask } from '#abi/gc-mask.ts';
import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import type { AsmContext } from '#arch/inst.ts';
import { ByteWriter, hexText } from '#base/bytes.ts';
import * as Attr from '#obj/attributes.ts';
import * as Funcdata from '#obj/funcdata.ts';
import * as SymbolKind from '#obj/kinds.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, addReloc, defineFromWriter, type FuncInfo, type LinkSymbol } from '#obj/symbol.ts';
import type { Frame } from '#ssa/frame.ts';
import { type Func, SlotDeferBits, SlotDeferred } from '#ssa/func.ts';
import type { ArgLiveness } from './arg-liveness.ts';

/** Defines a read-only symbol that is merged with others of the same content. */
function content(ctx: AsmContext, name: string, w: ByteWriter, align: number): LinkSymbol {
  const s = ctx.symbols.lookup(name, Abi0);
  if (s.kind !== SymbolKind.Undefined) return s;
  defineFromWriter(s, ctx.object, SymbolKind.Rodata, Attr.DupOk | Attr.Local | Attr.ContentAddressable, w);
  s.align = align;
  return s;
}

/** int32 count, int32 bits, then the bitmaps. The name is the content's: the same maps are one symbol. */
function stackMaps(ctx: AsmContext, maps: readonly Uint8Array[], bits: number): LinkSymbol {
  const w = new ByteWriter(64);
  w.u32(maps.length);
  w.u32(bits);
  for (const m of maps) w.bytes(m);
  return content(ctx, `gclocals·${hexText(w.bytesView())}`, w, 4);
}

/** The bitmap of a type's pointers. */
function gcBits(ctx: AsmContext, t: GoType): LinkSymbol {
  const mask = pointerMask(t);
  const w = new ByteWriter(mask.length);
  w.bytes(mask);
  return content(ctx, `runtime.gcbits.${hexText(mask)}`, w, 1);
}

function stackObjects(ctx: AsmContext, f: Func, frame: Frame): LinkSymbol {
  const s = ctx.symbols.lookup(ownName(f, 'stkobj'), Abi0);
  const w = new ByteWriter(8 + 16 * frame.objects.length);
  w.u64(frame.objects.length, 0);
  for (const o of frame.objects) {
    w.u32(o.offset);
    w.u32(o.type.size);
    w.u32(o.type.ptrBytes);
    addReloc(s, w.length, 4, Reloc.AddrOff, gcBits(ctx, o.type), 0);
    w.u32(0);
  }
  defineFromWriter(s, ctx.object, SymbolKind.Rodata, Attr.DupOk | Attr.Local | Attr.ContentAddressable, w);
  s.align = 8;
  return s;
}

/* Bytes of argument information (internal/abi/symtab.go). */
const EndSequence = 0xff;
const StartAggregate = 0xfe;
const EndAggregate = 0xfd;
const DotDotDot = 0xfc;
const OffsetTooLarge = 0xfb;
const maxScalars = 10;
const maxDepth = 5;

class ArgInfoWriter {
  readonly w: ByteWriter;
  count: number;

  constructor() {
    this.w = new ByteWriter(32);
    this.count = 0;
  }
}

/** Writes what a traceback prints of a value; false if the limit is reached. */
function argInfo(a: ArgInfoWriter, t: GoType, offset: number, depth: number): boolean {
  const scalar = (size: number, at: number): boolean => {
    if (a.count >= maxScalars) {
      a.w.u8(DotDotDot);
      return false;
    }
    if (at >= OffsetTooLarge) a.w.u8(OffsetTooLarge);
    else {
      a.w.u8(at);
      a.w.u8(size);
    }
    a.count++;
    return true;
  };
  const aggregate = (body: () => boolean): boolean => {
    if (a.count >= maxScalars) {
      a.w.u8(DotDotDot);
      return false;
    }
    a.w.u8(StartAggregate);
    a.count++;
    if (depth >= maxDepth) {
      a.w.u8(DotDotDot);
      a.w.u8(EndAggregate);
      return true;
    }
    // The opening brace does not count where something is in it.
    a.count--;
    const go = body();
    a.w.u8(EndAggregate);
    return go;
  };
  switch (t.kind) {
    case Kind.Interface:
    case Kind.String:
      return aggregate(() => scalar(8, offset) && scalar(8, offset + 8));
    case Kind.Slice:
      return aggregate(() => scalar(8, offset) && scalar(8, offset + 8) && scalar(8, offset + 16));
    case Kind.Complex64:
    case Kind.Complex128: {
      const half = t.size / 2;
      return aggregate(() => scalar(half, offset) && scalar(half, offset + half));
    }
    case Kind.Array:
      return aggregate(() => {
        if (t.length === 0) a.count++;
        for (let i = 0; i < t.length; i++)
          if (!argInfo(a, t.elem(), offset + i * t.elem().size, depth + 1)) return false;
        return true;
      });
    case Kind.Struct:
      return aggregate(() => {
        const fields = t.fields.filter((f) => f.name !== '_');
        if (fields.length === 0) a.count++;
        for (const f of fields) if (!argInfo(a, f.type, offset + f.offset, depth + 1)) return false;
        return true;
      });
    default:
      return scalar(t.size, offset);
  }
}

function argInfoSymbol(ctx: AsmContext, f: Func): LinkSymbol {
  const a = new ArgInfoWriter();
  const params = f.assignment?.params ?? [];
  for (let i = 0; i < params.length; i++) if (!argInfo(a, params[i].type, params[i].offset, 1)) break;
  a.w.u8(EndSequence);
  const s = ctx.symbols.lookup(`${f.ref.symbol.name}.arginfo${f.ref.symbol.abi}`, Abi0);
  defineFromWriter(s, ctx.object, SymbolKind.Rodata, Attr.DupOk | Attr.Local | Attr.ContentAddressable, a.w);
  s.align = 1;
  return s;
}

/** Distances below varp, where the offsets of locals count from. */
function openDeferInfo(ctx: AsmContext, f: Func): LinkSymbol | null {
  const bits = f.slots.find((s) => s.kind === SlotDeferBits);
  const deferred = f.slots.find((s) => s.kind === SlotDeferred);
  if (bits === undefined || deferred === undefined) return null;
  const w = new ByteWriter(8);
  w.uleb(-bits.offset);
  w.uleb(-deferred.offset);
  const s = ctx.symbols.lookup(ownName(f, 'opendefer'), Abi0);
  defineFromWriter(s, ctx.object, SymbolKind.Rodata, Attr.DupOk | Attr.Local | Attr.ContentAddressable, w);
  s.align = 1;
  return s;
}

/** A symbol of the function's own, by the kind of data. */
function ownName(f: Func, suffix: string): string {
  return `${f.ref.symbol.name}${f.ref.symbol.abi === Abi0 ? '<0>' : ''}.${suffix}`;
}

function argLiveSymbol(ctx: AsmContext, f: Func, live: ArgLiveness): LinkSymbol {
  const s = ctx.symbols.lookup(ownName(f, 'argliveinfo'), Abi0);
  defineFromWriter(s, ctx.object, SymbolKind.Rodata, Attr.DupOk | Attr.Local | Attr.ContentAddressable, live.data);
  s.align = 1;
  return s;
}

export function writeFuncdata(
  ctx: AsmContext,
  f: Func,
  frame: Frame,
  argLive: ArgLiveness | null,
  info: FuncInfo,
): void {
  const list: (LinkSymbol | null)[] = [];
  list[Funcdata.FuncdataArgsPointerMaps] = stackMaps(ctx, frame.argMaps, frame.argBits);
  list[Funcdata.FuncdataLocalsPointerMaps] = stackMaps(ctx, frame.localMaps, frame.localBits);
  list[Funcdata.FuncdataStackObjects] = frame.objects.length === 0 ? null : stackObjects(ctx, f, frame);
  list[Funcdata.FuncdataInlTree] = null;
  list[Funcdata.FuncdataOpenCodedDeferInfo] = openDeferInfo(ctx, f);
  if (f.params.length > 0) list[Funcdata.FuncdataArgInfo] = argInfoSymbol(ctx, f);
  if (argLive !== null) list[Funcdata.FuncdataArgLiveInfo] = argLiveSymbol(ctx, f, argLive);
  info.funcdata = list;
}
