/** `tuza tool link`: the official linker's command line. The linker itself is the caller's business: run-link.ts. */
import { decodeText } from '#base/bytes.ts';
import { unquote } from '#base/unquote.ts';
import { FileError, type Host } from '#host/host.ts';
import type { LinkHost, LinkOptions } from '#link/context.ts';
import type { Excerpt, ExcerptMismatch, LinkResult, linkProgram, linkProgramBeside, makeExcerpt } from '#link/link.ts';
import { addStringDefinition } from '#link/string-definitions.ts';
import { headSize, type LinkExcerpts, linkExcerpts } from './link-excerpts.ts';
import { headerLine, versionWithExperiments } from './object-header.ts';
import { splitQuotedFields } from './quoted.ts';
import { expandResponseFiles, type FlagSpec, flagSpecs, type ParsedFlags, parseFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

const flags: readonly FlagSpec[] = [
  ...flagSpecs(
    'bool',
    false,
    'a asan aslr bindnow c checklinkname compressdwarf d debugnosplit dumpdep e f g h linkshared msan n pruneweakmap race s',
  ),
  ...flagSpecs(
    'string',
    false,
    'B E H I benchmark benchmarkprofile buildid buildmode capturehostobjs cpuprofile extar extld extldflags fipso importcfg installsuffix k libgcc linkmode memprofile o pluginpath r tmpdir',
  ),
  ...flagSpecs('string', true, 'L X'),
  ...flagSpecs('int', false, 'D R T debugtextsize debugtramp funcalign memprofilerate randlayout strictdups'),
  ...flagSpecs('count', true, 'v'),
  ...flagSpecs('count', false, 'V w'),
];

/** What the linker uses of the machine. */
export function linkHostOf(host: Host): LinkHost {
  return {
    readFile: (path) => host.files.readFile(path),
    exists: (path) => host.files.stat(path) !== null,
    sha256: (data) => host.sha256(data),
    deflate: (data) => host.deflate(data),
    print: (text) => host.stdout(text),
    capture: captureOf(host),
  };
}

function captureOf(host: Host): LinkHost['capture'] {
  const { processes } = host;
  if (processes === null) return null;
  return ([path, ...args]) => processes.capture(path, args);
}

/** What is taken of link/link.ts. */
export interface Linker {
  readonly linkProgram: typeof linkProgram;
  readonly linkProgramBeside: typeof linkProgramBeside;
  readonly makeExcerpt: typeof makeExcerpt;
  readonly Excerpt: typeof Excerpt;
  readonly ExcerptMismatch: typeof ExcerptMismatch;
}

export async function runLinkWith(
  args: readonly string[],
  host: Host,
  loadLinker: (hasExcerpt: boolean) => Linker | Promise<Linker>,
): Promise<number> {
  const expanded = expandResponseFiles(args, (path) => decodeText(host.files.readFile(path)));
  const p = parseFlags(flags, expanded);
  if (p.error !== '') {
    host.stderr(`${p.error}\nusage: link [options] main.o\n`);
    return 2;
  }
  const bad = badValue(p);
  if (bad !== '') {
    host.stderr(`${bad}\nusage: link [options] main.o\n`);
    return 2;
  }
  if (p.has('V')) {
    host.stdout(`link version ${goVersion}\n`);
    return 0;
  }
  if (p.rest.length !== 1) {
    host.stderr('usage: link [options] main.o\n');
    return 2;
  }
  const stop = (message: string, status: number): number => {
    host.stderr(`link: ${message}\n`);
    return status;
  };
  const unsupported = whyUnsupported(p);
  if (unsupported !== '') return stop(unsupported, 2);
  const strings = new Map<string, Uint8Array>();
  for (const definition of p.list('X')) {
    if (!addStringDefinition(strings, definition)) {
      return stop('-X flag requires argument of the form importpath.name=value', 2);
    }
  }
  let packageFiles: Map<string, string> | null = null;
  if (p.has('importcfg')) {
    packageFiles = new Map();
    const problem = readImportConfig(host, p.text('importcfg', ''), packageFiles, strings);
    if (problem !== '') return stop(problem, 1);
  }
  const options = optionsOf(p, host, packageFiles, strings);
  const excerpts = linkExcerpts(host, options);
  const hasExcerpt = excerpts?.look() === true;
  // The files are read while the linker's code is loaded.
  const reading = hasExcerpt ? null : readArchives(host, options);
  const kept = hasExcerpt && excerpts !== null ? excerpts.read() : null;
  const linker = await loadLinker(hasExcerpt);
  let result = excerpts === null ? null : await linkKept(linker, options, host, excerpts, await kept);
  const isWhole = result === null;
  const keepsDebug = excerpts?.isRepeated === true;
  result ??= await link(linker, { ...options, keepsDebug }, host, await (reading ?? readArchives(host, options)));
  const status = finish(p, host, result);
  if (isWhole && status === 0 && excerpts !== null) {
    // The program is written: nobody needs it any more.
    result.image = null;
    result.layout = null;
    const made = excerpts.isRepeated ? linker.makeExcerpt(result.link, headSize) : new Uint8Array(headSize);
    if (made !== null) excerpts.write(made);
  }
  return status;
}

function readArchives(
  host: Host,
  options: Partial<LinkOptions>,
): Promise<Map<string, Uint8Array>> | Map<string, Uint8Array> {
  const { mainFile, packageFiles } = options;
  const files = packageFiles === null || packageFiles === undefined ? [] : [mainFile ?? '', ...packageFiles.values()];
  return host.beside === null ? new Map<string, Uint8Array>() : host.beside.readFiles(files);
}

async function link(
  linker: Linker,
  options: Partial<LinkOptions>,
  host: Host,
  read: Map<string, Uint8Array>,
): Promise<LinkResult> {
  const usual = linkHostOf(host);
  const readFile = (path: string): Uint8Array => {
    const data = read.get(path);
    if (data === undefined) return usual.readFile(path);
    read.delete(path);
    return data;
  };
  const linkHost = { ...usual, readFile };
  if (host.beside === null) return linker.linkProgram(options, linkHost);
  return linker.linkProgramBeside(options, linkHost, host.beside.deflate);
}

/** With what is kept of the archives; null if that is of others, does not suffice, or there are errors, which a whole link tells. */
async function linkKept(
  linker: Linker,
  options: Partial<LinkOptions>,
  host: Host,
  excerpts: LinkExcerpts,
  kept: Uint8Array | null,
): Promise<LinkResult | null> {
  if (host.beside === null || kept === null) return null;
  const excerpt = new linker.Excerpt(kept);
  if (!excerpts.areSame(excerpt.texts.libraries)) return null;
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  try {
    const linkHost = { ...linkHostOf(host), print };
    const result = await linker.linkProgramBeside({ ...options, excerpt }, linkHost, host.beside.deflate);
    if (result.image === null) return null;
    if (printed !== '') host.stdout(printed);
    return result;
  } catch (e) {
    if (!(e instanceof linker.ExcerptMismatch)) throw e;
    return null;
  }
}

/**
 * What -ldflags ask of the linker, on top of what the build has set; a text is what is wrong, or cannot be done. `-o` and other flags that are
 * the build's own business are not looked at.
 */
export function linkFlagOptions(
  given: readonly string[],
  strings: Map<string, Uint8Array>,
): Partial<LinkOptions> | string {
  const p = parseFlags(flags, given);
  if (p.error !== '') return p.error;
  const bad = badValue(p) || whyUnsupported(p);
  if (bad !== '') return bad;
  for (const definition of p.list('X')) {
    if (!addStringDefinition(strings, definition)) return '-X flag requires argument of the form importpath.name=value';
  }
  const options: Partial<LinkOptions> = {};
  if (p.has('s')) options.stripSymbols = p.bool('s', false);
  if (p.has('s') || p.has('w')) options.stripDwarf = p.bool('w', p.bool('s', false));
  if (p.has('compressdwarf')) options.compressDwarf = p.bool('compressdwarf', true);
  if (p.has('buildid')) options.buildId = p.text('buildid', '');
  if (p.has('B')) options.hostBuildId = p.text('B', '');
  if (p.has('buildmode')) options.buildMode = p.text('buildmode', 'exe') === 'pie' ? 'pie' : 'exe';
  if (p.has('I')) options.interpreter = p.text('I', '');
  if (p.has('E')) options.entry = p.text('E', '');
  if (p.has('linkmode')) options.linkMode = linkModes.find((m) => m === p.text('linkmode', 'auto')) ?? 'auto';
  if (p.has('extld')) options.extld = splitQuotedFields(p.text('extld', '')) ?? [];
  if (p.has('libgcc')) options.libgcc = p.text('libgcc', '');
  if (p.has('d')) options.noDynamic = p.bool('d', false);
  if (p.has('bindnow')) options.bindNow = p.bool('bindnow', false);
  if (p.has('r')) options.runPath = p.text('r', '');
  if (p.has('T')) options.textAddress = p.int('T', -1);
  if (p.has('D')) options.dataAddress = p.int('D', -1);
  if (p.has('R')) options.round = p.int('R', -1);
  if (p.has('funcalign')) options.funcAlign = p.int('funcalign', 0);
  if (p.has('checklinkname')) options.checkLinkname = p.bool('checklinkname', true);
  if (p.has('strictdups')) options.strictDups = p.int('strictdups', 0);
  if (p.has('pruneweakmap')) options.pruneWeakMap = p.bool('pruneweakmap', true);
  if (p.has('dumpdep')) options.dumpDep = p.bool('dumpdep', false);
  if (p.has('c')) options.callGraph = p.bool('c', false);
  if (p.has('h')) options.haltOnError = p.bool('h', false);
  if (p.has('debugnosplit')) options.debugNosplit = p.bool('debugnosplit', false);
  if (p.has('v')) options.verbose = p.count('v');
  if (p.has('e')) options.allErrors = p.bool('e', false);
  return options;
}

/** -L, then the place of installed packages, whose name tells how they were compiled. */
function libraryPath(p: ParsedFlags, goroot: string): string[] {
  const suffix = p.text('installsuffix', '') || (p.bool('race', false) ? 'race' : '');
  const installed = `${goroot}/pkg/linux_amd64${suffix === '' ? '' : `_${suffix}`}`;
  return goroot === '' ? p.list('L') : [...p.list('L'), installed];
}

const linkModes = ['auto', 'internal', 'external'] as const;

const buildModes = ['exe', 'pie', 'c-archive', 'c-shared', 'shared', 'plugin'];
const headTypes = 'aix darwin dragonfly freebsd js linux netbsd openbsd plan9 solaris wasip1 windows windowsgui'.split(
  ' ',
);

/** Values that only their flags know to be wrong, in the words of the official flags; "" if there is none. */
function badValue(p: ParsedFlags): string {
  const quoted = (name: string): string => JSON.stringify(p.text(name, ''));
  const w = p.text('w', 'true');
  if (!/^(1|0|[tTfF]|true|TRUE|True|false|FALSE|False)$/.test(w)) {
    return `invalid boolean value ${quoted('w')} for -w: strconv.ParseBool: parsing ${quoted('w')}: invalid syntax`;
  }
  for (const v of p.list('v')) {
    if (!/^(true|false|[+-]?[0-9]+)$/.test(v)) {
      return `invalid boolean value ${JSON.stringify(v)} for -v: invalid count ${JSON.stringify(v)}`;
    }
  }
  if (p.has('linkmode') && !linkModes.some((m) => m === p.text('linkmode', ''))) {
    return `invalid value ${quoted('linkmode')} for flag -linkmode: invalid linkmode: ${quoted('linkmode')}`;
  }
  if (p.has('buildmode') && !buildModes.includes(p.text('buildmode', ''))) {
    return `invalid value ${quoted('buildmode')} for flag -buildmode: invalid buildmode: ${quoted('buildmode')}`;
  }
  for (const name of ['extld', 'extldflags']) {
    const open = splitQuotedFields(p.text(name, '')) === null ? /(?:^|\s)(["'])/.exec(p.text(name, '')) : null;
    if (open !== null) return `invalid value ${quoted(name)} for flag -${name}: unterminated ${open[1]} string`;
  }
  const benchmark = p.text('benchmark', '');
  if (benchmark !== '' && benchmark !== 'mem' && benchmark !== 'cpu') {
    return `unknown benchmark flag: ${JSON.stringify(benchmark)}`;
  }
  if (p.text('H', '') !== '' && !headTypes.includes(p.text('H', ''))) return `invalid headtype: ${quoted('H')}`;
  if (!p.bool('aslr', true) && p.text('buildmode', '') !== 'c-shared') {
    return '-aslr=false is only allowed for -buildmode=c-shared';
  }
  return '';
}

function whyUnsupported(p: ParsedFlags): string {
  const os = p.text('H', '') || 'linux';
  if (os !== 'linux') return `-H=${os} is not supported by this linker`;
  const mode = p.text('buildmode', 'exe');
  if (mode !== 'exe' && mode !== 'pie') return `-buildmode=${mode} is not supported by this linker`;
  for (const name of ['msan', 'asan', 'linkshared']) {
    if (p.bool(name, false)) return `-${name} is not supported by this linker`;
  }
  for (const [name, reason] of refused) {
    if (p.text(name, '') !== '') return `-${name} is not supported by this linker: ${reason}`;
  }
  if (p.int('randlayout', 0) !== 0) {
    return "-randlayout is not supported by this linker: the order is that of math/rand's generator";
  }
  return '';
}

const profiles = 'its time and memory are measured with "node --cpu-prof"';

/** What would have to be done with a value, and why it is not. The other flags do what they say, or do nothing on amd64 with internal linking. */
const refused: readonly (readonly [string, string])[] = [
  ['benchmark', profiles],
  ['benchmarkprofile', profiles],
  ['cpuprofile', profiles],
  ['memprofile', profiles],
  ['capturehostobjs', 'C objects are read where they lie'],
];

function optionsOf(
  p: ParsedFlags,
  host: Host,
  packageFiles: ReadonlyMap<string, string> | null,
  strings: ReadonlyMap<string, Uint8Array>,
): Partial<LinkOptions> {
  const strip = p.bool('s', false);
  const goroot = host.env.get('GOROOT') ?? '';
  return {
    mainFile: p.rest[0],
    packageFiles,
    libraryPath: libraryPath(p, goroot),
    objectHeader: headerLine(host, 'linux', 'amd64').trimEnd(),
    goroot,
    buildVersion: versionWithExperiments(host, 'linux', 'amd64'),
    strings,
    entry: p.text('E', ''),
    textAddress: p.int('T', -1),
    dataAddress: p.int('D', -1),
    round: p.int('R', -1),
    funcAlign: p.int('funcalign', 0),
    stripSymbols: strip,
    // -s implies -w unless told otherwise.
    stripDwarf: p.bool('w', strip),
    compressDwarf: p.bool('compressdwarf', true),
    buildId: p.text('buildid', ''),
    hostBuildId: p.text('B', ''),
    buildMode: p.text('buildmode', 'exe') === 'pie' ? 'pie' : 'exe',
    interpreter: p.text('I', ''),
    linkMode: linkModes.find((m) => m === p.text('linkmode', 'auto')) ?? 'auto',
    externalEnabled: host.env.get('GO_EXTLINK_ENABLED') ?? '',
    extld: splitQuotedFields(p.text('extld', '')) ?? [],
    libgcc: p.text('libgcc', ''),
    race: p.bool('race', false),
    noDynamic: p.bool('d', false),
    bindNow: p.bool('bindnow', false),
    runPath: p.text('r', ''),
    checkLinkname: p.bool('checklinkname', true),
    strictDups: p.int('strictdups', 0),
    pruneWeakMap: p.bool('pruneweakmap', true),
    dumpDep: p.bool('dumpdep', false),
    callGraph: p.bool('c', false),
    haltOnError: p.bool('h', false),
    debugNosplit: p.bool('debugnosplit', false),
    verbose: p.count('v'),
    skipPackageData: p.bool('g', false),
    keepFipsObject: p.text('fipso', '') !== '',
    allErrors: p.bool('e', false),
    outputName: p.text('o', 'a.out'),
  };
}

function finish(p: ParsedFlags, host: Host, result: LinkResult): number {
  const output = p.text('o', 'a.out');
  for (const e of result.errors) host.stderr(`${e}\n`);
  if (result.stopped !== '') host.stderr(`link: ${result.stopped}\n`);
  if (result.image === null) {
    const old = host.files.stat(output);
    if (old !== null && !old.isDirectory) host.files.remove(output);
    return result.status === 0 ? 2 : result.status;
  }
  try {
    // Renaming over a file makes some file systems write the new one to the disk at once, which takes longer than linking.
    const old = host.files.stat(output);
    if (old !== null && !old.isDirectory) host.files.remove(output);
    host.files.writeFile(output, result.image, 0o755);
    if (result.link.fipsObject !== null) host.files.writeFile(p.text('fipso', ''), result.link.fipsObject);
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    host.stderr(`link: cannot create ${output}: ${e.message}\n`);
    return 2;
  }
  return 0;
}

/** Lines "packagefile path=file" and "modinfo quoted"; returns what is wrong, or "". */
function readImportConfig(
  host: Host,
  file: string,
  packages: Map<string, string>,
  strings: Map<string, Uint8Array>,
): string {
  let text: string;
  try {
    text = decodeText(host.files.readFile(file));
  } catch (e) {
    return `-importcfg: ${e instanceof Error ? e.message : String(e)}`;
  }
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i].trim();
    if (line === '' || line.startsWith('#')) continue;
    const space = line.indexOf(' ');
    const verb = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? '' : line.slice(space + 1).trim();
    const eq = rest.indexOf('=');
    switch (verb) {
      case 'packagefile':
      case 'packageshlib':
        if (eq <= 0 || eq === rest.length - 1)
          return `${file}:${i + 1}: invalid ${verb}: syntax is "${verb} path=filename"`;
        if (verb === 'packagefile') packages.set(rest.slice(0, eq), rest.slice(eq + 1));
        break;
      case 'modinfo': {
        const value = rest.startsWith('"') ? unquote(rest) : null;
        if (value === null) return `${file}:${i + 1}: invalid modinfo: invalid syntax`;
        strings.set('runtime.modinfo', value);
        break;
      }
      default:
        return `${file}:${i + 1}: unknown directive ${JSON.stringify(verb)}`;
    }
  }
  return '';
}
