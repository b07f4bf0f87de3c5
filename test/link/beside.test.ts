/** A link whose debug sections are compressed by other threads gives the same bytes as one that does everything in turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeBeside } from '#host/node-beside.ts';
import { linkProgram, linkProgramBeside } from '#link/link.ts';
import { nodeLinkHost } from './node-host.ts';
import { compileMain, packageFiles, skipWithoutGo, withDirectoryLater } from './official.ts';

const source = `package main
import "fmt"
type pair[T any] struct { a, b T }
var shown = map[string]pair[int]{"x": {1, 2}}
func main() { for k, v := range shown { fmt.Println(k, v, func() int { return v.a }()) } }
`;

test('debug sections that others compress', { skip: skipWithoutGo }, async () => {
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
      const got = await linkProgramBeside(options, nodeLinkHost, nodeBeside.deflate);
      assert.ok(expected.image !== null && got.image !== null && Buffer.compare(expected.image, got.image) === 0);
    }
  });
});
