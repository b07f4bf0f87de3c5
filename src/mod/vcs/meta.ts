/** go-import tags in the head of a web page (cmd/go/internal/vcs discovery.go). */

export interface MetaImport {
  readonly prefix: string;
  readonly system: string;
  readonly url: string;
  readonly subdir: string;
}

const token = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([A-Za-z][\w:.-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g;
const attribute = /([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** Module proxies first; where there is one for a prefix, repositories for the same prefix do not count. */
export function parseMetaImports(html: string): MetaImport[] {
  const all: MetaImport[] = [];
  for (const m of html.matchAll(token)) {
    const name = (m[2] ?? '').toLowerCase();
    const isEnd = m[1] === '/';
    if ((name === 'body' && !isEnd) || (name === 'head' && isEnd)) break;
    if (name !== 'meta' || isEnd) continue;
    const attributes = new Map<string, string>();
    for (const a of m[3].matchAll(attribute)) {
      const key = a[1].toLowerCase();
      if (!attributes.has(key)) attributes.set(key, unescaped(a[2] ?? a[3] ?? a[4] ?? ''));
    }
    if (attributes.get('name') !== 'go-import') continue;
    const words = (attributes.get('content') ?? '').split(/\s+/).filter((w) => w !== '');
    if (words.length !== 3 && words.length !== 4) continue;
    const [prefix, system, url, subdir = ''] = words;
    all.push({ prefix, system, url, subdir });
  }
  const proxies = all.filter((m) => m.system === 'mod');
  const have = new Set(proxies.map((m) => m.prefix));
  return [...proxies, ...all.filter((m) => m.system !== 'mod' && !have.has(m.prefix))];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(\w+|#\d+|#x[0-9a-fA-F]+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? whole;
  });
}
