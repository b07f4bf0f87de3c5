/**
 * The edit-and-run loop beside the official go in the same run: nothing changed, one line of main changed, empty cache; with the largest resident
 * memory of the build's processes. Programs: hello; big, with net/http and encoding/json; large, of some 300 packages. Uses the bundle
 * (`npm run build` first). own: 300 packages of the program's module itself, with edits of one that all others need.
 * Usage: bench-warm.ts [hello,big,large,own] [rounds] [warm]; with "warm" the caches of a run before, in TUZA_BENCH, are used again
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tuza = fileURLToPath(new URL('../../bin/tuza', import.meta.url));

/** Imports that bring most of the standard library. */
const many = (
  'archive/tar archive/zip bufio compress/bzip2 compress/flate compress/gzip compress/lzw compress/zlib container/heap container/list ' +
  'container/ring crypto/aes crypto/cipher crypto/des crypto/dsa crypto/ecdh crypto/ecdsa crypto/ed25519 crypto/hmac crypto/md5 crypto/rc4 ' +
  'crypto/rsa crypto/sha1 crypto/sha3 crypto/sha512 crypto/tls crypto/x509 database/sql debug/buildinfo debug/dwarf debug/elf debug/gosym ' +
  'debug/macho debug/pe debug/plan9obj embed encoding/ascii85 encoding/asn1 encoding/base32 encoding/csv encoding/gob encoding/hex encoding/json ' +
  'encoding/pem encoding/xml expvar flag go/ast go/build go/constant go/doc go/format go/importer go/parser go/printer go/types go/version ' +
  'hash/adler32 hash/crc32 hash/crc64 hash/fnv hash/maphash html html/template image image/color image/draw image/gif image/jpeg image/png ' +
  'index/suffixarray io/fs iter log log/slog log/syslog maps math/big math/bits math/cmplx math/rand math/rand/v2 mime mime/multipart ' +
  'mime/quotedprintable net net/http net/http/cgi net/http/cookiejar net/http/fcgi net/http/httptest net/http/httputil net/http/pprof net/mail ' +
  'net/netip net/rpc net/rpc/jsonrpc net/smtp net/textproto net/url os/exec os/signal os/user regexp runtime/coverage runtime/debug ' +
  'runtime/metrics runtime/pprof runtime/trace slices strings structs testing testing/fstest testing/iotest testing/quick ' +
  'testing/slogtest text/scanner text/tabwriter text/template time/tzdata unicode/utf16 unique weak'
).split(' ');

const programs: Record<string, (text: string) => string> = {
  hello: (text) => `package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("${text}")\n}\n`,
  big: (text) => `package main

import (
	"encoding/json"
	"fmt"
	"go/format"
	"net/http"
	"net/http/httptest"
	"text/template"
)

func main() {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) }))
	defer s.Close()
	r, err := http.Get(s.URL + "/x")
	b, _ := json.Marshal([]int{1, 2})
	src, _ := format.Source([]byte("package  p"))
	fmt.Println("${text}", err, r.Status, string(b), string(src), template.HTMLEscapeString("<"))
}
`,
  large: (text) =>
    `package main\n\nimport (\n\t"fmt"\n${many.map((path) => `\t_ "${path}"\n`).join('')})\n\nfunc main() {\n\tfmt.Println("${text}")\n}\n`,
};

/** Packages of the module "own", ten on each floor; each imports three of the floor below, and the last one imports the top floor. */
const ownPackages = 300;
const perFloor = 10;
const ownName = (n: number): string => `p${String(n).padStart(3, '0')}`;

/** What is edited in the lowest package: a comment, or the body of a function that is too large to be inlined. */
function ownPackage(n: number, comment: string, constant: number): string {
  const below =
    n < perFloor ? [] : [0, 1, 3].map((k) => ownName((Math.floor(n / perFloor) - 1) * perFloor + ((n + k) % perFloor)));
  const imports = ['fmt', ...below.map((p) => `own/${p}`)].map((path) => `\t"${path}"\n`).join('');
  return `package ${ownName(n)} // ${comment}

import (
${imports})

type T struct {
	Name string
	N    int
}

func (t T) Sum() int { return t.N${below.map((p) => ` + ${p}.Small(t.N)`).join('')} }

func Small(n int) int { return n*3 + ${n % 7} }

func Map[A, B any](list []A, f func(A) B) []B {
	var out []B
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

func Large(t T) string {
	s := fmt.Sprint(t.Name, t.N, ${constant})
	for i := 0; i < t.N%4; i++ {
		s += fmt.Sprintf("%d-%s", i, t.Name)
		if len(s) > 100 {
			s = s[:50]
		}
	}
${below.map((p) => `\tif t.N > 1000 {\n\t\ts += ${p}.Large(${p}.T{Name: t.Name, N: t.Sum()})\n\t}\n`).join('')}	return s
}
`;
}

