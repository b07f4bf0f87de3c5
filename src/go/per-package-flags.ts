/** -gcflags, -ldflags, -asmflags: "[pattern=]flags", the last that fits a package holds (cmd/go/internal/load, flag.go). */
import type { Host } from '#host/host.ts';
import { patternRegExp, type Workspace } from './packages.ts';
import { absolutePath } from './paths.ts';
import { splitQuotedFields } from './quoted.ts';

interface PatternFlags {
  /** Null: the packages named on the command line. */
  readonly pattern: string | null;
  readonly flags: readonly string[];
}

export class PerPackageFlags {
  /** As given last, for build information. */
  readonly raw: string;
  /** Says which packages "work" and "tool" mean, when that is known. */
  workspace: Pick<Workspace, 'moduleOf' | 'modules'> | null;
  private readonly values: readonly PatternFlags[];

  constructor(raw: string, values: readonly PatternFlags[]) {
    this.raw = raw;
    this.workspace = null;
    this.values = values;
  }

  get isGiven(): boolean {
    return this.values.length > 0;
  }

  for(host: Host, p: { readonly path: string; readonly dir: string; readonly isStandard: boolean }, isNamed: boolean) {
    let flags: readonly string[] = [];
    for (const v of this.values)
      if (v.pattern === null ? isNamed : this.isOf(v.pattern, p) || packageMatches(host, v.pattern, p)) flags = v.flags;
    return flags;
  }

  /** "work": packages of the main modules; "tool": the tools of go.mod. */
  private isOf(
    pattern: string,
    p: { readonly path: string; readonly dir: string; readonly isStandard: boolean },
  ): boolean {
    const { workspace } = this;
    if (workspace === null) return false;
    if (pattern === 'work') return workspace.moduleOf(p)?.version === '';
    if (pattern !== 'tool') return false;
    return workspace.modules?.mains.some((m) => m.file.tool.some((t) => t.value === p.path)) === true;
  }
}

/** A text is what is wrong. */
export function perPackageFlags(name: string, given: readonly string[]): PerPackageFlags | string {
  const values: PatternFlags[] = [];
  const wrong = (text: string, why: string): string =>
    `invalid value ${JSON.stringify(text)} for flag -${name}: ${why}`;
  for (const text of given) {
    let rest = text.trim();
    let pattern: string | null = null;
    if (rest !== '' && !rest.startsWith('-')) {
      const eq = rest.indexOf('=');
      if (eq < 0) return wrong(text, 'missing =<value> in <pattern>=<value>');
      if (eq === 0) return wrong(text, 'missing <pattern> in <pattern>=<value>');
      if (/^['"]/.test(rest)) return wrong(text, `parameter may not start with quote character ${rest[0]}`);
      pattern = rest.slice(0, eq).trim();
      rest = rest.slice(eq + 1);
    }
    const flags = splitQuotedFields(rest);
    if (flags === null) return wrong(text, `unterminated ${/["']/.exec(rest)?.[0] ?? '"'} string`);
    values.push({ pattern, flags });
  }
  return new PerPackageFlags(given.at(-1) ?? '', values);
}

/** Whether a pattern of packages (go help packages) means one; relative paths start at the working directory. */
export function packageMatches(
  host: Host,
  pattern: string,
  p: { readonly path: string; readonly dir: string; readonly isStandard: boolean },
): boolean {
  if (pattern === 'all') return true;
  if (pattern === 'std') return p.isStandard && !p.path.startsWith('cmd/');
  if (pattern === 'cmd') return p.isStandard && p.path.startsWith('cmd/');
  if (/^\.\.?(\/|$)|^\//.test(pattern)) return patternRegExp(absolutePath(host, pattern)).test(p.dir);
  return patternRegExp(pattern).test(p.path);
}
