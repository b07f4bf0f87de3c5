/** `tuza completion SHELL`: a script for the shell, made from the tables of commands and flags. */
import type { Host } from '#host/host.ts';
import { commands } from './command.ts';
import type { CommandFlag } from './flags.ts';
import { helpTopics } from './help-topics.ts';
import { toolNames } from './tool.ts';

/** A command as a completion knows it. */
interface Completed {
  readonly name: string;
  readonly short: string;
  readonly flags: readonly CommandFlag[];
  /** What may come right after the name. */
  readonly words: readonly { readonly name: string; readonly short: string }[];
}

/** Commands whose flags depend on the word after their name. */
interface Group {
  readonly name: string;
  readonly commands: readonly Completed[];
}

const shells: Readonly<Record<string, (list: readonly Completed[], groups: readonly Group[]) => string>> = {
  bash: bashScript,
  fish: fishScript,
  zsh: zshScript,
};

export async function runCompletion(args: readonly string[], host: Host): Promise<number> {
  const script = args.length === 1 && Object.hasOwn(shells, args[0]) ? shells[args[0]] : null;
  if (script === null) {
    host.stderr("usage: go completion bash|fish|zsh\nRun 'go help completion' for details.\n");
    return 2;
  }
  const groups = await commandGroups();
  host.stdout(script(completedCommands(groups), groups));
  return 0;
}

async function commandGroups(): Promise<Group[]> {
  const { workGroup } = await import('./work.ts');
  return [workGroup].map((g) => ({
    name: g.name,
    commands: g.commands.map((c) => ({ ...c, flags: c.flags.filter(isUsable), words: [] })),
  }));
}

function completedCommands(groups: readonly Group[]): Completed[] {
  const named = (name: string) => ({ name, short: '' });
  const own = commands.map((c) => ({ name: c.name, short: c.short }));
  const wordsOf = (name: string): Completed['words'] => {
    if (name === 'help') return [...own, ...helpTopics];
    if (name === 'tool') return toolNames.map(named);
    if (name === 'completion') return Object.keys(shells).map(named);
    return groups.find((g) => g.name === name)?.commands ?? [];
  };
  const help = { name: 'help', short: 'print help', flags: [] };
  return [...commands, help].map((c) => ({
    name: c.name,
    short: c.short,
    flags: c.flags.filter(isUsable),
    words: wordsOf(c.name),
  }));
}

function isUsable(f: CommandFlag): boolean {
  return f.refused === '';
}

/** Every command, those of groups after their group's name. */
function rows(list: readonly Completed[], groups: readonly Group[]): { path: string; command: Completed }[] {
  return list.flatMap((command) => {
    const group = groups.find((g) => g.name === command.name);
    const below = group?.commands.map((c) => ({ path: `${command.name} ${c.name}`, command: c })) ?? [];
    return [{ path: command.name, command }, ...below];
  });
}

function bashScript(list: readonly Completed[], groups: readonly Group[]): string {
  const cases = rows(list, groups).map(({ path, command }) => {
    const words = command.words.map((w) => w.name).join(' ');
    const flags = command.flags.map((f) => `-${f.name}`).join(' ');
    return `    '${path}') words='${words}' flags='${flags}' ;;\n`;
  });
  const names = groups.map((g) => g.name).join('|');
  return `# bash completion for tuza: source <(tuza completion bash)
_tuza() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} words='' flags='' first=2
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${list.map((c) => c.name).join(' ')}' -- "$current"))
    return
  fi
  case $command in ${names === '' ? 'none' : names})
    if ((COMP_CWORD > 2)); then command="$command \${COMP_WORDS[2]}" first=3; fi ;;
  esac
  case $command in
${cases.join('')}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif ((COMP_CWORD == first)) && [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _tuza tuza
`;
}

function zshScript(list: readonly Completed[], groups: readonly Group[]): string {
  const pair = (c: { name: string; short: string }): string => `'${c.name}:${shellText(c.short)}'`;
  const cases = rows(list, groups).map(({ path, command }) => {
    const flags = command.flags.map((f) => `'-${f.name}:${shellText(f.help)}'`);
    return `    '${path}') words_=(${command.words.map(pair).join(' ')}) flags=(${flags.join(' ')}) ;;\n`;
  });
  const names = groups.map((g) => g.name).join('|');
  return `#compdef tuza
# zsh completion for tuza: tuza completion zsh > a file _tuza in a directory of $fpath
_tuza() {
  local -a words_ flags commands_
  local command=$words[2] first=3
  commands_=(${list.map(pair).join(' ')})
  if ((CURRENT == 2)); then _describe command commands_; return; fi
  case $command in (${names === '' ? 'none' : names}) if ((CURRENT > 3)); then command="$command $words[3]"; first=4; fi ;; esac
  case $command in
${cases.join('')}  esac
  if [[ $PREFIX == -* ]]; then _describe flag flags
  elif ((CURRENT == first && $#words_ > 0)); then _describe word words_
  else _files; fi
}
_tuza "$@"
`;
}

function fishScript(list: readonly Completed[], groups: readonly Group[]): string {
  const lines = [
    '# fish completion for tuza: tuza completion fish | source',
    ...list.map((c) => `complete -c tuza -n __fish_use_subcommand -f -a ${c.name} -d '${shellText(c.short)}'`),
  ];
  for (const { path, command } of rows(list, groups)) {
    const condition = path
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const w of command.words)
      lines.push(`complete -c tuza -n '${condition}' -f -a '${w.name}' -d '${shellText(w.short)}'`);
    for (const f of command.flags) {
      const takes = f.argument === '' ? '' : ' -r';
      lines.push(`complete -c tuza -n '${condition}' -o ${f.name}${takes} -d '${shellText(f.help)}'`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Between single quotes. */
function shellText(text: string): string {
  return text.replaceAll("'", '’').replaceAll(':', '.');
}
