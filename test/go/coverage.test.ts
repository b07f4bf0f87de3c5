/** The file of counters of a package. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { counterFile } from '#go/cover-meta.ts';
import { addCounters, CoverPackage } from '#go/cover-source.ts';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const meta = { module: '', mode: 'set', isStandard: true, writesAtExit: false, sha256 };

function counters(path: string, name: string, more: object = {}): string {
  const c = new CoverPackage('set');
  addCounters(c, `/m/${name}.go`, new TextEncoder().encode(`package ${name}\n\nfunc F() {}\n`), `${path}/${name}.go`);
  return counterFile({ ...meta, path, linkPath: path, name, ...more }, c.functions);
}

test('packages that are at work before they are initialized have fixed numbers', () => {
  // internal/coverage, pkid.go: -2 for the first, downwards.
  assert.match(counters('internal/asan', 'asan'), /const goCover_P uint32 = 4294967294\n/);
  assert.match(counters('runtime', 'runtime'), /const goCover_P uint32 = 4294967269\n/);
  assert.match(counters('fmt', 'fmt'), /var goCover_P uint32 = goCover_rtcov\.AddMeta\(/);
  assert.match(counters('runtime', 'runtime', { isStandard: false }), /var goCover_P uint32 = /);
});

test('the registry registers itself', () => {
  const text = counters('internal/coverage/rtcov', 'rtcov');
  assert.match(text, /\nvar _ = AddMeta\(/);
  assert.doesNotMatch(text, /import goCover_rtcov/);
});

test('a program writes what it has counted', () => {
  const own = { isStandard: false, linkPath: 'main', writesAtExit: true };
  assert.match(counters('example.com/m', 'main', own), /func init\(\) \{ goCover_cfile\.InitHook\(false\) \}\n$/);
  assert.doesNotMatch(counters('example.com/m', 'main', { isStandard: false }), /InitHook/);
});

test('sync/atomic counts by its own functions', () => {
  const source = new TextEncoder().encode('package atomic\n\nfunc F() {}\n');
  const text = (isItself: boolean): string =>
    new TextDecoder().decode(
      addCounters(new CoverPackage('atomic', isItself), '/m/a.go', source, 'a.go') ?? new Uint8Array(),
    );
  assert.match(text(true), /\{StoreUint32\(&/);
  assert.match(text(false), /import _cover_atomic_ "sync\/atomic"/);
});
