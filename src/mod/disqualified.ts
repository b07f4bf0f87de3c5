/**
 * Which versions of a module graph cannot be chosen, because they are, need, or lead to a version that is too high (cmd/go/internal/modload edit.go,
 * dqTracker). A version may be possible where what it needs is pruned, and impossible where it is not; both are kept.
 */
import { sameVersion, type Version, versionKey } from './module.ts';

type Context = 'pruned' | 'unpruned';

/** A version cannot be had because its go.mod file cannot be read, or because it is or requires another one. */
export type Reason = { readonly error: Error } | { readonly dependency: Version };

interface State {
  pruned: Reason | null;
  unpruned: Reason | null;
}

export class Disqualified {
  /** How the go.mod file of each root of the extended graph is read. */
  private readonly roots: ReadonlyMap<string, Context>;
  private readonly states: Map<string, State>;
  /** By version: those that require it and are possible so far. */
  private readonly requiring: Map<string, Version[]>;

  constructor(roots: ReadonlyMap<string, Context>) {
    this.roots = roots;
    this.states = new Map();
    this.requiring = new Map();
  }

  contextOf(m: Version): Context | null {
    return this.roots.get(versionKey(m)) ?? null;
  }

  /** Why a version cannot be chosen; null if it can. */
  check(m: Version, context: Context): Reason | null {
    return this.states.get(versionKey(m))?.[context] ?? null;
  }

  /** Notes that m requires r. False if m is out already, whatever else it requires. */
  require(m: Version, r: Version): boolean {
    const context = this.contextOf(r);
    if (context !== null && this.check(r, context) !== null) {
      // As a root r is always read with all it needs, so m cannot be there at all.
      this.add(m, 'pruned', { dependency: r });
      return false;
    }
    if (this.check(r, 'unpruned') !== null) {
      this.add(m, 'unpruned', { dependency: r });
      if (this.contextOf(m) === null) return false;
    }
    const list = this.requiring.get(versionKey(r));
    if (list === undefined) this.requiring.set(versionKey(r), [m]);
    else list.push(m);
    return true;
  }

  /** Notes why m cannot be chosen; the same then holds for what requires it. */
  add(m: Version, context: Context, reason: Reason): void {
    const key = versionKey(m);
    const state = this.states.get(key) ?? { pruned: null, unpruned: null };
    if (state[context] !== null) return;
    this.states.set(key, state);
    const root = this.contextOf(m);
    state[context] = reason;
    if (context === 'pruned') state.unpruned ??= reason;
    else if (root === 'unpruned') state.pruned = reason;
    const list = this.requiring.get(key) ?? [];
    const isAlways = root !== null && (context === 'pruned' || root === 'unpruned');
    if (isAlways || root === null) this.requiring.delete(key);
    for (const p of [...list]) this.add(p, isAlways ? 'pruned' : 'unpruned', { dependency: m });
  }

  /** The requirements that lead from m to what is wrong, and the failure there; an empty way if m can be chosen. */
  wayFrom(m: Version, context: Context): { readonly way: Version[]; readonly error: Error | null } {
    const way: Version[] = [];
    let at = m;
    let current = context;
    for (;;) {
      if (this.contextOf(at) === 'unpruned') current = 'unpruned';
      const reason = this.check(at, current);
      if (reason === null) return { way, error: null };
      way.push(at);
      if ('error' in reason) return { way, error: reason.error };
      if (sameVersion(reason.dependency, at)) return { way, error: null };
      at = reason.dependency;
    }
  }
}
