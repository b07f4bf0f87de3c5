/** The packages that patterns of `get` and others mean, loaded with the modules of the current requirements (cmd/go/internal/modload load.go, LoadPackages). */
import { compareText } from '#base/bytes.ts';
import { matchStandard } from '#load/pattern.ts';
import type { BuildTarget } from '#load/target.ts';
import type { PackageLoader } from '#mod/load-packages.ts';
import type { Version } from '#mod/module.ts';
import type { Modules, needsFetch } from '#mod/modules.ts';
import { isPathPattern, matchesPattern } from '#mod/pattern.ts';
import type { Requirements } from '#mod/requirements.ts';
import type { GetPackages } from './get-resolver.ts';
import type { WorkspaceModule } from './get-workspace.ts';
import { isImportPath, type LoadChoices, loadModulePackages, mainPackages } from './module-load.ts';
import { ModulePackages } from './module-packages.ts';
import { absolutePath, isLocalPath } from './paths.ts';

export class PatternPackages implements GetPackages {
  private readonly modules: Modules;
  private readonly search: ModulePackages;
  private readonly target: BuildTarget;
  private readonly withTests: boolean;
  private readonly workspace: readonly WorkspaceModule[];

  constructor(modules: Modules, target: BuildTarget, withTests: boolean, workspace: readonly WorkspaceModule[]) {
    this.modules = modules;
    this.search = new ModulePackages(modules);
    this.target = target;
    this.withTests = withTests;
    this.workspace = workspace;
  }

  isInWorkspace(path: string): boolean {
    return this.workspace.some((m) => this.modules.packageDirectory(path, m.path, m.dir, true) !== null);
  }

  isStandard(path: string): boolean {
    return path === 'std' || path === 'cmd' || this.modules.standardDirectory(path) !== '';
  }

  load(
    patterns: readonly string[],
    allowed: (path: string, m: Version | null) => Error | null | typeof needsFetch,
    settle: () => Promise<void>,
  ): Promise<PackageLoader> {
    const choices = { withTests: this.withTests, rootsImported: true, silent: true, allowed, settle };
    return this.loadWith(patterns, null, choices);
  }

  /** With the files of the build, to see what is wrong: it is told. */
  check(patterns: readonly string[]): Promise<PackageLoader> {
    const choices = { withTests: this.withTests, allowErrors: true, silentNoGo: true };
    return this.loadWith(patterns, this.target, choices);
  }

  private async loadWith(
    patterns: readonly string[],
    target: BuildTarget | null,
    choices: LoadChoices,
  ): Promise<PackageLoader> {
    const { modules } = this;
    const roots = async (rs: Requirements): Promise<readonly string[]> => {
      const list: string[] = [];
      for (const p of patterns) list.push(...(p === 'all' ? mainPackages(modules) : await this.pathsOf(p, rs)));
      return [...new Set(list)];
    };
    const isAll = patterns.includes('all');
    const loader = await loadModulePackages(modules, target, isAll && patterns.length === 1 ? null : roots, {
      isAll,
      ...choices,
    });
    loader.endIfFailed();
    modules.requirements = loader.requirements;
    return loader;
  }

  /** After loading: the import paths that a pattern means. */
  async matches(pattern: string, loader: PackageLoader): Promise<readonly string[]> {
    return pattern === 'all' ? loader.all(isImportPath) : this.pathsOf(pattern, loader.requirements);
  }

  private async pathsOf(pattern: string, rs: Requirements): Promise<readonly string[]> {
    const { modules, search } = this;
    const { files } = modules.host;
    if (isLocalPath(pattern)) return this.pathsOfDirectory(pattern);
    if (pattern === 'std' || pattern === 'cmd') return matchStandard(files, modules.goroot, pattern, this.target);
    if (pattern === 'tool') return modules.mains.flatMap((m) => m.file.tool.map((t) => t.value)).sort(compareText);
    if (pattern === 'work') {
      const own = modules.mains.map((m) => search.packagesIn('...', { path: m.path, version: '' }));
      return (await Promise.all(own)).flat();
    }
    if (!isPathPattern(pattern)) return [pattern];
    const standard = matchStandard(files, modules.goroot, 'std', this.target);
    if (matchesPattern(pattern, 'cmd') || pattern.startsWith('cmd/'))
      standard.push(...matchStandard(files, modules.goroot, 'cmd', this.target));
    const list = (await rs.graph()).buildList();
    const found = await Promise.all(list.map((m) => search.packagesIn(pattern, m)));
    return [...standard.filter((p) => matchesPattern(pattern, p)), ...found.flat()].sort(compareText);
  }

  private async pathsOfDirectory(pattern: string): Promise<readonly string[]> {
    const { modules } = this;
    const dir = absolutePath(modules.host, pattern);
    const main = modules.moduleOfDirectory(dir.replace(/\/?[^/]*\.\.\..*$/, '') || '/');
    if (main === null) return [];
    const below = dir.slice(main.dir.length + 1);
    const path = below === '' ? main.path : `${main.path}/${below}`;
    return isPathPattern(path) ? this.search.packagesIn(path, { path: main.path, version: '' }) : [path];
  }
}
