/** Failures of a link. Messages are the official linker's. */
export class LinkFatal extends Error {
  /** Exit status: 1 for log.Fatal, 2 for Exitf. */
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.name = 'LinkFatal';
    this.status = status;
  }
}

/** Stops the link at once. */
export function fatal(message: string): never {
  throw new LinkFatal(message, 1);
}

/** Stops the link at once, as the official Exitf does. */
export function exit(message: string): never {
  throw new LinkFatal(message, 2);
}
