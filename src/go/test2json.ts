/**
 * The output of test binaries as a stream of JSON events (cmd/internal/test2json; `go doc test2json` says what the events mean). Text is kept with a
 * character per byte until it is written: lines may end in the middle of nothing else.
 */
import { encodeText } from '#base/bytes.ts';

/** Begins lines that frame tests, if -test.v=test2json made the binary say which do. */
const marker = '\x16';

const updates = ['RUN  ', 'PAUSE', 'CONT ', 'NAME ', 'PASS ', 'FAIL ', 'SKIP ', 'ATTR ', 'ARTIFACTS'].map(
  (word) => `=== ${word} `,
);
const reports = ['PASS', 'FAIL', 'SKIP', 'BENCH'].map((word) => `--- ${word}: `);

export interface ConverterOptions {
  /** The package that events name, or "". */
  readonly packagePath: string;
  /** Events tell their time, and how long tests took. */
  readonly timestamps: boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Longer lines are not looked at; longer outputs are split. Bytes. */
  readonly inputSize?: number;
  readonly outputSize?: number;
}

interface Event {
  readonly action: string;
  readonly test: string;
  readonly elapsed: number | null;
  readonly output: string | null;
  readonly failedBuild: string;
  readonly key: string;
  readonly value: string;
  readonly path: string;
}

const plainEvent: Event = {
  action: '',
  test: '',
  elapsed: null,
  output: null,
  failedBuild: '',
  key: '',
  value: '',
  path: '',
};

export class Converter {
  readonly options: ConverterOptions;
  private readonly write: (text: string) => void;
  private readonly started: number;
  private readonly input: LineBuffer;
  private readonly output: LineBuffer;
  /** The test that output belongs to. */
  testName: string;
  /** Results that have been told and may still be followed by output; subtests stand behind their tests. */
  readonly pending: Event[];
  /** The package's: "", "pass", "fail", "skip". */
  result: string;
  /** Only marked lines frame tests. */
  needsMarker: boolean;
  /** The package that could not be built, so that there is no test. */
  failedBuild: string;

  /** `write` takes an event a line. */
  constructor(options: ConverterOptions, write: (text: string) => void) {
    this.options = options;
    this.write = write;
    this.started = options.now();
    this.testName = '';
    this.pending = [];
    this.result = '';
    this.needsMarker = false;
    this.failedBuild = '';
    const tellOutput = (text: string): void => this.event({ ...plainEvent, action: 'output', output: text });
    this.output = new LineBuffer(options.outputSize ?? 1024, tellOutput, tellOutput);
    this.input = new LineBuffer(
      options.inputSize ?? 4096,
      (line) => handleLine(this, line),
      (part) => this.output.write(part),
    );
    this.event({ ...plainEvent, action: 'start' });
  }

  /** Takes output of the test binary. */
  add(data: Uint8Array): void {
    this.input.write(byteText(data));
  }

  /** Takes a line that is the command's own. */
  addText(text: string): void {
    this.add(encodeText(text));
  }

  /** The binary has ended well or not. */
  exited(ok: boolean): void {
    if (!ok) this.result = 'fail';
    else if (this.result !== 'skip') this.result = 'pass';
  }

  /** Ends the stream with the package's result. */
  close(): void {
    this.input.flush();
    this.output.flush();
    if (this.result === '') return;
    const { timestamps, now } = this.options;
    this.event({
      ...plainEvent,
      action: this.result,
      elapsed: timestamps ? Math.round(now() - this.started) / 1000 : null,
      failedBuild: this.result === 'fail' ? this.failedBuild : '',
    });
  }

  writeOutput(text: string): void {
    this.output.write(text);
  }

  flushOutput(): void {
    this.output.flush();
  }

  /** Tells the results of subtests that are nested as deep or deeper. */
  flushReports(depth: number): void {
    this.testName = '';
    while (this.pending.length > depth) {
      const e = this.pending.pop();
      if (e !== undefined) this.event(e);
    }
  }

