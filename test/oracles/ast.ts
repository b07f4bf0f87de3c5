/**
 * Compares the positions and ends of our expressions with go/parser's, for every Go file of GOROOT/src that parses.
 * Usage: node test/oracles/ast.ts [path...]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSet } from '#base/source.ts';
import * as Kind from '#syntax/kinds.ts';
import { type Expr, isExpr, type Node } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { inspect } from '#syntax/walk.ts';

function goFiles(path: string, out: string[]): void {
  if (!statSync(path).isDirectory()) {
    out.push(path);
    return;
  }
  for (const e of readdirSync(path, { withFileTypes: true })) {
    const p = join(path, e.name);
    if (e.isDirectory()) goFiles(p, out);
    else if (e.isFile() && e.name.endsWith('.go')) out.push(p);
  }
}

/** The name and the position by which go/ast knows a construct; "" if it has no counterpart. */
function key(n: Expr, text: Uint8Array, base: number): [string, number] {
  switch (n.kind) {
    case Kind.Name:
      return ['Name', n.pos];
    case Kind.BasicLit:
      return ['BasicLit', n.pos];
    case Kind.CompositeLit:
      return ['CompositeLit', n.pos];
    case Kind.KeyValueExpr:
      return ['KeyValueExpr', n.pos];
    case Kind.FuncLit:
      return ['FuncLit', n.pos];
    case Kind.SelectorExpr:
      return ['SelectorExpr', n.sel.pos];
    case Kind.IndexExpr:
      return ['IndexExpr', n.pos];
    case Kind.SliceExpr:
      return ['SliceExpr', n.pos];
    case Kind.AssertExpr:
    case Kind.TypeSwitchGuard:
      return ['AssertExpr', text.indexOf(40, n.pos - base) + base];
    case Kind.Operation:
      return ['Operation', n.pos];
    case Kind.CallExpr:
      return ['CallExpr', n.pos];
    case Kind.ArrayType:
    case Kind.SliceType:
      return ['ArrayType', n.pos];
    case Kind.DotsType:
      return ['DotsType', n.pos];
    case Kind.StructType:
      return ['StructType', n.pos];
    case Kind.InterfaceType:
      return ['InterfaceType', n.pos];
    case Kind.FuncType:
      return ['FuncType', n.funcPos === 0 ? n.pos : n.funcPos];
    case Kind.MapType:
      return ['MapType', n.pos];
    case Kind.ChanType:
      return ['ChanType', base];
    default:
      return ['', 0];
  }
}

function dump(name: string): string {
  const text = new Uint8Array(readFileSync(name));
  const source = new FileSet().addFile(name, text.length);
  let errors = 0;
  const file = parseFile(source, text, { bodies: true }, () => errors++);
  if (errors > 0) return 'error';
  const lines = new Set<string>();
  inspect(file, (n: Node) => {
    if (n.kind === Kind.ImportDecl && n.localPkgName !== null)
      lines.add(`Name ${n.localPkgName.pos - source.base} ${n.localPkgName.end - source.base}\n`);
    if (!isExpr(n)) return true;
    const [kind, pos] = key(n, text, source.base);
    if (kind !== '') lines.add(`${kind} ${pos - source.base} ${n.end - source.base}\n`);
    return true;
  });
  return [...lines].sort().join('');
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const roots = process.argv.length > 2 ? process.argv.slice(2) : [join(goroot, 'src')];
const files: string[] = [];
for (const r of roots) goFiles(r, files);
const program = '/tmp/tuza-astdump';
execFileSync('go', ['build', '-o', program, join(dirname(fileURLToPath(import.meta.url)), 'astdump/main.go')]);
const hashes = execFileSync(program, { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30 }).split('\n');
const rejected = createHash('sha256').update('error').digest('hex');
let differing = 0;
let skipped = 0;
for (let i = 0; i < files.length; i++) {
  const ours = dump(files[i]);
  // The two official parsers do not reject the same texts.
  if (hashes[i] === rejected || ours === 'error') {
    skipped++;
    continue;
  }
  if (createHash('sha256').update(ours).digest('hex') === hashes[i]) continue;
  if (++differing > 12) continue;
  const theirs = execFileSync(program, ['-full'], { input: files[i], encoding: 'utf8', maxBuffer: 1 << 28 });
  const a = new Set(ours.split('\n'));
  const b = new Set(theirs.split('\n'));
  console.log(files[i]);
  console.log(
    `  ours only:   ${[...a]
      .filter((l) => !b.has(l))
      .slice(0, 4)
      .join(', ')}`,
  );
  console.log(
    `  theirs only: ${[...b]
      .filter((l) => !a.has(l))
      .slice(0, 4)
      .join(', ')}`,
  );
}
console.log(`${files.length} files, ${skipped} rejected by a parser, ${differing} differ`);
process.exitCode = differing === 0 ? 0 : 1;
