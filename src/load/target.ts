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
  /** Microarchitecture level, e.g. "v1" for GOAMD64=v1; "" where the architecture has none. */
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

/** Experiments on by default (internal/buildcfg/exp.go). */
export function defaultExperiments(goos: string, goarch: string): string[] {
  const list: string[] = [];
  const registerAbi = ['amd64', 'arm64', 'loong64', 'ppc64', 'ppc64le', 'riscv64', 's390x'].includes(goarch);
  if (registerAbi) list.push('regabiwrappers', 'regabiargs');
  if (!['aix', 'darwin', 'ios'].includes(goos)) list.push('dwarf5');
  list.push('greenteagc', 'randomizedheapbase64');
  return list;
}

export function makeTarget(goos: string, goarch: string, cgo: boolean, tags: readonly string[]): BuildTarget {
  return { goos, goarch, cgo, tags, experiments: defaultExperiments(goos, goarch), level: defaultLevel(goarch) };
}

function defaultLevel(goarch: string): string {
  switch (goarch) {
    case 'amd64':
      return 'v1';
    case 'arm64':
      return 'v8.0';
    default:
      return '';
  }
}

/** Whether a build tag holds (go/build Context.matchTag). */
export function tagHolds(t: BuildTarget, tag: string): boolean {
  if (tag === 'cgo') return t.cgo;
  if (tag === t.goos || tag === t.goarch || tag === 'gc') return true;
  if (t.goos === 'android' && tag === 'linux') return true;
  if (t.goos === 'illumos' && tag === 'solaris') return true;
  if (t.goos === 'ios' && tag === 'darwin') return true;
  if (tag === 'unix') return unixOS.has(t.goos);
  if (tag.startsWith('goexperiment.')) return t.experiments.includes(tag.slice('goexperiment.'.length));
  const release = /^go1\.([1-9][0-9]*)$/.exec(tag);
  if (release !== null && Number(release[1]) <= releaseVersion) return true;
  return levelHolds(t, tag) || t.tags.includes(tag);
}

/** amd64.v1 ... amd64.vN hold up to the level; arm64.v8.0 likewise. */
function levelHolds(t: BuildTarget, tag: string): boolean {
  if (!tag.startsWith(`${t.goarch}.v`) || t.level === '') return false;
  const wanted = tag.slice(t.goarch.length + 1);
  if (t.goarch === 'amd64') return /^v[1-4]$/.test(wanted) && wanted <= t.level;
  return wanted === t.level;
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
    return systemMatches(t, parts[n - 1]) && systemMatches(t, parts[n - 2]);
  }
  if (n >= 1 && (knownOS.has(parts[n - 1]) || knownArch.has(parts[n - 1]))) return systemMatches(t, parts[n - 1]);
  return true;
}

/** An OS or architecture in a file name, with the same aliases as tags; "unix" is no file-name suffix. */
function systemMatches(t: BuildTarget, name: string): boolean {
  if (name === t.goos || name === t.goarch) return true;
  if (t.goos === 'android') return name === 'linux';
  if (t.goos === 'illumos') return name === 'solaris';
  return t.goos === 'ios' && name === 'darwin';
}
