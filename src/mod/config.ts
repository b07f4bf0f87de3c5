/** What the variables and flags say about modules (cmd/go/internal/cfg). */
import type { Host } from '#host/host.ts';
import { Credentials } from './credentials.ts';
import { type RunningGo, runningVersion } from './gover.ts';

export interface ModConfig {
  readonly host: Host;
  /** GOMODCACHE; "" if there is none. */
  readonly cache: string;
  /** Where the newest known head of the checksum database is kept (GOPATH/pkg/sumdb). */
  readonly sumdbDir: string;
  readonly proxies: string;
  readonly noProxy: string;
  readonly sumdb: string;
  readonly noSumdb: string;
  readonly isPrivate: string;
  readonly insecure: string;
  /** GOVCS. */
  readonly vcs: string;
  readonly credentials: Credentials;
  /** -modcacherw. */
  readonly writable: boolean;
  /** -x: requests to proxies are told. */
  readonly showsRequests: boolean;
  /** "1.26.8". */
  readonly goVersion: string;
  readonly running: RunningGo;
  /** GOOS/GOARCH do not matter to modules; the command's name does: "mod download" prints no progress. */
  readonly command: string;
}

function firstGopath(host: Host, get: (name: string) => string): string {
  return (get('GOPATH') || `${host.env.get('HOME') ?? host.homeDirectory}/go`).split(':')[0];
}

/** GOMODCACHE; "" if there is none. */
export function moduleCacheOf(host: Host, get: (name: string) => string): string {
  const first = firstGopath(host, get);
  return get('GOMODCACHE') || (first === '' ? '' : `${first}/pkg/mod`);
}

/** The variables are read by `get`. */
export function modConfig(
  host: Host,
  get: (name: string) => string,
  goVersion: string,
  flags: Pick<ModConfig, 'command' | 'writable' | 'showsRequests'>,
): ModConfig {
  const first = firstGopath(host, get);
  const isPrivate = get('GOPRIVATE');
  return {
    host,
    cache: moduleCacheOf(host, get),
    sumdbDir: `${first}/pkg/sumdb`,
    proxies: get('GOPROXY') || 'https://proxy.golang.org,direct',
    noProxy: get('GONOPROXY') || isPrivate,
    sumdb: get('GOSUMDB') || 'sum.golang.org',
    noSumdb: get('GONOSUMDB') || isPrivate,
    isPrivate,
    insecure: get('GOINSECURE'),
    vcs: get('GOVCS'),
    credentials: new Credentials(host, get('GOAUTH') || 'netrc', flags.showsRequests),
    writable: flags.writable,
    showsRequests: flags.showsRequests,
    goVersion,
    running: runningVersion(goVersion, get('GOTOOLCHAIN')),
    command: flags.command,
  };
}
