/** References to symbols that nobody defines: each pair is reported once. */
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import { lookup, symbolName, VersionStatic } from './loader.ts';

export class Unresolved {
  readonly link: Link;
  readonly seen: Set<number>;

  constructor(link: Link) {
    this.link = link;
    this.seen = new Set();
  }
}

const abiNames = ['ABI0', 'ABIInternal'];

export function reportUnresolved(u: Unresolved, from: number, to: number): void {
  const l = u.link.loader;
  const key = from * l.count + to;
  if (u.seen.has(key)) return;
  u.seen.add(key);
  const name = symbolName(l, to);
  const version = l.version[to];
  let have = -1;
  if (version >= 0 && version < VersionStatic) {
    for (let abi = 0; abi < abiNames.length; abi++) {
      const other = lookup(l, name, abi);
      if (other !== 0 && l.kind[other] !== Kind.Undefined && l.kind[other] !== Kind.Xref) have = abi;
    }
  }
  let message = `relocation target ${name} not defined`;
  if (name === 'main.main') message = 'function main is undeclared in the main package';
  else if (have >= 0) message += ` for ${abiNames[version]} (but is defined for ${abiNames[have]})`;
  // The official compiler names the func value in the runtime by the runtime's own name for the function.
  const source = symbolName(l, from).replace(/^main\.main·f$/, 'runtime.main_main·f');
  u.link.error(source === '' ? `sym ${from}: ${message}` : `${source}: ${message}`);
}
