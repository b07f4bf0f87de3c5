// Runs a bundled script with V8's code from an earlier run. Node's own compile cache keeps the code of functions that are compiled while a file is
// loaded; here it is taken when the work is done, with every function that has run.
const { createRequire, wrap } = require('node:module');
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

// Of a short run's processor time, V8's last tier takes a third and gives nothing back. Maglev is there from Node 24 on.
exports.shortRun = Number.parseInt(process.versions.node, 10) >= 24 ? ['--no-turbofan'] : [];

/** Less is collected: the young generation grows at once to what work with many objects needs, and marking waits until the heap is full. */
exports.rareCollections = ['--semi-space-growth-factor=16', '--no-incremental-marking'];

/** The flags of V8 that are set now. */
let inForce = [];

/** What takes back a flag that does not begin with "--no-". */
const usual = { '--semi-space-growth-factor=16': '--semi-space-growth-factor=2' };

/** V8 takes kept code only under the flags with which it was made; so does Node with its own parts, which are kept for the usual ones. */
function setFlags(flags) {
  if (flags.length + inForce.length === 0) return;
  const { setFlagsFromString } = require('node:v8');
  for (const flag of inForce) setFlagsFromString(usual[flag] ?? flag.replace('--no-', '--'));
  for (const flag of flags) setFlagsFromString(flag);
  inForce = flags;
}

/**
 * `identity` tells the file from others of its name: V8 itself looks at the length of a text only. Returns what the script exports. Of work that takes
 * long (the script's isLong tells) code is kept only as long as there is none of shorter work: with it start functions that short work does without.
 * `flags` are V8's under which it runs, `parts` those of Node that it will need.
 */
exports.load = function load(file, identity, flags = [], parts = []) {
  const directory = cacheDirectory();
  const kept = directory === '' ? '' : join(directory, `${identity}-${process.version}-${process.arch}`);
  const ofShort = kept === '' ? undefined : read(kept);
  const cachedData = kept === '' ? undefined : (ofShort ?? read(`${kept}-long`));
  setFlags([]);
  for (const part of parts) require(part);
  // Bundles are ASCII.
  const script = new Script(wrap(readFileSync(file, 'latin1')), { filename: file, cachedData });
  const module = { exports: {} };
  setFlags(flags);
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  const isUsed = cachedData !== undefined && !script.cachedDataRejected;
  if (kept !== '' && !(isUsed && ofShort !== undefined)) {
    process.once('exit', () => {
      setFlags([]);
      const isLong = module.exports.isLong?.() === true;
      if (!isLong || !isUsed) keep(directory, isLong ? `${kept}-long` : kept, script);
    });
  }
  return module.exports;
};

/** Code of other versions goes after 30 days; that of this one is made again then. */
const longest = 30 * 24 * 3600 * 1000;

/** Of this user alone: who can write it decides what runs. */
function cacheDirectory() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return '';
  const { XDG_CACHE_HOME, HOME } = process.env;
  if (XDG_CACHE_HOME?.startsWith('/')) return join(XDG_CACHE_HOME, 'tuza', 'code');
  return HOME?.startsWith('/') ? join(HOME, '.cache', 'tuza', 'code') : '';
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function keep(directory, file, script) {
  const beside = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(beside, script.createCachedData(), { mode: 0o600 });
    renameSync(beside, file);
    for (const name of readdirSync(directory)) {
      const other = join(directory, name);
      if (Date.now() - statSync(other).mtimeMs > longest) rmSync(other, { force: true });
    }
  } catch {
    // A place that cannot be written to: the next run starts as slowly as this one.
  }
}
