/** `tuza help topic`: what is no command. */
import type { CommandFlag } from './flags.ts';
import { testHelpFlags } from './test-flags.ts';

export interface HelpTopic {
  readonly name: string;
  readonly short: string;
  readonly text: string;
  /** Listed below the text. */
  readonly flags?: readonly CommandFlag[];
}

export const helpTopics: readonly HelpTopic[] = [
  {
    name: 'buildconstraint',
    short: 'build constraints',
    text: `A Go file may say for which builds it is: a line "//go:build expression" above the package clause, with only blank lines and other line
comments before it and a blank line after it. The expression is made of tags with &&, ||, ! and parentheses.

Tags that hold are the operating system (GOOS), the architecture (GOARCH), features of the architecture such as amd64.v2, "unix" for systems
like it, "gc" for the compiler, "cgo" where cgo is on, "go1.1" up to the release's own "go1.N", and those of -tags. "android" implies
"linux", "ios" implies "darwin", "illumos" implies "solaris".

Names say the same: *_GOOS, *_GOARCH and *_GOOS_GOARCH, without the extension and _test, are only for that system and architecture.
Of old, lines "// +build" meant the same; they are read where there is no //go:build line.`,
  },
  {
    name: 'buildjson',
    short: 'build -json encoding',
    text: `With -json, build and install write their messages to standard output as a stream of JSON objects, which "go test -json" mixes with its own:

	type BuildEvent struct {
		ImportPath string
		Action     string
		Output     string
	}

ImportPath is the package that a message is about. Action is "build-output", with the text in Output, or "build-fail".`,
  },
  {
    name: 'buildmode',
    short: 'build modes',
    text: `-buildmode says what build and install make:

	-buildmode=archive
		Packages other than main; programs are left out.
	-buildmode=default
		Programs become executables.
	-buildmode=exe
		Programs become executables; other packages are left out.

c-archive, c-shared, pie, plugin and shared are known, and refused because they are not implemented.`,
  },
  {
    name: 'c',
    short: 'calling between Go and C',
    text: `cgo, which lets Go call C and C call Go in files that import "C", is not implemented. Programs are built as with CGO_ENABLED=0: files that
import "C" are left out.`,
  },
  {
    name: 'cache',
    short: 'build and test caching',
    text: `Compiled packages, finished commands and results of tests are kept in the directory that GOCACHE names, by default go-build in the user's cache
directory. What is stored depends on the content of all that went into it, so that it need not be removed after changes; entries that have
not been used for five days are removed now and then. The official go command can use the same directory.

"go clean -cache" removes everything, "go clean -testcache" lets all results of tests expire.`,
  },
  {
    name: 'environment',
    short: 'environment variables',
    text: `Commands look at variables of the process, then at the file that "go env -w" writes (GOENV), then at go.env in the Go tree. "go env" prints them.

Among them are GOROOT (the Go tree), GOPATH, GOBIN (where install puts programs), GOCACHE, GOMODCACHE, GOFLAGS (flags of every command that
has them), GOOS and GOARCH, GOEXPERIMENT, GOTMPDIR, GOWORK, GO111MODULE, GOPROXY, GOPRIVATE, GONOPROXY, GONOSUMDB, GOSUMDB,
GOINSECURE and GOVCS.`,
  },
  {
    name: 'filetype',
    short: 'file types',
    text: `In a package's directory these files count: .go for Go, .s for Plan 9 assembly, .h for headers of both, .syso for objects that the linker takes
in. With cgo also .c, .cc, .cpp, .cxx, .m, .f, .F, .for, .f90, .S, .sx, .hh, .hpp, .hxx, .swig and .swigcxx. Names that start with "_" or "."
do not count.`,
  },
  {
    name: 'goauth',
    short: 'GOAUTH environment variable',
    text: `GOAUTH is a list of ways, separated by semicolons, to find credentials for module proxies and version control servers: "off", "netrc" (the
default: the user's .netrc file), "git dir", or a command that prints headers.`,
  },
  {
    name: 'go.mod',
    short: 'the go.mod file',
    text: `A file go.mod in the top directory makes a tree of packages a module. Its lines are: module (the path), go (the language version), toolchain,
godebug, require, exclude, replace, retract, tool and ignore; words in parentheses make a block of several. "go mod edit" changes the file,
"go mod tidy" brings it in line with the source, and "go mod init" writes a new one.`,
  },
  {
    name: 'gopath',
    short: 'GOPATH environment variable',
    text: `GOPATH lists directories; without it there is one, go in the home directory. Downloaded modules are in its pkg/mod, installed programs in its
bin. With GO111MODULE=off packages are found by it, too: the source of package "x/y" is in src/x/y of one of the directories. There, a
directory internal is for packages below its parent only, and packages in a directory vendor are found by their shorter path.`,
  },
  {
    name: 'goproxy',
    short: 'module proxy protocol',
    text: `A module proxy is a server, or a directory behind file://, that answers GET requests for $GOPROXY/<module>/@v/list, @v/<version>.info, @v/<version>.mod,
@v/<version>.zip and @latest. Capital letters in paths and versions are written as "!" and the small letter.

GOPROXY lists proxies. After a comma the next one is asked if a proxy answers 404 or 410, after a "|" whatever the error is. "direct" means the
version control system, "off" forbids to go on.`,
  },
  {
    name: 'importpath',
    short: 'import path syntax',
    text: `An import path names a package: of the standard library ("fmt"), or of a module, whose path it starts with. Paths with a dot in the first element
can be downloaded. A path that starts with "./" or "../" names a directory relative to the working directory on command lines, and in
import declarations only outside of modules.`,
  },
  {
    name: 'modules',
    short: 'modules, module versions, and more',
    text: `A module is a tree of packages with a go.mod file at its top, published under a path in versions such as v1.2.3. From version 2 on the path ends in the
major version ("/v2"). A build uses for each module the greatest version that any go.mod file asks for. A file go.work joins several main
modules. GO111MODULE=off turns modules off.`,
  },
  {
    name: 'module-auth',
    short: 'module authentication using go.sum',
    text: `go.sum, beside go.mod, lists hashes of the modules that builds have used. A module whose hash differs is refused. Hashes that go.sum does not have are
looked up in the checksum database (GOSUMDB), whose answers are proved by a signed tree; GONOSUMDB and GOPRIVATE name modules that are not
looked up.`,
  },
  {
    name: 'packages',
    short: 'package lists and patterns',
    text: `Many commands take packages: import paths, directories that start with "." or "/", or patterns in which "..." stands for any text. "/..." at the end
also matches nothing, so that net/... is net and all packages below it; patterns leave out directories named testdata or starting with
"_" or ".".

"all" is every package of the main modules with what they and their tests import; "std" the standard library, "cmd" the tree's commands,
"tool" the tools of the main module, "work" the packages of the main modules. Files that end in .go, all of one directory, make a package of
their own. Without packages the one in the working directory is meant.`,
  },
  {
    name: 'private',
    short: 'configuration for downloading non-public code',
    text: `GOPRIVATE is a list of patterns of module paths, separated by commas. Modules that fit are not asked of proxies and not looked up in the checksum
database. GONOPROXY and GONOSUMDB set only the one or the other.`,
  },
  {
    name: 'testflag',
    short: 'testing flags',
    text: `"go test" takes its own flags, those of builds ("go help build"), and those of the test binary. The flags below are for both: they are passed
on as -test.name, and -cover, -covermode, -coverpkg, -fuzz and -vet also change what is built. Flags that nobody knows, and what follows -args, go to the
binary as they are: with

	go test -v -myflag testdata -cpuprofile=prof.out -x

the binary is run as pkg.test -test.v -myflag testdata -test.cpuprofile=prof.out, and -x is the command's. Profiles are written for one package only,
and leave the binary in the working directory.`,
    flags: testHelpFlags,
  },
  {
    name: 'testfunc',
    short: 'testing functions',
    text: `In files named *_test.go these functions are found:

	func TestXxx(t *testing.T) { ... }
	func BenchmarkXxx(b *testing.B) { ... }
	func FuzzXxx(f *testing.F) { ... }
	func ExampleXxx() { ... }
	func TestMain(m *testing.M) { ... }

where Xxx does not start with a small letter. An example runs if it ends in a comment that starts with "Output:" or "Unordered output:", and its
standard output must be what the comment says.`,
  },
  {
    name: 'vcs',
    short: 'controlling version control with GOVCS',
    text: `GOVCS says which version control systems may be run for which modules: a list of pattern:systems, separated by commas, where the pattern may be
"public" or "private", and systems are names with "|" between, "all" or "off". The default is public:git|hg,private:all.`,
  },
];
