/** What users of a directory without go.mod should know of the made-up module that its packages are in; the official command has no such module. */
import type { Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { commandLine, namesFiles, type Workspace } from './packages.ts';
import { isLocalPath } from './paths.ts';

/** Where a real module would be; the user chooses. */
const example = 'example.com/m';

/**
 * Tells on a terminal how to make the made-up module a real one, if anything of it was loaded. Files on the command line that import nothing else of it
 * are outside of modules for the official command, too. `loaded`: all packages that `args` need.
 */
export function tellOfImplicitModule(
  host: Host,
  ws: Workspace,
  loaded: readonly LoadedPackage[],
  args: readonly string[],
): void {
  if (!ws.isImplicit || !host.terminal.isTerminal) return;
  const isFiles = namesFiles(ws, args);
  const own = loaded.filter((p) => !p.isStandard && !(isFiles && p.path === commandLine));
  if (own.length > 0) host.stderr(implicitModuleNote(relativeImport(loaded)));
}

function implicitModuleNote(relative: readonly [written: string, path: string] | null): string {
  const renamed = relative === null ? '' : `, in which "${relative[0]}" is imported as "${relative[1]}"`;
  return `go: note: there is no go.mod file, so the working directory is taken for a module; "tuza mod init ${example}" makes it a real one${renamed}\n`;
}

/** An import that no module allows, and what it would be in one. */
function relativeImport(loaded: readonly LoadedPackage[]): readonly [string, string] | null {
  for (const p of loaded) {
    if (p.isStandard) continue;
    for (const [written, q] of p.imports) {
      if (isLocalPath(written)) return [written, q.path.replace(commandLine, example)];
    }
  }
  return null;
}
