/**
 * Compiler directives as far as users can misuse them (cmd/compile/internal/noder: noder.go, lex.go, writer.go): unknown and misplaced ones, and
 * those that do not fit their declaration. What they mean for code is the compiler's business.
 */
import type { Report } from '#base/diagnostic.ts';
import type { Pos } from '#base/source.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { File, FuncDecl, Node, Pragma, VarDecl } from '#syntax/nodes.ts';
import { inspect } from '#syntax/walk.ts';
import * as ObjKind from './objkind.ts';
import type { Package } from './package.ts';

/** What is being compiled. */
export interface DirectiveOptions {
  /** The standard library (-std). */
  readonly std: boolean;
  /** A package that the runtime is made of (-+). */
  readonly runtime: boolean;
  /** All functions have bodies (-complete). */
  readonly complete: boolean;
  /** As given with -lang; the number N of go1.N, 0 for the newest. */
  readonly version: number;
}

/** Directives that functions may have; others that are known belong to no declaration. */
const functionDirectives = new Set(
  (
    'go:noescape go:norace go:nosplit go:noinline go:nocheckptr go:systemstack go:nowritebarrier go:nowritebarrierrec ' +
    'go:yeswritebarrierrec go:cgo_unsafe_args go:uintptrkeepalive go:uintptrescapes go:registerparams'
  ).split(' '),
);
const runtimeDirectives = new Set(
  'go:systemstack go:nowritebarrier go:nowritebarrierrec go:yeswritebarrierrec'.split(' '),
);
/** Without meaning for declarations, but known. */
const otherDirectives = new Set(
  (
    'go:build go:cgo_export_static go:cgo_export_dynamic go:cgo_import_static go:cgo_import_dynamic go:cgo_ldflag ' +
    'go:cgo_dynamic_linker go:embed go:fix go:generate go:linkname go:wasmimport go:wasmexport'
  ).split(' '),
);

function verbOf(p: Pragma): string {
  const end = p.text.indexOf(' ');
  return end < 0 ? p.text : p.text.slice(0, end);
}

/** Checks what can be known when a file has been parsed. */
export function checkFileDirectives(file: File, options: DirectiveOptions, report: Report): void {
  const fail = failer(report);
  for (const p of file.strayPragmas) {
    const verb = verbOf(p);
    checkVerb(p, verb, options, fail);
    if (verb === 'go:embed') fail(p.pos, 'misplaced go:embed directive');
    else if (functionDirectives.has(verb) || verb === 'go:build') fail(p.pos, 'misplaced compiler directive');
  }
  for (const p of file.pragmas) checkVerb(p, verbOf(p), options, fail);
  for (const p of file.linknames) {
    const n = p.text.split(/\s+/).filter((w) => w !== '').length;
    if (n < 2 || n > 3) fail(p.pos, 'usage: //go:linkname localname [linkname]');
  }
  for (const p of file.cgoPragmas) checkCgo(p, file, options, fail);
  inspect(file, (n) => {
    for (const p of pragmasOf(n)) checkVerb(p, verbOf(p), options, fail);
    return true;
  });
}

type Fail = (pos: Pos, message: string) => void;

function failer(report: Report): Fail {
  return (pos, message) => report({ pos, message, code: '', soft: false });
}

function pragmasOf(n: Node): readonly Pragma[] {
  switch (n.kind) {
    case Syntax.ImportDecl:
    case Syntax.ConstDecl:
    case Syntax.TypeDecl:
    case Syntax.VarDecl:
    case Syntax.FuncDecl:
      return n.pragmas;
    default:
      return [];
  }
}

function checkVerb(p: Pragma, verb: string, options: DirectiveOptions, fail: Fail): void {
  if (runtimeDirectives.has(verb) && !options.runtime) fail(p.pos, `//${verb} only allowed in runtime`);
  if (verb === 'go:uintptrkeepalive' && !options.std) {
    fail(p.pos, `//${verb} is only allowed in the standard library`);
  }
  if (options.std && !functionDirectives.has(verb) && !otherDirectives.has(verb)) {
    fail(p.pos, `//${verb} is not allowed in the standard library`);
  }
  if (verb === 'go:embed' && p.text.trim() === 'go:embed') fail(p.pos, 'usage: //go:embed pattern...');
}

/** For security: flags for the linker come from cgo only. */
function checkCgo(p: Pragma, file: File, options: DirectiveOptions, fail: Fail): void {
  const verb = verbOf(p);
  const generated = /(^|\/)_cgo_[^/]*$/.test(file.source.name);
  const words = p.text.match(/"[^"]*"?|[^\s"]+/g) ?? [];
  const dynamicWithLibrary = verb === 'go:cgo_import_dynamic' && words.length >= 4;
  if (!generated && !options.std && !dynamicWithLibrary) fail(p.pos, `//${p.text} only allowed in cgo-generated code`);
  if (verb === 'go:cgo_ldflag' && (words.length !== 2 || !words[1].startsWith('"'))) {
    fail(p.pos, 'usage: //go:cgo_ldflag "arg"');
  }
}