  event(e: Event): void {
    const { packagePath, timestamps } = this.options;
    const fields: string[] = [];
    const add = (name: string, value: string): void => {
      if (value !== '') fields.push(`"${name}":${jsonText(encodeText(value))}`);
    };
    if (timestamps) add('Time', timeText(new Date()));
    add('Action', e.action);
    add('Package', packagePath);
    const test = e.test || this.testName;
    if (test !== '') fields.push(`"Test":${jsonText(bytesOf(test))}`);
    if (e.elapsed !== null) fields.push(`"Elapsed":${e.elapsed}`);
    if (e.output !== null) fields.push(`"Output":${jsonText(bytesOf(e.output))}`);
    add('FailedBuild', e.failedBuild);
    if (e.key !== '') fields.push(`"Key":${jsonText(bytesOf(e.key))}`);
    if (e.value !== '') fields.push(`"Value":${jsonText(bytesOf(e.value))}`);
    if (e.path !== '') fields.push(`"Path":${jsonText(bytesOf(e.path))}`);
    this.write(`{${fields.join(',')}}\n`);
  }
}

function byteText(data: Uint8Array): string {
  let s = '';
  for (let i = 0; i < data.length; i += 4096) s += String.fromCharCode(...data.subarray(i, i + 4096));
  return s;
}

function bytesOf(text: string): Uint8Array {
  const data = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) data[i] = text.charCodeAt(i);
  return data;
}

/** A whole line of the binary's output, with its end. */
function handleLine(c: Converter, given: string): void {
  let line = given;
  const isMarked = line[0] === marker;
  if (c.needsMarker && !isMarked) {
    c.writeOutput(line);
    return;
  }
  if (isMarked) {
    c.flushOutput();
    line = line.slice(1);
  }
  let trimmed = line.replace(/\r?\n$/, '');
  // The blanks before an empty name may have been lost.
  if (trimmed === '=== NAME') {
    line = '=== NAME  \n';
    trimmed = line.slice(0, -1);
  }
  if (trimmed === 'PASS' || trimmed === 'FAIL' || trimmed.startsWith('FAIL\t')) {
    c.flushReports(0);
    c.needsMarker = isMarked;
    c.writeOutput(line);
    c.result = trimmed === 'PASS' ? 'pass' : 'fail';
    return;
  }
  if (line.startsWith('?   \t') && trimmed.endsWith('\t[no test files]') && c.pending.length === 0) c.result = 'skip';
  if (updates.some((u) => line.startsWith(u))) {
    handleUpdate(c, line, isMarked);
    return;
  }
  let indent = 0;
  while (line.startsWith('    ', 4 * indent)) indent++;
  const rest = line.slice(4 * indent);
  if (reports.some((r) => rest.startsWith(r)) && indent <= c.pending.length) {
    handleReport(c, line, rest, indent, isMarked);
    return;
  }
  // Output of a subtest is indented like its result.
  const isReport = reports.some((r) => rest.startsWith(r));
  if (!isReport && indent > 0 && indent <= c.pending.length) c.testName = c.pending[indent - 1].test;
  c.writeOutput(line);
}

/** "--- PASS: Name (0.00s)". */
function handleReport(c: Converter, line: string, rest: string, indent: number, isMarked: boolean): void {
  const [action, described] = actionAndName(rest);
  let name = described;
  let elapsed: number | null = null;
  const open = name.indexOf(' (');
  if (open >= 0) {
    const time = /^(\d*\.?\d+(?:e[+-]?\d+)?)s\)$/.exec(name.slice(open + 2));
    if (time !== null && c.options.timestamps) elapsed = Number(time[1]);
    name = name.slice(0, open);
  }
  c.needsMarker = isMarked;
  c.flushReports(indent);
  c.testName = name;
  c.pending.push({ ...plainEvent, action, test: name, elapsed });
  c.writeOutput(line);
}

/** "=== RUN   Name". */
function handleUpdate(c: Converter, line: string, isMarked: boolean): void {
  const [action, described] = actionAndName(line);
  let name = described;
  let key = '';
  let value = '';
  let path = '';
  if (action === 'artifacts') [name, path] = cut(name);
  if (action === 'attr') {
    let rest: string;
    [name, rest] = cut(name);
    [key, value] = cut(rest);
  }
  c.needsMarker = isMarked;
  c.flushReports(0);
  c.testName = name;
  // It only says whose the output is.
  if (action === 'name') return;
  // A test is paused after it has told so.
  if (action === 'pause') c.writeOutput(line);
  c.event({ ...plainEvent, action, key, value, path });
  if (action !== 'pause') c.writeOutput(line);
}

