/** The systems and architectures that Go is ported to (internal/platform, internal/syslist). */

/** Ports, and whether cgo works there. */
const ports: ReadonlyMap<string, boolean> = new Map([
  ['aix/ppc64', true],
  ['android/386', true],
  ['android/amd64', true],
  ['android/arm', true],
  ['android/arm64', true],
  ['darwin/amd64', true],
  ['darwin/arm64', true],
  ['dragonfly/amd64', true],
  ['freebsd/386', true],
  ['freebsd/amd64', true],
  ['freebsd/arm', true],
  ['freebsd/arm64', true],
  ['freebsd/riscv64', true],
  ['illumos/amd64', true],
  ['ios/amd64', true],
  ['ios/arm64', true],
  ['js/wasm', false],
  ['linux/386', true],
  ['linux/amd64', true],
  ['linux/arm', true],
  ['linux/arm64', true],
  ['linux/loong64', true],
  ['linux/mips', true],
  ['linux/mips64', true],
  ['linux/mips64le', true],
  ['linux/mipsle', true],
  ['linux/ppc64', false],
  ['linux/ppc64le', true],
  ['linux/riscv64', true],
  ['linux/s390x', true],
  ['linux/sparc64', true],
  ['netbsd/386', true],
  ['netbsd/amd64', true],
  ['netbsd/arm', true],
  ['netbsd/arm64', true],
  ['openbsd/386', true],
  ['openbsd/amd64', true],
  ['openbsd/arm', true],
  ['openbsd/arm64', true],
  ['openbsd/mips64', true],
  ['openbsd/ppc64', false],
  ['openbsd/riscv64', true],
  ['plan9/386', false],
  ['plan9/amd64', false],
  ['plan9/arm', false],
  ['solaris/amd64', true],
  ['wasip1/wasm', false],
  ['windows/386', true],
  ['windows/amd64', true],
  ['windows/arm64', true],
]);

const brokenPorts: ReadonlySet<string> = new Set(['freebsd/riscv64', 'linux/sparc64', 'openbsd/mips64']);

/** "goos/goarch" of all ports that work, sorted. */
export function workingPorts(): string[] {
  return [...ports.keys()].filter((p) => !brokenPorts.has(p));
}

export function isPort(goos: string, goarch: string): boolean {
  return ports.has(`${goos}/${goarch}`);
}

export function cgoSupported(goos: string, goarch: string): boolean {
  return ports.get(`${goos}/${goarch}`) === true;
}

/** Whether programs can only be linked by the system's linker (platform.MustLinkExternal without cgo). */
export function mustLinkExternal(goos: string, goarch: string): boolean {
  return (goos === 'android' && goarch !== 'arm64') || (goos === 'ios' && goarch === 'arm64');
}

/** Whether executables are position-independent unless asked otherwise (platform.DefaultPIE without the race detector). */
export function defaultPie(goos: string): boolean {
  return ['android', 'ios', 'windows', 'darwin'].includes(goos);
}

/** Whether position-independent executables can be linked without the system's linker (platform.InternalLinkPIESupported). */
export function internalLinkPieSupported(goos: string, goarch: string): boolean {
  return internalPie.has(`${goos}/${goarch}`);
}

const internalPie: ReadonlySet<string> = new Set([
  'android/arm64',
  'darwin/amd64',
  'darwin/arm64',
  'linux/amd64',
  'linux/arm64',
  'linux/loong64',
  'linux/ppc64le',
  'windows/386',
  'windows/amd64',
  'windows/arm64',
]);
