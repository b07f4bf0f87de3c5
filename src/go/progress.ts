/** One live line on a terminal; nothing elsewhere. */
import type { Host } from '#host/host.ts';

/** Between two looks of the line, in milliseconds. */
const interval = 80;

export class Progress {
  private readonly host: Host;
  private last: number;
  private shown: boolean;

  constructor(host: Host) {
    this.host = host;
    this.last = Number.NEGATIVE_INFINITY;
    this.shown = false;
  }

  /** So many bytes of `total` (0 if that is not known). */
  show(what: string, done: number, total: number): void {
    const { terminal } = this.host;
    const now = this.host.now();
    if (!terminal.isTerminal || now - this.last < interval) return;
    this.last = now;
    this.shown = true;
    const figures = total > 0 ? `${megabytes(done)} of ${megabytes(total)} MB` : `${megabytes(done)} MB`;
    const width = Math.min(40, terminal.columns - what.length - figures.length - 6);
    const filled = total > 0 ? Math.round((width * done) / total) : 0;
    const bar = total > 0 && width > 4 ? `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ` : '';
    this.host.stderr(`\r\x1b[K${what} ${bar}${figures}`);
  }

  /** Removes the line. */
  end(): void {
    if (this.shown) this.host.stderr('\r\x1b[K');
    this.shown = false;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
