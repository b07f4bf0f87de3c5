/**
 * Type-checks the files of internal/types/testdata and compares the errors with those their comments ask for, as types2's own test does. What is imported
 * is checked lazily. Usage: node test/oracles/types-testdata.ts [-v] [check|examples|fixedbugs|spec|FILE]...
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet, type Position } from '#base/source.ts';
import { unquote } from '#constant/value.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import type { File } from '#syntax/nodes.ts';
import { parseFile } from '#syntax/parse.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Config, Importer } from '#types/checker.ts';
import type { Package } from '#types/package.ts';
import { defPredeclaredTestFuncs } from '#types/universe.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const root = join(goroot, 'src/internal/types/testdata');
const host = nodeHost();
const fileSet = new FileSet();
const loader = new Loader(
  host.files,
  fileSet,
  makeTarget('linux', 'amd64', true, []),
  new StandardResolver(host.files, goroot),
);

interface Expected {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const token =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|[ \t\r\n]+|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|[\p{L}_][\p{L}\p{Nd}_]*|\.?[0-9](?:[eEpP][+-]|[\w.])*|<<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|[-+*/%&|^]=|<<|>>|&\^|[\s\S]/gu;

/** Comments asking for errors, with the position of the token before them. */
function expectations(text: string): Expected[] {
  const list: Expected[] = [];
  let line = 1;
  let lineStart = 0;
  let prevLine = 0;
  let prevColumn = 0;
  for (const m of text.matchAll(token)) {
    const t = m[0];
    if (m[1] !== undefined) {
      const body = t.startsWith('/*') ? t.slice(2, -2) : t.slice(2);
      if (/^ ERRORx? /.test(body)) list.push({ line: prevLine, column: prevColumn, text: body });
    } else if (!/^[ \t\r\n]/.test(t)) {
      prevLine = line;
      prevColumn = Buffer.byteLength(text.slice(lineStart, m.index)) + 1;
    }
    for (let i = t.indexOf('\n'); i >= 0; i = t.indexOf('\n', i + 1)) {
      line++;
      lineStart = m.index + i + 1;
    }
  }
  return list;
}

/** A Go regular expression as far as the tests use more than JavaScript's. */
function regexp(source: string): RegExp {
  const plain = source.replaceAll('(?s)', '');
  // Without the u flag, braces that are no quantifiers stand for themselves.
  return /\\p/.test(plain) ? new RegExp(plain.replace(/\\pL/g, '\\p{L}'), 'su') : new RegExp(plain, 's');
}

function matches(want: Expected, message: string): boolean {
  const substring = want.text.startsWith(' ERROR ');
  const pattern = unquote(want.text.slice(substring ? 7 : 8).trim());
  if (pattern === null) throw new Error(`cannot unquote ${want.text}`);
  return substring ? message.includes(pattern) : regexp(pattern).test(message);
}

const imported = new Map<LoadedPackage, Package>();
const quiet = newConfig(
  fileSet,
  () => undefined,
  'amd64',
  'go1.26',
  (file, decl) => {
    parseBody(file, decl, () => undefined);
  },
);

function lazyPackage(p: LoadedPackage): Package {
  const known = imported.get(p);
  if (known !== undefined) return known;
  const importer: Importer = {
    import(path) {
      const q = p.imports.get(path);
      return q === undefined ? `package ${path} is not in std` : lazyPackage(q);
    },
  };
  const syntax = p.files.goFiles.map((f) => f.syntax);
  const pkg = checkPackage(p.path, syntax, importer, quiet);
  imported.set(p, pkg);
  return pkg;
}

const importer: Importer = {
  import(path) {
    const p = loader.find(path) ?? loader.load(path);
    return p === null ? `package ${path} is not in std` : lazyPackage(p);
  },
};

interface Flags {
  lang: string;
  fakeImportC: boolean;
  skip: string;
}

function flagsOf(text: string): Flags {
  const flags: Flags = { lang: '', fakeImportC: false, skip: '' };
  const m = /^\/\/ *(-[^\n]*)/.exec(text);
  for (const f of m === null ? [] : m[1].trim().split(/\s+/)) {
    if (f.startsWith('-lang=')) flags.lang = f.slice(6);
    else if (f === '-fakeImportC') flags.fakeImportC = true;
    else if (f === '-gotypesalias=0') flags.skip = 'the compiler always has alias types';
    else if (f.startsWith('-goexperiment=') || f === '-gotypesalias=1') continue;
    else flags.skip = `unknown flag ${f}`;
  }
  return flags;
}

