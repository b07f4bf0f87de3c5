/** `tuza mod init` (cmd/go/internal/modcmd init.go, modload CreateModFile). */

import { decodeText, encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { unquote } from '#base/quote.ts';
import type { Host } from '#host/host.ts';
import { ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { addModule, setGo } from '#mod/modfile/edit.ts';
import { ModFile } from '#mod/modfile/file.ts';
import { formatFile } from '#mod/modfile/print.ts';
import { FileSyntax } from '#mod/modfile/syntax.ts';
import { checkImportPath, InvalidPathError, splitPathVersion } from '#mod/module.ts';
import { Environment } from './environment.ts';
import type { ModRequest } from './mod.ts';
import { absolutePath } from './paths.ts';
import { goVersion } from './version.ts';

export async function runModInit(r: ModRequest): Promise<number> {
  const { host, parsed } = r;
  if (parsed.rest.length > 1) throw new ModError("'go mod init' accepts at most one argument");
  const dir = absolutePath(host, '.');
  const path = r.options.modfile === '' ? `${dir}/go.mod` : absolutePath(host, r.options.modfile);
  if (host.files.stat(path) !== null) throw new ModError(`${path} already exists`);
  const [given] = parsed.rest;
  const name = given ?? findModulePath(host, dir, new Environment(host, r.goroot).get('GOPATH'));
  if (given !== undefined) checkModulePath(given);
  host.stderr(`go: creating new go.mod: module ${name}\n`);
  const file = new ModFile(new FileSyntax('go.mod'));
  addModule(file, name);
  setGo(file, goVersion.slice(2));
  host.files.writeFile(path, encodeText(formatFile(file.syntax)));
  const visible = host.files.readDirectory(dir).filter((e) => !/^[._]/.test(e.name));
  if (visible.some((e) => e.isDirectory || e.name.endsWith('.go')))
    host.stderr('go: to add module requirements and sums:\n\tgo mod tidy\n');
  return 0;
}

function checkModulePath(name: string): void {
  const wrong = checkImportPath(name);
  if (wrong !== null) {
    const isLocal = /^\.\.?(\/|$)/.test(name);
    throw new InvalidPathError('module', name, isLocal ? 'is a local import path' : wrong.reason);
  }
  if (gover.isToolchain(name)) throw new ModError(`invalid module path "${name}": `);
  if (splitPathVersion(name) !== null) return;
  const isGopkg = name.startsWith('gopkg.in/');
  const rule = isGopkg
    ? 'module paths beginning with gopkg.in/ must always have a major version suffix in the form of .vN'
    : 'major version suffixes must be in the form of /vN and are only allowed for v2 or later';
  const better = isGopkg ? suggestedGopkg(name) : suggestedPath(name);
  throw new ModError(`invalid module path "${name}": ${rule}:\n\tgo mod init ${better}`);
}

/** "m/v2" for "m/v1", "m/2.1", ...: the first number at the end counts. */
function suggestedPath(path: string): string {
  const number = /[0-9.]*$/.exec(path)?.[0] ?? '';
  const url = path
    .slice(0, path.length - number.length)
    .replace(/\/v$/, '')
    .replace(/\/$/, '');
  const major = (/[0-9]+/.exec(number)?.[0] ?? '').replace(/^0+/, '');
  return `${url}/v${major === '' || major === '1' ? '2' : major}`;
}

function suggestedGopkg(path: string): string {
  const url = path
    .replace(/[0-9.]*$/, '')
    .replace(/\.v$/, '')
    .replace(/\/v$/, '')
    .replace(/\/$/, '');
  const major = (/[0-9]+/.exec(path)?.[0] ?? '').replace(/^0+/, '');
  return `${url}.v${major === '' ? '1' : major}`;
}

/** From an import comment in the directory or one below, or from where the directory is below GOPATH. Throws. */
function findModulePath(host: Host, dir: string, gopath: string): string {
  const entries = host.files.readDirectory(dir);
  const commentIn = (d: string): string => {
    for (const e of host.files.readDirectory(d)) {
      if (e.isDirectory || e.isSymlink || !e.name.endsWith('.go')) continue;
      const path = importComment(decodeText(host.files.readFile(`${d}/${e.name}`)));
      if (path !== '') return path;
    }
    return '';
  };
  const own = commentIn(dir);
  if (own !== '') return own;
  for (const e of entries) {
    const path = e.isDirectory && !e.isSymlink ? commentIn(`${dir}/${e.name}`) : '';
    if (path !== '') return path.includes('/') ? parentPath(path) : '.';
  }
  let reason = 'outside GOPATH, module path must be specified';
  for (const root of gopath.split(':').filter((d) => d !== '')) {
    const path = pathBelow(host, dir, `${root}/src`);
    if (path === '') continue;
    const wrong = checkImportPath(path);
    if (wrong === null) return path;
    reason = `bad module path inferred from directory in GOPATH: ${wrong.message}`;
    break;
  }
  throw new ModError(
    `cannot determine module path for source directory ${dir} (${reason})\n\nExample usage:\n\t'go mod init example.com/m' to initialize a v0 or v1 module\n\t'go mod init example.com/m/v2' to initialize a v2 module\n\nRun 'go help mod init' for more information.\n`,
  );
}

/** How a directory is named from one above it, symbolic links followed if need be; "" if it is not below it. */
function pathBelow(host: Host, dir: string, root: string): string {
  const { files } = host;
  if (files.stat(root) === null) return '';
  const roots = [root, files.realPath(root)];
  for (const d of [dir, files.realPath(dir)])
    for (const r of roots) if (d.startsWith(`${r}/`)) return d.slice(r.length + 1);
  return '';
}

/** The path in `package p // import "path"`; "" if there is none. */
function importComment(text: string): string {
  const m = /^package[ \t]+[^ \t\r\n/]+[ \t]+\/\/[ \t]+import[ \t]+("[^"]+")[ \t]*\r?\n/m.exec(text);
  return m === null ? '' : (unquote(m[1]) ?? '');
}
