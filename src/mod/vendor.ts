/** vendor/modules.txt: which vendored package belongs to which module version (cmd/go/internal/modload vendor.go). */
import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import type { Version } from './module.ts';

export interface Vendor {
  /** By import path. */
  readonly packages: ReadonlyMap<string, Version>;
  /** In the file's order, with what is replaced. */
  readonly modules: readonly {
    readonly module: Version;
    readonly explicit: boolean;
    readonly replacement: Version | null;
  }[];
  readonly goVersions: ReadonlyMap<string, string>;
}

export function readVendor(host: Host, dir: string): Vendor {
  const packages = new Map<string, Version>();
  const goVersions = new Map<string, string>();
  const modules: { module: Version; explicit: boolean; replacement: Version | null }[] = [];
  const file = `${dir}/modules.txt`;
  const text = host.files.stat(file) === null ? '' : decodeText(host.files.readFile(file));
  let at: (typeof modules)[number] | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) {
      at = moduleOf(line.slice(2).split(/\s+/));
      if (at !== null) modules.push(at);
    } else if (line.startsWith('## ')) {
      for (const entry of line
        .slice(3)
        .split(';')
        .map((e) => e.trim())) {
        if (at !== null && entry === 'explicit') at.explicit = true;
        if (at !== null && entry.startsWith('go ')) goVersions.set(at.module.path, entry.slice(3).trim());
      }
    } else if (line !== '' && at !== null && !line.startsWith('#')) packages.set(line.trim(), at.module);
  }
  return { packages, modules, goVersions };
}

function moduleOf(words: string[]): { module: Version; explicit: boolean; replacement: Version | null } | null {
  const arrow = words.indexOf('=>');
  const [path, version = ''] = arrow < 0 ? words : words.slice(0, arrow);
  if (path === undefined) return null;
  const to = arrow < 0 ? [] : words.slice(arrow + 1);
  const replacement = to.length === 0 ? null : { path: to[0], version: to[1] ?? '' };
  return { module: { path, version }, explicit: false, replacement };
}
