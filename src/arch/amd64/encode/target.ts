/** amd64 for the assembler: names of opcodes, registers and suffixes. */
import type { AssemblerTarget } from '#arch/assembler.ts';
import { assembleFunction } from './assemble.ts';
import * as Op from './ops.ts';
import { printNames, regByName, suffixNames } from './registers.ts';
import * as R from './regs.ts';
import { opNumber } from './rows.ts';

/** Other spellings, mostly Intel's condition codes. */
const aliases: ReadonlyMap<string, number> = new Map([
  ['JA', Op.JHI],
  ['JAE', Op.JCC],
  ['JB', Op.JCS],
  ['JBE', Op.JLS],
  ['JC', Op.JCS],
  ['JE', Op.JEQ],
  ['JG', Op.JGT],
  ['JHS', Op.JCC],
  ['JL', Op.JLT],
  ['JLO', Op.JCS],
  ['JNA', Op.JLS],
  ['JNAE', Op.JCS],
  ['JNB', Op.JCC],
  ['JNBE', Op.JHI],
  ['JNC', Op.JCC],
  ['JNG', Op.JLE],
  ['JNGE', Op.JLT],
  ['JNL', Op.JGE],
  ['JNLE', Op.JGT],
  ['JNO', Op.JOC],
  ['JNP', Op.JPC],
  ['JNS', Op.JPL],
  ['JNZ', Op.JNE],
  ['JO', Op.JOS],
  ['JP', Op.JPS],
  ['JPE', Op.JPS],
  ['JPO', Op.JPC],
  ['JS', Op.JMI],
  ['JZ', Op.JEQ],
  ['MASKMOVDQU', Op.MASKMOVOU],
  ['MOVD', Op.MOVQ],
  ['MOVDQ2Q', Op.MOVQ],
  ['MOVNTDQ', Op.MOVNTO],
  ['MOVOA', Op.MOVO],
  ['PSLLDQ', Op.PSLLO],
  ['PSRLDQ', Op.PSRLO],
  ['PADDD', Op.PADDL],
  ['MOVBELL', Op.MOVBEL],
  ['MOVBEQQ', Op.MOVBEQ],
  ['MOVBEWW', Op.MOVBEW],
]);

const unaryDestinations =
  'BSWAPL BSWAPQ CLDEMOTE CLFLUSH CLFLUSHOPT CLWB CMPXCHG16B CMPXCHG8B DECB DECL DECQ DECW FBSTP FFREE FLDENV FSAVE FSTCW ' +
  'FSTENV FSTSW FXSAVE64 FXSAVE INCB INCL INCQ INCW NEGB NEGL NEGQ NEGW NOTB NOTL NOTQ NOTW POPL POPQ POPW RDFSBASEL ' +
  'RDFSBASEQ RDGSBASEL RDGSBASEQ RDPID RDRANDL RDRANDQ RDRANDW RDSEEDL RDSEEDQ RDSEEDW SETCC SETCS SETEQ SETGE SETGT ' +
  'SETHI SETLE SETLS SETLT SETMI SETNE SETOC SETOS SETPC SETPL SETPS SGDT SIDT SLDTL SLDTQ SLDTW SMSWL SMSWQ SMSWW ' +
  'STMXCSR STRL STRQ STRW XSAVE64 XSAVE XSAVEC64 XSAVEC XSAVEOPT64 XSAVEOPT XSAVES64 XSAVES RET GETCALLERPC';

let unarySet: Set<number> | null = null;

function isUnaryDestination(op: number): boolean {
  unarySet ??= new Set(unaryDestinations.split(' ').map(opNumber));
  return unarySet.has(op);
}

/** What is wrong with a suffix that is not in the list. */
function suffixError(text: string): string {
  const parts = text.split('.');
  const seen = new Set<string>();
  const unknown = new Set<string>();
  const messages: string[] = [];
  let broadcast = false;
  let rounding = false;
  parts.forEach((part, i) => {
    if (part === 'Z') {
      if (i !== parts.length - 1) messages.push('Z suffix should be the last');
    } else if (part === 'BCST') broadcast = true;
    else if (/^(R[NZDU]_)?SAE$/.test(part)) rounding = true;
    else {
      if (!unknown.has(part)) messages.push(`unknown suffix "${part}"`);
      unknown.add(part);
    }
    if (seen.has(part)) messages.push(`duplicate suffix "${part}"`);
    seen.add(part);
  });
  if (broadcast && rounding) messages.push("can't combine rounding/SAE and broadcast");
  return messages.length === 0 ? 'bad suffix combination' : messages.join('; ');
}

function suffix(text: string): number | string {
  const i = suffixNames.indexOf(text);
  return i >= 0 ? i : suffixError(text);
}

export const amd64: AssemblerTarget = {
  goarch: 'amd64',
  pointerSize: 8,
  names: printNames,
  opcode: (word) => opNumber(word) || (aliases.get(word) ?? 0),
  register: (name) => (name === 'g' ? R.R14 : regByName(name)),
  isJump: (word) => word.startsWith('J') || word === 'CALL' || word.startsWith('LOOP') || word === 'XBEGIN',
  isUnaryDestination,
  suffix,
  assemble: assembleFunction,
};
