/**
 * Warm figures beside the official go in the same run: nothing changed, one line of main changed, cold with an empty cache; for hello and
 * for a program of net/http, encoding/json and others. Uses the bundle (`npm run build` first). Usage: bench-warm.ts [hello|big] [rounds]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tuza = fileURLToPath(new URL('../../bin/tuza', import.meta.url));
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
};

interface Figures {
  cold: number;
  same: number;
  changed: number;
}

function time(dir: string, cache: string, command: readonly string[]): number {
  const start = performance.now();
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GO111MODULE: '' };
  const r = spawnSync(command[0], [...command.slice(1), 'run', 'main.go'], { cwd: dir, env, encoding: 'utf8' });
  if (r.status !== 0) throw new Error(`${command.join(' ')}: ${r.stderr}`);
  return performance.now() - start;
}

function measure(name: string, command: readonly string[], rounds: number): Figures {
  const top = mkdtempSync(join(tmpdir(), 'tuza-bench-'));
  const dir = join(top, 'program');
  const cache = join(top, 'cache');
  mkdirSync(dir);
  try {
    const file = join(dir, 'main.go');
    writeFileSync(file, programs[name]('first'));
    const cold = time(dir, cache, command);
    time(dir, cache, command);
    const same: number[] = [];
    const changed: number[] = [];
    for (let i = 0; i < rounds; i++) {
      writeFileSync(file, programs[name](`round ${i}`));
      changed.push(time(dir, cache, command));
      same.push(time(dir, cache, command));
    }
    return { cold, same: Math.min(...same), changed: Math.min(...changed) };
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

const [which = 'hello', count = '3'] = process.argv.slice(2);
for (const name of which.split(',')) {
  const ours = measure(name, [process.execPath, tuza], Number(count));
  const theirs = measure(name, ['go'], Number(count));
  const row = (label: string, a: number, b: number, goal: number): void =>
    console.log(
      `${name.padEnd(6)} ${label.padEnd(18)} tuza ${a.toFixed(0).padStart(6)} ms   go ${b.toFixed(0).padStart(6)} ms   ${(a / b).toFixed(1)} times (goal ${goal})`,
    );
  row('nothing changed', ours.same, theirs.same, 2);
  row('one line of main', ours.changed, theirs.changed, 3);
  row('empty cache', ours.cold, theirs.cold, 2.5);
}
