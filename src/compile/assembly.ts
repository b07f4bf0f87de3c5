/** The assembly files of a package, assembled in memory into the program's symbols. */
import type { AssemblerTarget } from '#arch/assembler.ts';
import { assemble, newAssembly } from '#asm/assemble.ts';
import { decodeText } from '#base/bytes.ts';
import { FileError, type Files } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { Symbols } from '#obj/symbol.ts';

/** Flags of the assembler for one package (-asmflags). */
export interface AssemblerOptions {
  /** -D: "NAME" or "NAME=value". */
  readonly defines: readonly string[];
  /** -I. */
  readonly includeDirs: readonly string[];
  /** -e. */
  readonly allErrors: boolean;
}

export interface AssemblySettings {
  readonly files: Files;
  readonly goroot: string;
  readonly target: BuildTarget;
  readonly assembler: AssemblerTarget;
  /** The names of files that the object tells; null: as they are, with $GOROOT for the tree. */
  readonly trim: ((file: string) => string) | null;
  readonly own: AssemblerOptions | null;
}

/** What the official assembler would print, with the files' full names. */
export class AssemblyError extends Error {}

/** Assembles a package's .s files; `header` is its go_asm.h. */
export function assemblePackage(
  s: AssemblySettings,
  p: LoadedPackage,
  path: string,
  header: string,
  symbols: Symbols,
): ObjectFile {
  const t = s.target;
  const assembly = newAssembly(
    {
      target: s.assembler,
      goos: t.goos,
      packagePath: path,
      defines: [`GOOS_${t.goos}`, `GOARCH_${t.goarch}`, `GOAMD64_${t.level}`, ...(s.own?.defines ?? [])],
      includeDirs: [p.dir, `${s.goroot}/pkg/include`, ...(s.own?.includeDirs ?? [])],
      shared: false,
      dynlink: false,
      allErrors: s.own?.allErrors === true,
      experiments: t.experiments,
    },
    {
      read: (name) => (name.endsWith('/go_asm.h') ? header : readText(s.files, name)),
      recordedName: (name) =>
        s.trim !== null
          ? s.trim(name)
          : name.startsWith(`${s.goroot}/`)
            ? `$GOROOT${name.slice(s.goroot.length)}`
            : name,
      complain: (message) => {
        throw new AssemblyError(message);
      },
    },
    symbols,
  );
  const result = assemble(
    assembly,
    p.files.sFiles.map((f) => `${p.dir}/${f}`),
  );
  if (result.object === null) {
    const { failedFile } = result;
    const last = failedFile === '' ? 'asm: assembly failed' : `asm: assembly of ${failedFile} failed`;
    throw new AssemblyError([...assembly.messages, last].map((m) => `${m}\n`).join(''));
  }
  return result.object;
}

function readText(files: Files, name: string): string | null {
  try {
    return decodeText(files.readFile(name));
  } catch (e) {
    if (e instanceof FileError) return null;
    throw e;
  }
}
