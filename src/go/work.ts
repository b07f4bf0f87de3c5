/** `tuza work`: its commands, each with its flags (cmd/go/internal/workcmd). */
import type { Host } from '#host/host.ts';
import { bool, text } from './flags.ts';
import { type CommandGroup, runGroup } from './subcommands.ts';
import { runWorkInit, runWorkUse } from './work-commands.ts';
import { runWorkEdit, workEditFlags } from './work-edit.ts';
import { runWorkSync, runWorkVendor } from './work-sync.ts';

export const workGroup: CommandGroup = {
  name: 'work',
  about: `Work provides access to operations on workspaces: several modules that are worked on together.

A file go.work, in the working directory or above it, names their directories in "use" lines; GOWORK names another file, and GOWORK=off
is as if there were none. Its "replace" lines go before those of the modules. "go env GOWORK" tells which file holds.`,
  commands: [
    {
      name: 'edit',
      usage: '[editing flags] [go.work]',
      short: 'edit go.work from tools or scripts',
      long: `Edit changes go.work as the flags say, in their order; modules are not looked at.

-fmt only reformats. -print and -json print the file instead of writing it.`,
      flags: workEditFlags,
      worksWithoutModules: true,
      check: null,
      run: runWorkEdit,
    },
    {
      name: 'init',
      usage: '[moddirs]',
      short: 'initialize workspace file',
      long: 'Init writes a new go.work file, in the working directory or where GOWORK says, that uses the modules in the given directories.',
      flags: [],
      worksWithoutModules: true,
      check: null,
      run: runWorkInit,
    },
    {
      name: 'sync',
      usage: '',
      short: 'sync workspace build list to modules',
      long: `Sync finds the versions that the workspace builds with, and raises what its modules require to them.`,
      flags: [],
      worksWithoutModules: false,
      check: null,
      run: runWorkSync,
    },
    {
      name: 'use',
      usage: '[-r] [moddirs]',
      short: 'add modules to workspace file',
      long: `Use adds the modules in the given directories to go.work; a directory without a go.mod file is taken out of it. The go line is raised to
the newest that the modules have.`,
      flags: [bool('r', 'Looks for modules below the directories, too.')],
      worksWithoutModules: true,
      check: null,
      run: runWorkUse,
    },
    {
      name: 'vendor',
      usage: '[-e] [-v] [-o outdir]',
      short: 'make vendored copy of dependencies',
      long: 'Vendor makes the directory vendor beside go.work anew: all packages that the modules and their tests need, without the tests of others.',
      flags: [
        bool('e', 'Goes on after errors.'),
        bool('v', 'Prints the names of vendored modules and packages.'),
        text('o', 'outdir', 'The directory to write; the command uses only one called vendor.'),
      ],
      worksWithoutModules: false,
      check: null,
      run: runWorkVendor,
    },
  ],
};

export function runWork(args: readonly string[], host: Host): Promise<number> {
  return runGroup(workGroup, args, host);
}
