/**
 * Compares `tuza list` with `go list`: every field of -json for std and cmd, the order of -deps, templates.
 * Usage: node test/oracles/list-std.ts
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { main } from '../command.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const options = { cwd: `${goroot}/src`, encoding: 'utf8', maxBuffer: 1 << 30 } as const;

/** What depends on what is installed and cached, or on version control; the generated file of a test's main package is in go's cache. */
const leftOut = new Set(['Stale', 'StaleReason', 'Target', 'DefaultGODEBUG']);

function official(args: readonly string[]): string {
  return spawnSync('go', ['list', ...args], options).stdout;
}

function ours(args: readonly string[]): string {
  const r = spawnSync(process.execPath, [main, 'list', ...args], options);
  if (r.stderr !== '') console.log(r.stderr);
  return r.stdout;
}

type Listed = Record<string, unknown>;

function objects(text: string): Map<string, Listed> {
  const map = new Map<string, Listed>();
  if (text === '') return map;
  const list: unknown = JSON.parse(`[${text.replaceAll('\n}\n{', '\n},\n{')}]`);
  for (const o of Array.isArray(list) ? list : []) map.set(String(o.ImportPath), o);
  return map;
}

let wrong = 0;
function complain(text: string): void {
  if (wrong++ < 40) console.log(text);
}

for (const pattern of [['std'], ['cmd'], ['-test', '-deps', 'std']]) {
  const a = objects(official(['-pgo=off', '-e', '-json', ...pattern]));
  const b = objects(ours(['-e', '-json', ...pattern]));
  let fields = 0;
  const before = wrong;
  for (const [path, want] of a) {
    const got = b.get(path);
    if (got === undefined) complain(`${path}: missing`);
    for (const name of got === undefined ? [] : new Set([...Object.keys(want), ...Object.keys(got)])) {
      if (leftOut.has(name) || (name === 'GoFiles' && path.endsWith('.test'))) continue;
      fields++;
      const w = JSON.stringify(want[name]);
      const g = JSON.stringify(got?.[name]);
      if (w !== g) complain(`${path} ${name}\n  ours:   ${g}\n  theirs: ${w}`);
    }
  }
  for (const path of b.keys()) if (!a.has(path)) complain(`${path}: too much`);
  console.log(`${pattern.join(' ')}: ${a.size} packages, ${fields} fields, ${wrong - before} differences`);
}

const lines: readonly (readonly string[])[] = [
  ['-deps', 'fmt'],
  ['-deps', 'net/http'],
  ['-deps', 'std'],
  ['std'],
  ['./net/...'],
  ['net/...'],
  ['-test', 'fmt', 'strings', 'errors', 'net/http'],
  ['-test', '-deps', 'net/http', 'fmt', 'runtime'],
  ['-test', 'std'],
  ['-test', '-json=ImportPath,Imports,Deps,ImportMap,ForTest,Name', 'sort', 'strings'],
  ['-f', '{{.ImportPath}}: {{join .Imports ", "}}{{if .Standard}} std{{end}}', 'fmt', 'os'],
  ['-f', '{{range .GoFiles}}{{.}} {{end}}{{len .Deps}} {{printf "%q" .Name}} {{index .Imports 0 | print}}', 'os'],
  ['-f', '{{.GoFiles}} {{.Standard}} {{.ImportMap}} {{with .Error}}x{{else}}none{{end}}', 'net'],
  ['-f', '{{/* c */}}{{- if and .Standard (gt (len .SFiles) 0) -}} {{.ImportPath}} {{- end}}', 'std'],
  ['-json=Name,Dir', 'fmt'],
];
for (const args of lines) {
  const want = official(['-pgo=off', ...args]);
  const got = ours(args);
  if (want !== got) {
    const w = want.split('\n');
    const g = got.split('\n');
    const at = w.findIndex((l, i) => l !== g[i]);
    complain(`list ${args.join(' ')}: line ${at + 1}\n  ours:   ${g[at]}\n  theirs: ${w[at]}`);
  } else console.log(`list ${args.join(' ')}: equal`);
}
process.exitCode = wrong === 0 ? 0 : 1;
