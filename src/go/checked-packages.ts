/**
 * Packages that have been found right before, in the build cache: by their sources, what they see of what they import, language and target. They are
 * not checked again, and builds do not tell of them.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import { importsOf, type LoadedPackage } from '#load/loader.ts';
import type { GoFile } from '#load/package-files.ts';
import { type NameList, ProgramDeclarations } from '#load/seen.ts';
import { tokensId } from '#load/tokens.ts';
import type { BuildOptions } from './build-options.ts';
import { fixedPackages } from './fixed-packages.ts';
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

/** What is kept of a package that was right. */
interface Kept {
  /** Its identity with all that it imports. */
  readonly action: string;
  /** What it has seen of other packages, and their identities by themselves; null: all of them. */
  readonly seen: readonly (readonly [path: string, own: string, names: NameList])[] | null;
}

/** Of one of the packages that are kept together: itself with the tokens of what it imports, its identity by itself, and what it has seen. */
type KeptTogether = readonly [importer: string, own: string, seen: Kept['seen']];

interface Together {
  readonly right: ReadonlySet<string>;
  readonly seen: ReadonlyMap<string, Kept['seen']>;
}

export class CheckedPackages {
  private readonly options: BuildOptions;
  private readonly ws: Workspace;
  private readonly cache: BuildCache;
  /** What the packages are wanted for: those found right for it are kept together, too. */
  private readonly purpose: string;
  private readonly what: string;
  private readonly actions: Map<LoadedPackage, string>;
  private readonly ownActions: Map<LoadedPackage, string>;
  /** The same with the tokens of files in place of their contents. */
  private readonly ownTokens: Map<LoadedPackage, string>;
  private readonly tokens: Map<LoadedPackage, string>;
  private readonly isNamed: (p: LoadedPackage) => boolean;
  private readonly contentOf: (path: string) => string | null;
  private readonly declarations: ProgramDeclarations;
  private readonly right: Map<LoadedPackage, boolean>;
  /** The identity of what decides besides sources whether packages are right, and is the same for all of them. */
  private readonly settings: string;
  /** What packages that are right have seen of others; null: they are told by their whole identity alone. */
  private readonly seen: Map<LoadedPackage, Kept['seen']>;
  private together: Together | null;

  /** `contentOf`: the identity of a file's content, if it is known already. `what`: in which way they have been found right. */
  constructor(
    options: BuildOptions,
    ws: Workspace,
    cache: BuildCache,
    isNamed: (p: LoadedPackage) => boolean,
    purpose: string,
    contentOf: (path: string) => string | null = () => null,
    what = 'checked',
  ) {
    this.what = what;
    this.options = options;
    this.ws = ws;
    this.cache = cache;
    this.purpose = purpose;
    this.isNamed = isNamed;
    this.contentOf = contentOf;
    this.actions = new Map();
    this.ownActions = new Map();
    this.ownTokens = new Map();
    this.tokens = new Map();
    this.right = new Map();
    this.seen = new Map();
    this.together = null;
    this.settings = this.settingsId();
    const { host } = options;
    const isFixed = fixedPackages(options);
    this.declarations = new ProgramDeclarations({
      readFile: (path) => host.files.readFile(path),
      sha256: host.sha256,
      settingsOf: (p) => (isFixed(p) ? this.actionOf(p) : `${this.languageOf(p)} ${this.flagsOf(p)}`),
      isWhole: isFixed,
    });
  }

  /** Whether it has been found right as it is, and what it sees of others is as it was then. */
  has(p: LoadedPackage): boolean {
    let is = this.right.get(p);
    if (is === undefined) {
      is = !this.options.rebuild && this.find(p);
      this.right.set(p, is);
    }
    return is;
  }

  private find(p: LoadedPackage): boolean {
    const { declarations } = this;
    this.together ??= this.readTogether();
    const own = this.ownAction(p);
    let seen = this.together.seen.get(own);
    const isAsBefore = this.together.right.has(this.asImporter(p));
    if (!isAsBefore) {
      if (seen === undefined) {
        const text = this.read(own);
        if (text === null) return false;
        const kept: Kept = JSON.parse(text);
        const isSame = kept.action === this.actionOf(p);
        if (isSame || kept.seen === null) {
          if (isSame) this.seen.set(p, kept.seen);
          return isSame;
        }
        seen = kept.seen;
      }
      if (seen === null) return false;
      const others = new Map([...importsOf(p)].map((q) => [q.path, q]));
      for (const [path, id, names] of seen) {
        const q = others.get(path);
        if (q === undefined || (this.ownIdOf(q) !== id && declarations.changedIn(q, names) !== null)) return false;
      }
    }
    this.seen.set(p, seen ?? null);
    return true;
  }

  private read(action: string): string | null {
    const data = this.cache.get(action);
    return data === null ? null : decodeText(data);
  }

  add(p: LoadedPackage): void {
    const { declarations } = this;
    const kept: Kept = { action: this.actionOf(p), seen: declarations.isWhole(p) ? null : this.seenBy(p) };
    this.seen.set(p, kept.seen);
    this.cache.put(this.ownAction(p), encodeText(JSON.stringify(kept)));
    this.right.set(p, true);
  }

