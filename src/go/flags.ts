/**
 * Flags of the commands: one table per command, from which parsing, GOFLAGS and the help texts come. The rules are Go's (tool-flags.ts);
 * messages and exit status are those of the go command.
 */
import type { Host } from '#host/host.ts';
import { ModError } from '#mod/errors.ts';
import type { Environment } from './environment.ts';
import { instrumentationProblem } from './instrument.ts';
import { splitQuotedFields } from './quoted.ts';
import { checkValue, type FlagSpec, notLeading, type ParsedFlags, parseFlags } from './tool-flags.ts';

export interface CommandFlag extends FlagSpec {
  /** The argument in help texts: "file" in "-o file"; "" for booleans. */
  readonly argument: string;
  readonly help: string;
  /** If not "", the flag is known and this is why it cannot be used; "false" values of booleans are always accepted. */
  readonly refused: string;
}

export function bool(name: string, help: string, refused = ''): CommandFlag {
  return { name, kind: 'bool', repeated: false, argument: '', help, refused };
}

export function text(name: string, argument: string, help: string, refused = ''): CommandFlag {
  return { name, kind: 'string', repeated: false, argument, help, refused };
}

/** What a command line needs to know of its command. */
export interface CommandUsage {
  readonly name: string;
  /** After the command's name. */
  readonly usage: string;
  readonly flags: readonly CommandFlag[];
  /** The tool of the tree whose flags the command takes, too; "" or left out if there is none. */
  readonly flagsOfTool?: string;
}

/** Every flag some go command has (go help build, go help testflag, ...): GOFLAGS may name them; those that a command lacks are ignored there. */
export const goFlagNames: ReadonlySet<string> = new Set(
  (
    'C a asan asmflags benchmem bench buildmode buildvcs c changed compiled compiler count cover covermode coverpkg coverprofile cpu ' +
    'debug-actiongraph debug-runtime-trace debug-trace deps e exec export f failfast find fuzz gccgoflags gcflags go i installsuffix ' +
    'artifacts benchtime blockprofile blockprofilerate cpuprofile fullpath fuzztime fuzzminimizetime memprofile memprofilerate mutexprofile ' +
    'mutexprofilefraction outputdir testlogfile trace json ldflags linkshared list m mod modcacherw modfile msan n o overlay p parallel pgo pkgdir r race retracted reuse run short ' +
    'shuffle skip t tags test testcache timeout toolexec trimpath u v vet versions w why work x cache modcache fuzzcache'
  ).split(' '),
);

/** Parses a command line, after the flags of GOFLAGS; null if it is wrong, which has been told (exit status 2). */
export function parseCommandLine(
  host: Host,
  command: CommandUsage,
  args: readonly string[],
  env: Environment | null,
): ParsedFlags | null {
  const given = env === null ? [] : flagsOfEnvironment(env, command);
  if (typeof given === 'string') {
    host.stderr(given);
    return null;
  }
  const parsed = parseFlags([...command.flags, helpFlag, helpFlagLong], [...given, ...args]);
  if (parsed.has('h') || parsed.has('help')) {
    host.stderr(usageText(command));
    return null;
  }
  if (parsed.error !== '') {
    host.stderr(`${parsed.error}\n${usageText(command)}`);
    return null;
  }
  const instrumentation = env === null ? '' : instrumentationProblem(env, parsed);
  if (instrumentation !== '') {
    host.stderr(`${instrumentation}\n`);
    return null;
  }
  const refused = command.flags.find((f) => f.refused !== '' && isUsed(parsed, f));
  if (refused !== undefined) {
    host.stderr(`go ${command.name}: -${refused.name} cannot be used: ${refused.refused}\n`);
    return null;
  }
  return parsed;
}

const helpFlag = bool('h', '');
const helpFlagLong = bool('help', '');

function isUsed(parsed: ParsedFlags, f: CommandFlag): boolean {
  return parsed.has(f.name) && (f.kind !== 'bool' || parsed.bool(f.name, false));
}

export function usageText(command: CommandUsage): string {
  const { name, usage, flagsOfTool: tool = '' } = command;
  const more =
    tool === ''
      ? ''
      : `Run 'go tool ${tool} help' for a full list of flags and analyzers.\nRun 'go tool ${tool} -help' for an overview.\n`;
  return `usage: go ${name}${usage === '' ? '' : ` ${usage}`}\nRun 'go help ${name}' for details.\n${more}`;
}

/** The flags of GOFLAGS that the command has; a text is an error of their values (exit status 2). Throws ModError for what are no flags. */
export function flagsOfEnvironment(env: Environment, command: CommandUsage): string[] | string {
  const list: string[] = [];
  for (const { word, name, value } of wordsOfEnvironment(env, command)) {
    const flag = command.flags.find((f) => f.name === name);
    if (flag === undefined) continue;
    if (flag.kind !== 'bool' && flag.kind !== 'count' && value === undefined)
      return `go: flag needs an argument: -${name} (from $GOFLAGS)\n${usageText(command)}`;
    const text = value ?? '';
    if (flag.kind === 'leading')
      return `go: invalid value ${JSON.stringify(text)} for flag -${name} (from $GOFLAGS): ${notLeading(flag)}\n${usageText(command)}`;
    if (flag.kind === 'bool' && value !== undefined && checkValue(flag, text) !== '')
      return `go: invalid boolean value ${JSON.stringify(text)} for flag -${name} (from $GOFLAGS): parse error\n${usageText(command)}`;
    list.push(word);
  }
  return list;
}

