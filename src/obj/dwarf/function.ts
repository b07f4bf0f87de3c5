/**
 * The least debugging information of a function: its entry (name, code, frame, place of declaration) and its line program,
 * both from what the runtime is told anyway. Variables and inlined calls are not in it. Formats: DWARF 5, 2.17 and 6.2.
 */
import { ByteWriter } from '#base/bytes.ts';
import * as Attr from '../attributes.ts';
import * as Kind from '../kinds.ts';
import { PcValueReader, pcValueAt } from '../pcvalue.ts';
import * as R from '../reloc-types.ts';
import { AbiStatic, addReloc, type LinkSymbol, newStatic } from '../symbol.ts';
import * as A from './abbrev.ts';
import { AdvanceLine, AdvancePc, OpcodeBase, SetFile, SetPrologueEnd } from './renumber.ts';

const opCallFrameCfa = 0x9c;

/** Fills in dwarfInfo and dwarfLines of a defined function that has none. */
export function addFunctionDebugInfo(s: LinkSymbol): void {
  const f = s.func;
  if (f === null || f.dwarfInfo !== null || s.size === 0) return;
  f.dwarfInfo = functionEntry(s);
  f.dwarfLines = lineProgram(s);
}

function part(s: LinkSymbol, kind: number, w: ByteWriter): LinkSymbol {
  const d = newStatic('');
  d.kind = kind;
  d.data = w.finish();
  d.size = d.data.length;
  d.object = s.object;
  return d;
}

function functionEntry(s: LinkSymbol): LinkSymbol {
  const f = s.func;
  const w = new ByteWriter(64);
  const isWrapper = (s.attrs & (Attr.Wrapper | Attr.AbiWrapper)) !== 0;
  w.uleb(isWrapper ? A.Wrapper : A.Func);
  w.text(s.name);
  w.u8(0);
  // Low address: a slot of .debug_addr, as a number of fixed width.
  const low = w.length;
  w.u32(0);
  w.uleb(s.size);
  w.u8(1);
  w.u8(opCallFrameCfa);
  if (isWrapper) w.u8(1);
  else {
    w.u32(f === null ? 1 : pcValueAt(f.pcfile, 0) + 1);
    w.uleb(f === null ? 0 : f.startLine);
    w.u8(s.abi === AbiStatic ? 0 : 1);
  }
  w.u8(0);
  const d = part(s, Kind.DwarfFcn, w);
  addReloc(d, low, 4, R.DwTxtAddrU4, s, 0);
  return d;
}

// The linker's line program headers say these (link/dwarf-sections.ts).
const lineBase = -4;
const lineRange = 10;

const lnsCopy = 1;
const lneEndSequence = 1;
const lneSetAddress = 2;

function lineProgram(s: LinkSymbol): LinkSymbol {
  const w = new ByteWriter(64);
  w.u8(0);
  w.uleb(9);
  w.u8(lneSetAddress);
  const address = w.length;
  w.u64(0, 0);
  let pc = 0;
  let line = 1;
  let file = 1;
  const f = s.func;
  if (f !== null) {
    const files = new PcValueReader(f.pcfile);
    for (const lines = new PcValueReader(f.pcline); !lines.done; lines.next()) {
      // A stretch of one line may reach over several files, and the prologue ends in it.
      let at = lines.pc;
      while (at < lines.nextPc) {
        while (!files.done && files.nextPc <= at) files.next();
        if (!files.done && files.value + 1 !== file) {
          file = files.value + 1;
          w.u8(SetFile);
          w.uleb(file);
        }
        if (at === f.prologueEnd && at > 0) w.u8(SetPrologueEnd);
        row(w, at - pc, lines.value - line);
        pc = at;
        line = lines.value;
        at = files.done ? lines.nextPc : Math.min(files.nextPc, lines.nextPc);
        if (pc < f.prologueEnd && f.prologueEnd < at) at = f.prologueEnd;
      }
    }
  }
  w.u8(AdvancePc);
  w.uleb(s.size - pc);
  w.u8(0);
  w.uleb(1);
  w.u8(lneEndSequence);
  const d = part(s, Kind.DwarfLines, w);
  addReloc(d, address, 8, R.Addr, s, 0);
  return d;
}

/** Moves on by so many bytes and lines and adds a row: one special opcode where it reaches. */
function row(w: ByteWriter, pcDelta: number, lineDelta: number): void {
  const fits = lineDelta >= lineBase && lineDelta < lineBase + lineRange;
  const opcode = OpcodeBase + (lineDelta - lineBase) + lineRange * pcDelta;
  if (fits && opcode <= 255) {
    w.u8(opcode);
    return;
  }
  if (pcDelta !== 0) {
    w.u8(AdvancePc);
    w.uleb(pcDelta);
  }
  if (lineDelta !== 0) {
    w.u8(AdvanceLine);
    w.sleb(lineDelta);
  }
  w.u8(lnsCopy);
}
