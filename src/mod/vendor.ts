/** vendor/modules.txt: which vendored package belongs to which module version (cmd/go/internal/modload vendor.go). */
import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import type { ModFile } from './modfile/file.ts';
import { type Version, versionText } from './module.ts';

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

/** What differs between go.mod and vendor/modules.txt, as the go command lists it; "" if nothing does (Go 1.14 and later). */
export function vendorProblems(file: ModFile, v: Vendor): string {
  const lines: string[] = [];
  const problem = (m: Version, text: string): void => void lines.push(`\n\t${versionText(m)}: ${text}`);
  const find = (m: Version) => v.modules.find((x) => x.module.path === m.path && x.module.version === m.version);
  for (const r of file.require) {
    if (find(r.mod)?.explicit !== true)
      problem(r.mod, 'is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt');
  }
  for (const r of file.replace) {
    const there = v.modules.find(
      (x) => x.module.path === r.old.path && (r.old.version === '' || x.module.version === r.old.version),
    );
    if (there === undefined) continue;
    if (there.replacement === null)
      problem(r.old, 'is replaced in go.mod, but not marked as replaced in vendor/modules.txt');
    else if (versionText(there.replacement) !== versionText(r.new))
      problem(
        r.old,
        `is replaced by ${versionText(r.new)} in go.mod, but marked as replaced by ${versionText(there.replacement)} in vendor/modules.txt`,
      );
  }
  for (const x of v.modules) {
    if (
      x.explicit &&
      x.module.version !== '' &&
      !file.require.some((r) => versionText(r.mod) === versionText(x.module))
    )
      problem(x.module, 'is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod');
  }
  return lines.join('');
}
