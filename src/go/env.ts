/** `tuza env`: the variables, as `go env` prints them (cmd/go/internal/envcmd). */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { splitQuoted } from '#load/cgo-flags.ts';
import { parseExperiments } from '#load/experiments.ts';
import { isPort } from '#load/platforms.ts';
import { defaultLevel } from '#load/target.ts';
import { cgoEnabled, hostArch, hostOS, levelVariable } from './build-target.ts';
import { commandNamed } from './command.ts';
import { Environment, keyOfLine, knownVariables, warnOfGopath } from './environment.ts';
import { parseCommandLine } from './flags.ts';
import { lookForTree } from './goroot.ts';
import { formatJson } from './json.ts';
import { findUpwards, moduleRoot } from './paths.ts';
import { goVersion } from './version.ts';

interface Variable {
  readonly name: string;
  readonly value: string;
  /** Differs from the default. */
  readonly changed: boolean;
}

/** A message that ends the command with exit status 1. */
class EnvError extends Error {}

export function runEnv(args: readonly string[], host: Host): number {
  const command = commandNamed('env');
  const parsed = parseCommandLine(host, command, args, null);
  if (parsed === null) return 2;
  const json = parsed.bool('json', false);
  const changed = parsed.bool('changed', false);
  const write = parsed.bool('w', false);
  const unset = parsed.bool('u', false);
  try {
    const experiments = parseExperiments(hostOS, hostArch, new Environment(host, '').get('GOEXPERIMENT'));
    if (typeof experiments === 'string' && !write && !unset) throw new EnvError(`go: ${experiments}`);
    if (json && write) throw new EnvError('go: cannot use -json with -w');
    if (json && unset) throw new EnvError('go: cannot use -json with -u');
    if (write && unset) throw new EnvError('go: cannot use -u with -w');
    const env = new Environment(host, lookForTree(host));
    if (write) setDefaults(env, parsed.rest);
    else if (unset) unsetDefaults(env, parsed.rest);
    else {
      const goos = env.get('GOOS') || hostOS;
      const goarch = env.get('GOARCH') || hostArch;
      if (parsed.rest.length === 0 && !isPort(goos, goarch))
        throw new EnvError(`go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`);
      checkWorkDirectory(env, parsed.rest);
      print(env, parsed.rest, json, changed);
    }
    return 0;
  } catch (e) {
    if (!(e instanceof Error)) throw e;
    host.stderr(`${e.message}\n`);
    return 1;
  }
}

/** Flags of the C compiler are found out in a temporary directory. Throws EnvError. */
function checkWorkDirectory(env: Environment, names: readonly string[]): void {
  const needs = names.length === 0 || names.some((n) => /^(CGO_(C|CPP|CXX|F|LD)FLAGS|PKG_CONFIG|GOGCCFLAGS)$/.test(n));
  const work = needs ? env.get('GOTMPDIR') : '';
  if (work !== '' && env.host.files.stat(work)?.isDirectory !== true)
    throw new EnvError(`go: creating work dir: stat ${work}: no such file or directory`);
}

