/** The official tools, for tests that compare with them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function goVersionOnPath(): string {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Why tests that need the official go1.26.8 are skipped, or false. */
export const skipWithoutGo: string | false =
  goVersionOnPath() === 'go1.26.8' ? false : 'the official go1.26.8 is not on PATH';

const env = { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64', GOFLAGS: '' };

export function go(args: readonly string[], cwd: string): string {
  return execFileSync('go', args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function withDirectory<T>(body: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-link-'));
  try {
    return body(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The same for a body that goes on later. */
export async function withDirectoryLater<T>(body: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-link-'));
  try {
    return await body(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Archives of packages and all they import, by import path, from the build cache. */
export function packageFiles(dir: string, packages: readonly string[]): Map<string, string> {
  const format = '{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}';
  const files = new Map<string, string>();
  for (const line of go(['list', '-export', '-deps', '-f', format, ...packages], dir).split('\n')) {
    const eq = line.indexOf('=');
    // Profiled variants are listed as "path [for]".
    if (eq > 0) files.set(line.slice(0, eq).replace(/ \[.*\]$/, ''), line.slice(eq + 1));
  }
  return files;
}

export function writeImportConfig(dir: string, files: ReadonlyMap<string, string>): string {
  const path = join(dir, 'importcfg');
  writeFileSync(path, [...files].map(([p, f]) => `packagefile ${p}=${f}\n`).join(''));
  return path;
}

/** Compiles one main package from source text with the official compiler; returns the archive. */
export function compileMain(
  dir: string,
  source: string,
  files: ReadonlyMap<string, string>,
  flags: readonly string[] = [],
): string {
  const config = writeImportConfig(dir, files);
  const file = join(dir, 'main.go');
  writeFileSync(file, source);
  const out = join(dir, 'main.a');
  go(['tool', 'compile', '-p', 'main', ...flags, '-importcfg', config, '-o', out, file], dir);
  return out;
}

export function officialLink(dir: string, main: string, flags: readonly string[]): Uint8Array {
  const out = join(dir, 'official');
  go(['tool', 'link', '-importcfg', join(dir, 'importcfg'), ...flags, '-o', out, main], dir);
  return readFileSync(out);
}
