/**
 * What export data says of where the parameters of functions go (cmd/compile/internal/escape: leaks.go). Code of another compiler may keep a
 * parameter for longer than the source says, in a closure on the heap for instance: its own notes hold for it.
 */
import { linkPath } from '#abi/type-names.ts';
import { EscapeSummary, Leaks, maxDerefs } from '#ssa/passes/escape/summary.ts';
import { peekObject } from './foreign.ts';
import { type Decoder, Obj, ObjExt, type Reader } from './pkgbits.ts';
import { linkIndex, methodsOf, ObjFunc, ObjType, paramCount, signed, skipParams, skipPos } from './symbol-numbers.ts';

/** Bytes of a note: to the heap, to what is written through and to what is called (both of no concern here), then to results. */
const firstResult = 3;
const noteResults = 5;

/** The notes of receiver and parameters by link name, of the functions of `paths`. */
export function readEscapeNotes(
  decoders: Iterable<Decoder>,
  isWanted: (path: string) => boolean,
): Map<string, readonly string[]> {
  const notes = new Map<string, readonly string[]>();
  for (const d of decoders) {
    for (let i = 0; i < d.count(Obj); i++) {
      const { path, name, code } = peekObject(d, i);
      if (!isWanted(path) || paramCount(d, i) > 0) continue;
      if (code === ObjFunc) readFunction(d, i, `${linkPath(path)}.${name}`, notes);
      else if (code === ObjType) readMethods(d, i, linkPath(path), name, notes);
    }
  }
  return notes;
}

function readFunction(d: Decoder, index: number, name: string, notes: Map<string, readonly string[]>): void {
  const r = d.element(Obj, index);
  skipPos(r);
  const params = skipParams(r);
  const ext = d.element(ObjExt, index);
  enter(ext, name, params, notes);
}

function readMethods(
  d: Decoder,
  index: number,
  pkg: string,
  name: string,
  notes: Map<string, readonly string[]>,
): void {
  const ext = d.element(ObjExt, index);
  ext.len();
  signed(ext);
  signed(ext);
  for (const m of methodsOf(d, index)) {
    const shown = m.byPointer ? `${pkg}.(*${name}).${m.name}` : `${pkg}.${name}.${m.name}`;
    if (!enter(ext, shown, m.params, notes)) return;
  }
}

/** Reads what belongs to one function; false if that is a body to be instantiated. */
function enter(ext: Reader, name: string, params: number, notes: Map<string, readonly string[]>): boolean {
  ext.len();
  linkIndex(ext);
  if (!ext.bool()) return false;
  ext.len();
  const list: string[] = [];
  for (let k = 0; k < params; k++) list.push(ext.string());
  notes.set(name, list);
  if (ext.bool()) {
    ext.len();
    ext.bool();
  }
  return true;
}

/** The summary of a function of which these are the notes; null: nothing is known, and everything may be kept. */
export function summaryOfNotes(notes: readonly string[] | null, params: number, results: number): EscapeSummary {
  const list: Leaks[] = [];
  for (let i = 0; i < params; i++) list.push(leaksOf(notes?.[i] ?? '', results));
  return new EscapeSummary(list, new Map());
}

function leaksOf(note: string, results: number): Leaks {
  const leaks = new Leaks(results);
  const prefix = 'esc:';
  const derefs = (i: number): number => {
    const at = prefix.length + i;
    return at < note.length ? Math.min(note.charCodeAt(at) - 1, maxDerefs) : -1;
  };
  if (!note.startsWith(prefix)) {
    leaks.heap = 0;
    return leaks;
  }
  leaks.heap = derefs(0);
  for (let i = 0; i < Math.min(results, noteResults); i++) leaks.results[i] = derefs(firstResult + i);
  return leaks;
}
