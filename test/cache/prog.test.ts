/** GOCACHEPROG: builds with a cache behind a program; programs that can do little, or leave. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeText } from '#base/bytes.ts';
import { ProgCache } from '#cache/prog.ts';
import { CacheError, DiskCache } from '#cache/store.ts';
import { nodeHost } from '#host/node.ts';

const host = nodeHost();

/** Keeps entries in files of its directory, and writes down what it was asked. */
const helper = `
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const [dir, commands] = process.argv.slice(2);
const say = (o) => process.stdout.write(JSON.stringify(o) + '\\n');
say({ ID: 0, KnownCommands: commands.split(',') });
const name = (id) => dir + '/' + Buffer.from(id, 'base64').toString('hex');
let put = null;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === '') continue;
  const r = put === null ? JSON.parse(line) : put;
  if (r.Command === 'put' && r.BodySize > 0 && put === null) { put = r; continue; }
  appendFileSync(dir + '/log', r.Command + '\\n');
  if (r.Command === 'put') {
    const body = put === null ? Buffer.alloc(0) : Buffer.from(JSON.parse(line), 'base64');
    put = null;
    writeFileSync(name(r.OutputID), body);
    writeFileSync(name(r.ActionID) + '.entry', JSON.stringify({ OutputID: r.OutputID, Size: body.length }));
    say({ ID: r.ID, DiskPath: name(r.OutputID) });
  } else if (r.Command === 'get') {
    const entry = name(r.ActionID) + '.entry';
    if (!existsSync(entry)) { say({ ID: r.ID, Miss: true }); continue; }
    const e = JSON.parse(readFileSync(entry, 'utf8'));
    say({ ID: r.ID, ...e, DiskPath: name(e.OutputID) });
  } else break;
}
`;

function withProgram(commands: string, run: (cache: ProgCache, dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-prog-'));
  try {
    const program = join(dir, 'helper.mjs');
    writeFileSync(program, helper);
    const disk = new DiskCache(host.files, host.sha256, join(dir, 'disk'));
    run(new ProgCache(host, [process.execPath, program, dir, commands], disk), dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const action = 'ab'.repeat(32);

test('what is put is got', () =>
  withProgram('get,put,close', (cache, dir) => {
    assert.equal(cache.get(action), null);
    const body = new Uint8Array(200_000).map((_, i) => i * 7);
    for (const data of [encodeText('content'), body, new Uint8Array(0)]) {
      const output = cache.put(action, data);
      assert.deepEqual(cache.get(action), data);
      assert.equal(cache.entry(action)?.size, data.length);
      assert.equal(cache.outputFile(output), join(dir, output));
    }
    writeFileSync(cache.outputFile(cache.put(action, body)), 'damaged');
    assert.equal(cache.get(action), null);
    cache.close();
    assert.match(readFileSync(join(dir, 'log'), 'utf8'), /^get\nput\n[\s\S]*close\n$/);
  }));

test('what the program cannot do is done without', () =>
  withProgram('close', (cache) => {
    cache.put(action, encodeText('content'));
    assert.equal(cache.get(action), null);
    cache.close();
  }));

test('programs that do not start, or leave, are told', () => {
  const disk = new DiskCache(host.files, host.sha256, '/nowhere');
  const fails = (words: readonly string[], message: RegExp): void =>
    assert.throws(
      () => new ProgCache(host, words, disk),
      (e) => e instanceof CacheError && message.test(e.message),
    );
  fails(
    ['/nowhere/prog'],
    /^error starting GOCACHEPROG program "\/nowhere\/prog": fork\/exec .*: no such file or directory$/,
  );
  fails(['no-such-program'], /executable file not found in \$PATH$/);
  fails(['/bin/true'], /^GOCACHEPROG exited pre-Close with 1 pending requests$/);
  fails(['/bin/echo', '{"ID":0}'], /declared no supported commands$/);
});
