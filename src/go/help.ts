/** `tuza help [command]`. */
import type { Host } from '#host/host.ts';
import { type Command, commands, findCommand } from './command.ts';
import type { CommandFlag } from './flags.ts';
import { helpTopics } from './help-topics.ts';
import type { CommandGroup } from './subcommands.ts';

export function overviewText(): string {
  const width = Math.max(...[...commands, ...helpTopics].map((c) => c.name.length)) + 4;
  const list = commands.map((c) => `\t${c.name.padEnd(width)}${c.short}\n`).join('');
  const topics = helpTopics.map((t) => `\t${t.name.padEnd(width)}${t.short}\n`).join('');
  return `Go is a tool for managing Go source code. This is tuza's.

Usage:

\tgo <command> [arguments]

The commands are:

${list}
Use "go help <command>" for more information about a command.

Additional help topics:

${topics}
Use "go help <topic>" for more information about that topic.
`;
}

/** Exit status 2 and a message for what is no command, as the go command. */
export async function runHelp(args: readonly string[], host: Host): Promise<number> {
  if (args.length === 0) {
    host.stdout(overviewText());
    return 0;
  }
  const command = findCommand(args[0]);
  const topic = helpTopics.find((t) => t.name === args[0]);
  if (topic !== undefined && args.length === 1) {
    host.stdout(`${topic.text}\n${flagsText(topic.flags ?? [])}`);
    return 0;
  }
  if (command === null) {
    const known = topic === undefined ? '' : ` ${topic.name}`;
    host.stderr(`go help ${args.join(' ')}: unknown help topic. Run 'go help${known}'.\n`);
    return 2;
  }
  if (args[0] === 'mod' || args[0] === 'work') {
    const [group, { groupHelp }] = await Promise.all([groupOf(args[0]), import('./subcommands.ts')]);
    return groupHelp(group, args.slice(1), host);
  }
  if (args.length > 1) {
    host.stderr(`go help ${args.join(' ')}: unknown help topic. Run 'go help ${args[0]}'.\n`);
    return 2;
  }
  host.stdout(commandText(command));
  return 0;
}

async function groupOf(name: 'mod' | 'work'): Promise<CommandGroup> {
  return name === 'mod' ? (await import('./mod.ts')).modGroup : (await import('./work.ts')).workGroup;
}

function commandText(c: Command): string {
  return `usage: go ${c.name} ${c.usage}\n\n${c.long}\n${flagsText(c.flags)}`;
}

function flagsText(flags: readonly CommandFlag[]): string {
  let text = '';
  const usable = flags.filter((f) => f.refused === '');
  if (usable.length > 0) text += `\nFlags:\n\n`;
  for (const f of usable) text += `\t-${f.name}${f.argument === '' ? '' : ` ${f.argument}`}\n\t\t${f.help}\n`;
  const refused = flags.filter((f) => f.refused !== '');
  if (refused.length > 0)
    text += `\nKnown, and refused with the reason: ${refused.map((f) => `-${f.name}`).join(' ')}.\n`;
  return text;
}
