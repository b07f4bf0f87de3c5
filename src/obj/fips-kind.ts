/** Which symbols belong to the sections that the FIPS 140 module checks of itself (GOROOT/src/cmd/internal/obj/fips140.go). */
import * as Kind from './kinds.ts';
import type { LinkSymbol } from './symbol.ts';
import { AbiStatic } from './symbol.ts';

const fipsPrefix = 'crypto/internal/fips140';

/** The kind of a symbol that a package defines: its FIPS variant where the symbol is part of the module. */
export function fipsKind(kind: number, s: LinkSymbol, packagePath: string): number {
  if (packagePath.endsWith('_test')) return kind;
  if (s.abi === AbiStatic) {
    if (packagePath !== fipsPrefix && !packagePath.startsWith(`${fipsPrefix}/`)) return kind;
  } else {
    const next = s.name[fipsPrefix.length];
    if (!s.name.startsWith(fipsPrefix) || (next !== '.' && next !== '/')) return kind;
    if (kind !== Kind.Text && isMetadataName(s.name)) return kind;
  }
  switch (kind) {
    case Kind.Text:
      return Kind.TextFips;
    case Kind.Data:
      return Kind.DataFips;
    case Kind.Rodata:
      return Kind.RodataFips;
    case Kind.NoPtrData:
      return Kind.NoPtrDataFips;
    default:
      return kind;
  }
}

function isMetadataName(name: string): boolean {
  if (/\.inittask|\.dict|\.typeAssert/.test(name)) return true;
  if (/(\.arginfo[01]|\.argliveinfo|\.args_stackmap|\.opendefer|\.stkobj|·f)$/.test(name)) return true;
  return name === 'crypto/internal/fips140/check.linkinfo';
}
