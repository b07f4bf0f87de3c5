// Bundles the command line into dist/, in chunks, so that a command loads only what it uses. Runs on Node 20 and newer.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: { tuza: 'src/cli/main.ts' },
  platform: 'node',
  external: [/^node:/],
  treeshake: true,
  onwarn(warning) {
    if (warning.code !== 'CIRCULAR_DEPENDENCY') process.stderr.write(`bundle: ${warning.message}\n`);
  },
});
await bundle.write({
  dir: `${root}dist`,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
