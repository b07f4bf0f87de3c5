import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isArchive, ObjectError, readArchive, writeArchive } from '#obj/archive.ts';
import * as Attr from '#obj/attributes.ts';
import * as F from '#obj/format.ts';
import { importObjects } from '#obj/import.ts';
import * as Kind from '#obj/kinds.ts';
import { ObjectFile } from '#obj/object.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';
import { PcValueReader, PcValueTable, pcValueAt } from '#obj/pcvalue.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import * as R from '#obj/reloc-types.ts';
import { Abi0, AbiInternal, addReloc, defineSymbol, Symbols } from '#obj/symbol.ts';
import { writeFrame, writeObject } from '#obj/write.ts';
import { packageFiles, skipWithoutGo, withDirectory } from '../link/official.ts';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

test('pc-value tables: deltas, repeated offsets, reading back', () => {
  const t = new PcValueTable();
  t.add(0, 0);
  t.add(4, 8);
  t.add(9, 24);
  t.add(9, 16);
  t.add(20, 16);
  t.add(21, 0);
  const data = t.finish(30);
  assert.deepEqual([...data], [2, 4, 16, 5, 16, 12, 31, 9, 0]);
  assert.equal(pcValueAt(data, 3), 0);
  assert.equal(pcValueAt(data, 4), 8);
  assert.equal(pcValueAt(data, 20), 16);
  assert.equal(pcValueAt(data, 29), 0);
  assert.equal(pcValueAt(data, 30), -1);
  assert.ok(new PcValueReader(data.subarray(0, 2)).done === false);
});

test('import paths as symbol names spell them', () => {
  assert.equal(pathToPrefix('gopkg.in/yaml.v3'), 'gopkg.in/yaml%2ev3');
  assert.equal(pathToPrefix('a.b/c'), 'a.b/c');
  assert.equal(pathToPrefix('x/é"%'), 'x/%c3%a9%22%25');
});

test('archives of the build cache come back byte for byte', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    for (const file of packageFiles(dir, ['fmt']).values()) {
      const bytes = readFileSync(file);
      assert.ok(isArchive(bytes));
      assert.ok(Buffer.compare(writeArchive(readArchive(file, bytes)), bytes) === 0, file);
    }
  });
});

test('content hashes of official objects are what we compute', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const file = packageFiles(dir, ['unicode/utf8']).get('unicode/utf8') ?? '';
    const member = readArchive(file, readFileSync(file)).find((m) => m.name === '_go_.o');
    assert.ok(member !== undefined);
    const frame = readFrame(file, member.data, 0);
    assert.ok(frame !== null);
    const official = new ObjectReader(file, member.data.subarray(frame.binary), 0);
    const [object] = importObjects(new Symbols(), [{ path: 'unicode/utf8', reader: official }]);
    const ours = new ObjectReader('ours', writeObject(object, sha256), 0);
    assert.deepEqual(hashes(ours), hashes(official));
  });
});

/** Name and hash of each content-addressable definition that refers to nothing by index. */
function hashes(r: ObjectReader): string[] {
  const list: string[] = [];
  for (let i = 0; i < r.hashedCount; i++) {
    const local = r.defCount + r.hashed64Count + i;
    if (r.relocCount(local) > 0) continue;
    const at = r.offsets[F.BlockHash] + 16 * i;
    list.push(`${r.name(local)} ${Buffer.from(r.bytes.subarray(at, at + 16)).toString('hex')}`);
  }
  return list.sort();
}

function sampleObject(): ObjectFile {
  const symbols = new Symbols();
  const object = new ObjectFile('example.com/p.q');
  const f = symbols.lookup('example.com/p%2eq.f', AbiInternal);
  defineSymbol(f, object, Kind.Text, Attr.NoSplit, new Uint8Array([0xe8, 0, 0, 0, 0, 0xc3]));
  addReloc(f, 1, 4, R.Call, symbols.lookup('runtime.morestack', Abi0), 0);
  const s = symbols.lookup('go:string."x"', Abi0);
  defineSymbol(s, object, Kind.Rodata, Attr.ContentAddressable, new Uint8Array([0x78]));
  const v = symbols.lookup('example.com/p%2eq.v', Abi0);
  defineSymbol(v, object, Kind.NoPtrData, 0, new Uint8Array(16));
  addReloc(v, 8, 8, R.Addr, symbols.lookup('elsewhere.w', Abi0), -5);
  addReloc(v, 0, 8, R.Addr, s, 0);
  return object;
}

test('an object in memory is written and read back', () => {
  const object = sampleObject();
  const bytes = writeObject(object, sha256);
  const member = writeFrame(object, 'go object linux amd64 go1.26.8', 'id', bytes);
  const frame = readFrame('x', member, 0);
  assert.ok(frame !== null);
  assert.equal(frame.buildId, '"id"');
  const r = new ObjectReader('x', member.subarray(frame.binary), frame.binary);
  const symbols = new Symbols();
  const [back] = importObjects(symbols, [{ path: 'example.com/p.q', reader: r }]);
  const v = symbols.find('example.com/p%2eq.v', Abi0);
  assert.ok(v !== null && v.relocs !== null);
  assert.deepEqual(v.relocs.offsets, [0, 8]);
  assert.deepEqual(v.relocs.addends, [0, -5]);
  assert.deepEqual(
    v.relocs.targets.map((t) => t?.name),
    ['go:string."x"', 'elsewhere.w'],
  );
  assert.equal(back.symbols.length, 3);
});

test('damaged objects end in an ObjectError', () => {
  const bytes = writeObject(sampleObject(), sha256);
  let seed = 1;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  let errors = 0;
  for (let i = 0; i < 3000; i++) {
    const damaged = bytes.slice(0, random(20) === 0 ? random(bytes.length) : bytes.length);
    for (let k = random(4); k >= 0 && damaged.length > 0; k--) damaged[random(damaged.length)] = random(256);
    try {
      importObjects(new Symbols(), [{ path: 'p', reader: new ObjectReader('x', damaged, 0) }]);
    } catch (e) {
      assert.ok(e instanceof ObjectError, String(e));
      errors++;
    }
  }
  assert.ok(errors > 100);
});
