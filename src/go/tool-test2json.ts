/** `tuza tool test2json [-p pkg] [-t] [./pkg.test -test.v]` (cmd/test2json). */
import { FileError, type Host } from '#host/host.ts';
import { Converter } from './test2json.ts';
import { flagSpecs, parseFlags } from './tool-flags.ts';

const flags = [...flagSpecs('string', false, 'p'), ...flagSpecs('bool', false, 't')];

export async function runTest2json(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseFlags(flags, args);
  if (parsed.error !== '') {
    host.stderr(`${parsed.error}\nusage: go tool test2json [-p pkg] [-t] [./pkg.test -test.v]\n`);
    return 2;
  }
  const { rest } = parsed;
  const { processes, files } = host;
  const converter = new Converter(
    { packagePath: parsed.text('p', ''), timestamps: parsed.bool('t', false), now: () => host.now() },
    (text) => host.stdout(text),
  );
  if (rest.length === 0) {
    converter.add(files.readFile('/dev/stdin'));
    converter.close();
    return 0;
  }
  if (processes === null) {
    host.stderr('test2json: programs cannot be run here\n');
    return 2;
  }
  let count = 0;
  if (rest[0].includes('/') && files.stat(rest[0]) === null) {
    converter.addText(`test2json: fork/exec ${rest[0]}: no such file or directory\n`);
    converter.exited(false);
    converter.close();
    return 1;
  }
  let problem = '';
  try {
    const result = await processes.run(rest[0], rest.slice(1), {
      input: false,
      output: (data) => {
        count += data.length;
        converter.add(data);
      },
    });
    if (result.signal !== null) problem = `signal: ${result.signal}`;
    else if (result.code !== 0) problem = `exit status ${result.code}`;
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    problem = e.message;
  }
  if (problem !== '' && count === 0) converter.addText(`test2json: ${problem}\n`);
  converter.exited(problem === '');
  converter.close();
  return problem === '' ? 0 : 1;
}
