/** Module proxies: the list of GOPROXY, and requests to them (cmd/go/internal/modfetch proxy.go, web). */
import { decodeText } from '#base/bytes.ts';
import { FileError } from '#host/host.ts';
import type { ModConfig } from './config.ts';
import { asError, isNotExist, ModError, NotExistError } from './errors.ts';
import { escapePath, matchPrefixPatterns } from './module.ts';

interface Proxy {
  readonly url: string;
  /** After "|": the next proxy is asked whatever went wrong; after "," only if the module is not there. */
  readonly always: boolean;
}

export function proxyList(config: ModConfig): Proxy[] {
  const list: Proxy[] = [];
  if (config.noProxy !== '' && config.proxies !== 'direct') list.push({ url: 'noproxy', always: false });
  for (const m of config.proxies.matchAll(/([^,|]*)([,|]?)/g)) {
    const url = m[1].trim();
    if (url === '') continue;
    if (url === 'off' || url === 'direct') {
      list.push({ url, always: false });
      break;
    }
    list.push({ url, always: m[2] === '|' });
  }
  if (list.length === 0 || (list.length === 1 && list[0].url === 'noproxy'))
    throw new ModError('GOPROXY list is not the empty string, but contains no entries');
  return list;
}

/** What the first proxy says that has an answer; else the most telling failure. */
export async function tryProxies<T>(config: ModConfig, ask: (proxy: string) => Promise<T>): Promise<T> {
  let best: Error | null = null;
  let rank = 0;
  for (const proxy of proxyList(config)) {
    let failure: Error;
    try {
      return await ask(proxy.url);
    } catch (e) {
      failure = asError(e);
    }
    const missing = isNotExist(failure);
    if (proxy.url === 'direct' || (proxy.url === 'noproxy' && !(failure instanceof UseProxyError))) {
      best = failure;
      rank = 2;
    } else if (rank <= 1 && !missing) {
      best = failure;
      rank = 1;
    } else if (rank === 0) best = failure;
    if (!proxy.always && !missing) break;
  }
  throw best ?? new ModError('GOPROXY list is empty');
}

export class UseProxyError extends NotExistError {}

/** The address of a module at a proxy; throws what "off", "direct" and the patterns of private modules mean. */
export function moduleBase(config: ModConfig, proxy: string, path: string): string {
  if (matchPrefixPatterns(config.noProxy, path)) {
    if (proxy === 'noproxy' || proxy === 'direct') throw directError(path);
    throw new NotExistError('disabled by GOPRIVATE/GONOPROXY');
  }
  if (proxy === 'off') throw new NotExistError('module lookup disabled by GOPROXY=off');
  if (proxy === 'direct') throw directError(path);
  if (proxy === 'noproxy') throw new UseProxyError('path does not match GOPRIVATE/GONOPROXY');
  const scheme = /^([a-z]+):\/\//.exec(proxy)?.[1] ?? '';
  if (scheme === '') throw new ModError(`invalid proxy URL missing scheme: ${redacted(proxy)}`);
  if (!['http', 'https', 'file'].includes(scheme))
    throw new ModError(`invalid proxy URL scheme (must be https, http, file): ${redacted(proxy)}`);
  return `${proxy.replace(/\/$/, '')}/${escapePath(path)}`;
}

function directError(path: string): Error {
  return new NotExistError(
    `tuza cannot fetch ${path} from its version control system yet: only module proxies are supported`,
  );
}

export function redacted(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^/@:]*):[^/@]*@/, '$1:xxxxx@');
}

/** Retries of requests that failed on the way or that the server could not answer just now. */
const attempts = 3;

/** Fetches an address, `what` to those who wait; "not found" and "gone" are NotExistError. */
export async function getBytes(config: ModConfig, url: string, what = redacted(url)): Promise<Uint8Array> {
  const { host } = config;
  if (url.startsWith('file://')) {
    try {
      return host.files.readFile(decodeURIComponent(url.slice('file://'.length)));
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      const why = e.code === 'ENOENT' ? 'no such file or directory' : e.message;
      const message = `reading ${redacted(url)}: ${why}`;
      throw e.code === 'ENOENT' || e.code === 'ENOTDIR' ? new NotExistError(message) : new ModError(message);
    }
  }
  if (host.network === null) throw new ModError(`reading ${redacted(url)}: no network here`);
  for (let n = 1; ; n++) {
    let status = 0;
    let failure: Error;
    try {
      const start = host.now();
      if (config.showsRequests) host.stderr(`# get ${redacted(url)}\n`);
      const r = await host.network.get(url, (done, total) => host.progress.show('download', done, total, what));
      status = r.status;
      if (config.showsRequests) {
        const seconds = ((host.now() - start) / 1000).toFixed(3);
        host.stderr(`# get ${redacted(url)}: ${status} ${statusText(status)} (${seconds}s)\n`);
      }
      if (status === 200) return r.body;
      const details = detailOf(r.body);
      const message = `reading ${redacted(url)}: ${status} ${statusText(status)}${details}`;
      failure = status === 404 || status === 410 ? new NotExistError(message) : new ModError(message);
    } catch (e) {
      failure = new ModError(`Get "${redacted(url)}": ${asError(e).message}`, asError(e));
    }
    const mayPass = status === 0 || status === 429 || status >= 502;
    if (!mayPass || n === attempts) throw failure;
    await host.sleep(100 * 4 ** n);
  }
}

/** Text that the server sent with an error (web.HTTPError): at most 8 lines are shown. */
function detailOf(body: Uint8Array): string {
  const text = decodeText(body.subarray(0, 1024)).replace(/\s+$/, '');
  if (text === '' || /[^\n\t -~\u00a0-\uffff]/.test(text)) return '';
  const lines = text.split('\n').slice(0, 8);
  return lines.length === 1 ? `\n\tserver response: ${lines[0]}` : `\n\tserver response:\n\t${lines.join('\n\t')}`;
}

const statusTexts: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  410: 'Gone',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function statusText(status: number): string {
  return statusTexts[status] ?? '';
}
