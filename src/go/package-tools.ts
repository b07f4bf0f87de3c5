/**
 * One package compiled as the official command compiles it: by the command lines of assembler, compiler and archiver. For archives of packages
 * (build -o x.a), for what flags make the compiler tell (-gcflags=-m, -S), and for -toolexec.
 */
import { decodeText } from '#base/bytes.ts';
import type { BuildCache } from '#cache/store.ts';
import type { LoadedPackage, Loader } from '#load/loader.ts';
import {
  assemblerArguments,
  type CompileFacts,
  compilerArguments,
  embedConfig,
  importConfig,
  sourceFile,
  trimpathArgument,
} from './build-commands.ts';
import type { BuildOptions } from './build-options.ts';
import { withShortPaths } from './diagnostics.ts';
import { ExportStore } from './export-store.ts';
import type { Workspace } from './packages.ts';
import { MemoryBench, type ToolBench } from './tool-bench.ts';

export interface ToolOutcome {
  readonly ok: boolean;
  /** What the tools have said. */
  readonly output: string;
  /** The package's archive, with its build ID; null if that was not asked for or could not be made. */
  readonly archive: Uint8Array | null;
}

/** What a compilation needs to know of others. */
export interface ToolInputs {
  readonly place: string;
  /** The package as messages name it. */
  readonly name: string;
  readonly buildId: string;
  /** The file that an imported package is read from. */
  readonly archiveOf: (p: LoadedPackage) => string;
  readonly wantsArchive: boolean;
}

/** Runs the tools on a package; everything that it imports must be right. */
export async function compileWithTools(
  options: BuildOptions,
  facts: CompileFacts,
  bench: ToolBench,
  inputs: ToolInputs,
): Promise<ToolOutcome> {
  const p = facts.package;
  const { place, buildId } = inputs;
  const { work } = bench;
  const at = (words: readonly string[]): string[] => words.map((w) => w.replaceAll(`$WORK/${place}`, work));
  const failed = (): ToolOutcome => ({
    ok: false,
    output: shown(options, bench.output, p, inputs.name),
    archive: null,
  });
  const sources = p.files.sFiles.map((name) => `${p.dir}/${name}`);
  const hasAssembly = sources.length > 0;
  const assembler = at(assemblerArguments(options, facts, place));
  bench.write('go_asm.h', '');
  if (hasAssembly && !(await bench.run('asm', [...assembler, '-gensymabis', '-o', `${work}/symabis`, ...sources])))
    return failed();
  bench.write('importcfg', importConfig(p, inputs.archiveOf));
  const embedded = embedConfig(options, p);
  if (embedded !== '') bench.write('embedcfg', embedded);
  const files = p.files.goFiles.map((f) => sourceFile(f.path, place));
  // What is generated lies in the package's directory in $WORK.
  for (const f of p.files.goFiles)
    if (!f.path.startsWith('/')) bench.write(f.path, decodeText(options.host.files.readFile(f.path)));
  const args = at([
    ...['-o', `${work}/_pkg_.a`, '-trimpath', trimpathArgument(options, p, place), '-buildid', buildId],
    ...compilerArguments(options, facts, place),
    ...(embedded === '' ? [] : ['-embedcfg', `${work}/embedcfg`]),
    '-pack',
    ...(hasAssembly ? ['-asmhdr', `${work}/go_asm.h`] : []),
    ...files,
  ]);
  if (!(await bench.run('compile', args))) return failed();
  const output = (): string => shown(options, bench.output, p, inputs.name);
  if (!inputs.wantsArchive) return { ok: true, output: output(), archive: null };
  if (hasAssembly) {
    const objects = p.files.sFiles.map((name) => `${work}/${name.replace(/\.s$/, '.o')}`);
    for (const [i, source] of sources.entries())
      if (!(await bench.run('asm', [...assembler, '-o', objects[i], source]))) return failed();
    if (!(await bench.run('pack', ['r', `${work}/_pkg_.a`, ...objects]))) return failed();
  }
  return { ok: true, output: output(), archive: bench.read('_pkg_.a') };
}

/** Below the package's name; files of its directory are told as seen from here. */
function shown(options: BuildOptions, output: string, p: LoadedPackage, name: string): string {
  if (output === '') return '';
  const text = withShortPaths(options.host, p.dir, output);
  const rest = text.startsWith(`# ${p.path}\n`) ? text.slice(`# ${p.path}\n`.length) : text;
  return `# ${name}\n${rest}`;
}

/** How packages of a build are compiled here one by one; of imported packages only types are read. */
export class PackageTools {
  private readonly options: BuildOptions;
  private readonly exports: ExportStore;

  constructor(options: BuildOptions, ws: Workspace, loader: Loader, cache: BuildCache) {
    this.options = options;
    const { host, target } = options;
    this.exports = new ExportStore({ host, cache, target, loader, languageOf: (p) => ws.languageOf(p) });
  }

  compile(facts: CompileFacts, wantsArchive: boolean): Promise<ToolOutcome> {
    const { options, exports } = this;
    const action = exports.actionOf(facts.package);
    return compileWithTools(options, facts, new MemoryBench(options, 'b001'), {
      place: 'b001',
      name: facts.package.path,
      buildId: `${action.slice(0, 20)}/${action.slice(20, 40)}`,
      archiveOf: (q) => exports.fileOf(q),
      wantsArchive,
    });
  }
}
