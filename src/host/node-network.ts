/** HTTP under Node: the built-in fetch. Redirects are followed as net/http follows them: nine of them, not more. */
import type { Network } from './host.ts';

export const nodeNetwork: Network = {
  async get(url, progress) {
    const response = await follow(url);
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
    return { status: response.status, body };
  },
};

const redirects = new Set([301, 302, 303, 307, 308]);
const maxRequests = 10;

async function follow(url: string): Promise<Response> {
  let at = url;
  for (let n = 1; ; n++) {
    const response = await fetch(at, { redirect: 'manual' }).catch((e: unknown) => {
      throw new Error(reasonOf(e));
    });
    const location = response.headers.get('location');
    if (!redirects.has(response.status) || location === null) return response;
    if (n === maxRequests) throw new Error(`stopped after ${maxRequests} redirects`);
    await response.body?.cancel();
    at = new URL(location, at).href;
  }
}

/** fetch says only that it failed; the cause says why. */
function reasonOf(e: unknown): string {
  if (!(e instanceof Error)) return String(e);
  if (e.cause instanceof Error && e.cause.message !== '') return e.cause.message;
  return e.message;
}
