/** -pgo: which profile a program is compiled with (cmd/go/internal/load, setPGOProfilePath). Profiles do not change the code. */
import type { LoadedPackage } from '#load/loader.ts';
import type { BuildOptions } from './build-options.ts';
import { absolutePath } from './paths.ts';

/** The profile of a program, or "": the one that was named, or by default the file default.pgo beside it. */
export function profileOf(options: BuildOptions, p: LoadedPackage): string {
  const { host, pgo } = options;
  if (pgo === 'off' || pgo === '') return '';
  if (pgo !== 'auto') return absolutePath(host, pgo);
  if (p.name !== 'main' || p.dir === '') return '';
  const file = `${p.dir}/default.pgo`;
  return host.files.stat(file)?.isDirectory === false ? file : '';
}

/** What is wrong with a profile that was named, as the official command's first step with it tells, or "". What is in it is not looked at. */
export function profileProblem(options: BuildOptions): string {
  const { host, pgo, dryRun } = options;
  if (dryRun || pgo === 'off' || pgo === '' || pgo === 'auto') return '';
  const file = absolutePath(host, pgo);
  const info = host.files.stat(file);
  if (info?.isDirectory === false) return '';
  const reason =
    info === null
      ? `opening profile: open ${file}: no such file or directory`
      : `parsing profile: error parsing profile: read ${file}: is a directory`;
  return `# ${file}\npreprofile: error ${reason}`;
}

/** What users have to know who ask for it. */
export function profileNote(profile: string): string {
  return `go: note: the profile ${profile} does not change the code: profile-guided optimization is not implemented\n`;
}
