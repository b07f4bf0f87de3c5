/**
 * Command lines of `test`: flags stand before and after the packages; some are the command's, some the test binary's, some both's; what nobody
 * knows is the test binary's, too. The rules are those of cmd/go/internal/test (testFlags) and cmd/go/internal/cmdflag.
 */
import { quote } from '#base/quote.ts';
import type { Host } from '#host/host.ts';
import { splitQuoted } from '#load/cgo-flags.ts';
import type { Environment } from './environment.ts';
import { bool, buildFlagsWithTools, type CommandFlag, goFlagNames, text } from './flags.ts';
import { absolutePath } from './paths.ts';
import { formatDuration, parseDuration } from './test-duration.ts';
import { checkVetFlag } from './test-vet.ts';
import { notLeading, ParsedFlags } from './tool-flags.ts';

/** They make the command keep the binary, and allow one package only, in the order in which they are told. */
export const profileFlags = ['blockprofile', 'cpuprofile', 'memprofile', 'mutexprofile', 'trace'] as const;

/** Flags that the test binary has, too: it gets them as -test.name. */
const binaryFlags: readonly CommandFlag[] = [
  bool('artifacts', 'Keeps the artifacts of tests in the output directory.'),
  text('bench', 'regexp', 'Runs the benchmarks that match.'),
  bool('benchmem', 'Tells what benchmarks allocate.'),
  text('benchtime', 't', 'How long to run each benchmark; "100x" is a number of times.'),
  text('blockprofile', 'file', 'Writes a profile of blocked goroutines.'),
  text('blockprofilerate', 'n', 'How much of blocking is recorded.'),
  text('count', 'n', 'Runs each test and benchmark n times.'),
  text('coverprofile', 'file', 'Writes a coverage profile.'),
  text('cpu', '1,2,4', 'Values of GOMAXPROCS to run with.'),
  text('cpuprofile', 'file', 'Writes a CPU profile.'),
  bool('failfast', 'Starts no new tests after the first that fails.'),
  bool('fullpath', 'Shows full file names in messages.'),
  text('fuzz', 'regexp', 'Runs the fuzz test that matches.'),
  text('fuzzminimizetime', 't', 'How long to minimise an input.'),
  text('fuzztime', 't', 'How long to fuzz.'),
  text('list', 'regexp', 'Lists tests that match, and runs none.'),
  text('memprofile', 'file', 'Writes an allocation profile.'),
  text('memprofilerate', 'n', 'How many allocations are recorded.'),
  text('mutexprofile', 'file', 'Writes a profile of contended mutexes.'),
  text('mutexprofilefraction', 'n', 'How many contentions are recorded.'),
  text('outputdir', 'directory', 'Where profiles go; the working directory, if not given.'),
  text('parallel', 'n', 'How many tests that call t.Parallel run at once.'),
  text('run', 'regexp', 'Runs the tests, examples and fuzz tests that match.'),
  bool('short', 'Tells long tests to be shorter.'),
  text('shuffle', 'off,on,N', 'Runs tests in random order.'),
  text('skip', 'regexp', 'Runs only tests that do not match.'),
  text('timeout', 'd', 'Ends a test binary that runs longer; 10 minutes, if not given.'),
  text('trace', 'file', 'Writes an execution trace.'),
  bool('v', 'Prints all tests as they are run.'),
];

export const testFlags: readonly CommandFlag[] = [
  ...binaryFlags,
  bool('c', 'Compiles the test binary, but does not run it.'),
  text('o', 'file', 'The name of the test binary, or its directory.'),
  text('exec', 'xprog', 'A program to run the test binary with.'),
  text('vet', 'list', 'The checks of vet to run before the tests; "off" is none, "all" all.'),
  bool('json', 'Prints JSON, an object a line.'),
  bool('cover', 'Tells how many of the statements ran.'),
  text('covermode', 'set,count,atomic', 'What coverage counts.'),
  text('coverpkg', 'patterns', 'The packages to cover, instead of the tested one.'),
  ...buildFlagsWithTools.filter((f) => !['v', 'json'].includes(f.name)),
];

/** What the help about flags of tests lists. */
export const testHelpFlags: readonly CommandFlag[] = [
  ...binaryFlags,
  ...['cover', 'covermode', 'coverpkg', 'vet', 'json'].flatMap((name) => testFlags.filter((f) => f.name === name)),
];

const integers = new Set(['count', 'parallel']);

export interface TestCommandLine {
  readonly parsed: ParsedFlags;
  /** Null if there are none on the command line. */
  readonly packages: readonly string[] | null;
  /** The test binary's arguments. */
  readonly passed: readonly string[];
  /** Nanoseconds; 0: none. */
  readonly timeout: number;
  /** -help is among the binary's arguments. */
  readonly asksHelp: boolean;
}

/** A wrong command line: what to print besides the usage; after "?" the short usage, after "!" none. */
export class TestUsageError {
  readonly message: string;
  readonly status: number;

