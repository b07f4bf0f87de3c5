/** What `test -json` told: results of tests and packages, and what was said of builds and vet. */

export interface TestResults {
  /** "package test" or "package" → pass, fail, skip, build-fail. */
  readonly results: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  /** Lines of compilers and of vet, sorted. */
  readonly findings: string;
  readonly status: number;
}

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

export function testResults(stdout: string, stderr: string, status: number): TestResults {
  const results = new Map<string, string>();
  const outputs = new Map<string, string>();
  const findings = stderr.split('\n');
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('{')) {
      findings.push(line);
      continue;
    }
    const event: unknown = JSON.parse(line);
    if (typeof event !== 'object' || event === null) continue;
    const [action, output] = [field(event, 'Action'), field(event, 'Output')];
    const key = withoutAddresses(`${field(event, 'Package') || field(event, 'ImportPath')} ${field(event, 'Test')}`);
    // Names that differ in addresses only count together.
    if (ends.has(action)) results.set(key, [...(results.get(key)?.split(' ') ?? []), action].sort().join(' '));
    if (action === 'output') outputs.set(key, (outputs.get(key) ?? '') + output);
    if (action === 'build-output') findings.push(output.trimEnd());
  }
  const said = findings.filter((l) => l !== '').sort();
  return { results, outputs, findings: said.join('\n'), status };
}

export function differences(ours: TestResults, official: TestResults): string[] {
  const list: string[] = [];
  for (const key of new Set([...ours.results.keys(), ...official.results.keys()])) {
    const [a, b] = [ours.results.get(key) ?? 'missing', official.results.get(key) ?? 'missing'];
    if (a !== b) list.push(`${key}: ${a}, officially ${b}: ${(ours.outputs.get(key) ?? '').slice(-500)}`);
  }
  if (ours.findings !== official.findings)
    list.push(`findings: ${ours.findings.slice(0, 2000)}\nofficially: ${official.findings.slice(0, 2000)}`);
  if (ours.status !== official.status) list.push(`status ${ours.status}, officially ${official.status}`);
  return list;
}
