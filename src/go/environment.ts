/**
 * The go command's variables: from the process's environment, else from the file that `env -w` writes, else from GOROOT/go.env, else
 * a default (cmd/go/internal/cfg). An empty variable counts as not set.
 */
import { decodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { parseExperiments } from '#load/experiments.ts';
import { cgoSupported, isPort } from '#load/platforms.ts';
import { type BuildTarget, defaultLevel, makeTarget } from '#load/target.ts';

/** Variables that may be written to the file (internal/cfg KnownEnv). */
export const knownVariables: ReadonlySet<string> = new Set(
  (
    'AR CC CGO_CFLAGS CGO_CFLAGS_ALLOW CGO_CFLAGS_DISALLOW CGO_CPPFLAGS CGO_CPPFLAGS_ALLOW CGO_CPPFLAGS_DISALLOW CGO_CXXFLAGS ' +
    'CGO_CXXFLAGS_ALLOW CGO_CXXFLAGS_DISALLOW CGO_ENABLED CGO_FFLAGS CGO_FFLAGS_ALLOW CGO_FFLAGS_DISALLOW CGO_LDFLAGS ' +
    'CGO_LDFLAGS_ALLOW CGO_LDFLAGS_DISALLOW CXX FC GCCGO GO111MODULE GO386 GOAMD64 GOARCH GOARM GOARM64 GOAUTH GOBIN GOCACHE ' +
    'GOCACHEPROG GOENV GOEXE GOEXPERIMENT GOFIPS140 GOFLAGS GOGCCFLAGS GOHOSTARCH GOHOSTOS GOINSECURE GOMIPS GOMIPS64 GOMODCACHE ' +
    'GONOPROXY GONOSUMDB GOOS GOPATH GOPPC64 GOPRIVATE GOPROXY GORISCV64 GOROOT GOSUMDB GOTMPDIR GOTOOLCHAIN GOTOOLDIR GOVCS ' +
    'GOWASM GOWORK GO_EXTLINK_ENABLED PKG_CONFIG'
  ).split(' '),
);

export const hostOS = 'linux';
export const hostArch = 'amd64';

export class Environment {
  readonly host: Host;
  /** The file of `env -w`; "" if there is none (GOENV=off, no home). */
  readonly file: string;
  readonly fileChanged: boolean;
  private readonly saved: Map<string, string>;
  private readonly ofTree: Map<string, string>;

  constructor(host: Host, goroot: string) {
    this.host = host;
    const given = host.env.get('GOENV') ?? '';
    const usual = host.configDirectory === '' ? '' : `${host.configDirectory}/go/env`;
    this.file = given === 'off' ? '' : given === '' ? usual : given;
    this.fileChanged = given !== '' && given !== usual;
    this.saved = readVariables(host, this.file);
    this.ofTree = goroot === '' ? new Map() : readVariables(host, `${goroot}/go.env`);
  }

  /** "" if it is not set anywhere. */
  get(name: string): string {
    const given = this.host.env.get(name) ?? '';
    if (given !== '') return given;
    return this.saved.get(name) || this.ofTree.get(name) || '';
  }

  /** Whether `get` may be asked for a name that is not known: it stands in the file. */
  isSaved(name: string): boolean {
    return this.saved.has(name);
  }

  /** What GOROOT/go.env says, else the fallback. */
  default(name: string, fallback: string): string {
    return this.ofTree.get(name) || fallback;
  }
}

function readVariables(host: Host, path: string): Map<string, string> {
  const map = new Map<string, string>();
  if (path === '') return map;
  let text: string;
  try {
    text = decodeText(host.files.readFile(path));
  } catch (e) {
    if (e instanceof FileError) return map;
    throw e;
  }
  for (const line of text.split('\n')) {
    const key = keyOfLine(line);
    if (key !== '') map.set(key, line.slice(key.length + 1).replace(/\r$/, ''));
  }
  return map;
}

/** The variable that a line of the file sets; "" for comments and other lines. */
export function keyOfLine(line: string): string {
  const eq = line.indexOf('=');
  const key = eq < 0 ? '' : line.slice(0, eq);
  return /^[A-Z][A-Z0-9_]*$/.test(key) ? key : '';
}

/** The variable that chooses the instruction set level of an architecture; "" where there is none. */
export function levelVariable(goarch: string): string {
  switch (goarch) {
    case '386':
    case 'amd64':
    case 'arm':
    case 'arm64':
    case 'riscv64':
    case 'wasm':
      return `GO${goarch.toUpperCase()}`;
    case 'mips':
    case 'mipsle':
      return 'GOMIPS';
    case 'mips64':
    case 'mips64le':
      return 'GOMIPS64';
    case 'ppc64':
    case 'ppc64le':
      return 'GOPPC64';
    default:
      return '';
  }
}

/** Whether cgo is on: as asked, else if programs for this machine are built and there is a C compiler. */
export function cgoEnabled(env: Environment, goos: string, goarch: string): boolean {
  const given = env.get('CGO_ENABLED');
  if (given === '1') return cgoSupported(goos, goarch);
  if (given === '0' || goos !== hostOS || goarch !== hostArch || !cgoSupported(goos, goarch)) return false;
  const compiler = (env.get('CC') || 'gcc').split(' ')[0];
  return findProgram(env.host, compiler);
}

function findProgram(host: Host, name: string): boolean {
  if (name.includes('/')) return host.files.stat(name) !== null;
  const path = (host.env.get('PATH') ?? '').split(':');
  return path.some((dir) => dir !== '' && ((host.files.stat(`${dir}/${name}`)?.mode ?? 0) & 0o111) !== 0);
}

/** What is built for, by the variables; a text is what is wrong with them. Tags are added to those of the experiments. */
export function targetOf(env: Environment, tags: readonly string[], cgo: boolean | null = null): BuildTarget | string {
  const goos = env.get('GOOS') || hostOS;
  const goarch = env.get('GOARCH') || hostArch;
  if (!isPort(goos, goarch)) return `go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`;
  const experiments = parseExperiments(goos, goarch, env.get('GOEXPERIMENT'));
  if (typeof experiments === 'string') return `go: ${experiments}`;
  const level = env.get(levelVariable(goarch)) || defaultLevel(goarch);
  return { ...makeTarget(goos, goarch, cgo ?? cgoEnabled(env, goos, goarch), tags), experiments, level };
}
