/**
 * Compiles functions bottom-up over the call graph: what a function calls, and the closures it makes, are analysed before it,
 * functions that call each other together (Tarjan's strongly connected components, kept on an explicit stack because call
 * chains are deep). Machine code is made of what somebody asks for: calls that were inlined leave nobody asking.
 */
import { bug, InternalError } from '#base/bug.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { Call, Closure, type FuncRef } from '#ssa/call.ts';
import { cloneFunc } from '#ssa/clone.ts';
import type { Func } from '#ssa/func.ts';
import type { Services } from '#ssa/pass.ts';
import { devirtualize } from '#ssa/passes/devirtualize.ts';
import type { EscapeSummary } from '#ssa/passes/escape/summary.ts';
import { analyzeEscape } from '#ssa/passes/escape.ts';
import { type InlineBody, Itself, inlineBody, inlineCalls, Literals, Others } from '#ssa/passes/inline.ts';
import { early, middle, type PassOptions, runPasses } from '#ssa/pipeline.ts';
import type { FunctionFacts } from './code-segment.ts';

/** What the command line asks of one package (-gcflags). */
export interface PackageOptions {
  /** -N: only the passes that code cannot be made without. */
  readonly unoptimized: boolean;
  /** False (-l, -N): no call in it is replaced by a body, and none of its bodies replaces a call. */
  readonly inlines: boolean;
}

/** A function that was analysed, and those whose summaries or bodies decided what became of it. */
export interface Consultation {
  readonly ref: FuncRef;
  readonly others: readonly FuncRef[];
}

export interface FunctionSteps {
  readonly services: Services;
  readonly options: PassOptions;
  /** Calls of small functions are replaced by their bodies. */
  readonly inline: boolean;
  /** What is asked of a function's package alone; null: nothing. */
  particular(ref: FuncRef): PackageOptions | null;
  /** The function as built; null if it has no body here. */
  build(ref: FuncRef): Func | null;
  /** Makes machine code of a function after the middle's passes. */
  finish(f: Func): void;
  /** Looks at a function behind escape analysis. */
  analysed(f: Func, summary: EscapeSummary, isInlinable: boolean): void;
  /** What an earlier compilation has found out about a function; null if nothing is known. */
  known(ref: FuncRef): FunctionFacts | null;
}

class Visit {
  readonly ref: FuncRef;
  readonly index: number;
  low: number;
  readonly func: Func;
  readonly callees: readonly FuncRef[];
  next: number;

  constructor(ref: FuncRef, index: number, func: Func, callees: readonly FuncRef[]) {
    this.ref = ref;
    this.index = index;
    this.low = index;
    this.func = func;
    this.callees = callees;
    this.next = 0;
  }
}

export class FunctionCompiler {
  private readonly steps: FunctionSteps;
  private readonly summaries: Map<FuncRef, EscapeSummary | null>;
  /** On the component stack, by function. */
  private readonly open: Map<FuncRef, Visit>;
  /** Bodies that calls may be replaced by. */
  private readonly bodies: Map<FuncRef, InlineBody>;
  /** Analysed, and not yet asked for; null: as it stands in `bodies`. */
  private readonly ready: Map<FuncRef, Func | null>;
  /** Not analysed, because all that callers need is known. */
  private readonly skipped: Set<FuncRef>;
  /** By symbol, what the analysis of a function has looked at. */
  private readonly consulted: Map<LinkSymbol, Consultation>;
  private count: number;
  /** Functions compiled so far. */
  compiled: number;

  constructor(steps: FunctionSteps) {
    this.steps = steps;
    this.summaries = new Map();
    this.open = new Map();
    this.bodies = new Map();
    this.ready = new Map();
    this.skipped = new Set();
    this.consulted = new Map();
    this.count = 0;
    this.compiled = 0;
  }

  /** Makes machine code of a function; what it calls is analysed, too, and compiled when it is asked for. */
  compile(root: FuncRef): void {
    if (this.skipped.delete(root)) this.summaries.delete(root);
    this.analyze(root);
    const analysed = this.ready.get(root);
    if (analysed === undefined) return;
    this.ready.delete(root);
    const f = analysed ?? cloneFunc(this.bodies.get(root)?.func ?? bug(`the body of ${root.linkName} is gone`));
    this.guard(root, () => {
      runPasses(f, middle, this.steps.services, this.optionsOf(root));
      this.steps.finish(f);
    });
    this.compiled++;
  }

  /** Null if the function has no body here, or has not been looked at. */
  summaryOf(ref: FuncRef): EscapeSummary | null {
    return this.summaries.get(ref) ?? null;
  }

  /** What is known of a function, which is analysed if need be; null if it has no body here. */
  factsOf(ref: FuncRef): FunctionFacts | null {
    this.analyze(ref);
    const summary = this.summaryOf(ref);
    return summary === null ? null : { summary, inlinable: this.isInlinable(ref) };
  }

  isInlinable(ref: FuncRef): boolean {
    return this.bodies.has(ref);
  }

  /** Null if the function has not been analysed now. */
  consultationOf(s: LinkSymbol): Consultation | null {
    return this.consulted.get(s) ?? null;
  }

  private analyze(root: FuncRef): void {
    const path: Visit[] = [];
    const component: Visit[] = [];
    this.enter(root, path, component, true);
    while (path.length > 0) {
      const v = path[path.length - 1];
      if (v.next < v.callees.length) {
        const callee = v.callees[v.next++];
        const other = this.open.get(callee);
        if (other !== undefined) v.low = Math.min(v.low, other.index);
        else this.enter(callee, path, component, false);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const parent = path[path.length - 1];
        parent.low = Math.min(parent.low, v.low);
      }
      if (v.low === v.index) this.finishComponent(v, component);
    }
  }

