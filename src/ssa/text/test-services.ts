/** Services for functions in text form: symbols by name, nothing behind them. */
import { Convention } from '#abi/convention.ts';
import { Abi0 } from '#obj/symbol.ts';
import type { Services } from '../pass.ts';
import { RuntimeCalls } from '../runtime-calls.ts';
import { funcRef, type TextProgram } from './parse.ts';

export function textServices(p: TextProgram): Services {
  const data = (n: string) => p.symbols.lookup(n, Abi0);
  const anyFunc = p.types.funcOf([], [], false);
  return {
    convention: new Convention(p.target.abi, p.types),
    calls: new RuntimeCalls(p.types, (n) => funcRef(p, `runtime.${n}<ABIInternal>`, anyFunc)),
    assemblyFunc: () => null,
    runtimeVar: (n) => data(`runtime.${n}`),
    typeSymbol: (t) => data(`type:${t.linkString}`),
    funcValueSymbol: (fn) => data(`${fn.linkName}·f`),
    stringSymbol: (bytes) => data(`go:string.${JSON.stringify(bytes)}`),
    stringVariable: (bytes) => data(`stringvar.${JSON.stringify(bytes)}`),
    readOnlyData: (n) => data(n),
    implementation: () => null,
    isRuntimePackage: (path) => path === 'runtime',
  };
}
