/**
 * Which Go carries out a command: GOTOOLCHAIN, and the go and toolchain lines of go.work or go.mod, may ask for another release than this one. That is
 * the official one then: a program of its name in PATH, or the module golang.org/toolchain (cmd/go/internal/toolchain, Select; go.dev/doc/toolchain).
 */
import { decodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import type { Host } from '#host/host.ts';
import * as gover from '#mod/gover.ts';
import { Environment } from './environment.ts';
import { lookForTree } from './goroot.ts';
import { findUpwards, moduleRoot, shortPath } from './paths.ts';
import { goVersion } from './version.ts';

/** The process that has started this one says what it wants it to be. */
export const target = 'GOTOOLCHAIN_INTERNAL_SWITCH_VERSION';

/** The command line cannot be carried out. */
export class ToolchainError extends Error {}

/** In the middle of a command: the command line is to be carried out by another release, from its beginning. */
export class SwitchToolchain extends Error {
  readonly toolchain: string;

  constructor(toolchain: string) {
    super(`switching to ${toolchain}`);
    this.toolchain = toolchain;
  }
}

/** What the official command has not. */
const ownCommands = new Set(['check', 'completion']);

/** The name of the toolchain for a command line; "" if it is this one. Throws ToolchainError. */
export function selectedToolchain(host: Host, argv: readonly string[]): string {
  const env = new Environment(host, lookForTree(host));
  const setting = env.get('GOTOOLCHAIN');
  const [name, ...args] = argv;
  const asksEnv = name === 'env' && /^(GOTOOLCHAIN|GOMOD|GOWORK|-w GOTOOLCHAIN=.*)$/s.test(args.join(' '));
  if (setting === '' || asksEnv || ownCommands.has(name) || env.get('GO111MODULE') === 'off') return '';
  const { toolchain, mode } = parseSetting(setting);
  const chosen = mode === 'auto' || mode === 'path' ? newer(env, toolchain) : toolchain;
  const wanted = host.env.get(target) ?? '';
  if (wanted !== '') {
    if (wanted === goVersion) return '';
    throw new ToolchainError(`toolchain ${goVersion} invoked to provide ${wanted}`);
  }
  if (chosen === goVersion) return '';
  if (!/^go1|-go1/.test(chosen)) throw new ToolchainError(`invalid GOTOOLCHAIN ${quote(chosen)}`);
  return chosen;
}

/** "auto", "path", "local", a name, or the last two with "+auto" or "+path". */
function parseSetting(setting: string): { toolchain: string; mode: string } {
  if (setting === 'auto' || setting === 'path') return { toolchain: goVersion, mode: setting };
  const plus = setting.indexOf('+');
  const min = plus < 0 ? setting : setting.slice(0, plus);
  const mode = plus < 0 ? '' : setting.slice(plus + 1);
  const invalid = (why: string): ToolchainError => new ToolchainError(`invalid GOTOOLCHAIN ${quote(setting)}${why}`);
  if (min !== 'local' && gover.fromToolchain(min) === '')
    throw invalid(plus < 0 ? '' : `: invalid minimum toolchain ${quote(min)}`);
  if (plus >= 0 && mode !== 'auto' && mode !== 'path') throw invalid(': only version suffixes are +auto and +path');
  return { toolchain: min === 'local' ? goVersion : min, mode };
}

/** The toolchain, or a newer one that go.work or go.mod asks for. */
function newer(env: Environment, toolchain: string): string {
  const { host } = env;
  const given = env.get('GOWORK');
  const work = given === 'off' ? '' : given !== '' ? given : findUpwards(host, host.workingDirectory(), 'go.work');
  const root = moduleRoot(host);
  const file =
    work !== '' && host.files.stat(workPath(host, work)) !== null
      ? workPath(host, work)
      : root === ''
        ? ''
        : `${root}/go.mod`;
  if (file === '') return toolchain;
  const text = decodeText(host.files.readFile(file));
  const line = (word: string): string => new RegExp(`^[ \\t]*${word}[ \\t]+([^\\s/]+)`, 'm').exec(text)?.[1] ?? '';
  const wanted = line('toolchain');
  if (wanted === 'default') return toolchain;
  let chosen = toolchain;
  let version = gover.fromToolchain(toolchain);
  if (wanted !== '') {
    const v = gover.fromToolchain(wanted);
    if (v === '' || (!wanted.startsWith('go') && !wanted.includes('-go')))
      throw new ToolchainError(`invalid toolchain ${quote(wanted)} in ${shortPath(host, file)}`);
    if (gover.compare(v, version) > 0) {
      chosen = wanted;
      version = v;
    }
  }
  const language = line('go');
  if (gover.compare(language, version) <= 0) return chosen;
  // Since Go 1.21 the first release of a language version has the patch number 0.
  return `go${language}${/^1\.\d+$/.test(language) && gover.compare(language, '1.21') >= 0 ? '.0' : ''}`;
}

/** `findUpwards` tells the directory, GOWORK the file. */
function workPath(host: Host, found: string): string {
  return host.files.stat(found)?.isDirectory === true ? `${found}/go.work` : found;
}
