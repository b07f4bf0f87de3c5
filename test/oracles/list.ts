/**
 * Compares our loader with `go list -json`: std and cmd for several systems, architectures, with and without cgo.
 * Usage: node test/oracles/list.ts [goos/goarch[/cgo]...]
 */
import { execFileSync } from 'node:child_process';
import { FileSet } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import { dependencyPaths, type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { type GoFile, importPaths, patternsOf } from '#load/package-files.ts';
import { isVendoredCommand, matchStandard } from '#load/pattern.ts';
import { makeTarget } from '#load/target.ts';

type Listed = Record<string, unknown>;

const host = nodeHost();
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const resolver = new StandardResolver(host.files, goroot);

function officialList(goos: string, goarch: string, cgo: boolean, pattern: string): Listed[] {
  const env = { ...process.env, GOOS: goos, GOARCH: goarch, CGO_ENABLED: cgo ? '1' : '0', GOFLAGS: '' };
  const out = execFileSync('go', ['list', '-e', '-pgo=off', '-json', pattern], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    cwd: `${goroot}/src`,
  });
  return JSON.parse(`[${out.replaceAll('\n}\n{', '\n},\n{')}]`) as Listed[];
}

function names(files: readonly GoFile[]): string[] {
  return files.map((f) => f.name);
}

/** Imports with vendored paths replaced, as go list tells them: "C" and "unsafe" included. */
function resolved(p: LoadedPackage, files: readonly GoFile[]): string[] {
  return importPaths(files).map((path) => p.imports.get(path)?.path ?? vendored(p, path));
}

function vendored(p: LoadedPackage, path: string): string {
  if (path === 'C' || path === 'unsafe') return path;
  const r = resolver.resolve(path, p);
  return typeof r === 'string' ? path : r.path;
}

function embedFiles(p: LoadedPackage, patterns: string[]): string[] {
  try {
    return resolveEmbed(host.files, p.dir, patterns).files;
  } catch (e) {
    if (e instanceof EmbedError) return [e.message];
    throw e;
  }
}

function describe(p: LoadedPackage, cgo: boolean): Listed {
  const f = p.files;
  const sources = [...f.goFiles, ...f.cgoFiles];
  const imports = resolved(p, sources);
  const map: Record<string, string> = {};
  for (const path of importPaths(sources)) {
    const to = p.imports.get(path)?.path ?? vendored(p, path);
    if (to !== path) map[path] = to;
  }
  return {
    Dir: p.dir,
    ImportPath: p.path,
    Name: p.name,
    Doc: f.doc,
    GoFiles: names(f.goFiles),
    CgoFiles: names(f.cgoFiles),
    IgnoredGoFiles: f.ignoredGoFiles,
    IgnoredOtherFiles: f.ignoredOtherFiles,
    CFiles: cgo ? f.cFiles : [],
    CXXFiles: cgo ? f.cxxFiles : [],
    MFiles: cgo ? f.mFiles : [],
    HFiles: f.hFiles,
    FFiles: f.fFiles,
    SFiles: f.sFiles,
    SysoFiles: f.sysoFiles,
    CgoCFLAGS: f.cgo.cflags,
    CgoLDFLAGS: f.cgo.ldflags,
    CgoPkgConfig: f.cgo.pkgConfig,
    EmbedPatterns: patternsOf(sources),
    EmbedFiles: embedFiles(p, patternsOf(sources)),
    TestEmbedPatterns: patternsOf(f.testGoFiles),
    XTestEmbedPatterns: patternsOf(f.xTestGoFiles),
    Imports: imports,
    ImportMap: map,
    Deps: dependencyPaths(p),
    TestGoFiles: names(f.testGoFiles),
    TestImports: resolved(p, f.testGoFiles).sort(),
    XTestGoFiles: names(f.xTestGoFiles),
    XTestImports: resolved(p, f.xTestGoFiles).sort(),
  };
}

function normal(v: unknown, field: string): string {
  if (v === undefined || v === null)
    return field === 'Doc' || field === 'Name' ? '""' : field === 'ImportMap' ? '{}' : '[]';
  if (field === 'ImportMap') {
    return JSON.stringify(Object.entries(v as Record<string, string>).sort((a, b) => (a[0] < b[0] ? -1 : 1)));
  }
  return JSON.stringify(v);
}

const targets =
  process.argv.length > 2
    ? process.argv.slice(2)
    : [
        'linux/amd64',
        'linux/amd64/cgo',
        'darwin/arm64',
        'windows/amd64',
        'js/wasm',
        'wasip1/wasm',
        'freebsd/arm',
        'plan9/386',
        'ios/arm64/cgo',
        'aix/ppc64',
        'linux/riscv64',
        'solaris/amd64',
        'android/arm64/cgo',
        'linux/mips64le',
      ];
let wrong = 0;
for (const target of targets) {
  const [goos, goarch, cgoWord] = target.split('/');
  const cgo = cgoWord === 'cgo';
  for (const pattern of ['std', 'cmd'] as const) {
    const official = officialList(goos, goarch, cgo, pattern);
    const start = performance.now();
    const loader = new Loader(host.files, new FileSet(), makeTarget(goos, goarch, cgo, []), resolver, true);
    const paths = matchStandard(host.files, goroot, pattern, loader.target);
    const ours = new Map<string, Listed>();
    for (const path of paths) {
      const p = loader.load(path);
      if (p !== null && !isVendoredCommand(path, p.name)) ours.set(path, describe(p, cgo));
    }
    const ms = performance.now() - start;
    let differing = 0;
    const complain = (text: string): void => {
      if (differing++ < 8) console.log(`${target} ${text.slice(0, 600)}`);
    };
    for (const theirs of official) {
      const path = String(theirs.ImportPath);
      const mine = ours.get(path);
      if (mine === undefined) {
        complain(`${path} missing`);
        continue;
      }
      ours.delete(path);
      const failed = theirs.Error !== undefined;
      for (const field of Object.keys(mine)) {
        // A package with an error has not had its imports resolved.
        if (failed && /Deps|Import(s|Map)$/.test(field)) continue;
        const a = normal(mine[field], field);
        const b = normal(theirs[field], field);
        // Sorted by the go command only before vendored paths are put in.
        if (a !== b && !(field === 'ImportMap' && normal({}, field) === a && b === '{}'))
          complain(`${path} ${field}\n  ours:   ${a}\n  theirs: ${b}`);
      }
    }
    for (const path of ours.keys()) complain(`${path} too much`);
    console.log(`${target} ${pattern}: ${official.length} packages, ${differing} differences, ${ms.toFixed(0)} ms`);
    wrong += differing;
  }
}
process.exitCode = wrong === 0 ? 0 : 1;
