/**
 * Identities of packages' code: what decides it besides the code of the cache itself. A package has two, one with all that it imports, and one by
 * itself, which knows its imports by path only.
 */
import { Fingerprint, fileId } from '#cache/fingerprint.ts';
import type { Files, Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import type { GoFile } from '#load/package-files.ts';
import { tokensId } from '#load/tokens.ts';
import type { Parts } from './why.ts';

export interface IdentitySettings {
  readonly host: Host;
  readonly goroot: string;
  /** Everything besides sources that decides what code is made. */
  readonly options: string;
  /** What is asked of one package alone, or "". */
  optionsOf(p: LoadedPackage): string;
  /** The identity of a file's content, if it is known already. */
  readonly contentOf: (path: string) => string | null;
  /** Whether nobody edits a package. What is made of others is the same whatever comments say. */
  readonly isUnedited: (p: LoadedPackage) => boolean;
}

export class CodeIdentities {
  /** The host's; the identities of what is read are kept. */
  readonly files: Files;
  /** The packages of the program, in their order. */
  readonly packages: LoadedPackage[];
  private readonly settings: IdentitySettings;
  /** By path of a file. */
  private readonly ids: Map<string, string>;
  private readonly byPath: Map<string, LoadedPackage>;
  private readonly versions: Map<LoadedPackage, string>;
  private readonly actions: Map<LoadedPackage, string>;
  private readonly ownIds: Map<LoadedPackage, string>;
  private core: string;

  constructor(settings: IdentitySettings) {
    this.settings = settings;
    this.packages = [];
    this.ids = new Map();
    this.byPath = new Map();
    this.versions = new Map();
    this.actions = new Map();
    this.ownIds = new Map();
    this.core = '';
    const { host } = settings;
    this.files = {
      ...host.files,
      readFile: (path) => {
        const data = host.files.readFile(path);
        this.ids.set(path, settings.contentOf(path) ?? fileId(host.sha256, path, data));
        return data;
      },
    };
  }

  /** Finds the identities of a program's packages, each of which comes after what it imports. */
  open(list: readonly LoadedPackage[], languageOf: (p: LoadedPackage) => string): void {
    this.core = this.coreIdentity(list);
    for (const p of list) {
      this.packages.push(p);
      this.byPath.set(p.path, p);
      this.versions.set(p, languageOf(p));
      const imports = [...p.imports].map(([path, i]) => [`import ${path}`, i.path] as const);
      const own = this.identityFor('tuza package by itself', p, [...this.ownPartsOf(p), ...imports]);
      this.ownIds.set(p, own);
      const f = new Fingerprint(this.settings.host.sha256, 'tuza package code');
      f.add('package', own);
      for (const [path, i] of p.imports) f.add(path, this.actionOf(i));
      this.actions.set(p, f.finish());
    }
  }

  find(path: string): LoadedPackage | null {
    return this.byPath.get(path) ?? null;
  }

  /** Of a package with all that it imports. */
  actionOf(p: LoadedPackage): string {
    return this.actions.get(p) ?? '';
  }

  /** Of a package by itself. */
  ownIdOf(p: LoadedPackage): string {
    return this.ownIds.get(p) ?? '';
  }

  /** How a package is compiled, besides its files. */
  settingsIdOf(p: LoadedPackage): string {
    const { options, optionsOf } = this.settings;
    return `${this.versions.get(p) ?? ''} ${options}${optionsOf(p)}`;
  }

  /** Of what a program's main package imports: what it makes of that alone is the same whatever else is in it. */
  importsAction(main: LoadedPackage): string {
    const f = this.importsIdentity('tuza code of imports');
    for (const i of main.imports.values()) f.add(i.path, this.actionOf(i));
    return f.finish();
  }

  /** The same without what these import. */
  ownImportsAction(main: LoadedPackage): string {
    const f = this.importsIdentity('tuza code of imports by themselves');
    for (const i of main.imports.values()) f.add('import', i.path);
    return f.finish();
  }

  /** A main package may import nothing: its code still is this tool's, made with these options. */
  private importsIdentity(purpose: string): Fingerprint {
    const { host, options } = this.settings;
    const f = new Fingerprint(host.sha256, purpose);
    f.add('tool', host.toolIdentity);
    f.add('options', options);
    f.add('runtime', this.core);
    return f;
  }

  private contentOf(path: string): string {
    let id = this.ids.get(path) ?? this.settings.contentOf(path) ?? undefined;
    if (id === undefined) {
      this.files.readFile(path);
      id = this.ids.get(path) ?? '';
    }
    return id;
  }

  private tokensOf(file: GoFile): string {
    return file.tokens === '' ? tokensId(this.settings.host.sha256, this.files.readFile(file.path)) : file.tokens;
  }

  private sourcesOf(p: LoadedPackage): Parts {
    const other = [...p.files.sFiles, ...p.files.hFiles];
    const isUnedited = this.settings.isUnedited(p);
    return [
      ...p.files.goFiles.map((f) => [f.name, isUnedited ? this.contentOf(f.path) : this.tokensOf(f)] as const),
      ...other.map((name) => [name, this.contentOf(`${p.dir}/${name}`)] as const),
    ];
  }

  /** Of the runtime and what it imports: all code calls it, and it may call whatever it is made of. */
  private coreIdentity(list: readonly LoadedPackage[]): string {
    const f = new Fingerprint(this.settings.host.sha256, 'tuza runtime');
    const { goroot } = this.settings;
    f.add('version', this.contentOf(`${goroot}/VERSION`));
    for (const h of this.settings.host.files.readDirectory(`${goroot}/pkg/include`))
      f.add(h.name, this.contentOf(`${goroot}/pkg/include/${h.name}`));
    const runtime = list.find((p) => p.path === 'runtime');
    const seen = new Set<LoadedPackage>();
    const visit = (p: LoadedPackage): void => {
      if (seen.has(p)) return;
      seen.add(p);
      for (const i of p.imports.values()) visit(i);
      f.add('package', p.path);
      for (const [label, value] of this.sourcesOf(p)) f.add(label, value);
    };
    if (runtime !== undefined) visit(runtime);
    return f.finish();
  }

  private identityFor(purpose: string, p: LoadedPackage, parts: Parts): string {
    const f = new Fingerprint(this.settings.host.sha256, purpose);
    f.add('path', p.path);
    f.add('directory', p.isStandard ? '' : p.dir);
    for (const [label, value] of parts) f.add(label, value);
    return f.finish();
  }

  private ownPartsOf(p: LoadedPackage): Parts {
    return [
      ['tool', this.settings.host.toolIdentity],
      ['options', this.settings.options + this.settings.optionsOf(p)],
      ['runtime', this.core],
      ['the language version', p.isStandard ? '' : (this.versions.get(p) ?? '')],
      ...this.sourcesOf(p),
    ];
  }

  /** What a package's code is made of. */
  partsOf(p: LoadedPackage): Parts {
    const imports = [...p.imports].map(([path, i]) => [`import ${path}`, `${i.path} ${this.actionOf(i)}`] as const);
    return [...this.ownPartsOf(p), ...imports];
  }
}
