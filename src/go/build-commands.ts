/**
 * The commands that -n and -x print: those of the official tools that would do what a build does (cmd/go/internal/work: exec.go, gc.go). Packages are
 * known by the directories that their files would be in, $WORK/b001 and so on.
 */
import { quote } from '#base/quote.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import { dependenciesOf, type LoadedPackage } from '#load/loader.ts';
import type { BuildOptions } from './build-options.ts';
import { levelVariable } from './build-target.ts';
import { counterFileName } from './coverage.ts';
import { absolutePath } from './paths.ts';
import { goVersion } from './version.ts';

/** How a package is compiled, besides what it is. */
export interface CompileFacts {
  readonly package: LoadedPackage;
  /** "go1.N". */
  readonly lang: string;
  /** Given by -gcflags and -asmflags. */
  readonly gcflags: readonly string[];
  readonly asmflags: readonly string[];
  /** As the compiler is told it: "main" of programs. */
  readonly path: string;
  /** How statements are counted, "" if they are not. */
  readonly coverMode: string;
  /** The preprocessed profile, "" if there is none. */
  readonly profile: string;
}

/** Where a package's files are: "b001" and so on. */
export type PlaceOf = (p: LoadedPackage) => string;

/** How a tool is run: -toolexec stands before it. */
export function toolPath(options: BuildOptions, name: string): string {
  const { goos, goarch } = options.target;
  return [...options.toolexec, `${options.goroot}/pkg/tool/${goos}_${goarch}/${name}`].join(' ');
}

/** Functions that the official compiler would compile at once. */
function concurrency(options: BuildOptions): number {
  const given = Number(options.host.env.get('GOMAXPROCS') ?? '');
  const limit = given > 0 ? given : (options.host.processes?.parallelism ?? 1);
  return Math.min(limit, 4);
}

/** What the compiler is told of embedded files; "" if there are none. */
export function embedConfig(options: BuildOptions, p: LoadedPackage): string {
  const patterns = p.files.goFiles.flatMap((f) => f.embeds);
  if (patterns.length === 0) return '';
  try {
    const { byPattern, files } = resolveEmbed(options.host.files, p.dir, patterns);
    const paths = Object.fromEntries(files.map((f) => [f, `${p.dir}/${f}`]));
    return JSON.stringify({ Patterns: Object.fromEntries(byPattern), Files: paths }, null, '\t');
  } catch (e) {
    if (!(e instanceof EmbedError)) throw e;
    return '';
  }
}

export function hereDocument(file: string, text: string): string {
  return `cat >${file} << 'EOF' # internal\n${text}EOF\n`;
}

/** A path as it is seen from the directory in which the commands run. */
function shown(options: BuildOptions, path: string): string {
  const cwd = options.host.workingDirectory();
  return path.startsWith(`${cwd}/`) ? `./${path.slice(cwd.length + 1)}` : path;
}

/** A Go file of a package; files that no directory has are generated. */
export function sourceFile(path: string, place: string): string {
  return path.startsWith('/') ? path : `$WORK/${place}/${path}`;
}

export function trimpathArgument(options: BuildOptions, p: LoadedPackage, place: string): string {
  return options.trimpath ? `$WORK/${place}=>;${p.dir}=>${p.path};` : `$WORK/${place}=>`;
}

/** The assembler's command line up to its own flags, without the program. */
export function assemblerArguments(options: BuildOptions, f: CompileFacts, place: string): string[] {
  const { target, goroot } = options;
  const level = levelVariable(target.goarch);
  return [
    ...['-p', f.path, '-trimpath', trimpathArgument(options, f.package, place), '-I', `$WORK/${place}/`],
    ...['-I', `${goroot}/pkg/include`, '-D', `GOOS_${target.goos}`, '-D', `GOARCH_${target.goarch}`],
    ...(level === '' || target.level === '' ? [] : ['-D', `${level}_${target.level}`]),
    ...f.asmflags,
  ];
}

