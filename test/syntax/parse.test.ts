import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, formatPosition } from '#base/source.ts';
import { parseAllBodies, parseBody } from '#syntax/body.ts';
import { constraintVersion, evalConstraint, parseGoBuild, parsePlusBuild } from '#syntax/constraint.ts';
import * as Kind from '#syntax/kinds.ts';
import type { File, FuncDecl } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { exprString } from '#syntax/printer.ts';

interface Parsed {
  file: File;
  set: FileSet;
  errors: string[];
  report: (d: Diagnostic) => void;
}

function parse(text: string, bodies = false): Parsed {
  const set = new FileSet();
  const bytes = new TextEncoder().encode(text);
  const source = set.addFile('x.go', bytes.length);
  const errors: string[] = [];
  const report = (d: Diagnostic): void => {
    errors.push(`${formatPosition(set.position(d.pos))}: ${d.message}`);
  };
  return { file: parseFile(source, bytes, { bodies }, report), set, errors, report };
}

function functions(file: File): FuncDecl[] {
  return file.decls.filter((d) => d.kind === Kind.FuncDecl);
}

test('bodies are skipped and parsed on demand, once', () => {
  const p = parse('package p\nfunc f() { x := "}" + `}` + string(\'}\') /* } */ // }\n _ = x }\nfunc g()\nvar v = 1\n');
  const [f, g] = functions(p.file);
  assert.equal(f.body, null);
  assert.ok(f.bodyStart > 0 && f.bodyEnd > f.bodyStart);
  const body = parseBody(p.file, f, p.report);
  assert.equal(body?.list.length, 2);
  assert.equal(parseBody(p.file, f, p.report), body);
  assert.equal(f.rbrace, body?.rbrace);
  assert.equal(parseBody(p.file, g, p.report), null);
  assert.deepEqual(p.errors, []);
});

test('errors in skipped bodies appear when the body is parsed', () => {
  const p = parse('package p\nfunc f() { return 1 2 }\n');
  assert.deepEqual(p.errors, []);
  parseAllBodies(p.file, p.report);
  assert.deepEqual(p.errors, ['x.go:2:21: syntax error: unexpected literal 2 at end of statement']);
  parseAllBodies(p.file, p.report);
  assert.equal(p.errors.length, 1);
});

test('a body that cannot be skipped is parsed at once', () => {
  const p = parse('package p\nfunc f() { s := "a\n }\n');
  assert.deepEqual(p.errors, ['x.go:2:19: newline in string']);
});

test('directives', () => {
  const text = `//go:build linux && go1.21

package p

import _ "unsafe"

//go:noinline
//go:nosplit
func f() {
	//go:linkname inner other.inner
}

//go:linkname g runtime.g
func g()

//go:embed a b
var files string
//line y.go:100
func h() { undefined }
`;
  const p = parse(text);
  assert.equal(p.file.goVersion, 'go1.21');
  assert.equal(p.file.goBuild, 'linux && go1.21');
  const [f, g, h] = functions(p.file);
  assert.deepEqual(
    f.pragmas.map((d) => d.text),
    ['go:noinline', 'go:nosplit'],
  );
  assert.deepEqual(
    p.file.linknames.map((d) => d.text),
    ['go:linkname inner other.inner', 'go:linkname g runtime.g'],
  );
  assert.equal(g.pragmas.length, 0);
  const v = p.file.decls.find((d) => d.kind === Kind.VarDecl);
  assert.deepEqual(
    v?.pragmas.map((d) => d.text),
    ['go:embed a b'],
  );
  assert.equal(formatPosition(p.set.position(h.pos)), 'y.go:100');
  parseAllBodies(p.file, p.report);
  assert.equal(p.file.linknames.length, 2);
  assert.equal(p.file.source.directives.length, 1);
});

test('cgo preambles', () => {
  const p = parse(
    'package p\n\n// not this\n\n// #include <a.h>\n// int x;\nimport "C"\n\n/* group */\nimport (\n\t"C"\n)\n',
  );
  const [first, second] = p.file.decls;
  assert.equal(first.kind === Kind.ImportDecl && first.preamble, '// #include <a.h>\n// int x;');
  assert.equal(second.kind === Kind.ImportDecl && second.preamble, '/* group */');
});

test('expressions are printed as in messages', () => {
  const p = parse(
    'package p\nvar x = func(a, b int, c ...string) (chan<- (<-chan T), error) { return nil }(map[string]struct{ A, B int `t`; C }{1: 2}[i:j:k], &T[int]{}, x.(interface{ m(); ~int|U }), *p.q...)\n',
  );
  const v = p.file.decls[0];
  assert.ok(v.kind === Kind.VarDecl && v.values !== null);
  assert.equal(
    exprString(v.values),
    'func(a, b int, c ...string) (chan<- <-chan T, error) {…}(map[string]struct{A, B int `t`; C}{…}[i:j:k], &T[int]{}, x.(interface{m(); ~int | U}), *p.q...)',
  );
});

test('build constraints', () => {
  const holds = (tag: string): boolean => tag === 'linux' || tag === 'amd64';
  const go = (s: string): boolean | null => {
    const x = parseGoBuild(`//go:build ${s}`);
    return x === null ? null : evalConstraint(x, holds);
  };
  assert.equal(go('linux && (amd64 || arm64) && !cgo'), true);
  assert.equal(go('!linux'), false);
  assert.equal(go('!!linux'), null);
  assert.equal(go('linux amd64'), null);
  assert.equal(go('a &&'), null);
  const plus = (s: string): boolean | null => {
    const x = parsePlusBuild(`// +build ${s}`);
    return x === null ? null : evalConstraint(x, holds);
  };
  assert.equal(plus('linux,amd64 windows'), true);
  assert.equal(plus('linux,!amd64 windows'), false);
  const version = (s: string): string => {
    const x = parseGoBuild(`//go:build ${s}`);
    return x === null ? 'bad' : constraintVersion(x);
  };
  assert.equal(version('(linux && go1.22) || (windows && go1.20)'), 'go1.20');
  assert.equal(version('!go1.22'), '');
});
