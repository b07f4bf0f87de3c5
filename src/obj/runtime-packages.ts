/**
 * package runtime and what it depends on: code that runs where the scheduler and the garbage collector are not to be disturbed, and that is laid out
 * first. Source: GOROOT/src/cmd/internal/objabi/pkgspecial.go, go1.26.8; gc-contract 8.1.
 */
const runtimePackages: ReadonlySet<string> = new Set([
  'runtime',
  'internal/runtime/atomic',
  'internal/runtime/cgroup',
  'internal/runtime/exithook',
  'internal/runtime/gc',
  'internal/runtime/gc/scan',
  'internal/runtime/maps',
  'internal/runtime/math',
  'internal/runtime/sys',
  'internal/runtime/syscall/linux',
  'internal/runtime/syscall/windows',
  'internal/abi',
  'internal/bytealg',
  'internal/byteorder',
  'internal/chacha8rand',
  'internal/coverage/rtcov',
  'internal/cpu',
  'internal/goarch',
  'internal/godebugs',
  'internal/goexperiment',
  'internal/goos',
  'internal/profilerecord',
  'internal/strconv',
  'internal/stringslite',
]);

export function isRuntimePackage(path: string): boolean {
  return runtimePackages.has(path);
}
