/** Expressions and simple statements as the compiler prints them in messages (syntax.String): one line, bodies shortened to "…". */
import * as Kind from './kinds.ts';
import type { Expr, Field, FuncType, SimpleStmt, StructType } from './nodes.ts';
import * as Op from './operators.ts';

/** An expression as messages show it. */
export function exprString(x: Expr): string {
  switch (x.kind) {
    case Kind.BadExpr:
      return '<bad expr>';
    case Kind.Name:
    case Kind.BasicLit:
      return x.value;
    case Kind.CompositeLit:
      return `${x.type === null ? '' : exprString(x.type)}{${x.elems.length > 0 ? '…' : ''}}`;
    case Kind.KeyValueExpr:
      return `${exprString(x.key)}: ${exprString(x.value)}`;
    case Kind.FuncLit:
      return `${exprString(x.type)} {${x.body.list.length > 0 ? '…' : ''}}`;
    case Kind.ParenExpr:
      return `(${exprString(x.x)})`;
    case Kind.SelectorExpr:
      return `${exprString(x.x)}.${x.sel.value}`;
    case Kind.IndexExpr:
      return `${exprString(x.x)}[${exprString(x.index)}]`;
    case Kind.SliceExpr: {
      const [i, j, k] = x.index;
      const low = i === null ? '' : exprString(i);
      const high = j === null ? '' : exprString(j);
      return `${exprString(x.x)}[${low}:${high}${k === null ? '' : `:${exprString(k)}`}]`;
    }
    case Kind.AssertExpr:
      return `${exprString(x.x)}.(${exprString(x.type)})`;
    case Kind.TypeSwitchGuard:
      return `${x.lhs === null ? '' : `${x.lhs.value} := `}${exprString(x.x)}.(type)`;
    case Kind.Operation:
      if (x.y === null) return Op.text[x.op] + exprString(x.x);
      return `${exprString(x.x)} ${Op.text[x.op]} ${exprString(x.y)}`;
    case Kind.CallExpr:
      return `${exprString(x.fun)}(${exprListString(x.args)}${x.hasDots ? '...' : ''})`;
    case Kind.ListExpr:
      return exprListString(x.elems);
    case Kind.ArrayType:
      return `[${x.len === null ? '...' : exprString(x.len)}]${exprString(x.elem)}`;
    case Kind.SliceType:
      return `[]${exprString(x.elem)}`;
    case Kind.DotsType:
      return `...${exprString(x.elem)}`;
    case Kind.StructType:
      return `struct{${fieldsString(x)}}`;
    case Kind.InterfaceType:
      return `interface{${x.methods.map(methodString).join('; ')}}`;
    case Kind.FuncType:
      return `func${signatureString(x)}`;
    case Kind.MapType:
      return `map[${exprString(x.key)}]${exprString(x.value)}`;
    case Kind.ChanType: {
      const elem = exprString(x.elem);
      if (x.dir === Kind.RecvOnly) return `<-chan ${elem}`;
      if (x.dir === Kind.SendOnly) return `chan<- ${elem}`;
      const nested = x.elem.kind === Kind.ChanType && x.elem.dir === Kind.RecvOnly;
      return nested ? `chan (${elem})` : `chan ${elem}`;
    }
    default:
      return x satisfies never;
  }
}

export function exprListString(list: readonly Expr[]): string {
  return list.map(exprString).join(', ');
}

/** A simple statement as messages show it. */
export function stmtString(s: SimpleStmt): string {
  switch (s.kind) {
    case Kind.EmptyStmt:
      return '';
    case Kind.ExprStmt:
      return exprString(s.x);
    case Kind.SendStmt:
      return `${exprString(s.chan)} <- ${exprString(s.value)}`;
    case Kind.AssignStmt: {
      const op = Op.text[s.op];
      if (s.rhs === null) return exprString(s.lhs) + op + op;
      return `${exprString(s.lhs)} ${op}= ${exprString(s.rhs)}`;
    }
    case Kind.RangeClause: {
      const lhs = s.lhs === null ? '' : `${exprString(s.lhs)} ${s.def ? ':=' : '='} `;
      return `${lhs}range ${exprString(s.x)}`;
    }
    default:
      return s satisfies never;
  }
}

/** Fields with the same type node share it, unless they are embedded. */
function fieldsString(t: StructType): string {
  const parts: string[] = [];
  const fields = t.fields;
  for (let i = 0; i < fields.length; ) {
    const first = fields[i];
    let end = i + 1;
    if (first.name !== null) {
      while (end < fields.length && fields[end].name !== null && fields[end].type === first.type) end++;
    }
    const names = fields.slice(i, end).map((f) => f.name?.value ?? '');
    const tag = i < t.tags.length ? t.tags[i] : null;
    const type = exprString(first.type);
    parts.push((first.name === null ? type : `${names.join(', ')} ${type}`) + (tag === null ? '' : ` ${tag.value}`));
    i = end;
  }
  return parts.join('; ');
}

function methodString(m: Field): string {
  if (m.name === null) return exprString(m.type);
  return m.name.value + (m.type.kind === Kind.FuncType ? signatureString(m.type) : ` ${exprString(m.type)}`);
}

/** Parameters and results, without `func`. */
export function signatureString(t: FuncType): string {
  const params = `(${paramsString(t.params)})`;
  if (t.results.length === 0) return params;
  if (t.results.length === 1 && t.results[0].name === null) return `${params} ${exprString(t.results[0].type)}`;
  return `${params} (${paramsString(t.results)})`;
}

function paramsString(list: readonly Field[]): string {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    const f = list[i];
    if (i > 0) out += ', ';
    if (f.name !== null) {
      out += f.name.value;
      const following = i + 1 < list.length ? list[i + 1] : null;
      if (following !== null && following.name !== null && following.type === f.type) continue;
      out += ' ';
    }
    out += exprString(f.type);
  }
  return out;
}
