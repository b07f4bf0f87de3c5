/** Packages as vet loads them, without the tool, and what it is told of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withOwnPackage } from '#go/vet-run.ts';
import { LoadedPackage, type Resolved, type Resolver } from '#load/loader.ts';
import { emptyPackageFiles } from '#load/package-files.ts';
import { main } from '../command.ts';

test("the tree's copy of the package is another one", () => {
  const own: Resolved = { path: 'golang.org/x/text/transform', dir: '/m/transform', isStandard: false };
  const copy: Resolved = { path: `vendor/${own.path}`, dir: `/go/src/vendor/${own.path}`, isStandard: true };
  const modules: Resolver = { resolve: (_, from) => (from?.isStandard === true ? copy : 'no module provides it') };
  const resolver = withOwnPackage(modules, own);
  const importer = (path: string, isStandard: boolean): LoadedPackage =>
    new LoadedPackage(path, `/${path}`, emptyPackageFiles(`/${path}`), isStandard);
  assert.equal(resolver.resolve(own.path, importer(`${own.path}_test`, false)), own);
  assert.equal(resolver.resolve(own.path, importer('vendor/golang.org/x/text/unicode/norm', true)), copy);
});

test('test -n shows what vet is told of a package with its tests, in the directory in which that is compiled', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-vet-'));
  try {
    writeFileSync(join(dir, 'go.mod'), 'module m\n\ngo 1.26\n');
    writeFileSync(join(dir, 'm.go'), 'package m\n');
    writeFileSync(join(dir, 'm_test.go'), 'package m\n\nimport _ "errors"\n');
    const r = spawnSync(process.execPath, [main, 'test', '-n', '.'], { cwd: dir, encoding: 'utf8' });
    assert.equal(r.status, 0, r.stderr);
    const place = /^mkdir -p (\$WORK\/b\d+)\/\n\n#\n# m\n#\n/m.exec(r.stderr)?.[1] ?? '';
    const told =
      /^cat >([^\n]*)\/vet\.cfg << 'EOF' # internal\n(.*?)EOF\ncd ([^\n]*)\nTERM='dumb' \S*\/vet ([^\n]*)$/ms.exec(
        r.stderr,
      );
    assert.ok(told !== null);
    assert.deepEqual([told[1], told[3], told[4].endsWith(` ${place}/vet.cfg`)], [place, dir, true]);
    const config: { GoFiles: string[]; PackageFile: Record<string, string>; PackageVetx: object } = JSON.parse(told[2]);
    assert.deepEqual(config.GoFiles, [join(dir, 'm.go'), join(dir, 'm_test.go')]);
    assert.match(config.PackageFile.errors, /^\$WORK\/b\d+\/_pkg_\.a$/);
    assert.deepEqual(config.PackageVetx, {});
  } finally {
    rmSync(dir, { recursive: true });
  }
});