  constructor(message: string, status = 2) {
    this.message = message;
    this.status = status;
  }
}

/** A flag that some argument or GOFLAGS sets, by the name as it stands there: "v" and "test.v" are two. */
class Settings {
  readonly parsed: ParsedFlags;
  readonly names: Set<string>;
  private readonly host: Host;

  constructor(host: Host) {
    this.parsed = new ParsedFlags();
    this.names = new Set();
    this.host = host;
  }

  find(name: string): CommandFlag | null {
    const own = testFlags.find((f) => f.name === name);
    if (own !== undefined) return own;
    if (!name.startsWith('test.')) return null;
    return binaryFlags.find((f) => `test.${f.name}` === name) ?? null;
  }

  /** "" or what is wrong with the value. */
  set(name: string, f: CommandFlag, value: string): string {
    const wrong = wrongValue(f, value);
    if (wrong !== '') return wrong;
    this.names.add(name);
    const list = f.repeated ? this.parsed.list(f.name) : [];
    this.parsed.values.set(f.name, [...list, canonical(this.host, f, value)]);
    return '';
  }
}

/** Null for help alone. */
export function parseTestFlags(
  host: Host,
  env: Environment,
  given: readonly string[],
): TestCommandLine | TestUsageError {
  const settings = new Settings(host);
  const wrong = setFromEnvironment(settings, env);
  if (wrong !== null) return wrong;
  // Flags of GOFLAGS that the binary gets unless an argument says otherwise.
  const inherited = new Set([...settings.names].filter((n) => isPassed(n)));
  const explicit: string[] = [];
  let packages: string[] | null = null;
  let inPackages = false;
  let wasBareUnknown = false;
  let firstUnknown = '';
  let i = 0;
  while (i < given.length) {
    const raw = given[i++];
    const afterBareUnknown = wasBareUnknown;
    wasBareUnknown = false;
    if (raw === '--') {
      explicit.push(...given.slice(i - 1));
      break;
    }
    const arg = raw.startsWith('--') ? raw.slice(1) : raw;
    if (arg === '-?' || arg === '-h' || arg === '-help') return new TestUsageError('');
    if (arg.length < 2 || arg[0] !== '-' || arg[1] === '-' || arg[1] === '=') {
      if (inPackages || packages === null) {
        inPackages = true;
        packages = [...(packages ?? []), raw];
      } else if (afterBareUnknown) {
        explicit.push(raw);
      } else {
        explicit.push(...given.slice(i - 1));
        break;
      }
      continue;
    }
    inPackages = false;
    const eq = arg.indexOf('=');
    const name = arg.slice(1, eq < 0 ? undefined : eq);
    const flag = settings.find(name);
    if (flag === null) {
      packages ??= [];
      if (raw === '-args' || raw === '--args') {
        explicit.push(...given.slice(i));
        break;
      }
      if (firstUnknown === '') firstUnknown = raw;
      explicit.push(raw);
      wasBareUnknown = eq < 0;
      continue;
    }
    let value = eq < 0 ? '' : arg.slice(eq + 1);
    if (isBoolean(flag)) {
      if (eq < 0) value = 'true';
    } else if (eq < 0) {
      if (i === given.length) return new TestUsageError(`flag needs an argument: -${name}`);
      value = given[i++];
    }
    const problem = settings.set(name, flag, value);
    if (problem !== '') {
      const what = isBoolean(flag) ? `boolean value ${quote(value)} for` : `value ${quote(value)} for flag`;
      return new TestUsageError(`invalid ${what} -${name}: ${problem}`);
    }
    if (!isPassed(flag.name)) continue;
    explicit.push(`-test.${flag.name}=${settings.parsed.text(flag.name, '')}`);
    inherited.delete(flag.name);
    inherited.delete(`test.${flag.name}`);
  }
  const { parsed } = settings;
  if (firstUnknown !== '' && parsed.bool('c', false))
    return new TestUsageError(`go: unknown flag ${firstUnknown} cannot be used with -c`);
  // An empty list after an unknown flag counts as no packages for what depends on their being named.
  const named: string[] | null = packages === null || packages.length === 0 ? null : packages;
  return finish(host, settings, named, [...inherited].sort(), explicit);
}

function finish(
  host: Host,
  settings: Settings,
  packages: string[] | null,
  inherited: string[],
  explicit: string[],
): TestCommandLine {
  const { parsed, names } = settings;
  const injected: string[] = [];
  const isJson = parsed.bool('json', false);
  if (isJson) injected.push('-test.v=test2json');
  for (const name of inherited) {
    const own = name.replace(/^test\./, '');
    if (!(isJson && own === 'v')) injected.push(`-test.${own}=${parsed.text(own, '')}`);
  }
  const isSet = (name: string): boolean => names.has(name) || names.has(`test.${name}`);
  const timeout = parseDuration(parsed.text('timeout', '10m')) ?? 0;
  if (timeout > 0 && !isSet('timeout')) injected.push(`-test.timeout=${formatDuration(timeout)}`);
  // The binary would take its own working directory.
  const writes = profileFlags.some((f) => parsed.text(f, '') !== '') || parsed.bool('artifacts', false);
  if (writes && !isSet('outputdir')) injected.push(`-test.outputdir=${host.workingDirectory()}`);
  const end = explicit.indexOf('--');
  const asksHelp = (end < 0 ? explicit : explicit.slice(0, end)).some((a) => /^(-h|--?help)$/.test(a));
  return { parsed, packages, passed: [...injected, ...explicit], timeout, asksHelp };
}

