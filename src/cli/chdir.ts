/** -C dir, the first flag of any command (cmd/go: handleChdirFlag). */

const groups = new Set(['mod', 'work']);

/** Takes the flag out of the command line and changes the directory; `problem` is why that failed. */
export function changeDirectory(argv: readonly string[]): { argv: readonly string[]; problem: string } {
  let at = 0;
  if (argv[at] !== undefined && !argv[at].startsWith('-')) {
    at++;
    if (groups.has(argv[0]) && argv[at] !== undefined && !argv[at].startsWith('-')) at++;
  }
  const flag = argv[at] ?? '';
  const value = /^--?C=(.*)$/s.exec(flag);
  let dir: string;
  let rest: readonly string[];
  if (value !== null) {
    dir = value[1];
    rest = [...argv.slice(0, at), ...argv.slice(at + 1)];
  } else if ((flag === '-C' || flag === '--C') && argv[at + 1] !== undefined) {
    dir = argv[at + 1];
    rest = [...argv.slice(0, at), ...argv.slice(at + 2)];
  } else {
    return { argv, problem: '' };
  }
  try {
    process.chdir(dir);
  } catch {
    return { argv: rest, problem: `go: chdir ${dir}: no such file or directory` };
  }
  process.env.PWD = process.cwd();
  return { argv: rest, problem: '' };
}
