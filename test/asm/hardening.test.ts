/** -spectre, -d and -debug: listings and messages beside `go tool asm`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAsm } from '#go/tool-asm.ts';
import { capturingHost } from '../capture.ts';
import { go, skipWithoutGo, withDirectory } from '../link/official.ts';

const branches = `#include "textflag.h"
TEXT ·f(SB),0,$64-16
	MOVQ x+0(FP), AX
	CALL AX
	CALL R11
	CALL ·g(SB)
	JMP BX
TEXT ·g(SB),NEEDCTXT,$200-0
	CALL ·f(SB)
	RET
TEXT ·h(SB),NOSPLIT,$0-0
	JMP R8
`;
const throughMemory = 'TEXT ·f(SB),4,$64-16\n\tCALL (AX)\n\tRET\n';
const cases: readonly (readonly string[])[] = [
  ['-spectre=ret'],
  ['-spectre=all'],
  ['-spectre=index'],
  ['-spectre=other'],
  ['-d=maymorestack=runtime.mayMoreStackPreempt'],
  ['-spectre=ret', '-d=maymorestack=x.y'],
  ['-debug'],
  ['-d=help'],
  ['-d=compressinstructions=0,,maymorestack=x.y'],
  ['-d=compressinstructions=x'],
];

test('indirect branches, calls before stack checks, debugging flags', { skip: skipWithoutGo }, () => {
  withDirectory((dir) => {
    const include = join(go(['env', 'GOROOT'], dir).trim(), 'pkg', 'include');
    for (const source of [branches, throughMemory]) {
      const file = join(dir, 'a.s');
      writeFileSync(file, source);
      for (const flags of cases) {
        const args = ['-S', '-p', 'main', '-I', include, ...flags, '-o', join(dir, 'a.o'), file];
        const official = spawnSync('go', ['tool', 'asm', ...args], { encoding: 'utf8' });
        const printed = capturingHost();
        const status = runAsm(args, printed.host);
        assert.deepEqual(
          { stdout: printed.stdout, stderr: printed.stderr, status },
          { stdout: official.stdout, stderr: official.stderr, status: official.status },
          flags.join(' '),
        );
      }
    }
  });
});
