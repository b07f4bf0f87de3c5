import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addFunctionDebugInfo } from '#obj/dwarf/function.ts';
import { ObjectFile } from '#obj/object.ts';
import { constantPcValue, PcValueTable } from '#obj/pcvalue.ts';
import { AbiInternal, ensureFunc, LinkSymbol } from '#obj/symbol.ts';

/** Rows of a line program as "offset:line", with "p" behind where a prologue ends (DWARF 5, 6.2.5; header as link/dwarf-sections.ts writes it). */
function rows(data: Uint8Array): string[] {
  const list: string[] = [];
  let [at, pc, line, prologue] = [11, 0, 1, false];
  const number = (): number => {
    assert.ok(data[at] < 0x40, 'one byte is enough here');
    return data[at++];
  };
  const row = (): void => {
    list.push(`${pc}:${line}${prologue ? 'p' : ''}`);
    prologue = false;
  };
  while (at < data.length) {
    const op = data[at++];
    if (op >= 11) {
      pc += Math.floor((op - 11) / 10);
      line += ((op - 11) % 10) - 4;
      row();
    } else if (op === 1) row();
    else if (op === 2) pc += number();
    else if (op === 3) line += number();
    else if (op === 10) prologue = true;
    else if (op === 0) {
      at += 2;
      list.push(`${pc}:end`);
    } else assert.fail(`operation ${op}`);
  }
  return list;
}

for (const [prologueEnd, expected] of [
  [0, ['0:13', '20:14', '40:end']],
  [14, ['0:13', '14:13p', '20:14', '40:end']],
  [20, ['0:13', '20:14p', '40:end']],
] as const)
  test(`line program of a function whose prologue ends at ${prologueEnd}`, () => {
    const s = new LinkSymbol('main.f', AbiInternal);
    s.object = new ObjectFile('main');
    s.size = 40;
    const f = ensureFunc(s);
    f.pcfile = constantPcValue(0, 40);
    const lines = new PcValueTable();
    lines.add(0, 13);
    lines.add(20, 14);
    f.pcline = lines.finish(40);
    f.prologueEnd = prologueEnd;
    addFunctionDebugInfo(s);
    assert.deepEqual(f.dwarfLines === null ? [] : rows(f.dwarfLines.data), expected);
  });
