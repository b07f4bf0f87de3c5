/**
 * Command lines of the tools, by Go's flag rules: -name value, -name=value, one dash or two; a boolean takes a value only after
 * "="; parsing stops at the first argument that is not a flag, or after "--".
 */
export interface FlagSpec {
  readonly name: string;
  /**
   * "count": a flag that counts its occurrences or takes a number. "leading": a flag with a value that can only be the first one, and has been taken
   * from the command line before it is parsed.
   */
  readonly kind: 'bool' | 'string' | 'int' | 'count' | 'leading';
  /** Every occurrence counts, not the last one only. */
  readonly repeated: boolean;
}

/** Flags of one kind, by their names with spaces between. */
export function flagSpecs(kind: FlagSpec['kind'], repeated: boolean, names: string): FlagSpec[] {
  return names.split(' ').map((name) => ({ name, kind, repeated }));
}

export class ParsedFlags {
  readonly values: Map<string, string[]>;
  /** Arguments after the flags. */
  rest: string[];
  /** What is wrong with the command line, "" if nothing is. */
  error: string;

  constructor() {
    this.values = new Map();
    this.rest = [];
    this.error = '';
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  text(name: string, fallback: string): string {
    const list = this.values.get(name);
    return list === undefined ? fallback : list[list.length - 1];
  }

  list(name: string): string[] {
    return this.values.get(name) ?? [];
  }

  bool(name: string, fallback: boolean): boolean {
    const list = this.values.get(name);
    return list === undefined ? fallback : isTrue(list[list.length - 1]);
  }

  int(name: string, fallback: number): number {
    const list = this.values.get(name);
    return list === undefined ? fallback : Number(list[list.length - 1]);
  }

  count(name: string): number {
    let n = 0;
    for (const v of this.list(name)) {
      if (v === 'true') n++;
      else n = v === 'false' ? 0 : Number(v);
    }
    return n;
  }
}

const trueWords = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const falseWords = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function isTrue(text: string): boolean {
  return trueWords.includes(text);
}

/** Expands @file arguments as the official tools do: one argument a line. */
export function expandResponseFiles(args: readonly string[], read: (path: string) => string): string[] {
  const out: string[] = [];
  for (const a of args) {
    if (!a.startsWith('@')) {
      out.push(a);
      continue;
    }
    for (const line of read(a.slice(1)).split('\n')) {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (text !== '') out.push(text.replace(/\\(n|\\)/g, (_, c: string) => (c === 'n' ? '\n' : '\\')));
    }
  }
  return out;
}

export function parseFlags(specs: readonly FlagSpec[], args: readonly string[]): ParsedFlags {
  const byName = new Map(specs.map((s) => [s.name, s]));
  const p = new ParsedFlags();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') {
      p.rest = args.slice(i + 1);
      return p;
    }
    if (arg.length < 2 || arg[0] !== '-') {
      p.rest = args.slice(i);
      return p;
    }
    const body = arg.startsWith('--') ? arg.slice(2) : arg.slice(1);
    const eq = body.indexOf('=');
    const name = eq < 0 ? body : body.slice(0, eq);
    const spec = byName.get(name);
    if (name === '' || name.startsWith('-') || spec === undefined) {
      p.error =
        name === '' || name.startsWith('-') ? `bad flag syntax: ${arg}` : `flag provided but not defined: -${name}`;
      return p;
    }
    let value: string;
    if (eq >= 0) value = body.slice(eq + 1);
    else if (spec.kind === 'bool' || spec.kind === 'count') value = 'true';
    else if (i + 1 < args.length) value = args[++i];
    else {
      p.error = `flag needs an argument: -${name}`;
      return p;
    }
    const bad = checkValue(spec, value);
    if (bad !== '') {
      p.error = bad;
      return p;
    }
    const list = p.values.get(name);
    if (list === undefined || !spec.repeated) p.values.set(name, [value]);
    else list.push(value);
  }
  return p;
}

/** What is wrong with a flag's value, or "". */
export function checkValue(spec: FlagSpec, value: string): string {
  if (spec.kind === 'bool' && !isTrue(value) && !falseWords.includes(value)) {
    return `invalid boolean value ${JSON.stringify(value)} for -${spec.name}: parse error`;
  }
  if (spec.kind === 'int' && !/^[+-]?(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(value)) {
    return `invalid value ${JSON.stringify(value)} for flag -${spec.name}: parse error`;
  }
  if (spec.kind === 'leading')
    return `invalid value ${JSON.stringify(value)} for flag -${spec.name}: ${notLeading(spec)}`;
  return '';
}

/** What is wrong with a leading flag among others. */
export function notLeading(spec: FlagSpec): string {
  return `-${spec.name} flag must be first flag on command line`;
}
