/**
 * Compares everything the type checker records for packages of the standard library with what types2 records (typesdump/main.go): for every expression mode,
 * type and constant value, for every name its object, selections, instances, initialisation order. Prints differences, counts, a digest per package with
 * -digests, and both times. With -lazy, objects are resolved and bodies checked one by one, in random order, over all packages.
 * Usage: node test/oracles/types-std.ts [-digests] [-lazy] [-keep DIR] [-target goos/goarch] [pattern...]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSet, formatPosition, NoPos, type Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import { nodeHost } from '#host/node.ts';
import { Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import * as Kind from '#syntax/kinds.ts';
import { type File, isExpr, type Node } from '#syntax/nodes.ts';
import { inspect } from '#syntax/walk.ts';
import { checkAll, checkBody, checkPackage, newConfig, packageInitOrder } from '#types/check.ts';
import { resolveObj } from '#types/decl.ts';
import {
  hasOk,
  instanceOf,
  isAddressable,
  isAssignable,
  isValue,
  objOf,
  selectionOf,
  type TypeAndValue,
  tvOf,
} from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Obj } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import { typeString } from '#types/typestring.ts';
import { unsafePackage } from '#types/universe.ts';

const argv = process.argv.slice(2);
const digests = take('-digests', false) !== '';
const lazy = take('-lazy', false) !== '';
const keep = take('-keep', true);
const target = take('-target', true) || 'linux/amd64';
const [goos, goarch] = target.split('/');

function take(flag: string, hasValue: boolean): string {
  const i = argv.indexOf(flag);
  if (i < 0) return '';
  return argv.splice(i, hasValue ? 2 : 1)[hasValue ? 1 : 0] ?? '';
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const work = keep !== '' ? keep : mkdtempSync(join(tmpdir(), 'types-std-'));
mkdirSync(work, { recursive: true });

/** Builds the official dumper. */
function buildDumper(): string {
  const source = join(dirname(fileURLToPath(import.meta.url)), 'typesdump', 'main.go');
  const overlay = join(work, 'overlay.json');
  const out = join(work, 'typesdump');
  const place = join(goroot, 'src/cmd/compile/internal/typesdump/main.go');
  writeFileSync(overlay, JSON.stringify({ Replace: { [place]: source } }));
  execFileSync('go', ['build', '-overlay', overlay, '-o', out, 'cmd/compile/internal/typesdump'], {
    cwd: join(goroot, 'src'),
  });
  return out;
}

const env = { ...process.env, GOOS: goos, GOARCH: goarch, CGO_ENABLED: '0' };
const patterns = argv.length > 0 ? argv : ['std'];
const list = execFileSync('go', ['list', '-deps', '-pgo=off', '-json=ImportPath,Dir,GoFiles,ImportMap', ...patterns], {
  encoding: 'utf8',
  env,
  cwd: join(goroot, 'src'),
  maxBuffer: 1 << 28,
});
const official = join(work, 'official');
let officialTime = 'recorded';
if (!existsSync(official)) {
  mkdirSync(official);
  const dumper = buildDumper();
  execFileSync(dumper, [official, goarch], { input: list, maxBuffer: 1 << 28 });
  const ms = execFileSync(dumper, ['-', goarch], { input: list, env: { ...process.env, GOMAXPROCS: '1' } });
  officialTime = `${ms.toString().trim()} ms on one core`;
}

const files = new FileSet();
const host = nodeHost();
const started = performance.now();
const loader = new Loader(
  host.files,
  files,
  makeTarget(goos, goarch, false, []),
  new StandardResolver(host.files, goroot),
);
const paths = [...list.matchAll(/"ImportPath": "([^"]*)"/g)].map((m) => m[1]);
for (const p of paths) if (p !== 'unsafe') loader.load(p);
const config = newConfig(
  files,
  (d) => console.log(`${formatPosition(files.position(d.pos))}: ${d.message}`),
  goarch,
  'go1.26',
  (file, decl) => {
    parseBody(file, decl, () => undefined);
  },
);
const packages = new Map<string, Package>([['unsafe', unsafePackage]]);
for (const p of loader.ordered) {
  if (p.path === 'unsafe') continue;
  const importer = {
    import: (path: string) => packages.get(p.imports.get(path)?.path ?? path) ?? `not loaded: ${path}`,
  };
  const pkg = checkPackage(
    p.path,
    p.files.goFiles.map((f) => f.syntax),
    importer,
    config,
  );
  packages.set(p.path, pkg);
  if (!lazy) checkAll(pkg);
}
if (lazy) checkLazily();
function checkLazily(): void {
  const work: (() => void)[] = [];
  for (const pkg of packages.values()) {
    const c = pkg.checker;
    if (c === null) continue;
    for (const obj of c.objList) work.push(() => resolveObj(obj));
    for (const f of c.funcs) work.push(() => checkBody(f));
  }
  let seed = 1;
  for (let i = work.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const j = Math.floor((seed / 4294967296) * (i + 1));
    [work[i], work[j]] = [work[j], work[i]];
  }
  for (const f of work) f();
}

const ourTime = Math.round(performance.now() - started);

const kindNames: string[] = [];
// Literal kinds, channel directions and keywords have numbers of their own.
const noKinds = /^((Int|Float|Imag|Rune|String)Lit|Send(Recv|Only)|RecvOnly|Break|Continue|Fallthrough|Goto|Go|Defer)$/;
for (const [name, number] of Object.entries(Kind)) if (!noKinds.test(name)) kindNames[number] = name;