/** Checks directives against the declarations of a package without errors. */
export function checkDeclarationDirectives(
  pkg: Package,
  files: readonly File[],
  options: DirectiveOptions,
  report: Report,
): void {
  const fail = failer(report);
  const linked = new Set<string>();
  for (const file of files) {
    const imports = new Set<string>();
    for (const d of file.decls) {
      if (d.kind === Syntax.ImportDecl && d.path !== null) imports.add(d.path.value.slice(1, -1));
    }
    for (const p of file.pragmas) if (functionDirectives.has(verbOf(p))) fail(p.pos, 'misplaced compiler directive');
    // The end of the last block: what starts before it is inside a function.
    let blockEnd = 0;
    inspect(file, (n) => {
      if (n.kind === Syntax.BlockStmt) blockEnd = Math.max(blockEnd, n.rbrace);
      checkPlacement(n, n.pos < blockEnd, imports.has('embed'), options, fail);
      return true;
    });
    for (const p of file.linknames) checkLinkname(p, pkg, imports.has('unsafe'), linked, options, fail);
  }
  for (const file of files) {
    for (const d of file.decls) if (d.kind === Syntax.FuncDecl) checkFunction(d, linked, options, fail);
  }
}

function checkPlacement(n: Node, inFunc: boolean, embed: boolean, options: DirectiveOptions, fail: Fail): void {
  const isFunc = n.kind === Syntax.FuncDecl;
  for (const p of pragmasOf(n)) {
    const verb = verbOf(p);
    if ((functionDirectives.has(verb) && !isFunc) || verb === 'go:build') fail(p.pos, 'misplaced compiler directive');
    if (verb === 'go:embed' && n.kind !== Syntax.VarDecl) fail(p.pos, 'misplaced go:embed directive');
  }
  if (n.kind !== Syntax.VarDecl) return;
  const first = n.pragmas.find((p) => verbOf(p) === 'go:embed');
  const message = first === undefined ? '' : embedError(n, inFunc, embed, options);
  if (first !== undefined && message !== '') fail(first.pos, message);
}

function embedError(d: VarDecl, inFunc: boolean, imported: boolean, options: DirectiveOptions): string {
  if (!imported) return 'go:embed requires import "embed" (or import _ "embed", if package is not used)';
  if (d.names.length > 1) return 'go:embed cannot apply to multiple vars';
  if (d.values !== null) return 'go:embed cannot apply to var with initializer';
  if (d.type === null) return 'go:embed cannot apply to var without type';
  if (inFunc) return 'go:embed cannot apply to var inside func';
  if (options.version !== 0 && options.version < 16) return 'go:embed requires go1.16 or later';
  return '';
}

function checkLinkname(
  p: Pragma,
  pkg: Package,
  importsUnsafe: boolean,
  linked: Set<string>,
  options: DirectiveOptions,
  fail: Fail,
): void {
  const words = p.text.split(/\s+/);
  const local = words[1] ?? '';
  const remote = words[2] ?? '';
  if (!importsUnsafe) {
    fail(p.pos, '//go:linkname only allowed in Go files that import "unsafe"');
  } else if (remote.includes('[') && remote.includes(']')) {
    fail(p.pos, '//go:linkname reference of an instantiation is not allowed');
  } else {
    const obj = pkg.scope.lookup(local);
    if (obj !== null && (obj.kind === ObjKind.Func || obj.kind === ObjKind.Var)) {
      if (linked.has(local)) fail(p.pos, `duplicate //go:linkname for ${local}`);
      linked.add(local);
    } else if (options.version === 0 || options.version >= 18) {
      fail(p.pos, '//go:linkname must refer to declared function or variable');
    }
  }
}

function checkFunction(d: FuncDecl, linked: ReadonlySet<string>, options: DirectiveOptions, fail: Fail): void {
  if (d.name.value === '_') return;
  const verbs = new Set(d.pragmas.map(verbOf));
  if (verbs.has('go:systemstack') && verbs.has('go:nosplit')) {
    fail(d.pos, 'go:nosplit and go:systemstack cannot be combined');
  }
  if (d.bodyStart < 0) {
    if ((options.complete || d.name.value === 'init') && !linked.has(d.name.value)) {
      fail(d.pos, 'missing function body');
    }
    return;
  }
  if (verbs.has('go:noescape')) fail(d.pos, 'can only use //go:noescape with external func implementations');
  if (verbs.has('go:uintptrkeepalive') && !verbs.has('go:uintptrescapes') && !verbs.has('go:nosplit')) {
    fail(d.pos, 'go:uintptrkeepalive requires go:nosplit');
  }
}
