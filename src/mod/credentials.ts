/** GOAUTH: headers for requests by the beginning of their address, from .netrc, git's credential helpers or a command (cmd/go/internal/auth). */
import { concatBytes, decodeText } from '#base/bytes.ts';
import { FileError, type Host, type Response } from '#host/host.ts';
import { asError, ModError } from './errors.ts';

type Headers = ReadonlyMap<string, string>;

export class Credentials {
  private readonly host: Host;
  private readonly setting: string;
  private readonly tells: boolean;
  /** By address without "https://". */
  private readonly known: Map<string, Headers>;
  private started: Promise<void> | null;

  constructor(host: Host, setting: string, tells: boolean) {
    this.host = host;
    this.setting = setting;
    this.tells = tells;
    this.known = new Map();
    this.started = null;
  }

  /** What is known without asking for one address. */
  async headersFor(url: string): Promise<Headers> {
    if (this.setting === 'off') return new Map();
    this.started ??= this.run('', null);
    await this.started;
    return this.find(url);
  }

  /** What is known after a server has refused a request. */
  async headersAfter(url: string, refusal: Response): Promise<Headers> {
    if (this.setting === 'off') return new Map();
    await this.run(url, refusal);
    return this.find(url);
  }

  private find(url: string): Headers {
    let prefix = withoutScheme(url);
    for (;;) {
      const headers = this.known.get(prefix);
      if (headers !== undefined) return headers;
      const slash = prefix.lastIndexOf('/');
      if (slash < 0) return new Map();
      prefix = prefix.slice(0, slash);
    }
  }

  private store(prefix: string, headers: Headers): void {
    if (headers.size === 0) this.known.delete(withoutScheme(prefix));
    else this.known.set(withoutScheme(prefix), headers);
  }

  /** The last command is run first, so that the first one counts. */
  private async run(url: string, refusal: Response | null): Promise<void> {
    const commands = this.setting.split(';').reverse();
    const failures: string[] = [];
    for (const c of commands) {
      const command = c.trim();
      const words = command.split(/\s+/).filter((w) => w !== '');
      if (words.length === 0) throw new ModError(`GOAUTH encountered an empty command (GOAUTH=${this.setting})`);
      if (words[0] === 'off')
        throw new ModError(`GOAUTH=off cannot be combined with other authentication commands (GOAUTH=${this.setting})`);
      try {
        if (words[0] === 'netrc') this.readNetrc();
        else if (words[0] === 'git') await this.askGit(words, url);
        else await this.askCommand(words, url, refusal);
      } catch (e) {
        if (!(e instanceof AuthError)) throw e;
        failures.push(`GOAUTH=${command}: ${e.message}`);
      }
    }
    if (!this.tells || url === '' || failures.length === 0 || this.find(url).size > 0) return;
    this.host.stderr(`GOAUTH encountered errors for ${url}:\n${failures.map((f) => `  ${f}\n`).join('')}`);
  }

  private readNetrc(): void {
    const { host } = this;
    const home = host.env.get('HOME') ?? host.homeDirectory;
    const path = host.env.get('NETRC') || `${home}/.netrc`;
    if (host.files.stat(path) === null) return;
    let text: string;
    try {
      text = decodeText(host.files.readFile(path));
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new AuthError(e.message);
    }
    for (const l of parseNetrc(text).reverse()) this.store(l.machine, basic(l.login, l.password));
  }

  private async askGit(words: readonly string[], url: string): Promise<void> {
    const method = 'GOAUTH=git dir method requires an absolute path to the git working directory';
    if (words.length !== 2) throw new ModError(method);
    const [, dir] = words;
    if (!dir.startsWith('/')) throw new ModError(`${method}, dir is not absolute`);
    const info = this.host.files.stat(dir);
    if (info === null)
      throw new ModError(`GOAUTH=git encountered an error; cannot stat ${dir}: stat ${dir}: no such file or directory`);
    if (!info.isDirectory) throw new ModError(`${method}, dir is not a directory`);
    if (url === '') return;
    const { status, output } = await this.capture(['git', 'credential', 'fill'], `url=${url}\n`, dir);
    if (status !== 0)
      throw new AuthError(`'git credential fill' failed (url=${url}): exit status ${status}\n${output}`);
    const { prefix, login, password } = parseGitAnswer(output);
    if (prefix === '') throw new AuthError(`'git credential fill' failed for url=${url}, could not parse url\n`);
    if (!url.startsWith(prefix))
      throw new AuthError(`requested a credential for ${url}, but 'git credential fill' provided one for ${prefix}\n`);
    const headers = basic(login, password);
    this.store(prefix, headers);
    await this.tellGit(prefix, headers, output);
  }

  /** Git's helpers keep what works, and forget what does not. */
  private async tellGit(url: string, headers: Headers, answer: string): Promise<void> {
    const response = await this.host.network?.get(url, () => undefined, headers).catch(() => null);
    if (response === null || response === undefined) return;
    if (response.status !== 200 && response.status !== 401) return;
    await this.capture(['git', 'credential', response.status === 200 ? 'approve' : 'reject'], answer, '');
  }

