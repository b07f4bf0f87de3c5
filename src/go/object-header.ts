/** The first line of object files, which names what they were made for. */
import type { Host } from '#host/host.ts';
import { defaultExperiments, experimentNames, parseExperiments } from '#load/experiments.ts';
import { goVersion } from './version.ts';

/** The experiments that are on, in the order of the object header; a GOEXPERIMENT that is wrong counts as empty. */
export function experimentsOf(host: Host, goos = 'linux', goarch = 'amd64'): string[] {
  const parsed = parseExperiments(goos, goarch, host.env.get('GOEXPERIMENT') ?? '');
  return typeof parsed === 'string' ? defaultExperiments(goos, goarch) : parsed;
}

/** The version that programs carry: with the experiments that are not as they are by default. */
export function versionWithExperiments(host: Host, goos: string, goarch: string): string {
  const base = new Set(defaultExperiments(goos, goarch));
  const on = new Set(experimentsOf(host, goos, goarch));
  const changed = experimentNames.filter((n) => base.has(n) !== on.has(n)).map((n) => (on.has(n) ? n : `no${n}`));
  return changed.length === 0 ? goVersion : `${goVersion}-X:${changed.join(',')}`;
}

/** The first line of every object; the linker compares it (cmd/internal/objabi/util.go, HeaderString). */
export function headerLine(host: Host, goos: string, goarch: string): string {
  const level = goarch === 'amd64' ? ` GOAMD64=${host.env.get('GOAMD64') || 'v1'}` : '';
  return `go object ${goos} ${goarch} ${goVersion}${level} X:${experimentsOf(host, goos, goarch).join(',')}\n`;
}
