/**
 * Packages that have been found right before, in the build cache: by their sources, what they import, language and target. They are not checked again,
 * and builds do not tell of them.
 */
import { encodeText } from '#base/bytes.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import type { LoadedPackage } from '#load/loader.ts';
import type { BuildOptions } from './build-options.ts';
import type { Workspace } from './packages.ts';

function embeddedFiles(options: BuildOptions, p: LoadedPackage): readonly string[] {
  const patterns = p.isStandard ? [] : p.files.goFiles.flatMap((f) => f.embeds);
  if (patterns.length === 0) return [];
  try {
    return resolveEmbed(options.host.files, p.dir, patterns).files;
  } catch (e) {
    if (!(e instanceof EmbedError)) throw e;
    return [];
  }
}

export class CheckedPackages {
  private readonly options: BuildOptions;
  private readonly ws: Workspace;
  private readonly cache: BuildCache;
  private readonly actions: Map<LoadedPackage, string>;
  private readonly isNamed: (p: LoadedPackage) => boolean;
  private readonly contentOf: (path: string) => string | null;

  /** `contentOf`: the identity of a file's content, if it is known already. */
  constructor(
    options: BuildOptions,
    ws: Workspace,
    cache: BuildCache,
    isNamed: (p: LoadedPackage) => boolean,
    contentOf: (path: string) => string | null = () => null,
  ) {
    this.options = options;
    this.ws = ws;
    this.cache = cache;
    this.isNamed = isNamed;
    this.contentOf = contentOf;
    this.actions = new Map();
  }

  has(p: LoadedPackage): boolean {
    return !this.options.rebuild && this.cache.get(this.actionOf(p)) !== null;
  }

  add(p: LoadedPackage): void {
    this.cache.put(this.actionOf(p), encodeText('checked\n'));
  }

  private identity(path: string): string {
    const { host } = this.options;
    return this.contentOf(path) ?? contentId(host.sha256, host.files.readFile(path));
  }

  /** The package's identity: its sources, those of what it imports, and how it is built. */
  actionOf(p: LoadedPackage): string {
    const known = this.actions.get(p);
    if (known !== undefined) return known;
    const { options, ws } = this;
    const { host, target } = options;
    const f = new Fingerprint(host.sha256, 'tuza checked package');
    f.add('tool', host.toolIdentity);
    f.add('target', JSON.stringify({ ...target, tags: [...target.tags] }));
    f.add('path', p.path);
    f.add('directory', options.trimpath || p.isStandard ? '' : p.dir);
    f.add('coverage', options.coverage === null ? '' : JSON.stringify(options.coverage));
    f.add('trimpath', String(options.trimpath));
    f.add('version', p.isStandard ? '' : ws.languageOf(p));
    f.add('flags', JSON.stringify(options.gcflags.for(host, p, this.isNamed(p))));
    const names = [...p.files.goFiles.map((g) => g.name), ...p.files.sFiles, ...p.files.hFiles];
    // Files of the tree change with its version only.
    if (!p.isStandard)
      for (const name of [...names, ...embeddedFiles(options, p)]) f.add(name, this.identity(`${p.dir}/${name}`));
    for (const [path, q] of p.imports) f.add(path, q.isStandard ? q.path : this.actionOf(q));
    const action = f.finish();
    this.actions.set(p, action);
    return action;
  }
}
