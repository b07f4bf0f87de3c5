/** GOEXPERIMENT (internal/buildcfg/exp.go, internal/goexperiment/flags.go). */

/** All experiments, in the order in which the toolchain lists them. */
export const experimentNames: readonly string[] = [
  'fieldtrack',
  'preemptibleloops',
  'staticlockranking',
  'boringcrypto',
  'regabiwrappers',
  'regabiargs',
  'heapminimum512kib',
  'arenas',
  'cgocheck2',
  'loopvar',
  'newinliner',
  'dwarf5',
  'jsonv2',
  'greenteagc',
  'randomizedheapbase64',
  'runtimefreegc',
  'sizespecializedmalloc',
  'goroutineleakprofile',
  'simd',
  'runtimesecret',
];

const registerAbiAlways = new Set(['amd64', 'arm64', 'loong64', 'ppc64', 'ppc64le', 'riscv64']);

function registerAbiSupported(goarch: string): boolean {
  return registerAbiAlways.has(goarch) || goarch === 's390x';
}

/** The experiments that are on if GOEXPERIMENT is empty. */
export function defaultExperiments(goos: string, goarch: string): string[] {
  const list = ['greenteagc', 'randomizedheapbase64'];
  if (registerAbiSupported(goarch)) list.push('regabiwrappers', 'regabiargs');
  // DWARF 5 is more than Apple's and AIX's tools understand.
  if (!['aix', 'darwin', 'ios'].includes(goos)) list.push('dwarf5');
  return experimentNames.filter((name) => list.includes(name));
}

/** The experiments that a GOEXPERIMENT value gives; a text is an error. */
export function parseExperiments(goos: string, goarch: string, text: string): string[] | string {
  const on = new Set(defaultExperiments(goos, goarch));
  for (const word of text.split(',')) {
    if (word === '') continue;
    if (word === 'none') {
      on.clear();
      continue;
    }
    const off = word.startsWith('no');
    const name = off ? word.slice(2) : word;
    const names = name === 'regabi' ? ['regabiwrappers', 'regabiargs'] : [name];
    for (const n of names) {
      if (!experimentNames.includes(n)) return `unknown GOEXPERIMENT ${name}`;
      if (off) on.delete(n);
      else on.add(n);
    }
  }
  for (const n of ['regabiwrappers', 'regabiargs']) {
    if (registerAbiAlways.has(goarch)) on.add(n);
    if (!registerAbiSupported(goarch)) on.delete(n);
  }
  if (on.has('regabiargs') && !on.has('regabiwrappers')) return 'GOEXPERIMENT regabiargs requires regabiwrappers';
  return experimentNames.filter((name) => on.has(name));
}
