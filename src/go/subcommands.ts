/** Commands in groups, such as `mod` and `work`: a table of rows, from which help and parsing come. */
import type { Host } from '#host/host.ts';
import { Environment } from './environment.ts';
import { bool, type CommandFlag, chdirFlag, parseCommandLine, text, usageText } from './flags.ts';
import { findGoroot } from './goroot.ts';
import { tellModError } from './mod-errors.ts';
import type { ModuleOptions } from './modules.ts';
import { OverlayError, overlayHost } from './overlay.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { tellOrSwitch } from './toolchain-switch.ts';

export interface SubcommandRequest {
  /** With what -overlay replaces. */
  readonly host: Host;
  readonly goroot: string;
  readonly env: Environment;
  readonly parsed: ParsedFlags;
  readonly options: ModuleOptions;
  /** The command line, for flags whose order counts. */
  readonly args: readonly string[];
}

export interface Subcommand {
  readonly name: string;
  readonly usage: string;
  readonly short: string;
  readonly long: string;
  readonly flags: readonly CommandFlag[];
  /** Works with GO111MODULE=off, too. */
  readonly worksWithoutModules: boolean;
  /** Looks at values of flags; null: there is nothing to look at. */
  readonly check: ((parsed: ParsedFlags) => { flag: string; value: string; problem: string } | null) | null;
  readonly run: (r: SubcommandRequest) => Promise<number>;
}

/** They go on with another release of Go if a module needs that. */
const switching = new Set(['mod download', 'mod tidy', 'work sync', 'work use']);

export interface CommandGroup {
  readonly name: string;
  /** "Go work provides access to operations on workspaces." */
  readonly about: string;
  readonly commands: readonly Subcommand[];
}

const commonFlags: readonly CommandFlag[] = [
  bool('modcacherw', 'Leaves new directories of the module cache writable.'),
  text('modfile', 'file', 'Reads and writes this file instead of go.mod.'),
  chdirFlag,
  text('overlay', 'file', 'A JSON file that replaces files.'),
];

/** The text of `help group command`; "" if there is no such command. */
export function subcommandHelp(group: CommandGroup, name: string): string {
  const c = group.commands.find((x) => x.name === name);
  if (c === undefined) return '';
  const flags = c.flags
    .map((f) => `\t-${f.name}${f.argument === '' ? '' : ` ${f.argument}`}\n\t\t${f.help}\n`)
    .join('');
  const usage = c.usage === '' ? '' : ` ${c.usage}`;
  return `usage: go ${group.name} ${c.name}${usage}\n\n${c.long || c.short}\n${flags === '' ? '' : `\nFlags:\n\n${flags}`}`;
}

export function groupOverview(group: CommandGroup): string {
  const rows = group.commands.map((c) => `\t${c.name.padEnd(12)}${c.short}\n`).join('');
  return `${group.about}\n\nUsage:\n\n\tgo ${group.name} <command> [arguments]\n\nThe commands are:\n\n${rows}\nUse "go help ${group.name} <command>" for more information about a command.\n`;
}

export async function runGroup(group: CommandGroup, args: readonly string[], host: Host): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help') return groupHelp(group, rest, host);
  const command = group.commands.find((c) => c.name === name);
  if (command === undefined) {
    if (name === undefined) host.stderr(groupOverview(group));
    else host.stderr(`go ${group.name}: unknown command\nRun 'go help ${group.name}' for usage.\n`);
    return 2;
  }
  try {
    return await runSubcommand(group, command, rest, host);
  } catch (e) {
    if (!(e instanceof OverlayError))
      return switching.has(`${group.name} ${name}`) ? tellOrSwitch(host, [e]) : tellModError(host, e);
    host.stderr(`go: ${e.message}\n`);
    return 1;
  }
}

async function runSubcommand(group: CommandGroup, c: Subcommand, args: readonly string[], host: Host): Promise<number> {
  const full = `${group.name} ${c.name}`;
  const goroot = findGoroot(host);
  const env = new Environment(host, goroot);
  const parsed = parseCommandLine(host, { name: full, usage: c.usage, flags: [...c.flags, ...commonFlags] }, args, env);
  if (parsed === null) return 2;
  const wrong = c.check?.(parsed) ?? null;
  if (wrong !== null) {
    const hint = usageText({ name: full, usage: c.usage, flags: [] });
    host.stderr(`invalid value ${JSON.stringify(wrong.value)} for flag -${wrong.flag}: ${wrong.problem}\n${hint}`);
    return 2;
  }
  if (env.get('GO111MODULE') === 'off' && !c.worksWithoutModules) {
    host.stderr("go: modules disabled by GO111MODULE=off; see 'go help modules'\n");
    return 1;
  }
  const overlay = parsed.text('overlay', '');
  const options = {
    mod: '',
    modfile: parsed.text('modfile', ''),
    writable: parsed.bool('modcacherw', false),
    showsRequests: parsed.bool('x', false),
    command: full,
  };
  const changed = overlay === '' ? host : overlayHost(host, overlay);
  return c.run({ host: changed, goroot, env, parsed, options, args });
}

export function groupHelp(group: CommandGroup, rest: readonly string[], host: Host): number {
  const text = rest.length === 1 ? subcommandHelp(group, rest[0]) : rest.length === 0 ? groupOverview(group) : '';
  if (text !== '') {
    host.stdout(text);
    return 0;
  }
  host.stderr(`go help ${group.name} ${rest.join(' ')}: unknown help topic. Run 'go help ${group.name}'.\n`);
  return 2;
}
