/**
 * What the runtime is told of a package with counters: its meta-data in the format of internal/coverage (defs.go, encodemeta, stringtab), in a file of
 * the package that registers it.
 */
import { ByteWriter, encodeText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';
import { type CoverFunction, counterPrefix, packageNumber } from './cover-source.ts';

export interface CoverMetaOptions {
  readonly path: string;
  readonly name: string;
  readonly module: string;
  /** The path by which the program knows it: "main" of a program's package. */
  readonly linkPath: string;
  /** "set", "count" or "atomic". */
  readonly mode: string;
  readonly isStandard: boolean;
  /** Of programs: what is counted is written to GOCOVERDIR. */
  readonly writesAtExit: boolean;
  readonly sha256: (data: Uint8Array) => Uint8Array;
}

/** Numbers of counter modes and of counting by blocks (internal/coverage: CtrModeSet, CtrGranularityPerBlock). */
const modeNumbers: Readonly<Record<string, number>> = { set: 1, count: 2, atomic: 3 };
const perBlock = 1;
/** No number is fixed for the package. */
const notFixed = -1;

/**
 * Packages that are at work before they are initialized, in the order of internal/coverage (pkid.go): their numbers are fixed, -2 downwards, and
 * replaced when the counters are read.
 */
const fixedNumbers = (
  'internal/asan internal/byteorder internal/coverage/rtcov internal/cpu internal/bytealg internal/goarch internal/abi internal/chacha8rand ' +
  'internal/godebugs internal/goexperiment internal/goos internal/msan internal/profilerecord internal/race internal/runtime/atomic ' +
  'internal/runtime/exithook internal/runtime/gc internal/runtime/math internal/runtime/sys internal/runtime/maps ' +
  'internal/runtime/syscall/linux internal/runtime/syscall/windows internal/runtime/cgroup internal/strconv internal/stringslite runtime'
).split(' ');

function fixedNumber(o: CoverMetaOptions): number {
  const index = o.isStandard ? fixedNumbers.indexOf(o.path) : -1;
  return index < 0 ? notFixed : -2 - index;
}

const headerSize = 16 + 7 * 4;

export function metaData(
  o: CoverMetaOptions,
  functions: readonly CoverFunction[],
): { data: Uint8Array; hash: Uint8Array } {
  const strings: string[] = [];
  const indices = new Map<string, number>();
  const indexOf = (s: string): number => {
    let index = indices.get(s);
    if (index === undefined) {
      index = strings.length;
      indices.set(s, index);
      strings.push(s);
    }
    return index;
  };
  indexOf('');
  const path = indexOf(o.path);
  const name = indexOf(o.name);
  const module = indexOf(o.module);
  const encoded = functions.map((f) => encodeFunction(f, indexOf));
  const table = new ByteWriter(1024);
  table.uleb(strings.length);
  for (const s of strings) {
    const bytes = encodeText(s);
    table.uleb(bytes.length);
    table.bytes(bytes);
  }
  const stringTable = table.finish();
  const body = new ByteWriter(4096);
  let offset = headerSize + 4 * functions.length + stringTable.length;
  for (const f of encoded) {
    body.u32(offset);
    offset += f.length;
  }
  body.bytes(stringTable);
  for (const f of encoded) body.bytes(f);
  const content = body.finish();
  const hash = o.sha256(content).slice(0, 16);
  const w = new ByteWriter(headerSize + content.length);
  w.u32(headerSize + content.length);
  w.u32(name);
  w.u32(path);
  w.u32(module);
  w.bytes(hash);
  w.u32(0);
  w.u32(strings.length);
  w.u32(functions.length);
  w.bytes(content);
  return { data: w.finish().slice(), hash };
}

function encodeFunction(f: CoverFunction, indexOf: (s: string) => number): Uint8Array {
  const w = new ByteWriter(64);
  w.uleb(f.units.length);
  w.uleb(indexOf(f.name));
  w.uleb(indexOf(f.file));
  for (const u of f.units) {
    w.uleb(u.startLine);
    w.uleb(u.startColumn);
    w.uleb(u.endLine);
    w.uleb(u.endColumn);
    w.uleb(u.statements);
  }
  w.uleb(f.isLiteral ? 1 : 0);
  return w.finish().slice();
}

/** A file of one package's meta-data (internal/coverage, MetaFileHeader). */
export function metaDataFile(o: CoverMetaOptions, functions: readonly CoverFunction[]): Uint8Array {
  const { data, hash } = metaData(o, functions);
  const headerSize = 56;
  // The table of strings has the empty one only.
  const table = Uint8Array.of(1, 0);
  const tableAt = headerSize + 16;
  const dataAt = tableAt + table.length;
  const w = new ByteWriter(dataAt + data.length);
  const u64 = (n: number): void => {
    w.u32(n);
    w.u32(0);
  };
  w.bytes(Uint8Array.of(0, 0x63, 0x76, 0x6d));
  w.u32(1);
  u64(dataAt + data.length);
  u64(1);
  w.bytes(hash);
  w.u32(tableAt);
  w.u32(table.length);
  w.bytes(Uint8Array.of(modeNumbers[o.mode], perBlock, 0, 0, 0, 0, 0, 0));
  u64(dataAt);
  u64(data.length);
  w.bytes(table);
  w.bytes(data);
  return w.finish().slice();
}

/** The file of counters and meta-data; its first variable registers them before others are initialized. */
export function counterFile(o: CoverMetaOptions, functions: readonly CoverFunction[]): string {
  const { data, hash } = metaData(o, functions);
  const bytes = (list: Uint8Array): string => [...list].join(', ');
  const number = fixedNumber(o);
  const isRegistry = o.isStandard && o.path === 'internal/coverage/rtcov';
  const call =
    `${isRegistry ? '' : `${counterPrefix}rtcov.`}AddMeta(${counterPrefix}unsafe.Pointer(&${counterPrefix}M), ${data.length}, ` +
    `[16]byte{${bytes(hash)}}, ${quote(o.linkPath)}, ${number}, ${modeNumbers[o.mode]}, ${perBlock})`;
  const registered =
    number === notFixed
      ? [`var ${packageNumber} uint32 = ${call}`]
      : [`const ${packageNumber} uint32 = ${number + 2 ** 32}`, '', `var _ = ${call}`];
  const lines = [
    '// Code generated by tuza for coverage. DO NOT EDIT.',
    '',
    `package ${o.name}`,
    '',
    ...(isRegistry ? [] : [`import ${counterPrefix}rtcov "internal/coverage/rtcov"`]),
    ...(o.writesAtExit ? [`import ${counterPrefix}cfile "internal/coverage/cfile"`] : []),
    `import ${counterPrefix}unsafe "unsafe"`,
    '',
    ...registered,
    '',
    `var ${counterPrefix}M = [...]byte{${bytes(data)}}`,
    '',
    ...functions.map((f, i) => `var ${counterPrefix}${i} [${f.units.length + 3}]uint32`),
    ...(o.writesAtExit ? ['', `func init() { ${counterPrefix}cfile.InitHook(false) }`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
