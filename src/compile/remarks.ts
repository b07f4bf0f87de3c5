/**
 * What the compiler has decided about functions, as -m tells it (cmd/compile/internal/escape, inline): what may be inlined and
 * what was, where parameters leak to, what is allocated on the heap.
 */
import type { Pos } from '#base/source.ts';
import { ClosureSource, DeclSource } from '#ssa/builder/source.ts';
import { AbiWrapper, Closure, type FuncRef, IsClosure, Wrapper } from '#ssa/call.ts';
import { AllocationSite, type Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { EscapeSummary, Leaks } from '#ssa/passes/escape/summary.ts';
import type { Value } from '#ssa/value.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr, Node } from '#syntax/nodes.ts';
import { exprString } from '#syntax/printer.ts';
import { inspect } from '#syntax/walk.ts';

/** Told one after the other: what may be inlined, what was, what escapes. */
const MayInline = 0;
const Inlined = 1;
const Escape = 2;

export interface Remark {
  readonly phase: number;
  readonly pos: Pos;
  readonly message: string;
}

/** Results told of one by one; the others count as the heap. */
const maxResults = 7;

export class Remarks {
  private readonly list: Remark[];
  /** Whether the functions of a package are told of. */
  private readonly isWanted: (pkgPath: string) => boolean;
  private readonly seen: Set<string>;

  constructor(isWanted: (pkgPath: string) => boolean) {
    this.list = [];
    this.isWanted = isWanted;
    this.seen = new Set();
  }

  /** A function after escape analysis. */
  record(f: Func, summary: EscapeSummary, isInlinable: boolean): void {
    if (!this.isWanted(f.ref.pkgPath) || (f.ref.flags & (Wrapper | AbiWrapper)) !== 0) return;
    if (!(f.ref.source instanceof DeclSource) && (f.ref.flags & IsClosure) === 0) return;
    if (isInlinable) this.add(MayInline, f.pos, `can inline ${nameIn(f.ref, f.ref.pkgPath)}`);
    for (const call of f.inlineTree)
      if (call.parent < 0) this.add(Inlined, call.pos, `inlining call to ${nameIn(call.callee, f.ref.pkgPath)}`);
    const moved = new Set<Pos>();
    const used = usedTuples(f);
    for (const b of f.blocks)
      for (const v of b.values) {
        if (v.aux instanceof AllocationSite && v.op !== Op.Go && v.op !== Op.Defer && v.op !== Op.DeferAt)
          this.allocation(f, v, v.aux, moved);
        else if (v.op === Op.MakeClosure && v.aux instanceof Closure && (v.aux.fn.flags & Wrapper) === 0 && used.has(v))
          this.decided(f, v, v.pos, 'func literal', v.aux.escapes);
      }
    f.params.forEach((p, i) => {
      const named = p.name !== '' && p.name !== '_' && !p.name.startsWith('~');
      if (named && p.type.hasPointers() && !moved.has(p.pos)) this.parameter(f, p.name, p.pos, summary.params[i]);
    });
  }

  /** In the order they are told. */
  sorted(): readonly Remark[] {
    return this.list.sort((x, y) => x.phase - y.phase || x.pos - y.pos);
  }

  private add(phase: number, pos: Pos, message: string): void {
    const key = `${pos} ${message}`;
    if (pos === 0 || this.seen.has(key)) return;
    this.seen.add(key);
    this.list.push({ phase, pos, message });
  }

  private allocation(f: Func, v: Value, site: AllocationSite, moved: Set<Pos>): void {
    if (site.isVariable) {
      if (site.escapes) {
        if (v.inline < 0) moved.add(site.pos);
        this.add(Escape, v.inline < 0 ? site.pos : place(f, v, v.pos), `moved to heap: ${site.what}`);
      }
      return;
    }
    // Appending has no decision of its own where the old array does.
    if (v.op === Op.GrowSlice) return;
    const [text, pos] = describe(f, v, site);
    if (text !== '') this.decided(f, v, pos, text, site.escapes);
  }

  private decided(f: Func, v: Value, pos: Pos, text: string, escapes: boolean): void {
    this.add(Escape, place(f, v, pos), escapes ? `${text} escapes to heap` : `${text} does not escape`);
  }

  private parameter(f: Func, name: string, pos: Pos, leaks: Leaks): void {
    let told = false;
    if (leaks.heap >= 0) {
      this.add(Escape, pos, leaks.heap === 0 ? `leaking param: ${name}` : `leaking param content: ${name}`);
      told = true;
    }
    leaks.results.forEach((level, i) => {
      if (level < 0 || i >= maxResults) return;
      const result = f.results[i]?.name ?? '';
      this.add(Escape, pos, `leaking param: ${name} to result ${result === '' ? `~r${i}` : result} level=${level}`);
      told = true;
    });
    if (!told && leaks.captured.length === 0) this.add(Escape, pos, `${name} does not escape`);
  }
}

/** The outermost call an inlined operation came by; a place of the function's own stays. */
function place(f: Func, v: Value, pos: Pos): Pos {
  if (v.inline < 0) return pos;
  let call = f.inlineTree[v.inline];
  while (call.parent >= 0) call = f.inlineTree[call.parent];
  return call.pos;
}

/** Without the package for functions of the same one. */
function nameIn(ref: FuncRef, pkgPath: string): string {
  return ref.pkgPath === pkgPath && ref.linkName.startsWith(`${pkgPath}.`)
    ? ref.linkName.slice(pkgPath.length + 1)
    : ref.linkName;
}

/** Kinds of expressions that allocate, by what the allocation calls itself. */
const expressions: ReadonlyMap<string, readonly number[]> = new Map([
  ['make', [Kind.CallExpr]],
  ['new', [Kind.CallExpr]],
  ['&composite literal', [Kind.Operation, Kind.CompositeLit]],
  ['slice literal', [Kind.CompositeLit]],
  ['string concatenation', [Kind.Operation]],
]);

/** Operations whose first result somebody needs: closures that were inlined everywhere are not made. */
function usedTuples(f: Func): Set<Value> {
  const used = new Set<Value>();
  for (const b of f.blocks)
    for (const v of b.values) if (v.op === Op.SelectN && v.auxLo === 0 && v.uses > 0) used.add(v.args[0]);
  return used;
}

/** The expression in the source, and where it is; empty if it is not there. */
function describe(f: Func, v: Value, site: AllocationSite): readonly [text: string, pos: Pos] {
  if (site.what === '... argument') return [site.what, site.pos];
  const ref = v.inline < 0 ? f.ref : f.inlineTree[v.inline].callee;
  const { source } = ref;
  const root: Node | null =
    source instanceof DeclSource ? source.decl : source instanceof ClosureSource ? source.lit : null;
  if (root === null) return ['', 0];
  const kinds = expressions.get(site.what);
  let found: Expr | null = null;
  inspect(root, (n) => {
    if (found !== null) return false;
    if (n === root || !isExpr(n) || (kinds !== undefined && !kinds.includes(n.kind))) return true;
    const isAddress =
      n.kind === Kind.Operation && n.y === null && n.x.pos === site.pos && n.x.kind === Kind.CompositeLit;
    if (n.pos === site.pos || isAddress) found = n;
    return found === null;
  });
  return found === null ? ['', 0] : textOf(found);
}

function isExpr(n: Node): n is Expr {
  return 'end' in n;
}

function textOf(e: Expr): readonly [text: string, pos: Pos] {
  return [exprString(e).replaceAll('…', '...'), e.pos];
}
