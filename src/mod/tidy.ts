/** go mod tidy, after packages were loaded: what is unused, which hashes stay, whether older Go versions would see the same (cmd/go/internal/modload load.go). */
import { failureOf, findError, ModError } from './errors.ts';
import * as gover from './gover.ts';
import type { Graph } from './graph.ts';
import { importFromModules } from './import.ts';
import { ImportMissingError } from './import-errors.ts';
import { keepSums } from './keep-sums.ts';
import type { PackageLoader } from './load-packages.ts';
import { sameVersion, type Version, versionText } from './module.ts';
import type { ModulePackage } from './module-package.ts';
import { pruningOf, Requirements } from './requirements.ts';

/** Paths of roots that were there before and are not needed (-v). */
export async function unusedModules(before: Requirements, loader: PackageLoader): Promise<string[]> {
  const rs = loader.requirements;
  const graph = await rs.incompleteGraph();
  const isUnused = (m: Version): boolean =>
    rs.pruning === 'unpruned' ? graph.selected(m.path) === 'none' : rs.rootVersion(m.path) === null;
  return before.roots.filter(isUnused).map((m) => m.path);
}

/** The hashes that go.sum keeps: what is needed now, and by the Go version that -compat names ("" for the usual). */
export async function tidySums(loader: PackageLoader, compat: string): Promise<{ keep: Set<string>; compat: string }> {
  const rs = loader.requirements;
  const keep = await keepSums(rs, loader, false);
  const { goVersion } = rs;
  let version = compat;
  // Since Go 1.21 nobody older than the go line can work with the module at all.
  if (version === '')
    version = gover.compare(goVersion, gover.goStrictVersion) < 0 ? gover.previous(goVersion) : goVersion;
  if (gover.compare(version, goVersion) > 0) version = goVersion;
  const pruning = pruningOf(version);
  if (pruning !== rs.pruning) {
    const old = new Requirements(rs.modules, pruning, rs.roots, rs.direct);
    await new Compatibility(loader, old, version).check();
    for (const key of await keepSums(old, loader, false)) keep.add(key);
  }
  return { keep, compat: version };
}

interface Mismatch {
  readonly module: Version | null;
  readonly error: Error | null;
}

/** Tells packages that an older Go version would take from other modules. */
class Compatibility {
  private readonly loader: PackageLoader;
  private readonly old: Requirements;
  private readonly version: string;
  private suggestsUpgrade: boolean;
  private suggestsErrors: boolean;

  constructor(loader: PackageLoader, old: Requirements, version: string) {
    this.loader = loader;
    this.old = old;
    this.version = version;
    this.suggestsUpgrade = false;
    this.suggestsErrors = false;
  }

  async check(): Promise<void> {
    const { loader, old } = this;
    const graph = await old.incompleteGraph();
    const error = graph.error();
    if (error !== null) {
      loader.tell(new ModError(`error loading go ${this.version} module graph: ${error.message}`, error));
      this.suggest();
      loader.endIfFailed();
      return;
    }
    const list = loader.packages.filter((p) => p.module !== null || p.error !== null);
    const seen = await Promise.all(list.map((p) => this.find(p, graph)));
    const wrong = list.flatMap((p, i) => (same(p.module, seen[i].module) ? [] : [{ p, there: seen[i] }]));
    if (wrong.length === 0) return;
    for (const { p, there } of wrong) if (p.testOf === null) this.tell(p, there, graph);
    this.suggest();
    loader.endIfFailed();
  }

  private async find(p: ModulePackage, graph: Graph): Promise<Mismatch> {
    try {
      const found = await importFromModules(this.old, p.path, graph, this.loader.skipsModFiles);
      return { module: found.module, error: null };
    } catch (e) {
      return { module: null, error: failureOf(e) };
    }
  }

  private tell(p: ModulePackage, there: Mismatch, graph: Graph): void {
    const from = p.module === null ? '' : versionText(p.module);
    const go = `go ${this.version}`;
    const tell = (text: string): void => this.loader.tell(new ModError(text));
    if (there.error !== null) {
      const selected = { path: p.module?.path ?? '', version: graph.selected(p.module?.path ?? '') };
      const where =
        findError(there.error, ImportMissingError) !== null
          ? ` in ${versionText(selected)}`
          : `:\n\t${there.error.message}`;
      tell(`${p.stackText} loaded from ${from},\n\tbut ${go} would fail to locate it${where}`);
      this.suggestsErrors = true;
      // An older version refuses files that name other versions than those it selects.
      if (!this.loader.requirements.roots.every((m) => graph.selected(m.path) === m.version))
        this.suggestsUpgrade = true;
      return;
    }
    this.suggestsUpgrade = true;
    const to = there.module === null ? '' : versionText(there.module);
    if (p.error !== null) tell(`${p.path} failed to load from any module,\n\tbut ${go} would load it from ${to}`);
    else tell(`${p.stackText} loaded from ${from},\n\tbut ${go} would select ${there.module?.version ?? ''}\n`);
  }

  /** How to go on. */
  private suggest(): void {
    const { loader, version } = this;
    if (loader.options.allowErrors) return;
    const { modules } = loader;
    const { goVersion } = this.old;
    const goFlag = goVersion === modules.goVersion ? '' : ` -go=${goVersion}`;
    const compatFlag = version === gover.previous(goVersion) ? '' : ` -compat=${version}`;
    let text = '\n';
    if (this.suggestsUpgrade) {
      const rest = this.suggestsErrors ? ', leaving some packages unresolved' : '';
      const e = this.suggestsErrors ? ' -e' : '';
      text += `To upgrade to the versions selected by go ${version}${rest}:\n\tgo mod tidy${e} -go=${version} && go mod tidy${e} -go=${goVersion}${compatFlag}\n`;
    } else if (this.suggestsErrors)
      text += `To proceed despite packages unresolved in go ${version}:\n\tgo mod tidy -e${goFlag}${compatFlag}\n`;
    text += `If reproducibility with go ${version} is not needed:\n\tgo mod tidy${goFlag} -compat=${goVersion}\n`;
    text += "For information about 'go mod tidy' compatibility, see:\n\thttps://go.dev/ref/mod#graph-pruning\n";
    modules.host.stderr(text);
  }
}

function same(a: Version | null, b: Version | null): boolean {
  return a === null || b === null ? a === b : sameVersion(a, b);
}
