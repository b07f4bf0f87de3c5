/** Where a module comes from: a proxy, or the repository itself (cmd/go/internal/modfetch repo.go, proxy.go). */
import { decodeText } from '#base/bytes.ts';
import { quote, quoteRune } from '#base/quote.ts';
import type { ModConfig } from './config.ts';
import { asError, InvalidVersionError, ModError, ModuleError, NotExistError } from './errors.ts';
import type { Info } from './fetch.ts';
import { canonicalVersion, escapePath, escapeVersion, matchPrefixPatterns } from './module.ts';
import { type Origin, originFields } from './origin.ts';
import { getBytes, UseProxyError } from './proxy.ts';
import { isPseudoVersion } from './pseudo.ts';
import { CodeRepo } from './vcs/code-repo.ts';
import { GitRepo } from './vcs/git-repo.ts';
import { findRepoRoot } from './vcs/repo-root.ts';
import { RunError } from './vcs/run.ts';
import { redacted } from './web.ts';

export interface ModuleRepo {
  /** What a revision is. */
  info(revision: string): Promise<Info>;
  /** Versions, perhaps with the times of untagged ones. */
  list(): Promise<string[]>;
  /** The tags on which the list of versions with a prefix depends; null if that is not known. */
  tagOrigin(prefix: string): Promise<Info['origin']>;
  /** Whether the repository is, where `origin` says so, as it was. */
  isCurrent(origin: Origin): Promise<boolean>;
  /** The newest revision; null if the list of versions has to tell it. */
  latest(): Promise<Info | null>;
  goMod(version: string): Promise<Uint8Array>;
  zip(version: string): Promise<Uint8Array>;
}

/** `proxy` is an entry of GOPROXY. Throws what "off", "direct" and the patterns of private modules mean. */
export async function moduleRepo(config: ModConfig, proxy: string, path: string): Promise<ModuleRepo> {
  if (matchPrefixPatterns(config.noProxy, path)) {
    if (proxy === 'noproxy' || proxy === 'direct') return directRepo(config, path);
    throw new NotExistError('disabled by GOPRIVATE/GONOPROXY');
  }
  if (proxy === 'direct') return directRepo(config, path);
  if (proxy === 'noproxy') throw new UseProxyError('path does not match GOPRIVATE/GONOPROXY');
  return new ProxyRepo(config, proxy, path);
}

/** A module's own repository, or the proxy that its host names. */
async function directRepo(config: ModConfig, path: string): Promise<ModuleRepo> {
  const where = await findRepoRoot(config, path).catch((e) => {
    throw new NotExistError(asError(e).message, asError(e));
  });
  if (where.system === 'mod') return new ProxyRepo(config, where.url, path);
  if (where.system !== 'git')
    throw new NotExistError(`lookup ${where.root}: only git repositories are supported, not ${where.system}`);
  let code: GitRepo;
  try {
    code = await GitRepo.open(config, where.url);
  } catch (e) {
    if (!(e instanceof ModError) || e instanceof RunError) throw e;
    throw new ModError(`lookup ${where.root}: ${e.message}`, e);
  }
  return new DirectRepo(new CodeRepo(config, code, where.root, where.subdir, path));
}

class DirectRepo implements ModuleRepo {
  private readonly code: CodeRepo;

  constructor(code: CodeRepo) {
    this.code = code;
  }

  info(revision: string): Promise<Info> {
    return this.code.stat(revision);
  }

  list(): Promise<string[]> {
    return this.code.versions();
  }

  tagOrigin(prefix: string): Promise<Info['origin']> {
    return this.code.tagOrigin(prefix);
  }

  isCurrent(origin: Origin): Promise<boolean> {
    return this.code.isCurrent(origin);
  }

  latest(): Promise<Info> {
    return this.code.latest();
  }

  goMod(version: string): Promise<Uint8Array> {
    return this.code.goMod(version);
  }

  zip(version: string): Promise<Uint8Array> {
    return this.code.zip(version);
  }
}

class ProxyRepo implements ModuleRepo {
  private readonly config: ModConfig;
  private readonly path: string;
  private readonly base: string;

  constructor(config: ModConfig, proxy: string, path: string) {
    this.config = config;
    this.path = path;
    this.base = proxy === 'off' ? '' : proxyAddress(proxy);
  }

