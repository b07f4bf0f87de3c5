/** Packages as vet loads them, without the tool. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withOwnPackage } from '#go/vet-run.ts';
import { LoadedPackage, type Resolved, type Resolver } from '#load/loader.ts';
import { emptyPackageFiles } from '#load/package-files.ts';

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
