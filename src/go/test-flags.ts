/** Command lines of `test`: flags may stand before and after the packages, and unknown ones are the test binary's (cmd/go/internal/test, testflag.go). */
import { bool, buildFlags, type CommandFlag, text } from './flags.ts';
import { ParsedFlags, parseFlags } from './tool-flags.ts';

/** Flags that the test binary gets, as -test.name. */
const binaryBooleans = 'benchmem failfast fullpath short';
const binaryTexts =
  'bench benchtime blockprofile blockprofilerate count cpu cpuprofile list memprofile memprofilerate mutexprofile mutexprofilefraction ' +
  'outputdir parallel run shuffle skip timeout trace';

/** They make the command keep the binary. */
export const profileFlags = ['blockprofile', 'cpuprofile', 'memprofile', 'mutexprofile'] as const;
/** A run with nothing but these can be told from an earlier one. */
const cacheable = new Set('benchtime cpu list parallel run short skip timeout failfast fullpath v'.split(' '));

const notYet = 'it is not implemented';

const names = (list: string): string[] => list.split(' ');

export const testFlags: readonly CommandFlag[] = [
  ...names(binaryBooleans).map((n) => bool(n, 'A flag of the test binary.')),
  ...names(binaryTexts).map((n) => text(n, 'value', 'A flag of the test binary.')),
  bool('v', 'Prints all tests as they are run.'),
  bool('c', 'Compiles the test binary, but does not run it.'),
  text('o', 'file', 'The name of the test binary.'),
  text('exec', 'xprog', 'A program to run the test binary with.'),
  text('vet', 'list', 'Checks before tests; only "off" is.', ''),
  bool('json', 'Prints JSON.', notYet),
  bool('artifacts', 'Keeps artifacts of tests.', notYet),
  text('fuzz', 'regexp', 'Runs a fuzz test.', 'code is not instrumented for fuzzing'),
  text('fuzztime', 't', 'How long to fuzz.', 'code is not instrumented for fuzzing'),
  text('fuzzminimizetime', 't', 'How long to minimise.', 'code is not instrumented for fuzzing'),
  text('covermode', 'mode', 'The mode of coverage.', notYet),
  text('coverpkg', 'patterns', 'Packages to cover.', notYet),
  text('coverprofile', 'file', 'Writes a coverage profile.', notYet),
  ...buildFlags.filter((f) => f.name !== 'v'),
];

export interface TestCommandLine {
  readonly parsed: ParsedFlags;
  readonly packages: readonly string[];
  /** For the test binary: flags with the prefix "test.", then what is not ours. */
  readonly flags: readonly string[];
  readonly args: readonly string[];
  /** Results of equal runs may be taken. */
  readonly isCacheable: boolean;
}

/** GOFLAGS are first among the arguments. */
export function parseTestFlags(given: readonly string[]): TestCommandLine {
  const parsed = new ParsedFlags();
  const packages: string[] = [];
  const flags: string[] = [];
  let args: string[] = [];
  let isCacheable = true;
  // Packages stand together; what follows something unknown is not one of them.
  let state: 'before' | 'in' | 'after' = 'before';
  for (let i = 0; i < given.length; i++) {
    const arg = given[i];
    if (arg === '-args' || arg === '--args') {
      args = [...args, ...given.slice(i + 1)];
      break;
    }
    if (arg.length < 2 || arg[0] !== '-' || arg === '--') {
      if (state === 'after') {
        args = [...args, ...given.slice(i)];
        break;
      }
      state = 'in';
      packages.push(arg);
      continue;
    }
    if (state === 'in') state = 'after';
    const name = arg
      .replace(/^--?/, '')
      .replace(/=.*$/s, '')
      .replace(/^test\./, '');
    const flag = testFlags.find((f) => f.name === name);
    if (flag === undefined) {
      args.push(arg);
      state = 'after';
      isCacheable = false;
      continue;
    }
    const takesNext = flag.kind === 'string' && !arg.includes('=');
    const words = takesNext ? given.slice(i, i + 2) : [arg];
    if (takesNext) i++;
    const one = parseFlags([flag], [words[0].replace(/^(--?)test\./, '$1'), ...words.slice(1)]);
    if (one.error !== '') {
      parsed.error = one.error;
      break;
    }
    for (const [n, v] of one.values) parsed.values.set(n, v);
    const isOurs = !names(`${binaryBooleans} ${binaryTexts} v`).includes(name);
    if (isOurs) continue;
    flags.push(`-test.${name}=${one.text(name, '')}`);
    if (!cacheable.has(name)) isCacheable = false;
  }
  return { parsed, packages, flags, args, isCacheable: isCacheable && args.length === 0 };
}
