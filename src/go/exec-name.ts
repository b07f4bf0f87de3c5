/** What a program's executable is called (cmd/go/internal/load, DefaultExecName). */
import type { LoadedPackage } from '#load/loader.ts';
import { counterFileName } from './coverage.ts';
import { commandLine } from './packages.ts';

/** The last element of the import path that is no major version; the first file without .go. */
export function executableNameOf(p: LoadedPackage): string {
  const first = p.files.goFiles.find((f) => f.name !== counterFileName);
  if (p.path === commandLine && first !== undefined) return first.name.slice(0, -'.go'.length);
  return defaultExecutableName(p.path);
}

export function defaultExecutableName(path: string): string {
  const parts = path.split('/');
  const last = parts.pop() ?? '';
  const isVersion = /^v([2-9]|[1-9]\d+)$/.test(last) && parts.length > 0;
  return isVersion ? (parts.pop() ?? last) : last;
}
