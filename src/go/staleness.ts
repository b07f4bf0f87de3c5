/**
 * Whether packages are up to date: the fields Stale and StaleReason of `list` (cmd/go/internal/work, useCache). A package is if a build has found it
 * right as it is now, a program besides if the file where it would be installed is what a build has made of it.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileSet } from '#base/source.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { buildInfoText } from './build-info.ts';
import type { BuildOptions } from './build-options.ts';
import { CheckedPackages } from './checked-packages.ts';
import { loadPackages, type Workspace } from './packages.ts';

/** The identity of a program: of its packages, what it says about itself, and how it is linked. Throws BuildFlagError. */
function programAction(checked: CheckedPackages, options: BuildOptions, ws: Workspace, p: LoadedPackage): string {
  const f = new Fingerprint(options.host.sha256, 'tuza installed program');
  f.add('package', checked.actionOf(p));
  f.add('information', buildInfoText(options, ws, p));
  for (const flag of options.ldflags.for(options.host, p, true)) f.add('flag', flag);
  return f.finish();
}

/** Notes what a build has made of a program. */
export function rememberProgram(
  checked: CheckedPackages,
  cache: BuildCache,
  options: BuildOptions,
  ws: Workspace,
  p: LoadedPackage,
  image: Uint8Array,
): void {
  const id = contentId(options.host.sha256, image);
  cache.put(programAction(checked, options, ws, p), encodeText(id));
}

/** "" for a package that is up to date, else why it is not. */
export class Staleness {
  private readonly options: BuildOptions;
  private readonly ws: Workspace;
  private readonly cache: BuildCache;
  private readonly loader: Loader;
  private readonly checked: CheckedPackages;
  private readonly reasons: Map<LoadedPackage, string>;

  constructor(options: BuildOptions, ws: Workspace, cache: BuildCache, args: readonly string[]) {
    this.options = options;
    this.ws = ws;
    this.cache = cache;
    // Packages as a build loads them, which may have other files than a list tells of.
    this.loader = new Loader(options.host.files, new FileSet(), options.target, ws);
    const named = new Set(loadPackages(ws, this.loader, args));
    this.checked = new CheckedPackages(options, ws, cache, (p) => named.has(p), '');
    this.reasons = new Map();
  }

  /** `target`: where the package would be installed, or "". */
  reasonFor(path: string, target: string): string {
    const p = this.loader.find(path) ?? this.loader.load(path);
    if (p === null || this.options.rebuild) return 'build -a flag in use';
    if (p.name !== 'main' || p.isStandard) return this.reasonOf(p);
    const { host } = this.options;
    const made = this.cache.get(programAction(this.checked, this.options, this.ws, p));
    const info = target === '' ? null : host.files.stat(target);
    if (made !== null && info?.isDirectory === false)
      if (contentId(host.sha256, host.files.readFile(target)) === decodeText(made)) return '';
    const own = this.reasonOf(p);
    return own === '' && target !== '' ? 'not installed but available in build cache' : own;
  }

  private reasonOf(p: LoadedPackage): string {
    let reason = this.reasons.get(p);
    if (reason === undefined) {
      this.reasons.set(p, '');
      reason = this.findReason(p);
      this.reasons.set(p, reason);
    }
    return reason;
  }

  private findReason(p: LoadedPackage): string {
    for (const q of p.imports.values()) {
      // Code of the standard library changes with its version only.
      const reason = q.isStandard ? '' : this.reasonOf(q);
      if (reason.startsWith('stale dependency: ')) return reason;
      if (reason !== '') return `stale dependency: ${q.path}`;
    }
    return this.checked.has(p) ? '' : 'build ID mismatch';
  }
}
