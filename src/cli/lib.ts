/**
 * tuza as a library, under Node. Everything in this file's signatures is declared in this file, so that its declarations stand alone.
 */
import { formatPosition } from '#base/source.ts';
import { buildProgram } from '#go/build-program.ts';
import { checkPatterns } from '#go/check.ts';
import { ensureGoroot } from '#go/goroot.ts';
import type { Host } from '#host/host.ts';
import { nodeHost } from '#host/node.ts';

/** What every function takes. */
export interface Options {
  /** The working directory: where patterns and go.mod are looked for. Default: the process's. */
  readonly directory?: string;
  /** Variables in place of those of the process (GOROOT, GOPROXY, GOOS, ...). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Build tags. */
  readonly tags?: readonly string[];
}

/** An error in a Go program. */
export interface Message {
  /** The import path of the package; "" for errors of loading packages. */
  readonly package: string;
  /** "" if the error has no place. */
  readonly file: string;
  /** From 1; 0 if unknown. */
  readonly line: number;
  /** In bytes, from 1; 0 if unknown. */
  readonly column: number;
  /** In the official compiler's wording. */
  readonly message: string;
  /** The name of the kind of error, e.g. "UnusedVar", or "". */
  readonly code: string;
}

/**
 * Type-checks packages: import paths, directories ("./..."), patterns ("std") or .go files of one directory. Returns all errors; none means that
 * the packages are right. Downloads the Go tree if the machine has none. Rejects if it cannot be had.
 */
export async function check(packages: readonly string[], options: Options = {}): Promise<Message[]> {
  const host = hostFor(options, () => undefined);
  await ensureGoroot(host);
  const found = await checkPatterns(host, packages, options.tags ?? []);
  if (typeof found === 'string') throw new Error(found);
  const list: Message[] = [];
  for (const p of found.packages) {
    for (const d of p.list) {
      const { filename, line, column } = found.fileSet.position(d.pos);
      list.push({ package: p.path, file: filename, line, column, message: d.message, code: d.code });
    }
  }
  return list;
}

/** The result of a compilation. */
export interface Program {
  /** The executable; null if there were errors. */
  readonly image: Uint8Array | null;
  /** The errors, as `tuza build` prints them. */
  readonly messages: string;
}

/** Compiles a program, given by its .go files or its directory, for linux/amd64. */
export async function compileProgram(packages: readonly string[], options: Options = {}): Promise<Program> {
  let messages = '';
  const host = hostFor(options, (text) => {
    messages += text;
  });
  await ensureGoroot(host);
  const { image } = await buildProgram(host, packages, options.tags ?? []);
  return { image, messages };
}

function hostFor(options: Options, stderr: (text: string) => void): Host {
  const host = nodeHost();
  const { directory, environment } = options;
  return {
    ...host,
    terminal: { isTerminal: false, columns: 80 },
    env: environment === undefined ? host.env : new Map(Object.entries(environment)),
    workingDirectory: () => directory ?? host.workingDirectory(),
    stderr: (text) => stderr(typeof text === 'string' ? text : new TextDecoder().decode(text)),
  };
}

/** "file:line:column", as the tools print places. */
export function formatPlace(m: Message): string {
  return formatPosition({ filename: m.file, line: m.line, column: m.column });
}
