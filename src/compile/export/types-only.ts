/** Export data of a package that has only been type-checked, for readers of types such as vet: an archive with nothing but a definition. */
import { ByteWriter, encodeText } from '#base/bytes.ts';
import type { FileSet } from '#base/source.ts';
import { newMember, PackageDefinition, writeArchive } from '#obj/archive.ts';
import type { Sha256 } from '#obj/write.ts';
import { signatureOf } from '#types/decl.ts';
import type { Package } from '#types/package.ts';
import type { Decoder } from './pkgbits.ts';
import { sourceLines } from './source-lines.ts';
import { type FunctionFacts, writeExportData } from './write.ts';

/** What a compiler would have found out: nothing. */
const noFacts: FunctionFacts = {
  pragmas: () => 0,
  notes: (f) => {
    const sig = signatureOf(f);
    return [...(sig.recv === null ? [] : [sig.recv]), ...sig.params.vars].map(() => '');
  },
  abi: () => 1,
  linkname: () => '',
  perIterationLoopVars: () => true,
};

/** What else its archive says of a package. */
export interface PackageFacts {
  /** Something is done when it is initialized. */
  readonly hasInitTask: boolean;
  /** The directories of the packages outside of the standard library that it is made of. */
  readonly sources: ReadonlyMap<string, string>;
}

export interface TypesData {
  readonly data: Uint8Array;
  readonly archive: Uint8Array;
}

/** `imported` are the data of the packages it imports; `header` is the line that object files begin with. */
export function exportTypes(
  pkg: Package,
  fileSet: FileSet,
  imported: readonly Decoder[],
  header: string,
  sha256: Sha256,
  facts: PackageFacts,
): TypesData {
  const data = writeExportData(
    {
      pkg,
      fileSet,
      imported,
      facts: noFacts,
      hasInitTask: facts.hasInitTask,
      typesOnly: true,
      recordedName: (name) => name,
    },
    sha256,
  );
  return { data, archive: archiveOf(header, data, facts.sources) };
}

function archiveOf(header: string, data: Uint8Array, sources: PackageFacts['sources']): Uint8Array {
  const w = new ByteWriter(data.length + 256);
  w.text(`${header}\n`);
  w.bytes(encodeText(sourceLines(sources)));
  w.text('\n\n$$B\nu');
  w.bytes(data);
  w.text('\n$$\n');
  return writeArchive([newMember(PackageDefinition, w.finish())]);
}
