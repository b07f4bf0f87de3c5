/**
 * `tuza tool toolexec [-tools LIST] [-p LIST] TOOL ARGS...`: what `go build -toolexec` of the official go command runs in place of its tools.
 * Compiling, assembling and linking are done here, everything else by the tool that was named.
 */
import { FileError, type Host } from '#host/host.ts';
import { type FlagSpec, flagSpecs, type ParsedFlags, parseFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

type Tool = (args: readonly string[], host: Host) => number | Promise<number>;

const replaced: Record<string, () => Promise<Tool>> = {
  asm: async () => (await import('./tool-asm.ts')).runAsm,
  compile: async () => (await import('./tool-compile.ts')).runCompile,
  link: async () => (await import('./run-link.ts')).runLink,
};

const flags: readonly FlagSpec[] = flagSpecs('string', false, 'p tools');

const usage = `usage: tuza tool toolexec [-tools compile,asm,link] [-p package,...] tool [args]

For the official go command: go build -toolexec 'tuza tool toolexec'
	-tools	the tools to replace, all three if the flag is not given
	-p	the packages to compile and assemble, all if the flag is not given;
		"std" stands for the standard library, a last element "..." for any
`;

export async function runToolexec(args: readonly string[], host: Host): Promise<number> {
  const p = parseFlags(flags, args);
  const problem = p.error !== '' ? p.error : whatIsWrong(p);
  if (problem !== '' || p.rest.length === 0) {
    host.stderr(`${problem === '' ? '' : `${problem}\n`}${usage}`);
    return 2;
  }
  const [path, ...rest] = p.rest;
  const name = (path.split(/[/\\]/).at(-1) ?? '').replace(/\.exe$/, '');
  const tool = chosenTools(p).includes(name) ? replaced[name] : undefined;
  if (tool === undefined) return runOfficial(host, path, rest);
  if (rest.length === 1 && rest[0] === '-V=full') {
    host.stdout(versionLine(p, name, host));
    return 0;
  }
  if (name !== 'link' && !isChosen(listOf(p, 'p'), rest)) return runOfficial(host, path, rest);
  const run = await tool();
  return run(rest, host);
}

/** The go command tells by this line whether what it has built before would be built in the same way (cmd/go/internal/work: toolID). */
function versionLine(p: ParsedFlags, name: string, host: Host): string {
  const packages = name === 'link' ? [] : listOf(p, 'p').sort();
  const only = packages.length === 0 ? '' : ` packages=${packages.join(',')}`;
  return `${name} version ${goVersion} tuza=${host.toolIdentity}${only}\n`;
}

function listOf(p: ParsedFlags, name: string): string[] {
  return p
    .text(name, '')
    .split(',')
    .filter((s) => s !== '');
}

function chosenTools(p: ParsedFlags): readonly string[] {
  return p.has('tools') ? listOf(p, 'tools') : Object.keys(replaced);
}

function whatIsWrong(p: ParsedFlags): string {
  const unknown = chosenTools(p).find((name) => !Object.hasOwn(replaced, name));
  return unknown === undefined
    ? ''
    : `tool ${unknown} cannot be replaced: there are ${Object.keys(replaced).join(', ')}`;
}

/** Whether the package that a compiler's or assembler's command line is about is one of those given. */
function isChosen(patterns: readonly string[], args: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  const i = args.indexOf('-p');
  const path = i < 0 ? '' : (args[i + 1] ?? '');
  const isStandard = args.includes('-std') || !path.split('/')[0].includes('.');
  return patterns.some((pattern) => {
    if (pattern === 'std') return isStandard && path !== 'main';
    if (pattern === '...') return true;
    return pattern.endsWith('/...') ? `${path}/`.startsWith(pattern.slice(0, -3)) : path === pattern;
  });
}

async function runOfficial(host: Host, path: string, args: readonly string[]): Promise<number> {
  if (host.processes === null) {
    host.stderr(`toolexec: ${path} cannot be run on this machine\n`);
    return 1;
  }
  try {
    const { code } = await host.processes.run(path, args);
    return code ?? 1;
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    host.stderr(`toolexec: ${e.message}\n`);
    return 1;
  }
}
