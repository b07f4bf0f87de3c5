/** Work that Node's own threads do while this one goes on. */
import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { deflate } from 'node:zlib';
import type { Beside } from './host.ts';

/** As many as Node has threads for files. */
const atOnce = 4;

export const nodeBeside: Beside = {
  deflate: (data) =>
    new Promise((resolve, reject) => {
      // Room for all of the output, or each piece of it would wait for this thread (zlib, deflateBound).
      const chunkSize = data.length + (data.length >>> 12) + (data.length >>> 14) + (data.length >>> 25) + 64;
      deflate(data, { level: 1, chunkSize }, (error, b) => {
        if (error !== null) reject(error);
        else resolve(new Uint8Array(b.buffer, b.byteOffset, b.length));
      });
    }),
  readFiles: (paths) =>
    new Promise((resolve) => {
      const contents = new Map<string, Uint8Array>();
      let next = 0;
      let left = Math.min(atOnce, paths.length);
      if (left === 0) resolve(contents);
      const more = (): void => {
        if (next === paths.length) {
          if (--left === 0) resolve(contents);
          return;
        }
        const path = paths[next++];
        readOne(path, (data) => {
          if (data !== null) contents.set(path, data);
          more();
        });
      };
      for (let k = left; k > 0; k--) more();
    }),
};

/** Reads a regular file whole; null where that fails. Only the reading itself is worth a trip to another thread. */
function readOne(path: string, done: (data: Uint8Array | null) => void): void {
  let fd = -1;
  let data: Uint8Array;
  try {
    fd = openSync(path, 'r');
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error('not a file');
    // Not new Uint8Array: that would fill it with zeros here.
    const b = Buffer.allocUnsafeSlow(stats.size);
    data = new Uint8Array(b.buffer, b.byteOffset, b.length);
  } catch {
    if (fd >= 0) closeSync(fd);
    done(null);
    return;
  }
  const end = (result: Uint8Array | null): void => {
    closeSync(fd);
    done(result);
  };
  const from = (at: number): void => {
    read(fd, data, at, data.length - at, at, (error, n) => {
      if (error !== null || n === 0) end(null);
      else if (at + n === data.length) end(data);
      else from(at + n);
    });
  };
  if (data.length === 0) end(data);
  else from(0);
}
