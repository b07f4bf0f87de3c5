/**
 * Indices and special values of per-function tables. Source: GOROOT/src/internal/abi/symtab.go, runtime/funcdata.h.
 */
export const PcdataUnsafePoint = 0;
export const PcdataStackMapIndex = 1;
export const PcdataInlTreeIndex = 2;
export const PcdataArgLiveIndex = 3;
export const PcdataPanicBounds = 4;

export const FuncdataArgsPointerMaps = 0;
export const FuncdataLocalsPointerMaps = 1;
export const FuncdataStackObjects = 2;
export const FuncdataInlTree = 3;
export const FuncdataOpenCodedDeferInfo = 4;
export const FuncdataArgInfo = 5;
export const FuncdataArgLiveInfo = 6;
export const FuncdataWrapInfo = 7;

export const UnsafePointSafe = -1;
export const UnsafePointUnsafe = -2;
export const UnsafePointRestart1 = -3;
export const UnsafePointRestart2 = -4;
export const UnsafePointRestartAtEntry = -5;

/** FuncInfo.args of assembly without an argument size; written as 0x80000000. */
export const ArgsSizeUnknown = -0x80000000;

/** FuncInfo.flags. */
export const FuncFlagTopFrame = 1;
export const FuncFlagSPWrite = 2;
export const FuncFlagAsm = 4;

export const FuncIdNormal = 0;
export const FuncIdWrapper = 23;

/** Functions of package runtime that tracebacks treat specially (cmd/internal/objabi/funcid.go). */
const funcIds: ReadonlyMap<string, number> = new Map([
  ['abort', 1],
  ['asmcgocall', 2],
  ['asyncPreempt', 3],
  ['cgocallback', 4],
  ['corostart', 5],
  ['debugCallV2', 6],
  ['gcBgMarkWorker', 7],
  ['goexit', 8],
  ['gogo', 9],
  ['gopanic', 10],
  ['handleAsyncEvent', 11],
  ['mcall', 12],
  ['morestack', 13],
  ['mstart', 14],
  ['panicwrap', 15],
  ['rt0_go', 16],
  ['main', 17],
  ['runFinalizers', 18],
  ['runCleanups', 19],
  ['sigpanic', 20],
  ['systemstack', 21],
  ['systemstack_switch', 22],
  ['deferreturn', FuncIdWrapper],
]);

/** The function id of a text symbol, by its package-qualified name. */
export function funcIdOf(name: string, isWrapper: boolean): number {
  if (isWrapper) return FuncIdWrapper;
  if (!name.startsWith('runtime.')) return FuncIdNormal;
  return funcIds.get(name.slice(8)) ?? FuncIdNormal;
}
