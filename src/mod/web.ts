/** Requests to web servers: https with credentials; http where it is allowed (cmd/go/internal/web). */
import { decodeText } from '#base/bytes.ts';
import type { Response } from '#host/host.ts';
import type { ModConfig } from './config.ts';
import { asError, ModError, NotExistError } from './errors.ts';

export interface WebRequest {
  /** With or without a scheme; without one https is tried first. */
  readonly url: string;
  readonly isInsecure: boolean;
  /** What those who wait are told. */
  readonly what: string;
}

/** The answer of a server, whatever its status. Throws ModError. */
export async function webGet(config: ModConfig, r: WebRequest): Promise<Response> {
  const scheme = /^([a-z]+):\/\//.exec(r.url)?.[1] ?? '';
  const rest = scheme === '' ? r.url : r.url.slice(scheme.length + '://'.length);
  if (scheme === '' || scheme === 'https') {
    try {
      return await secureGet(config, `https://${rest}`, r.what);
    } catch (e) {
      if (config.showsRequests) config.host.stderr(`# get ${redacted(`https://${rest}`)}: ${asError(e).message}\n`);
      if (!r.isInsecure || scheme === 'https') throw e;
    }
  } else if (scheme !== 'http') throw new ModError(`unsupported scheme: ${redacted(r.url)}`);
  return oneGet(config, `http://${rest}`, new Map(), r.what);
}

async function secureGet(config: ModConfig, url: string, what: string): Promise<Response> {
  const first = await oneGet(config, url, await config.credentials.headersFor(url), what);
  if (first.status < 400 || first.status >= 500) return first;
  const headers = await config.credentials.headersAfter(url, first);
  return headers.size === 0 ? first : oneGet(config, url, headers, what);
}

async function oneGet(
  config: ModConfig,
  url: string,
  headers: ReadonlyMap<string, string>,
  what: string,
): Promise<Response> {
  const { host } = config;
  if (host.network === null) throw new ModError(`reading ${redacted(url)}: no network here`);
  if (config.showsRequests) host.stderr(`# get ${redacted(url)}\n`);
  const started = host.now();
  try {
    const show = (done: number, total: number): void => host.progress.show('download', done, total, what);
    const r = await host.network.get(url, show, headers);
    if (config.showsRequests) {
      const seconds = ((host.now() - started) / 1000).toFixed(3);
      host.stderr(`# get ${redacted(url)}: ${r.status} ${statusText(r.status)} (${seconds}s)\n`);
    }
    return r;
  } catch (e) {
    throw new ModError(`Get "${redacted(url)}": ${asError(e).message}`, asError(e));
  }
}

/** Null for status 200 (web.HTTPError). */
export function statusError(r: Response): Error | null {
  if (r.status === 200) return null;
  const message = `reading ${redacted(r.url)}: ${r.status} ${statusText(r.status)}${detailOf(r)}`;
  return r.status === 404 || r.status === 410 ? new NotExistError(message) : new ModError(message);
}

export function redacted(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^/@:]*):[^/@]*@/, '$1:xxxxx@');
}

/** Text that the server sent with an error: at most 8 lines are shown. */
function detailOf(r: Response): string {
  if (!/^text\/plain(;\s*charset="?(utf-8|us-ascii)"?)?$/i.test(r.headers.get('content-type') ?? '')) return '';
  const text = decodeText(r.body.subarray(0, 1024)).replace(/\s+$/, '');
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
