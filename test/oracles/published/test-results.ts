/** What `test -json` told: results of tests and packages, and what was said of builds and vet. */
import { closeSync, openSync, readSync } from 'node:fs';

export interface TestResults {
  /** "package test" or "package" → pass, fail, skip, build-fail. */
  readonly results: ReadonlyMap<string, string>;
  /** The last that they printed. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Lines of compilers and of vet, sorted. */
  readonly findings: string;
  readonly status: number;
}

/** Characters of a test's output that are kept. */
const shown = 500;

const ends = new Set(['pass', 'fail', 'skip', 'build-fail']);

function field(event: object, name: string): string {
  const value: unknown = Object.getOwnPropertyDescriptor(event, name)?.value;
  return typeof value === 'string' ? value : '';
}

function withoutAddresses(name: string): string {
  return name
    .trimEnd()
    .replaceAll(/0x[0-9a-f]{5,}/g, 'ADDRESS')
    .replaceAll(/time\.Date\([^)]*\)/g, 'NOW');
}

/** The lines of a file that may be longer than a string can be: some tests print hundreds of megabytes. */
export function* linesOf(file: string): Generator<string> {
  const fd = openSync(file, 'r');
  const chunk = Buffer.alloc(1 << 20);
  let rest: Buffer = Buffer.alloc(0);
  for (let n = readSync(fd, chunk); n > 0; n = readSync(fd, chunk)) {
    const all = Buffer.concat([rest, chunk.subarray(0, n)]);
    let start = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, start)) {
      yield all.toString('utf8', start, end);
      start = end + 1;
    }
    rest = all.subarray(start);
  }
  closeSync(fd);
  if (rest.length > 0) yield rest.toString();
}

export function testResults(lines: Iterable<string>, stderr: string, status: number): TestResults {
  const results = new Map<string, string>();
  const outputs = new Map<string, string>();
  const findings = stderr.split('\n');
  for (const line of lines) {
    if (!line.startsWith('{')) {
      findings.push(line);
      continue;
    }
    const event: unknown = JSON.parse(line);
    if (typeof event !== 'object' || event === null) continue;
    const [action, said] = [field(event, 'Action'), field(event, 'Output')];
    const key = withoutAddresses(`${field(event, 'Package') || field(event, 'ImportPath')} ${field(event, 'Test')}`);
    // Names that differ in addresses only count together.
    if (ends.has(action)) results.set(key, [...(results.get(key)?.split(' ') ?? []), action].sort().join(' '));
    if (action === 'output') outputs.set(key, ((outputs.get(key) ?? '') + said).slice(-shown));
    if (action === 'build-output') findings.push(said.trimEnd());
  }
  findings.sort();
  return { results, outputs, findings: findings.filter((l) => l !== '').join('\n'), status };
}

export interface Difference {
  readonly package: string;
  /** The test's function; "" if the difference is not one of tests. */
  readonly test: string;
  readonly text: string;
}

export function differences(ours: TestResults, official: TestResults): Difference[] {
  const list: Difference[] = [];
  for (const key of new Set([...ours.results.keys(), ...official.results.keys()])) {
    const [a, b] = [ours.results.get(key) ?? 'missing', official.results.get(key) ?? 'missing'];
    const [name, test = ''] = key.split(' ');
    const text = `${key}: ${a}, officially ${b}: ${ours.outputs.get(key) ?? ''}`;
    if (a !== b) list.push({ package: name, test: test.split('/')[0], text });
  }
  const other = (text: string): void => void list.push({ package: '', test: '', text });
  if (ours.findings !== official.findings)
    other(`findings: ${ours.findings.slice(0, 2000)}\nofficially: ${official.findings.slice(0, 2000)}`);
  if (ours.status !== official.status) other(`status ${ours.status}, officially ${official.status}`);
  return list;
}
