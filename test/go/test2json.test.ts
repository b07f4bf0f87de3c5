/** The converter beside the golden files of the Go tree: a line at a time, at once, two bytes at a time, with small buffers. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Converter, type ConverterOptions } from '#go/test2json.ts';

const directory = join(process.env.GOROOT ?? '/usr/local/go', 'src/cmd/internal/test2json/testdata');
const names = existsSync(directory) ? readdirSync(directory).filter((n) => n.endsWith('.test')) : [];
const options: ConverterOptions = { packagePath: '', timestamps: false, now: () => 0 };

function convert(chunks: readonly Uint8Array[], more: Partial<ConverterOptions> = {}): string {
  let out = '';
  const c = new Converter({ ...options, ...more }, (text) => void (out += text));
  for (const chunk of chunks) c.add(chunk);
  c.close();
  return out;
}

/** Where output is split is no fact: output of the same test is joined. */
function events(text: string): string[] {
  const list: { Action: string; Test?: string; Output?: string }[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const e = JSON.parse(line);
    const last = list.at(-1);
    if (e.Action === 'output' && last?.Action === 'output' && last.Test === e.Test)
      last.Output = `${last.Output}${e.Output}`;
    else list.push(e);
  }
  return list.map((e) => JSON.stringify(e));
}

function split(data: Uint8Array, at: (i: number) => boolean): Uint8Array[] {
  const list: Uint8Array[] = [];
  let start = 0;
  for (let i = 1; i <= data.length; i++) {
    if (i < data.length && !at(i)) continue;
    list.push(data.subarray(start, i));
    start = i;
  }
  return list;
}

test('golden files', { skip: names.length > 0 ? false : 'there is no Go tree' }, () => {
  for (const name of names) {
    const data = readFileSync(join(directory, name));
    const expected = readFileSync(join(directory, name.replace(/\.test$/, '.json')), 'utf8');
    assert.equal(convert(split(data, (i) => data[i - 1] === 10)), expected, name);
    const wanted = events(expected);
    assert.deepEqual(events(convert([data])), wanted, `${name} at once`);
    assert.deepEqual(events(convert(split(data, (i) => i % 2 === 0))), wanted, `${name} in twos`);
    assert.deepEqual(events(convert(split(data, (i) => i % 2 === 1))), wanted, `${name} in odd twos`);
    for (let size = 5; size <= 8; size++) {
      const got = events(convert([data], { inputSize: 64, outputSize: size }));
      assert.deepEqual(got, wanted, `${name} with buffers of ${size}`);
    }
  }
});