function print(env: Environment, names: readonly string[], json: boolean, onlyChanged: boolean): void {
  const { host } = env;
  let list = variables(env);
  if (names.length > 0 && onlyChanged) list = names.flatMap((n) => list.filter((v) => v.name === n));
  else if (names.length > 0) {
    const values = names.map((name) => ({ name, value: valueNamed(env, list, name), changed: true }));
    if (!json) {
      for (const v of values) host.stdout(`${v.value}\n`);
      return;
    }
    list = values;
  }
  if (onlyChanged) list = list.filter((v) => v.changed);
  if (json) host.stdout(`${formatJson(new Map(list.map((v) => [v.name, v.value])))}\n`);
  else {
    const sorted = [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
    host.stdout(sorted.map((v) => `${v.name}='${v.value.replaceAll("'", `'\\''`)}'\n`).join(''));
  }
}

function valueNamed(env: Environment, list: readonly Variable[], name: string): string {
  const found = list.find((v) => v.name === name);
  if (found !== undefined) return found.value;
  return knownVariables.has(name) || env.isSaved(name) ? env.get(name) : '';
}

/** All variables. What only names flags of the system's compiler that nothing here runs (GOGCCFLAGS) is left out. */
export function variables(env: Environment): Variable[] {
  const { host } = env;
  const goroot = lookForTree(host);
  const goos = env.get('GOOS') || hostOS;
  const goarch = env.get('GOARCH') || hostArch;
  const list: Variable[] = [];
  const add = (name: string, value: string, changed: boolean): void => void list.push({ name, value, changed });
  /** Set or else the default. */
  const plain = (name: string, fallback: string): string => {
    const value = env.get(name);
    add(name, value || fallback, value !== '' && value !== env.default(name, fallback));
    return value || fallback;
  };
  const home = host.homeDirectory;
  const module = env.get('GO111MODULE');
  add('GO111MODULE', module, module !== '' && module !== 'on');
  add('GOARCH', goarch, goarch !== hostArch);
  plain('GOAUTH', 'netrc');
  plain('GOBIN', '');
  plain('GOCACHE', host.cacheDirectory === '' ? 'off' : `${host.cacheDirectory}/go-build`);
  plain('GOCACHEPROG', '');
  add('GODEBUG', host.env.get('GODEBUG') ?? '', (host.env.get('GODEBUG') ?? '') !== '');
  add('GOENV', env.file === '' ? 'off' : env.file, env.fileChanged);
  add('GOEXE', goos === 'windows' ? '.exe' : '', false);
  plain('GOEXPERIMENT', '');
  plain('GOFIPS140', 'off');
  plain('GOFLAGS', '');
  add('GOHOSTARCH', hostArch, false);
  add('GOHOSTOS', hostOS, false);
  plain('GOINSECURE', '');
  const defaultPath = home === '' || `${home}/go` === goroot ? '' : `${home}/go`;
  const gopath = plain('GOPATH', defaultPath);
  const [first] = gopath.split(':');
  plain('GOMODCACHE', first === '' ? '' : `${first}/pkg/mod`);
  const gopriv = plain('GOPRIVATE', '');
  plain('GONOPROXY', gopriv);
  plain('GONOSUMDB', gopriv);
  add('GOOS', goos, goos !== hostOS);
  plain('GOPROXY', 'https://proxy.golang.org,direct');
  add('GOROOT', goroot, false);
  plain('GOSUMDB', 'sum.golang.org');
  const telemetry = host.configDirectory === '' ? '' : `${host.configDirectory}/go/telemetry`;
  add('GOTELEMETRY', telemetryMode(host, telemetry), false);
  add('GOTELEMETRYDIR', telemetry, false);
  plain('GOTMPDIR', '');
  const toolchain = env.get('GOTOOLCHAIN');
  add('GOTOOLCHAIN', toolchain || 'local', toolchain !== '' && toolchain !== env.default('GOTOOLCHAIN', ''));
  add('GOTOOLDIR', goroot === '' ? '' : `${goroot}/pkg/tool/${hostOS}_${hostArch}`, false);
  plain('GOVCS', '');
  add('GOVERSION', goVersion, false);
  plain('GCCGO', 'gccgo');
  const level = levelVariable(goarch);
  if (level !== '') plain(level, goarch === 'wasm' ? '' : defaultLevel(goarch));
  addCompilers(env, add, plain, cgoEnabled(env, goos, goarch));
  addModule(env, add);
  return list.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addCompilers(
  env: Environment,
  add: (name: string, value: string, changed: boolean) => void,
  plain: (name: string, fallback: string) => string,
  cgo: boolean,
): void {
  plain('AR', 'ar');
  for (const [name, fallback] of [
    ['CC', 'gcc'],
    ['CXX', 'g++'],
  ]) {
    add(name, env.get(name) || fallback, env.get(name) !== '');
  }
  add('CGO_ENABLED', cgo ? '1' : '0', env.get('CGO_ENABLED') !== '' && (env.get('CGO_ENABLED') === '1') !== cgo);
  for (const name of ['CGO_CFLAGS', 'CGO_CXXFLAGS', 'CGO_FFLAGS', 'CGO_LDFLAGS']) plain(name, '-O2 -g');
  plain('CGO_CPPFLAGS', '');
  plain('PKG_CONFIG', 'pkg-config');
}

function addModule(env: Environment, add: (name: string, value: string, changed: boolean) => void): void {
  const { host } = env;
  const isOff = env.get('GO111MODULE') === 'off';
  const here = host.workingDirectory();
  if (!isOff) warnOfGopath(env);
  const root = isOff ? '' : moduleRoot(host, true);
  // In the mode "auto" modules are off where there is none.
  const none = isOff || env.get('GO111MODULE') === 'auto' ? '' : '/dev/null';
  add('GOMOD', root === '' ? none : `${root}/go.mod`, false);
  const given = env.get('GOWORK');
  let work = given;
  if (given === '' || given === 'auto') {
    const dir = isOff ? '' : findUpwards(host, here, 'go.work');
    work = dir === '' ? '' : `${dir}/go.work`;
  }
  add('GOWORK', work, false);
}

/** What the user has told the official command; tuza itself counts and sends nothing. */
function telemetryMode(host: Host, dir: string): string {
  if (dir === '' || host.files.stat(`${dir}/mode`) === null) return 'local';
  return (
    decodeText(host.files.readFile(`${dir}/mode`))
      .trim()
      .split(' ')[0] || 'local'
  );
}

function setDefaults(env: Environment, args: readonly string[]): void {
  if (args.length === 0) throw new EnvError('go: no KEY=VALUE arguments given');
  const add = new Map<string, string>();
  for (const arg of args) {
    const eq = arg.indexOf('=');
    if (eq < 0) throw new EnvError(`go: arguments must be KEY=VALUE: invalid argument: ${arg}`);
    const key = arg.slice(0, eq);
    const value = arg.slice(eq + 1);
    checkVariable(env, key, value);
    if (add.has(key)) throw new EnvError(`go: multiple values for key: ${key}`);
    add.set(key, value);
    const given = env.host.env.get(key) ?? '';
    if (given !== '' && given !== value)
      env.host.stderr(`warning: go env -w ${key}=... does not override conflicting OS environment variable\n`);
  }
  checkBuild(env, add, []);
  const tmp = add.get('GOTMPDIR') ?? '';
  if (tmp !== '' && !tmp.startsWith('/')) throw new EnvError('go: GOTMPDIR must be an absolute path');
  updateFile(env, add, []);
}

function unsetDefaults(env: Environment, names: readonly string[]): void {
  if (names.length === 0) throw new EnvError("go: 'go env -u' requires an argument");
  for (const name of names) checkVariable(env, name, '');
  checkBuild(env, new Map(), names);
  updateFile(env, new Map(), names);
}

const fixed = new Set(
  'GOEXE GOGCCFLAGS GOHOSTARCH GOHOSTOS GOMOD GOWORK GOTOOLDIR GOVERSION GOTELEMETRY GOTELEMETRYDIR'.split(' '),
);

function checkVariable(env: Environment, key: string, value: string): void {
  const q = JSON.stringify(value);
  if (fixed.has(key)) throw new EnvError(`go: ${key} cannot be modified`);
  if (key === 'GOENV' || key === 'GODEBUG') throw new EnvError(`go: ${key} can only be set using the OS environment`);
  if (!knownVariables.has(key) && !env.isSaved(key)) throw new EnvError(`go: unknown go command variable ${key}`);
  if (key === 'GO111MODULE' && !['', 'auto', 'on', 'off'].includes(value))
    throw new EnvError(`go: invalid ${key} value ${q}`);
  if (key === 'GOPATH' && value.startsWith('~'))
    throw new EnvError(`go: GOPATH entry cannot start with shell metacharacter '~': ${q}`);
  if ((key === 'GOPATH' || key === 'GOMODCACHE') && value !== '' && !value.startsWith('/'))
    throw new EnvError(`go: ${key} entry is relative; must be absolute path: ${q}`);
  if ((key === 'CC' || key === 'CXX') && value !== '') checkCompiler(key, value);
  if (value.includes('\0')) throw new EnvError(`go: invalid NUL in ${key}=... value`);
  if (/[\v\r\n]/.test(value)) throw new EnvError(`go: invalid newline in ${key}=... value`);
}

function checkCompiler(key: string, value: string): void {
  const words = splitQuoted(value);
  if (words === null) throw new EnvError(`go: invalid ${key}: unterminated quoted string`);
  if (words.length === 0) throw new EnvError(`go: ${key} entry cannot contain only space`);
  if (words[0].includes('/') && !words[0].startsWith('/'))
    throw new EnvError(`go: ${key} entry is relative; must be absolute path: ${JSON.stringify(words[0])}`);
}

/** What is built for must make sense after the change. */
function checkBuild(env: Environment, add: ReadonlyMap<string, string>, remove: readonly string[]): void {
  const after = (key: string, fallback: string): string => {
    const added = add.get(key);
    if (added !== undefined) return added;
    if (remove.includes(key)) return env.host.env.get(key) || fallback;
    return env.get(key) || fallback;
  };
  const touched = (key: string): boolean => add.has(key) || remove.includes(key);
  const goos = after('GOOS', hostOS);
  const goarch = after('GOARCH', hostArch);
  if ((touched('GOOS') || touched('GOARCH')) && !isPort(goos, goarch))
    throw new EnvError(`go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`);
  if (!touched('GOEXPERIMENT')) return;
  const experiments = parseExperiments(goos, goarch, after('GOEXPERIMENT', ''));
  if (typeof experiments === 'string') throw new EnvError(`go: ${experiments}`);
}

/** Only the last line of a variable counts; runs of variables are kept sorted, comments and other lines stay where they are. */
function updateFile(env: Environment, add: ReadonlyMap<string, string>, remove: readonly string[]): void {
  const { host, file } = env;
  if (file === '') throw new EnvError('go: cannot find go env config: GOENV=off');
  const lines = readLines(host, file, add.size === 0);
  const last = new Map<string, number>();
  const kept: (string | null)[] = [...lines];
  lines.forEach((line, i) => {
    const key = keyOfLine(line);
    if (key === '') return;
    const before = last.get(key);
    if (before !== undefined) kept[before] = null;
    last.set(key, i);
  });
  for (const [key, value] of add) {
    const at = last.get(key);
    if (at === undefined) kept.push(`${key}=${value}`);
    else kept[at] = `${key}=${value}`;
  }
  for (const key of remove) {
    const at = last.get(key);
    if (at !== undefined) kept[at] = null;
  }
  const text = sortRuns(kept.filter((l) => l !== null));
  host.files.makeDirectory(file.slice(0, file.lastIndexOf('/')) || '/');
  host.files.writeFile(file, encodeText(text.map((l) => `${l}\n`).join('')));
}

function readLines(host: Host, file: string, mustExist: boolean): string[] {
  try {
    const lines = decodeText(host.files.readFile(file)).split('\n');
    if (lines[lines.length - 1] === '') lines.pop();
    return lines;
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    if (mustExist || e.code !== 'ENOENT') throw new EnvError(`go: reading go env config: ${e.message}`);
    return [];
  }
}

function sortRuns(lines: readonly string[]): string[] {
  const out: string[] = [];
  let run: string[] = [];
  const flush = (): void => {
    run.sort((a, b) => (keyOfLine(a) < keyOfLine(b) ? -1 : 1));
    out.push(...run);
    run = [];
  };
  for (const line of lines) {
    if (keyOfLine(line) !== '') run.push(line);
    else {
      flush();
      out.push(line);
    }
  }
  flush();
  return out;
}
