/** Functions as they are after every pass, from the builder to machine code: what `tuza tool ssa` shows. */
import { linkPath } from '#abi/type-names.ts';
import { amd64 as assembler } from '#arch/amd64/encode/target.ts';
import { amd64 } from '#arch/amd64/target.ts';
import { listSymbol } from '#arch/listing.ts';
import type { Host } from '#host/host.ts';
import { AbiInternal } from '#obj/symbol.ts';
import type { Allocation } from '#ssa/allocation.ts';
import type { Func } from '#ssa/func.ts';
import { printDeclarations } from '#ssa/text/declarations.ts';
import { printFunc } from '#ssa/text/print.ts';
import type { Value } from '#ssa/value.ts';
import { demandPackage } from './package-functions.ts';
import { type ProgramRequest, type ProgramResult, WholeProgram } from './whole-program.ts';

/** A function after one pass. */
export interface PassText {
  readonly pass: string;
  /** Declarations of types, to be read before the function. */
  readonly types: string;
  readonly text: string;
}

export interface FunctionTexts {
  readonly name: string;
  readonly passes: PassText[];
  /** The finished code, as the official compiler's -S lists it; "" if none was made. */
  listing: string;
}

export interface DumpResult {
  readonly functions: readonly FunctionTexts[];
  readonly result: ProgramResult;
}

/** Which functions and passes to keep; "" means all of the program's own packages, and all passes. */
export interface DumpWish {
  readonly func: string;
  readonly pass: string;
}

class Dumper {
  readonly wish: DumpWish;
  readonly byFunc: Map<string, FunctionTexts>;
  /** How often a pass has been over a function. */
  private readonly rounds: Map<string, number>;

  constructor(wish: DumpWish) {
    this.wish = wish;
    this.byFunc = new Map();
    this.rounds = new Map();
  }

  /** The function's link name, its name without package, or that of the function it is a closure of. */
  isWanted(name: string): boolean {
    const { func } = this.wish;
    if (func === '' || name === func || name.endsWith(`.${func}`)) return true;
    const at = name.indexOf(`${func}.func`);
    return at >= 0 && (at === 0 || name[at - 1] === '.');
  }

  texts(name: string): FunctionTexts {
    let t = this.byFunc.get(name);
    if (t === undefined) {
      t = { name, passes: [], listing: '' };
      this.byFunc.set(name, t);
    }
    return t;
  }

  add(f: Func, pass: string, allocation: Allocation | null): void {
    const name = f.ref.linkName;
    if (!this.isWanted(name)) return;
    const key = `${name} ${pass}`;
    const round = (this.rounds.get(key) ?? 0) + 1;
    this.rounds.set(key, round);
    if (this.wish.pass !== '' && pass !== this.wish.pass) return;
    const note = allocation === null ? null : (v: Value) => placeText(allocation, v);
    this.texts(name).passes.push({
      pass: round === 1 ? pass : `${pass} (${round})`,
      types: printDeclarations(f),
      text: printFunc(f, note),
    });
  }
}

/** Where the allocator has put a value. */
function placeText(a: Allocation, v: Value): string {
  const name = (r: number): string => amd64.registerNames[r] ?? '-';
  const parts = a.tupleRegs[v.id]?.map(name) ?? (a.reg[v.id] >= 0 ? [name(a.reg[v.id])] : []);
  if (a.temp[v.id] >= 0) parts.push(`scratch ${name(a.temp[v.id])}`);
  if (a.phiSlot[v.id] >= 0) parts.push(`spill slot ${a.phiSlot[v.id]}`);
  return parts.join(' ');
}

type DumpRequest = Omit<ProgramRequest, 'passes' | 'code'>;

/** Compiles a main package's own functions, or the one that is asked for wherever it is, and keeps what they looked like. */
export function dumpFunctions(host: Host, request: DumpRequest, wish: DumpWish): DumpResult {
  const d = new Dumper(wish);
  const w = new WholeProgram(host, {
    ...request,
    passes: { dump: (f, pass) => d.add(f, pass, null), verify: true },
    code: {
      dump: (f, pass, allocation) => d.add(f, pass, allocation),
      list: (f, fn, asm) => {
        if (!d.isWanted(f.ref.linkName) || wish.pass !== '') return;
        d.texts(f.ref.linkName).listing = listSymbol(asm, assembler.names, fn.symbol, fn);
      },
    },
  });
  const main = w.prepare(request.loadMain, request.goVersion);
  if (main === null) return { functions: [], result: w.finished() };
  const own = w.ownPackages();
  if (wish.func.includes('.')) w.program.symbols.demand?.(w.program.symbols.lookup(wish.func, AbiInternal));
  for (const p of own) demandPackage(w.program, p.types, p.object, (name) => isOf(name, p.types.path));
  const compiled = [...d.byFunc.values()].filter(
    (t) => wish.func !== '' || own.some((p) => isOf(t.name, p.types.path)),
  );
  return { functions: compiled, result: w.finished() };
}

function isOf(name: string, path: string): boolean {
  return name.startsWith(`${linkPath(path)}.`);
}
