/**
 * The Plan 9 assembler: files of one package in, symbols in one object out.
 *
 *   scanner.ts, preprocess.ts   text to tokens: #include, #define, #ifdef
 *   parser.ts                   tokens to statements
 *   operand.ts, expression.ts   operands
 *   instructions.ts, directives.ts, data.ts   statements to instructions and data
 *   funcdata.ts                 stack maps that assembly leaves out
 *
 * The architecture's assembler (arch/assembler.ts) then turns instructions into machine code, the same way as the compiler's.
 * Rules: GOROOT/doc/asm.html, cmd/asm, cmd/internal/obj/plist.go.
 */
import type { AssemblerTarget } from '#arch/assembler.ts';
import { defineConstants } from '#arch/constants.ts';
import { writeDwarf } from '#arch/dwarf.ts';
import type { AsmContext, AsmFunction, Inst } from '#arch/inst.ts';
import { rewriteJumps } from '#arch/jumps.ts';
import * as Attr from '#obj/attributes.ts';
import { fipsKind } from '#obj/fips-kind.ts';
import * as Kind from '#obj/kinds.ts';
import { FlagFromAssembly, FlagShared, ObjectFile } from '#obj/object.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { AbiInternal, AbiStatic, ensureFunc, Symbols } from '#obj/symbol.ts';
import { DataTable, defineData } from './data.ts';
import { dataDirective, funcdata, globl, pcalign, pcdata, text } from './directives.ts';
import { FatalError } from './errors.ts';
import { addArgumentMaps, replaceStackMaps } from './funcdata.ts';
import { instruction, resolveDistances, resolveLabels } from './instructions.ts';
import { functionReference } from './operand.ts';
import type { Statement } from './parser.ts';
import { error, nextStatement, Parser } from './parser.ts';
import { Positions } from './positions.ts';
import type { SourceFiles } from './preprocess.ts';
import { openFile, Preprocessor } from './preprocess.ts';
import { quote } from './quote.ts';
import { AsmSymbols } from './symbols.ts';

export interface AsmOptions {
  target: AssemblerTarget;
  goos: string;
  packagePath: string;
  /** name or name=value */
  defines: readonly string[];
  includeDirs: readonly string[];
  shared: boolean;
  dynlink: boolean;
  /** -spectre=ret. */
  retpoline?: boolean;
  /** -d=maymorestack=FUNCTION. */
  maymorestack?: string;
  /** -debug: hears of every instruction as it is parsed, with its line and its number in the file. */
  trace?: (line: number, inst: Inst) => void;
  allErrors: boolean;
  /** Names of the enabled GOEXPERIMENTs: macros in packages that may use ABI selectors. */
  experiments: readonly string[];
}

/** Packages whose assembly may name ABIs (GOROOT/src/cmd/internal/objabi/pkgspecial.go). */
const abiPackages: ReadonlySet<string> = new Set([
  'runtime',
  'reflect',
  'syscall',
  'internal/bytealg',
  'internal/chacha8rand',
  'internal/runtime/syscall/linux',
  'internal/runtime/syscall/windows',
  'internal/runtime/startlinetest',
]);

/** The package path of an object that cannot be linked: what asm without -p makes. */
export const unlinkablePackage = '<unlinkable>';

export class Assembly {
  readonly options: AsmOptions;
  readonly files: SourceFiles;
  readonly object: ObjectFile;
  readonly ctx: AsmContext;
  readonly positions: Positions;
  readonly symbols: AsmSymbols;
  readonly data: DataTable;
  readonly allowAbi: boolean;
  /** All functions of all files, in order; filled even where assembling failed. */
  readonly functions: AsmFunction[];
  /** Read-only data that FUNCDATA made, in order. */
  readonly made: LinkSymbol[];
  /** Lines of messages, in order. */
  readonly messages: string[];
  /** An error outside of parsing: reported, and the assembly goes on to find more. */
  diagnosed: boolean;

  constructor(options: AsmOptions, files: SourceFiles, symbols: Symbols) {
    this.options = options;
    this.files = files;
    this.object = new ObjectFile(options.packagePath);
    this.object.flags = FlagFromAssembly | (options.shared || options.dynlink ? FlagShared : 0);
    this.positions = new Positions(this.object);
    this.symbols = new AsmSymbols(symbols);
    this.functions = [];
    this.made = [];
    this.messages = [];
    this.diagnosed = false;
    this.allowAbi = abiPackages.has(options.packagePath);
    this.data = new DataTable((message) => diagnose(this, message));
    this.ctx = {
      goos: options.goos,
      symbols,
      object: this.object,
      positions: this.positions,
      isAsm: true,
      shared: options.shared || options.dynlink,
      dynlink: options.dynlink,
      retpoline: options.retpoline === true,
      maymorestack: options.maymorestack ?? '',
      constants: [],
      describePosition: (pos) => this.positions.describe(pos),
      error: (_pos, message) => diagnose(this, message),
    };
  }
}

function diagnose(a: Assembly, message: string): void {
  a.diagnosed = true;
  a.messages.push(`asm: ${message}`);
}

