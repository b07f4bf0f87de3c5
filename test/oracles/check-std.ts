/**
 * Type-checks packages of the Go tree whole, and prints the errors: there must be none. Packages are import paths or patterns as `go list` takes
 * them (default: std). Usage: node test/oracles/check-std.ts [-target goos/goarch] [pattern...]
 */
import { execFileSync } from 'node:child_process';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import type { File, FuncDecl } from '#syntax/nodes.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Importer } from '#types/checker.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';

const args = process.argv.slice(2);
let goos = 'linux';
let goarch = 'amd64';
if (args[0] === '-target') {
  [goos, goarch] = (args[1] ?? '').split('/');
  args.splice(0, 2);
}
const env = { ...process.env, GOOS: goos, GOARCH: goarch, CGO_ENABLED: '0' };
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const patterns = args.length > 0 ? args : ['std'];
const paths = execFileSync('go', ['list', '-f', '{{if .GoFiles}}{{.ImportPath}}{{end}}', ...patterns], {
  encoding: 'utf8',
  env,
  cwd: `${goroot}/src`,
})
  .trim()
  .split('\n');

const files = new FileSet();
const host = nodeHost();
const loader = new Loader(
  host.files,
  files,
  makeTarget(goos, goarch, false, []),
  new StandardResolver(host.files, goroot),
);
const started = performance.now();
for (const path of paths) loader.load(path);
const loaded = performance.now();

let errors = 0;
const maxPrinted = 200;
function report(d: Diagnostic): void {
  errors++;
  if (errors <= maxPrinted) console.log(`${formatPosition(files.position(d.pos))}: ${d.message}`);
}
for (const d of loader.errors) report(d);

const syntaxErrors = (d: Diagnostic): void => report(d);
const config = newConfig(files, report, goarch, 'go1.26', (file: File, decl: FuncDecl) => {
  parseBody(file, decl, syntaxErrors);
});
const checked = new Map<LoadedPackage, Package>();

function importerOf(p: LoadedPackage): Importer {
  return {
    import(path) {
      if (path === 'unsafe') return unsafePackage;
      const imported = p.imports.get(path);
      const pkg = imported === undefined ? undefined : checked.get(imported);
      return pkg ?? `could not import ${path}`;
    },
  };
}

for (const p of loader.ordered) {
  if (p.path === 'unsafe') {
    checked.set(p, unsafePackage);
    continue;
  }
  const pkg = checkPackage(
    p.path,
    p.files.goFiles.map((f) => f.syntax),
    importerOf(p),
    config,
  );
  checked.set(p, pkg);
  try {
    checkAll(pkg);
  } catch (e) {
    errors++;
    const where = pkg.checker?.decl?.fdecl ?? null;
    console.log(`${p.path}: exception${where === null ? '' : ` near ${formatPosition(files.position(where.pos))}`}`);
    console.log(e instanceof Error ? e.stack?.split('\n').slice(0, 12).join('\n') : e);
  }
}
const done = performance.now();
const lines = files.files.reduce((n, f) => n + f.lineStarts.length, 0);
console.log(
  `${loader.ordered.length} packages, ${lines} lines, ${errors} errors; ` +
    `load ${Math.round(loaded - started)} ms, check ${Math.round(done - loaded)} ms, ` +
    `${Math.round(process.memoryUsage().rss / 1048576)} MiB`,
);
process.exitCode = errors === 0 ? 0 : 1;