function at(pos: Pos): string {
  if (pos === NoPos) return '-';
  const file = files.file(pos);
  if (file === null) return '-';
  const p = file.rawPosition(pos);
  return `${basename(p.filename)}:${p.line}:${p.column}`;
}

const objNames = ['', 'PkgName', 'Const', 'TypeName', 'Var', 'Func', 'Label', 'Builtin', 'Nil'];

function object(o: Obj | null): string {
  return o === null ? 'nil' : `${objNames[o.kind]} ${o.pkg?.path ?? ''}.${o.name} ${at(o.pos)}`;
}

function flags(tv: TypeAndValue): string {
  let s = '';
  if (tv.mode === Mode.novalue) s += 'v';
  if (tv.mode === Mode.typexpr) s += 't';
  if (tv.mode === Mode.builtin) s += 'b';
  if (tv.mode === Mode.nilvalue) s += 'n';
  if (tv.value !== null) s += 'c';
  if (isValue(tv)) s += 'x';
  if (isAddressable(tv)) s += 'a';
  if (isAssignable(tv)) s += 's';
  if (hasOk(tv)) s += 'k';
  return s;
}

function value(v: constant.Value): string {
  const s = constant.toExactString(v);
  return Buffer.byteLength(s) > 200 ? createHash('sha256').update(s).digest('hex') : s;
}

function dumpNode(n: Node, lines: string[]): void {
  const add = (text: string): void => {
    lines.push(`${at(n.pos)} ${kindNames[n.kind]} ${text}`);
  };
  if (!isExpr(n)) return;
  const tv = tvOf(n);
  if (tv !== null) {
    const type = typeString(tv.type, null);
    add(tv.value === null ? `${flags(tv)} ${type}` : `${flags(tv)} ${type} = ${value(tv.value)}`);
  }
  if (n.kind === Kind.Name) {
    const o = objOf(n);
    if (o !== null) add(`is ${object(o)}`);
    const inst = instanceOf(n);
    if (inst !== null) {
      const targs = inst.typeArgs.map((t) => typeString(t, null)).join(',');
      add(`instance [${targs}] ${typeString(inst.type, null)}`);
    }
  } else if (n.kind === Kind.SelectorExpr) {
    const s = selectionOf(n);
    if (s !== null) add(`selects ${s.kind} ${typeString(s.recv, null)} [${s.index.join(' ')}] ${s.indirect}`);
  }
}

function dump(pkg: Package, trees: readonly File[]): string[] {
  const lines: string[] = [];
  const seen = new Set<Node>();
  for (const tree of trees) {
    inspect(tree, (n) => {
      if (seen.has(n)) return false;
      seen.add(n);
      dumpNode(n, lines);
      return true;
    });
  }
  const buffers = lines.map((l) => Buffer.from(l)).sort(Buffer.compare);
  const sorted = buffers.map((b) => b.toString());
  for (const init of packageInitOrder(pkg)) {
    sorted.push(`init ${init.lhs.map((v) => v.name).join(',')} ${at(init.rhs.pos)}`);
  }
  return sorted;
}

/** Positions in the values of constant declarations: repeated for the constants that follow, the last one looked at shows. */
function constantValues(trees: readonly File[]): Set<string> {
  const positions = new Set<string>();
  for (const tree of trees) {
    inspect(tree, (n) => {
      if (n.kind === Kind.ConstDecl && n.values !== null) {
        inspect(n.values, (e) => {
          positions.add(at(e.pos));
          return true;
        });
      }
      return true;
    });
  }
  return positions;
}

let total = 0;
let different = 0;
let printed = 0;
function difference(path: string, line: string): void {
  different++;
  if (++printed <= 200) console.log(`${path}: ${line.slice(0, 300)}`);
}

for (const p of loader.ordered) {
  const pkg = packages.get(p.path);
  if (p.path === 'unsafe' || pkg === undefined) continue;
  const ours = dump(
    pkg,
    p.files.goFiles.map((f) => f.syntax),
  );
  const text = readFileSync(join(official, `${p.path.replaceAll('/', '_')}.txt`), 'utf8');
  if (digests) console.log(`${p.path} ${createHash('sha256').update(text).digest('hex')}`);
  // Nothing is recorded for names without object; nodes without position are made up, and not in the tree.
  const theirs = text.split('\n').filter((l) => l !== '' && !l.endsWith(' is nil') && !l.startsWith('- '));
  total += theirs.length;
  const repeated = lazy ? constantValues(p.files.goFiles.map((f) => f.syntax)) : new Set<string>();
  const counts = new Map<string, number>();
  for (const l of theirs) counts.set(l, (counts.get(l) ?? 0) + 1);
  for (const l of ours) {
    const n = counts.get(l) ?? 0;
    if (n === 0 && !repeated.has(l.slice(0, l.indexOf(' ')))) difference(p.path, `+ ${l}`);
    else counts.set(l, n - 1);
  }
  for (const [l, n] of counts) {
    if (n > 0 && !repeated.has(l.slice(0, l.indexOf(' ')))) for (let i = 0; i < n; i++) difference(p.path, `- ${l}`);
  }
}
console.log(
  `${loader.ordered.length} packages, ${total} facts, ${different} differences; ours ${ourTime} ms, types2 ${officialTime}`,
);
if (keep === '') rmSync(work, { recursive: true });
process.exitCode = different === 0 ? 0 : 1;
