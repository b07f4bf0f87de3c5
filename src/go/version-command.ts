/** `tuza version`: the version of Go, or of executables, with their modules and settings (cmd/go/internal/version, debug/buildinfo). */
import type { FileInfo, Host } from '#host/host.ts';
import { hostArch, hostOS } from './build-target.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { type ExecutableInfo, readExecutableInfo } from './executable-info.ts';
import { parseCommandLine } from './flags.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

export function runVersion(args: readonly string[], host: Host): number {
  const env = new Environment(host, '');
  const command = commandNamed('version');
  const parsed = parseCommandLine(host, command, args, env);
  if (parsed === null) return 2;
  if (parsed.rest.length === 0) {
    // Flags of GOFLAGS may stand alone.
    const own = parseCommandLine(host, command, args, null);
    const alone = ['m', 'v', 'json'].find((name) => own?.bool(name, false));
    if (alone !== undefined) {
      host.stderr(`go: 'go version' only accepts -${alone} flag with arguments\n`);
      return 2;
    }
    host.stdout(`go version ${goVersion} ${env.get('GOOS') || hostOS}/${env.get('GOARCH') || hostArch}\n`);
    return 0;
  }
  if (!parsed.bool('m', false) && parsed.bool('json', false)) {
    host.stderr("go: 'go version' with -json flag requires -m flag\n");
    return 2;
  }
  let status = 0;
  for (const path of parsed.rest) {
    const info = host.files.stat(path);
    if (info === null) {
      host.stderr(`stat ${path}: no such file or directory\n`);
      status = 1;
    } else if (info.isDirectory) {
      scanDirectory(host, parsed, path);
    } else if (!scanFile(host, parsed, path, info, true) && parsed.bool('m', false)) {
      status = 1;
    }
  }
  return status;
}

function scanDirectory(host: Host, parsed: ParsedFlags, dir: string): void {
  for (const e of host.files.readDirectory(dir)) {
    const path = `${dir.replace(/\/+$/, '')}/${e.name}`;
    if (e.isDirectory && !e.isSymlink) scanDirectory(host, parsed, path);
    else if (!e.isDirectory) scanFile(host, parsed, path, e, parsed.bool('v', false));
  }
}

/** Files that may be executables by their mode or name; what is wrong with others is not told. */
function isCandidate(path: string, info: FileInfo): boolean {
  return (info.mode & 0o111) !== 0 || /\.(so|exe|dll)$|\.so\.[^/]*$/i.test(path);
}

/** Whether it is an executable of Go. */
function scanFile(host: Host, parsed: ParsedFlags, path: string, info: FileInfo, tells: boolean): boolean {
  const found = readExecutableInfo(host.files.readFile(path));
  if (typeof found === 'string') {
    if (tells && isCandidate(path, info)) host.stderr(`${path}: could not read Go build info from ${path}: ${found}\n`);
    return false;
  }
  if (parsed.bool('m', false) && parsed.bool('json', false)) {
    host.stdout(`${JSON.stringify(infoJson(found), null, '\t')}\n`);
    return true;
  }
  host.stdout(`${path}: ${found.goVersion}\n`);
  const lines = found.text.trimEnd();
  if (parsed.bool('m', false) && lines !== '') host.stdout(`\t${lines.replaceAll('\n', '\n\t')}\n`);
  return true;
}

/** debug.BuildInfo as encoding/json shows it. */
function infoJson(info: ExecutableInfo): object {
  interface Module {
    Path: string;
    Version: string;
    Sum: string;
    Replace: Module | null;
  }
  const empty: Module = { Path: '', Version: '', Sum: '', Replace: null };
  let path = '';
  let main = empty;
  const deps: Module[] = [];
  const settings: { Key: string; Value: string }[] = [];
  let last: Module | null = null;
  for (const line of info.text.split('\n')) {
    const [word, ...fields] = line.split('\t');
    const module = (): Module => ({ Path: fields[0], Version: fields[1] ?? '', Sum: fields[2] ?? '', Replace: null });
    if (word === 'path') path = fields[0];
    else if (word === 'mod') last = main = module();
    else if (word === 'dep') deps.push((last = module()));
    else if (word === '=>' && last !== null) last.Replace = module();
    else if (word === 'build') {
      const m = /^("(?:[^"\\]|\\.)*"|[^=]*)=(.*)$/s.exec(line.slice('build\t'.length));
      if (m !== null) settings.push({ Key: unquoted(m[1]), Value: unquoted(m[2]) });
    }
  }
  // What is empty is left out, but for the main module itself.
  const shown = (m: Module): object => ({
    Path: m.Path || undefined,
    Version: m.Version || undefined,
    Sum: m.Sum || undefined,
    Replace: m.Replace === null ? undefined : shown(m.Replace),
  });
  return {
    GoVersion: info.goVersion || undefined,
    Path: path || undefined,
    Main: shown(main),
    Deps: deps.length === 0 ? undefined : deps.map(shown),
    Settings:
      settings.length === 0
        ? undefined
        : settings.map((s) => ({ Key: s.Key || undefined, Value: s.Value || undefined })),
  };
}

function unquoted(text: string): string {
  return text.startsWith('"') ? JSON.parse(text) : text;
}
