/** Zip archives under Node. */
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { decodeText } from '#base/bytes.ts';
import type { Archives } from './host.ts';

export const nodeArchives: Archives = {
  async unzip(data, visit) {
    const zip = await open(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    await new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      zip.on('end', () => resolve());
      zip.on('entry', (entry: Entry) => {
        // Whatever the archive says of their encoding, names are UTF-8 (archive/zip).
        const name = decodeText(entry.fileNameRaw);
        if (name.endsWith('/')) {
          zip.readEntry();
          return;
        }
        read(zip, entry)
          .then((content) => {
            visit(name, content);
            zip.readEntry();
          }, reject)
          .catch(reject);
      });
      zip.readEntry();
    });
  },
};

function open(data: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(data, { lazyEntries: true, decodeStrings: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(new Error('not a valid zip file', { cause: error }));
    });
  });
}

/** One file, whole; its size is checked against the directory's. */
function read(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const content = new Uint8Array(entry.uncompressedSize);
      let at = 0;
      stream.on('data', (chunk: Buffer) => {
        content.set(chunk, at);
        at += chunk.length;
      });
      stream.on('error', reject);
      stream.on('end', () => resolve(content));
    });
  });
}
