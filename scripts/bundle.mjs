// Bundles the command line into dist/ (or the directory that is given), in chunks, so that a command loads only what it uses. Runs on Node 20 and newer.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, VERSION } from 'rolldown';
import { isolatedDeclarationSync } from 'rolldown/experimental';

const root = fileURLToPath(new URL('..', import.meta.url));
// What the build cache tells this bundle's output from others' by. It is in the code itself, so that a process keeps it when dist/ is replaced.
const identity = identityOf();

function identityOf() {
  const hash = createHash('sha256')
    .update(VERSION)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.ts')) hash.update(`${name}\n`).update(readFileSync(`${root}src/${name}`));
  return hash.digest('hex');
}

const dist = resolve(process.argv[2] ?? `${root}dist`);
rmSync(dist, { recursive: true, force: true });
await write({ tuza: 'src/cli/main.ts', index: 'src/cli/lib.ts', 'lib-worker': 'src/cli/lib-worker.ts' }, 'esm', 'js');
// Each of these is one file and no module: bin/load.js keeps V8's code of it.
for (const [name, source] of [
  ['before', 'cli/main-before'],
  ['work', 'cli/main-work'],
  ['tool-link', 'cli/main-link'],
  ['linker', 'link/link'],
]) {
  await write({ [name]: `src/${source}.ts` }, 'cjs', 'cjs');
  // Text that is ASCII is read without being decoded, and takes half of the memory.
  const file = `${dist}/${name}.cjs`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/[\u0080-\uffff]/g, escaped));
}

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

async function write(input, format, extension) {
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: [/^node:/],
    treeshake: true,
    transform: { define: { TUZA_BUNDLE: JSON.stringify(identity) } },
    onwarn(warning) {
      if (warning.code !== 'CIRCULAR_DEPENDENCY') process.stderr.write(`bundle: ${warning.message}\n`);
    },
  });
  await bundle.write({
    dir: dist,
    format,
    codeSplitting: format === 'esm',
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name]-[hash].${extension}`,
  });
  await bundle.close();
}

// Found by the name of this file: whether there is a bundle, and what is kept for it (bin/).
writeFileSync(`${dist}/identity`, identity);

// The library's types: everything that its signatures need is declared in the same file.
const source = 'src/cli/lib.ts';
const types = isolatedDeclarationSync(source, readFileSync(`${root}${source}`, 'utf8'), { sourcemap: false });
if (types.errors.length > 0) throw new Error(types.errors.map((e) => e.message).join('\n'));
if (/^import /m.test(types.code)) throw new Error(`${source}: a signature needs a type of another file`);
writeFileSync(`${dist}/index.d.ts`, types.code);
