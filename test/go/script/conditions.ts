/** The conditions of scripts (cmd/internal/script/conds.go, scripttest/conditions.go, cmd/go/scriptconds_test.go) on this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptState } from './state.ts';

/** Of linux/amd64 (internal/platform). */
const buildModes = new Set('archive c-archive c-shared default exe pie plugin shared'.split(' '));

export interface ConditionOptions {
  readonly short: boolean;
  readonly cgo: boolean;
}

/** Throws for conditions that do not exist. */
export function conditionHolds(s: ScriptState, tag: string, options: ConditionOptions): boolean {
  const colon = tag.indexOf(':');
  if (colon >= 0) return prefixHolds(s, tag.slice(0, colon), tag.slice(colon + 1));
  const native = s.env.get('GOOS') === 'linux' && s.env.get('GOARCH') === 'amd64';
  switch (tag) {
    case 'short':
      return options.short;
    case 'cgo':
      return options.cgo;
    case 'race':
    case 'msan':
    case 'asan':
      return options.cgo && native;
    case 'root':
      return process.geteuid?.() === 0;
    case 'fuzz':
    case 'fuzz-instrumented':
    case 'symlink':
    case 'link':
    case 'case-sensitive':
      return true;
    case 'git':
    case 'git-sha256':
      return inPath('git');
    case 'bzr':
      return inPath('bzr');
    case 'cross':
    case 'verbose':
    case 'abscc':
    case 'trimpath':
    case 'cgolinkext':
    case 'mustlinkext':
    case 'pielinkext':
    case 'go-builder':
      return false;
    default:
      throw new Error(`unknown condition ${tag}`);
  }
}

function prefixHolds(s: ScriptState, name: string, value: string): boolean {
  switch (name) {
    case 'GOOS':
      return value === 'linux';
    case 'GOARCH':
      return value === 'amd64';
    case 'compiler':
      return value === 'gc';
    case 'exec':
      return inPath(value);
    case 'net':
      return false;
    case 'cc':
      return (s.env.get('CC') ?? 'gcc') === value;
    case 'buildmode':
      return buildModes.has(value);
    case 'GODEBUG':
      return (s.env.get('GODEBUG') ?? '').split(',').includes(value);
    case 'GOEXPERIMENT':
      return ['regabiwrappers', 'regabiargs', 'dwarf5', 'greenteagc', 'randomizedheapbase64'].includes(value);
    default:
      throw new Error(`unknown condition ${name}:`);
  }
}

function inPath(name: string): boolean {
  return (process.env.PATH ?? '').split(':').some((dir) => dir !== '' && existsSync(join(dir, name)));
}
