/** Statements that are instructions: operands in their places, labels, jumps. */
import * as I from '#arch/inst.ts';
import { Operand } from '#arch/inst.ts';
import * as Pseudo from '#arch/pseudo.ts';
import { operand } from './operand.ts';
import type { Parser, Statement } from './parser.ts';
import { append, error, newInst } from './parser.ts';

export function instruction(p: Parser, op: number, s: Statement): void {
  p.isJump = p.target.isJump(s.word);
  const args: Operand[] = [];
  for (const tokens of s.operands) {
    const o = operand(p, tokens);
    if (!p.isJump && o.reg < 0) error(p, `illegal use of pseudo-register in ${s.word}`);
    args.push(o);
  }
  if (p.isJump) jump(p, op, s.suffix, args);
  else plain(p, op, s.suffix, args);
}

function plain(p: Parser, op: number, suffix: string, args: Operand[]): void {
  const inst = newInst(p, op);
  const n = args.length;
  if (n > 5) {
    error(p, `can't handle ${p.target.names.opName(op)} instruction with ${n} operands`);
    return;
  }
  if (n === 1) {
    if (p.target.isUnaryDestination(op)) inst.to = args[0];
    else inst.from = args[0];
  } else if (n >= 2) {
    inst.from = args[0];
    inst.to = args[n - 1];
    if (n > 2) inst.rest = args.slice(1, n - 1);
  }
  append(p, inst, suffix);
}

function isSymbol(o: Operand): boolean {
  return o.name === I.NameExtern || o.name === I.NameStatic;
}

/** JMP R, JMP label, JMP n(PC), JMP symbol(SB), JMP *symbol(SB), JMP n(R), JMP $n; conditional ones with a hint before. */
function jump(p: Parser, op: number, suffix: string, args: Operand[]): void {
  if (args.length !== 1 && args.length !== 2) {
    error(p, `wrong number of arguments to ${p.target.names.opName(op)} instruction`);
    return;
  }
  const inst = newInst(p, op);
  const target = args[args.length - 1];
  if (args.length === 2) inst.from = args[0];
  if (target.kind === I.Branch) {
    // Counted from the next instruction; resolved when the function is complete.
    const v = p.pc + 1 + I.operandValue(target);
    inst.to = new Operand(I.Branch, I.NameNone, 0, 0, 0, v | 0, v < 0 ? -1 : 0, null, 0, '');
  } else if (target.kind === I.Reg || target.kind === I.Indirect || (target.kind === I.Mem && isSymbol(target))) {
    inst.to = target;
  } else if (target.kind === I.Mem && target.reg === 0 && target.lo === 0 && target.hi === 0) {
    if (target.text === '') return;
    const known = p.labels.get(target.text);
    inst.to = I.branchOperand;
    if (known !== undefined) inst.target = known;
    else p.unresolved.push({ inst, label: target.text });
  } else if (target.kind === I.Mem && target.name === I.NameNone) inst.to = target;
  else if (target.kind === I.Const) inst.to = args[0];
  else if (target.kind !== I.None) {
    error(p, 'cannot assemble jump');
    return;
  }
  append(p, inst, suffix);
}

/** Gives jumps to labels that came later their targets. */
export function resolveLabels(p: Parser): void {
  for (const use of p.unresolved) {
    const target = p.labels.get(use.label);
    if (target === undefined) {
      error(p, `undefined label ${use.label}`);
      use.inst.to = I.noOperand;
      return;
    }
    use.inst.target = target;
  }
  p.unresolved.length = 0;
}

/** Resolves n(PC) within a finished function. */
export function resolveDistances(p: Parser): void {
  for (const fn of p.functions) {
    let first: I.Inst[] | null = null;
    for (let q: I.Inst | null = fn.first; q !== null; q = q.next) {
      if (q.to.kind !== I.Branch || q.target !== null || q.to.sym !== null || q.to === I.branchOperand) continue;
      if (first === null) {
        first = [];
        for (let r: I.Inst | null = fn.first; r !== null; r = r.next) first[r.pc - fn.first.pc] = r;
      }
      const target = first[q.to.lo - fn.first.pc];
      if (target !== undefined) q.target = target;
      else if (q.op !== Pseudo.CALL) outOfRange(p, q);
    }
  }
}

function outOfRange(p: Parser, q: I.Inst): void {
  const hex = (q.to.lo >>> 0).toString(16);
  p.report(`asm: branch out of range (0x${hex})\n${p.positions.describe(q.pos)} [<nil>]`);
  p.errorCount++;
  q.to = I.noOperand;
}
