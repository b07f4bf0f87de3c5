/** Vet before tests: its usual checks, or those of -vet, on the package with its tests and on the external tests (cmd/go/internal/test, addTestVet). */
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import { dependenciesOf, type LoadedPackage } from '#load/loader.ts';
import { hereDocument, toolPath } from './build-commands.ts';
import type { SourcePackages } from './source-packages.ts';
import type { TestRun } from './test.ts';
import { printBuildFailure } from './test-output.ts';
import { vetArguments } from './test-vet.ts';
import { treeTool } from './tree-tools.ts';
import { messagesOf, plannedConfigs, type VetOutcome, type VetSettings, vetPackage } from './vet-run.ts';

/** False if something was found, which has been told. */
export async function vetBeforeTest(run: TestRun, p: LoadedPackage): Promise<boolean> {
  const { host, options, ws } = run;
  const flags = vetArguments(run.line.parsed.text('vet', ''));
  if (flags === null) return true;
  const standardFlags = run.line.parsed.has('vet') && run.line.parsed.text('vet', '') !== '' ? flags : treeFlags;
  const found = { goroot: options.goroot, target: options.target, ws, loader: run.plain, list: [p], leftOut: false };
  const shared = { host: run.outer, cache: run.cache, flags, standardFlags, directory: run.steps.workDirectory };
  if (options.dryRun) {
    const tool = toolPath(options, 'vet');
    await tellCommands(run, p, { ...shared, tool, toolIdentity: '', toolexec: null, shows: () => undefined }, found);
    return true;
  }
  const { outer } = run;
  const tool = await treeTool(outer, 'vet');
  if (tool === null) {
    run.failedBuild = 'cmd/vet';
    return false;
  }
  const { program } = run;
  const toolIdentity =
    program === null ? contentId(host.sha256, host.files.readFile(tool)) : await program.versionOf(tool);
  const action = vetAction(run, p, [...flags, toolIdentity]);
  if (run.cache.entry(action) !== null && !options.rebuild) return true;
  const settings = {
    ...shared,
    tool,
    toolIdentity,
    toolexec: program === null ? null : { options, program, steps: run.steps },
    shows: (command: string) => run.steps.show(`cd ${p.dir}\nTERM='dumb' ${command}`),
  };
  let ok = true;
  for (const outcome of await vetPackage(settings, found, p, run.files)) ok = tellOutcome(run, p, outcome) && ok;
  if (ok) run.cache.put(action, new Uint8Array(0));
  return ok;
}

/** Code of the Go tree is right in ways that these checks do not know of. */
const treeFlags = ['-unsafeptr=false', '-unreachable=false'];

/** -n: on the package, and on its external tests. */
async function tellCommands(
  run: TestRun,
  p: LoadedPackage,
  settings: VetSettings,
  found: SourcePackages,
): Promise<void> {
  const flags = p.isStandard ? settings.standardFlags : settings.flags;
  const placeOf = (q: LoadedPackage, name: string): string =>
    `$WORK/${run.steps.placeNamed(`${q.path}\0${name.slice(q.path.length)}`)}`;
  for (const { place, text } of await plannedConfigs(settings, found, p, run.files, placeOf)) {
    const config = `${place}/vet.cfg`;
    const command = ["TERM='dumb'", settings.tool, ...flags, config].join(' ');
    run.steps.show(`${hereDocument(config, `${text}\n`)}cd ${p.dir}\n${command}`);
  }
}

function tellOutcome(run: TestRun, p: LoadedPackage, o: VetOutcome): boolean {
  const { host } = run;
  if (!o.failed && o.ended !== null && o.ended.code === 0) return true;
  const path = o.id.replace(/ \[.*$/, '');
  const name = o.isVariant ? `${path} [${p.path}.test]` : path;
  run.failedBuild = name;
  if (o.failed || o.ended === null) return false;
  printBuildFailure(host, name, run.json, messagesOf(host, o));
  return false;
}

/** Everything outside of the standard library that checks can see decides what they find; of the library its version does. */
function vetAction(run: TestRun, p: LoadedPackage, settings: readonly string[]): string {
  const { host, options } = run;
  const f = new Fingerprint(host.sha256, 'tuza vet before tests');
  for (const s of settings) f.add('setting', s);
  f.add('tool', host.toolIdentity);
  f.add('tree', contentId(host.sha256, host.files.readFile(`${options.goroot}/VERSION`)));
  f.add('target', JSON.stringify({ ...options.target, tags: [...options.target.tags] }));
  const imports = run.testImports.get(p) ?? [];
  for (const q of new Set([p, ...dependenciesOf(p), ...imports.flatMap((i) => [i, ...dependenciesOf(i)])])) {
    if (q.isStandard && q !== p) continue;
    f.add('package', q.path);
    f.add('version', run.ws.languageOf(q));
    const tests = q === p ? [...q.files.testGoFiles, ...q.files.xTestGoFiles] : [];
    for (const g of [...q.files.goFiles, ...tests]) f.add(g.path, contentId(host.sha256, host.files.readFile(g.path)));
    for (const name of q.files.sFiles) f.add(name, contentId(host.sha256, host.files.readFile(`${q.dir}/${name}`)));
  }
  return f.finish();
}
