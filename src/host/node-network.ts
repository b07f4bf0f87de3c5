/** HTTP under Node: the built-in fetch. Proxies are those of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). */
import type { Response as HostResponse, Network } from './host.ts';
import { proxyFor, requestThrough } from './node-proxy.ts';

const maxRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);

export const nodeNetwork: Network = {
  async get(url, progress, headers = new Map()) {
    let at = url;
    for (let n = 0; ; n++) {
      const response = await request(at, n === 0 || hostOf(at) === hostOf(url) ? headers : new Map());
      const location = response.headers.get('location');
      if (!redirects.has(response.status) || location === null) return read(response, at, progress);
      await response.body?.cancel();
      if (n >= maxRedirects - 1) throw new Error(`stopped after ${maxRedirects} redirects`);
      const next = new URL(location, at).href;
      if (url.startsWith('https:') && !next.startsWith('https:'))
        throw new Error(`redirected from secure URL ${at} to insecure URL ${next}`);
      at = next;
    }
  },
};

function hostOf(url: string): string {
  return new URL(url).host;
}

function request(url: string, headers: ReadonlyMap<string, string>): Promise<Response> {
  const proxy = proxyFor(new URL(url));
  const asked =
    proxy === null
      ? fetch(url, { redirect: 'manual', headers: [...headers] })
      : requestThrough(proxy, new URL(url), headers);
  return asked.catch((e: unknown) => {
    throw new Error(reasonOf(e));
  });
}

async function read(
  response: Response,
  url: string,
  progress: (done: number, total: number) => void,
): Promise<HostResponse> {
  const total = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let done = 0;
  if (response.body !== null) {
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      done += part.value.length;
      progress(done, total);
    }
  }
  const body = new Uint8Array(done);
  let at = 0;
  for (const c of chunks) {
    body.set(c, at);
    at += c.length;
  }
  return { status: response.status, body, url, headers: new Map(response.headers) };
}

/** fetch says only that it failed; the cause says why. */
function reasonOf(e: unknown): string {
  if (!(e instanceof Error)) return String(e);
  if (e.cause instanceof Error && e.cause.message !== '') return e.cause.message;
  return e.message;
}
