/**
 * The edit-and-run loop beside the official go in the same run: nothing changed, one line of main changed, empty cache; with the largest resident
 * memory of the build's processes. Programs: hello; big, with net/http and encoding/json; large, of some 300 packages. Uses the bundle
 * (`npm run build` first). Usage: bench-warm.ts [hello,big,large] [rounds] [warm]; with "warm" the caches of a run before, in TUZA_BENCH, are used again
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

interface Run {
  readonly ms: number;
  /** Megabytes, of the largest process. */
  readonly memory: number;
}

interface Figures {
  cold: Run;
  same: Run;
  changed: Run;
}

/** GNU time's "maximum resident set size" of the processes that were waited for; 0 without it. */
const timer = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', '%M', '-o'] : null;

function time(dir: string, cache: string, command: readonly string[]): Run {
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GO111MODULE: '' };
  const report = join(dir, 'memory');
  const [path, ...args] = [...(timer === null ? [] : [...timer, report]), ...command, 'run', 'main.go'];
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
    writeFileSync(file, programs[name](`first ${Math.random()}`));
    if (!warm) rmSync(cache, { recursive: true, force: true });
    const cold = time(dir, cache, command);
    time(dir, cache, command);
    const same: Run[] = [];
    const changed: Run[] = [];
    for (let i = 0; i < rounds; i++) {
      writeFileSync(file, programs[name](`round ${Math.random()}`));
      changed.push(time(dir, cache, command));
      same.push(time(dir, cache, command));
    }
    return { cold, same: best(same), changed: best(changed) };
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
  if (!warm) row('empty cache', ours.cold, theirs.cold, 2.5);
}
