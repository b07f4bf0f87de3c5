/** Patterns of import and module paths: "..." stands for any text (cmd/internal/pkgpattern). */

export function isPathPattern(path: string): boolean {
  return path.includes('...');
}

/** Whether a path is what a pattern means. "/..." at the end also stands for nothing; "..." never stands for "vendor" with something below it. */
export function matchesPattern(pattern: string, path: string): boolean {
  let match = known.get(pattern);
  if (match === undefined) known.set(pattern, (match = compile(pattern)));
  return match.test(markVendor(path));
}

const known = new Map<string, RegExp>();

/** Stands for "vendor" where wildcards must not match it. */
const mark = '\0';

function markVendor(path: string): string {
  if (!path.includes('vendor')) return path;
  const parts = path.split('/');
  return parts.map((e, i) => (e === 'vendor' && i < parts.length - 1 ? mark : e)).join('/');
}

function compile(pattern: string): RegExp {
  let source = markVendor(pattern).replace(/[\\^$*+?()[\]{}|.]/g, '\\$&');
  const wild = '\\.\\.\\.';
  const below = `${mark}/${wild}`;
  if (source === below || source.endsWith(`/${below}`)) {
    const head = source.slice(0, -below.length).replace(/\/$/, '');
    source = `${head}(?:/vendor|/${mark}/${wild})`;
  } else if (source.endsWith(`/${wild}`)) source = `${source.slice(0, -wild.length - 1)}(?:/${wild})?`;
  return new RegExp(`^${source.replaceAll(wild, `[^${mark}]*`)}$`, 'su');
}

/** Whether the path, or something below it, may be what the pattern means. */
export function treeCanMatch(pattern: string, path: string): boolean {
  const at = pattern.indexOf('...');
  const fixed = at < 0 ? pattern : pattern.slice(0, at);
  if (at >= 0 && path.startsWith(fixed)) return true;
  return path === fixed || (fixed.startsWith(path) && (path.endsWith('/') || fixed[path.length] === '/'));
}
