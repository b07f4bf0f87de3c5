/** The default GODEBUG settings of a program: by the Go version of its module, godebug lines of go.mod, //go:debug lines of package main (cmd/go/internal/load, godebug.go). */
import { compareText, decodeText } from '#base/bytes.ts';
import type { Files } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import type { GoFile } from '#load/package-files.ts';
import * as gover from '#mod/gover.ts';
import type { Workspace } from './packages.ts';
import { goVersion } from './version.ts';

/** What is wrong with a setting; "" if nothing is. `verb` says where it stands. */
export function checkGodebug(files: Files, goroot: string, verb: string, key: string, value: string): string {
  if (/[ \t]/.test(key)) return 'key contains space';
  if (/[ \t]/.test(value)) return 'value contains space';
  if (key.includes(',')) return 'key contains comma';
  if (value.includes(',')) return 'value contains comma';
  if (key === 'default') {
    const version = value.slice('go'.length);
    if (!value.startsWith('go') || !gover.isValid(version)) return 'value for default= must be goVERSION';
    return gover.compare(version, goVersion.slice(2)) > 0 ? `default=${value} too new (toolchain is ${goVersion})` : '';
  }
  const table = settingsOfTree(files, goroot);
  if (table.length === 0 || table.some((s) => s.name === key)) return '';
  const removed = removedSettings(files, goroot).get(key);
  if (removed !== undefined)
    return `use of removed ${verb} ${JSON.stringify(key)}, see https://go.dev/doc/godebug#go-1${removed}`;
  return `unknown ${verb} ${JSON.stringify(key)}`;
}

/** Messages about wrong and repeated //go:debug lines of a package. */
export function checkDirectives(
  ws: Workspace,
  p: LoadedPackage,
  place: (file: string, line: number) => string,
): string[] {
  const { files } = ws.host;
  const messages: string[] = [];
  const seen = new Map<string, string>();
  for (const f of p.files.goFiles) {
    const lines = decodeText(files.readFile(f.path)).split('\n');
    for (const [i, line] of lines.entries()) {
      if (/^package[ \t]/.test(line)) break;
      const m = /^\/\/go:debug(?:[ \t]+(.*?))?[ \t\r]*$/.exec(line);
      if (m === null) continue;
      const at = place(f.path, i + 1);
      const eq = (m[1] ?? '').indexOf('=');
      const key = (m[1] ?? '').slice(0, Math.max(eq, 0));
      const why =
        eq < 0 ? 'missing key=value' : checkGodebug(files, ws.goroot, '//go:debug setting', key, m[1].slice(eq + 1));
      const before = seen.get(key);
      if (why !== '') messages.push(`${at}: invalid //go:debug: ${why}`);
      else if (before !== undefined)
        messages.push(`${at}: repeated //go:debug for ${key}\n\t${before}: previous //go:debug`);
      else seen.set(key, at);
    }
  }
  return messages;
}

function removedSettings(files: Files, goroot: string): Map<string, string> {
  const text = decodeText(files.readFile(`${goroot}/src/internal/godebugs/table.go`));
  const list = text.slice(text.indexOf('var Removed'));
  return new Map([...list.matchAll(/\{Name: "(\w+)", Removed: (\d+)/g)].map((m) => [m[1], m[2]]));
}

interface Setting {
  readonly name: string;
  /** The minor version of Go from which the setting differs from `old`; 0: it never has. */
  readonly changed: number;
  readonly old: string;
}

/** The table of settings, read from the Go tree (internal/godebugs). */
function settingsOfTree(files: Files, goroot: string): Setting[] {
  const path = `${goroot}/src/internal/godebugs/table.go`;
  if (files.stat(path) === null) return [];
  const list: Setting[] = [];
  const [current] = decodeText(files.readFile(path)).split('var Removed');
  for (const m of current.matchAll(/^\t\{Name: "(\w+)"([^}]*)\}/gm)) {
    const changed = Number(/Changed: (\d+)/.exec(m[2])?.[1] ?? 0);
    list.push({ name: m[1], changed, old: /Old: "([^"]*)"/.exec(m[2])?.[1] ?? '' });
  }
  return list;
}

/** The lines "//go:debug key=value" above the package clauses. */
export function debugDirectives(files: Files, sources: readonly GoFile[]): [key: string, value: string][] {
  const list: [string, string][] = [];
  for (const f of sources) {
    const text = decodeText(files.readFile(f.path));
    const clause = /^package[ \t]/m.exec(text);
    const head = clause === null ? text : text.slice(0, clause.index);
    for (const m of head.matchAll(/^\/\/go:debug[ \t]+([^=\s]+)=(\S*)[ \t\r]*$/gm)) list.push([m[1], m[2]]);
  }
  return list;
}

/** "" for packages that are no programs; "key=value,key=value", sorted. */
export function defaultGodebug(ws: Workspace, p: LoadedPackage, tests: readonly GoFile[] = []): string {
  return p.name === 'main' ? godebugOf(ws, p, [...p.files.goFiles, ...p.files.cgoFiles, ...tests]) : '';
}

/** The default settings of a program whose package main has these files, in the module of a package. */
export function godebugOf(ws: Workspace, p: LoadedPackage, sources: readonly GoFile[]): string {
  const { files } = ws.host;
  const own = new Map<string, string>();
  const work = ws.modules?.work ?? null;
  const lines = work !== null ? work.godebug : (ws.modules?.mains ?? []).flatMap((m) => m.file.godebug);
  for (const g of lines) own.set(g.key, g.value);
  for (const [key, value] of debugDirectives(files, sources)) own.set(key, value);
  let version = ws.settingsVersionOf(p);
  const chosen = own.get('default');
  if (chosen !== undefined) {
    own.delete('default');
    if (/^(go)?1(\.\d+)*$/.test(chosen)) version = chosen.replace(/^go/, '');
  }
  const minor = /^1\.(\d+)/.exec(version)?.[1];
  const all = new Map<string, string>();
  if (minor !== undefined)
    for (const s of settingsOfTree(files, ws.goroot)) if (Number(minor) < s.changed) all.set(s.name, s.old);
  for (const [k, v] of own) all.set(k, v);
  return [...all.entries()]
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([k, v]) => `${k}=${v}`)
    .join(',');
}
