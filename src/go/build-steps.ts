/**
 * What a build tells while it works: names of packages (-v), the commands that would do the same (-n, -x), and messages, which -json makes a stream
 * of JSON (cmd/go/internal/work: exec.go, shell.go; cmd/go/internal/load, printer.go).
 */
import type { FileSet } from '#base/source.ts';
import type { PackageErrors } from '#compile/check-package.ts';
import type { LoadedPackage } from '#load/loader.ts';
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
  compile(p: LoadedPackage, lang: string): void {
    const { options, told } = this;
    if (told.has(p) || p.path === 'unsafe') return;
    const id = `b${String(told.size + 1).padStart(3, '0')}`;
    told.set(p, id);
    if (p.isStandard && !options.rebuild && !options.dryRun) return;
    if (options.showsPackages) options.host.stderr(`${p.path}\n`);
    if (options.showsCommands) options.host.stderr(this.compileCommands(p, id, lang));
  }

  private compileCommands(p: LoadedPackage, id: string, lang: string): string {
    const { options } = this;
    const { goos, goarch } = options.target;
    const tool = `$GOROOT/pkg/tool/${goos}_${goarch}`.replace('$GOROOT', options.goroot);
    const flags = options.gcflags.for(options.host, p, true);
    const language = p.isStandard ? ['-std'] : [`-lang=${lang}`];
    const complete = p.files.sFiles.length === 0 ? ['-complete'] : [];
    const path = p.name === 'main' ? 'main' : p.path;
    const files = p.files.goFiles.map((f) => `./${f.name}`);
    const trim = options.trimpath ? `"$WORK/${id}=>;${p.dir}=>${p.path};"` : `"$WORK/${id}=>"`;
    const command = [
      `${tool}/compile`,
      ...['-o', `$WORK/${id}/_pkg_.a`, '-trimpath', trim, '-p', path, ...language, ...complete, ...flags],
      ...['-goversion', goVersion, '-c=2', '-nolocalimports', '-importcfg', `$WORK/${id}/importcfg`, '-pack', ...files],
    ];
    const imports = [...p.imports.entries()].map(([name, q]) =>
      name === q.path ? '' : `importmap ${name}=${q.path}\n`,
    );
    const archives = [...p.imports.values()].map(
      (q) => `packagefile ${q.path}=$WORK/${this.told.get(q) ?? ''}/_pkg_.a\n`,
    );
    return (
      `mkdir -p $WORK/${id}/\ncat >$WORK/${id}/importcfg << 'EOF' # internal\n# import config\n${imports.join('')}${archives.join('')}EOF\n` +
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
    options.host.stderr(`mkdir -p $WORK/${id}/exe/\n${command}${move}`);
  }

  errors(path: string, from: { readonly fileSet: FileSet }, e: PackageErrors): void {
    if (!this.options.json) {
      printPackageErrors(this.options.host, from.fileSet, e);
      return;
    }
    let text = '';
    printPackageErrors({ ...this.options.host, stderr: (t) => (text += String(t)) }, from.fileSet, e);
    this.text(e.path === '' ? path : e.path, text);
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
