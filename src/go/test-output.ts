/** What `test` prints of a package and of what could not be built: as text, or as JSON (-json: cmd/internal/test2json; cmd/go/internal/load, JSONPrinter). */
import { ByteWriter, encodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { Converter } from './test2json.ts';

export interface OutputOptions {
  readonly json: boolean;
  /** Shows output when it comes, not when it is complete. */
  readonly streams: boolean;
  /** Keeps it: to be looked at, and to be stored. */
  readonly keeps: boolean;
}

/** The output of one package's tests. */
export class TestOutput {
  private readonly host: Host;
  private readonly options: OutputOptions;
  private readonly converter: Converter | null;
  private kept: ByteWriter;

  constructor(host: Host, path: string, options: OutputOptions) {
    this.host = host;
    this.options = options;
    this.kept = new ByteWriter(1024);
    this.converter = options.json
      ? new Converter({ packagePath: path, timestamps: true, now: () => host.now() }, (text) => host.stdout(text))
      : null;
  }

  write(data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? encodeText(data) : Uint8Array.from(data);
    if (this.options.keeps) this.kept.bytes(bytes);
    if (this.converter !== null) this.converter.add(bytes);
    else if (this.options.streams) this.host.stdout(bytes);
  }

  get bytes(): Uint8Array {
    return this.kept.finish().slice();
  }

  /** Forgets what has come so far. */
  reset(): void {
    this.kept = new ByteWriter(1024);
  }

  /** Prints what has not been printed. `failedBuild` is the package that could not be built, or "". */
  finish(ok: boolean, failedBuild = ''): void {
    const { converter, options } = this;
    if (converter !== null) {
      converter.failedBuild = showsText(this.host) ? '' : failedBuild;
      converter.exited(ok);
      converter.close();
    } else if (!options.streams) this.host.stdout(this.bytes);
  }
}

/** One line that is all there is to tell of a package. */
export function printLine(host: Host, path: string, json: boolean, line: string, ok: boolean, failedBuild = ''): void {
  const output = new TestOutput(host, path, { json, streams: true, keeps: false });
  output.write(line);
  output.finish(ok, failedBuild);
}

/** Why a package could not be built. */
export function printBuildFailure(host: Host, name: string, json: boolean, text: string): void {
  if (!json || showsText(host)) {
    host.stderr(text);
    return;
  }
  for (const line of text.split(/(?<=\n)/))
    host.stdout(`${htmlSafe(JSON.stringify({ ImportPath: name, Action: 'build-output', Output: line }))}\n`);
  host.stdout(`${htmlSafe(JSON.stringify({ ImportPath: name, Action: 'build-fail' }))}\n`);
}

/** Before Go 1.24 builds told their errors as text. */
function showsText(host: Host): boolean {
  return (host.env.get('GODEBUG') ?? '').split(',').includes('gotestjsonbuildtext=1');
}

/** As encoding/json. */
function htmlSafe(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
