/** `tuza work`: its commands, each with its flags (cmd/go/internal/workcmd). */
import type { Host } from '#host/host.ts';
import { bool } from './flags.ts';
import { type CommandGroup, runGroup } from './subcommands.ts';
import { runWorkInit, runWorkUse } from './work-commands.ts';
import { runWorkEdit, workEditFlags } from './work-edit.ts';

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
      run: runWorkEdit,
    },
    {
      name: 'init',
      usage: '[moddirs]',
      short: 'initialize workspace file',
      long: 'Init writes a new go.work file, in the working directory or where GOWORK says, that uses the modules in the given directories.',
      flags: [],
      worksWithoutModules: true,
      run: runWorkInit,
    },
    {
      name: 'use',
      usage: '[-r] [moddirs]',
      short: 'add modules to workspace file',
      long: `Use adds the modules in the given directories to go.work; a directory without a go.mod file is taken out of it. The go line is raised to
the newest that the modules have.`,
      flags: [bool('r', 'Looks for modules below the directories, too.')],
      worksWithoutModules: true,
      run: runWorkUse,
    },
  ],
};

export function runWork(args: readonly string[], host: Host): Promise<number> {
  return runGroup(workGroup, args, host);
}
