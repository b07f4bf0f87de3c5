/** Version control data in executables: what `version -m` reads, and that a new commit or tag is seen although no file of the package has changed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { main } from '../command.ts';

let dir = '';
let env: NodeJS.ProcessEnv = {};

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuza-stamp-'));
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  const date = '2022-07-19T11:07:00-04:00';
  env = { ...process.env, ...who, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GOFLAGS: '-buildvcs=true' };
  writeFileSync(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.26\n');
  writeFileSync(join(dir, 'main.go'), 'package main\n\nfunc main() {}\n');
  writeFileSync(join(dir, '.gitignore'), 'm\n');
  git('init', '-q', '-b', 'main');
});

after(() => rmSync(dir, { recursive: true }));

function git(...args: string[]): string {
  const r = spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' });
  assert.equal(r.status, 0, r.stderr);
  return r.stdout.trim();
}

function tuza(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], { cwd: dir, env, encoding: 'utf8' });
}

/** The module's version and the settings of version control. */
function stamp(): string[] {
  const built = tuza('build');
  assert.equal(built.stderr, '');
  const lines = tuza('version', '-m', 'm').stdout.split('\n');
  return lines.flatMap((l) => {
    const m = /^\t(?:mod\texample\.com\/m\t(\S+)|build\t(vcs.*))/.exec(l);
    return m === null ? [] : [m[1] ?? m[2]];
  });
}

test('commits, tags and changes are told', { timeout: 300_000 }, () => {
  assert.deepEqual(stamp(), ['(devel)', 'vcs=git', 'vcs.modified=true']);
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  const hash = git('rev-parse', 'HEAD');
  const of = (version: string, isModified: boolean): string[] => [
    version,
    'vcs=git',
    `vcs.revision=${hash}`,
    'vcs.time=2022-07-19T15:07:00Z',
    `vcs.modified=${isModified}`,
  ];
  const pseudo = `v0.0.0-20220719150700-${hash.slice(0, 12)}`;
  assert.deepEqual(stamp(), of(pseudo, false));
  git('tag', 'v1.2.3');
  assert.deepEqual(stamp(), of('v1.2.3', false));
  writeFileSync(join(dir, 'README'), 'changed\n');
  assert.deepEqual(stamp(), of('v1.2.3+dirty', true));
  rmSync(join(dir, 'README'));
});

test('repositories of several systems', { timeout: 300_000 }, () => {
  mkdirSync(join(dir, '.bzr'));
  const r = tuza('build');
  rmSync(join(dir, '.bzr'), { recursive: true });
  assert.equal(r.status, 1);
  assert.equal(
    r.stderr,
    `error obtaining VCS status: multiple VCS detected: git in "${dir}", and bzr in "${dir}"\n\tUse -buildvcs=false to disable VCS stamping.\n`,
  );
});