/** Rewritten paths are quoted. */
function quotedWord(word: string): string {
  return word.includes('=>') ? `"${word}"` : word;
}

/** What the compiler is told of a package but for its files and what it writes. */
export function compilerArguments(options: BuildOptions, f: CompileFacts, place: string): string[] {
  const { package: p } = f;
  const hasAssembly = p.files.sFiles.length > 0;
  const more = p.isStandard && forwardDeclaring.has(p.path);
  // A generated package may import what those of the tree may, but is not one of them.
  const isOfTree = p.isStandard && p.files.goFiles.every((g) => g.path.startsWith('/'));
  return [
    ...['-p', f.path, `-lang=${f.lang}`, ...(isOfTree ? ['-std'] : [])],
    ...(hasAssembly || more ? [] : ['-complete']),
    ...['-goversion', goVersion],
    ...(f.coverMode === '' ? [] : [`-coveragecfg=$WORK/${place}/coveragecfg`]),
    ...(f.profile === '' ? [] : [`-pgoprofile=${f.profile}`]),
    ...(hasAssembly ? ['-symabis', `$WORK/${place}/symabis`] : []),
    `-c=${concurrency(options)}`,
    ...f.gcflags,
    ...['-nolocalimports', '-importcfg', `$WORK/${place}/importcfg`],
  ];
}

/** Packages with declarations whose bodies other packages bring. */
const forwardDeclaring = new Set(
  'bytes internal/poll net os runtime/metrics runtime/pprof runtime/trace sync syscall time'.split(' '),
);

export function importConfig(p: LoadedPackage, archiveOf: (p: LoadedPackage) => string): string {
  const imports = [...p.imports.entries()].map(([name, q]) => (name === q.path ? '' : `importmap ${name}=${q.path}\n`));
  const archives = [...new Set(p.imports.values())].map((q) => `packagefile ${q.path}=${archiveOf(q)}\n`);
  return `# import config\n${imports.join('')}${archives.join('')}`;
}

export function compileCommands(options: BuildOptions, f: CompileFacts, placeOf: PlaceOf): string {
  const { package: p } = f;
  const place = placeOf(p);
  const dir = `$WORK/${place}`;
  const asm = toolPath(options, 'asm');
  const lines = [`mkdir -p ${dir}/\n`];
  if (options.dryRun) lines.push(`\n#\n# ${p.path}\n#\n\n`);
  const sources = p.files.sFiles.map((name) => `./${name}`);
  const assembler = assemblerArguments(options, f, place);
  const assemble = (words: readonly string[]): string => `${[asm, ...assembler.map(quotedWord), ...words].join(' ')}\n`;
  const files = f.coverMode === '' ? p.files.goFiles : p.files.goFiles.filter((g) => g.name !== counterFileName);
  let names = files.map((g) => shown(options, sourceFile(g.path, place)));
  if (f.coverMode !== '') {
    const outputs = files.map((g) =>
      /_test\.go$/.test(g.name) ? '' : `${dir}/${g.name.replace(/\.go$/, '.cover.go')}`,
    );
    const counted = files.filter((_, i) => outputs[i] !== '').map((g) => `./${g.name}`);
    lines.push(`cd ${p.dir}\n${toolPath(options, 'cover')} -pkgcfg ${dir}/pkgcfg.txt -mode ${f.coverMode} `);
    lines.push(`-var goCover_ -outfilelist ${dir}/coveroutfiles.txt ${counted.join(' ')}\n`);
    names = [`${dir}/covervars.go`, ...names.map((n, i) => (outputs[i] === '' ? n : outputs[i]))];
  }
  if (sources.length > 0) {
    lines.push(`echo -n > ${dir}/go_asm.h # internal\ncd ${p.dir}\n`);
    lines.push(assemble(['-gensymabis', '-o', `${dir}/symabis`, ...sources]));
  }
  lines.push(
    hereDocument(
      `${dir}/importcfg`,
      importConfig(p, (q) => `$WORK/${placeOf(q)}/_pkg_.a`),
    ),
  );
  const embedded = embedConfig(options, p);
  if (embedded !== '') lines.push(hereDocument(`${dir}/embedcfg`, `${embedded}\n`));
  const command = [
    ...[toolPath(options, 'compile'), '-o', `${dir}/_pkg_.a`],
    ...['-trimpath', `"${trimpathArgument(options, p, place)}"`, ...compilerArguments(options, f, place)],
    ...(embedded === '' ? [] : ['-embedcfg', `${dir}/embedcfg`]),
    '-pack',
    ...(sources.length === 0 ? [] : ['-asmhdr', `${dir}/go_asm.h`]),
    ...names,
  ];
  lines.push(`cd ${options.host.workingDirectory()}\n${command.join(' ')}\n`);
  if (sources.length > 0) {
    const objects = p.files.sFiles.map((name) => `${dir}/${name.replace(/\.s$/, '.o')}`);
    lines.push(`cd ${p.dir}\n`, ...sources.map((s, i) => assemble(['-o', objects[i], s])));
    lines.push(`go tool pack r ${dir}/_pkg_.a ${objects.join(' ')} # internal\n`);
  }
  lines.push(`go tool buildid -w ${dir}/_pkg_.a # internal\n`);
  return lines.join('');
}