function writeOwn(dir: string, text: string, comment = 'first', constant = 1): void {
  writeFileSync(join(dir, 'go.mod'), 'module own\n\ngo 1.26\n');
  for (let n = 0; n < ownPackages; n++) {
    mkdirSync(join(dir, ownName(n)), { recursive: true });
    writeFileSync(join(dir, ownName(n), 'p.go'), ownPackage(n, n === 0 ? comment : 'first', n === 0 ? constant : 1));
  }
  const top = Array.from({ length: perFloor }, (_, k) => ownName(ownPackages - perFloor + k));
  const imports = top.map((p) => `\t"own/${p}"\n`).join('');
  const calls = top.map((p) => `\tfmt.Println(${p}.Large(${p}.T{"a", 1}), ${p}.Map([]int{1}, ${p}.Small))\n`).join('');
  writeFileSync(
    join(dir, 'main.go'),
    `package main\n\nimport (\n\t"fmt"\n${imports})\n\nfunc main() {\n\tfmt.Println("${text}")\n${calls}}\n`,
  );
}

interface Run {
  readonly ms: number;
  /** Megabytes, of the largest process. */
  readonly memory: number;
}

interface Figures {
  cold: Run;
  same: Run;
  changed: Run;
  /** Edits of the lowest package of "own": a comment, a body that nobody inlines; null for the other programs. */
  comment: Run | null;
  body: Run | null;
}

/** GNU time's "maximum resident set size" of the processes that were waited for; 0 without it. */
const timer = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', '%M', '-o'] : null;

function time(dir: string, cache: string, command: readonly string[], target: string): Run {
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GO111MODULE: '' };
  const report = join(dir, 'memory');
  const [path, ...args] = [...(timer === null ? [] : [...timer, report]), ...command, 'run', target];
  const start = performance.now();
  const r = spawnSync(path, args, { cwd: dir, env, encoding: 'utf8' });
  const ms = performance.now() - start;
  if (r.status !== 0) throw new Error(`${command.join(' ')}: ${r.stderr}`);
  return { ms, memory: timer === null ? 0 : Number(readFileSync(report, 'utf8').trim()) / 1024 };
}

const best = (list: readonly Run[]): Run => list.reduce((a, b) => (b.ms < a.ms ? b : a));
const kept = process.env.TUZA_BENCH ?? '';

function measure(name: string, who: string, command: readonly string[], rounds: number, warm: boolean): Figures {
  const top = kept === '' ? mkdtempSync(join(tmpdir(), 'tuza-bench-')) : join(kept, `${name}-${who}`);
  const dir = join(top, 'program');
  const cache = join(top, 'cache');
  mkdirSync(dir, { recursive: true });
  try {
    const file = join(dir, 'main.go');
    const target = name === 'own' ? '.' : 'main.go';
    const write = (text: string): void => {
      if (name === 'own') writeOwn(dir, text);
      else writeFileSync(file, programs[name](text));
    };
    write(`first ${Math.random()}`);
    if (!warm) rmSync(cache, { recursive: true, force: true });
    const cold = time(dir, cache, command, target);
    time(dir, cache, command, target);
    const same: Run[] = [];
    const changed: Run[] = [];
    for (let i = 0; i < rounds; i++) {
      if (name === 'own')
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replace(/Println\("[^"]*"\)/, `Println("round ${Math.random()}")`),
        );
      else write(`round ${Math.random()}`);
      changed.push(time(dir, cache, command, target));
      same.push(time(dir, cache, command, target));
    }
    const figures: Figures = { cold, same: best(same), changed: best(changed), comment: null, body: null };
    if (name !== 'own') return figures;
    const lowest = join(dir, ownName(0), 'p.go');
    const edited = (comment: () => string, constant: () => number): Run => {
      const list: Run[] = [];
      for (let i = 0; i < rounds; i++) {
        writeFileSync(lowest, ownPackage(0, comment(), constant()));
        list.push(time(dir, cache, command, target));
      }
      return best(list);
    };
    figures.comment = edited(
      () => `round ${Math.random()}`,
      () => 1,
    );
    figures.body = edited(
      () => 'first',
      () => Math.floor(Math.random() * 1e9),
    );
    return figures;
  } finally {
    if (kept === '') rmSync(top, { recursive: true, force: true });
  }
}

const [which = 'hello,big,large', count = '3', mode = ''] = process.argv.slice(2);
const warm = mode === 'warm' && kept !== '';
for (const name of which.split(',')) {
  const ours = measure(name, 'tuza', [process.execPath, tuza], Number(count), warm);
  const theirs = measure(name, 'go', ['go'], Number(count), warm);
  const row = (label: string, a: Run, b: Run, goal: number): void =>
    console.log(
      `${name.padEnd(6)} ${label.padEnd(18)} tuza ${a.ms.toFixed(0).padStart(6)} ms ${a.memory.toFixed(0).padStart(5)} MB   ` +
        `go ${b.ms.toFixed(0).padStart(6)} ms ${b.memory.toFixed(0).padStart(5)} MB   ${(a.ms / b.ms).toFixed(1)} times (goal ${goal})`,
    );
  row('nothing changed', ours.same, theirs.same, 2);
  row('one line of main', ours.changed, theirs.changed, 3);
  if (ours.comment !== null && theirs.comment !== null) row('comment below', ours.comment, theirs.comment, 3);
  if (ours.body !== null && theirs.body !== null) row('body below', ours.body, theirs.body, 3);
  if (!warm) row('empty cache', ours.cold, theirs.cold, 2.5);
}
