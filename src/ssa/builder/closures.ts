/** Function literals: the closure object, what it captures and how. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { TypeTable } from '#abi/type-table.ts';
import type { ForStmt, FuncLit } from '#syntax/nodes.ts';
import { DupOk, type FuncRef, IsClosure } from '../call.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { ByPointer, type FuncBuilder, InSsa, Variable } from './builder.ts';
import { exprType } from './expr.ts';
import { funcValue, makeClosure } from './methods.ts';
import { type Capture, ClosureSource, type RangeSource } from './source.ts';
import { capturedByReference, readVariable, variableAddr, variableOf } from './variables.ts';

/** The object of a closure that holds values of these types: struct { F uintptr; X0 ...; X1 ... }. */
export function closureType(types: TypeTable, held: readonly GoType[]): GoType {
  const field = (name: string, type: GoType) => ({ name, type, embedded: false, tag: '', pkgPath: '' });
  const fields = [field('F', types.basic(G.Uintptr)), ...held.map((t, i) => field(`X${i}`, t))];
  const text = fields.map((f) => `${f.name} ${f.type.linkString}`).join('; ');
  return types.madeUp(`noalg.struct { ${text} }`, fields);
}

/** The function of a literal, and what it captures from here. */
export function closureSource(
  b: FuncBuilder,
  lit: FuncLit | ForStmt,
  type: GoType,
  extra: readonly Capture[],
  range: RangeSource | null,
): { ref: FuncRef; source: ClosureSource } {
  const analysis = b.analysis ?? b.fail(lit.pos, 'literal in a generated function');
  const captures: Capture[] = (analysis.captures.get(lit) ?? []).map((v) => {
    const t = b.type(v.typ);
    return { variable: v, type: t, byReference: capturedByReference(b, v, t) };
  });
  captures.push(...extra);
  const objectType = closureType(
    b.types,
    captures.map((c) => (c.byReference ? b.types.pointerTo(c.type) : c.type)),
  );
  const pkg = b.pkg ?? b.fail(lit.pos, 'literal outside of a package');
  const naming = namingFunc(b);
  const source = new ClosureSource(lit, naming, pkg, b.env, analysis, captures, objectType, range);
  const suffix = analysis.suffixes.get(lit) ?? b.fail(lit.pos, 'literal without name');
  const ref = b.prog.generated(
    naming.linkName + suffix,
    type,
    b.ref.pkgPath,
    IsClosure | (naming.flags & inherited),
    source,
  );
  return { ref, source };
}

/** What literals take over from the function around them: being an instance that several packages may define. */
const inherited = DupOk;

/** The function whose name a literal's name starts with: bodies of loops over functions do not count. */
export function namingFunc(b: FuncBuilder): FuncRef {
  const s = b.ref.source;
  return s instanceof ClosureSource && s.range !== null ? s.outer : b.ref;
}

/** The captured values or addresses, for MakeClosure. */
export function capturedValues(b: FuncBuilder, captures: readonly Capture[]): Value[] {
  return captures.map((c) => {
    const v = variableOf(b, c.variable);
    if (!c.byReference) return readVariable(b, v);
    return variableAddr(b, v) ?? b.fail(b.pos, `${c.variable.name} is captured by reference but has no address`);
  });
}

export function closureOf(b: FuncBuilder, e: FuncLit): Value {
  const t = exprType(b, e);
  const { ref, source } = closureSource(b, e, b.types.underlying(t), [], null);
  if (source.captures.length === 0) return funcValue(b, ref, t);
  const values = capturedValues(b, source.captures);
  return makeClosure(
    b,
    ref,
    source.objectType,
    values,
    source.captures.map((c) => c.byReference),
    t,
  );
}

/** At the entry of a closure: its variables from the closure object. */
export function bindCaptures(b: FuncBuilder, source: ClosureSource): void {
  if (source.captures.length === 0) return;
  const ptr = closurePointer(b, source.objectType);
  source.captures.forEach((c, i) => {
    const f = source.objectType.fields[i + 1];
    const addr = b.offset(ptr, f.offset, b.types.pointerTo(f.type));
    if (c.byReference) {
      const v = new Variable(ByPointer, c.type, b.newVar(f.type), null);
      b.define(v.id, b.load(f.type, addr));
      b.vars.set(c.variable, v);
    } else if (canSsa(c.type)) {
      const v = new Variable(InSsa, c.type, b.newVar(c.type), null);
      b.define(v.id, b.load(c.type, addr));
      b.vars.set(c.variable, v);
    } else {
      const v = new Variable(ByPointer, c.type, b.newVar(addr.type), null);
      b.define(v.id, addr);
      b.vars.set(c.variable, v);
    }
  });
}

export function closurePointer(b: FuncBuilder, objectType: GoType): Value {
  b.f.needsContext = true;
  b.closurePtr ??= b.v0(Op.GetClosurePtr, b.types.pointerTo(objectType));
  return b.closurePtr;
}
