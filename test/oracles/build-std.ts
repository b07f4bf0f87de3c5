/**
 * Builds SSA of every function of packages of the standard library, with the verifier after it, and prints counts, failures by message and
 * functions per second: node test/oracles/build-std.ts [package ...] (all of std if none is given).
 */
import { execFileSync } from 'node:child_process';
import type { GoType } from '#abi/gotype.ts';
import { methodSet } from '#abi/method-set.ts';
import type { Program } from '#compile/program.ts';
import { buildFunction } from '#ssa/builder/build.ts';
import { Call, Closure, type FuncRef } from '#ssa/call.ts';
import { verify } from '#ssa/verify.ts';
import { hasBody } from '#syntax/nodes.ts';
import { resolveObj, signatureOf } from '#types/decl.ts';
import * as ObjKind from '#types/objkind.ts';
import { compileOrder, openProgram } from './program.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
let args = process.argv.slice(2);
if (args.length === 0)
  args = execFileSync('go', ['list', 'std'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((p) => !p.startsWith('vendor/'));

const program = openProgram(goroot, args);
const failures = new Map<string, { count: number; example: string }>();
const seen = new Set<FuncRef>();
const queue: FuncRef[] = [];

function demand(ref: FuncRef): void {
  if (seen.has(ref)) return;
  seen.add(ref);
  queue.push(ref);
}

function roots(p: Program): void {
  for (const pkg of compileOrder(p)) {
    for (const obj of pkg.types.checker?.objList ?? []) {
      try {
        resolveObj(obj);
        if (obj.kind === ObjKind.Func && obj.decl?.fdecl && hasBody(obj.decl.fdecl)) {
          const sig = signatureOf(obj);
          if (sig.tparams.length > 0 || sig.rparams.length > 0 || obj.name === '_') continue;
          if (sig.recv === null && obj.name !== 'init') demand(p.funcRef(obj, []));
        } else if (obj.kind === ObjKind.TypeName && obj.parent === pkg.types.scope) {
          const t = namedType(p, obj.typ);
          if (t === null) continue;
          for (const u of [t, p.types.pointerTo(t)]) for (const m of methodSet(p.types, u)) demand(p.methodRef(u, m));
        }
      } catch (e) {
        fail(`${pkg.types.path}.${obj.name}`, e);
      }
    }
  }
}

function namedType(p: Program, t: Parameters<Program['types']['of']>[0]): GoType | null {
  if (t.kind !== 12 || t.tparams.length > 0) return null;
  return p.types.of(t);
}

function fail(name: string, e: unknown): void {
  const text = e instanceof Error ? e.message : String(e);
  const key = text
    .replace(/v\d+/g, 'v#')
    .replace(/b\d+/g, 'b#')
    .replace(/position \d+/g, 'position')
    .replace(name, 'F')
    .slice(0, 160);
  const f = failures.get(key);
  if (f !== undefined) f.count++;
  else
    failures.set(key, {
      count: 1,
      example: `${name}${e instanceof Error && e.stack !== undefined ? `\n${e.stack.split('\n').slice(1, 7).join('\n')}` : ''}`,
    });
}

roots(program);
let built = 0;
let values = 0;
let bad = 0;
const start = performance.now();
let verifying = 0;
for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
  try {
    const f = buildFunction(program, ref);
    if (f === null) continue;
    built++;
    values += f.numValues;
    const t = performance.now();
    const errors = verify(f);
    verifying += performance.now() - t;
    if (errors.length > 0) {
      bad++;
      fail(ref.linkName, `verify: ${errors[0]}`);
    }
    for (const b of f.blocks) {
      for (const v of b.values) {
        if (v.aux instanceof Call && v.aux.callee !== null) demand(v.aux.callee);
        else if (v.aux instanceof Closure) demand(v.aux.fn);
      }
    }
  } catch (e) {
    bad++;
    fail(ref.linkName, e);
  }
}
const seconds = (performance.now() - start - verifying) / 1000;
console.log(
  `${built} functions built, ${bad} failed, ${values} values, ${seconds.toFixed(1)} s, ${Math.round(built / seconds)} functions/s`,
);
for (const [key, f] of [...failures].sort((a, b) => b[1].count - a[1].count).slice(0, 40))
  console.log(`${f.count} x ${key}\n    ${f.example}`);
process.exitCode = failures.size > 0 ? 1 : 0;
