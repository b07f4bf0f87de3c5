/** Work that Node's own threads do while this one goes on. */
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { alignUp } from '#base/bytes.ts';
import { crc32 } from '#base/zip-writer.ts';
import type { Beside } from './host.ts';
import { zlib } from './node-lazy.ts';

export const nodeBeside: Beside = {
  deflate: (data) =>
    new Promise((resolve, reject) => {
      // Room for all of the output, or each piece of it would wait for this thread (zlib, deflateBound).
      const chunkSize = data.length + (data.length >>> 12) + (data.length >>> 14) + (data.length >>> 25) + 64;
      zlib().deflate(data, { level: 1, chunkSize }, (error, b) => {
        if (error !== null) reject(error);
        else resolve(new Uint8Array(b.buffer, b.byteOffset, b.length));
      });
    }),
  readFiles: (paths) =>
    new Promise((resolve) => {
      const contents = new Map<string, Uint8Array>();
      const files = openAll(paths);
      let left = files.length;
      if (left === 0) resolve(contents);
      // All at once: Node's threads take one after another, also while this one is busy.
      for (const file of files) {
        readOne(file, (isWhole) => {
          if (isWhole) contents.set(file.path, file.data);
          if (--left === 0) resolve(contents);
        });
      }
    }),
  // Node has it from 20.15 on.
  crc32: (data) => (typeof zlib().crc32 === 'function' ? zlib().crc32(data) : crc32(data)),
  readStart: (path, length) => {
    let fd = -1;
    try {
      fd = openSync(path, 'r');
      const bytes = new Uint8Array(length);
      const n = readSync(fd, bytes, 0, length, 0);
      return { bytes: bytes.subarray(0, n), size: fstatSync(fd).size };
    } catch {
      return null;
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  },
};

interface OpenFile {
  readonly path: string;
  readonly fd: number;
  readonly data: Uint8Array;
}

/** Opens the regular files among these, with room for their contents. */
function openAll(paths: readonly string[]): OpenFile[] {
  const files: { path: string; fd: number; start: number; size: number }[] = [];
  let total = 0;
  for (const path of new Set(paths)) {
    let fd = -1;
    try {
      fd = openSync(path, 'r');
      const stats = fstatSync(fd);
      if (!stats.isFile()) throw new Error('not a file');
      files.push({ path, fd, start: total, size: stats.size });
      total = alignUp(total + stats.size, 8);
    } catch {
      if (fd >= 0) closeSync(fd);
    }
  }
  const memory = new ArrayBuffer(total);
  return files.map(({ path, fd, start, size }) => ({ path, fd, data: new Uint8Array(memory, start, size) }));
}

/** Only the reading itself is worth a trip to another thread. */
function readOne({ fd, data }: OpenFile, done: (isWhole: boolean) => void): void {
  const end = (isWhole: boolean): void => {
    closeSync(fd);
    done(isWhole);
  };
  const from = (at: number): void => {
    read(fd, data, at, data.length - at, at, (error, n) => {
      if (error !== null || n === 0) end(false);
      else if (at + n === data.length) end(true);
      else from(at + n);
    });
  };
  if (data.length === 0) end(true);
  else from(0);
}
