/** Link names taken apart: "net/http.(*Server).Serve" into import path, receiver and name. */
export interface LinkNameParts {
  readonly path: string;
  /** "T", "(*T)", or "" for functions and variables. */
  readonly receiver: string;
  readonly name: string;
}

/** Null for names that no package-level declaration has. */
export function splitLinkName(linkName: string): LinkNameParts | null {
  if (linkName.includes('[') || linkName.startsWith('type:') || linkName.startsWith('go:')) return null;
  const slash = linkName.lastIndexOf('/', linkName.includes('(') ? linkName.indexOf('(') : linkName.length);
  const dot = linkName.indexOf('.', slash + 1);
  if (dot < 0) return null;
  const path = unescapePath(linkName.slice(0, dot));
  const rest = linkName.slice(dot + 1);
  if (rest.startsWith('(*')) {
    const close = rest.indexOf(').');
    return close < 0 ? null : { path, receiver: rest.slice(0, close + 1), name: rest.slice(close + 2) };
  }
  const inner = rest.indexOf('.');
  if (inner < 0) return { path, receiver: '', name: rest };
  return { path, receiver: rest.slice(0, inner), name: rest.slice(inner + 1) };
}

function unescapePath(path: string): string {
  return path.includes('%') ? decodeURIComponent(path) : path;
}
