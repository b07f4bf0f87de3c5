/** Sizes, alignments and offsets as the official compiler lays types out: recorded, and computed by it where it is on the PATH. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { alignofType, offsetsOf, sizeofType, sizesFor } from '#types/sizes.ts';
import * as TypeKind from '#types/typekind.ts';
import { under } from '#types/under.ts';
import { checkText, lookupObj } from './check-text.ts';

const types: readonly string[] = [
  'bool',
  'int',
  'uintptr',
  'complex64',
  'complex128',
  'string',
  '[]byte',
  'interface{ m() }',
  'map[string]int',
  'chan int',
  'func()',
  '*int64',
  'unsafe.Pointer',
  '[3]int16',
  '[0]int64',
  'struct{}',
  'struct{ a byte; b int64; c byte }',
  'struct{ a int32; b float64; c [3]byte; d string }',
  'struct{ a int64; b struct{} }',
  'struct{ a struct{}; b byte }',
  'struct{ a complex128; b bool }',
  'struct{ a [2]struct{ x int16; y int64 }; b any }',
  'struct{ a byte; b complex64; c uint16 }',
];

const source = `package p\nimport "unsafe"\n${types.map((t, i) => `type T${i} ${t}\n`).join('')}var _ unsafe.Pointer\n`;

/** Size, alignment, offsets. */
function ours(arch: string): number[][] {
  const { pkg, errors } = checkText(source, { arch });
  assert.deepEqual(errors, []);
  const conf = { sizes: sizesFor(arch) };
  return types.map((_, i) => {
    const t = lookupObj(pkg, `T${i}`).typ;
    const u = under(t);
    const offsets = u.kind === TypeKind.Struct ? offsetsOf(conf, u.fields) : [];
    return [sizeofType(conf, t), alignofType(conf, t), ...offsets];
  });
}

function official(arch: string): number[][] | null {
  const lines = types.map((t, i) => {
    const fields = t.startsWith('struct') ? (checkFields(i) ?? []) : [];
    const offsets = fields.map((f) => `, unsafe.Offsetof(x${i}.${f})`).join('');
    return `\tvar x${i} T${i}\n\tprintln(unsafe.Sizeof(x${i}), unsafe.Alignof(x${i})${offsets})\n`;
  });
  const dir = mkdtempSync(join(tmpdir(), 'types-sizes-'));
  try {
    writeFileSync(
      join(dir, 'p.go'),
      `${source.replace('package p', 'package main')}func main() {\n${lines.join('')}}\n`,
    );
    const env = { ...process.env, GOARCH: arch, GOOS: 'linux', GO111MODULE: 'off' };
    const r = spawnSync('go', ['run', 'p.go'], { cwd: dir, env, encoding: 'utf8' });
    if (r.error !== undefined || r.status !== 0) return null;
    return r.stderr
      .trim()
      .split('\n')
      .map((l) => l.split(' ').map(Number));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function checkFields(i: number): string[] | null {
  const u = under(lookupObj(checkText(source).pkg, `T${i}`).typ);
  return u.kind === TypeKind.Struct ? u.fields.map((f) => f.name) : null;
}

const recorded: Record<string, string> = {
  amd64:
    '1 1|8 8|8 8|8 4|16 8|16 8|24 8|16 8|8 8|8 8|8 8|8 8|8 8|6 2|0 8|0 1|24 8 0 8 16|40 8 0 8 16 24|16 8 0 8|1 1 0 0|24 8 0 16|48 8 0 32|16 4 0 4 12',
  '386':
    '1 1|4 4|4 4|8 4|16 4|8 4|12 4|8 4|4 4|4 4|4 4|4 4|4 4|6 2|0 4|0 1|16 4 0 4 12|24 4 0 4 12 16|12 4 0 8|1 1 0 0|20 4 0 16|32 4 0 24|16 4 0 4 12',
};

for (const arch of ['amd64', '386']) {
  test(`sizes for ${arch}`, (t) => {
    const got = ours(arch);
    assert.equal(got.map((l) => l.join(' ')).join('|'), recorded[arch]);
    const want = process.arch === 'x64' && process.platform === 'linux' ? official(arch) : null;
    if (want === null) t.diagnostic('the official compiler cannot be asked here');
    else assert.deepEqual(got, want);
  });
}
