/** The first line of object files, which names what they were made for. */
import type { Host } from '#host/host.ts';
import { goVersion } from './version.ts';

/** Experiments that are on unless GOEXPERIMENT says otherwise, in the order of the object header. */
const defaultExperiments = ['regabiwrappers', 'regabiargs', 'dwarf5', 'greenteagc', 'randomizedheapbase64'];

export function experimentsOf(host: Host): string[] {
  const on = new Set(defaultExperiments);
  for (const word of (host.env.get('GOEXPERIMENT') ?? '').split(',')) {
    if (word === 'none') on.clear();
    else if (word.startsWith('no')) on.delete(word.slice(2));
    else if (word !== '') on.add(word);
  }
  return [...on];
}

/** The first line of every object; the linker compares it (cmd/internal/objabi/util.go, HeaderString). */
export function headerLine(host: Host, goos: string, goarch: string): string {
  const level = goarch === 'amd64' ? ` GOAMD64=${host.env.get('GOAMD64') || 'v1'}` : '';
  return `go object ${goos} ${goarch} ${goVersion}${level} X:${experimentsOf(host).join(',')}\n`;
}
