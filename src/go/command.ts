/** The commands: one row each. Help texts, dispatch and flags come from here. */
import type { Host } from '#host/host.ts';
import { bool, buildFlags, buildFlagsWithTools, type CommandFlag, coverFlags, programFlags, text } from './flags.ts';
import { testFlags } from './test-flags.ts';

export type Run = (args: readonly string[], host: Host) => number | Promise<number>;

export interface Command {
  readonly name: string;
  readonly usage: string;
  /** In the list of commands. */
  readonly short: string;
  readonly long: string;
  readonly flags: readonly CommandFlag[];
  /** The tool of the tree whose flags the command takes, too. */
  readonly flagsOfTool?: string;
  /** Reads the Go tree, which is downloaded if there is none. */
  readonly needsTree: boolean;
  /** Code is loaded only when it is used. */
  readonly load: () => Promise<Run>;
}

const packagesText = `Packages are import paths of the standard library, directories (starting with "." or "/", or absolute), the patterns "std" and "cmd",
patterns with "...", which stands for any string, or a list of .go files of one directory.`;

const listFlags: readonly CommandFlag[] = [
  text('f', 'format', 'A template for each package, instead of its import path.'),
  {
    ...bool('json', 'Prints packages as JSON; "-json=Name,Dir" only these fields.'),
    kind: 'count',
  },
  bool('deps', 'Lists everything that the packages need, too, each after what it needs.'),
  bool('e', 'Lists packages with errors, too, with the errors in the field Error.'),
  bool('test', 'Lists test binaries and packages built for tests, too.'),
  bool('find', 'Finds the packages, but not what they import.'),
  bool('m', 'Lists modules.'),
  bool('u', 'Tells of newer versions of modules.'),
  bool('retracted', 'Tells of modules that their authors have retracted, and of retracted versions.'),
  bool('versions', 'Tells all versions of modules.'),
  bool('export', 'Tells the files of export data.'),
  text('reuse', 'file', 'Tells again what this file with output of -json tells, where that has not changed.'),
  bool('compiled', 'Tells the files that the compiler reads.'),
];

