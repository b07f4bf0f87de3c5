import { defaultExperiments } from './experiments.ts';

/**
 * What a build is for: operating system, architecture and everything else that chooses files. Sources of the facts:
 * internal/syslist, internal/platform, go/build, internal/buildcfg (GOEXPERIMENT baseline).
 */
export interface BuildTarget {
  readonly goos: string;
  readonly goarch: string;
  readonly cgo: boolean;
  /** -tags, plus tags of modes such as race. */
  readonly tags: readonly string[];
  /** Enabled experiments, in the order of internal/goexperiment's struct. */
  readonly experiments: readonly string[];
  /** The value of GOAMD64, GOARM64, GO386 and so on for the architecture, e.g. "v1"; "" where it has none. */
  readonly level: string;
}

const knownOS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  ),
);
const unixOS = new Set('aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris'.split(' '));
const knownArch = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);

/** The newest language release whose tag go1.N is set. */
export const releaseVersion = 26;

export function makeTarget(goos: string, goarch: string, cgo: boolean, tags: readonly string[]): BuildTarget {
  return { goos, goarch, cgo, tags, experiments: defaultExperiments(goos, goarch), level: defaultLevel(goarch) };
}

/** The value of GOAMD64, GOARM, ... if it is not set (internal/buildcfg, of a toolchain built on amd64). */
export function defaultLevel(goarch: string): string {
  switch (goarch) {
    case '386':
      return 'sse2';
    case 'amd64':
      return 'v1';
    case 'arm':
      return '7';
    case 'arm64':
      return 'v8.0';
    case 'mips':
    case 'mipsle':
    case 'mips64':
    case 'mips64le':
      return 'hardfloat';
    case 'ppc64':
    case 'ppc64le':
      return 'power8';
    case 'riscv64':
      return 'rva20u64';
    default:
      return '';
  }
}

/** The tags that a level of an architecture sets, without the architecture (buildcfg's gogoarchTags). */
function levelTags(goarch: string, level: string): string[] {
  switch (goarch) {
    case 'amd64':
      return range(1, Number(level.slice(1))).map((n) => `v${n}`);
    case 'arm':
      // "7,softfloat" has a suffix that sets no tag.
      return range(5, Number.parseInt(level, 10)).map((n) => `${n}`);
    case 'arm64': {
      const [major, minor] = level.slice(1).split(',')[0].split('.').map(Number);
      const tags = range(0, minor).map((n) => `v${major}.${n}`);
      // v9.x includes v8.(x+5).
      return major === 9 ? [...tags, ...range(0, Math.min(minor + 5, 9)).map((n) => `v8.${n}`)] : tags;
    }
    case 'ppc64':
    case 'ppc64le':
      return range(8, Number(level.slice('power'.length))).map((n) => `power${n}`);
    case 'riscv64':
      return ['rva20u64', 'rva22u64', 'rva23u64'].filter((name) => name <= level);
    case 'wasm':
      return ['satconv', 'signext'];
    default:
      return level === '' ? [] : [level];
  }
}

function range(from: number, to: number): number[] {
  const list: number[] = [];
  for (let n = from; n <= to; n++) list.push(n);
  return list;
}

/** Whether a build tag holds (go/build Context.matchTag). */
export function tagHolds(t: BuildTarget, tag: string): boolean {
  if (tag === 'cgo' && t.cgo) return true;
  if (tag === t.goos || tag === t.goarch || tag === 'gc') return true;
  if (t.goos === 'android' && tag === 'linux') return true;
  if (t.goos === 'illumos' && tag === 'solaris') return true;
  if (t.goos === 'ios' && tag === 'darwin') return true;
  if (tag === 'unix' && unixOS.has(t.goos)) return true;
  // The old name of the experiment.
  if (tag === 'boringcrypto' && t.experiments.includes(tag)) return true;
  if (tag.startsWith('goexperiment.') && t.experiments.includes(tag.slice('goexperiment.'.length))) return true;
  const release = /^go1\.([1-9][0-9]*)$/.exec(tag);
  if (release !== null && Number(release[1]) <= releaseVersion) return true;
  return levelHolds(t, tag) || t.tags.includes(tag);
}

/** The tags that the toolchain itself sets, beside releases (go/build Context.ToolTags). */
export function toolTags(t: BuildTarget): string[] {
  const levels = levelTags(t.goarch, t.level).map((name) => `${t.goarch}.${name}`);
  return [...t.experiments.map((name) => `goexperiment.${name}`), ...levels];
}

function levelHolds(t: BuildTarget, tag: string): boolean {
  const prefix = `${t.goarch}.`;
  return tag.startsWith(prefix) && levelTags(t.goarch, t.level).includes(tag.slice(prefix.length));
}

/** Whether a file's name lets it take part: _GOOS, _GOARCH, _GOOS_GOARCH before _test and the extension (go/build goodOSArchFile). */
export function fileNameMatches(t: BuildTarget, name: string): boolean {
  let stem = name;
  const dot = stem.indexOf('.');
  if (dot >= 0) stem = stem.slice(0, dot);
  const underscore = stem.indexOf('_');
  if (underscore < 0) return true;
  const parts = stem.slice(underscore).split('_');
  let n = parts.length;
  if (n > 0 && parts[n - 1] === 'test') n--;
  if (n >= 2 && knownOS.has(parts[n - 2]) && knownArch.has(parts[n - 1])) {
    return tagHolds(t, parts[n - 1]) && tagHolds(t, parts[n - 2]);
  }
  if (n >= 1 && (knownOS.has(parts[n - 1]) || knownArch.has(parts[n - 1]))) return tagHolds(t, parts[n - 1]);
  return true;
}