function newParser(a: Assembly, file: string): Parser {
  const o = a.options;
  const text = a.files.read(file);
  if (text === null) throw new FatalError(`asm: open ${file}: no such file or directory`);
  const slash = file.lastIndexOf('/');
  const dir = slash < 0 ? '.' : file.slice(0, slash) || '/';
  const defines = a.allowAbi ? [...o.defines, ...o.experiments.map((x) => `GOEXPERIMENT_${x}`)] : o.defines;
  const source = new Preprocessor(a.files, [dir, ...o.includeDirs], defines);
  openFile(source, file, text);
  return new Parser(o.target, source, a.symbols, a.positions, {
    allErrors: o.allErrors,
    allowAbi: a.allowAbi,
    packagePrefix: pathToPrefix(o.packagePath),
    report: (message) => a.messages.push(message),
    trace: o.trace ?? null,
  });
}

function statement(a: Assembly, p: Parser, s: Statement): void {
  switch (s.word) {
    case 'DATA':
      dataDirective(p, s.operands, a.data);
      return;
    case 'FUNCDATA':
      funcdata(p, s.operands);
      return;
    case 'GLOBL':
      globl(p, s.operands, a.data);
      return;
    case 'PCDATA':
      pcdata(p, s.operands);
      return;
    case 'PCALIGN':
      pcalign(p, s.operands);
      return;
    case 'TEXT':
      text(p, s.operands, a.data);
      return;
    default:
  }
  const op = a.options.target.opcode(s.word);
  if (op !== 0) instruction(p, op, s);
  else error(p, `unrecognized instruction ${quote(s.word)}`);
}

/** Attributes of everything an assembly object defines: named symbols may be linknamed from anywhere. */
function definitionAttrs(s: LinkSymbol): number {
  return Attr.Linkname | (s.abi === AbiStatic ? 0 : Attr.NonPackage);
}

function defineText(a: Assembly, fn: AsmFunction): void {
  const s = fn.symbol;
  s.kind = fipsKind(Kind.Text, s, a.object.packagePath);
  s.attrs |= definitionAttrs(s);
  s.object = a.object;
  a.object.symbols.push(s);
}

/** Parses one file and assembles its functions. False if parsing failed: no further file is read. */
function assembleFile(a: Assembly, file: string): boolean {
  const p = newParser(a, file);
  for (let s = nextStatement(p); s !== null; s = nextStatement(p)) statement(a, p, s);
  if (p.errorCount > 0) return false;
  resolveLabels(p);
  resolveDistances(p);
  const prefix = `${pathToPrefix(a.options.packagePath)}.`;
  for (const fn of p.functions) {
    replaceStackMaps(a.ctx, a.symbols, fn, a.made);
    if (fn.symbol.abi !== AbiInternal) addArgumentMaps(a.symbols, fn, prefix);
  }
  for (const fn of p.functions) {
    defineText(a, fn);
    ensureFunc(fn.symbol);
    a.functions.push(fn);
    rewriteJumps(fn);
    if (a.options.target.assemble(a.ctx, fn)) writeDwarf(a.ctx, fn);
  }
  return true;
}

export interface AsmResult {
  /** Null if there were errors. */
  object: ObjectFile | null;
  /** The file that could not be parsed, "" if none. */
  failedFile: string;
}

/** Assembles files of a package into one object. Messages are in a.messages. */
export function assemble(a: Assembly, files: readonly string[]): AsmResult {
  for (const file of files) if (!assembleFile(a, file)) return { object: null, failedFile: file };
  defineData(a.data, a.object, definitionAttrs);
  for (const s of a.made) a.object.symbols.push(s);
  defineConstants(a.ctx);
  return { object: a.diagnosed ? null : a.object, failedFile: '' };
}

function abiName(abi: number): string {
  return abi === AbiInternal ? 'ABIInternal' : 'ABI0';
}

/** One line per function defined or mentioned: what the compiler wants to know before the package is compiled. */
function symabisOf(p: Parser, s: Statement, out: string[]): void {
  if (s.word === 'TEXT') {
    const def = s.operands.length > 0 ? functionReference(p, s.operands[0]) : null;
    if (def !== null) out.push(`def ${def.name} ${abiName(def.abi)}\n`);
    return;
  }
  let operands = s.operands;
  if (s.word === 'DATA' || s.word === 'FUNCDATA') {
    if (operands.length < 2) return;
    operands = operands.slice(1);
  }
  for (const tokens of operands) {
    const ref = functionReference(p, tokens);
    if (ref !== null) out.push(`ref ${ref.name} ${abiName(ref.abi)}\n`);
  }
}

/** The -gensymabis output of the files, null if one could not be parsed. */
export function symabis(a: Assembly, files: readonly string[]): { text: string | null; failedFile: string } {
  const out: string[] = [];
  for (const file of files) {
    const p = newParser(a, file);
    for (let s = nextStatement(p); s !== null; s = nextStatement(p)) symabisOf(p, s, out);
    if (p.errorCount > 0) return { text: null, failedFile: file };
  }
  return { text: out.join(''), failedFile: '' };
}

export function newAssembly(options: AsmOptions, files: SourceFiles, symbols: Symbols = new Symbols()): Assembly {
  return new Assembly(options, files, symbols);
}
