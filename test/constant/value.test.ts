import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as ConstantOp from '#constant/ops.ts';
import * as constant from '#constant/value.ts';
import * as SyntaxOp from '#syntax/operators.ts';

const here = dirname(fileURLToPath(import.meta.url));
const hasGo = spawnSync('go', ['version']).status === 0;

let state = 1;
function random(n: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * n);
}

function digits(n: number): string {
  let s = '';
  for (let i = 0; i < n; i++) s += random(10);
  return s.replace(/^0+/, '') || '0';
}

function intLiteral(): string {
  const forms = [
    () => digits(1 + random(3)),
    () => digits(1 + random(30)),
    () => `0x${(random(1 << 30) + 1).toString(16)}`,
    () => `0b1${random(1000).toString(2)}`,
    () => `0o${random(1000).toString(8)}`,
    () => `0${random(1000).toString(8)}`,
    () => '9_223_372_036_854_775_807',
    () => '18446744073709551615',
    () => '9007199254740993',
  ];
  return `i:${forms[random(forms.length)]()}`;
}

function floatLiteral(): string {
  const forms = [
    () => `${digits(1 + random(5))}.${random(100000)}`,
    () => `.${random(1000)}e-${random(20)}`,
    () => `${digits(2)}e${random(2) === 0 ? '-' : ''}${random(400)}`,
    () => `1.${random(1000)}e${random(2) === 0 ? '-' : ''}${1100 + random(300)}`,
    () => `${digits(3)}e${random(2) === 0 ? '-' : ''}${random(20000)}`,
    () => `0x1.${random(1 << 20).toString(16)}p${random(2) === 0 ? '-' : ''}${random(1100)}`,
    () => `0x${random(1 << 20).toString(16)}p${random(2) === 0 ? '-' : ''}${random(9000)}`,
    () => '4.9406564584124654417656879286822137236505980e-324',
    () => '1.7976931348623158e308',
    () => '3.4028235677973366e38',
    () => '1e1000000000',
    () => '1e-1000000000',
    () => '0.1',
    () => '1e100',
  ];
  return `f:${forms[random(forms.length)]()}`;
}

function literal(integersOnly: boolean): string {
  if (integersOnly || random(3) === 0) return intLiteral();
  return random(8) === 0 ? `m:${floatLiteral().slice(2)}i` : floatLiteral();
}

const intOperators = ['+', '-', '*', '//', '%', '&', '|', '^', '&^', '+', '*'];
const operators = ['+', '-', '*', '/', '+', '-'];

function program(): string[] {
  const ints = random(2) === 0;
  const words = [literal(ints)];
  for (let n = random(6); n > 0; n--) {
    if (random(4) === 0) {
      const unary = ints
        ? ['neg', 'not', 'not8', `<<${random(90)}`, `>>${random(40)}`]
        : ['neg', 'float64', 'float', 'neg'];
      words.push(unary[random(unary.length)]);
    } else
      words.push(literal(ints), ints ? intOperators[random(intOperators.length)] : operators[random(operators.length)]);
  }
  return words;
}

const binaryOps: Record<string, number> = {
  '+': ConstantOp.Add,
  '-': ConstantOp.Sub,
  '*': ConstantOp.Mul,
  '/': ConstantOp.Div,
  '//': ConstantOp.IntDiv,
  '%': ConstantOp.Rem,
  '&': ConstantOp.And,
  '|': ConstantOp.Or,
  '^': ConstantOp.Xor,
  '&^': ConstantOp.AndNot,
};
const literalKinds: Record<string, number> = { i: 0, f: 1, m: 2, r: 3, s: 4 };

function evaluate(words: string[]): string {
  const stack: constant.Value[] = [];
  const pop = (): constant.Value => stack.pop() ?? constant.unknown;
  for (const w of words) {
    if (w[1] === ':') stack.push(constant.makeFromLiteral(w.slice(2), literalKinds[w[0]]));
    else if (w === 'neg') stack.push(constant.unaryOp(ConstantOp.Sub, pop(), 0));
    else if (w === 'not') stack.push(constant.unaryOp(ConstantOp.Xor, pop(), 0));
    else if (w === 'not8') stack.push(constant.unaryOp(ConstantOp.Xor, pop(), 8));
    else if (w === 'int') stack.push(constant.toInt(pop()));
    else if (w === 'float') stack.push(constant.toFloat(pop()));
    else if (w === 'float64') {
      const x = pop();
      if (x.kind === constant.Complex) return 'panic';
      stack.push(constant.makeFloat64(constant.float64Val(x)));
    } else if (w.startsWith('<<')) stack.push(constant.shift(pop(), ConstantOp.Shl, Number(w.slice(2))));
    else if (w.startsWith('>>')) stack.push(constant.shift(pop(), ConstantOp.Shr, Number(w.slice(2))));
    else {
      const y = pop();
      const x = pop();
      const divides = w === '/' || w === '//' || w === '%';
      if (divides && y.kind !== constant.Unknown && x.kind !== constant.Unknown && constant.sign(y) === 0)
        return 'division by zero';
      stack.push(constant.binaryOp(x, binaryOps[w], y));
    }
  }
  return describe(pop());
}

