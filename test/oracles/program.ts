/** Opens packages of the standard library as a program, for the oracles of the SSA rooms. */

import { amd64 } from '#arch/amd64/target.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition } from '#base/source.ts';
import { Program, type ProgramPackage } from '#compile/program.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { linkageOf } from '#load/package-files.ts';
import { makeTarget } from '#load/target.ts';
import { ObjectFile } from '#obj/object.ts';
import { parseBody } from '#syntax/body.ts';
import { checkPackage, newConfig } from '#types/check.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';

export function openProgram(goroot: string, paths: readonly string[]): Program {
  const host = nodeHost();
  const fileSet = new FileSet();
  const target = makeTarget('linux', 'amd64', false, []);
  const loader = new Loader(host.files, fileSet, target, new StandardResolver(host.files, goroot));
  for (const p of ['runtime', ...paths]) loader.load(p);
  const program = new Program(amd64, fileSet, new ObjectFile('go.shared'), host.sha256);
  const report = (d: Diagnostic): void => console.log(`${formatPosition(fileSet.position(d.pos))}: ${d.message}`);
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
    const types = checkPackage(
      p.path,
      p.files.goFiles.map((f) => f.syntax),
      importer,
      config,
    );
    packages.set(p, types);
    program.addPackage(types, new ObjectFile(p.path), p.isStandard, linkageOf(p.files.goFiles));
  }
  return program;
}

export function compileOrder(p: Program): ProgramPackage[] {
  return [...p.packages.values()];
}
