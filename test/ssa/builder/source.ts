/** Go text to SSA, for tests: a main package on the real runtime. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amd64 } from '#arch/amd64/target.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition } from '#base/source.ts';
import { Program } from '#compile/program.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { linkageOf } from '#load/package-files.ts';
import { makeTarget } from '#load/target.ts';
import { ObjectFile } from '#obj/object.ts';
import { AbiInternal } from '#obj/symbol.ts';
import { buildFunction } from '#ssa/builder/build.ts';
import { Call, Closure, type FuncRef, SymbolRef } from '#ssa/call.ts';
import type { Func } from '#ssa/func.ts';
import { parseBody } from '#syntax/body.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';

export const goroot = process.env.GOROOT ?? '/usr/local/go';

/** All functions of package main that main.main and the other declared functions lead to, by link name. */
export function buildSource(text: string): Map<string, Func> {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-builder-'));
  writeFileSync(join(dir, 'main.go'), text);
  const host = nodeHost();
  const fileSet = new FileSet();
  const loader = new Loader(
    host.files,
    fileSet,
    makeTarget('linux', 'amd64', false, []),
    new StandardResolver(host.files, goroot),
  );
  loader.load('runtime');
  const main = loader.loadFiles('command-line-arguments', dir, ['main.go']);
  const program = new Program(amd64, fileSet, new ObjectFile('go.shared'), host.sha256);
  const errors: string[] = [];
  const report = (d: Diagnostic): void => {
    errors.push(`${formatPosition(fileSet.position(d.pos))}: ${d.message}`);
  };
  for (const d of loader.errors) report(d);
  const config = newConfig(fileSet, report, 'amd64', 'go1.26', (file, decl) => parseBody(file, decl, report));
  const packages = new Map<LoadedPackage, Package>();
  for (const p of loader.ordered) {
    const importer = {
      import: (name: string): Package | string => {
        if (name === 'unsafe') return unsafePackage;
        const imported = p.imports.get(name);
        return (imported === undefined ? undefined : packages.get(imported)) ?? `could not import ${name}`;
      },
    };
    const files = p.files.goFiles.map((f) => f.syntax);
    const types = checkPackage(p === main ? 'main' : p.path, files, importer, config);
    packages.set(p, types);
    program.addPackage(types, new ObjectFile(types.path), p.isStandard, linkageOf(p.files.goFiles));
    if (p === main) checkAll(types);
  }
  rmSync(dir, { recursive: true });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  const out = new Map<string, Func>();
  const queue: FuncRef[] = [];
  const pkg = program.package('main').types;
  for (const name of pkg.scope.names()) {
    const obj = pkg.scope.lookup(name);
    if (obj !== null && obj.kind === 5 && obj.typ.kind === 7 && obj.typ.tparams.length === 0)
      queue.push(program.funcRef(obj, []));
  }
  const seen = new Set<FuncRef>();
  for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
    if (seen.has(ref) || (ref.pkgPath !== 'main' && !ref.linkName.includes('main.'))) continue;
    seen.add(ref);
    const f = buildFunction(program, ref);
    if (f === null) continue;
    out.set(ref.linkName, f);
    for (const b of f.blocks) {
      for (const v of b.values) {
        if (v.aux instanceof Call && v.aux.callee !== null) queue.push(v.aux.callee);
        else if (v.aux instanceof Closure) queue.push(v.aux.fn);
        else if (v.aux instanceof SymbolRef && v.aux.symbol.name.endsWith('·f')) {
          const symbol = program.symbols.find(v.aux.symbol.name.slice(0, -2), AbiInternal);
          const fn = symbol === null ? null : program.refOf(symbol);
          if (fn !== null) queue.push(fn);
        }
      }
    }
  }
  return out;
}
