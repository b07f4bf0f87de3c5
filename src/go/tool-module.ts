/** `tuza tool NAME` of tools that go.mod names: compiled into the cache and run from there (cmd/go/internal/tool). */
import { compareText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import type { Host } from '#host/host.ts';
import { ModError } from '#mod/errors.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { defaultExecutableName } from './exec-name.ts';
import { parseCommandLine } from './flags.ts';
import { findGoroot } from './goroot.ts';
import { moduleOptionsOf, openModules } from './modules.ts';
import { startRecording } from './quick.ts';
import { buildToRun } from './run.ts';
import { startExecutable } from './run-executable.ts';
import type { ParsedFlags } from './tool-flags.ts';

/** The import paths of the tools of the main modules, sorted. Throws. */
export function moduleTools(host: Host, parsed: ParsedFlags): string[] {
  const modules = openModules(host, findGoroot(host), moduleOptionsOf(parsed, 'tool'));
  const tools = (modules?.mains ?? []).flatMap((m) => m.file.tool.map((t) => t.value));
  return [...new Set(tools)].sort(compareText);
}

/** The tool that a name means: an import path, or the name of an executable; "" if there is none. Throws. */
export function moduleTool(host: Host, parsed: ParsedFlags, name: string): string {
  const found = moduleTools(host, parsed).filter((t) => t === name || defaultExecutableName(t) === name);
  if (found.length > 1)
    throw new ModError(`tool ${quote(name)} is ambiguous; choose one of:\n\t${found.map((t) => `${t}\n\t`).join('')}`);
  return found[0] ?? '';
}

/** Builds and runs a tool; `-n` only tells the command. Returns the exit status. */
export async function runModuleTool(
  host: Host,
  parsed: ParsedFlags,
  name: string,
  tool: string,
  args: readonly string[],
): Promise<number> {
  const flags = ['modfile', 'overlay', 'modcacherw'].flatMap((f) =>
    parsed.has(f) ? [`-${f}=${parsed.text(f, '')}`] : [],
  );
  const line = [...flags, tool];
  const asRun = parseCommandLine(host, commandNamed('run'), line, new Environment(host, ''));
  if (asRun === null) return 2;
  const recording = startRecording(host);
  if (recording === null) return 1;
  const words = await buildToRun(host, line, asRun, [tool], recording);
  if (typeof words === 'number') return words;
  if (parsed.bool('n', false)) {
    host.stdout(`${[...words, ...args].join(' ')}\n`);
    return 0;
  }
  const ended = await startExecutable(host, words[0], [...words.slice(1), ...args], {});
  if (ended === null) return 2;
  if (ended.signal !== null) host.stderr(`go tool ${name}: signal: ${ended.signal}\n`);
  return ended.code ?? 1;
}
