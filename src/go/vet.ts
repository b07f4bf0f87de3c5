/** `tuza vet` and `tuza fix`: analysis tools over packages (cmd/go/internal/vet). */

import { decodeText } from '#base/bytes.ts';
import { contentId } from '#cache/fingerprint.ts';
import { openCache } from '#cache/open.ts';
import { FileError, type Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { hereDocument } from './build-commands.ts';
import { BuildFlagError, buildOptions, checkParallelism } from './build-options.ts';
import { BuildSteps } from './build-steps.ts';
import { targetOf } from './build-target.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf, text } from './flags.ts';
import { moduleOptionsOf } from './modules.ts';
import { withOverlay } from './overlay.ts';
import { absolutePath, shortPath } from './paths.ts';
import { splitQuotedFields } from './quoted.ts';
import { startError } from './run-executable.ts';
import { type SourcePackages, sourcePackages, tellLoadErrors } from './source-packages.ts';
import { testImportProblem } from './test-load.ts';
import type { FlagSpec, ParsedFlags } from './tool-flags.ts';
import { treeTool } from './tree-tools.ts';
import {
  messagesOf,
  plannedConfigs,
  type VetOutcome,
  type VetSettings,
  type VetToolexec,
  vetPackage,
} from './vet-run.ts';

/** A tool that can be run: the path, and what tells its results from those of others. */
interface Tool {
  readonly path: string;
  readonly identity: string;
  readonly flags: readonly FlagSpec[];
}

export function runVet(args: readonly string[], host: Host): Promise<number> {
  return run('vet', args, host);
}

export function runFix(args: readonly string[], host: Host): Promise<number> {
  return run('fix', args, host);
}

async function run(name: 'vet' | 'fix', args: readonly string[], given: Host): Promise<number> {
  try {
    return await analyze(name, args, given);
  } catch (e) {
    if (!(e instanceof BuildFlagError)) throw e;
    given.stderr(`${e.message}\n`);
    return e.status;
  }
}

/** Throws BuildFlagError. */
async function analyze(name: 'vet' | 'fix', args: readonly string[], given: Host): Promise<number> {
  const tool = await findTool(given, name, toolArgument(name, args));
  if (tool === null) return 2;
  const command = commandNamed(name);
  const own = new Set(command.flags.map((f) => f.name));
  const analysis = tool.flags.filter((f) => !own.has(f.name) && f.name !== 'c');
  const flags = [...command.flags, ...analysis.map((f) => ({ ...text(f.name, '', ''), kind: f.kind }))];
  const parsed = parseCommandLine(given, { ...command, flags }, args, new Environment(given, ''));
  if (parsed === null) return 2;
  const host = withOverlay(given, parsed.text('overlay', ''));
  if (host === null) return 1;
  const target = targetOf(new Environment(host, ''), tagsOf(parsed));
  if (typeof target === 'string') throw new BuildFlagError(target, 2);
  checkParallelism(parsed, name);
  const mode = modeOf(name, parsed);
  if (typeof mode === 'string') {
    host.stderr(`go: ${mode}\n`);
    return 1;
  }
  if (name === 'fix') host.stderr(obsoleteFlagText(parsed.text('fix', '')));
  const passed = passedFlags(parsed, tool.flags);
  const explicit = passed.length > 0;
  const files =
    parsed.rest[0]?.endsWith('.go') === true ? parsed.rest.map((f) => f.slice(f.lastIndexOf('/') + 1)) : null;
  const found = await sourcePackages(host, parsed.rest, tagsOf(parsed), moduleOptionsOf(parsed, name), true);
  if (found === null || tellLoadErrors(host, found, /^no non-test Go files in /)) return 1;
  if (found.list.length === 0) {
    host.stderr(`no packages to ${name}\n`);
    return 1;
  }
  const env = new Environment(host, '');
  const toolexec = await toolexecOf(host, parsed, name, found);
  const flagsOf = [...passed.filter((f) => !/^--?json/.test(f)), ...mode.flags];
  const usesDefault = name === 'vet' && !explicit && toolArgument(name, args) === '';
  const settings: VetSettings = {
    host,
    cache: openCache(host, (variable) => env.get(variable), splitQuotedFields),
    tool: tool.path,
    toolIdentity:
      toolexec === null
        ? tool.identity
        : await toolexec.program.versionOf(tool.path, ...(toolArgument(name, args) === '' ? [] : [''])),
    flags: flagsOf,
    standardFlags: usesDefault ? ['-unsafeptr=false', ...mode.flags] : flagsOf,
    directory: '',
    toolexec,
    shows: (line) => void (parsed.bool('x', false) && host.stderr(`${line}\n`)),
  };
  if (parsed.bool('n', false)) {
    await tellCommands(settings, found, files);
    return 0;
  }
  try {
    return await analyzeAll(settings, found, files, mode, parsed);
  } finally {
    toolexec?.steps.close();
  }
}

async function analyzeAll(
  settings: VetSettings,
  found: SourcePackages,
  files: readonly string[] | null,
  mode: Mode,
  parsed: ParsedFlags,
): Promise<number> {
  const context = parsed.has('c') ? Number(parsed.text('c', '-1')) : -1;
  let ok = true;
  for (const p of found.list) {
    const problem = testImportProblem(settings.host, found.loader, p);
    if (problem !== '') {
      settings.host.stderr(`${problem}\n`);
      ok = false;
      continue;
    }
    for (const outcome of await vetPackage(settings, found, p, files)) {
      const went = tell(settings.host, outcome, mode, context);
      ok &&= went;
    }
  }
  return ok ? 0 : 1;
}

/** -toolexec; null without it, and with -n. Throws BuildFlagError. */
async function toolexecOf(
  host: Host,
  parsed: ParsedFlags,
  name: string,
  found: SourcePackages,
): Promise<VetToolexec | null> {
  if (parsed.text('toolexec', '') === '') return null;
  const options = buildOptions(host, parsed, name);
  if (options.toolexec.length === 0 || options.dryRun) return null;
  for (const flags of [options.gcflags, options.asmflags]) flags.workspace = found.ws;
  const steps = new BuildSteps(options);
  const { ToolProgram } = await import('./tool-program.ts');
  return { options, steps, program: new ToolProgram(options, steps.workDirectory) };
}

/** -n: how the tool would be run on the packages and on their external tests. */
async function tellCommands(
  settings: VetSettings,
  found: SourcePackages,
  files: readonly string[] | null,
): Promise<void> {
  const places = new Map<string, string>();
  const placeOf = (_: LoadedPackage, name: string): string => {
    const known = places.get(name) ?? `$WORK/b${String(places.size + 1).padStart(3, '0')}`;
    places.set(name, known);
    return known;
  };
  for (const p of found.list) {
    const flags = p.isStandard ? settings.standardFlags : settings.flags;
    for (const { place, text } of await plannedConfigs(settings, found, p, files, placeOf)) {
      const config = `${place}/vet.cfg`;
      const command = ["TERM='dumb'", settings.tool, ...flags, config].join(' ');
      settings.host.stderr(`${hereDocument(config, `${text}\n`)}cd ${p.dir}\n${command}\n`);
    }
  }
}

/** What the tool is asked for, and what becomes of its output. */
interface Mode {
  readonly flags: readonly string[];
  readonly applies: boolean;
  readonly json: boolean;
  readonly diff: boolean;
}

function modeOf(name: 'vet' | 'fix', parsed: ParsedFlags): Mode | string {
  const json = parsed.bool('json', false);
  const diff = parsed.bool('diff', false);
  if (name === 'fix' || parsed.bool('fix', false)) {
    if (json && diff) return '-json and -diff cannot be used together';
    if (parsed.has('c')) return '-c flag cannot be used when applying fixes';
    if (json) return { flags: ['-json'], applies: false, json, diff };
    return { flags: diff ? ['-fix', '-diff'] : ['-fix'], applies: !diff, json, diff };
  }
  if (diff) return 'go vet -diff flag requires -fix';
  return { flags: ['-json'], applies: false, json, diff };
}

/** Of old `fix -fix=name,...` chose what to do; the official command's lines do not end here either. */
function obsoleteFlagText(names: string): string {
  if (names === '') return '';
  const hint = names.split(',').includes('buildtag') ? 'go fix: to enable the buildtag check, use -buildtag' : '';
  return `go fix: the -fix=${names} flag is obsolete and has no effect${hint}`;
}

function toolArgument(name: string, args: readonly string[]): string {
  for (let i = 0; i < args.length; i++) {
    const m = new RegExp(`^--?${name}tool(?:=(.*))?$`, 's').exec(args[i]);
    if (m !== null) return m[1] ?? args[i + 1] ?? '';
  }
  return '';
}

async function findTool(host: Host, name: string, given: string): Promise<Tool | null> {
  const path = given === '' ? await treeTool(host, name) : absolutePath(host, given);
  if (path === null) return null;
  try {
    // Without the file there is nothing to say of its exit.
    const identity = contentId(host.sha256, host.files.readFile(path));
    const described = host.processes?.capture(path, ['-flags']) ?? { status: -1, output: '' };
    if (described.status !== 0) {
      host.stderr(`go: ${path} -flags failed: exit status ${described.status}\n`);
      return null;
    }
    const list: { Name: string; Bool: boolean }[] = JSON.parse(described.output);
    return {
      path,
      identity,
      flags: list.map((f) => ({ name: f.Name, kind: f.Bool ? 'bool' : 'string', repeated: false })),
    };
  } catch (e) {
    if (e instanceof FileError) host.stderr(`go: ${path} -flags failed: ${startError(path, e)}\n`);
    else if (e instanceof SyntaxError) host.stderr(`go: can't unmarshal JSON from ${path} -flags: ${e.message}\n`);
    else throw e;
    return null;
  }
}

/** What was given of the tool's own flags; -c and those that decide what becomes of the output stay here. */
function passedFlags(parsed: ParsedFlags, flags: readonly FlagSpec[]): string[] {
  const kept = new Set(['c', 'fix', 'diff', 'V', 'flags', 'tags']);
  return flags
    .filter((f) => parsed.has(f.name) && !kept.has(f.name))
    .map((f) => `-${f.name}=${f.kind === 'bool' ? parsed.bool(f.name, false) : parsed.text(f.name, '')}`);
}

/** Tells what a tool has found; whether there was nothing wrong. */
function tell(host: Host, outcome: VetOutcome, mode: Mode, context: number): boolean {
  const { ended, id } = outcome;
  if (outcome.failed || ended === null) return false;
  host.stderr(messagesOf(host, outcome));
  if (ended.code !== 0) return false;
  if (mode.json || mode.diff || mode.applies) {
    host.stdout(outcome.stdout);
    return !mode.diff || outcome.stdout.length === 0;
  }
  return tellDiagnostics(host, decodeText(outcome.stdout), id, context);
}

interface Found {
  readonly posn: string;
  readonly end?: string;
  readonly message: string;
}

function tellDiagnostics(host: Host, output: string, id: string, context: number): boolean {
  if (output === '') return true;
  const tree: Record<string, Record<string, Found[] | { error: string }>> = JSON.parse(output);
  let ok = true;
  for (const unit of Object.values(tree)) {
    for (const list of Object.values(unit)) {
      ok = false;
      if (!Array.isArray(list)) {
        host.stderr(`# ${id}\n${list.error}\n`);
        continue;
      }
      for (const d of list) {
        const place = placeOf(d.posn);
        host.stderr(
          place === null
            ? `${d.posn}: ${d.message}\n`
            : `${shortPath(host, place.file)}:${place.line}:${place.column}: ${d.message}\n`,
        );
        if (context >= 0 && place !== null)
          tellContext(host, place.file, place.line, placeOf(d.end ?? d.posn)?.line ?? place.line, context);
      }
    }
  }
  return ok;
}

function tellContext(host: Host, file: string, first: number, last: number, context: number): void {
  const lines = decodeText(host.files.readFile(file)).split('\n');
  for (let i = Math.max(1, first - context); i <= Math.min(lines.length, last + context); i++)
    host.stderr(`${i}\t${lines[i - 1]}\n`);
}

function placeOf(text: string): { file: string; line: number; column: number } | null {
  const m = /^(.*):(\d+):(\d+)$/s.exec(text);
  return m === null ? null : { file: m[1], line: Number(m[2]), column: Number(m[3]) };
}
