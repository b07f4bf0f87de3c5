/** What "latest", "v1", ">=v1.2.3", a branch or a revision mean for a module (cmd/go/internal/modload query.go). */
import { decodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import { asError, ModError, NotExistError } from './errors.ts';
import type { Fetcher, Info } from './fetch.ts';
import { canonicalVersion, matchPathMajor, pathMajorOf } from './module.ts';
import * as semver from './semver.ts';

/** `current` is the selected version, for "upgrade" and "patch"; "" if there is none. `allowed` leaves out excluded and retracted versions. */
export async function queryVersion(
  fetcher: Fetcher,
  path: string,
  query: string,
  current: string,
  allowed: (version: string) => boolean = () => true,
): Promise<Info> {
  const accepts = filterOf(query, current);
  if (accepts === null) return fetcher.stat(path, canonicalVersion(query) || query);
  const major = pathMajorOf(path);
  const all = (await fetcher.versions(path)).filter((v) => matchPathMajor(v, major) && allowed(v));
  const list = (await withoutIncompatible(fetcher, path, all)).filter(accepts);
  const lowest = query.startsWith('>');
  const releases = list.filter((v) => semver.prerelease(v) === '');
  const pool = releases.length > 0 ? releases : list;
  const best = lowest ? pool[0] : pool.at(-1);
  if (best !== undefined) return fetcher.stat(path, best);
  if (query === 'latest' || query === 'upgrade') {
    const newest = await fetcher.latest(path);
    const isOlder = query === 'upgrade' && current !== '' && semver.compare(newest.version, current) < 0;
    return isOlder ? fetcher.stat(path, current) : newest;
  }
  if (query === 'patch') return fetcher.stat(path, current);
  // "v1" may be the name of a tag or branch.
  if (!/^[<>]/.test(query)) {
    try {
      return await fetcher.stat(path, query);
    } catch (e) {
      if (!(asError(e) instanceof ModError)) throw e;
    }
  }
  throw new NotExistError(`${path}@${query}: no matching versions for query ${quote(query)}`);
}

/** Null if the query names one revision. */
function filterOf(query: string, current: string): ((v: string) => boolean) | null {
  if (query === 'latest') return () => true;
  if (query === 'upgrade') return (v) => current === '' || semver.compare(v, current) >= 0;
  if (query === 'patch')
    return (v) => semver.majorMinor(v) === semver.majorMinor(current) && semver.compare(v, current) >= 0;
  const m = /^(<=|<|>=|>)(.*)$/.exec(query);
  if (m !== null) {
    const [, operator, limit] = m;
    if (!semver.isValid(limit)) throw new ModError(`invalid semantic version ${quote(limit)} in range ${quote(query)}`);
    return (v) => {
      const order = semver.compare(v, limit);
      return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
    };
  }
  const isPrefix = semver.isValid(query) && !/[-+]/.test(query) && query.split('.').length < 3;
  return isPrefix ? (v) => v.startsWith(`${query}.`) : null;
}

/** Versions of 2 and up without a go.mod file do not count once the newest compatible version has one. */
async function withoutIncompatible(fetcher: Fetcher, path: string, list: string[]): Promise<string[]> {
  const compatible = list.filter((v) => semver.build(v) !== '+incompatible');
  const newest = compatible.at(-1);
  if (newest === undefined || compatible.length === list.length) return list;
  const text = decodeText(await fetcher.goMod({ path, version: newest }));
  // A proxy makes up a file of one line where there is none.
  return text === `module ${path}\n` ? list : compatible;
}
