/** `tuza tool NAME [args]`: the tools with the official command lines. */
import type { Host } from '#host/host.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { flagsOfEnvironment } from './flags.ts';
import { flagSpecs, parseFlags } from './tool-flags.ts';
import { runTreeTool, treeTool, treeToolNames, treeTools } from './tree-tools.ts';

type Tool = (args: readonly string[], host: Host) => number | Promise<number>;

/** Each tool's code is loaded only when it is used. */
const tools: Record<string, () => Promise<Tool>> = {
  asm: async () => (await import('./tool-asm.ts')).runAsm,
  ast: async () => (await import('./tool-syntax.ts')).runAst,
  compile: async () => (await import('./tool-compile.ts')).runCompile,
  layout: async () => (await import('./tool-layout.ts')).runLayout,
  link: async () => (await import('./run-link.ts')).runLink,
  nm: async () => (await import('./tool-nm.ts')).runNm,
  obj: async () => (await import('./tool-obj.ts')).runObj,
  pack: async () => (await import('./tool-pack.ts')).runPack,
  ssa: async () => (await import('./tool-ssa.ts')).runSsa,
  test2json: async () => (await import('./tool-test2json.ts')).runTest2json,
  tokens: async () => (await import('./tool-syntax.ts')).runTokens,
  toolexec: async () => (await import('./tool-toolexec.ts')).runToolexec,
  types: async () => (await import('./tool-syntax.ts')).runTypes,
};

/** The tools that there may be; those of the tree are there if the tree has them. */
export const toolNames: readonly string[] = [...new Set([...Object.keys(tools), ...treeTools])].sort();

const usage = 'usage: go tool [-n] command [args...]\n';

export async function runTool(args: readonly string[], host: Host): Promise<number> {
  const command = commandNamed('tool');
  const given = flagsOfEnvironment(new Environment(host, ''), command);
  if (typeof given === 'string') {
    host.stderr(given);
    return 2;
  }
  const parsed = parseFlags([...command.flags, ...flagSpecs('bool', false, 'h')], [...given, ...args]);
  if (parsed.error !== '' || parsed.has('h')) {
    host.stderr(`${parsed.error === '' ? '' : `${parsed.error}\n`}${usage}Run 'go help tool' for details.\n`);
    return 2;
  }
  const [name, ...rest] = parsed.rest;
  if (name === undefined) {
    const names = new Set([...Object.keys(tools), ...treeToolNames(host)]);
    for (const n of [...names].sort()) host.stdout(`${n}\n`);
    const { moduleTools } = await import('./tool-module.ts');
    for (const t of moduleTools(host, parsed)) host.stdout(`${t}\n`);
    return 0;
  }
  if (Object.hasOwn(tools, name)) {
    if (parsed.bool('n', false)) {
      host.stdout(`tuza tool ${parsed.rest.join(' ')}\n`);
      return 0;
    }
    const tool = await tools[name]();
    return tool(rest, host);
  }
  if (!treeToolNames(host).includes(name)) {
    const { moduleTool, runModuleTool } = await import('./tool-module.ts');
    const tool = moduleTool(host, parsed, name);
    if (tool !== '') return runModuleTool(host, parsed, name, tool, rest);
    host.stderr(`go: no such tool ${JSON.stringify(name)}\n`);
    return 2;
  }
  if (parsed.bool('n', false)) {
    const path = await treeTool(host, name);
    if (path !== null) host.stdout(`${[path, ...rest].join(' ')}\n`);
    return path === null ? 2 : 0;
  }
  const ended = await runTreeTool(host, name, rest);
  if (ended === null) return 2;
  if (ended.signal !== null) host.stderr(`go tool ${name}: signal: ${ended.signal}\n`);
  return ended.code ?? 1;
}
