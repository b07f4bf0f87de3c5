/** Module proxies: the list of GOPROXY, and requests to them (cmd/go/internal/modfetch proxy.go, web). */
import { FileError } from '#host/host.ts';
import type { ModConfig } from './config.ts';
import { asError, isNotExist, ModError, NotExistError } from './errors.ts';
import { redacted, statusError, webGet } from './web.ts';

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
  for (let n = 1; ; n++) {
    let status = 0;
    let failure: Error;
    try {
      const r = await webGet(config, { url, isInsecure: true, what });
      status = r.status;
      const wrong = statusError(r);
      if (wrong === null) return r.body;
      failure = wrong;
    } catch (e) {
      failure = asError(e);
    }
    const mayPass = status === 0 || status === 429 || status >= 502;
    if (!mayPass || n === attempts) throw failure;
    await host.sleep(100 * 4 ** n);
  }
}
