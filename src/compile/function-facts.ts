/** What export data tells of functions: pragmas, ABI, and where their parameters go. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { linkPath } from '#abi/type-names.ts';
import { Abi0, AbiInternal } from '#obj/symbol.ts';
import type { FuncRef } from '#ssa/call.ts';
import * as Flag from '#ssa/call.ts';
import type { EscapeSummary, Leaks } from '#ssa/passes/escape/summary.ts';
import { signatureOf } from '#types/decl.ts';
import type { Func, Obj } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import type { FunctionFacts } from './export/write.ts';
import { methodSymbolName } from './package-functions.ts';
import type { PackageUnit } from './package-unit.ts';
import { pragmaFlags } from './pragmas.ts';
import type { Program } from './program.ts';

/** FuncRef flags and the bits of cmd/compile/internal/ir.PragmaFlag. */
const pragmaBits: readonly (readonly [number, number])[] = [
  [Flag.Noescape, 1 << 1],
  [Flag.Norace, 1 << 2],
  [Flag.Nosplit, 1 << 3],
  [Flag.Noinline, 1 << 4],
  [Flag.Nocheckptr, 1 << 5],
  [Flag.CgoUnsafeArgs, 1 << 6],
  [Flag.UintptrKeepAlive, 1 << 7],
  [Flag.UintptrEscapes, 1 << 8],
  [Flag.Systemstack, 1 << 9],
  [Flag.NoWriteBarrier, 1 << 10],
  [Flag.NoWriteBarrierRec, 1 << 11],
  [Flag.YesWriteBarrierRec, 1 << 12],
];
const uintptrKeepAlive = 1 << 7;

/** Results that a note has room for (cmd/compile/internal/escape: leaks). */
const noteResults = 5;
const maxNote = 200;

export function factsOf(
  program: Program,
  unit: PackageUnit,
  pkg: Package,
  summaryOf: (ref: FuncRef) => EscapeSummary | null,
): FunctionFacts {
  const refOf = (f: Func): FuncRef => {
    if (signatureOf(f).recv === null) return program.funcRef(f, []);
    const ref = program.declaredByName(methodSymbolName(program, f));
    return ref ?? program.funcRef(f, []);
  };
  const isBodyless = (ref: FuncRef): boolean => ref.source.kind === 'external';
  return {
    pragmas(f) {
      const sig = signatureOf(f);
      if (sig.tparams.length + sig.rparams.length > 0) {
        const decl = f.decl?.fdecl ?? null;
        return decl === null ? 0 : bitsOf(pragmaFlags(decl));
      }
      const ref = refOf(f);
      return bitsOf(ref.flags) | (isBodyless(ref) ? uintptrKeepAlive : 0);
    },
    notes(f) {
      const ref = refOf(f);
      const summary = isBodyless(ref) ? null : summaryOf(ref);
      return ref.type.params().map((t, i) => noteOf(ref, t, summary?.params[i] ?? null));
    },
    abi(f) {
      const { linkName } = refOf(f);
      return unit.asmDefinitions.some((d) => d.name === linkName && d.abi === Abi0) ? Abi0 : AbiInternal;
    },
    perIterationLoopVars: (pos) => program.perIterationLoopVars(pkg, pos),
    linkname: (obj: Obj) => {
      const remote = program.package(unit.path).linknames.remote.get(obj.name) ?? '';
      return remote === `${linkPath(unit.path)}.${obj.name}` ? '' : remote;
    },
  };
}

function bitsOf(flags: number): number {
  let bits = 0;
  for (const [flag, bit] of pragmaBits) if ((flags & flag) !== 0) bits |= bit;
  return bits;
}

/** "" is the heap; other flows than those to the heap and to results are not known apart, and taken to be there. */
function noteOf(ref: FuncRef, t: GoType, leaks: Leaks | null): string {
  if (t.ptrBytes === 0 && t.kind !== G.UnsafePointer) return '';
  if ((ref.flags & Flag.UintptrEscapes) !== 0) return '';
  if (leaks === null) return (ref.flags & Flag.Noescape) !== 0 ? note([0, 1, 1]) : '';
  if (leaks.heap === 0) return '';
  const bytes = [heapOf(leaks), 1, 1];
  for (let i = 0; i < Math.min(leaks.results.length, noteResults); i++) bytes.push(derefs(leaks.results[i]));
  return note(bytes);
}

function heapOf(leaks: Leaks): number {
  let heap = leaks.heap;
  for (let i = noteResults; i < leaks.results.length; i++) {
    const d = leaks.results[i];
    if (d >= 0 && (heap < 0 || d < heap)) heap = d;
  }
  return derefs(heap);
}

function derefs(d: number): number {
  return d < 0 ? 0 : Math.min(d, maxNote) + 1;
}

function note(bytes: readonly number[]): string {
  let n = bytes.length;
  while (n > 0 && bytes[n - 1] === 0) n--;
  return bytes[0] === 1 ? '' : `esc:${String.fromCharCode(...bytes.slice(0, n))}`;
}