  private seenBy(p: LoadedPackage): Kept['seen'] {
    const { declarations } = this;
    return [...declarations.reach(p, [])].map(([q, names]) => [q.path, this.ownIdOf(q), declarations.keep(q, names)]);
  }

  /** As long as it is the same, so are the package's declarations. */
  private ownIdOf(q: LoadedPackage): string {
    return this.declarations.isWhole(q) ? this.actionOf(q) : this.ownAction(q);
  }

  /** Keeps together what is known to be right. */
  save(): void {
    if (this.purpose === '') return;
    const all: KeptTogether[] = [];
    for (const [p, is] of this.right)
      if (is) all.push([this.asImporter(p), this.ownAction(p), this.seen.get(p) ?? null]);
    if (all.every(([importer]) => this.together?.right.has(importer) === true)) return;
    this.cache.put(this.togetherAction(), encodeText(JSON.stringify(all)));
  }

  private readTogether(): Together {
    const text = this.purpose === '' ? null : this.read(this.togetherAction());
    const list: readonly KeptTogether[] = text === null ? [] : JSON.parse(text);
    return {
      right: new Set(list.map(([importer]) => importer)),
      seen: new Map(list.map(([, own, seen]) => [own, seen])),
    };
  }

  /** A package as it is, with the tokens of what it imports: more of these it does not see. */
  private asImporter(p: LoadedPackage): string {
    return `${this.ownAction(p)} ${this.tokensOf(p)}`;
  }

  /** The identity of a package's tokens, and of those of all that it imports. */
  private tokensOf(p: LoadedPackage): string {
    const known = this.tokens.get(p);
    if (known !== undefined) return known;
    const f = new Fingerprint(this.options.host.sha256, 'tuza tokens of a package');
    this.ownAction(p);
    f.add('own', this.ownTokens.get(p) ?? '');
    for (const [path, q] of p.imports) f.add(path, q.isStandard ? q.path : this.tokensOf(q));
    const action = f.finish();
    this.tokens.set(p, action);
    return action;
  }

  private togetherAction(): string {
    const f = new Fingerprint(this.options.host.sha256, 'tuza checked packages');
    f.add('tool', this.options.host.toolIdentity);
    f.add('what', this.what);
    f.add('purpose', this.purpose);
    return f.finish();
  }

  private identity(path: string): string {
    const { host } = this.options;
    return this.contentOf(path) ?? contentId(host.sha256, host.files.readFile(path));
  }

  private tokensOfFile(g: GoFile): string {
    const { host } = this.options;
    return g.tokens === '' ? tokensId(host.sha256, host.files.readFile(g.path)) : g.tokens;
  }

  private languageOf(p: LoadedPackage): string {
    return p.isStandard ? '' : this.ws.languageOf(p);
  }

  private flagsOf(p: LoadedPackage): string {
    const { host, gcflags } = this.options;
    return JSON.stringify(gcflags.for(host, p, this.isNamed(p)));
  }

  /** The package's identity: its own, and those of what it imports. */
  actionOf(p: LoadedPackage): string {
    const known = this.actions.get(p);
    if (known !== undefined) return known;
    const f = new Fingerprint(this.options.host.sha256, 'tuza checked package');
    f.add('own', this.ownAction(p));
    for (const [path, q] of p.imports) f.add(path, q.isStandard ? q.path : this.actionOf(q));
    const action = f.finish();
    this.actions.set(p, action);
    return action;
  }

  private settingsId(): string {
    const { host, target, coverage, trimpath } = this.options;
    const f = new Fingerprint(host.sha256, 'tuza settings of checked packages');
    f.add('tool', host.toolIdentity);
    f.add('what', this.what);
    f.add('target', JSON.stringify({ ...target, tags: [...target.tags] }));
    f.add('coverage', coverage === null ? '' : JSON.stringify(coverage));
    f.add('trimpath', String(trimpath));
    return f.finish();
  }

  /** The identity of its sources, of what these import by name, and how it is built. */
  private ownAction(p: LoadedPackage): string {
    const known = this.ownActions.get(p);
    if (known !== undefined) return known;
    const { options } = this;
    const { host } = options;
    const f = new Fingerprint(host.sha256, 'tuza sources of a checked package');
    const tokens = new Fingerprint(host.sha256, 'tuza tokens of a checked package');
    const add = (label: string, value: string, ofTokens = value): void => {
      f.add(label, value);
      tokens.add(label, ofTokens);
    };
    add('settings', this.settings);
    add('path', p.path);
    add('directory', options.trimpath || p.isStandard ? '' : p.dir);
    add('version', this.languageOf(p));
    add('flags', this.flagsOf(p));
    // Files of the tree change with its version only.
    if (!p.isStandard) {
      const isWhole = this.declarations.isWhole(p);
      for (const g of p.files.goFiles)
        add(g.name, this.identity(g.path), isWhole ? this.identity(g.path) : this.tokensOfFile(g));
      for (const name of [...p.files.sFiles, ...p.files.hFiles, ...embeddedFiles(options, p)])
        add(name, this.identity(`${p.dir}/${name}`));
    }
    for (const [path, q] of p.imports) add(path, q.path);
    const action = f.finish();
    this.ownTokens.set(p, tokens.finish());
    this.ownActions.set(p, action);
    return action;
  }
}
