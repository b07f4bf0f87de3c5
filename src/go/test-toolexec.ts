/**
 * `test -toolexec`: the program of a package's tests, compiled and linked by processes of a program, which knows packages as messages do: those that
 * are compiled for the tests of p as "q [p.test]" (cmd/go/internal/load, Package.Desc).
 */

import { FileSet } from '#base/source.ts';
import type { PackageErrors } from '#compile/check-package.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { type CompileStep, factsOf, plainStep } from './build-steps.ts';
import type { TestRun } from './test.ts';
import {
  linkFacts,
  loadTestMain,
  mainFile,
  type TestBinary,
  TestParts,
  tellErrors,
  testBinaryName,
  testResolver,
  testSteps,
  variantName,
} from './test-build.ts';
import { printBuildFailure } from './test-output.ts';
import type { ToolProgram } from './tool-program.ts';
import { Toolexec } from './toolexec.ts';

/** The program of a package's tests; null after messages. Throws BuildFlagError. */
export async function buildTestByTools(
  run: TestRun,
  program: ToolProgram,
  p: LoadedPackage,
): Promise<TestBinary | null> {
  const { options } = run;
  const { host, target } = options;
  const loader = new Loader(host.files, new FileSet(), target, testResolver(run, p));
  const parts = new TestParts();
  loadTestMain(run, p, loader, parts, false);
  const { main } = parts;
  if (main === null || loader.errors.length > 0) {
    const found: PackageErrors = { path: '', list: loader.errors, stoppedAt: 0 };
    tellErrors(run, p, parts, { errors: [found], linkErrors: [], fileSet: loader.fileSet });
    return null;
  }
  const source = run.generated.get(mainFile) ?? new Uint8Array(0);
  const tools = toolsFor(run, program, testSteps(run, p, parts, main), (q) =>
    q === main ? main.path : variantName(p, parts, q.path),
  );
  for (const q of loader.ordered) if (!(await tools.compile(q))) return null;
  const { godebug, modinfo, isPlain } = linkFacts(run, p, main);
  const flags = [
    ...(isPlain ? ['-s', '-w'] : []),
    '-X=testing.testBinary=1',
    ...(godebug === '' ? [] : [`-X=runtime.godebugDefault=${godebug}`]),
    ...options.ldflags.for(host, p, true),
  ];
  const name = testBinaryName(p);
  run.steps.link(main, '', p, modinfo, name);
  const image = await tools.link(main, loader.ordered, flags, modinfo, name);
  return image === null ? null : { image, place: run.steps.placeOf(main), source };
}

/** A package without tests; false after messages. */
export async function compileByTools(run: TestRun, program: ToolProgram, p: LoadedPackage): Promise<boolean> {
  const { ws, plain, tested } = run;
  const loaded =
    plain.find(p.path) ?? (run.files === null ? plain.load(p.path) : plain.loadFiles(p.path, p.dir, run.files));
  if (loaded === null) return true;
  const named = new Set(tested.map((t) => t.path));
  const stepOf = (q: LoadedPackage): CompileStep => plainStep(q, ws.languageOf(q), named.has(q.path));
  return toolsFor(run, program, stepOf, (q) => q.path).compile(loaded);
}

function toolsFor(
  run: TestRun,
  program: ToolProgram,
  stepOf: (p: LoadedPackage) => CompileStep,
  nameOf: (p: LoadedPackage) => string,
): Toolexec {
  const { options, cache, host, json } = run;
  return new Toolexec({
    program,
    options,
    cache,
    placeOf: (q) => run.steps.placeOf(q),
    factsOf: (q) => {
      const step = stepOf(q);
      run.steps.compile(q, step);
      return factsOf(options, q, step);
    },
    nameOf,
    tell: (q, text, failed) => {
      if (!failed) return void host.stderr(text);
      run.failedBuild = nameOf(q);
      printBuildFailure(host, run.failedBuild, json, text);
    },
  });
}