/** What the linker is told: the packages' archives, and what the program says about itself, between the marks around it. */
export function linkConfig(
  packages: readonly LoadedPackage[],
  archiveOf: (p: LoadedPackage) => string,
  modinfo: Uint8Array | null,
): string {
  const archives = packages.filter((q) => q.path !== 'unsafe').map((q) => `packagefile ${q.path}=${archiveOf(q)}\n`);
  return archives.join('') + (modinfo === null ? '' : `modinfo ${quotedBytes(modinfo)}\n`);
}

/** `name` is that of the executable in $WORK. */
export function linkCommands(
  options: BuildOptions,
  p: LoadedPackage,
  placeOf: PlaceOf,
  ldflags: readonly string[],
  modinfo: Uint8Array | null,
  name: string,
): string {
  const place = placeOf(p);
  const config = linkConfig([p, ...dependenciesOf(p)], (q) => `$WORK/${placeOf(q)}/_pkg_.a`, modinfo);
  const output = `$WORK/${place}/${name}`;
  const directory = output.slice(0, output.lastIndexOf('/') + 1);
  const words = [toolPath(options, 'link'), '-o', output, '-importcfg', `$WORK/${place}/importcfg.link`];
  const command = [...words, '-buildmode=exe', ...ldflags, `$WORK/${place}/_pkg_.a`].join(' ');
  return (
    `${hereDocument(`$WORK/${place}/importcfg.link`, config)}mkdir -p ${directory}\ncd .\n` +
    `${command}\ngo tool buildid -w ${output} # internal\n`
  );
}

/** A Go string of bytes that are text but for the marks at both ends. */
function quotedBytes(data: Uint8Array): string {
  const mark = 16;
  const escaped = (list: Uint8Array): string =>
    [...list]
      .map((b) =>
        b > 0x20 && b < 0x7f && b !== 0x22 && b !== 0x5c
          ? String.fromCharCode(b)
          : `\\x${b.toString(16).padStart(2, '0')}`,
      )
      .join('');
  const text = quote(new TextDecoder().decode(data.subarray(mark, -mark))).slice(1, -1);
  return `"${escaped(data.subarray(0, mark))}${text}${escaped(data.subarray(-mark))}"`;
}

/** Moves what was linked to where it belongs; `build` writes into directories that are there. */
export function moveCommand(options: BuildOptions, from: string, target: string): string {
  if (options.command === 'build') return `mv ${from} ${target}\n`;
  return `mkdir -p ${absolutePath(options.host, `${target}/..`)}/\nmv ${from} ${target}\n`;
}
