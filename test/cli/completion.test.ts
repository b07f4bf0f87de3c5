/** Completion scripts, asked as the shells ask them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { main } from '../command.ts';

function script(shell: string): string {
  const r = spawnSync(process.execPath, [main, 'completion', shell], { encoding: 'utf8' });
  assert.equal(r.status, 0, r.stderr);
  return r.stdout;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['tuza ver', ['version']],
  ['tuza b', ['bug', 'build']],
  ['tuza tool lin', ['link']],
  ['tuza help buildc', ['buildconstraint']],
  ['tuza build -trim', ['-trimpath']],
  ['tuza run -wat', ['-watch']],
  ['tuza work in', ['init']],
  ['tuza work use -', ['-r']],
];

test('bash', { skip: !has('bash') && 'no bash' }, () => {
  const text = script('bash');
  for (const [line, want] of cases) {
    const words = line.split(' ');
    const asked = `${text}
COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _tuza; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const r = spawnSync('bash', ['-c', asked], { encoding: 'utf8' });
    assert.deepEqual(r.stdout.trim().split('\n').sort(), [...want], `${line} ${r.stderr}`);
  }
});

test('fish', { skip: !has('fish') && 'no fish' }, () => {
  const text = script('fish');
  for (const [line, want] of cases) {
    const asked = `${text}\ncomplete -C '${line}'`;
    const r = spawnSync('fish', ['-c', asked], { encoding: 'utf8' });
    const words = r.stdout
      .trim()
      .split('\n')
      .map((l) => l.split('\t')[0]);
    for (const w of want) assert.ok(words.includes(w), `${line}: ${r.stdout} ${r.stderr}`);
  }
});

test('zsh', { skip: !has('zsh') && 'no zsh' }, () => {
  const r = spawnSync('zsh', ['-n'], { input: script('zsh'), encoding: 'utf8' });
  assert.equal(r.status, 0, r.stderr);
});

test('other shells', () => {
  const r = spawnSync(process.execPath, [main, 'completion', 'csh'], { encoding: 'utf8' });
  assert.equal(r.status, 2);
  assert.match(r.stderr, /^usage: go completion bash\|fish\|zsh$/m);
});
