/** One live line on a terminal for work that takes longer than a moment; it is gone before anything else is printed. */
import type { Progress, ProgressStage, Terminal } from './host.ts';

/** Work that is over before that, in milliseconds, shows nothing. */
const patience = 500;

/** Between two states of the line, in milliseconds. */
const interval = 80;

/** Nobody is told. */
export const noProgress: Progress = { show: () => undefined };

export class ProgressLine implements Progress {
  private readonly terminal: Terminal;
  private readonly write: (text: string) => void;
  private readonly now: () => number;
  private next: number;
  private isShown: boolean;

  /** `now` in milliseconds; the work begins with the first stage that is shown. */
  constructor(terminal: Terminal, write: (text: string) => void, now: () => number) {
    this.terminal = terminal;
    this.write = write;
    this.now = now;
    this.next = -1;
    this.isShown = false;
  }

  show(stage: ProgressStage, done: number, total: number, what: string): void {
    if (!this.terminal.isTerminal) return;
    const now = this.now();
    if (this.next < 0) this.next = now + patience;
    if (now < this.next) return;
    this.next = now + interval;
    this.isShown = true;
    // The cursor stays at the beginning, so that whatever comes next, be it a shell's prompt, writes over the line.
    this.write(`\r\x1b[K${progressText(stage, done, total, what, this.terminal.columns - 1)}\r`);
  }

  /** Removes the line. */
  hide(): void {
    if (this.isShown) this.write('\r\x1b[K');
    this.isShown = false;
  }
}

/** A state of the line, in at most `columns` columns. */
export function progressText(stage: ProgressStage, done: number, total: number, what: string, columns: number): string {
  const inBytes = stage === 'download' || stage === 'unpack';
  const figure = inBytes ? megabytes : String;
  const unit = inBytes ? ' MB' : stage === 'compile' ? ' functions' : '';
  const count = total > 0 ? `${figure(done)} of ${figure(total)}` : done > 0 ? figure(done) : '';
  const figures = count === '' ? '' : `${count}${unit}`;
  const head = verbs[stage];
  const width = Math.min(30, columns - head.length - figures.length - 4);
  const filled = total > 0 ? Math.round((width * Math.min(done, total)) / total) : 0;
  const bar = total > 0 && width > 4 ? `[${'='.repeat(filled)}${' '.repeat(width - filled)}]` : '';
  return [head, bar, figures, what]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, Math.max(columns, 0));
}

const verbs: Readonly<Record<ProgressStage, string>> = {
  download: 'downloading',
  unpack: 'unpacking',
  load: 'loading packages',
  check: 'checking packages',
  compile: 'compiling',
  test: 'testing packages',
};

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