function describe(x: constant.Value): string {
  let s = `${x.kind} ${constant.toShortString(x)} ${constant.toExactString(x)}`;
  if (x.kind === constant.Int) {
    s += ` ${constant.bitLen(x)}`;
    const i = constant.int64Val(x);
    const u = constant.uint64Val(x);
    if (i !== null) s += ` i${i}`;
    if (u !== null) s += ` u${u}`;
    if (i !== null)
      assert.equal(BigInt.asIntN(64, (BigInt(constant.intHi(x)) << 32n) | BigInt(constant.intLo(x) >>> 0)), i);
    s += ` ${Buffer.from(constant.bytes(x)).toString('hex')}`;
  }
  if (x.kind === constant.Int || x.kind === constant.Float) {
    const view = new DataView(new ArrayBuffer(12));
    view.setFloat64(0, constant.float64Val(x));
    view.setFloat32(8, constant.float32Val(x));
    s += ` ${view.getBigUint64(0).toString(16)} ${view.getUint32(8).toString(16)} ${constant.sign(x)}`;
    s += ` ${constant.toExactString(constant.toInt(x))}`;
    s += ` ${constant.toExactString(constant.num(x))} ${constant.toExactString(constant.denom(x))}`;
  }
  return s;
}

const literals = [
  "r:'a'",
  "r:'\\n'",
  "r:'\\''",
  "r:'\\x41'",
  "r:'\\377'",
  "r:'\\u00e9'",
  "r:'\\U0001F600'",
  "r:'é'",
  's:"a\\tb\\"c"',
  's:"\\xff\\000é\\u4e16\\U0001f600"',
  's:`raw\\n`',
  's:"世界"',
  `s:"${'long '.repeat(40)}"`,
  's:""',
  'i:0',
  'i:00',
  'i:0_7',
  'f:01.5',
  'f:09e1',
  'm:010i',
  'm:0x10i',
  'm:0b11i',
  'm:0.5i',
  'f:0x.8p1',
  'f:1_0.2_5e1_0',
  'f:100000.0',
  'f:1000000.0',
  'f:1e21',
  'f:123456.5',
  'f:1234567.5',
  'f:0.0000123',
  'f:99999.95',
  'f:999999.5',
];

/** Beyond float64 the short form is told by logarithms, whose last bit no specification gives: the sixth digit is not compared. */
function comparable(s: string): string {
  return s.replace(/(\d\.\d{4})\d(e[+-]\d{4})/g, '$1$2');
}

test('constants equal go/constant', { skip: hasGo ? false : 'go is not on PATH' }, () => {
  const programs = literals.map((l) => [l]);
  for (let i = 0; i < 20000; i++) programs.push(program());
  const input = programs.map((words) => words.join('\x01')).join('\n');
  const out = execFileSync('go', ['run', join(here, 'official/main.go')], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const expected = out.split('\n');
  let differing = 0;
  for (let i = 0; i < programs.length; i++) {
    const ours = evaluate(programs[i]);
    // go/constant gives an infinity, which is Unknown, or panics where a float is divided by zero.
    if (ours === 'division by zero' || comparable(ours) === comparable(expected[i])) continue;
    if (differing++ < 10) console.log(`${programs[i].join(' ')}\n  ours:   ${ours}\n  theirs: ${expected[i]}`);
  }
  assert.equal(differing, 0);
});

test('operators have the numbers of the syntax room', () => {
  for (const [name, value] of Object.entries(ConstantOp)) {
    if (name !== 'IntDiv') assert.equal(Object.entries(SyntaxOp).find(([n]) => n === name)?.[1], value, name);
  }
});

test('comparison', () => {
  const lit = (s: string, kind: number): constant.Value => constant.makeFromLiteral(s, kind);
  assert.equal(constant.compare(lit('1', 0), ConstantOp.Eql, lit('1.0', 1)), true);
  assert.equal(constant.compare(lit('1', 0), ConstantOp.Lss, lit('1e5000', 1)), true);
  assert.equal(constant.compare(lit('"\\xff"', 4), ConstantOp.Gtr, lit('"é"', 4)), true);
  assert.equal(constant.compare(lit('2i', 2), ConstantOp.Neq, lit('2', 0)), true);
  assert.equal(constant.compare(lit('0i', 2), ConstantOp.Eql, lit('0', 0)), true);
});
