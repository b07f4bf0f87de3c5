/** Source positions of a function's code: the pcfile and pcline tables and the list of files they name. */
import { PcValueTable } from './pcvalue.ts';
import type { FuncInfo } from './symbol.ts';

export class LineTable {
  private readonly pcfile: PcValueTable;
  private readonly pcline: PcValueTable;
  private readonly used: Set<number>;

  constructor(unit = 1) {
    this.pcfile = new PcValueTable(unit);
    this.pcline = new PcValueTable(unit);
    this.used = new Set();
  }

  /** From pc on, the code belongs to this line (absolute, from 1) of this file (index in the object's file table). */
  add(pc: number, file: number, line: number): void {
    this.pcfile.add(pc, file);
    this.pcline.add(pc, line);
    this.used.add(file);
  }

  /** Names a file that only the inline tree mentions. */
  useFile(file: number): void {
    this.used.add(file);
  }

  finish(info: FuncInfo, size: number): void {
    info.pcfile = this.pcfile.finish(size);
    info.pcline = this.pcline.finish(size);
    info.files = [...this.used].sort((a, b) => a - b);
  }
}
