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

/** Values of the variables that choose levels, by how the official command tells them (internal/buildcfg); they are looked at whatever the architecture. */
const levels: readonly (readonly [name: string, values: RegExp, text: string])[] = [
  ['GOAMD64', /^v[1234]$/, 'must be v1, v2, v3, v4'],
  [
    'GOARM',
    /^[567](,softfloat|,hardfloat)?$/,
    'must start with 5, 6, or 7, and may optionally end in either ",hardfloat" or ",softfloat"',
  ],
  [
    'GOARM64',
    /^(v8\.\d|v9\.[0-5])(,lse|,crypto)*$/,
    'must start with v8.{0-9} or v9.{0-5} and may optionally end in ",lse" and/or ",crypto"',
  ],
  ['GOMIPS', /^(hardfloat|softfloat)$/, 'must be hardfloat, softfloat'],
  ['GOMIPS64', /^(hardfloat|softfloat)$/, 'must be hardfloat, softfloat'],
  ['GOPPC64', /^power(8|9|10)$/, 'must be power8, power9, power10'],
  ['GORISCV64', /^rva2[023]u64$/, 'must be rva20u64, rva22u64, rva23u64'],
];

/** What is wrong with a variable that chooses a level, or "". */
function wrongLevel(env: Environment): string {
  const wrong = levels.find(([name, values]) => env.get(name) !== '' && !values.test(env.get(name)));
  if (wrong !== undefined) return `invalid ${wrong[0]}: ${wrong[2]}`;
  const feature = env
    .get('GOWASM')
    .split(',')
    .find((f) => !['', 'satconv', 'signext'].includes(f));
  return feature === undefined ? '' : `invalid GOWASM: no such feature ${JSON.stringify(feature)}`;
}

/** Whether cgo is on: as asked, else if programs for this machine are built and there is a C compiler. */
export function cgoEnabled(env: Environment, goos: string, goarch: string): boolean {
  const given = env.get('CGO_ENABLED');
  if (given === '1') return cgoSupported(goos, goarch);
  if (given === '0' || goos !== hostOS || goarch !== hostArch || !cgoSupported(goos, goarch)) return false;
  const compiler = (env.get('CC') || 'gcc').split(' ')[0];
  return findProgram(env.host, compiler);
}

/** Whether PATH leads to a program. */
export function findProgram(host: Host, name: string): boolean {
  if (name.includes('/')) return host.files.stat(name) !== null;
  const path = (host.env.get('PATH') ?? '').split(':');
  return path.some((dir) => dir !== '' && ((host.files.stat(`${dir}/${name}`)?.mode ?? 0) & 0o111) !== 0);
}

/** What is built for, by the variables; a text is what is wrong with them. Only what is built needs a port that exists. Tags are added to those of the experiments. */
export function targetOf(
  env: Environment,
  tags: readonly string[],
  cgo: boolean | null = null,
  checksPort = true,
): BuildTarget | string {
  const goos = env.get('GOOS') || hostOS;
  const goarch = env.get('GOARCH') || hostArch;
  if (checksPort && !isPort(goos, goarch)) return `go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`;
  const wrong = wrongLevel(env);
  if (wrong !== '') return `go: ${wrong}`;
  const experiments = parseExperiments(goos, goarch, env.get('GOEXPERIMENT'));
  if (typeof experiments === 'string') return `go: ${experiments}`;
  const level = env.get(levelVariable(goarch)) || defaultLevel(goarch);
  return { ...makeTarget(goos, goarch, cgo ?? cgoEnabled(env, goos, goarch), tags), experiments, level };
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** The ports of each build mode that not all have (internal/platform, BuildModeSupported); "linux" is all of a system's architectures. */
const buildModePorts: Readonly<Record<string, ReadonlySet<string>>> = {
  'c-archive': words(
    'aix darwin ios windows linux/386 linux/amd64 linux/arm linux/armbe linux/arm64 linux/arm64be linux/loong64 linux/ppc64le linux/riscv64 linux/s390x freebsd/amd64',
  ),
  'c-shared': words(
    'linux/amd64 linux/arm linux/arm64 linux/loong64 linux/386 linux/ppc64le linux/riscv64 linux/s390x android/amd64 android/arm android/arm64 ' +
      'android/386 freebsd/amd64 darwin/amd64 darwin/arm64 windows/amd64 windows/386 windows/arm64 wasip1/wasm',
  ),
  pie: words(
    'linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64 linux/ppc64le linux/riscv64 linux/s390x android/amd64 android/arm android/arm64 ' +
      'android/386 freebsd/amd64 darwin/amd64 darwin/arm64 ios/amd64 ios/arm64 aix/ppc64 openbsd/arm64 windows/386 windows/amd64 windows/arm64',
  ),
  shared: words('linux/386 linux/amd64 linux/arm linux/arm64 linux/ppc64le linux/s390x'),
  plugin: words(
    'linux/amd64 linux/arm linux/arm64 linux/386 linux/loong64 linux/riscv64 linux/s390x linux/ppc64le android/amd64 android/386 darwin/amd64 ' +
      'darwin/arm64 freebsd/amd64',
  ),
};

export function buildModeSupported(mode: string, goos: string, goarch: string): boolean {
  const ports = buildModePorts[mode];
  return ports === undefined || ports.has(goos) || ports.has(`${goos}/${goarch}`);
}
