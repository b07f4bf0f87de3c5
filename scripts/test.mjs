// Runs the tests on the Node that the development dependency "node" brings (it strips types), all files in one process.
//   node scripts/test.mjs [folder or file ...]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', 'node', 'bin', 'node');
if (!existsSync(node)) {
  process.stderr.write('test: node_modules/node/bin/node is missing: run "npm ci"\n');
  process.exit(2);
}
const files = [];
const collect = (path) => {
  if (statSync(path).isFile()) files.push(path);
  else
    for (const name of readdirSync(path).sort()) {
      const child = join(path, name);
      if (statSync(child).isDirectory() || name.endsWith('.test.ts')) collect(child);
    }
};
const wanted = process.argv.slice(2);
for (const w of wanted.length > 0 ? wanted : ['test']) collect(join(root, w));
// Tests that start the command line start a bundle of it.
const bundle = mkdtempSync(join(tmpdir(), 'tuza-bundle-'));
const bundling = spawnSync(node, [join(root, 'scripts', 'bundle.mjs'), bundle], { stdio: 'inherit' });
if (bundling.status !== 0) process.exit(bundling.status ?? 1);
const run = spawnSync(node, ['--test', '--test-isolation=none', '--test-reporter=spec', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TUZA_MAIN: join(bundle, 'tuza.js'), NODE_COMPILE_CACHE: join(bundle, 'compiled') },
});
rmSync(bundle, { recursive: true, force: true });
process.exit(run.status ?? 1);
