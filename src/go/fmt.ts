/** `tuza fmt`: gofmt -l -w on the files of packages (cmd/go/internal/fmtcmd). */
import type { Host } from '#host/host.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine } from './flags.ts';
import { moduleOptionsOf } from './modules.ts';
import { shortPath } from './paths.ts';
import { pathsOf, sourcePackages, tellLoadErrors } from './source-packages.ts';
import { runTreeTool } from './tree-tools.ts';

export async function runFmt(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('fmt'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const found = await sourcePackages(host, parsed.rest, [], moduleOptionsOf(parsed, 'fmt'), true);
  if (found === null) return 1;
  if (found.leftOut) host.stderr('go: not formatting packages in dependency modules\n');
  // Imports that lead nowhere do not matter here.
  const isWrong = tellLoadErrors(
    host,
    found,
    /^no (non-test )?Go files|build constraints exclude all Go files|^pattern .*: no matching files|is not in std|no required module|cannot find module/,
  );
  const files: string[] = [];
  for (const { dir, files: f } of [...found.list, ...found.loader.excluded]) {
    const ignored = f.ignoredGoFiles.map((name) => `${dir}/${name}`);
    for (const path of [...ignored, ...pathsOf(f.goFiles, f.cgoFiles, f.testGoFiles, f.xTestGoFiles)])
      files.push(shortPath(host, path));
  }
  if (files.length === 0) return isWrong ? 1 : 0;
  const command = ['-l', '-w', ...files];
  const dry = parsed.bool('n', false);
  if (dry || parsed.bool('x', false)) host.stdout(`${found.goroot}/bin/gofmt ${command.join(' ')}\n`);
  if (dry) return isWrong ? 1 : 0;
  const ended = await runTreeTool(host, 'gofmt', command);
  if (ended === null) return 1;
  if (ended.code !== 0)
    host.stderr(`${ended.signal === null ? `exit status ${ended.code}` : `signal: ${ended.signal}`}\n`);
  return ended.code === 0 && !isWrong ? 0 : 1;
}
