/**
 * Why a symbol is in a program: the chain of references from the linker's roots to it. An executable does not tell that. It is read from what
 * `tuza tool link -dumpdep` (or the official linker) prints: an edge for every symbol, from the one by which it was reached first. Where nobody
 * has kept that, the program is linked once more, from its archives, or from the sources that its build information names.
 */
import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { ElfReader } from '#obj/elf-read.ts';
import { readExecutableInfo } from './executable-info.ts';

/** Settings of a build that decide what is in the program. */
const repeatedSettings = ['-tags', '-trimpath', '-buildmode', '-gcflags', '-race'];

/** Links a main package's archive again. */
export async function whyFromArchives(host: Host, symbol: string, config: string, main: string): Promise<number> {
  const { runLink } = await import('./run-link.ts');
  return inTemporaryDirectory(host, async (dir) => {
    const { status, output } = await captured(host, (h) =>
      runLink(['-dumpdep', '-w', '-importcfg', config, '-o', `${dir}/program`, main], h),
    );
    return status === 0 ? tellWhy(host, symbol, output) : status;
  });
}

/** Builds the program again from where its build information says that it comes from. */
export async function whyFromProgram(host: Host, symbol: string, program: string): Promise<number> {
  const data = host.files.readFile(program);
  const info = readExecutableInfo(data);
  const settings = typeof info === 'string' ? new Map<string, string>() : settingsOf(info.text);
  const path = settings.get('path') ?? '';
  if (path === '' || path === 'command-line-arguments') {
    const reason = path === '' ? 'does not tell what it was built from' : 'was built from a list of files';
    host.stderr(
      `layout: ${program} ${reason}: build it again with -ldflags=-dumpdep, and give what that prints with -deps,\nor give -importcfg and the archive of package main\n`,
    );
    return 1;
  }
  const flags = repeatedSettings.flatMap((name) => {
    const value = settings.get(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const { runBuild } = await import('./build.ts');
  return inTemporaryDirectory(host, async (dir) => {
    const again = `${dir}/program`;
    const ldflags = `${settings.get('-ldflags') ?? ''} -dumpdep`.trim();
    const { status, output } = await captured(host, (h) =>
      runBuild(['-o', again, ...flags, `-ldflags=${ldflags}`, path], h),
    );
    if (status !== 0) return status;
    if (textSize(program, data) !== textSize(again, host.files.readFile(again))) {
      host.stderr(
        `layout: ${program} is not what ${path} builds now: by another toolchain or from other sources; this is of a new build\n`,
      );
    }
    return tellWhy(host, symbol, output);
  });
}

/** Lines "name\tvalue", or "build\tname=value" (debug.BuildInfo). */
function settingsOf(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [key, value = ''] = line.split('\t');
    if (key === 'path') settings.set('path', value);
    if (key !== 'build') continue;
    const eq = value.indexOf('=');
    const given = value.slice(eq + 1);
    settings.set(value.slice(0, eq), given.startsWith('"') ? String(JSON.parse(given)) : given);
  }
  return settings;
}

function textSize(name: string, data: Uint8Array): number {
  return new ElfReader(name, data).sections.find((s) => s.name === '.text')?.size ?? -1;
}

async function inTemporaryDirectory(host: Host, body: (dir: string) => Promise<number>): Promise<number> {
  const dir = host.files.makeTemporaryDirectory('tuza-layout-');
  try {
    return await body(dir);
  } finally {
    host.files.remove(dir);
  }
}

/** Runs a command whose standard output is wanted. */
async function captured(
  host: Host,
  run: (host: Host) => number | Promise<number>,
): Promise<{ status: number; output: string }> {
  const parts: string[] = [];
  const take = (text: string | Uint8Array): void => {
    parts.push(typeof text === 'string' ? text : decodeText(text));
  };
  const status = await run({ ...host, stdout: take });
  return { status, output: parts.join('') };
}

/** What stands for "nobody": the linker itself needs the symbol. */
const root = '_';

/** Prints the chain that leads to a symbol, from the linker's roots on. */
export function tellWhy(host: Host, symbol: string, deps: string): number {
  const reachedFrom = new Map<string, string>();
  for (const line of deps.split('\n')) {
    const arrow = line.indexOf(' -> ');
    if (arrow < 0) continue;
    const to = plainName(line.slice(arrow + 4));
    // A type that is visited again, once it is known to be used in interfaces, was there before.
    if (!reachedFrom.has(to)) reachedFrom.set(to, plainName(line.slice(0, arrow)));
  }
  if (!reachedFrom.has(symbol)) {
    host.stderr(`layout: nothing leads to ${symbol}\n`);
    return 1;
  }
  const chain: string[] = [];
  for (let s = symbol; s !== root && !chain.includes(s); s = reachedFrom.get(s) ?? root) chain.push(s);
  chain.reverse();
  chain.forEach((s, depth) => {
    host.stdout(`${'  '.repeat(depth)}${s}\n`);
  });
  return 0;
}

function plainName(text: string): string {
  return text.replace(/ (<\w+>)+$/, '');
}