  private address(rest: string): string {
    const escaped = escapePath(this.path);
    return `${this.base}/${escaped}/${rest}`;
  }

  private async file(version: string, suffix: string): Promise<Uint8Array> {
    try {
      if (this.base === '') throw lookupDisabled();
      return await getBytes(this.config, this.address(`@v/${encodeURI(escapeVersion(version))}.${suffix}`));
    } catch (e) {
      throw aboutVersion(this.path, version, asError(e));
    }
  }

  async info(revision: string): Promise<Info> {
    const data = await this.file(revision, 'info');
    const info = parseInfo(data);
    if (info === null) throw aboutVersion(this.path, revision, this.invalidResponse(data));
    return info;
  }

  private invalidResponse(data: Uint8Array): Error {
    return new ModError(`invalid response from proxy ${quote(redacted(this.base))}: ${jsonProblem(decodeText(data))}`);
  }

  async list(): Promise<string[]> {
    if (this.base === '') throw lookupDisabled();
    try {
      return decodeText(await getBytes(this.config, this.address('@v/list'))).split('\n');
    } catch (e) {
      throw new ModuleError(this.path, '', asError(e));
    }
  }

  async tagOrigin(): Promise<Info['origin']> {
    return null;
  }

  async isCurrent(): Promise<boolean> {
    return false;
  }

  async latest(): Promise<Info | null> {
    if (this.base === '') return null;
    let data: Uint8Array;
    try {
      data = await getBytes(this.config, this.address('@latest'));
    } catch (e) {
      if (e instanceof NotExistError) return null;
      throw new ModuleError(this.path, '', asError(e));
    }
    const info = parseInfo(data);
    if (info === null) throw new ModuleError(this.path, '', this.invalidResponse(data));
    return info;
  }

  goMod(version: string): Promise<Uint8Array> {
    return this.file(version, 'mod');
  }

  async zip(version: string): Promise<Uint8Array> {
    // What asks for a zip file tells which module it needs it for.
    if (this.base === '') throw lookupDisabled();
    return this.file(version, 'zip');
  }
}

function lookupDisabled(): NotExistError {
  return new NotExistError('module lookup disabled by GOPROXY=off');
}

/** Throws ModError. */
export function proxyAddress(proxy: string): string {
  const scheme = /^([a-z]+):\/\//.exec(proxy)?.[1] ?? '';
  if (scheme === '') throw new ModError(`invalid proxy URL missing scheme: ${redacted(proxy)}`);
  if (!['http', 'https', 'file'].includes(scheme))
    throw new ModError(`invalid proxy URL scheme (must be https, http, file): ${redacted(proxy)}`);
  return proxy.replace(/\/$/, '');
}

export function aboutVersion(path: string, version: string, e: Error): Error {
  if (version !== '' && version !== canonicalVersion(version))
    return new ModuleError(path, '', new InvalidVersionError(version, e.message, isPseudoVersion(version), e));
  return new ModuleError(path, version, e);
}

/** What encoding/json says of a text that is none, as far as its beginning tells. */
function jsonProblem(text: string): string {
  const c = text.trimStart()[0];
  if (c === undefined) return 'unexpected end of JSON input';
  if (c === '{') return 'invalid JSON';
  return `invalid character ${quoteRune(c.codePointAt(0) ?? 0)} looking for beginning of value`;
}

/** Null if the text is no such JSON. */
export function parseInfo(data: Uint8Array): Info | null {
  let v: unknown;
  try {
    v = JSON.parse(decodeText(data));
  } catch {
    return null;
  }
  if (typeof v !== 'object' || v === null || !('Version' in v) || typeof v.Version !== 'string') return null;
  const time = 'Time' in v && typeof v.Time === 'string' ? v.Time : '';
  let origin: Record<string, string> | null = null;
  if ('Origin' in v && typeof v.Origin === 'object' && v.Origin !== null) {
    origin = {};
    const given = new Map(Object.entries(v.Origin));
    for (const f of originFields) {
      const text: unknown = given.get(f);
      if (typeof text === 'string' && text !== '') origin[f] = text;
    }
  }
  return { version: v.Version, time, origin };
}
