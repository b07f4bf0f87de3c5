/** Git repositories behind a web server on loopback, which clients take for their HTTP proxy: every host name leads there. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';

/** One commit after the other: files (null removes one, "->x" is a symbolic link to x), then tags and a branch. */
interface Commit {
  readonly files: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** Annotated tags. */
  readonly notes?: readonly string[];
  readonly branch?: string;
}

const licence = 'All rights reserved.\n';

/** By name: "host/path". */
export const repositories: Readonly<Record<string, readonly Commit[]>> = {
  'vcs.example.com/plain': [
    { files: { 'go.mod': 'module vcs.example.com/plain\n', 'p.go': 'package plain\n' }, tags: ['v0.1.0'] },
    { files: { 'p.go': 'package plain\n\nconst A = 1\n', 'link.go': '->p.go' }, notes: ['v1.0.0'] },
    { files: { 'vendor/x.com/y/y.go': 'package y\n', LICENSE: licence } },
    { files: { 'p.go': 'package plain\n\nconst A = 2\n' }, tags: ['v1.1.0-pre', 'notaversion'] },
    { files: { 'p.go': 'package plain\n\nconst A = 3\n' }, branch: 'dev' },
  ],
  'vcs.example.com/many': [
    {
      files: {
        'go.mod': 'module vcs.example.com/many\n\ngo 1.20\n',
        'm.go': 'package many\n',
        LICENSE: licence,
        'sub/go.mod': 'module vcs.example.com/many/sub\n\ngo 1.20\n',
        'sub/s.go': 'package sub\n',
        'v2/go.mod': 'module vcs.example.com/many/v2\n\ngo 1.20\n',
        'v2/m.go': 'package many\n',
      },
      tags: ['v1.0.0', 'sub/v0.3.0', 'v2.0.0'],
    },
    { files: { 'sub/s.go': 'package sub\n\nvar X int\n' } },
  ],
  'vcs.example.com/old': [
    { files: { 'o.go': 'package old\n' }, tags: ['v1.0.0'] },
    { files: { 'o.go': 'package old\n\nvar O int\n' }, tags: ['v2.0.0', 'v3.1.0'] },
    { files: { 'o.go': 'package old\n\nvar O bool\n' } },
  ],
  'vcs.example.com/retracts': [
    { files: { 'go.mod': 'module vcs.example.com/retracts\n', 'r.go': 'package r\n' }, tags: ['v1.0.0'] },
    {
      files: { 'go.mod': 'module vcs.example.com/retracts\n\nretract v1.0.1\n', 'r.go': 'package r\n\nvar R int\n' },
      tags: ['v1.0.1'],
    },
    { files: { 'r.go': 'package r\n\nvar R bool\n' } },
  ],
  'vcs.example.com/wrong': [
    { files: { 'go.mod': 'module example.org/other/v2\n', 'w.go': 'package w\n' }, tags: ['v1.0.0', 'v2.0.0'] },
  ],
  'named.example.com/repo.git': [
    { files: { 'go.mod': 'module named.example.com/repo.git\n', 'n.go': 'package n\n' }, tags: ['v1.2.3'] },
  ],
};

function git(dir: string, args: readonly string[], seconds: number): string {
  const date = `${1_700_000_000 + seconds} +0000`;
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@a', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@a' };
  const env = {
    ...process.env,
    ...who,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  return execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Makes the repositories below a directory. */
export function makeRepositories(root: string): void {
  for (const [name, commits] of Object.entries(repositories)) {
    const dir = join(root, name);
    mkdirSync(dir, { recursive: true });
    git(dir, ['init', '-q', '-b', 'main'], 0);
    commits.forEach((c, i) => {
      if (c.branch !== undefined) git(dir, ['checkout', '-q', '-b', c.branch], i);
      for (const [file, text] of Object.entries(c.files)) {
        mkdirSync(dirname(join(dir, file)), { recursive: true });
        if (text.startsWith('->')) symlinkSync(text.slice(2), join(dir, file));
        else writeFileSync(join(dir, file), text);
      }
      git(dir, ['add', '-A'], i);
      git(dir, ['commit', '-q', '-m', `commit ${i}`], i * 1000);
      for (const t of c.tags ?? []) git(dir, ['tag', t], i);
      for (const t of c.notes ?? []) git(dir, ['tag', '-a', '-m', 'note', t], i);
      if (c.branch !== undefined) git(dir, ['checkout', '-q', 'main'], i);
    });
  }
}

export class VcsServer {
  private readonly root: string;
  private readonly server: Server;
  url: string;

  constructor(root: string) {
    this.root = root;
    this.url = '';
    this.server = createServer((q, a) => this.answer(q, a));
  }

  start(): Promise<void> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        const address = this.server.address();
        if (address !== null && typeof address === 'object') this.url = `http://127.0.0.1:${address.port}`;
        resolve();
      });
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, answer: ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const path = `${url.hostname}${url.pathname}`;
    if (url.searchParams.get('go-get') === '1') {
      const name = Object.keys(repositories).find((r) => path === r || path.startsWith(`${r}/`));
      answer.statusCode = name === undefined ? 404 : 200;
      answer.end(
        name === undefined
          ? 'no such module\n'
          : `<html><head><meta name="go-import" content="${name} git http://${name}"></head><body></body></html>\n`,
      );
      return;
    }
    this.backend(request, answer, path.replace(/^(named\.example\.com\/repo)(?!\.git)/, '$1.git'), url.search.slice(1));
  }

  /** Git's own server, as a CGI program. */
  private backend(request: IncomingMessage, answer: ServerResponse, path: string, query: string): void {
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: this.root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: `/${path}`,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: request.headers['git-protocol']?.toString() ?? '',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (d: Buffer) => void chunks.push(d));
    child.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      for (const line of all.subarray(0, end).toString().split('\r\n')) {
        const [name, value = ''] = line.split(': ');
        if (name === 'Status') answer.statusCode = Number.parseInt(value, 10);
        else if (name !== '') answer.setHeader(name, value);
      }
      answer.end(all.subarray(end + 4));
    });
  }
}

/** What a client needs so that the server is asked. */
export function environmentFor(server: VcsServer, cache: string): Record<string, string> {
  return {
    HTTP_PROXY: server.url,
    http_proxy: server.url,
    NO_PROXY: '',
    GOPROXY: 'direct',
    GOSUMDB: 'off',
    GOINSECURE: '*.example.com',
    GOMODCACHE: cache,
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
    GOAUTH: 'off',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
}
