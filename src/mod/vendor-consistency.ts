/** Whether vendor/modules.txt is of the same opinion as go.mod and go.work (cmd/go/internal/modload vendor.go, checkVendorConsistency). */
import { parentPath } from '#base/path.ts';
import { ModError } from './errors.ts';
import * as gover from './gover.ts';
import { isDirectoryPath } from './modfile/file.ts';
import { sameVersion, type Version, versionKey, versionText } from './module.ts';
import { join, type Modules } from './modules.ts';
import type { Replacement } from './replacements.ts';
import { shortPath } from './short-path.ts';
import type { Vendor } from './vendor.ts';

/** Throws ModError with all differences, or if a module needs a newer Go. */
export function checkVendor(modules: Modules, vendor: Vendor): void {
  const { running } = modules.fetcher.config;
  for (const [path, version] of vendor.goVersions)
    if (gover.compare(version, running.version) > 0)
      throw new gover.TooNewError(
        `${path} in ${shortPath(modules.host, `${modules.vendorDirectory}/modules.txt`)}`,
        version,
        running,
      );
  const inWork = modules.work !== null;
  // Before Go 1.14 the file said less.
  const [main] = modules.mains;
  const isOld = !inWork && (main.file.go === null || gover.compare(main.file.go.value, '1.14') < 0);
  const lines = [
    ...requireProblems(modules, vendor, isOld),
    ...replaceProblems(modules, vendor, isOld),
    ...vendoredProblems(modules, vendor),
  ];
  if (lines.length === 0) return;
  const text = lines.map((l) => `\n\t${versionText(l.module)}: ${l.text}`).join('');
  throw new ModError(
    `inconsistent vendoring in ${modules.replaceDirectory}:${text}\n\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo ${inWork ? 'work' : 'mod'} vendor`,
  );
}

interface Problem {
  readonly module: Version;
  readonly text: string;
}

function requireProblems(modules: Modules, vendor: Vendor, isOld: boolean): Problem[] {
  const list: Problem[] = [];
  const explicit = new Set(vendor.modules.filter((x) => x.explicit).map((x) => versionKey(x.module)));
  for (const { mod } of modules.mains.flatMap((m) => m.file.require)) {
    if (explicit.has(versionKey(mod))) continue;
    if (!isOld) {
      const text = 'is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt';
      list.push({ module: mod, text });
      continue;
    }
    const used = [...vendor.packages.values()].find((v) => v.path === mod.path);
    if (used !== undefined && used.version !== mod.version) {
      const text = `is explicitly required in go.mod, but vendor/modules.txt indicates ${versionText(used)}`;
      list.push({ module: mod, text });
    }
  }
  return list;
}

/** Every replacement counts: the go.mod file of one may select versions of other modules. */
function replaceProblems(modules: Modules, vendor: Vendor, isOld: boolean): Problem[] {
  const list: Problem[] = [];
  const seen = new Set<string>();
  const olds = [
    ...modules.mains.flatMap((m) => m.file.replace.map((r) => r.old)),
    ...(modules.work?.replace.map((r) => r.old) ?? []),
  ];
  for (const old of olds) {
    if (seen.has(versionKey(old))) continue;
    seen.add(versionKey(old));
    const rule = modules.replacementRule(old);
    const there = vendor.modules.find((x) => sameVersion(x.module, old) && x.replacement !== null)?.replacement ?? null;
    if (rule === null) continue;
    const source = sourceOf(modules, rule);
    if (there === null) {
      const used = [...vendor.packages.values()].find((v) => v.path === old.path);
      if (isOld && (old.version === '' || used?.version !== old.version)) continue;
      list.push({ module: old, text: `is replaced in ${source}, but not marked as replaced in vendor/modules.txt` });
    } else if (!sameVersion(there, canonical(modules, rule))) {
      const text = `is replaced by ${versionText(asWritten(rule))} in ${source}, but marked as replaced by ${versionText(there)} in vendor/modules.txt`;
      list.push({ module: old, text });
    }
  }
  return list;
}

function vendoredProblems(modules: Modules, vendor: Vendor): Problem[] {
  const list: Problem[] = [];
  const inWork = modules.work !== null;
  const required = new Set(modules.mains.flatMap((m) => m.file.require.map((r) => versionKey(r.mod))));
  const used = new Set([...vendor.packages.values()].map((m) => versionKey(m)));
  for (const x of vendor.modules)
    if (x.explicit && used.has(versionKey(x.module)) && !required.has(versionKey(x.module))) {
      const file = inWork ? 'a go.mod' : 'go.mod';
      const text = `is marked as explicit in vendor/modules.txt, but not explicitly required in ${file}`;
      list.push({ module: x.module, text });
    }
  for (const x of vendor.modules)
    if (x.replacement !== null && modules.replacementRule(x.module) === null) {
      const text = `is marked as replaced in vendor/modules.txt, but not replaced in ${inWork ? 'the workspace' : 'go.mod'}`;
      list.push({ module: x.module, text });
    }
  return list;
}

function sourceOf(modules: Modules, rule: Replacement): string {
  return shortPath(modules.host, rule.from?.modFile ?? modules.workFile);
}

/** The replacement as its file has it. */
function asWritten(rule: Replacement): Version {
  const line = rule.from?.file.replace.find((r) => sameVersion(r.old, rule.old));
  return line?.new ?? rule.new;
}

/** What replaces a module, as modules.txt names it; null if nothing does. */
export function vendoredReplacement(modules: Modules, m: Version): Version | null {
  const rule = modules.replacementRule(m);
  return rule === null ? null : canonical(modules, rule);
}

/** A directory as modules.txt of a workspace names it: from the workspace's root. */
function canonical(modules: Modules, rule: Replacement): Version {
  const given = asWritten(rule);
  if (modules.work === null || given.version !== '' || given.path.startsWith('/')) return given;
  const from = rule.from?.dir ?? parentPath(modules.workFile);
  return { path: directoryPath(relativePath(modules.replaceDirectory, join(from, given.path))), version: '' };
}

/** The path that leads from a directory to another; both are absolute. */
export function relativePath(from: string, to: string): string {
  const a = from.split('/').filter((p) => p !== '');
  const b = to.split('/').filter((p) => p !== '');
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

/** A path that cannot be taken for a module's (modload.ToDirectoryPath). */
export function directoryPath(path: string): string {
  return isDirectoryPath(path) ? path : `./${path}`;
}
