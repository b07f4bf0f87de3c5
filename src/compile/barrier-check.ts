/**
 * go:nowritebarrier and go:nowritebarrierrec (gc-contract 1.6): functions of the runtime that must do without write barriers; the
 * latter also whatever they call in their package, directly or through systemstack with a function literal, except functions
 * marked yeswritebarrierrec. Messages are those of cmd/compile/internal/ssagen/nowb.go. And what the runtime may not allocate, as
 * cmd/compile/internal/escape and walk tell it.
 */
import type { Diagnostic } from '#base/diagnostic.ts';
import type { Pos } from '#base/source.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import * as C from '#ssa/call.ts';
import { AllocationSite, type Func, Slot } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import { placeOf } from '#ssa/rules/memory.ts';
import type { Value } from '#ssa/value.ts';

interface CallSite {
  readonly callee: string;
  readonly pos: Pos;
}

/** What is known of a compiled function. */
class Facts {
  readonly name: string;
  readonly pkgPath: string;
  readonly flags: number;
  /** Position of its first write barrier, 0 if it has none. */
  readonly barrier: Pos;
  readonly calls: CallSite[];

  constructor(f: Func, calls: CallSite[]) {
    this.name = f.ref.linkName;
    this.pkgPath = f.ref.pkgPath;
    this.flags = f.ref.flags;
    this.barrier = f.writeBarrierPos;
    this.calls = calls;
  }
}

export class BarrierCheck {
  private readonly functions: Map<string, Facts>;
  private readonly allocations: Diagnostic[];
  private readonly describe: (pos: Pos) => string;

  constructor(describe: (pos: Pos) => string) {
    this.functions = new Map();
    this.allocations = [];
    this.describe = describe;
  }

  /** A function after the middle's passes. */
  record(f: Func): void {
    if (isRuntimePackage(f.ref.pkgPath)) this.functions.set(f.ref.linkName, new Facts(f, callsOf(f)));
  }

  /** A function behind escape analysis: the runtime does not allocate by itself (gc-contract 8.1). */
  analysed(f: Func): void {
    if (!isRuntimePackage(f.ref.pkgPath)) return;
    const report = (pos: Pos, message: string): void =>
      void this.allocations.push({ pos, message, code: '', soft: false });
    const started = startedClosures(f);
    for (const b of f.blocks)
      for (const v of b.values) {
        const { aux } = v;
        if (v.op === Op.Alloc && aux instanceof AllocationSite && aux.isVariable && aux.escapes)
          report(aux.pos, `${aux.what} escapes to heap, not allowed in runtime`);
        if (v.op !== Op.MakeClosure || !(aux instanceof C.Closure) || !aux.escapes || v.args.length <= 1) continue;
        // Those of go statements and method values may be.
        if ((aux.fn.flags & C.Wrapper) !== 0 || started.has(v)) continue;
        report(v.pos, `heap-allocated closure ${aux.fn.linkName}, not allowed in runtime`);
      }
  }

  /** What is wrong with the functions looked at since the last time. */
  errors(): Diagnostic[] {
    const list: Diagnostic[] = this.allocations.splice(0);
    const report = (pos: Pos, message: string): void => void list.push({ pos, message, code: '', soft: false });
    const reached = new Map<Facts, { readonly from: Facts; readonly pos: Pos } | null>();
    for (const f of this.functions.values()) {
      if (f.barrier !== 0 && (f.flags & C.NoWriteBarrier) !== 0) report(f.barrier, 'write barrier prohibited');
      if ((f.flags & C.NoWriteBarrierRec) !== 0) reached.set(f, null);
    }
    // The map grows while it is walked: a breadth-first search.
    for (const [f, from] of reached) {
      if (f.barrier !== 0 && from !== null) {
        report(f.barrier, `write barrier prohibited by caller; ${shortName(f)}${this.path(reached, f)}`);
        continue;
      }
      for (const c of f.calls) {
        const callee = this.functions.get(c.callee);
        if (callee === undefined || callee.pkgPath !== f.pkgPath || reached.has(callee)) continue;
        if ((callee.flags & C.YesWriteBarrierRec) === 0) reached.set(callee, { from: f, pos: c.pos });
      }
    }
    this.functions.clear();
    return list;
  }

  private path(reached: ReadonlyMap<Facts, { readonly from: Facts; readonly pos: Pos } | null>, f: Facts): string {
    let text = '';
    for (let c = reached.get(f) ?? null; c !== null; c = reached.get(c.from) ?? null)
      text += `\n\t${this.describe(c.pos)}: called by ${shortName(c.from)}`;
    return text;
  }
}

/** Closures that go statements start. */
function startedClosures(f: Func): Set<Value> {
  const started = new Set<Value>();
  for (const b of f.blocks)
    for (const v of b.values) {
      if (v.op !== Op.Go) continue;
      let fn = v.args[0];
      while (fn.op === Op.Copy) fn = fn.args[0];
      if (fn.op === Op.SelectN) started.add(fn.args[0]);
    }
  return started;
}

function shortName(f: Facts): string {
  return f.name.startsWith(`${f.pkgPath}.`) ? f.name.slice(f.pkgPath.length + 1) : f.name;
}

function callsOf(f: Func): CallSite[] {
  const calls: CallSite[] = [];
  const switches: Value[] = [];
  for (const b of f.blocks)
    for (const v of b.values) {
      if ((v.op !== Op.StaticCall && v.op !== Op.TailCall) || !(v.aux instanceof C.Call)) continue;
      const { callee } = v.aux;
      if (callee === null) continue;
      calls.push({ callee: callee.linkName, pos: v.pos });
      if (callee.linkName === 'runtime.systemstack') switches.push(v);
    }
  if (switches.length > 0) noteLiterals(f, switches[0].pos, calls);
  return calls;
}

/** Function literals among what is passed on the stack: the argument of systemstack, an assembly function. */
function noteLiterals(f: Func, pos: Pos, calls: CallSite[]): void {
  const objects = new Set<Slot>();
  for (const b of f.blocks)
    for (const v of b.values) {
      if (v.op !== Op.Store || placeOf(v.args[0]).base.op !== Op.SP) continue;
      const passed = placeOf(v.args[1]).base;
      if (passed.op === Op.Addr && passed.aux instanceof C.SymbolRef && passed.aux.symbol.name.endsWith('·f'))
        calls.push({ callee: passed.aux.symbol.name.slice(0, -'·f'.length), pos });
      else if (passed.op === Op.LocalAddr && passed.aux instanceof Slot) objects.add(passed.aux);
    }
  for (const b of f.blocks)
    for (const v of b.values) {
      if (v.op !== Op.Store || v.args[1].op !== Op.Addr) continue;
      const { base, offset } = placeOf(v.args[0]);
      const { aux } = v.args[1];
      if (offset === 0 && base.aux instanceof Slot && objects.has(base.aux) && aux instanceof C.SymbolRef)
        calls.push({ callee: aux.symbol.name, pos });
    }
}