function isPassed(name: string): boolean {
  return binaryFlags.some((f) => f.name === name || `test.${f.name}` === name);
}

function isBoolean(f: CommandFlag): boolean {
  return f.kind === 'bool' || f.kind === 'count';
}

/** Flags of GOFLAGS; those that only other commands have are left out. */
function setFromEnvironment(settings: Settings, env: Environment): TestUsageError | null {
  const words = splitQuoted(env.get('GOFLAGS'));
  if (words === null) return new TestUsageError('!go: parsing $GOFLAGS: unterminated quote', 1);
  for (const w of words) {
    const m = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(w);
    if (m === null) return new TestUsageError(`!go: parsing $GOFLAGS: non-flag ${quote(w)}`, 1);
    if (settings.find(m[1]) === null && !goFlagNames.has(m[1]))
      return new TestUsageError(`!go: parsing $GOFLAGS: unknown flag -${m[1]}`, 1);
  }
  for (const w of words) {
    const m = /^--?([^=]*)(?:=(.*))?$/s.exec(w);
    const flag = m === null ? null : settings.find(m[1]);
    if (m === null || flag === null) continue;
    const value: string | undefined = m[2];
    if (!isBoolean(flag) && value === undefined)
      return new TestUsageError(`?go: flag needs an argument: -${m[1]} (from $GOFLAGS)`);
    const problem = settings.set(m[1], flag, value ?? 'true');
    if (problem === '') continue;
    const what = isBoolean(flag) ? 'boolean value' : 'value';
    return new TestUsageError(
      `?go: invalid ${what} ${quote(value ?? '')} for flag -${m[1]} (from $GOFLAGS): ${problem}`,
    );
  }
  return null;
}

const booleans = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
const isTrue = (value: string): boolean => /^(1|t|T|TRUE|true|True)$/.test(value);

/** Why a flag cannot have a value, or "". */
function wrongValue(f: CommandFlag, value: string): string {
  if (f.name === 'v') return booleans.test(value) || value === 'test2json' ? '' : `invalid flag -test.v=${value}`;
  if (f.name === 'buildvcs')
    return booleans.test(value) || value === '' || value === 'auto' ? '' : `value is neither 'auto' nor a valid bool`;
  if (isBoolean(f)) return booleans.test(value) ? '' : 'parse error';
  if (f.kind === 'int' || integers.has(f.name)) return parseInteger(value) === null ? 'parse error' : '';
  if (f.kind === 'leading') return notLeading(f);
  if (f.name === 'timeout') return parseDuration(value) === null ? 'parse error' : '';
  if (f.name === 'vet') return checkVetFlag(value);
  if (f.name === 'covermode')
    return ['set', 'count', 'atomic'].includes(value) ? '' : 'valid modes are "set", "count", or "atomic"';
  if (f.name === 'shuffle' && value !== 'on' && value !== 'off' && !/^[+-]?\d+$/.test(value))
    return `-shuffle argument must be "on", "off", or an int64: strconv.ParseInt: parsing ${quote(value)}: invalid syntax`;
  return '';
}

/** Null if it is none. */
function parseInteger(value: string): number | null {
  const m = /^([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/.exec(value);
  if (m === null) return null;
  const digits = m[2].replaceAll('_', '').replace(/^0(?=[0-7])/, '0o');
  return (m[1] === '-' ? -1 : 1) * Number(digits);
}

/** A value as the flag prints it. */
function canonical(host: Host, f: CommandFlag, value: string): string {
  if (f.name === 'v' && value === 'test2json') return value;
  if (f.name === 'buildvcs' && !booleans.test(value)) return 'auto';
  if (isBoolean(f)) return isTrue(value) ? 'true' : 'false';
  if (integers.has(f.name)) return String(parseInteger(value) ?? 0);
  if (f.name === 'timeout') return formatDuration(parseDuration(value) ?? 0);
  if (f.name === 'outputdir') return value === '' ? '' : absolutePath(host, value);
  if (f.name === 'shuffle' && /\d/.test(value)) return plainDecimal(value);
  return value;
}

/** A decimal number without sign "+" and leading zeros. */
function plainDecimal(value: string): string {
  const m = /^([+-]?)0*(\d+)$/.exec(value);
  if (m === null) return value;
  return m[1] === '-' && m[2] !== '0' ? `-${m[2]}` : m[2];
}
