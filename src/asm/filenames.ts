/** File names as objects record them: absolute, rewritten by -trimpath, GOROOT written as $GOROOT (cmd/internal/objabi/line.go). */

/** The path without "." and ".." elements and doubled slashes. */
function clean(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}

function fold(s: string): string {
  return s.replace(/[A-Z]/g, (c) => c.toLowerCase()).replaceAll('\\', '/');
}

/** True if prefix is path or a directory above it; letters compare without case. */
function hasPathPrefix(path: string, prefix: string): boolean {
  if (!fold(path).startsWith(fold(prefix))) return false;
  const next = path[prefix.length];
  return next === undefined || next === '/' || next === '\\';
}

/** One rewrite: "prefix" removes a leading path, "prefix=>replacement" replaces it; null if it does not apply. */
function rewrite(path: string, rule: string): string | null {
  const arrow = rule.lastIndexOf('=>');
  const prefix = arrow < 0 ? rule : rule.slice(0, arrow);
  const replacement = arrow < 0 ? '' : rule.slice(arrow + 2);
  if (prefix === '' || !hasPathPrefix(path, prefix)) return null;
  if (path.length === prefix.length) return replacement;
  return replacement === '' ? path.slice(prefix.length + 1) : replacement + path.slice(prefix.length);
}

/** A function from names as given to names as recorded; `trimpath` holds rules separated by semicolons. */
export function makeRecordedName(directory: string, trimpath: string, goroot: string): (name: string) => string {
  const rules = trimpath.split(';');
  return (name) => {
    const absolute = name.startsWith('/') ? name : clean(`${directory}/${name}`);
    for (const rule of rules) {
      const r = rewrite(absolute, rule);
      if (r !== null) return r === '' ? '??' : r;
    }
    if (goroot !== '' && hasPathPrefix(absolute, goroot)) return `$GOROOT${absolute.slice(goroot.length)}`;
    return absolute === '' ? '??' : absolute;
  };
}