export const commands: readonly Command[] = [
  {
    name: 'bug',
    usage: '',
    short: 'start a bug report',
    long: `Bug would open the page for a bug report in a browser. It does not: reports about the language and its library belong to the Go project,
reports about this toolchain to its own.`,
    flags: [],
    needsTree: false,
    load: async () => (await import('./bug.ts')).runBug,
  },
  {
    name: 'build',
    usage: '[-o output] [build flags] [packages]',
    short: 'compile packages and dependencies',
    long: `Build checks the packages with everything that they import, and compiles and links those that are programs.

The executable of a single program is written to the working directory. It is called like the first file without .go, or like the last element
of the import path that is no major version. With -o it is written to the given file; if that is a directory or ends in a slash,
all programs are written into it. Otherwise the executables of several programs are not kept.`,
    flags: [text('o', 'output', 'The file or directory to write to.'), ...programFlags, ...buildFlagsWithTools],
    needsTree: true,
    load: async () => (await import('./build.ts')).runBuild,
  },
  {
    name: 'check',
    usage: '[-json] [build flags] [packages]',
    short: 'type-check packages',
    long: `Check parses and type-checks packages, and prints what is wrong with them. Nothing is compiled.

${packagesText}

Errors go to standard error: in the compiler's format if that is not a terminal, else with the source line and a mark (NO_COLOR
turns colours off). With -json they go to standard output, an object a line, with the fields Package, File, Line, Column,
Message and Code. The exit status is 1 if there are errors.`,
    flags: [
      bool('json', 'Prints errors as JSON.'),
      bool('e', 'Prints all errors, not only the first ten of a package.'),
      ...buildFlags,
    ],
    needsTree: true,
    load: async () => (await import('./check.ts')).runCheck,
  },
  {
    name: 'clean',
    usage: '[-i] [-r] [-cache] [-testcache] [-modcache] [-fuzzcache] [build flags] [packages]',
    short: 'remove object files and cached files',
    long: `Clean removes executables and test binaries that other commands have left in the directories of the packages. -i also removes what install has
written, and -r goes on to everything that the packages import. -n prints the commands that would remove something, -x while removing.

-cache, -testcache, -modcache and -fuzzcache remove the build cache, results of tests, downloaded modules, and inputs of fuzzing; with them
no packages can be given.`,
    flags: [
      bool('i', 'Removes installed programs, too.'),
      bool('r', 'Cleans everything that the packages import, too.'),
      bool('cache', 'Removes everything from the build cache.'),
      bool('testcache', 'Lets all results of tests expire.'),
      bool('modcache', 'Removes all downloaded modules.'),
      bool('fuzzcache', 'Removes inputs of fuzzing from the build cache.'),
      ...buildFlags,
    ],
    needsTree: false,
    load: async () => (await import('./clean.ts')).runClean,
  },
  {
    name: 'completion',
    usage: 'bash|fish|zsh',
    short: 'print a completion script for a shell',
    long: `Completion prints a script that lets the shell complete commands, flags and the names of tools. Put it where the shell finds it at its start:

	source <(tuza completion bash)            in ~/.bashrc
	tuza completion zsh > DIR/_tuza           DIR being a directory of $fpath
	tuza completion fish | source             in ~/.config/fish/config.fish`,
    flags: [],
    needsTree: false,
    load: async () => (await import('./completion.ts')).runCompletion,
  },
  {
    name: 'doc',
    usage: '[doc flags] [package|[package.]symbol[.methodOrField]]',
    short: 'show documentation for package or symbol',
    long: `Doc prints the documentation of a package or of what it declares, with a line for each thing below that. The printer is the go command's own,
compiled from the tree on first use. Without arguments the package of the working directory is meant; an argument may be

	go doc <pkg>
	go doc <sym>[.<methodOrField>]
	go doc [<pkg>.]<sym>[.<methodOrField>]
	go doc [<pkg>.][<sym>.]<methodOrField>

of which the first that is there counts; one that begins with a capital letter is looked for in the working directory. With two arguments

	go doc <pkg> <sym>[.<methodOrField>]

the first is a package. Packages are named by their whole import paths, or by the last elements of these. Small letters in the name of a symbol
also match capitals.`,
    flags: [
      bool('all', 'Shows all the documentation of the package.'),
      bool('c', 'Tells small letters from capitals.'),
      bool('cmd', 'Shows what a program declares, too.'),
      bool('http', 'Serves the documentation as HTML.'),
      bool('short', 'Shows a line for each symbol.'),
      bool('src', 'Shows the source code.'),
      bool('u', 'Shows what is not exported, too.'),
    ],
    needsTree: true,
    load: async () => (await import('./doc.ts')).runDoc,
  },
  {
    name: 'env',
    usage: '[-json] [-changed] [-u] [-w] [var ...]',
    short: 'print Go environment information',
    long: `Env prints the variables that the commands use. Names print only the values of these variables, a line each.

-json prints a JSON object. -changed prints only what differs from the default. -w takes arguments NAME=VALUE and makes them the defaults;
-u NAME takes such a default back. They are kept in the file that GOENV names, the same that the official go command uses.`,
    flags: [
      bool('json', 'Prints JSON.'),
      bool('changed', 'Prints only what differs from the default.'),
      bool('u', 'Takes defaults back.'),
      bool('w', 'Sets defaults.'),
      bool('n', 'Prints commands without running them; there are none.'),
      bool('x', 'Prints commands; there are none.'),
    ],
    needsTree: false,
    load: async () => (await import('./env.ts')).runEnv,
  },
  {
    name: 'fix',
    flagsOfTool: 'fix',
    usage: '[build flags] [-fixtool prog] [fix flags] [packages]',
    short: 'apply fixes suggested by static checkers',
    long: `Fix applies the fixes that the analysis tool cmd/fix of the tree suggests to the files of packages of the main modules. The tool is compiled on
first use; "go tool fix help" lists its fixers, whose names are flags.`,
    flags: [
      bool('diff', 'Prints fixes as a unified diff instead of applying them.'),
      bool('json', 'Prints what is found, and fixes, as JSON.'),
      text('c', 'n', 'Prints the line that is meant with so many lines around it.'),
      text('fixtool', 'prog', 'Another tool with the same protocol.'),
      text('fix', 'name,...', 'Obsolete; without effect.'),
      ...buildFlagsWithTools.filter((f) => f.name !== 'json' && f.name !== 'c'),
    ],
    needsTree: true,
    load: async () => (await import('./vet.ts')).runFix,
  },
  {
    name: 'fmt',
    usage: '[-n] [-x] [packages]',
    short: 'gofmt (reformat) package sources',
    long: `Fmt runs gofmt -l -w on the files of packages, and prints the names of the files that are changed. Gofmt is compiled from the tree on first use.

-n prints the command that would be run, -x prints it as it is run.`,
    flags: [
      bool('n', 'Prints the command without running it.'),
      bool('x', 'Prints the command.'),
      text('mod', 'mode', 'readonly or vendor.'),
      text('modfile', 'file', 'Reads this file instead of go.mod.'),
      bool('modcacherw', 'Leaves new directories of the module cache writable.'),
    ],
    needsTree: true,
    load: async () => (await import('./fmt.ts')).runFmt,
  },
  {
    name: 'generate',
    usage: '[-run regexp] [-n] [-v] [-x] [build flags] [file.go... | packages]',
    short: 'generate Go files by processing source',
    long: `Generate runs the commands that lines beginning with "//go:generate " in source files describe, in the order of files and lines, each in the directory of
its file. Such a line has the words of the command, separated by blanks; words in double quotes are Go strings; $NAME is replaced by a variable. Besides
those of the environment there are GOARCH, GOOS, GOFILE, GOLINE, GOPACKAGE, GOROOT and DOLLAR. "//go:generate -command NAME words..." makes NAME stand for words
in the rest of the file. The build tag "generate" is set.`,
    flags: [
      text('run', 'regexp', 'Runs only commands whose line matches.'),
      text('skip', 'regexp', 'Leaves out commands whose line matches.'),
      ...buildFlags,
    ],
    needsTree: true,
    load: async () => (await import('./generate.ts')).runGenerate,
  },
  {
    name: 'get',
    usage: '[-t] [-u] [-tool] [build flags] [packages]',
    short: 'add dependencies to current module and install them',
    long: `Get finds the specific module versions that the arguments mean and updates go.mod to require those versions. An argument is an import path, a module path, a pattern or a
directory of the module, with a version after "@": "latest", "upgrade" (which is meant without one), "patch", a version ("v1.2.3"), the beginning of one ("v1.2"),
a comparison ("<v1.3", ">=v1"), a branch, tag or revision, or "none", which removes a module and downgrades those that need it. The arguments "go@version" and
"toolchain@version" change the lines of these names. Get tells what it has changed, and warns of deprecated and retracted modules.`,
    flags: [
      bool('t', 'Takes tests of the packages into account.'),
      { ...bool('u', 'Upgrades what the packages import, too; "-u=patch" to patch releases only.'), kind: 'count' },
      bool('tool', 'Adds tool lines for the packages, or removes them with "@none".'),
      bool('d', 'Does nothing.'),
      bool('f', 'Does nothing.'),
      bool('fix', 'Does nothing.'),
      bool('m', 'Is an error.'),
      bool('insecure', 'Is an error.'),
      // Nothing is built.
      ...buildFlags.filter((f) => f.name !== 'mod').map((f) => ({ ...f, refused: '' })),
    ],
    needsTree: true,
    load: async () => (await import('./get.ts')).runGet,
  },
  {
    name: 'install',
    usage: '[build flags] [packages]',
    short: 'compile and install packages and dependencies',
    long: `Install builds the packages, and writes the executables of programs to the directory that GOBIN names: by default GOPATH/bin, or for
another system or architecture a directory GOOS_GOARCH in it.`,
    flags: [...programFlags, ...buildFlagsWithTools],
    needsTree: true,
    load: async () => (await import('./build.ts')).runInstall,
  },
  {
    name: 'list',
    usage: '[-f format] [-json] [-m] [list flags] [build flags] [packages]',
    short: 'list packages',
    long: `List prints the import paths of packages, a line each.

${packagesText}

The template of -f has the syntax of Go's text/template; its functions are those of that package, join, and context, which returns the build's
context (GOARCH, GOOS, GOROOT, GOPATH, CgoEnabled, UseAllFiles, Compiler, BuildTags, ToolTags, ReleaseTags, InstallSuffix). Fields are those of -json.`,
    flags: [...listFlags, ...coverFlags, ...buildFlags],
    needsTree: true,
    load: async () => (await import('./list.ts')).runList,
  },
  {
    name: 'mod',
    usage: '<command> [arguments]',
    short: 'module maintenance',
    long: `Mod works on modules. Its commands are download, edit, graph, init, tidy, vendor, verify and why; "go mod" lists them.`,
    flags: [],
    needsTree: false,
    load: async () => (await import('./mod.ts')).runMod,
  },
  {
    name: 'run',
    usage: '[build flags] package [arguments...]',
    short: 'compile and run Go program',
    long: `Run compiles a program, given by .go files or by a directory, runs it with the arguments, and removes the executable.

The exit status is that of the program. Signals are passed on to it.`,
    flags: [
      text('exec', 'xprog', 'A program to run the executable with.'),
      bool('watch', 'Builds and starts the program again whenever a file that it is made of changes.'),
      ...programFlags,
      ...buildFlagsWithTools,
    ],
    needsTree: true,
    load: async () => (await import('./run.ts')).runRun,
  },
  {
    name: 'telemetry',
    usage: '[off|local|on]',
    short: 'manage telemetry data and settings',
    long: `Telemetry prints the telemetry mode, or sets it. The mode is the official command's: this toolchain counts nothing and sends nothing, in
whatever mode.`,
    flags: [],
    needsTree: false,
    load: async () => (await import('./telemetry.ts')).runTelemetry,
  },
  {
    name: 'test',
    usage: '[build/test flags] [packages] [build/test flags & test binary flags]',
    short: 'test packages',
    long: `Test compiles each package with its files named *_test.go into a test binary, runs that in the package's directory, and prints a
summary line a package. As many packages are built, then run at once, as -p says. Before tests are run vet looks for mistakes that hardly ever
are none; -vet chooses other checks, -vet=off none.

${packagesText}

With packages on the command line the output of tests that pass is left out, unless -v, -list or -json ask for it, and results of equal runs
are taken from the cache ("(cached)") if nothing but these flags was given: -benchtime -cpu -list -parallel -run -short -skip -timeout -failfast
-fullpath -v -coverprofile -outputdir. -count=1 asks for a run. Flags that test does not know, and arguments after -args, are the test binary's.`,
    flags: testFlags,
    needsTree: true,
    load: async () => (await import('./test.ts')).runTest,
  },
  {
    name: 'tool',
    usage: 'command [args...]',
    short: 'run specified go tool',
    long: `Tool runs a tool; without arguments it lists the tools. Besides those of the toolchain there are those that tool lines of go.mod name, by their
import paths or by the last element of these. -n prints the command instead of running it.

asm, link, nm, pack and compile take the command lines of the official tools. tokens, ast and types print the stages of a Go file, readably or
with -json; ssa [-f func] [-pass name] [-html file] prints functions in SSA form after every pass, and their machine code;
obj and layout print object files and executables.`,
    flags: [
      bool('n', 'Prints the command of a tool instead of running it.'),
      ...buildFlags.filter((f) => ['C', 'modcacherw', 'modfile', 'overlay'].includes(f.name)),
    ],
    needsTree: false,
    load: async () => (await import('./tool.ts')).runTool,
  },
  {
    name: 'version',
    usage: '[-m] [-v] [-json] [file ...]',
    short: 'print Go version',
    long: `Version prints the version of Go that this toolchain implements. With files and directories it prints the versions of Go that the executables
among them were made with; with -m also their modules and settings, with -json as JSON.`,
    flags: [
      bool('m', 'Prints the modules of executables.'),
      bool('v', 'Reports unrecognized files.'),
      bool('json', 'Prints JSON.'),
    ],
    needsTree: false,
    load: async () => (await import('./version-command.ts')).runVersion,
  },
  {
    name: 'vet',
    flagsOfTool: 'vet',
    usage: '[build flags] [-vettool prog] [vet flags] [packages]',
    short: 'report likely mistakes in packages',
    long: `Vet runs the analysis tool cmd/vet of the tree on packages with their tests, and prints what it finds likely to be wrong; the exit status is 1 then.
The tool is compiled on first use; "go tool vet help" lists its checks, whose names are flags.`,
    flags: [
      bool('diff', 'Prints fixes as a unified diff instead of applying them.'),
      bool('json', 'Prints what is found, and fixes, as JSON.'),
      text('c', 'n', 'Prints the line that is meant with so many lines around it.'),
      text('vettool', 'prog', 'Another tool with the same protocol.'),
      bool('fix', 'Applies the first fix of each finding.'),
      ...buildFlagsWithTools.filter((f) => f.name !== 'json' && f.name !== 'c'),
    ],
    needsTree: true,
    load: async () => (await import('./vet.ts')).runVet,
  },
  {
    name: 'work',
    usage: '<command> [arguments]',
    short: 'workspace maintenance',
    long: `Work works on workspaces. Its commands are edit, init, sync, use and vendor; "go work" lists them.`,
    flags: [],
    needsTree: false,
    load: async () => (await import('./work.ts')).runWork,
  },
];

export function findCommand(name: string): Command | null {
  return commands.find((c) => c.name === name) ?? null;
}

/** For a command's own file: it is in the table. */
export function commandNamed(name: string): Command {
  const c = findCommand(name);
  if (c === null) throw new Error(`no command ${name}`);
  return c;
}