interface EnvironmentWord {
  readonly word: string;
  readonly name: string;
  readonly value: string | undefined;
}

/** All flags of GOFLAGS. `env` and `bug` are asked when it is wrong, and leave out what is no flag. */
function wordsOfEnvironment(env: Environment, command: CommandUsage): EnvironmentWord[] {
  const isLenient = command.name === 'env' || command.name === 'bug';
  const words = splitQuotedFields(env.get('GOFLAGS'));
  if (words === null && !isLenient) throw new ModError('parsing $GOFLAGS: unterminated quote');
  const list: EnvironmentWord[] = [];
  for (const word of words ?? []) {
    const m = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
    const isFlag = m !== null && (command.flags.some((f) => f.name === m[1]) || isFlagOfSomeCommand(m[1]));
    if (m !== null && isFlag) list.push({ word, name: m[1], value: m[2] });
    else if (!isLenient)
      throw new ModError(
        `parsing $GOFLAGS: ${m === null ? `non-flag ${JSON.stringify(word)}` : `unknown flag -${m[1]}`}`,
      );
  }
  return list;
}

function isFlagOfSomeCommand(name: string): boolean {
  return goFlagNames.has(name.replace(/^test\./, ''));
}

const notYet = 'it is not implemented';
const notInstrumented = 'the compiler does not instrument code';

function repeated(flag: CommandFlag): CommandFlag {
  return { ...flag, repeated: true };
}

/** Taken from the command line before anything else (cli/chdir.ts). */
export const chdirFlag: CommandFlag = {
  ...text('C', 'dir', 'Changes to dir before anything else; it must be the first flag.'),
  kind: 'leading',
};

/** Each of them asks for coverage. */
export const coverFlags: readonly CommandFlag[] = [
  bool('cover', 'Counts what is executed: programs write it to the directory that GOCOVERDIR names.'),
  text('covermode', 'set,count,atomic', 'What coverage counts.'),
  text('coverpkg', 'patterns', 'The packages to cover, instead of those of the main module.'),
];

/** Flags of the commands that build programs, besides those of all. */
export const programFlags: readonly CommandFlag[] = [
  bool('why', 'Tells of every package of a program why it was compiled, or that it was not.'),
  bool('json', 'Prints messages of builds as JSON.'),
  ...coverFlags,
];

/** Flags that all commands have which build packages; a list of tags may be separated by commas or, of old, by spaces. */
export const buildFlags: readonly CommandFlag[] = [
  chdirFlag,
  bool('a', 'Builds packages that are up to date, too.'),
  bool('n', 'Prints the commands without running them.'),
  text('p', 'n', 'How many tests of packages may run at once; packages are compiled one after the other.'),
  bool('race', 'Enables data race detection.', notInstrumented),
  bool('msan', 'Enables interoperation with the memory sanitizer.', notInstrumented),
  bool('asan', 'Enables interoperation with the address sanitizer.', notInstrumented),
  bool('v', 'Prints the names of packages as they are compiled.'),
  bool('work', 'Prints the name of the temporary directory and keeps it.'),
  bool('x', 'Prints the commands: those of the official tools that would do the same.'),
  repeated(text('asmflags', '[pattern=]flags', 'Arguments of the assembler.')),
  text('buildmode', 'mode', 'What to build: "exe", "archive" or "default".'),
  {
    ...bool('buildvcs', 'Whether to stamp the executable with version control data: "auto", "true" or "false".'),
    kind: 'count',
  },
  text('compiler', 'name', 'The compiler to use; there is only "gc".'),
  repeated(text('gccgoflags', '[pattern=]flags', 'Arguments of gccgo, which is not used.')),
  repeated(text('gcflags', '[pattern=]flags', 'Arguments of the compiler.')),
  text('installsuffix', 'suffix', 'A suffix of the directory for installed packages, of which there are none.'),
  repeated(text('ldflags', '[pattern=]flags', 'Arguments of the linker.')),
  bool('linkshared', 'Links against shared libraries.', notYet),
  text('mod', 'mode', 'readonly, vendor or mod.'),
  bool('modcacherw', 'Leaves new directories of the module cache writable.'),
  text('modfile', 'file', 'Reads this file instead of go.mod.'),
  text('overlay', 'file', 'A JSON file that replaces files.'),
  text('pgo', 'file', 'A profile for optimisation; "off" and "auto" are accepted and do nothing.'),
  text('pkgdir', 'dir', 'The directory for installed packages, of which there are none.'),
  text('tags', 'tag,list', 'Build tags that hold besides those of the system and the architecture.'),
  bool('trimpath', 'Removes file system paths from the executable.'),
  text('toolexec', 'cmd', 'A program through which tools are run.', 'nothing is compiled by processes here'),
];

/** Flags of the commands that may run tools as processes. */
export const buildFlagsWithTools: readonly CommandFlag[] = buildFlags.map((f) =>
  f.name === 'toolexec' ? { ...f, refused: '' } : f,
);

export function tagsOf(parsed: ParsedFlags): string[] {
  return parsed
    .text('tags', '')
    .split(/[ ,]+/)
    .filter((t) => t !== '');
}
