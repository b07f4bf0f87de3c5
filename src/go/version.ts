/** `tuza version`: one line that tools reading `go version` accept. */
import type { Host } from '#host/host.ts';

/** The Go release whose tree and language this toolchain implements. */
export const goVersion = 'go1.26.8';

export function runVersion(args: readonly string[], host: Host): number {
  if (args.length > 0) {
    host.stderr(`tuza version: reading build information of files is not supported: ${args[0]}\n`);
    return 2;
  }
  host.stdout(`go version ${goVersion} linux/amd64\n`);
  return 0;
}