/** The differences between the errors found and those asked for. */
function run(names: readonly string[], tolerance: number): string[] | string {
  const texts = names.map((n) => readFileSync(n));
  const flags = flagsOf(texts[0].toString('utf8'));
  if (flags.skip !== '') return flags.skip;
  const found: Diagnostic[] = [];
  const report = (d: Diagnostic): void => {
    found.push(d);
  };
  // The test checks labels and branches in the type checker, and not in the parser.
  const files: File[] = names.map((n, i) =>
    parseFile(fileSet.addFile(n, texts[i].length), texts[i], { bodies: true, branches: false }, (d) => {
      report(d);
    }),
  );
  const base = newConfig(fileSet, report, 'amd64', flags.lang, () => undefined);
  const config: Config = { ...base, ignoreBranchErrors: false, fakeImportC: flags.fakeImportC, context: quiet.context };
  const problems: string[] = [];
  try {
    checkAll(checkPackage(files[0].pkgName?.value ?? '', files, importer, config));
  } catch (e) {
    problems.push(`exception: ${e instanceof Error ? e.stack?.split('\n').slice(0, 6).join('\n') : e}`);
  }

  const wanted = new Map<string, Expected[]>();
  names.forEach((n, i) => {
    for (const e of expectations(texts[i].toString('utf8'))) {
      const key = `${n}:${e.line}`;
      const list = wanted.get(key);
      if (list === undefined) wanted.set(key, [e]);
      else list.push(e);
    }
  });
  for (const d of found) {
    const file = fileSet.file(d.pos);
    const pos: Position = file === null ? { filename: '', line: 0, column: 0 } : file.rawPosition(d.pos);
    const list = wanted.get(`${pos.filename}:${pos.line}`) ?? [];
    let best: Expected | null = null;
    for (const e of list) {
      if (!matches(e, d.message)) continue;
      if (best === null || Math.abs(e.column - pos.column) < Math.abs(best.column - pos.column)) best = e;
    }
    const at = `${basename(pos.filename)}:${pos.line}:${pos.column}`;
    if (best === null) {
      problems.push(`${at}: no error expected: ${d.message}`);
      continue;
    }
    if (Math.abs(best.column - pos.column) > tolerance) {
      problems.push(`${at}: got column ${pos.column}, want ${best.column}: ${d.message}`);
    }
    list.splice(list.indexOf(best), 1);
  }
  for (const [key, list] of wanted)
    for (const e of list) problems.push(`${basename(key)}:${e.column}: unreported:${e.text}`);
  return problems;
}

defPredeclaredTestFuncs();
const tolerances: Record<string, number> = { check: 50, examples: 125, fixedbugs: 100, spec: 20 };
const argv = process.argv.slice(2);
const verbose = argv[0] === '-v';
if (verbose) argv.shift();
let failed = 0;
let passed = 0;
let skipped = 0;

function test(names: readonly string[], tolerance: number, label: string): void {
  const result = run(names, tolerance);
  if (typeof result === 'string') {
    skipped++;
    return;
  }
  if (result.length === 0) {
    passed++;
    return;
  }
  failed++;
  console.log(`FAIL ${label}`);
  for (const p of result.slice(0, verbose ? 1000 : 6)) console.log(`    ${p}`);
}

for (const arg of argv.length > 0 ? argv : Object.keys(tolerances)) {
  if (!(arg in tolerances)) {
    test([arg], 100, arg);
    continue;
  }
  const dir = join(root, arg);
  for (const entry of readdirSync(dir).sort()) {
    const path = join(dir, entry);
    if (statSync(path).isDirectory()) {
      const names = readdirSync(path)
        .filter((n) => n.endsWith('.go'))
        .sort();
      test(
        names.map((n) => join(path, n)),
        tolerances[arg],
        `${arg}/${entry}`,
      );
    } else if (entry.endsWith('.go')) {
      test([path], tolerances[arg], `${arg}/${entry}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
