/** `tuza tool pack`: archives, with the official command line (cmd/pack). */

import { FileError, type Host } from '#host/host.ts';
import { type Member, newMember, ObjectError, readArchive, writeArchive } from '#obj/archive.ts';
import { readFrame } from '#obj/reader.ts';

const usage = `Usage: pack op file.a [name....]
Where op is one of cprtx optionally followed by v for verbose output.
For compatibility with old Go build environments the op string grc is
accepted as a synonym for c.

For more information, run
	go doc cmd/pack
`;

/** What the command line asks for; null if it is not valid. */
function readOperation(arg: string): { op: string; verbose: boolean } | null {
  let op = '';
  let verbose = false;
  for (const c of arg === 'grc' ? 'c' : arg) {
    if ('cprtx'.includes(c)) {
      if (op !== '') return null;
      op = c;
    } else if (c === 'v') {
      if (verbose) return null;
      verbose = true;
    } else return null;
  }
  return { op, verbose };
}

export function runPack(args: readonly string[], host: Host): number {
  if (args.length < 2) {
    host.stderr(`pack: not enough arguments\n\n${usage}`);
    return 2;
  }
  const wanted = readOperation(args[0]);
  if (wanted === null) {
    host.stderr(usage);
    return 2;
  }
  if (wanted.op === '') {
    host.stderr(`pack: invalid operation ${JSON.stringify(args[0])}\n\n${usage}`);
    return 2;
  }
  try {
    return pack(wanted.op, wanted.verbose, args[1], args.slice(2), host);
  } catch (e) {
    if (!(e instanceof FileError) && !(e instanceof ObjectError)) throw e;
    host.stderr(`pack: ${e.message}\n`);
    return 1;
  }
}

function pack(op: string, verbose: boolean, file: string, names: readonly string[], host: Host): number {
  if (op === 'c' || op === 'r') return append(op, verbose, file, names, host);
  const left = [...names];
  for (const m of readArchive(file, host.files.readFile(file))) {
    const at = left.indexOf(m.name);
    if (names.length > 0 && at < 0) continue;
    if (at >= 0) left.splice(at, 1);
    if (op === 't') host.stdout(`${verbose ? describe(m) : m.name}\n`);
    else {
      if (verbose) host.stdout(`${m.name}\n`);
      if (op === 'p') host.stdout(m.data);
      else host.files.writeFile(m.name, m.data, 0o444);
    }
  }
  if (left.length === 0) return 0;
  host.stderr(`pack: file ${JSON.stringify(left[0])} not in archive\n`);
  return 1;
}

/** As `ls -l` shows a file; the date is the epoch's in UTC. */
function describe(m: Member): string {
  const bits = 'rwxrwxrwx';
  const mode = [...bits].map((c, i) => ((m.mode >> (8 - i)) & 1 ? c : '-')).join('');
  const date = new Date(m.modified * 1000);
  const month = date.toUTCString().slice(8, 11);
  const pad = (n: number): string => String(n).padStart(2);
  const time = `${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
  const when = `${month} ${pad(date.getUTCDate())} ${time} ${date.getUTCFullYear()}`;
  const owner = `${String(m.uid).padStart(6)}/${String(m.gid).padEnd(6)}`;
  return `-${mode} ${owner} ${String(m.data.length).padStart(12)} ${when} ${m.name}`;
}

function append(op: string, verbose: boolean, file: string, names: readonly string[], host: Host): number {
  if (names.length === 0) {
    host.stderr(usage);
    return 2;
  }
  const members: Member[] =
    op === 'r' && host.files.stat(file) !== null ? readArchive(file, host.files.readFile(file)) : [];
  if (op === 'c') addDefinition(members, verbose, names, host);
  for (const name of names) {
    if (verbose) host.stdout(`${name}\n`);
    const data = host.files.readFile(name);
    const base = name.slice(name.lastIndexOf('/') + 1);
    const inner = compilerObject(name, data);
    if (inner === null) {
      const m = newMember(base, data);
      m.mode = (host.files.stat(name)?.mode ?? 0o644) & 0o777;
      members.push(m);
      continue;
    }
    for (const m of inner) if (m.name === '_go_.o') members.push(newMember(base, m.data));
  }
  host.files.writeFile(file, writeArchive(members), 0o644);
  return 0;
}

function addDefinition(members: Member[], verbose: boolean, names: readonly string[], host: Host): void {
  for (const name of names) {
    const definition = compilerObject(name, host.files.readFile(name))?.find((m) => m.name === '__.PKGDEF');
    if (definition === undefined) continue;
    if (verbose) host.stdout(`__.PKGDEF # ${name}\n`);
    members.push(newMember('__.PKGDEF', definition.data));
    return;
  }
}

/** The members of what the compiler writes: an archive of a package definition, an object, or both; else null. */
function compilerObject(name: string, data: Uint8Array): Member[] | null {
  let members: Member[];
  try {
    members = readArchive(name, data);
  } catch (e) {
    if (e instanceof ObjectError) return null;
    throw e;
  }
  if (members.length === 0 || members.length > 2) return null;
  const known = members.every(
    (m) => m.name === '__.PKGDEF' || (m.name === '_go_.o' && readFrame(name, m.data, 0) !== null),
  );
  return known && new Set(members.map((m) => m.name)).size === members.length ? members : null;
}
