/**
 * Locks on files as the go command takes them: flock(2). Node has no such call, so a program of the system takes the lock on our open
 * file; a lock belongs to the open file, not to the process, and lasts until we close it.
 */
import { closeSync, openSync } from 'node:fs';
import { FileError, type Locks } from './host.ts';
import { childProcess } from './node-lazy.ts';

const lockers: readonly (readonly string[])[] = [
  ['flock', '-x', '3'],
  ['perl', '-e', 'open(my $f, "+<&=3") && flock($f, 2) or exit 1'],
];

/** Paths locked by this process, and who waits: the same file opened twice would wait for itself. */
const held = new Map<string, Promise<void>>();

export const nodeLocks: Locks = {
  async lock(path) {
    for (let before = held.get(path); before !== undefined; before = held.get(path)) await before;
    let release = (): void => undefined;
    held.set(path, new Promise<void>((resolve) => (release = resolve)));
    const unlock = (): void => {
      held.delete(path);
      release();
    };
    try {
      const fd = openSync(path, 'a+', 0o666);
      await lockDescriptor(fd, path);
      return () => {
        closeSync(fd);
        unlock();
      };
    } catch (e) {
      unlock();
      throw e;
    }
  },
};

async function lockDescriptor(fd: number, path: string): Promise<void> {
  for (const [program, ...args] of lockers) {
    const code = await new Promise<number>((resolve) => {
      const child = childProcess().spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', fd] });
      child.on('error', () => resolve(-1));
      child.on('exit', (status) => resolve(status ?? 1));
    });
    if (code === 0) return;
    if (code > 0) break;
  }
  closeSync(fd);
  throw new FileError(path, 'EIO', `lock ${path}: neither flock nor perl could take the lock`);
}
