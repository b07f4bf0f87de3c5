/** Compiler directives as facts about functions (gc-contract 1.5, 1.6). */

import type { Linkage } from '#load/package-files.ts';
import * as Flag from '#ssa/call.ts';
import type { FuncDecl } from '#syntax/nodes.ts';

const flags: Readonly<Record<string, number>> = {
  'go:nosplit': Flag.Nosplit | Flag.Nocheckptr,
  'go:noinline': Flag.Noinline,
  'go:noescape': Flag.Noescape,
  'go:norace': Flag.Norace | Flag.Nocheckptr,
  'go:nocheckptr': Flag.Nocheckptr,
  'go:uintptrescapes': Flag.UintptrEscapes,
  'go:uintptrkeepalive': Flag.UintptrKeepAlive,
  'go:cgo_unsafe_args': Flag.CgoUnsafeArgs | Flag.Nocheckptr,
  'go:systemstack': Flag.Systemstack,
  'go:nowritebarrier': Flag.NoWriteBarrier,
  'go:nowritebarrierrec': Flag.NoWriteBarrierRec | Flag.NoWriteBarrier,
  'go:yeswritebarrierrec': Flag.YesWriteBarrierRec,
};

/** The FuncRef flags that a declaration's directives stand for. */
export function pragmaFlags(decl: FuncDecl): number {
  let result = 0;
  for (const p of decl.pragmas) {
    const end = p.text.search(/\s/);
    result |= flags[end < 0 ? p.text : p.text.slice(0, end)] ?? 0;
  }
  return result;
}

export interface Linknames {
  /** Local name to link name, for two-argument directives. */
  readonly remote: Map<string, string>;
  /** Local names with a directive of either form. */
  readonly marked: Set<string>;
  /** Those of functions without a body. */
  readonly pulled: Set<string>;
}

export function linknamesOf(files: readonly Linkage[]): Linknames {
  const result: Linknames = { remote: new Map(), marked: new Set(), pulled: new Set() };
  const bodiless = new Set<string>();
  for (const f of files) {
    for (const name of f.bodiless.split(' ')) bodiless.add(name);
    for (const text of f.linknames) {
      const words = text.split(/\s+/);
      if (words.length < 2) continue;
      result.marked.add(words[1]);
      if (words.length >= 3) result.remote.set(words[1], words[2]);
    }
  }
  for (const name of result.marked) if (bodiless.has(name)) result.pulled.add(name);
  return result;
}