function actionAndName(line: string): [action: string, name: string] {
  const [action, name] = cut(line.slice(4));
  return [action.replace(/:$/, '').toLowerCase(), trimSpace(name)];
}

function cut(text: string): [before: string, after: string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function trimSpace(text: string): string {
  return text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
}

/** Collects bytes up to the ends of lines; lines that do not fit are handed on in parts. */
class LineBuffer {
  private readonly size: number;
  private readonly line: (text: string) => void;
  private readonly part: (text: string) => void;
  private held: string;
  /** The line has been handed on in part. */
  private isMid: boolean;

  constructor(size: number, line: (text: string) => void, part: (text: string) => void) {
    this.size = size;
    this.line = line;
    this.part = part;
    this.held = '';
    this.isMid = false;
  }

  write(text: string): void {
    let rest = text;
    while (rest !== '') {
      const room = this.size - this.held.length;
      this.held += rest.slice(0, room);
      rest = rest.slice(room);
      this.take();
    }
  }

  flush(): void {
    if (this.held === '') return;
    this.part(this.held);
    this.held = '';
  }

  private take(): void {
    let i = 0;
    while (i < this.held.length) {
      const end = lineEnd(this.held, i);
      if (end < 0) {
        i = this.takeBenchmark(i);
        break;
      }
      const text = this.held.slice(i, end);
      if (this.isMid) this.part(text);
      else this.line(text);
      this.isMid = false;
      i = end;
    }
    if (i === 0 && this.held.length === this.size) {
      i = wholeCharacters(this.held);
      this.part(this.held.slice(0, i));
      this.isMid = true;
    }
    this.held = this.held.slice(i);
  }

  /** The name of a benchmark is shown while it runs. */
  private takeBenchmark(from: number): number {
    if (this.isMid) return from;
    const tab = this.held.indexOf('\t', from);
    if (tab < 0 || !isBenchmarkName(this.held.slice(from, tab).replace(/ +$/, ''))) return from;
    this.part(this.held.slice(from, tab + 1));
    this.isMid = true;
    return tab + 1;
  }
}

/** The end of the line at an index: behind a newline, or before a marker that does not begin it; -1 if it is not there. */
function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\n') return i + 1;
    if (text[i] === marker && i > from) return i;
  }
  return -1;
}

function isBenchmarkName(text: string): boolean {
  if (!text.startsWith('Benchmark')) return false;
  const rest = new TextDecoder().decode(bytesOf(text.slice('Benchmark'.length)));
  return !/^\p{Ll}/u.test(rest);
}

/** How much of a text ends with a whole UTF-8 sequence. */
function wholeCharacters(text: string): number {
  for (let back = 1; back < 4 && back <= text.length; back++) {
    const c = text.charCodeAt(text.length - back);
    if ((c & 0xc0) === 0x80) continue;
    const length = (c & 0xe0) === 0xc0 ? 2 : (c & 0xf0) === 0xe0 ? 3 : (c & 0xf8) === 0xf0 ? 4 : 1;
    if (back < length) return text.length - back;
    break;
  }
  return text.length;
}

/** As encoding/json: HTML's special characters are escaped, wrong UTF-8 is replaced a byte at a time. */
function jsonText(data: Uint8Array): string {
  const text = JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(data));
  return text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** RFC 3339 with the local offset and no more digits than needed. */
function timeText(t: Date): string {
  const offset = -t.getTimezoneOffset();
  const two = (n: number): string => String(n).padStart(2, '0');
  const shifted = new Date(t.getTime() + offset * 60_000).toISOString();
  const zone =
    offset === 0
      ? 'Z'
      : `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return shifted.replace(/(\.\d*?)0*Z$/, (_, digits: string) => (digits === '.' ? '' : digits)) + zone;
}
