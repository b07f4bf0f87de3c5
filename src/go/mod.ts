/** `tuza mod`: its commands, each with its flags (cmd/go/internal/modcmd). */
import type { Host } from '#host/host.ts';
import { bool, text } from './flags.ts';
import { runModGraph, runModVerify } from './mod-commands.ts';
import { runModDownload } from './mod-download.ts';
import { editFlags, runModEdit } from './mod-edit.ts';
import { runModInit } from './mod-init.ts';
import { goFlagProblem, runModTidy } from './mod-tidy.ts';
import { runModVendor } from './mod-vendor.ts';
import { runModWhy } from './mod-why.ts';
import { type CommandGroup, runGroup, type Subcommand, type SubcommandRequest } from './subcommands.ts';
import type { ParsedFlags } from './tool-flags.ts';

export type ModRequest = SubcommandRequest;

const commands: readonly Subcommand[] = [
  {
    name: 'download',
    usage: '[-x] [-json] [modules]',
    short: 'download modules to local cache',
    long: '',
    flags: [
      bool('json', 'Prints JSON.'),
      bool('x', 'Prints the requests to proxies.'),
      text('reuse', 'file', 'Tells again what this file with output of -json tells, where that has not changed.'),
    ],
    worksWithoutModules: false,
    check: null,
    run: runModDownload,
  },
  {
    name: 'edit',
    usage: '[editing flags] [-fmt|-print|-json] [go.mod]',
    short: 'edit go.mod from tools or scripts',
    long: '',
    flags: editFlags,
    worksWithoutModules: true,
    check: null,
    run: runModEdit,
  },
  {
    name: 'graph',
    usage: '[-go=version] [-x]',
    short: 'print module requirement graph',
    long: '',
    flags: [text('go', 'version', 'The graph as this version loads it.'), bool('x', 'Prints the requests to proxies.')],
    worksWithoutModules: false,
    check: goFlags,
    run: runModGraph,
  },
  {
    name: 'init',
    usage: '[module-path]',
    short: 'initialize new module in current directory',
    long: '',
    flags: [],
    worksWithoutModules: false,
    check: null,
    run: runModInit,
  },
  {
    name: 'tidy',
    usage: '[-e] [-v] [-x] [-diff] [-go=version] [-compat=version]',
    short: 'add missing and remove unused modules',
    long: '',
    flags: [
      text('compat', 'version', 'Keeps hashes that this version needs, and fails if it would choose others.'),
      bool('diff', 'Prints what would change; the status is 1 if anything would.'),
      bool('e', 'Goes on after errors of packages.'),
      text('go', 'version', 'Sets the go line.'),
      bool('v', 'Tells which modules were not needed.'),
      bool('x', 'Prints the requests to proxies.'),
    ],
    worksWithoutModules: false,
    check: goFlags,
    run: runModTidy,
  },
  {
    name: 'vendor',
    usage: '[-e] [-v] [-o outdir]',
    short: 'make vendored copy of dependencies',
    long: '',
    flags: [
      bool('e', 'Goes on after errors of packages.'),
      text('o', 'outdir', 'Makes this directory instead of "vendor".'),
      bool('v', 'Tells modules and packages.'),
    ],
    worksWithoutModules: false,
    check: null,
    run: runModVendor,
  },
  {
    name: 'verify',
    usage: '',
    short: 'verify dependencies have expected content',
    long: '',
    flags: [],
    worksWithoutModules: false,
    check: null,
    run: runModVerify,
  },
  {
    name: 'why',
    usage: '[-m] [-vendor] packages...',
    short: 'explain why packages or modules are needed',
    long: '',
    flags: [bool('m', 'The arguments are modules.'), bool('vendor', 'Leaves out tests of dependencies.')],
    worksWithoutModules: false,
    check: null,
    run: runModWhy,
  },
];

export const modGroup: CommandGroup = {
  name: 'mod',
  about: `Go mod provides access to operations on modules.

All commands that load packages work with modules; dependencies are added, upgraded, downgraded and removed by 'go get',
not by 'go mod'. See 'go help modules'.`,
  commands,
};

/** Versions that flags name must be such. */
function goFlags(parsed: ParsedFlags): { flag: string; value: string; problem: string } | null {
  for (const flag of ['go', 'compat']) {
    const value = parsed.text(flag, '');
    const problem = goFlagProblem(value);
    if (problem !== '') return { flag, value, problem };
  }
  return null;
}

export function runMod(args: readonly string[], host: Host): Promise<number> {
  return runGroup(modGroup, args, host);
}
