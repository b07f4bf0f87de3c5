/** Which repository has a module: known hosts, paths that name the system, and go-import tags of web pages (cmd/go/internal/vcs). */
import { decodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import type { ModConfig } from '../config.ts';
import { asError, ModError } from '../errors.ts';
import { matchPrefixPatterns } from '../module.ts';
import { redacted, statusError, webGet } from '../web.ts';
import { hasPathPrefix } from './code-repo.ts';
import { checkVcsAllowed } from './govcs.ts';
import { type MetaImport, parseMetaImports } from './meta.ts';
import { RunError, runCommand } from './run.ts';

export interface RepoRoot {
  /** With a scheme. */
  readonly url: string;
  /** The import path of its root directory, or of `subdir`. */
  readonly root: string;
  readonly subdir: string;
  /** "git", ..., or "mod" for a module proxy. */
  readonly system: string;
}

interface KnownHost {
  readonly prefix: string;
  readonly pattern: RegExp;
  readonly system: string;
  /** A path that ends in the name of a system is a mistake. */
  readonly noSuffix: boolean;
}

const names = String.raw`(?:/[\w.\-]+)*$`;
const hosts: readonly KnownHost[] = [
  {
    prefix: 'github.com',
    pattern: new RegExp(String.raw`^(github\.com/[\w.\-]+/[\w.\-]+)${names}`),
    system: 'git',
    noSuffix: true,
  },
  {
    prefix: 'bitbucket.org',
    pattern: new RegExp(String.raw`^(bitbucket\.org/[\w.\-]+/[\w.\-]+)${names}`),
    system: 'git',
    noSuffix: true,
  },
  {
    prefix: 'hub.jazz.net/git',
    pattern: new RegExp(String.raw`^(hub\.jazz\.net/git/[a-z0-9]+/[\w.\-]+)${names}`),
    system: 'git',
    noSuffix: true,
  },
  {
    prefix: 'git.apache.org',
    pattern: new RegExp(String.raw`^(git\.apache\.org/[a-z0-9_.\-]+\.git)${names}`),
    system: 'git',
    noSuffix: false,
  },
  {
    prefix: 'git.openstack.org',
    pattern: new RegExp(String.raw`^(git\.openstack\.org/[\w.\-]+/[\w.\-]+)(?:\.git)?${names}`),
    system: 'git',
    noSuffix: false,
  },
  {
    prefix: 'chiselapp.com',
    pattern: /^(chiselapp\.com\/user\/[A-Za-z0-9]+\/repository\/[\w.-]+)$/,
    system: 'fossil',
    noSuffix: false,
  },
];

const schemes: Readonly<Record<string, readonly string[]>> = {
  hg: ['https', 'http', 'ssh'],
  git: ['git', 'https', 'http', 'git+ssh', 'ssh'],
  bzr: ['https', 'http', 'bzr', 'bzr+ssh'],
  svn: ['https', 'http', 'svn', 'svn+ssh'],
  fossil: ['https', 'http'],
};
const secureSchemes = new Set(['https', 'git+ssh', 'bzr+ssh', 'svn+ssh', 'ssh']);

/** Throws ModError. */
export async function findRepoRoot(config: ModConfig, path: string): Promise<RepoRoot> {
  const isInsecure = matchPrefixPatterns(config.insecure, path);
  const known = await fromPath(config, path, isInsecure);
  if (known !== null) return known;
  try {
    return await fromWeb(config, path, isInsecure);
  } catch (e) {
    throw new ModError(`unrecognized import path ${quote(path)}: ${asError(e).message}`, asError(e));
  }
}

/** Null if only the host itself can tell. */
async function fromPath(config: ModConfig, path: string, isInsecure: boolean): Promise<RepoRoot | null> {
  // The official command's tests count on these two never being asked for.
  if (hasPathPrefix(path, 'example.net')) throw new ModError('no modules on example.net');
  if (path === 'rsc.io') throw new ModError('rsc.io is not a module');
  const scheme = /^https?:/.exec(path)?.[0];
  if (scheme !== undefined) throw new ModError(`${quote(`${scheme}//`)} not allowed in import path`);
  const host = hosts.find((h) => hasPathPrefix(path, h.prefix));
  if (host !== undefined) {
    const root = host.pattern.exec(path)?.[1];
    if (root === undefined) throw new ModError(`invalid ${host.prefix} import path ${quote(path)}`);
    if (host.noSuffix && /\.(bzr|fossil|git|hg|svn)$/.test(root))
      throw new ModError(`invalid version control suffix in ${host.prefix}/ path`);
    checkVcsAllowed(config, host.system, root);
    return { url: `https://${root}`, root, subdir: '', system: host.system };
  }
  const named = namedRepo(path);
  if (named === null) return null;
  const { repo, system } = named;
  const root = `${repo}.${system}`;
  checkVcsAllowed(config, system, root);
  return { url: `${await schemeOf(config, system, repo, isInsecure)}://${repo}`, root, subdir: '', system };
}

/** "example.com/repo.git/sub": the first element that names a system ends the repository. */
function namedRepo(path: string): { repo: string; system: string } | null {
  const [host, ...elements] = path.split('/');
  if (!/^[a-z0-9.-]+\.[a-z0-9.-]+(:[0-9]+)?$/.test(host) || !elements.every((e) => /^~?[\w.-]+$/.test(e))) return null;
  for (const [i, e] of elements.entries()) {
    const m = /^(~?[\w.-]+)\.(bzr|fossil|git|hg|svn)$/.exec(e);
    if (m !== null) return { repo: [host, ...elements.slice(0, i), m[1]].join('/'), system: m[2] };
  }
  return null;
}

/** The first scheme under which the repository answers. */
async function schemeOf(config: ModConfig, system: string, repo: string, isInsecure: boolean): Promise<string> {
  for (const scheme of schemes[system]) {
    if (!isInsecure && !isSecureScheme(config, system, scheme)) continue;
    if (system !== 'git') return scheme;
    try {
      await runCommand(config.host, { tells: config.showsRequests }, config.cache, [
        'git',
        'ls-remote',
        `${scheme}://${repo}`,
      ]);
      return scheme;
    } catch (e) {
      if (!(e instanceof RunError)) throw e;
    }
  }
  throw new ModError(`no ${isInsecure ? '' : 'secure '}protocol found for repository`);
}

function isSecureScheme(config: ModConfig, system: string, scheme: string): boolean {
  const allowed = system === 'git' ? (config.host.env.get('GIT_ALLOW_PROTOCOL') ?? '') : '';
  return allowed === '' ? secureSchemes.has(scheme) : allowed.split(':').includes(scheme);
}

interface Page {
  readonly url: string;
  readonly imports: readonly MetaImport[];
}

async function fromWeb(config: ModConfig, path: string, isInsecure: boolean): Promise<RepoRoot> {
  let page: Page;
  try {
    page = await readPage(config, path, isInsecure);
  } catch (e) {
    if (!(e instanceof FetchError)) throw e;
    throw new ModError(`${isInsecure ? 'http/' : ''}https fetch: ${e.message}`, e.inner);
  }
  const found = matchImport(page, path);
  if (typeof found === 'string') throw new ModError(found);
  // Whoever serves the prefix has to agree: only they may say where it is.
  if (found.prefix !== path) {
    let own: Page;
    try {
      own = await readPage(config, found.prefix, isInsecure);
    } catch (e) {
      if (!(e instanceof FetchError)) throw e;
      throw new ModError(`fetching ${found.prefix}: ${e.message}`, e.inner);
    }
    if (own.imports.length === 0)
      throw new ModError(`fetching ${found.prefix}: no go-import meta tag found in ${own.url}`);
    const same = matchImport(own, path);
    if (typeof same === 'string' || !isSame(same, found))
      throw new ModError(`${page.url} and ${pageAddress(found.prefix)} disagree about go-import for ${found.prefix}`);
  }
  const { subdir, system, url, prefix } = found;
  const invalid = (what: string): ModError => new ModError(`${page.url}: invalid ${what}`);
  if (subdir.startsWith('/')) throw invalid(`subdirectory ${quote(subdir)}: leading slash`);
  if (subdir.startsWith('-')) throw invalid(`subdirectory ${quote(subdir)}: leading hyphen`);
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(url)?.[1].toLowerCase() ?? '';
  if (scheme === '') throw invalid(`repo root ${quote(url)}: no scheme`);
  if (scheme === 'file') throw invalid(`repo root ${quote(url)}: file scheme disallowed`);
  if (system !== 'mod' && schemes[system] === undefined)
    throw new ModError(`${page.url}: unknown vcs ${quote(system)}`);
  if (system !== 'mod') checkVcsAllowed(config, system, prefix);
  return { url, root: prefix, subdir, system };
}

/** No server has answered. */
class FetchError extends ModError {}

function pageAddress(path: string): string {
  return `//${path}${path.includes('/') ? '' : '/'}?go-get=1`;
}

async function readPage(config: ModConfig, path: string, isInsecure: boolean): Promise<Page> {
  const [host] = path.split('/');
  if (!host.includes('.')) throw new ModError('import path does not begin with hostname');
  const url = pageAddress(path).slice(2);
  const response = await webGet(config, { url, isInsecure, what: path }).catch((e) => {
    throw new FetchError(asError(e).message, asError(e));
  });
  const imports = parseMetaImports(decodeText(response.body));
  const wrong = imports.length === 0 ? statusError(response) : null;
  if (wrong !== null) throw wrong;
  return { url: redacted(response.url), imports };
}

function isSame(a: MetaImport, b: MetaImport): boolean {
  return a.prefix === b.prefix && a.system === b.system && a.url === b.url && a.subdir === b.subdir;
}

/** The tag that is for a path; a text says why there is none. */
function matchImport(page: Page, path: string): MetaImport | string {
  const others: string[] = [];
  let found: MetaImport | null = null;
  for (const m of page.imports) {
    if (!hasPathPrefix(path, m.prefix)) {
      others.push(`meta tag ${m.prefix} did not match import path ${path}`);
      continue;
    }
    if (found === null) found = m;
    // Proxies come first, and then the others do not matter.
    else if (found.system === 'mod' && m.system !== 'mod') break;
    else return `parse ${pageAddress(path)}: multiple meta tags match import path ${quote(path)}`;
  }
  return found ?? `parse ${page.url}: no go-import meta tags (${others.join(', ')})`;
}
