/**
 * The speed of scanner, parser and type checker: the standard library with bodies, beside cmd/compile's syntax and types2 on one core in the same run; and the
 * declarations of fmt and all it imports, bodies skipped, cold and warm. Usage: npm run bench:frontend
 */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSet } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import { resolveObj } from '#types/decl.ts';
import type { Package } from '#types/package.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const env = { ...process.env, CGO_ENABLED: '0' };

interface Run {
  ms: number;
  lines: number;
  packages: number;
}

function run(paths: readonly string[], whole: boolean): Run {
  const started = performance.now();
  const files = new FileSet();
  const host = nodeHost();
  const target = makeTarget('linux', 'amd64', false, []);
  const loader = new Loader(host.files, files, target, new StandardResolver(host.files, goroot));
  for (const p of paths) loader.load(p);
  const report = (d: { message: string }): void => {
    throw new Error(d.message);
  };
  const config = newConfig(files, report, 'amd64', 'go1.26', (file, decl) => {
    parseBody(file, decl, report);
  });
  const packages = new Map<LoadedPackage, Package>();
  for (const p of loader.ordered) {
    const importer = {
      import: (path: string): Package | string => {
        const q = p.imports.get(path);
        return (q === undefined ? undefined : packages.get(q)) ?? `not loaded: ${path}`;
      },
    };
    const trees = p.files.goFiles.map((f) => f.syntax);
    const pkg = checkPackage(p.path, trees, importer, config);
    packages.set(p, pkg);
    if (whole) checkAll(pkg);
  }
  if (!whole) for (const pkg of packages.values()) for (const obj of pkg.checker?.objList ?? []) resolveObj(obj);
  const ms = performance.now() - started;
  let lines = 0;
  for (const p of loader.ordered) for (const f of p.files.goFiles) lines += f.syntax.source.lineStarts.length;
  return { ms, lines, packages: loader.ordered.length };
}

function show(what: string, r: Run): void {
  const rate = Math.round(r.lines / r.ms);
  console.log(
    `${what}: ${r.packages} packages, ${r.lines} lines in ${Math.round(r.ms)} ms, ${rate} thousand lines a second`,
  );
}

show('fmt, declarations only, cold', run(['fmt'], false));
for (let i = 0; i < 3; i++) run(['fmt'], false);
show('fmt, declarations only, warm', run(['fmt'], false));
const std = execFileSync('go', ['list', '-f', '{{if .GoFiles}}{{.ImportPath}}{{end}}', 'std'], {
  encoding: 'utf8',
  env,
})
  .trim()
  .split('\n');
const whole = run(std, true);
show('std with bodies', whole);
const oracle = join(dirname(fileURLToPath(import.meta.url)), 'types-std.ts');
console.log('beside types2, from a cold start, in a run that compares the results:');
console.log(execFileSync(process.execPath, [oracle], { encoding: 'utf8' }).trim());
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
