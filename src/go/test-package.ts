/** The tests of a package: building and vetting, then the run, for several packages at once (cmd/go/internal/test, builderTest). */
import type { Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { moveCommand } from './build-commands.ts';
import { absolutePath } from './paths.ts';
import type { TestRun } from './test.ts';
import { buildTest, checkWithoutTests, keepsBinary, type TestBinary, testBinaryName } from './test-build.ts';
import { uncoveredLine, uncoveredProfile } from './test-cover.ts';
import { printLine } from './test-output.ts';
import { runTestBinary } from './test-run.ts';
import { vetBeforeTest } from './test-vet-run.ts';

export type Outcome = 'passed' | 'failed' | 'not built' | 'interrupted';

/** A package whose tests have been built, or not. */
interface Built {
  readonly package: LoadedPackage;
  readonly isRight: boolean;
  /** Null if there are no tests. */
  readonly binary: TestBinary | null;
  /** What could not be built. */
  readonly failedBuild: string;
}

/** How many packages' tests run at once: -p, by default as many as the machine has processors; benchmarks and what shows each step run alone. */
export function packagesAtOnce(run: TestRun): number {
  const { line, options, profile } = run;
  const { parsed } = line;
  const isAlone =
    line.packages === null ||
    profile !== null ||
    options.showsCommands ||
    ['c', 'failfast'].some((f) => parsed.bool(f, false)) ||
    ['bench', 'fuzz'].some((f) => parsed.text(f, '') !== '');
  return isAlone ? 1 : Number(parsed.text('p', '')) || (run.host.processes?.parallelism ?? 1);
}

/** Builds the tests of packages one after the other and runs them at once; what is printed is in the order of the packages. */
export async function testTogether(run: TestRun, packages: readonly LoadedPackage[]): Promise<readonly Outcome[]> {
  if (packages.length === 1) return [await runTests(run, await build(run, packages[0]))];
  const built: Built[] = [];
  for (const p of packages) built.push(await build(run, p));
  const parts = built.map((b) => {
    const texts: (string | Uint8Array)[] = [];
    const host: Host = {
      ...run.host,
      stdout: (text) => void texts.push(typeof text === 'string' ? text : text.slice()),
    };
    const own: TestRun = { ...run, host };
    return { own, texts, outcome: runTests(own, b) };
  });
  const outcomes: Outcome[] = [];
  for (const { own, texts, outcome } of parts) {
    outcomes.push(await outcome);
    for (const text of texts) run.host.stdout(text);
    if (own.replayed === null) run.replayed = null;
  }
  return outcomes;
}

/** Whether there is anything to make a test binary of. */
export function hasTests(p: LoadedPackage): boolean {
  return p.files.testGoFiles.length + p.files.xTestGoFiles.length > 0;
}

async function build(run: TestRun, p: LoadedPackage): Promise<Built> {
  if (run.profileProblem !== '') return { package: p, isRight: false, binary: null, failedBuild: '' };
  const binary = hasTests(p) ? await buildTest(run, p) : null;
  const isBuilt = hasTests(p) ? binary !== null : await compileWithoutTests(run, p);
  const isRight = isBuilt && (await vetBeforeTest(run, p));
  return { package: p, isRight, binary, failedBuild: run.failedBuild };
}

async function compileWithoutTests(run: TestRun, p: LoadedPackage): Promise<boolean> {
  if (run.program === null) return checkWithoutTests(run, p);
  return (await import('./test-toolexec.ts')).compileByTools(run, run.program, p);
}

async function runTests(run: TestRun, built: Built): Promise<Outcome> {
  const { host, line } = run;
  const { package: p, binary } = built;
  const compilesOnly = line.parsed.bool('c', false);
  if (!built.isRight) {
    if (!compilesOnly || !hasTests(p))
      printLine(host, p.path, run.json, `FAIL\t${p.path} [build failed]\n`, false, built.failedBuild);
    return 'not built';
  }
  const { coverage } = run;
  if (binary === null && coverage?.packagesFor(p).includes(p) === true) {
    const covered = coverage.cover(host, run.ws, p);
    if (covered.functions.length > 0) {
      const text = uncoveredLine(p, covered);
      printLine(host, p.path, run.json, text, true);
      run.replayed?.push({ text });
      run.profile?.add(uncoveredProfile(covered, coverage.mode));
      return 'passed';
    }
  }
  if (binary === null) {
    const text = `?   \t${p.path}\t[no test files]\n`;
    printLine(host, p.path, run.json, text, true);
    run.replayed?.push({ text });
    return 'passed';
  }
  const outcome = compilesOnly ? 'passed' : await runTestBinary(run, p, binary);
  if (compilesOnly || keepsBinary(run)) keepBinary(run, p, binary);
  return outcome;
}

function keepBinary(run: TestRun, p: LoadedPackage, binary: TestBinary): void {
  const { host, line, options, steps } = run;
  const given = line.parsed.text('o', '');
  if (given === '/dev/null') return;
  const name = testBinaryName(p);
  const path = given === '' ? name : isDirectory(host, given) ? `${given.replace(/\/+$/, '')}/${name}` : given;
  const at = absolutePath(host, path);
  steps.show(moveCommand(options, `$WORK/${binary.place}/${name}`, at).trimEnd());
  if (options.dryRun) return;
  host.files.makeDirectory(absolutePath(host, `${at}/..`));
  host.files.writeFile(at, binary.image, 0o755);
}

export function isDirectory(host: Host, path: string): boolean {
  return path.endsWith('/') || host.files.stat(path)?.isDirectory === true;
}
