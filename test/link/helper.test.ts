/** A link whose debug sections are made by another thread gives the same bytes as one that does everything in turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeBeside } from '#host/node-beside.ts';
import { startHelper } from '#host/node-helper.ts';
import type { DebugAnswer, DebugHelper, DebugJob } from '#link/debug-job.ts';
import { linkProgram, linkProgramBeside } from '#link/link.ts';
import { nodeLinkHost } from './node-host.ts';
import { compileMain, packageFiles, skipWithoutGo, withDirectoryLater } from './official.ts';

const source = `package main
import "fmt"
type pair[T any] struct { a, b T }
var shown = map[string]pair[int]{"x": {1, 2}}
func main() { for k, v := range shown { fmt.Println(k, v, func() int { return v.a }()) } }
`;

class CountingHelper implements DebugHelper {
  jobs = 0;
  private readonly inner: DebugHelper;

  constructor(inner: DebugHelper) {
    this.inner = inner;
  }

  post(job: DebugJob, moved: readonly ArrayBuffer[]): void {
    this.jobs++;
    this.inner.post(job, moved);
  }

  answer(): Promise<DebugAnswer> {
    return this.inner.answer();
  }
}

test('debug sections from another thread', { skip: skipWithoutGo }, async () => {
  await withDirectoryLater(async (dir) => {
    const packages = packageFiles(dir, ['fmt', 'runtime']);
    const main = compileMain(dir, source, packages);
    const modes = [
      { buildMode: 'exe', compressDwarf: true },
      { buildMode: 'pie', compressDwarf: false },
    ] as const;
    for (const mode of modes) {
      const options = { mainFile: main, packageFiles: packages, buildVersion: 'go1.26.8', ...mode };
      const expected = linkProgram(options, nodeLinkHost);
      const thread = startHelper('debug');
      const helper = new CountingHelper({
        post: thread.post,
        answer: async () => (await thread.answer()) as DebugAnswer,
      });
      const got = await linkProgramBeside(options, nodeLinkHost, nodeBeside.deflate, helper);
      thread.stop();
      assert.equal(helper.jobs, 1);
      assert.ok(expected.image !== null && got.image !== null && Buffer.compare(expected.image, got.image) === 0);
      const failing = new CountingHelper({
        post: () => undefined,
        answer: () => Promise.reject(new Error('the thread has ended')),
      });
      const again = await linkProgramBeside(options, nodeLinkHost, nodeBeside.deflate, failing);
      assert.ok(again.image !== null && Buffer.compare(expected.image, again.image) === 0);
    }
    // What the link prints comes in one order: everything is done here then.
    const idle = new CountingHelper({
      post: () => undefined,
      answer: () => Promise.reject(new Error('nothing asked')),
    });
    const options = { mainFile: main, packageFiles: packages, dumpDep: true };
    const host = { ...nodeLinkHost, print: () => undefined };
    assert.deepEqual((await linkProgramBeside(options, host, nodeBeside.deflate, idle)).errors, []);
    assert.equal(idle.jobs, 0);
  });
});
