/**
 * The runtime functions that passes call, with signatures in which every pointer is unsafe.Pointer and every slice []uint8:
 * the calling convention sees no difference (cmd/compile/internal/typecheck/_builtin/runtime.go; gc-contract 5.1).
 */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { TypeTableApi } from '#abi/type-table.ts';
import { bug } from '#base/bug.ts';
import { Call, type FuncRef } from './call.ts';

/** Parameters and results, a letter each: p pointer, i int, u uintptr, q uint64, d uint32, w uint16, s string, S slice, e interface. */
const signatures: Readonly<Record<string, readonly [params: string, results: string]>> = {
  newobject: ['p', 'p'],
  makeslice: ['pii', 'p'],
  makeslicecopy: ['piip', 'p'],
  growslice: ['piiip', 'S'],
  makemap_small: ['', 'p'],
  makemap: ['pip', 'p'],
  makechan: ['pi', 'p'],
  concatstring2: ['pss', 's'],
  concatstring3: ['psss', 's'],
  concatstring4: ['pssss', 's'],
  concatstring5: ['psssss', 's'],
  concatstrings: ['pS', 's'],
  slicebytetostring: ['ppi', 's'],
  stringtoslicebyte: ['ps', 'S'],
  slicerunetostring: ['pS', 's'],
  stringtoslicerune: ['ps', 'S'],
  intstring: ['pq', 's'],
  convT: ['pp', 'p'],
  convTnoptr: ['pp', 'p'],
  convT16: ['w', 'p'],
  convT32: ['d', 'p'],
  convT64: ['q', 'p'],
  convTstring: ['s', 'p'],
  convTslice: ['S', 'p'],
  newproc: ['p', ''],
  deferproc: ['p', ''],
  deferprocat: ['pe', ''],
  deferprocStack: ['p', ''],
  wbZero: ['pp', ''],
  wbMove: ['ppp', ''],
  memclrHasPointers: ['pu', ''],
  memclrNoHeapPointers: ['pu', ''],
  memmove: ['ppu', ''],
  typedmemmove: ['ppp', ''],
  panicmakeslicelen: ['', ''],
  panicmakeslicecap: ['', ''],
};

export class RuntimeCalls {
  readonly types: TypeTableApi;
  private readonly runtimeFunc: (name: string) => FuncRef;
  private readonly calls: Map<string, Call>;

  constructor(types: TypeTableApi, runtimeFunc: (name: string) => FuncRef) {
    this.types = types;
    this.runtimeFunc = runtimeFunc;
    this.calls = new Map();
  }

  /** The aux of a StaticCall to a runtime function. */
  call(name: string): Call {
    let c = this.calls.get(name);
    if (c === undefined) {
      const row = signatures[name] ?? bug(`no signature for runtime.${name}`);
      const type = this.types.funcOf(this.list(row[0]), this.list(row[1]), false);
      c = new Call(this.runtimeFunc(name), type, false, null, -1);
      this.calls.set(name, c);
    }
    return c;
  }

  private list(letters: string): GoType[] {
    return Array.from(letters, (c) => this.letter(c));
  }

  private letter(c: string): GoType {
    const t = this.types;
    switch (c) {
      case 'p':
        return t.basic(G.UnsafePointer);
      case 'i':
        return t.basic(G.Int);
      case 'u':
        return t.basic(G.Uintptr);
      case 'q':
        return t.basic(G.Uint64);
      case 'd':
        return t.basic(G.Uint32);
      case 'w':
        return t.basic(G.Uint16);
      case 's':
        return t.basic(G.String);
      case 'S':
        return t.sliceOf(t.basic(G.Uint8));
      case 'e':
        return t.interfaceOf([]);
      default:
        return bug(`no parameter letter ${c}`);
    }
  }
}
