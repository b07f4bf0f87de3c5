/** A mistake in tuza itself, never in the user's program. The driver adds what was being compiled and asks for a report. */
export class InternalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InternalError';
  }
}

export function bug(message: string): never {
  throw new InternalError(message);
}

/** For the default case of an exhaustive switch. */
export function unreachable(x: never): never {
  throw new InternalError(`unexpected case: ${String(x)}`);
}