  /** Hands out what has been found out about functions. */
  forEachFacts(visit: (ref: FuncRef, facts: FunctionFacts) => void): void {
    for (const [ref, summary] of this.summaries)
      if (summary !== null) visit(ref, { summary, inlinable: this.bodies.has(ref) });
  }

  /** Leaves what an exception interrupted. */
  abandon(): void {
    this.open.clear();
  }

  private enter(ref: FuncRef, path: Visit[], component: Visit[], needsBody: boolean): void {
    if (this.summaries.has(ref) || this.open.has(ref)) return;
    const known = needsBody ? null : this.steps.known(ref);
    if (known !== null && !known.inlinable) {
      this.summaries.set(ref, known.summary);
      this.skipped.add(ref);
      return;
    }
    const func = this.guard(ref, () => this.steps.build(ref));
    if (func === null) {
      this.summaries.set(ref, null);
      return;
    }
    this.steps.options.dump?.(func, 'build');
    const options = this.optionsOf(ref);
    this.guard(ref, () => {
      runPasses(func, early, this.steps.services, options);
      if (options.unoptimized === true) return;
      devirtualize(func, this.steps.services);
      options.dump?.(func, 'devirtualize');
    });
    const v = new Visit(ref, this.count++, func, calleesOf(func));
    this.open.set(ref, v);
    path.push(v);
    component.push(v);
  }

  private finishComponent(root: Visit, component: Visit[]): void {
    const members = component.splice(component.indexOf(root));
    const funcs = members.map((m) => m.func);
    for (const f of funcs) this.guard(f.ref, () => this.inline(f));
    // Its callers get the body of a function that calls itself as it is before it is inlined into itself.
    const recursive =
      funcs.length === 1 && root.callees.includes(root.ref)
        ? this.guard(root.ref, () => this.inlineOnce(root.func))
        : null;
    const summaries = this.guard(root.ref, () => analyzeEscape(funcs, (ref) => this.summaries.get(ref) ?? null));
    for (const f of funcs) this.steps.options.dump?.(f, 'escape');
    members.forEach((m, i) => {
      this.open.delete(m.ref);
      // What is known was found out with everything that calls one another at hand.
      this.summaries.set(m.ref, this.steps.known(m.ref)?.summary ?? summaries[i]);
    });
    members.forEach((m, i) => {
      const others = new Set([...m.callees, ...calleesOf(funcs[i]), ...funcs[i].inlineTree.map((n) => n.callee)]);
      this.consulted.set(m.ref.symbol, { ref: m.ref, others: [...others] });
    });
    funcs.forEach((f, i) => {
      // Functions that call one another would be copied without end.
      const isKnownWhole = this.steps.known(f.ref)?.inlinable === false;
      const isOffered = funcs.length === 1 && !isKnownWhole && this.inlines(f.ref);
      const callsItself = root.callees.includes(root.ref);
      const body = !isOffered ? null : callsItself ? recursive : inlineBody(f, cloneFunc);
      if (body !== null) this.bodies.set(f.ref, body);
      this.ready.set(f.ref, body === null || callsItself ? f : null);
      this.steps.analysed(f, summaries[i], body !== null);
    });
  }

  private optionsOf(ref: FuncRef): PassOptions {
    const { options } = this.steps;
    const own = this.steps.particular(ref);
    return own === null || !own.unoptimized ? options : { ...options, unoptimized: true };
  }

  private inlines(ref: FuncRef): boolean {
    return this.steps.inline && this.steps.particular(ref)?.inlines !== false;
  }

  private inline(f: Func): void {
    const { services } = this.steps;
    const options = this.optionsOf(f.ref);
    const bodies = (ref: FuncRef): InlineBody | null => this.bodies.get(ref) ?? null;
    if (!this.inlines(f.ref) || !inlineCalls(f, services, bodies, Others)) return;
    options.dump?.(f, 'inline');
    runPasses(f, early, services, options);
    if (!inlineCalls(f, services, bodies, Literals)) return;
    options.dump?.(f, 'inline literals');
    runPasses(f, early, services, options);
  }

  /** Replaces the calls of a function in itself by its body, once; the body as it was, or null if it cannot be inlined. */
  private inlineOnce(f: Func): InlineBody | null {
    const body = this.inlines(f.ref) ? inlineBody(f, cloneFunc) : null;
    const { services } = this.steps;
    if (body === null || !inlineCalls(f, services, (ref) => (ref === f.ref ? body : null), Itself)) return body;
    const options = this.optionsOf(f.ref);
    options.dump?.(f, 'inline once');
    runPasses(f, early, services, options);
    return body;
  }

  /** Says which function an internal error happened in. */
  private guard<T>(ref: FuncRef, run: () => T): T {
    try {
      return run();
    } catch (e) {
      if (e instanceof FunctionError || !(e instanceof Error)) throw e;
      throw new FunctionError(ref.linkName, e);
    }
  }
}

/** An internal error while a function was compiled. */
export class FunctionError extends InternalError {
  readonly functionName: string;

  constructor(functionName: string, cause: Error) {
    super(`compiling ${functionName}: ${cause.message}`);
    this.functionName = functionName;
    if (cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** The functions called statically, and those of the closures made, in order of mention. */
function calleesOf(f: Func): FuncRef[] {
  const seen = new Set<FuncRef>();
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (v.aux instanceof Call && v.aux.callee !== null) seen.add(v.aux.callee);
      else if (v.aux instanceof Closure) seen.add(v.aux.fn);
    }
  }
  return [...seen];
}
