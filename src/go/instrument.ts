/** -race, -msan, -asan: what keeps them from being used, as the official command tells it first (cmd/go/internal/work, instrumentInit). */
import { cgoEnabled, hostArch, hostOS } from './build-target.ts';
import type { Environment } from './environment.ts';
import type { ParsedFlags } from './tool-flags.ts';

const supported: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  race: {
    linux: 'amd64 arm64 loong64 ppc64le riscv64 s390x',
    darwin: 'amd64 arm64',
    freebsd: 'amd64',
    netbsd: 'amd64',
    windows: 'amd64',
  },
  msan: { linux: 'amd64 arm64 loong64', freebsd: 'amd64' },
  asan: { linux: 'amd64 arm64 loong64 riscv64 ppc64le' },
};

/** "" if none of the flags is used, or if the official command would go on. */
export function instrumentationProblem(env: Environment, parsed: ParsedFlags): string {
  const used = ['race', 'msan', 'asan'].filter((name) => parsed.bool(name, false));
  if (used.length === 0) return '';
  if (used.length > 1) return `go: may not use -${used[0]} and -${used[1]} simultaneously`;
  const [mode] = used;
  const goos = env.get('GOOS') || hostOS;
  const goarch = env.get('GOARCH') || hostArch;
  if (!(supported[mode][goos] ?? '').split(' ').includes(goarch))
    return `-${mode} is not supported on ${goos}/${goarch}`;
  if (cgoEnabled(env, goos, goarch) || (goos === 'darwin' && mode === 'race')) return '';
  const isNative = goos === hostOS && goarch === hostArch;
  return `go: -${mode} requires cgo${isNative ? '; enable cgo by setting CGO_ENABLED=1' : ''}`;
}
