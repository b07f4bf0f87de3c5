/** `tuza help [command]`. */
import type { Host } from '#host/host.ts';
import { type Command, commands, findCommand } from './command.ts';

export function overviewText(): string {
  const width = Math.max(...commands.map((c) => c.name.length)) + 4;
  const list = commands.map((c) => `\t${c.name.padEnd(width)}${c.short}\n`).join('');
  return `Tuza is a tool for managing Go source code.

Usage:

\tgo <command> [arguments]

The commands are:

${list}
Use "go help <command>" for more information about a command.
`;
}

/** Exit status 2 and a message for what is no command, as the go command. */
export function runHelp(args: readonly string[], host: Host): number {
  if (args.length === 0) {
    host.stdout(overviewText());
    return 0;
  }
  const command = findCommand(args[0]);
  if (command === null) {
    host.stderr(`go help ${args.join(' ')}: unknown help topic. Run 'go help'.\n`);
    return 2;
  }
  if (args.length > 1) {
    host.stderr(`go help ${args.join(' ')}: unknown help topic. Run 'go help ${args[0]}'.\n`);
    return 2;
  }
  host.stdout(commandText(command));
  return 0;
}

function commandText(c: Command): string {
  let text = `usage: go ${c.name} ${c.usage}\n\n${c.long}\n`;
  const usable = c.flags.filter((f) => f.refused === '');
  if (usable.length > 0) text += `\nFlags:\n\n`;
  for (const f of usable) text += `\t-${f.name}${f.argument === '' ? '' : ` ${f.argument}`}\n\t\t${f.help}\n`;
  const refused = c.flags.filter((f) => f.refused !== '');
  if (refused.length > 0)
    text += `\nKnown, and refused with the reason: ${refused.map((f) => `-${f.name}`).join(' ')}.\n`;
  return text;
}
