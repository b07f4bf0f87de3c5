/** -cover of build, install, run and list: the packages of a command line with counters (cmd/go/internal/load, PrepareForCoverageBuild). */
import { FileSet } from '#base/source.ts';
import { dependenciesOf, type LoadedPackage, Loader } from '#load/loader.ts';
import type { BuildOptions } from './build-options.ts';
import { Coverage, counterFileName, filesWithCounters, selectPackages } from './coverage.ts';
import { loadPackages, namesFiles, type Workspace } from './packages.ts';

/** What programs link besides, to write what they have counted. */
const hookPackage = 'internal/coverage/cfile';

export interface CoveredBuild {
  readonly coverage: Coverage;
  /** The arguments, with the file of counters where they are files. */
  readonly args: readonly string[];
}

/** Chooses the packages, and puts their files with counters where the machine's disk seems to have them. */
export function coverBuild(
  options: BuildOptions,
  ws: Workspace,
  args: readonly string[],
  counters: Map<string, Uint8Array>,
): CoveredBuild | null {
  const asked = options.coverage;
  if (asked === null) return null;
  const coverage = new Coverage(asked.mode, asked.patterns, true);
  const loader = new Loader(options.host.files, new FileSet(), options.target, ws);
  const named = loadPackages(ws, loader, args);
  // What cannot be loaded is told when the packages are loaded to be compiled.
  if (loader.errors.length > 0) return { coverage, args };
  const needed = new Set<LoadedPackage>();
  for (const p of named) for (const q of [p, ...dependenciesOf(p)]) needed.add(q);
  const hooks = [loader.load('runtime'), named.some((p) => p.name === 'main') ? loader.load(hookPackage) : null];
  for (const p of hooks) if (p !== null) for (const q of [p, ...dependenciesOf(p)]) needed.add(q);
  selectPackages(coverage, ws, needed, (p) => named.includes(p));
  for (const [path, text] of filesWithCounters(coverage, options.host, ws, coverage.selected)) counters.set(path, text);
  const isFiles = namesFiles(ws, args);
  return { coverage, args: isFiles ? [`${named[0].dir}/${counterFileName}`, ...args] : args };
}
