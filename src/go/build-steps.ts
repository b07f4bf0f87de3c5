/**
 * What a build tells while it works: names of packages (-v), the commands that would do the same (-n, -x), and messages, which -json makes a stream
 * of JSON (cmd/go/internal/work: exec.go, shell.go; cmd/go/internal/load, printer.go).
 */
import type { FileSet } from '#base/source.ts';
import type { PackageErrors } from '#compile/check-package.ts';
import { EmbedError, resolveEmbed } from '#load/embed.ts';
import { dependenciesOf, type LoadedPackage, type Loader } from '#load/loader.ts';
import type { BuildOptions } from './build-options.ts';
import { printPackageErrors } from './diagnostics.ts';
import { absolutePath } from './paths.ts';
import { goVersion } from './version.ts';

/** In GOTMPDIR, or else where the system keeps temporary files. */
function workDirectory(options: BuildOptions): string {
  const { host, env } = options;
  const given = env.get('GOTMPDIR');
  if (given === '') return absolutePath(host, host.files.makeTemporaryDirectory('go-build'));
  const path = absolutePath(host, `${given}/go-build${host.processes?.id ?? ''}${Math.floor(host.now() * 1000)}`);
  host.files.makeDirectory(path);
  return path;
}

/** Functions that the official compiler would compile at once. */
function concurrency(options: BuildOptions): number {
  const given = Number(options.host.env.get('GOMAXPROCS') ?? '');
  const limit = given > 0 ? given : (options.host.processes?.parallelism ?? 1);
  return Math.min(limit, 4);
}

/** What the compiler is told of embedded files; "" if there are none. */
function embedConfig(options: BuildOptions, p: LoadedPackage): string {
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

export class BuildSteps {
  private readonly options: BuildOptions;
  private readonly told: Map<LoadedPackage, string>;
  /** The directory that commands name $WORK; "" until it is needed. */
  private work: string;

  constructor(options: BuildOptions) {
    this.options = options;
    this.told = new Map();
    this.work = '';
    if (options.keepsWork || options.showsCommands) this.start();
  }

  private start(): void {
    const { host, dryRun, keepsWork } = this.options;
    this.work = dryRun ? '$WORK' : workDirectory(this.options);
    if (!dryRun || keepsWork) host.stderr(`WORK=${this.work}\n`);
  }

  /** Removes the directory, unless -work asks to keep it. */
  close(): void {
    const { host, dryRun, keepsWork } = this.options;
    if (this.work !== '' && !dryRun && !keepsWork) host.files.remove(this.work);
  }

  /** A package is compiled; told once. */
  compile(p: LoadedPackage, lang: string, isNamed: boolean): void {
    const { options, told } = this;
    if (told.has(p) || p.path === 'unsafe') return;
    const id = `b${String(told.size + 1).padStart(3, '0')}`;
    told.set(p, id);
    if (p.isStandard && !options.rebuild && !options.dryRun) return;
    if (options.showsPackages) options.host.stderr(`${p.path}\n`);
    if (options.showsCommands) options.host.stderr(this.compileCommands(p, id, lang, isNamed));
  }

  private compileCommands(p: LoadedPackage, id: string, lang: string, isNamed: boolean): string {
    const { options } = this;
    const { goos, goarch } = options.target;
    const tool = `$GOROOT/pkg/tool/${goos}_${goarch}`.replace('$GOROOT', options.goroot);
    const flags = options.gcflags.for(options.host, p, isNamed);
    const language = p.isStandard ? ['-std'] : [`-lang=${lang}`];
    const complete = p.files.sFiles.length === 0 ? ['-complete'] : [];
    const path = p.name === 'main' ? 'main' : p.path;
    const files = p.files.goFiles.map((f) => `./${f.name}`);
    const trim = options.trimpath ? `"$WORK/${id}=>;${p.dir}=>${p.path};"` : `"$WORK/${id}=>"`;
    const command = [
      `${tool}/compile`,
      ...['-o', `$WORK/${id}/_pkg_.a`, '-trimpath', trim, '-p', path, ...language, ...complete, ...flags],
      ...[
        '-goversion',
        goVersion,
        `-c=${concurrency(options)}`,
        '-nolocalimports',
        '-importcfg',
        `$WORK/${id}/importcfg`,
        '-pack',
        ...files,
      ],
    ];
    const imports = [...p.imports.entries()].map(([name, q]) =>
      name === q.path ? '' : `importmap ${name}=${q.path}\n`,
    );
    const archives = [...p.imports.values()].map(
      (q) => `packagefile ${q.path}=$WORK/${this.told.get(q) ?? ''}/_pkg_.a\n`,
    );
    const embedded = embedConfig(options, p);
    if (embedded !== '') command.splice(1, 0, '-embedcfg', `$WORK/${id}/embedcfg`);
    const embeds = embedded === '' ? '' : `cat >$WORK/${id}/embedcfg << 'EOF' # internal\n${embedded}\nEOF\n`;
    return (
      `mkdir -p $WORK/${id}/\ncat >$WORK/${id}/importcfg << 'EOF' # internal\n# import config\n${imports.join('')}${archives.join('')}EOF\n${embeds}` +
      `cd ${p.dir}\n${command.join(' ')}\n`
    );
  }

  /** A program is linked, and goes to a file ("" if it goes nowhere). */
  link(p: LoadedPackage, target: string): void {
    const { options } = this;
    if (!options.showsCommands) return;
    const { goos, goarch } = options.target;
    const id = this.told.get(p) ?? 'b001';
    const flags = options.ldflags.for(options.host, p, true).join(' ');
    const command =
      `cd .\n${options.goroot}/pkg/tool/${goos}_${goarch}/link -o $WORK/${id}/exe/a.out -importcfg $WORK/${id}/importcfg.link ` +
      `-buildmode=exe${flags === '' ? '' : ` ${flags}`} $WORK/${id}/_pkg_.a\n`;
    const move = target === '' ? '' : `mv $WORK/${id}/exe/a.out ${target}\n`;
    const archives = [p, ...dependenciesOf(p)].map(
      (q) => `packagefile ${q.path}=$WORK/${this.told.get(q) ?? id}/_pkg_.a\n`,
    );
    const config = `cat >$WORK/${id}/importcfg.link << 'EOF' # internal\n${archives.join('')}EOF\n`;
    options.host.stderr(`${config}mkdir -p $WORK/${id}/exe/\n${command}${move}`);
  }

  errors(path: string, from: { readonly fileSet: FileSet }, e: PackageErrors, loader: Loader | null = null): void {
    if (!this.options.json) {
      printPackageErrors(this.options.host, from.fileSet, e);
      return;
    }
    // Errors of loading are those of the packages that could not be loaded.
    if (e.path === '' && e.list.length > 1) {
      for (const d of e.list) this.errors(path, from, { ...e, list: [d] }, loader);
      return;
    }
    const found = e.path === '' ? loader?.problemPaths.get(e.list[0]) : undefined;
    let text = '';
    printPackageErrors({ ...this.options.host, stderr: (t) => (text += String(t)) }, from.fileSet, e);
    this.text(found ?? (e.path === '' ? path : e.path), text);
  }

  /** Messages about a package. */
  text(path: string, message: string): void {
    const { host, json } = this.options;
    if (!json) {
      host.stderr(message);
      return;
    }
    for (const line of message.split(/(?<=\n)/))
      host.stdout(`${JSON.stringify({ ImportPath: path, Action: 'build-output', Output: line })}\n`);
    host.stdout(`${JSON.stringify({ ImportPath: path, Action: 'build-fail' })}\n`);
  }
}
