/** What is built for, as the go command's variables say: operating system, architecture and its level, experiments, cgo. */
import type { Host } from '#host/host.ts';
import { parseExperiments } from '#load/experiments.ts';
import { cgoSupported, isPort } from '#load/platforms.ts';
import { type BuildTarget, defaultLevel, makeTarget } from '#load/target.ts';
import type { Environment } from './environment.ts';

export const hostOS = 'linux';
export const hostArch = 'amd64';

/** The variable that chooses the instruction set level of an architecture; "" where there is none. */
export function levelVariable(goarch: string): string {
  switch (goarch) {
    case '386':
    case 'amd64':
    case 'arm':
    case 'arm64':
    case 'riscv64':
    case 'wasm':
      return `GO${goarch.toUpperCase()}`;
    case 'mips':
    case 'mipsle':
      return 'GOMIPS';
    case 'mips64':
    case 'mips64le':
      return 'GOMIPS64';
    case 'ppc64':
    case 'ppc64le':
      return 'GOPPC64';
    default:
      return '';
  }
}

/** Whether cgo is on: as asked, else if programs for this machine are built and there is a C compiler. */
export function cgoEnabled(env: Environment, goos: string, goarch: string): boolean {
  const given = env.get('CGO_ENABLED');
  if (given === '1') return cgoSupported(goos, goarch);
  if (given === '0' || goos !== hostOS || goarch !== hostArch || !cgoSupported(goos, goarch)) return false;
  const compiler = (env.get('CC') || 'gcc').split(' ')[0];
  return findProgram(env.host, compiler);
}

function findProgram(host: Host, name: string): boolean {
  if (name.includes('/')) return host.files.stat(name) !== null;
  const path = (host.env.get('PATH') ?? '').split(':');
  return path.some((dir) => dir !== '' && ((host.files.stat(`${dir}/${name}`)?.mode ?? 0) & 0o111) !== 0);
}

/** What is built for, by the variables; a text is what is wrong with them. Tags are added to those of the experiments. */
export function targetOf(env: Environment, tags: readonly string[], cgo: boolean | null = null): BuildTarget | string {
  const goos = env.get('GOOS') || hostOS;
  const goarch = env.get('GOARCH') || hostArch;
  if (!isPort(goos, goarch)) return `go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`;
  const experiments = parseExperiments(goos, goarch, env.get('GOEXPERIMENT'));
  if (typeof experiments === 'string') return `go: ${experiments}`;
  const level = env.get(levelVariable(goarch)) || defaultLevel(goarch);
  return { ...makeTarget(goos, goarch, cgo ?? cgoEnabled(env, goos, goarch), tags), experiments, level };
}
