/**
 * The go command's variables: from the process's environment, else from the file that `env -w` writes, else from GOROOT/go.env, else
 * a default (cmd/go/internal/cfg). An empty variable counts as not set. This is looked at before anything else is loaded, so it imports little.
 */
import { decodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';

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

export class Environment {
  readonly host: Host;
  /** The file of `env -w`; "" if there is none (GOENV=off, no home). */
  readonly file: string;
  readonly fileChanged: boolean;
  /** The text of the file. */
  readonly settings: string;
  private readonly saved: Map<string, string>;
  private readonly ofTree: Map<string, string>;

  constructor(host: Host, goroot: string) {
    this.host = host;
    const given = host.env.get('GOENV') ?? '';
    const usual = host.configDirectory === '' ? '' : `${host.configDirectory}/go/env`;
    this.file = given === 'off' ? '' : given === '' ? usual : given;
    this.fileChanged = given !== '' && given !== usual;
    this.settings = readText(host, this.file);
    this.saved = variablesOf(this.settings);
    this.ofTree = variablesOf(goroot === '' ? '' : readText(host, `${goroot}/go.env`));
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

/** "" if there is no such file. */
function readText(host: Host, path: string): string {
  if (path === '') return '';
  try {
    return decodeText(host.files.readFile(path));
  } catch (e) {
    if (e instanceof FileError) return '';
    throw e;
  }
}

function variablesOf(text: string): Map<string, string> {
  const map = new Map<string, string>();
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

/** GOPATH, if it has a go.mod file, which makes no module of all that is below; else "". */
export function gopathWithModFile(env: Environment): string {
  const [first] = env.get('GOPATH').split(':');
  return first !== '' && env.host.files.stat(`${first}/go.mod`) !== null ? first : '';
}

export function warnOfGopath(env: Environment): void {
  const gopath = gopathWithModFile(env);
  if (gopath !== '') env.host.stderr(`go: warning: ignoring go.mod in $GOPATH ${gopath}\n`);
}
