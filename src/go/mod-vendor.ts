/** `tuza mod vendor`, and what `work vendor` shares with it (cmd/go/internal/modcmd vendor.go). */

import { encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import type { Host } from '#host/host.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import { constraintsMayHold } from '#load/header.ts';
import { embedPatternsIn } from '#load/package-files.ts';
import { FatalError, failureOf, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import type { PackageLoader } from '#mod/load-packages.ts';
import { type Version, versionKey } from '#mod/module.ts';
import type { ModulePackage } from '#mod/module-package.ts';
import { join, type Modules } from '#mod/modules.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { vendoredReplacement } from '#mod/vendor-consistency.ts';
import { writeRequirements } from '#mod/write-back.ts';
import type { ModRequest } from './mod.ts';
import { needModules } from './mod-commands.ts';
import { loadModulePackages, NewestModules } from './module-load.ts';
import { absolutePath } from './paths.ts';

export function runModVendor(r: ModRequest): Promise<number> {
  if (r.parsed.rest.length > 0) throw new ModError("'go mod vendor' accepts no arguments");
  const modules = needModules(r);
  if (modules.work !== null) {
    throw new ModError(
      "'go mod vendor' cannot be run in workspace mode. Run 'go work vendor' to vendor the workspace or set 'GOWORK=off' to exit workspace mode.",
    );
  }
  return vendorModules(modules, {
    allowErrors: r.parsed.bool('e', false),
    isVerbose: r.parsed.bool('v', false),
    output: r.parsed.text('o', ''),
  });
}

export interface VendorOptions {
  /** -e */
  readonly allowErrors: boolean;
  /** -v */
  readonly isVerbose: boolean;
  /** -o; "" for the usual place. */
  readonly output: string;
}

/** Makes the vendor directory anew: all packages that the main modules and their tests need, without the tests of others. */
export async function vendorModules(modules: Modules, options: VendorOptions): Promise<number> {
  const { host } = modules;
  await startRequirements(modules);
  const loader = await loadModulePackages(modules, null, null, {
    search: new NewestModules(modules),
    vendorAll: true,
    allowErrors: options.allowErrors,
    silentMissingStandard: true,
    isVerbose: options.isVerbose,
  });
  loader.endIfFailed();
  modules.requirements = loader.requirements;
  await writeRequirements(modules, loader);
  const dir = options.output === '' ? modules.vendorDirectory : absolutePath(host, options.output);
  host.files.remove(dir);
  const vendoring = new Vendoring(loader, dir, options);
  const text = await vendoring.run();
  if (text === '') {
    host.stderr('go: no dependencies to vendor\n');
    return vendoring.status;
  }
  host.files.makeDirectory(dir);
  host.files.writeFile(`${dir}/modules.txt`, encodeText(text));
  return vendoring.status;
}

class Vendoring {
  status: number;
  private readonly loader: PackageLoader;
  private readonly modules: Modules;
  private readonly dir: string;
  private readonly options: VendorOptions;
  private text: string;
  private readonly metadata: Set<string>;

  constructor(loader: PackageLoader, dir: string, options: VendorOptions) {
    this.loader = loader;
    this.modules = loader.modules;
    this.dir = dir;
    this.options = options;
    this.text = '';
    this.status = 0;
    this.metadata = new Set();
  }

  private add(text: string): void {
    this.text += text;
    if (this.options.isVerbose) this.modules.host.stderr(text);
  }

  /** Copies packages; the text of modules.txt. */
  async run(): Promise<string> {
    const { modules } = this;
    const packages = this.packages();
    const version = modules.goVersion;
    // Since Go 1.14 the file says what go.mod requires and replaces, so that both can be compared.
    const isComplete =
      gover.compare(version, '1.14') >= 0 && (modules.work !== null || modules.mains[0].file.go !== null);
    const explicit = new Map<string, Version>();
    if (isComplete)
      for (const main of modules.mains) for (const r of main.file.require) explicit.set(versionKey(r.mod), r.mod);
    const list = new Map(explicit);
    for (const { module } of packages.values()) list.set(versionKey(module), module);
    if (modules.work !== null) this.add('## workspace\n');
    const written = new Set<string>();
    for (const m of gover.sortModules([...list.values()])) {
      written.add(versionKey(m));
      this.add(moduleLine(m, vendoredReplacement(modules, m) ?? m));
      const go = gover.compare(version, '1.17') >= 0 ? await this.goVersionOf(m) : '';
      const notes = [...(explicit.has(versionKey(m)) ? ['explicit'] : []), ...(go === '' ? [] : [`go ${go}`])];
      if (notes.length > 0) this.add(`## ${notes.join('; ')}\n`);
      for (const p of packages.get(versionKey(m))?.packages ?? []) {
        this.add(`${p.path}\n`);
        this.copyPackage(p, m);
      }
    }
    if (isComplete) this.addReplacements(written);
    return this.text;
  }

  /** By module; sorted by path. Throws if names differ in case only. */
  private packages(): Map<string, { module: Version; packages: ModulePackage[] }> {
    const by = new Map<string, { module: Version; packages: ModulePackage[] }>();
    const folded = new Map<string, string>();
    const list = this.loader.packages.filter((p) => p.testOf === null);
    for (const p of list.sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const module = p.module;
      if (module === null || this.modules.isMain(module.path)) continue;
      const other = folded.get(module.path.toLowerCase());
      if (other !== undefined && other !== module.path)
        throw new FatalError(`go.mod: case-insensitive import collision: "${module.path}" and "${other}"`);
      folded.set(module.path.toLowerCase(), module.path);
      const there = by.get(versionKey(module));
      if (there === undefined) by.set(versionKey(module), { module, packages: [p] });
      else there.packages.push(p);
    }
    return by;
  }

  private async goVersionOf(m: Version): Promise<string> {
    try {
      return await this.modules.answer(() => this.modules.goVersionNow(m));
    } catch (e) {
      // A go.mod file that nothing needed may be unknown.
      failureOf(e);
      return '';
    }
  }

  /** Replacements that no vendored module has: they may have chosen versions nevertheless. */
  private addReplacements(written: Set<string>): void {
    const { modules } = this;
    const lines = [...(modules.work?.replace ?? []), ...modules.mains.flatMap((m) => m.file.replace)];
    for (const r of lines) {
      if (written.has(versionKey(r.old))) continue;
      written.add(versionKey(r.old));
      if (modules.isReplaced(r.old)) this.add(moduleLine(r.old, vendoredReplacement(modules, r.old) ?? r.old));
    }
  }

  private copyPackage(p: ModulePackage, m: Version): void {
    const { host } = this.modules;
    const target = `${this.dir}/${p.path}`;
    const copied = new Set<string>();
    copyFiles(host, p.dir, target, (dir, name) => isSourceFile(host, dir, name, this.modules.goVersion), copied);
    this.copyMetadata(m.path, p.path, p.dir, target, copied);
    const isOld = gover.compare(this.modules.goVersion, '1.22') < 0;
    let names: readonly string[];
    try {
      names = resolveEmbed(host.files, p.dir, embedPatternsIn(host.files, p.dir, isOld)).files;
    } catch (e) {
      if (!(e instanceof EmbedError)) throw e;
      host.stderr(`go: resolving embeds in ${p.path}: ${e.message}\n`);
      if (!this.options.allowErrors) this.status = 1;
      return;
    }
    for (const name of names) {
      const to = `${target}/${name}`;
      if (copied.has(to)) continue;
      host.files.makeDirectory(parentPath(to));
      host.files.writeFile(to, host.files.readFile(`${p.dir}/${name}`));
    }
  }

  /** Licences and their kin of the directories between the module's and the package's. */
  private copyMetadata(module: string, path: string, source: string, target: string, copied: Set<string>): void {
    let [pkg, from, to] = [path, source, target];
    for (let above = 0; ; above++) {
      const key = `${module} ${to}`;
      if (this.metadata.has(key)) return;
      this.metadata.add(key);
      if (above > 0) copyFiles(this.modules.host, from, to, (_, name) => metadata.test(name), copied);
      if (pkg === module) return;
      [pkg, from, to] = [parentPath(pkg), parentPath(from), parentPath(to)];
    }
  }
}

const metadata = /^(?:AUTHORS|CONTRIBUTORS|COPYLEFT|COPYING|COPYRIGHT|LEGAL|LICENSE|NOTICE|PATENTS)/;

/** A file that may take part in a build. */
function isSourceFile(host: Host, dir: string, name: string, goVersion: string): boolean {
  if (name.endsWith('_test.go')) return false;
  // A go.mod file would make a module of a directory that is none.
  if (name === 'go.mod' || name === 'go.sum') return gover.compare(goVersion, '1.17') < 0;
  return !name.endsWith('.go') || constraintsMayHold(host.files.readFile(`${dir}/${name}`));
}

function copyFiles(
  host: Host,
  from: string,
  to: string,
  isWanted: (dir: string, name: string) => boolean,
  copied: Set<string>,
): void {
  host.files.makeDirectory(to);
  for (const e of host.files.readDirectory(from)) {
    if (e.isDirectory || e.isSymlink || !isWanted(from, e.name)) continue;
    copied.add(`${to}/${e.name}`);
    host.files.writeFile(`${to}/${e.name}`, host.files.readFile(`${from}/${e.name}`));
  }
}

function moduleLine(m: Version, actual: Version): string {
  const at = m.version === '' ? '' : ` ${m.version}`;
  if (actual === m) return `# ${m.path}${at}\n`;
  if (/^(?:\.\/)?vendor(?:\/|$)/.test(actual.path) || join('/', actual.path).startsWith('/vendor/'))
    throw new FatalError(`replacement path ${actual.path} inside vendor directory`);
  return `# ${m.path}${at} => ${actual.path}${actual.version === '' ? '' : ` ${actual.version}`}\n`;
}
