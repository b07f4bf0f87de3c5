/** Lines of scripts (cmd/internal/script): conditions, a command with quoted and unquoted pieces of arguments, "&". */

export interface Fragment {
  readonly text: string;
  /** Within quotes variables are not replaced. */
  readonly quoted: boolean;
}

export interface Condition {
  readonly want: boolean;
  readonly tag: string;
}

export interface ScriptCommand {
  readonly line: number;
  readonly text: string;
  /** "": must succeed; "!": must fail; "?": either. */
  want: string;
  readonly conditions: Condition[];
  name: string;
  rawArgs: Fragment[][];
  background: boolean;
}

const separators = ' \t\r\n#';

/** Null for blank lines. Throws an error with the reason. */
export function parseLine(line: number, text: string): ScriptCommand | null {
  const c: ScriptCommand = { line, text, want: '', conditions: [], name: '', rawArgs: [], background: false };
  let fragments: Fragment[] = [];
  let start = -1;
  let quoted = false;
  for (let i = 0; ; i++) {
    const atEnd = i >= text.length;
    if (!quoted && (atEnd || separators.includes(text[i]))) {
      if (start >= 0) fragments.push({ text: text.slice(start, i), quoted: false });
      start = -1;
      if (fragments.length > 0) addArgument(c, fragments);
      fragments = [];
      if (atEnd || text[i] === '#') break;
      continue;
    }
    if (atEnd) throw new Error('unterminated quoted argument');
    if (text[i] === "'") {
      if (!quoted) {
        if (start >= 0) fragments.push({ text: text.slice(start, i), quoted: false });
      } else {
        fragments.push({ text: text.slice(start, i), quoted: true });
        // A doubled quote is one quote, within quotes.
        if (text[i + 1] === "'") {
          start = ++i;
          continue;
        }
      }
      start = i + 1;
      quoted = !quoted;
      continue;
    }
    if (start < 0) start = i;
  }
  if (c.name === '') {
    if (c.want !== '' || c.conditions.length > 0) throw new Error('missing command');
    return null;
  }
  const last = c.rawArgs.at(-1);
  if (last?.length === 1 && !last[0].quoted && last[0].text === '&') {
    c.background = true;
    c.rawArgs = c.rawArgs.slice(0, -1);
  }
  return c;
}

function addArgument(c: ScriptCommand, fragments: Fragment[]): void {
  if (c.name !== '' || fragments.length !== 1 || fragments[0].quoted) {
    c.rawArgs.push(fragments);
    return;
  }
  const { text } = fragments[0];
  if (text === '!' || text === '?') {
    if (c.want !== '') throw new Error("duplicated '!' or '?' token");
    c.want = text;
  } else if (text.startsWith('[') && text.endsWith(']')) {
    const tag = text.slice(1, -1).trim();
    const want = !tag.startsWith('!');
    c.conditions.push({ want, tag: want ? tag : tag.slice(1).trim() });
  } else {
    c.name = text;
  }
}

/** os.Expand. */
export function expand(text: string, value: (name: string) => string): string {
  return text.replace(/\$(?:\{([^}]*)\}|([A-Za-z0-9_]+|[*#$@!?-]))/g, (_, braced: string | undefined, name: string) =>
    value(braced ?? name),
  );
}

export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** A pattern of Go's regexp with (?m), as a RegExp. */
export function goRegExp(pattern: string, flags = 'm'): RegExp {
  let out = '';
  let inClass = false;
  let open = 0;
  const closers: number[] = [0];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '\\') {
      const next = pattern[i + 1] ?? '';
      i++;
      if (next === 'Q') {
        const end = pattern.indexOf('\\E', i);
        const literal = end < 0 ? pattern.slice(i + 1) : pattern.slice(i + 1, end);
        out += quoteMeta(literal);
        i = end < 0 ? pattern.length : end + 1;
      } else if (next === 'A') out += '(?<![\\s\\S])';
      else if (next === 'z') out += '(?![\\s\\S])';
      else if (/[a-zA-Z0-9]/.test(next)) out += `\\${next}`;
      else if (/[\^$\\.*+?()[\]{}|/-]/.test(next)) out += `\\${next}`;
      else out += next;
      continue;
    }
    if (inClass) {
      const posix = /^\[:(\w+):\]/.exec(pattern.slice(i));
      if (posix !== null) {
        out += posixClasses[posix[1]] ?? '';
        i += posix[0].length - 1;
        continue;
      }
      if (c === ']') inClass = false;
      out += c === '[' ? '\\[' : c;
      continue;
    }
    if (c === '[') {
      inClass = true;
      const begin = /^\[\^?\]/.exec(pattern.slice(i));
      if (begin !== null) {
        out += `${begin[0].slice(0, -1)}\\]`;
        i += begin[0].length - 1;
      } else out += c;
      continue;
    }
    if (c === '(') {
      const flag = /^\(\?([imsU]+)\)/.exec(pattern.slice(i));
      if (flag !== null) {
        // For the rest of the group.
        out += `(?${flag[1].replace('U', '')}:`;
        closers[open]++;
        i += flag[0].length - 1;
        continue;
      }
      const named = /^\(\?P</.exec(pattern.slice(i));
      out += named === null ? '(' : '(?<';
      if (named !== null) i += 3;
      closers[++open] = 0;
      continue;
    }
    if (c === ')') {
      out += ')'.repeat((closers[open] ?? 0) + 1);
      open--;
      continue;
    }
    out += c;
  }
  out += ')'.repeat(closers[0]);
  return new RegExp(out, flags);
}

const posixClasses: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  xdigit: '0-9a-fA-F',
  word: '\\w',
  punct: '!-\\/:-@\\[-`{-~',
};
