/** A host that keeps what is printed. */
import type { Host } from '#host/host.ts';
import { nodeHost } from '#host/node.ts';

export interface Printed {
  readonly host: Host;
  stdout: string;
  stderr: string;
}

export function capturingHost(): Printed {
  const printed: Printed = {
    host: {
      ...nodeHost(),
      stdout: (text) => void (printed.stdout += text),
      stderr: (text) => void (printed.stderr += text),
    },
    stdout: '',
    stderr: '',
  };
  return printed;
}
