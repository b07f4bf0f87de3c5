/** Coverage of `test`: its flags, and the profile (cmd/go/internal/test: cover.go). */
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { dependenciesOf, type LoadedPackage } from '#load/loader.ts';
import { BuildFlagError } from './build-options.ts';
import { metaDataFile } from './cover-meta.ts';
import type { Coverage, CoveredPackage } from './coverage.ts';
import type { TestRun } from './test.ts';
import type { TestCommandLine } from './test-flags.ts';

/** Where the profile goes, "" if there is none. */
export function profilePath(host: Host, line: TestCommandLine): string {
  const { parsed } = line;
  const profile = parsed.text('coverprofile', '');
  const directory = parsed.text('outputdir', '') || host.workingDirectory();
  return profile === '' || profile.startsWith('/') ? profile : `${directory}/${profile}`;
}

/** Tells the tests of one package of code in others that they are not made of: what -coverpkg covers counts whether it is there or not. */
export function writeMetaFiles(run: TestRun, directory: string, host: Host): void {
  const { coverage } = run;
  if (coverage === null || coverage.patterns === null) return;
  const paths: string[] = [];
  const files: string[] = [];
  for (const p of run.tested) {
    if (!coverage.selected.includes(p)) continue;
    const covered = coverage.cover(run.host, run.ws, p);
    if (covered.functions.length === 0) continue;
    const file = `${directory}/${paths.length}.covmeta`;
    host.files.writeFile(file, metaDataFile(covered.meta, covered.functions));
    paths.push(p.path);
    files.push(file);
  }
  const list = JSON.stringify({ ImportPaths: paths, MetaFileFragments: files });
  host.files.writeFile(`${directory}/gocoverdir/metafiles.txt`, encodeText(`${list}\n`));
}

/** What a package without tests says of its coverage: nothing of it ran. */
export function uncoveredLine(p: LoadedPackage, c: CoveredPackage): string {
  const statements = c.functions.flatMap((f) => f.units).reduce((n, u) => n + u.statements, 0);
  return `\t${p.path}\t\tcoverage: ${statements === 0 ? '[no statements]' : '0.0% of statements'}\n`;
}

/** The profile of a package whose code has not run. */
export function uncoveredProfile(c: CoveredPackage, mode: string): Uint8Array {
  const lines = c.functions.flatMap((f) => f.units.map((u) => ({ file: f.file, u })));
  lines.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.u.startLine - b.u.startLine ||
      a.u.startColumn - b.u.startColumn,
  );
  const text = lines.map(
    ({ file, u }) => `${file}:${u.startLine}.${u.startColumn},${u.endLine}.${u.endColumn} ${u.statements} 0\n`,
  );
  return encodeText(`mode: ${mode}\n${text.join('')}`);
}

/** The profile of all packages of a command: one head, then what the tests have written. */
export class CoverProfile {
  private readonly host: Host;
  private readonly path: string;
  private readonly head: string;
  private readonly content: ByteWriter;

  constructor(host: Host, coverage: Coverage, path: string) {
    this.host = host;
    this.path = path;
    this.head = `mode: ${coverage.mode}\n`;
    this.content = new ByteWriter(4096);
    this.content.bytes(encodeText(this.head));
    // A place that cannot be written to is told before anything is built.
    this.write();
  }

  add(data: Uint8Array): void {
    const { length } = encodeText(this.head);
    if (decodeText(data.subarray(0, length)) === this.head) this.content.bytes(data.subarray(length));
    else this.host.stderr('error: test wrote malformed coverage profile\n');
  }

  /** Writes the profile as far as it is. Throws BuildFlagError. */
  write(): void {
    const { path } = this;
    try {
      this.host.files.writeFile(path, this.content.finish().slice());
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new BuildFlagError(`open ${path}: ${e.code === 'ENOENT' ? 'no such file or directory' : e.message}`, 1);
    }
  }
}

/** Everything that tests of packages are made of. */
export function partsOf(packages: readonly LoadedPackage[]): Set<LoadedPackage> {
  return new Set(packages.flatMap((p) => [p, ...dependenciesOf(p)]));
}
