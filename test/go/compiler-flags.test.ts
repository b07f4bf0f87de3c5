/** -gcflags for packages: what is made in another way, what is told, what is wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildOptions } from '#go/build-options.ts';
import { compilerRequest } from '#go/compiler-flags.ts';
import { perPackageFlags } from '#go/per-package-flags.ts';
import { nodeHost } from '#host/node.ts';
import { LoadedPackage } from '#load/loader.ts';
import { emptyPackageFiles } from '#load/package-files.ts';

function packageAt(path: string, isStandard = false): LoadedPackage {
  return new LoadedPackage(path, `/m/${path}`, emptyPackageFiles(`/m/${path}`), isStandard);
}

function optionsFor(...given: readonly string[]): BuildOptions {
  const gcflags = perPackageFlags('gcflags', given);
  if (typeof gcflags === 'string') throw new Error(gcflags);
  // Nothing else of the options is looked at.
  const options: Partial<BuildOptions> = { host: nodeHost(), gcflags };
  return options as BuildOptions;
}

const usual = { unoptimized: false, inlines: false };

const cases: readonly (readonly [flags: string, options: object | null, problem: string])[] = [
  ['-e', null, ''],
  ['-l', usual, ''],
  ['-l=4', null, ''],
  ['-N', { unoptimized: true, inlines: false }, ''],
  ['-N -l', { unoptimized: true, inlines: false }, ''],
  ['-c 0', null, 'compile: -c must be at least 1, got 0'],
  ['-fakeflag', null, 'flag provided but not defined: -fakeflag\nusage: compile [options] file.go...'],
];

test('flags of the compiler', () => {
  for (const [flags, options, problem] of cases) {
    const r = compilerRequest(optionsFor(flags), packageAt('a'), true);
    assert.deepEqual([r.options, r.problem], [options, problem], flags);
  }
});

test('the last pattern that fits a package holds', () => {
  const options = optionsFor('all=-l', 'b=-N', '-e');
  const of = (path: string, isNamed: boolean) => compilerRequest(options, packageAt(path), isNamed).options;
  assert.deepEqual(of('a', false), usual);
  assert.deepEqual(of('b', false), { unoptimized: true, inlines: false });
  assert.equal(of('a', true), null);
});

test('the runtime is always optimized', () => {
  const r = compilerRequest(optionsFor('all=-N'), packageAt('runtime', true), false);
  assert.equal(r.options, null);
});

test('code that cannot be made is refused', () => {
  assert.throws(() => compilerRequest(optionsFor('-B'), packageAt('a'), true), /-B cannot be used/);
});

test('what is told', () => {
  assert.equal(compilerRequest(optionsFor('-m -l'), packageAt('a'), true).tells, true);
  assert.equal(compilerRequest(optionsFor('-l'), packageAt('a'), true).tells, false);
});
