/** Carries out commands with another release of Go: a program in PATH, or the official one from the module proxy (cmd/go/internal/toolchain, Exec). */
import { quote } from '#base/quote.ts';
import { FileError, type Host } from '#host/host.ts';
import { asError, isNotExist } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { findProgram } from './build-target.ts';
import { Environment } from './environment.ts';
import { lookForTree } from './goroot.ts';
import { defaultOptions, newFetcher } from './modules.ts';
import { tellEnd } from './run-executable.ts';
import { ToolchainError, target } from './toolchain-select.ts';

const counter = 'GOTOOLCHAIN_INTERNAL_SWITCH_COUNT';
const maxSwitches = 100;

/** Carries out a command line with another toolchain; returns the exit status. Throws ToolchainError. */
export async function runToolchain(host: Host, toolchain: string, argv: readonly string[]): Promise<number> {
  const { processes } = host;
  if (processes === null) throw new ToolchainError(`cannot run ${toolchain} here`);
  const count = Number(host.env.get(counter) ?? '0') || 0;
  if (count >= maxSwitches) throw new ToolchainError('too many toolchain switches');
  const env = new Environment(host, lookForTree(host));
  const isInPath = findProgram(host, toolchain);
  if (!isInPath && /(^|\+)path$/.test(env.get('GOTOOLCHAIN')))
    throw new ToolchainError(`cannot find ${quote(toolchain)} in PATH`);
  const tree = isInPath ? '' : await downloadToolchain(env, toolchain);
  const variables = new Map([...host.env, [target, toolchain], [counter, String(count + 1)]]);
  if (tree === '') variables.delete('GOROOT');
  else variables.set('GOROOT', tree);
  const program = tree === '' ? toolchain : `${tree}/bin/go`;
  try {
    const ended = await processes.run(program, argv, { env: variables });
    return ended.signal === null ? (ended.code ?? 1) : tellEnd(host, ended);
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    throw new ToolchainError(`exec ${toolchain}: ${e.message}`);
  }
}

async function downloadToolchain(env: Environment, toolchain: string): Promise<string> {
  const { host } = env;
  const system = 'linux/amd64';
  const m = { path: 'golang.org/toolchain', version: `v0.0.1-${toolchain}.${system.replace('/', '-')}` };
  try {
    const dir = await newFetcher(env, defaultOptions, '').download(m);
    // A module's zip file keeps no permissions, and cannot hold other modules' go.mod files.
    if (((host.files.stat(`${dir}/bin/go`)?.mode ?? 0) & 0o111) === 0)
      for (const below of ['pkg/tool', 'bin']) allowExecution(host, `${dir}/${below}`);
    if (host.files.stat(`${dir}/src/go.mod`) === null) nameModules(host, dir);
    return dir;
  } catch (e) {
    if (!isNotExist(e)) throw new ToolchainError(`download ${toolchain}: ${asError(e).message}`);
    const version = gover.fromToolchain(toolchain);
    if (/^1\.\d+$/.test(version) && gover.compare(version, '1.21') >= 0)
      throw new ToolchainError(
        `invalid toolchain: ${toolchain} is a language version but not a toolchain version (${toolchain}.x)`,
      );
    throw new ToolchainError(`download ${toolchain} for ${system}: toolchain not available`);
  }
}

function allowExecution(host: Host, dir: string): void {
  if (host.files.stat(dir) === null) return;
  for (const e of host.files.readDirectory(dir))
    if (e.isDirectory) allowExecution(host, `${dir}/${e.name}`);
    else host.files.chmod(`${dir}/${e.name}`, (e.mode & 0o777) | 0o111);
}

/** Copies each _go.mod to go.mod; that of src last, as other processes see by it that all is done. */
function nameModules(host: Host, root: string): void {
  const { files } = host;
  const copy = (dir: string): void => {
    const { mode } = files.stat(dir) ?? { mode: 0o755 };
    files.chmod(dir, (mode & 0o777) | 0o200);
    files.writeFile(`${dir}/go.mod`, files.readFile(`${dir}/_go.mod`), 0o444);
    files.chmod(dir, mode & 0o777);
  };
  const visit = (dir: string): void => {
    for (const e of files.readDirectory(dir))
      if (e.isDirectory) visit(`${dir}/${e.name}`);
      else if (e.name === '_go.mod' && dir !== `${root}/src`) copy(dir);
  };
  visit(root);
  if (files.stat(`${root}/src/_go.mod`) !== null) copy(`${root}/src`);
}
