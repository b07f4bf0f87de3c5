/**
 * -gcflags and -asmflags of a build: what they ask of the compiler and the assembler for each package. Flags that only make the compiler tell more
 * (-m, -S) are followed by compiling the package as `tool compile` does, for what that says (package-tools.ts).
 */
import { maxErrors } from '#base/diagnostic.ts';
import type { AssemblerOptions } from '#compile/assembly.ts';
import type { PackageOptions } from '#compile/function-compiler.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';
import { compilerFlags, wrongValue } from './compiler-flag-table.ts';
import { type FlagSpec, flagSpecs, type ParsedFlags, parseFlags } from './tool-flags.ts';

/** Flags that leave the code as it is and the compiler silent, or that only say what the build says anyway. */
const silent = new Set(
  (
    'C K L c complete dwarf dwarfbasentries dwarflocationlists e errorurl gendwarfinl goversion lang nolocalimports p pack std trimpath wb N l ' +
    'cpuprofile memprofile memprofilerate mutexprofile blockprofile traceprofile bench'
  ).split(' '),
);

/** Flags that make it tell something. */
const telling = new Set('E S W d h j json live m r t v w V'.split(' '));

export interface CompilerRequest {
  /** Null if the package is compiled as usual. */
  readonly options: PackageOptions | null;
  /** -lang, or "". */
  readonly lang: string;
  readonly allErrors: boolean;
  /** Something is to be told: `tool compile` does. */
  readonly tells: boolean;
  /** What the compiler says of wrong flags, or "". */
  readonly problem: string;
}

const usual: CompilerRequest = { options: null, lang: '', allErrors: false, tells: false, problem: '' };

/** At how many errors of a package the compiler gives up. */
export function errorLimit(r: CompilerRequest): number {
  return r.allErrors ? Number.POSITIVE_INFINITY : maxErrors;
}

/** Throws BuildFlagError if a flag asks for code that cannot be made. */
export function compilerRequest(options: BuildOptions, p: LoadedPackage, isNamed: boolean): CompilerRequest {
  const given = options.gcflags.for(options.host, p, isNamed);
  if (given.length === 0) return usual;
  const f = parseFlags(compilerFlags, given);
  if (f.error !== '' || f.rest.length > 0)
    return { ...usual, problem: `${f.error}\nusage: compile [options] file.go...`.trimStart() };
  const wrong = wrongValue(f);
  for (const name of f.values.keys()) {
    if (silent.has(name) || telling.has(name) || !isAsked(f, name)) continue;
    throw new BuildFlagError(`go: -gcflags: -${name} cannot be used: the compiler cannot do so yet`, 2);
  }
  // The runtime cannot be built without optimizations (cmd/compile/internal/base, ParseFlags).
  const unoptimized = f.count('N') > 0 && !(p.isStandard && isRuntimePackage(p.path));
  const inlines = f.count('l') !== 1 && !unoptimized;
  return {
    options: unoptimized || !inlines ? { unoptimized, inlines } : null,
    lang: f.text('lang', ''),
    allErrors: f.count('e') > 0,
    tells: [...telling].some((name) => f.has(name)),
    problem: wrong === '' ? '' : `compile: ${wrong}`,
  };
}

function isAsked(f: ParsedFlags, name: string): boolean {
  const spec = compilerFlags.find((s) => s.name === name);
  return spec?.kind !== 'bool' || f.bool(name, false);
}

const assemblerFlags: readonly FlagSpec[] = [
  ...flagSpecs('bool', false, 'dynlink linkshared shared e v debug gensymabis S'),
  ...flagSpecs('string', false, 'd o p spectre trimpath'),
  ...flagSpecs('string', true, 'D I'),
];

/** Null if the package is assembled as usual. Throws BuildFlagError. */
export function assemblerRequest(options: BuildOptions, p: LoadedPackage, isNamed: boolean): AssemblerOptions | null {
  const given = options.asmflags.for(options.host, p, isNamed);
  if (given.length === 0 || p.files.sFiles.length === 0) return null;
  const f = parseFlags(assemblerFlags, given);
  if (f.error !== '') throw new BuildFlagError(`# ${p.path}\nasm: ${f.error}`, 1);
  const followed = new Set(['D', 'I', 'e', 'p', 'trimpath']);
  const other = [...f.values.keys()].find((name) => !followed.has(name));
  if (other !== undefined)
    throw new BuildFlagError(`go: -asmflags: -${other} cannot be used: it is not implemented`, 2);
  return { defines: f.list('D'), includeDirs: f.list('I'), allErrors: f.bool('e', false) };
}

/** For a program's request: what its packages are asked for. `find` knows them by the paths that the program does. */
export function packageRequests(
  options: BuildOptions,
  find: (path: string) => LoadedPackage | null,
  isNamed: (p: LoadedPackage) => boolean,
) {
  if (!options.gcflags.isGiven && !options.asmflags.isGiven) return {};
  return {
    packageOptions: (path: string): PackageOptions | null => {
      const p = find(path);
      return p === null ? null : compilerRequest(options, p, isNamed(p)).options;
    },
    assemblerOptions: (path: string): AssemblerOptions | null => {
      const p = find(path);
      return p === null ? null : assemblerRequest(options, p, isNamed(p));
    },
  };
}
