/** `tuza tool asm`: the official assembler's command line. */
import { amd64 } from '#arch/amd64/encode/target.ts';
import { listSymbol } from '#arch/listing.ts';
import { instText } from '#arch/print.ts';
import type { AsmOptions, Assembly } from '#asm/assemble.ts';
import { assemble, newAssembly, symabis, unlinkablePackage } from '#asm/assemble.ts';
import { FatalError } from '#asm/errors.ts';
import { makeRecordedName } from '#asm/filenames.ts';
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { addFunctionDebugInfo } from '#obj/dwarf/function.ts';
import { FlagUnlinkable } from '#obj/object.ts';
import { writeObject } from '#obj/write.ts';
import { experimentsOf, headerLine } from './object-header.ts';
import { expandResponseFiles, type FlagSpec, flagSpecs, type ParsedFlags, parseFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

const flags: readonly FlagSpec[] = [
  ...flagSpecs('bool', false, 'debug dynlink e gensymabis linkshared shared v'),
  ...flagSpecs('string', false, 'd o p spectre trimpath'),
  ...flagSpecs('string', true, 'D I'),
  ...flagSpecs('count', true, 'S'),
  ...flagSpecs('count', false, 'V'),
];

function usage(host: Host, problem: string): number {
  host.stderr(`${problem === '' ? '' : `${problem}\n`}usage: asm [options] file.s ...\n`);
  return 2;
}

function whyUnsupported(p: ParsedFlags, goarch: string): string {
  if (goarch !== 'amd64') return `unrecognized architecture ${goarch}`;
  const spectre = p.text('spectre', '');
  if (spectre !== '' && spectre !== 'index' && spectre !== 'all' && spectre !== 'ret')
    return `unknown setting -spectre=${spectre}`;
  return '';
}

/** -d: keys with values (cmd/internal/objabi, DebugFlag). A text is what is wrong, or what help is asked for. */
function readDebugFlag(given: string): { maymorestack: string; problem: string; status: number } {
  let maymorestack = '';
  for (const item of given.split(',')) {
    const [, name, value = null] = /^([^=:]*)(?:[=:](.*))?$/s.exec(item) ?? ['', item];
    if (name === 'help') return { maymorestack, problem: debugHelp, status: 0 };
    if (name === 'maymorestack') maymorestack = value ?? '';
    else if (name === 'compressinstructions') {
      // Of architectures that have them.
      if (value !== null && !/^[+-]?[0-9]+$/.test(value)) {
        return { maymorestack, problem: `asm: invalid debug value ${name}`, status: 1 };
      }
    } else if (name === 'pctab') {
      const problem = 'asm: -d=pctab is not supported by this assembler: "tuza tool obj" shows the tables';
      return { maymorestack, problem, status: 2 };
    } else if (name !== '') {
      const problem = `invalid value ${JSON.stringify(given)} for flag -d: unknown debug key ${name}\n`;
      return { maymorestack, problem, status: 2 };
    }
  }
  return { maymorestack, problem: '', status: 0 };
}

const debugHelp = `usage: -d arg[,arg]* and arg is <key>[=<value>]

<key> is one of:

\tcompressinstructions\tuse compressed instructions when possible (if supported by architecture)
\tmaymorestack        \tcall named function before all stack growth checks
\tpctab               \tprint named pc-value table
\t                    \tOne of: pctospadj, pctofile, pctoline, pctoinline, pctopcdata
`;

function newToolAssembly(p: ParsedFlags, host: Host, goos: string, maymorestack: string): Assembly {
  const options: AsmOptions = {
    target: amd64,
    goos,
    packagePath: p.text('p', unlinkablePackage),
    defines: p.list('D'),
    includeDirs: p.list('I'),
    shared: p.bool('shared', false),
    dynlink: p.bool('dynlink', false),
    retpoline: p.text('spectre', '') === 'all' || p.text('spectre', '') === 'ret',
    maymorestack,
    allErrors: p.bool('e', false),
    experiments: experimentsOf(host),
  };
  const read = (path: string): string | null => {
    try {
      return decodeText(host.files.readFile(path));
    } catch (e) {
      if (e instanceof FileError) return null;
      throw e;
    }
  };
  if (p.bool('debug', false)) {
    options.trace = (line, inst) => {
      const number = String(inst.pc).padStart(5, '0');
      const where = assembly.ctx.describePosition(inst.pos);
      host.stdout(`${line} ${number} (${where})\t${instText(amd64.names, inst)}\n`);
    };
  }
  const goroot = host.env.get('GOROOT') ?? '';
  const recordedName = makeRecordedName(host.workingDirectory(), p.text('trimpath', ''), goroot);
  const assembly = newAssembly(options, { read, recordedName, complain: (m) => host.stderr(`${m}\n`) });
  return assembly;
}

function listing(a: Assembly): string {
  const functions = new Map(a.functions.map((fn) => [fn.symbol, fn]));
  const parts = a.object.symbols.map((s) => listSymbol(a.ctx, amd64.names, s, functions.get(s) ?? null));
  return parts.join('');
}

/** What goes to the output file, null if there were errors. */
function produce(a: Assembly, p: ParsedFlags, host: Host, header: string): Uint8Array | null {
  let output: Uint8Array | null = null;
  let failedFile = '';
  if (p.bool('gensymabis', false)) {
    const r = symabis(a, p.rest);
    failedFile = r.failedFile;
    output = r.text === null ? null : encodeText(r.text);
  } else {
    const r = assemble(a, p.rest);
    failedFile = r.failedFile;
    if (r.object !== null) {
      if (a.options.packagePath === unlinkablePackage) r.object.flags |= FlagUnlinkable;
      // The official linker expects debugging information of every function.
      for (const s of r.object.symbols) addFunctionDebugInfo(s);
      const w = new ByteWriter(4096);
      w.text(`${header}!\n`);
      w.bytes(writeObject(r.object, (data) => host.sha256(data)));
      output = w.finish();
      if (p.count('S') > 0) host.stdout(listing(a));
    }
  }
  if (output === null)
    a.messages.push(failedFile === '' ? 'asm: assembly failed' : `asm: assembly of ${failedFile} failed`);
  return output;
}

export function runAsm(args: readonly string[], host: Host): number {
  const p = parseFlags(
    flags,
    expandResponseFiles(args, (path) => decodeText(host.files.readFile(path))),
  );
  if (p.error !== '') return usage(host, p.error);
  if (p.has('V')) {
    host.stdout(`asm version ${goVersion}\n`);
    return 0;
  }
  const debug = readDebugFlag(p.text('d', ''));
  if (debug.problem === debugHelp) {
    host.stdout(debugHelp);
    return 0;
  }
  if (debug.problem.startsWith('invalid value')) return usage(host, debug.problem);
  if (debug.problem !== '') {
    host.stderr(`${debug.problem}\n`);
    return debug.status;
  }
  if (p.rest.length === 0) return usage(host, '');
  let outputName = p.text('o', '');
  if (outputName === '') {
    if (p.rest.length !== 1) return usage(host, '');
    outputName = `${p.rest[0].slice(p.rest[0].lastIndexOf('/') + 1).replace(/\.s$/, '')}.o`;
  }
  const goos = host.env.get('GOOS') || 'linux';
  const goarch = host.env.get('GOARCH') || 'amd64';
  const unsupported = whyUnsupported(p, goarch);
  if (unsupported !== '') {
    host.stderr(`asm: ${unsupported}\n`);
    return 2;
  }
  const a = newToolAssembly(p, host, goos, debug.maymorestack);
  let output: Uint8Array | null = null;
  try {
    output = produce(a, p, host, headerLine(host, goos, goarch));
  } catch (e) {
    if (!(e instanceof FatalError)) throw e;
    a.messages.push(e.message);
  }
  for (const m of a.messages) host.stderr(`${m}\n`);
  if (output === null) return 1;
  try {
    host.files.writeFile(outputName, output);
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    host.stderr(`asm: ${e.message}\n`);
    return 1;
  }
  return 0;
}
