/** `tuza tool ssa [-f func] [-pass name] [-html out] [files or directory]`: functions after every pass, as text or side by side as HTML. */
import { encodeText } from '#base/bytes.ts';
import { dumpFunctions, type FunctionTexts } from '#compile/ssa-dump.ts';
import { ssaHtml } from '#compile/ssa-html.ts';
import { FileError, type Host } from '#host/host.ts';
import { requestFor } from './build-program.ts';
import { printPackageErrors } from './diagnostics.ts';
import { type FlagSpec, parseFlags } from './tool-flags.ts';

const flags: readonly FlagSpec[] = [
  { name: 'f', kind: 'string', repeated: false },
  { name: 'pass', kind: 'string', repeated: false },
  { name: 'html', kind: 'string', repeated: false },
];

export function runSsa(args: readonly string[], host: Host): number {
  const found = takeFlags(args);
  if (found.error !== '') {
    host.stderr(`${found.error}\nusage: tuza tool ssa [-f func] [-pass name] [-html out.html] [files or directory]\n`);
    return 2;
  }
  const request = requestFor(host, found.rest);
  if (request === null) return 1;
  const wish = { func: found.text('f', ''), pass: found.text('pass', '') };
  const { functions, result } = dumpFunctions(host, request, wish);
  for (const e of result.errors) printPackageErrors(host, result.fileSet, e);
  if (result.errors.length > 0) return 1;
  if (functions.every((f) => f.passes.length === 0)) {
    host.stderr(`ssa: no ${wish.pass === '' ? '' : `pass ${wish.pass} of `}function ${wish.func}\n`);
    return 1;
  }
  const output = found.text('html', '');
  if (output === '') {
    for (const f of functions) host.stdout(textOf(f));
    return 0;
  }
  const place = (pos: number): string => {
    const p = result.fileSet.file(pos)?.position(pos);
    return p === undefined ? '' : `${p.line}:${p.column}`;
  };
  try {
    host.files.writeFile(output, encodeText(ssaHtml(functions, place)));
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    host.stderr(`ssa: ${e.message}\n`);
    return 1;
  }
  return 0;
}

/** Flags may stand after the files, too. */
function takeFlags(args: readonly string[]) {
  const files: string[] = [];
  let rest = [...args];
  while (rest.length > 0 && !rest[0].startsWith('-')) files.push(...rest.splice(0, 1));
  const parsed = parseFlags(flags, rest);
  rest = parsed.rest;
  parsed.rest = [...files, ...rest];
  return parsed;
}

/** What parse.ts reads back, and then the code in comments. */
function textOf(f: FunctionTexts): string {
  const passes = f.passes.map((p) => `// ${f.name} after ${p.pass}\n${p.types}${p.text}\n`).join('');
  return passes + f.listing.replace(/^(?=.)/gm, '// ');
}
