/** Requests through the HTTP proxies that the environment names, as Go's net/http takes them (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). */
import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { http, https, tls } from './node-lazy.ts';

function variable(name: string): string {
  return process.env[name] ?? process.env[name.toLowerCase()] ?? '';
}

/** The proxy for an address; null: it is asked itself. */
export function proxyFor(url: URL): URL | null {
  const given = variable(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (given === '' || isExcluded(url)) return null;
  return new URL(given.includes('://') ? given : `http://${given}`);
}

/** Names of this machine, and what NO_PROXY lists: hosts with all below them, "*". */
function isExcluded(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return true;
  return variable('NO_PROXY')
    .split(',')
    .map((p) => p.trim())
    .some((p) => {
      if (p === '') return false;
      if (p === '*') return true;
      const [name, port = ''] = p.split(/:(?=\d+$)/);
      if (port !== '' && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
      const plain = name.replace(/^\*?\./, '');
      return (host === plain && !name.startsWith('.') && !name.startsWith('*.')) || host.endsWith(`.${plain}`);
    });
}

export function requestThrough(proxy: URL, url: URL, headers: ReadonlyMap<string, string>): Promise<Response> {
  const all = { ...Object.fromEntries(headers), 'accept-encoding': 'identity' };
  return url.protocol === 'https:' ? overTunnel(proxy, url, all) : plain(proxy, url, all);
}

function authorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const text = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}

function at(proxy: URL): { host: string; port: string } {
  return { host: proxy.hostname, port: proxy.port || (proxy.protocol === 'https:' ? '443' : '80') };
}

/** The proxy is asked for the whole address. */
function plain(proxy: URL, url: URL, headers: Record<string, string>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? https() : http()).request(
      { ...at(proxy), path: url.href, headers: { ...headers, host: url.host, ...authorization(proxy) } },
      (r) => resolve(responseOf(r)),
    );
    request.on('error', reject);
    request.end();
  });
}

/** The proxy connects, and does not see what is said. */
function overTunnel(proxy: URL, url: URL, headers: Record<string, string>): Promise<Response> {
  const target = `${url.hostname}:${url.port || '443'}`;
  return new Promise((resolve, reject) => {
    const tunnel = http().request({
      ...at(proxy),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(proxy) },
    });
    tunnel.on('error', reject);
    tunnel.on('connect', (answer: IncomingMessage, socket: Duplex) => {
      if (answer.statusCode !== 200) {
        socket.destroy();
        reject(new Error(answer.statusMessage ?? `${answer.statusCode}`));
        return;
      }
      const secure = tls().connect({ socket, servername: url.hostname });
      secure.on('error', reject);
      const request = https().request(url, { createConnection: () => secure, headers }, (r) => resolve(responseOf(r)));
      request.on('error', reject);
      request.end();
    });
    tunnel.end();
  });
}

function responseOf(r: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(r.headers))
    for (const v of Array.isArray(value) ? value : [value ?? '']) headers.append(name, v);
  const status = r.statusCode ?? 0;
  const hasBody = ![101, 204, 205, 304].includes(status);
  return new Response(hasBody ? new ReadableStream({ start: (c) => feed(r, c) }) : null, { status, headers });
}

function feed(r: Readable, c: ReadableStreamDefaultController<Uint8Array>): void {
  r.on('data', (d: Buffer) => c.enqueue(new Uint8Array(d)));
  r.on('end', () => c.close());
  r.on('error', (e) => c.error(e));
}
