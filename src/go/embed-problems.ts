/** Embedded files that are missing or must not be embedded: errors of loading packages (cmd/go/internal/load, resolveEmbed). */
import type { Diagnostic } from '#base/diagnostic.ts';
import type { FileSet } from '#base/source.ts';
import type { Files } from '#host/host.ts';
import { EmbedError, patternPosition, resolveEmbed } from '#load/embed.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { type GoFile, patternsOf } from '#load/package-files.ts';

/** Null if all patterns of the files are right. */
export function embedProblem(
  files: Files,
  fileSet: FileSet,
  p: LoadedPackage,
  sources: readonly GoFile[],
): Diagnostic | null {
  const patterns = patternsOf(sources);
  if (patterns.length === 0) return null;
  try {
    resolveEmbed(files, p.dir, patterns);
    return null;
  } catch (e) {
    if (!(e instanceof EmbedError)) throw e;
    return { pos: patternPosition(files, fileSet, sources, e.pattern), message: e.message, code: '', soft: false };
  }
}