  private async askCommand(words: readonly string[], url: string, refusal: Response | null): Promise<void> {
    const input = refusal === null ? '' : responseText(refusal);
    const { status, output, errors } = await this.capture(url === '' ? words : [...words, url], input, '');
    const command = words.join(' ');
    if (status !== 0) throw new AuthError(`could not run command ${command}: exit status ${status}\n${errors}`);
    try {
      for (const [prefix, headers] of parseAnswer(output)) this.store(prefix, headers);
    } catch (e) {
      if (!(e instanceof AuthError)) throw e;
      throw new AuthError(`cannot parse output of GOAUTH command ${command}: ${e.message}`);
    }
  }

  /** Runs a program with a text as its input. */
  private async capture(
    command: readonly string[],
    input: string,
    directory: string,
  ): Promise<{ status: number; output: string; errors: string }> {
    const { processes } = this.host;
    if (processes === null) throw new AuthError('programs cannot be run here');
    const out: Uint8Array[] = [];
    const errors: Uint8Array[] = [];
    const script = 'input=$1; shift; printf %s "$input" | "$@"';
    const r = await processes
      .run('/bin/sh', ['-c', script, 'sh', input, ...command], {
        ...(directory === '' ? {} : { directory }),
        input: false,
        output: (data) => void out.push(data.slice()),
        error: (data) => void errors.push(data.slice()),
      })
      .catch((e) => {
        throw new AuthError(asError(e).message);
      });
    return { status: r.code ?? -1, output: decodeText(concatBytes(out)), errors: decodeText(concatBytes(errors)) };
  }
}

/** One way to get credentials has failed; others may not. */
class AuthError extends Error {}

function withoutScheme(url: string): string {
  return url.replace(/^https:\/\//, '').replace(/\/$/, '');
}

function basic(login: string, password: string): Headers {
  const bytes = new TextEncoder().encode(`${login}:${password}`);
  return new Map([['Authorization', `Basic ${btoa(String.fromCharCode(...bytes))}`]]);
}

interface NetrcLine {
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

/** As curl reads the file: entries up to "default", without macros. */
export function parseNetrc(text: string): NetrcLine[] {
  const list: NetrcLine[] = [];
  let at = { machine: '', login: '', password: '' };
  let inMacro = false;
  for (const line of text.split('\n')) {
    if (inMacro) {
      inMacro = line !== '';
      continue;
    }
    const words = line.split(/\s+/).filter((w) => w !== '');
    let i = 0;
    for (; i < words.length - 1; i += 2) {
      const value = words[i + 1];
      if (words[i] === 'machine') at = { machine: value, login: '', password: '' };
      else if (words[i] === 'login') at.login = value;
      else if (words[i] === 'password') at.password = value;
      else if (words[i] === 'macdef') inMacro = true;
      if (at.machine === '' || at.login === '' || at.password === '') continue;
      list.push(at);
      at = { machine: '', login: '', password: '' };
    }
    if (words[i] === 'default') break;
  }
  return list;
}

function parseGitAnswer(text: string): { prefix: string; login: string; password: string } {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const eq = line.indexOf('=');
    if (eq >= 0) fields.set(line.slice(0, eq).trim(), line.slice(eq + 1).trim());
  }
  const field = (name: string): string => fields.get(name) ?? '';
  const host = field('host');
  const path = field('path').replace(/^(?=[^/])/, '/');
  const prefix = field('url') || (host === '' ? '' : `${field('protocol')}://${host}${path}`);
  return { prefix, login: field('username'), password: field('password') };
}

/** Blocks of addresses, an empty line, headers, an empty line. */
function parseAnswer(text: string): Map<string, Headers> {
  const found = new Map<string, Headers>();
  const lines = text.split('\n');
  const block = (what: string): string[] => {
    const end = lines.indexOf('');
    // The text after the last line's end is no line.
    if (end < 0 || end === lines.length - 1) throw new AuthError(`invalid format: missing empty line after ${what}`);
    return lines.splice(0, end + 1).slice(0, -1);
  };
  while (lines.length > 1 || lines[0] !== '') {
    const urls = block('URLs');
    for (const u of urls)
      if (!URL.canParse(u)) throw new AuthError(`could not parse URL ${u}: invalid URI for request`);
    const headers = new Map<string, string>();
    for (const line of block('headers')) {
      const m = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): (\P{Cc}*)$/u.exec(line);
      if (m === null) throw new AuthError('invalid format: invalid header line');
      headers.set(m[1], m[2].trim());
    }
    for (const u of urls) found.set(u, headers);
  }
  return found;
}

function responseText(r: Response): string {
  return `HTTP/1.1 ${r.status}\n${[...r.headers].map(([k, v]) => `${k}: ${v}\n`).join('')}\n`;
}
