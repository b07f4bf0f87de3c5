/**
 * What a build tells while it works: names of packages (-v), the commands that would do the same (-n, -x), and messages, which -json makes a stream
 * of JSON (cmd/go/internal/work: exec.go, shell.go; cmd/go/internal/load, printer.go).
 */
import type { FileSet } from '#base/source.ts';
import type { PackageErrors } from '#compile/check-package.ts';
import type { LoadedPackage, Loader } from '#load/loader.ts';
import { type CompileFacts, compileCommands, linkCommands, moveCommand, toolPath } from './build-commands.ts';
import type { BuildOptions } from './build-options.ts';
import { printPackageErrors } from './diagnostics.ts';
import { absolutePath } from './paths.ts';

/** In GOTMPDIR, or else where the system keeps temporary files. */
function workDirectory(options: BuildOptions): string {
  const { host, env } = options;
  const given = env.get('GOTMPDIR');
  if (given === '') return absolutePath(host, host.files.makeTemporaryDirectory('go-build'));
  const path = absolutePath(host, `${given}/go-build${host.processes?.id ?? ''}${Math.floor(host.now() * 1000)}`);
  host.files.makeDirectory(path);
  return path;
}

/** How a package is compiled in this build. */
export interface CompileStep {
  readonly lang: string;
  /** On the command line. */
  readonly isNamed: boolean;
  /** "[q.test]" for packages that are compiled for the tests of q, or for the profile of a program q; else "". */
  readonly variant: string;
  /** Whose flags of the compiler hold: the tested package's for all that its tests are made of. */
  readonly flagsOf: LoadedPackage;
  readonly isProgram: boolean;
  readonly coverMode: string;
  /** A profile for optimisation, or "". */
  readonly profile: string;
}

export function plainStep(p: LoadedPackage, lang: string, isNamed: boolean): CompileStep {
  const isProgram = p.name === 'main';
  return { lang, isNamed, variant: '', flagsOf: p, isProgram, coverMode: '', profile: '' };
}

/** Without a profile, which is preprocessed first. */
export function factsOf(options: BuildOptions, p: LoadedPackage, step: CompileStep): CompileFacts {
  return {
    package: p,
    lang: step.lang,
    gcflags: options.gcflags.for(options.host, step.flagsOf, step.isNamed),
    asmflags: options.asmflags.for(options.host, step.flagsOf, step.isNamed),
    path: step.isProgram ? 'main' : p.path,
    coverMode: step.coverMode,
    profile: '',
  };
}

export class BuildSteps {
  private readonly options: BuildOptions;
  /** The numbers of packages and their variants. */
  private readonly places: Map<string, string>;
  /** Packages of a program that has been made are kept by nobody. */
  private readonly told: WeakMap<LoadedPackage, string>;
  private readonly profiles: Map<string, string>;
  /** The directory that commands name $WORK; "" until it is needed. */
  private work: string;

  constructor(options: BuildOptions) {
    this.options = options;
    this.places = new Map();
    this.told = new WeakMap();
    this.profiles = new Map();
    this.work = '';
    if (options.keepsWork || options.showsCommands || options.toolexec.length > 0) this.start();
  }

  private start(): void {
    const { host, dryRun, keepsWork, showsCommands } = this.options;
    this.work = dryRun ? '$WORK' : workDirectory(this.options);
    if ((showsCommands && !dryRun) || keepsWork) host.stderr(`WORK=${this.work}\n`);
  }

  /** Removes the directory, unless -work asks to keep it. */
  close(): void {
    const { host, dryRun, keepsWork } = this.options;
    if (this.work !== '' && !dryRun && !keepsWork) host.files.remove(this.work);
  }

  get workDirectory(): string {
    return this.work;
  }

  placeOf(p: LoadedPackage): string {
    return this.told.get(p) ?? this.newPlace(p, `${p.path}\0`);
  }

  /** The directory of something that is no package. */
  placeNamed(key: string): string {
    const place = this.places.get(key) ?? `b${String(this.places.size + 1).padStart(3, '0')}`;
    this.places.set(key, place);
    return place;
  }

  private newPlace(p: LoadedPackage, key: string): string {
    const place = this.placeNamed(key);
    this.told.set(p, place);
    return place;
  }

  /** A package is compiled; told once. */
  compile(p: LoadedPackage, step: CompileStep): void {
    const { options } = this;
    if (p.path === 'unsafe') return;
    const key = `${p.path}\0${step.variant}`;
    const isTold = this.places.has(key);
    this.newPlace(p, key);
    if (isTold || (p.isStandard && !options.rebuild && !options.dryRun && step.variant === '')) return;
    if (options.showsPackages) options.host.stderr(`${p.path}\n`);
    if (!options.showsCommands) return;
    const facts = { ...factsOf(options, p, step), profile: this.preprocessed(step.profile) };
    options.host.stderr(compileCommands(options, facts, (q) => this.placeOf(q)));
  }

  /** A profile is preprocessed once. */
  private preprocessed(profile: string): string {
    if (profile === '') return '';
    let path = this.profiles.get(profile);
    if (path === undefined) {
      const place = this.placeNamed(`${profile}\0profile`);
      path = `$WORK/${place}/pgo.preprofile`;
      this.profiles.set(profile, path);
      this.options.host.stderr(
        `mkdir -p $WORK/${place}/\ncd .\n${toolPath(this.options, 'preprofile')} -o ${path} -i ${profile}\n`,
      );
    }
    return path;
  }

  /** A program is linked, and goes to a file ("" if it goes nowhere). */
  link(p: LoadedPackage, target: string, flagsOf: LoadedPackage, modinfo: Uint8Array | null, name = 'exe/a.out'): void {
    const { options } = this;
    if (!options.showsCommands) return;
    const flags = options.ldflags.for(options.host, flagsOf, true);
    const text = linkCommands(options, p, (q) => this.placeOf(q), flags, modinfo, name);
    options.host.stderr(text + this.moveText(p, name, target));
  }

  private moveText(p: LoadedPackage, name: string, target: string): string {
    return target === '' ? '' : moveCommand(this.options, `$WORK/${this.placeOf(p)}/${name}`, target);
  }

  /** An archive goes to a file. */
  move(p: LoadedPackage, target: string): void {
    if (this.options.showsCommands) this.options.host.stderr(this.moveText(p, '_pkg_.a', target));
  }

  /** Any other command; $WORK stands for the directory. */
  show(command: string): void {
    const { options } = this;
    if (!options.showsCommands) return;
    options.host.stderr(`${this.work === '$WORK' ? command : command.replaceAll(this.work, '$WORK')}\n`);
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
