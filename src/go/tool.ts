/** `tuza tool NAME [args]`: the tools with the official command lines. */
import type { Host } from '#host/host.ts';

type Tool = (args: readonly string[], host: Host) => number | Promise<number>;

/** Each tool's code is loaded only when it is used. */
const tools: Record<string, () => Promise<Tool>> = {
  asm: async () => (await import('./tool-asm.ts')).runAsm,
  ast: async () => (await import('./tool-syntax.ts')).runAst,
  compile: async () => (await import('./tool-compile.ts')).runCompile,
  layout: async () => (await import('./tool-layout.ts')).runLayout,
  link: async () => (await import('./tool-link.ts')).runLink,
  nm: async () => (await import('./tool-nm.ts')).runNm,
  obj: async () => (await import('./tool-obj.ts')).runObj,
  pack: async () => (await import('./tool-pack.ts')).runPack,
  ssa: async () => (await import('./tool-ssa.ts')).runSsa,
  test2json: async () => (await import('./tool-test2json.ts')).runTest2json,
  tokens: async () => (await import('./tool-syntax.ts')).runTokens,
  toolexec: async () => (await import('./tool-toolexec.ts')).runToolexec,
  types: async () => (await import('./tool-syntax.ts')).runTypes,
};

export async function runTool(args: readonly string[], host: Host): Promise<number> {
  if (args.length === 0) {
    for (const name of Object.keys(tools)) host.stdout(`${name}\n`);
    return 0;
  }
  if (!Object.hasOwn(tools, args[0])) {
    host.stderr(`go: no such tool ${JSON.stringify(args[0])}\n`);
    return 2;
  }
  const tool = await tools[args[0]]();
  return tool(args.slice(1), host);
}
