/** `tuza mod`: its commands, each with its flags (cmd/go/internal/modcmd). */
import type { Host } from '#host/host.ts';
import { Environment } from './environment.ts';
import { bool, type CommandFlag, parseCommandLine, text } from './flags.ts';
import { findGoroot } from './goroot.ts';
import { runModGraph, runModVerify } from './mod-commands.ts';
import { runModDownload } from './mod-download.ts';
import { editFlags, runModEdit } from './mod-edit.ts';
import { tellModError } from './mod-errors.ts';
import { runModInit } from './mod-init.ts';
import { goFlagProblem, runModTidy } from './mod-tidy.ts';
import { runModVendor } from './mod-vendor.ts';
import { runModWhy } from './mod-why.ts';
import type { ModuleOptions } from './modules.ts';
import type { ParsedFlags } from './tool-flags.ts';

export interface ModRequest {
  readonly host: Host;
  readonly goroot: string;
  readonly parsed: ParsedFlags;
  readonly options: ModuleOptions;
  /** The command line, for flags whose order counts. */
  readonly args: readonly string[];
}

interface ModCommand {
  readonly name: string;
  readonly usage: string;
  readonly short: string;
  readonly flags: readonly CommandFlag[];
  readonly run: (r: ModRequest) => Promise<number>;
}

const commonFlags: readonly CommandFlag[] = [
  bool('modcacherw', 'Leaves new directories of the module cache writable.'),
  text('modfile', 'file', 'Reads and writes this file instead of go.mod.'),
  text('C', 'dir', 'Changes to dir first.', 'it is not implemented'),
  text('overlay', 'file', 'A JSON file that replaces files.', 'it is not implemented'),
];

const commands: readonly ModCommand[] = [
  {
    name: 'download',
    usage: '[-x] [-json] [modules]',
    short: 'download modules to local cache',
    flags: [
      bool('json', 'Prints JSON.'),
      bool('x', 'Prints the requests to proxies.'),
      text('reuse', 'file', 'Reuses what an earlier run found.', 'it is not implemented'),
    ],
    run: runModDownload,
  },
  {
    name: 'edit',
    usage: '[editing flags] [-fmt|-print|-json] [go.mod]',
    short: 'edit go.mod from tools or scripts',
    flags: editFlags,
    run: runModEdit,
  },
  {
    name: 'graph',
    usage: '[-go=version] [-x]',
    short: 'print module requirement graph',
    flags: [text('go', 'version', 'The graph as this version loads it.'), bool('x', 'Prints the requests to proxies.')],
    run: runModGraph,
  },
  {
    name: 'init',
    usage: '[module-path]',
    short: 'initialize new module in current directory',
    flags: [],
    run: runModInit,
  },
  {
    name: 'tidy',
    usage: '[-e] [-v] [-x] [-diff] [-go=version] [-compat=version]',
    short: 'add missing and remove unused modules',
    flags: [
      text('compat', 'version', 'Keeps hashes that this version needs, and fails if it would choose others.'),
      bool('diff', 'Prints what would change; the status is 1 if anything would.'),
      bool('e', 'Goes on after errors of packages.'),
      text('go', 'version', 'Sets the go line.'),
      bool('v', 'Tells which modules were not needed.'),
      bool('x', 'Prints the requests to proxies.'),
    ],
    run: runModTidy,
  },
  {
    name: 'vendor',
    usage: '[-e] [-v] [-o outdir]',
    short: 'make vendored copy of dependencies',
    flags: [
      bool('e', 'Goes on after errors of packages.'),
      text('o', 'outdir', 'Makes this directory instead of "vendor".'),
      bool('v', 'Tells modules and packages.'),
    ],
    run: runModVendor,
  },
  { name: 'verify', usage: '', short: 'verify dependencies have expected content', flags: [], run: runModVerify },
  {
    name: 'why',
    usage: '[-m] [-vendor] packages...',
    short: 'explain why packages or modules are needed',
    flags: [bool('m', 'The arguments are modules.'), bool('vendor', 'Leaves out tests of dependencies.')],
    run: runModWhy,
  },
];

/** The text of `help mod command`; "" if there is no such command. */
export function modHelp(name: string): string {
  const c = commands.find((x) => x.name === name);
  if (c === undefined) return '';
  const flags = c.flags
    .map((f) => `\t-${f.name}${f.argument === '' ? '' : ` ${f.argument}`}\n\t\t${f.help}\n`)
    .join('');
  return `usage: go mod ${c.name} ${c.usage}\n\n${c.short}\n${flags === '' ? '' : `\nFlags:\n\n${flags}`}`;
}

export async function runMod(args: readonly string[], host: Host): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help') {
    const text = rest.length === 1 ? modHelp(rest[0]) : rest.length === 0 ? overview() : '';
    if (text !== '') {
      host.stdout(text);
      return 0;
    }
    host.stderr(`go help mod ${rest.join(' ')}: unknown help topic. Run 'go help mod'.\n`);
    return 2;
  }
  if (name === '-h' || name === '-help' || name === '--help') {
    host.stderr("go mod <command> [arguments]\nRun 'go help mod' for usage.\n");
    return 2;
  }
  const command = commands.find((c) => c.name === name);
  if (command === undefined) {
    if (name === undefined || name.startsWith('-')) host.stderr(overview());
    else host.stderr(`go mod ${name}: unknown command\nRun 'go help mod' for usage.\n`);
    return 2;
  }
  const full = `mod ${command.name}`;
  const flags = [...command.flags, ...commonFlags];
  try {
    const goroot = findGoroot(host);
    const usage = { name: full, usage: command.usage, flags };
    const parsed = parseCommandLine(host, usage, rest, new Environment(host, goroot));
    if (parsed === null) return 2;
    for (const name of command.name === 'tidy' || command.name === 'graph' ? ['go', 'compat'] : []) {
      const value = parsed.text(name, '');
      const problem = goFlagProblem(value);
      if (problem === '') continue;
      const hint = `usage: go mod ${command.name} ${command.usage}\nRun 'go help mod ${command.name}' for details.\n`;
      host.stderr(`invalid value ${JSON.stringify(value)} for flag -${name}: ${problem}\n${hint}`);
      return 2;
    }
    if (new Environment(host, goroot).get('GO111MODULE') === 'off' && command.name !== 'edit') {
      host.stderr("go: modules disabled by GO111MODULE=off; see 'go help modules'\n");
      return 1;
    }
    const options = {
      mod: '',
      modfile: parsed.text('modfile', ''),
      writable: parsed.bool('modcacherw', false),
      showsRequests: parsed.bool('x', false),
      command: full,
    };
    return await command.run({ host, goroot, parsed, options, args: rest });
  } catch (e) {
    return tellModError(host, e);
  }
}

function overview(): string {
  const rows = commands.map((c) => `\t${c.name.padEnd(12)}${c.short}\n`).join('');
  return `Go mod provides access to operations on modules.\n\nUsage:\n\n\tgo mod <command> [arguments]\n\nThe commands are:\n\n${rows}`;
}
