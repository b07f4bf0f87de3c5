/** The store: entries are found, damaged ones are not used, old ones are trimmed. Inputs: changes are seen. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeText } from '#base/bytes.ts';
import { withToldHashes } from '#cache/debug.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import { compareInputs, InputRecorder } from '#cache/inputs.ts';
import { cachedResults, storeResults } from '#cache/results.ts';
import { DiskCache, trim } from '#cache/store.ts';
import { nodeHost } from '#host/node.ts';

const host = nodeHost();

function withDirectory(run: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-cache-'));
  try {
    run(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function action(text: string): string {
  const f = new Fingerprint(host.sha256, 'test');
  f.add('text', text);
  return f.finish();
}

const old = new Date(Date.now() - 3600_000);

test('what is put is got, in the official layout', () =>
  withDirectory((dir) => {
    const cache = new DiskCache(host.files, host.sha256, dir);
    const a = action('x');
    assert.equal(cache.get(a), null);
    const output = cache.put(a, encodeText('content'));
    assert.deepEqual(cache.get(a), encodeText('content'));
    assert.equal(readFileSync(join(dir, output.slice(0, 2), `${output}-d`), 'utf8'), 'content');
    assert.match(
      readFileSync(join(dir, a.slice(0, 2), `${a}-a`), 'utf8'),
      /^v1 [0-9a-f]{64} [0-9a-f]{64} {20}7 +\d+\n$/,
    );
  }));

test('damaged outputs and entries are misses', () =>
  withDirectory((dir) => {
    const cache = new DiskCache(host.files, host.sha256, dir);
    const a = action('x');
    const output = cache.put(a, encodeText('content'));
    const file = join(dir, output.slice(0, 2), `${output}-d`);
    for (const bad of ['contenu', 'conten', '']) {
      writeFileSync(file, bad);
      assert.equal(cache.get(a), null);
    }
    cache.put(a, encodeText('content'));
    assert.deepEqual(cache.get(a), encodeText('content'));
    const entry = join(dir, a.slice(0, 2), `${a}-a`);
    writeFileSync(entry, readFileSync(entry, 'utf8').slice(0, 90));
    assert.equal(cache.get(a), null);
  }));

test('trimming removes what has not been used', () =>
  withDirectory((dir) => {
    const cache = new DiskCache(host.files, host.sha256, dir);
    const output = cache.put(action('old'), encodeText('old'));
    cache.put(action('new'), encodeText('new'));
    utimesSync(join(dir, output.slice(0, 2), `${output}-d`), old, old);
    const unfinished = join(dir, output.slice(0, 2), `${output}-d.17.0.tmp`);
    writeFileSync(unfinished, 'ol');
    utimesSync(unfinished, old, old);
    trim(host.files, dir, Date.now() - 1800_000);
    assert.equal(existsSync(unfinished), false);
    assert.equal(cache.get(action('old')), null);
    assert.deepEqual(cache.get(action('new')), encodeText('new'));
  }));

test('inputs: contents, listings and what is missing', () =>
  withDirectory((dir) => {
    const file = join(dir, 'a.txt');
    writeFileSync(file, 'one');
    utimesSync(file, old, old);
    const recorder = new InputRecorder(host.files, host.sha256);
    recorder.readFile(file);
    recorder.readDirectory(dir);
    recorder.stat(join(dir, 'absent'));
    const list = recorder.list([]);
    const differs = (): string => compareInputs(host.files, host.sha256, list).differs;
    assert.equal(differs(), '');
    // A new time with the old content is no change.
    utimesSync(file, new Date(), new Date());
    assert.equal(differs(), '');
    writeFileSync(file, 'two');
    assert.equal(differs(), file);
    writeFileSync(file, 'one');
    assert.equal(differs(), '');
    writeFileSync(join(dir, 'absent'), '');
    assert.notEqual(differs(), '');
  }));

test('results of runs depend on the environment and the files they looked at', () =>
  withDirectory((dir) => {
    const cache = new DiskCache(host.files, host.sha256, join(dir, 'cache'));
    const data = join(dir, 'data');
    writeFileSync(data, 'x');
    utimesSync(data, old, old);
    const run = { program: action('p'), args: ['-test.v'], directory: dir, root: dir, settings: [] };
    const log = encodeText('# test log\ngetenv TUZA_TEST\nopen data\nstat missing\nstat ../elsewhere\n');
    const found = (h = host, notBefore = 0) => cachedResults(h, cache, run, ['output'], notBefore);
    const setting = (name: string) => ({ ...host, env: new Map([...host.env, [name, '1']]) });
    assert.equal(storeResults(host, cache, run, log, [['output', encodeText('ok')]]), true);
    assert.deepEqual(found(), [encodeText('ok')]);
    assert.equal(found(setting('TUZA_TEST')), null);
    // The runtime reads it without telling.
    assert.equal(found(setting('GODEBUG')), null);
    assert.equal(found(host, Date.now() + 1000), null);
    writeFileSync(join(dir, 'missing'), '');
    assert.equal(found(), null);
    writeFileSync(data, 'too new');
    assert.equal(storeResults(host, cache, run, log, [['output', encodeText('ok')]]), false);
    assert.equal(readdirSync(dir).includes('cache'), true);
  }));

test('GODEBUG=gocachehash=1 and gocachetest=1 tell identities and decisions', () =>
  withDirectory((dir) => {
    let told = '';
    const env = new Map([...host.env, ['GODEBUG', 'gocachehash=0,gocachehash=1']]);
    const telling = withToldHashes({ ...host, env, stderr: (text) => void (told += text) });
    const f = new Fingerprint(telling.sha256, 'test');
    f.add('label', 'a "value"');
    const id = f.finish();
    assert.equal(
      told,
      `HASH[test]\nHASH[test]: "purpose test\\n"\nHASH[test]: "label a \\"value\\"\\n"\nHASH[test]: ${id}\n`,
    );
    assert.equal(withToldHashes(host), host);
    const cache = new DiskCache(host.files, host.sha256, join(dir, 'cache'));
    const run = { program: action('p'), args: [], directory: dir, root: dir, settings: [] };
    const decisions: string[] = [];
    const look = (): unknown => cachedResults(host, cache, run, ['output'], 0, (m) => void decisions.push(m));
    assert.equal(look(), null);
    storeResults(host, cache, run, encodeText('# test log\n'), [['output', encodeText('ok')]]);
    assert.notEqual(look(), null);
    assert.deepEqual(
      decisions.map((d) => d.replace(/[0-9a-f]{64}/g, 'ID').replace(/open .*:/, 'open FILE:')),
      [
        'test ID ID => ID',
        'input list not found: cache entry not found: open FILE: no such file or directory',
        'test ID ID => ID',
        'test ID ID => input ID ID => ID',
      ],
    );
  }));
