/** The identity of an executable: of the code of all its packages, of what they embed, and of how it is linked. */
import { hexText } from '#base/bytes.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { Files, Host } from '#host/host.ts';
import type { LinkOptions } from '#link/context.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import type { LoadedPackage } from '#load/loader.ts';

export interface ProgramParts {
  readonly packages: readonly LoadedPackage[];
  /** The identity of a package's code. */
  actionOf(p: LoadedPackage): string;
  readonly link: Partial<LinkOptions>;
  readonly goroot: string;
  /** File names are told without the places where they were. */
  readonly trims: boolean;
}

/** "" if there is none: the link tells something besides. */
export function programAction(host: Host, files: Files, parts: ProgramParts): string {
  const { dumpDep, callGraph, verbose } = parts.link;
  if (dumpDep === true || callGraph === true || (verbose ?? 0) > 0) return '';
  const f = new Fingerprint(host.sha256, 'tuza linked program');
  f.add('tool', host.toolIdentity);
  f.add('tree', parts.goroot);
  f.add('trimmed', String(parts.trims));
  for (const [name, value] of Object.entries(parts.link)) f.add(name, JSON.stringify(value, asText));
  for (const p of parts.packages) {
    f.add(p.path, parts.actionOf(p));
    const patterns = p.files.goFiles.flatMap((g) => g.embeds);
    if (patterns.length === 0) continue;
    try {
      for (const name of resolveEmbed(files, p.dir, patterns).files)
        f.add(name, contentId(host.sha256, files.readFile(`${p.dir}/${name}`)));
    } catch (e) {
      if (e instanceof EmbedError) return '';
      throw e;
    }
  }
  return f.finish();
}

/** Lists for maps, digits for bytes. */
function asText(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value instanceof Uint8Array ? hexText(value) : value;
}
