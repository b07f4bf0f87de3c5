/** Stops the assembly of all files: an error the official assembler does not go on after. */
export class FatalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FatalError';
  }
}
