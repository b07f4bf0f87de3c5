/** HTTP under Node: the built-in fetch, which follows redirects. */
import type { Network } from './host.ts';

export const nodeNetwork: Network = {
  async get(url, progress) {
    const response = await fetch(url).catch((e: unknown) => {
      throw new Error(reasonOf(e));
    });
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

/** fetch says only that it failed; the cause says why. */
function reasonOf(e: unknown): string {
  if (!(e instanceof Error)) return String(e);
  if (e.cause instanceof Error && e.cause.message !== '') return e.cause.message;
  return e.message;
}
