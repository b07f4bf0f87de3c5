/** Archives of the official compiler as a compiler of ours would leave packages in memory. */
import { readFileSync } from 'node:fs';
import { readArchive } from '#obj/archive.ts';
import { importObjects, type PackageObject } from '#obj/import.ts';
import type { ObjectFile } from '#obj/object.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import type { Symbols } from '#obj/symbol.ts';

export function importArchives(symbols: Symbols, files: ReadonlyMap<string, string>): ObjectFile[] {
  const objects: PackageObject[] = [];
  for (const [path, file] of files) {
    for (const m of readArchive(file, readFileSync(file))) {
      const frame = m.name === '__.PKGDEF' ? null : readFrame(file, m.data, m.offset);
      if (frame === null) continue;
      objects.push({ path, reader: new ObjectReader(file, m.data.subarray(frame.binary), m.offset + frame.binary) });
    }
  }
  return importObjects(symbols, objects);
}

/** Enters an object under its package's path. A package's assembly is a further object: entered as a package of its own that the first one imports. */
export function addObject(packages: Map<string, ObjectFile>, object: ObjectFile): void {
  const first = packages.get(object.packagePath);
  if (first === undefined) {
    packages.set(object.packagePath, object);
    return;
  }
  const name = `${object.packagePath}#${packages.size}`;
  packages.set(name, object);
  first.imports.push({ path: name, fingerprint: new Uint8Array(8) });
}
