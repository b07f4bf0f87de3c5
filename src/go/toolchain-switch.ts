/**
 * Switching to another release of Go in the middle of a command: a module that was met needs a newer one. GOTOOLCHAIN says whether that is allowed, and
 * which releases there are: all that the module proxy has, or those in PATH (cmd/go/internal/toolchain, switch.go; go.dev/doc/toolchain#switch).
 */
import type { Host } from '#host/host.ts';
import { isUserError, JoinedErrors, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { goReleases } from '#mod/version-repo.ts';
import { Environment } from './environment.ts';
import { lookForTree } from './goroot.ts';
import { tellModError } from './mod-errors.ts';
import { defaultOptions, newFetcher } from './modules.ts';
import { SwitchToolchain } from './toolchain-select.ts';

/** Tells what is wrong, unless a newer release helps. Returns the exit status. Throws SwitchToolchain after having told that. */
export async function tellOrSwitch(host: Host, errors: readonly unknown[]): Promise<number> {
  const tooNew = newestNeed(errors);
  const env = new Environment(host, lookForTree(host));
  const setting = env.get('GOTOOLCHAIN');
  if (tooNew === null || !/(^|\+)(auto|path)$/.test(setting)) return tellAll(host, errors);
  let toolchain: string;
  try {
    const releases = setting.endsWith('auto')
      ? await goReleases(newFetcher(env, defaultOptions, ''))
      : releasesInPath(host);
    toolchain = `go${newerRelease(tooNew.goVersion, releases)}`;
  } catch (e) {
    if (!isUserError(e)) throw e;
    tellAll(host, errors);
    return tellModError(host, new ModError(`switching to go >= ${tooNew.goVersion}: ${e.message}`, e));
  }
  host.stderr(`go: ${tooNew.what} requires go >= ${tooNew.goVersion}; switching to ${toolchain}\n`);
  throw new SwitchToolchain(toolchain);
}

/** Whether errors make a command switch. */
export function needsSwitch(host: Host, errors: readonly unknown[]): boolean {
  const setting = new Environment(host, lookForTree(host)).get('GOTOOLCHAIN');
  return newestNeed(errors) !== null && /(^|\+)(auto|path)$/.test(setting);
}

function tellAll(host: Host, errors: readonly unknown[]): number {
  for (const e of errors) tellModError(host, e);
  return 1;
}

/** What needs the newest Go. */
function newestNeed(errors: readonly unknown[]): gover.TooNewError | null {
  let newest: gover.TooNewError | null = null;
  const look = (e: unknown): void => {
    if (e instanceof JoinedErrors) for (const one of e.list) look(one);
    else if (e instanceof gover.TooNewError) {
      const order = newest === null ? 1 : gover.compare(e.goVersion, newest.goVersion);
      if (order > 0 || (order === 0 && newest !== null && e.what < newest.what)) newest = e;
    } else if (e instanceof ModError) look(e.inner);
  };
  for (const e of errors) look(e);
  return newest;
}

function releasesInPath(host: Host): string[] {
  const found = new Set<string>();
  for (const dir of (host.env.get('PATH') ?? '').split(':')) {
    if (!dir.startsWith('/') || host.files.stat(dir)?.isDirectory !== true) continue;
    for (const { name, isDirectory } of host.files.readDirectory(dir)) {
      if (isDirectory || !name.startsWith('go1.')) continue;
      const version = gover.fromToolchain(name);
      if (version.startsWith('1.') && ((host.files.stat(`${dir}/${name}`)?.mode ?? 0) & 0o111) !== 0)
        found.add(version);
    }
  }
  return [...found].sort(gover.compare);
}

/**
 * Of the newest release of each language version the one before the newest language version that has a release which is no prerelease, if that is new
 * enough. Throws ModError.
 */
function newerRelease(need: string, ascending: readonly string[]): string {
  let latest = '';
  for (const v of ascending.toReversed()) {
    if (gover.compare(v, need) < 0) break;
    if (latest !== '' && gover.lang(latest) === gover.lang(v)) continue;
    const newer = latest;
    latest = v;
    if (newer !== '' && !gover.isPrerelease(newer)) break;
  }
  if (latest === '') throw new ModError(`no releases found for go >= ${need}`);
  return latest;
}
