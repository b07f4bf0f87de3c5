import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '#go/command.ts';
import { parseFlags } from '#go/tool-flags.ts';

const specs = [
  { name: 'b', kind: 'bool', repeated: false },
  { name: 's', kind: 'string', repeated: false },
  { name: 'C', kind: 'leading', repeated: false },
] as const;

test("flags by Go's rules", () => {
  const cases: readonly [string[], string, string[]][] = [
    [['-b', 'x', '-s', 'y'], '', ['x', '-s', 'y']],
    [['--b=false', '-s=1', '--', '-b'], '', ['-b']],
    [['-s'], 'flag needs an argument: -s', []],
    [['-x'], 'flag provided but not defined: -x', []],
    [['-b=maybe'], 'invalid boolean value "maybe" for -b: parse error', []],
    [['-b', '-C', 'd'], 'invalid value "d" for flag -C: -C flag must be first flag on command line', []],
    [['---b'], 'bad flag syntax: ---b', []],
    [['-', 'x'], '', ['-', 'x']],
  ];
  for (const [args, error, rest] of cases) {
    const p = parseFlags(specs, args);
    assert.equal(p.error, error, args.join(' '));
    assert.deepEqual(p.rest, rest, args.join(' '));
  }
});

test('every command has its texts, and each flag once', () => {
  for (const c of commands) {
    assert.ok(c.short !== '' && c.long !== '' && (c.usage !== '' || c.flags.length === 0), c.name);
    const names = c.flags.map((f) => f.name);
    assert.equal(new Set(names).size, names.length, c.name);
    for (const f of c.flags) assert.ok(f.help !== '', `${c.name} -${f.name}`);
  }
});
