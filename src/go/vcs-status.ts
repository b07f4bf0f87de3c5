/** The version control systems that a directory may be under, and what they say of its state (cmd/go/internal/vcs). */
import { parentPath } from '#base/path.ts';
import type { Host } from '#host/host.ts';

/** What is checked out. */
export interface VcsStatus {
  /** "" if nothing has been committed. */
  readonly revision: string;
  /** Milliseconds since 1970; null if it is not known. */
  readonly time: number | null;
  readonly isModified: boolean;
}

export class VcsError extends Error {}

/** Runs the system's program in the repository, with the words of a command; throws VcsError if it fails. */
export type AskVcs = (command: string) => string;

export interface Vcs {
  readonly name: string;
  readonly command: string;
  /** What a repository's directory has, and whether that is a directory. */
  readonly roots: readonly { readonly name: string; readonly isDirectory: boolean }[];
  readonly status: (ask: AskVcs) => VcsStatus;
}

const unrecognized = 'unrecognized VCS tool output';

/** "revision:seconds". */
function revisionTime(text: string): { revision: string; time: number } {
  const m = /^([^:]+):(-?\d+)$/.exec(text.trim());
  if (m === null) throw new VcsError(unrecognized);
  return { revision: m[1], time: Number(m[2]) * 1000 };
}

function timeOf(text: string, problem: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new VcsError(problem);
  return time;
}

function hgStatus(ask: AskVcs): VcsStatus {
  const out = ask('log -r. -T {node}:{date|hgdate}');
  // The zone's offset follows the seconds.
  const head = out === '' ? null : revisionTime(out.split(' ')[0]);
  return { revision: head?.revision ?? '', time: head?.time ?? null, isModified: ask('status -S') !== '' };
}

function gitStatus(ask: AskVcs): VcsStatus {
  const isModified = ask('status --porcelain') !== '';
  try {
    return { ...revisionTime(ask('-c log.showsignature=false log -1 --format=%H:%ct')), isModified };
  } catch (e) {
    // In a repository without commits "git log" fails.
    if (e instanceof VcsError && e.message !== unrecognized && isModified)
      return { revision: '', time: null, isModified };
    throw e;
  }
}

function svnStatus(ask: AskVcs): VcsStatus {
  const revision = ask('info --show-item last-changed-revision').trim();
  const time = timeOf(ask('info --show-item last-changed-date').trim(), 'unable to parse output of svn info');
  return { revision, time, isModified: ask('status') !== '' };
}

function bzrStatus(ask: AskVcs): VcsStatus {
  let revision = '';
  let time: number | null = null;
  for (const line of ask('version-info').split('\n')) {
    const m = /^([^:]*):(.*)$/.exec(line);
    if (m?.[1] === 'revision-id') revision = m[2].trim();
    if (m?.[1] === 'date')
      time = timeOf(m[2].trim().replace(/ ([+-]\d\d)(\d\d)$/, '$1:$2'), 'unable to parse output of bzr version-info');
  }
  let changes = ask('status');
  // An older revision may be checked out.
  if (changes.startsWith('working tree is out of date')) changes = changes.split('\n')[0];
  return { revision, time, isModified: changes !== '' };
}

function fossilStatus(ask: AskVcs): VcsStatus {
  const problem = 'unable to parse output of fossil info';
  const m = /\ncheckout:\s*(\S+) (.*?) UTC/.exec(ask('info'));
  if (m === null) throw new VcsError(problem);
  const time = timeOf(`${m[2].replace(' ', 'T')}Z`, problem);
  return { revision: m[1], time, isModified: ask('changes --differ') !== '' };
}

const directory = (name: string) => [{ name, isDirectory: true }];
const file = (name: string) => ({ name, isDirectory: false });

/** In the order in which a directory is asked for them. */
const systems: readonly Vcs[] = [
  { name: 'Mercurial', command: 'hg', roots: directory('.hg'), status: hgStatus },
  { name: 'Git', command: 'git', roots: directory('.git'), status: gitStatus },
  { name: 'Subversion', command: 'svn', roots: directory('.svn'), status: svnStatus },
  { name: 'Bazaar', command: 'bzr', roots: directory('.bzr'), status: bzrStatus },
  { name: 'Fossil', command: 'fossil', roots: [file('.fslckout'), file('_FOSSIL_')], status: fossilStatus },
];

export interface Repository {
  readonly dir: string;
  readonly vcs: Vcs;
}

/**
 * The repository that a directory is in; null if it is in none. Other repositories above it are an error (VcsError), as somebody could have put them
 * there, but for git in git, which submodules are; `allowsMany` takes the innermost.
 */
export function repositoryOf(host: Host, dir: string, allowsMany: boolean): Repository | null {
  let found: Repository | null = null;
  for (let d = dir; ; d = parentPath(d)) {
    for (const vcs of systems) {
      const isThere = vcs.roots.some(
        (r) => host.files.stat(`${d === '/' ? '' : d}/${r.name}`)?.isDirectory === r.isDirectory,
      );
      if (!isThere) continue;
      if (found === null) {
        found = { dir: d, vcs };
        if (allowsMany) return found;
      } else if (found.vcs.command !== 'git' || vcs.command !== 'git')
        throw new VcsError(
          `multiple VCS detected: ${found.vcs.command} in ${JSON.stringify(found.dir)}, and ${vcs.command} in ${JSON.stringify(d)}`,
        );
    }
    if (d === '/') return found;
  }
}
