/**
 * Commands of the Go tree (vet, gofmt, cover, pprof, ...): compiled from GOROOT/src/cmd when they are first used, into the build cache, and run from
 * there. GOROOT/pkg/tool need not exist. What one is compiled with does not depend on the user's variables but for the tree and the cache.
 */

import { encodeText } from '#base/bytes.ts';
import { cacheDirectory, openCache } from '#cache/open.ts';
import { commandAction, recall } from '#cache/remember.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host, ProcessResult, RunOptions } from '#host/host.ts';
import { Environment } from './environment.ts';
import { findGoroot } from './goroot.ts';
import { Recording } from './quick.ts';
import { splitQuotedFields } from './quoted.ts';

/** Commands of the tree that are tools; the file in GOROOT/pkg/tool need not be there. "doc" and "gofmt" are no names of `go tool`. */
export const treeTools: readonly string[] =
  'addr2line buildid cgo covdata cover fix objdump pprof preprofile test2json trace vet'.split(' ');

const internalNames = [...treeTools, 'doc', 'gofmt'];

/** The tools that `tool` compiles from the tree. */
export function treeToolNames(host: Host): string[] {
  const goroot = findGoroot(host);
  return treeTools.filter((name) => host.files.stat(`${goroot}/src/cmd/${name}`)?.isDirectory === true);
}

/** A package of the go command that is a program of its own no more (cmd/go/internal/doc). */
const docSource = `package main

import (
	"cmd/go/internal/doc"
	"context"
	"os"
)

func main() { doc.CmdDoc.Run(context.Background(), doc.CmdDoc, os.Args[1:]) }
`;

/** Variables that lead to the tree and the cache; all others have their defaults. */
function neutralEnvironment(host: Host, goroot: string, cache: string): Map<string, string> {
  const env = new Map([
    ['GOROOT', goroot],
    ['GOCACHE', cache],
    ['GOENV', 'off'],
    ['GOWORK', 'off'],
    ['GOTOOLCHAIN', 'local'],
  ]);
  for (const name of ['HOME', 'TMPDIR']) {
    const value = host.env.get(name);
    if (value !== undefined) env.set(name, value);
  }
  return env;
}

/** `run` and `recall` find an executable again by this command line. */
function commandOf(name: string): string[] {
  return ['tree tool', name];
}

/** For debuggers there is nothing in a tool. */
const withoutDebug = { stripSymbols: true, stripDwarf: true };

/** The path of the compiled tool; null after messages if it cannot be compiled. Throws CacheError and GorootError. */
export async function treeTool(host: Host, name: string): Promise<string | null> {
  if (!internalNames.includes(name)) throw new Error(`no command of the Go tree: ${name}`);
  const goroot = findGoroot(host);
  const env = new Environment(host, '');
  const outer = openCache(host, (variable) => env.get(variable), splitQuotedFields);
  const inner: Host = {
    ...host,
    env: neutralEnvironment(host, goroot, cacheDirectory(host, env.get('GOCACHE'))),
    workingDirectory: () => `${goroot}/src/cmd/${name === 'doc' ? 'go' : name}`,
    // Nobody asked for the tool by its name: what is compiled has nothing to do with the user's packages.
    progress: {
      show: (stage, done, total, what) => host.progress.show(stage, done, total, `(for ${name}) ${what}`),
    },
  };
  const known = recall(inner, outer, commandAction(inner, inner.toolIdentity, '', commandOf(name)));
  return known === null ? compile(inner, name) : known.outputs[0].path;
}

async function compile(host: Host, name: string): Promise<string | null> {
  const recording = new Recording(host);
  const { image } = await buildOf(recording, name);
  if (image === null) return null;
  const { cache } = recording;
  const path = cache.putExecutable([recording.executableAction(commandOf(name))], name, image);
  recording.finish(commandOf(name), [{ path, data: image }]);
  cache.close();
  return path;
}

/** The compiler is loaded only here: `tool` has other tools that need nothing of it. */
async function buildOf(recording: Recording, name: string): Promise<{ readonly image: Uint8Array | null }> {
  const { buildProgram } = await import('./build-program.ts');
  const code: BuildCache = recording.codeCache(false);
  if (name !== 'doc') return buildProgram(recording.host, ['.'], [], code, withoutDebug);
  const { host } = recording;
  // The file is in no directory; its place lets it import what is internal to the go command.
  const file = `${host.workingDirectory()}/tuza_doc.go`;
  const { files } = host;
  const stat: Host['files']['stat'] = (path) => (path === file ? fileInfo : files.stat(path));
  const readFile: Host['files']['readFile'] = (path) => (path === file ? encodeText(docSource) : files.readFile(path));
  const readDirectory: Host['files']['readDirectory'] = (path) =>
    path === host.workingDirectory() ? [...files.readDirectory(path), fileInfo] : files.readDirectory(path);
  const overlay: Host = { ...host, files: { ...files, stat, readFile, readDirectory } };
  return buildProgram(overlay, [file], [], code, withoutDebug);
}

const fileInfo = {
  name: 'tuza_doc.go',
  isDirectory: false,
  isSymlink: false,
  size: docSource.length,
  modified: 0,
  mode: 0o644,
  inode: 0,
};

/** Runs a tool of the tree; null after messages if it cannot be had. GOROOT is set for it: tuza's tools have no tree of their own. */
export async function runTreeTool(
  host: Host,
  name: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProcessResult | null> {
  const { processes } = host;
  if (processes === null) {
    host.stderr('go: programs cannot be run here\n');
    return null;
  }
  const path = await treeTool(host, name);
  if (path === null) return null;
  const env = new Map(options.env ?? host.env);
  env.set('GOROOT', findGoroot(host));
  return processes.run(path, args, { ...options, env });
}
