/** GOVCS: which version control systems may be used for which modules (cmd/go/internal/vcs, checkGOVCS). */
import { quote } from '#base/quote.ts';
import type { ModConfig } from '../config.ts';
import { ModError } from '../errors.ts';
import { matchPrefixPatterns } from '../module.ts';

interface Rule {
  readonly pattern: string;
  readonly allowed: readonly string[];
}

const usual: readonly Rule[] = [
  { pattern: 'private', allowed: ['all'] },
  { pattern: 'public', allowed: ['git', 'hg'] },
];

/** Throws ModError. */
function parseRules(text: string): Rule[] {
  const list: Rule[] = [];
  const seen = new Map<string, string>();
  for (const given of text.trim() === '' ? [] : text.trim().split(',')) {
    const item = given.trim();
    if (item === '') throw new ModError('empty entry in GOVCS');
    const colon = item.indexOf(':');
    if (colon < 0) throw new ModError(`malformed entry in GOVCS (missing colon): ${quote(item)}`);
    const pattern = item.slice(0, colon).trim();
    const systems = item.slice(colon + 1).trim();
    if (pattern === '') throw new ModError(`empty pattern in GOVCS: ${quote(item)}`);
    if (systems === '') throw new ModError(`empty VCS list in GOVCS: ${quote(item)}`);
    if (/^\.\.?(\/|$)/.test(pattern)) throw new ModError(`relative pattern not allowed in GOVCS: ${quote(pattern)}`);
    const before = seen.get(pattern);
    if (before !== undefined) throw new ModError(`unreachable pattern in GOVCS: ${quote(item)} after ${quote(before)}`);
    seen.set(pattern, item);
    const allowed = systems.split('|').map((s) => s.trim());
    if (allowed.includes('')) throw new ModError(`empty VCS name in GOVCS: ${quote(item)}`);
    list.push({ pattern, allowed });
  }
  return list;
}

/** Throws ModError if a system must not be used for a module. */
export function checkVcsAllowed(config: ModConfig, system: string, root: string): void {
  const isPrivate = matchPrefixPatterns(config.isPrivate, root);
  const matches = ({ pattern }: Rule): boolean => {
    if (pattern === 'private') return isPrivate;
    if (pattern === 'public') return !isPrivate;
    return matchPrefixPatterns(pattern, root);
  };
  const rule = [...parseRules(config.vcs), ...usual].find(matches);
  if (rule?.allowed.some((a) => a === system || a === 'all') === true) return;
  const what = isPrivate ? 'private' : 'public';
  throw new ModError(`GOVCS disallows using ${system} for ${what} ${root}; see 'go help vcs'`);
}
