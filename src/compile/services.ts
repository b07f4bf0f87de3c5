/** The world outside of one function, as the SSA passes see it (ssa/pass.ts), on top of a Program. */
import { Convention } from '#abi/convention.ts';
import type { GoType } from '#abi/gotype.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { Abi0, addReloc, defineSymbol, type LinkSymbol } from '#obj/symbol.ts';
import type { FuncRef } from '#ssa/call.ts';
import type { Implementation, Services } from '#ssa/pass.ts';
import { RuntimeCalls } from '#ssa/runtime-calls.ts';
import type { Program } from './program.ts';

export class ProgramServices implements Services {
  readonly convention: Convention;
  readonly calls: RuntimeCalls;
  private readonly program: Program;
  private readonly object: ObjectFile;

  /** `object` gets strings and constants, which are merged by content or name across packages. */
  constructor(program: Program, object: ObjectFile) {
    this.program = program;
    this.object = object;
    this.convention = new Convention(program.target.abi, program.types);
    this.calls = new RuntimeCalls(program.types, (name) => program.packageFunc('runtime', name));
  }

  assemblyFunc(fn: FuncRef): FuncRef | null {
    return this.program.assemblyFunc(fn);
  }

  runtimeVar(name: string): LinkSymbol {
    return this.program.runtimeVar(name);
  }

  typeSymbol(t: GoType): LinkSymbol {
    return this.program.typeSymbol(t);
  }

  funcValueSymbol(fn: FuncRef): LinkSymbol {
    return this.program.funcValueSymbol(fn);
  }

  /** "go:string." and the text: quoted, or for long ones length and hash are not needed, since names are not shared between programs. */
  stringSymbol(bytes: string): LinkSymbol {
    const s = this.program.symbols.lookup(`go:string.${JSON.stringify(bytes)}`, Abi0);
    if (s.kind === SymKind.Undefined) {
      const data = new Uint8Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) data[i] = bytes.charCodeAt(i);
      defineSymbol(s, this.object, SymKind.Rodata, Attr.DupOk | Attr.Local | Attr.ContentAddressable, data);
      s.align = 1;
    }
    return s;
  }

  stringVariable(bytes: string): LinkSymbol {
    const s = this.program.symbols.lookup(`go:string.header.${JSON.stringify(bytes)}`, Abi0);
    if (s.kind === SymKind.Undefined) {
      const data = new Uint8Array(16);
      new DataView(data.buffer).setUint32(8, bytes.length, true);
      if (bytes.length > 0) addReloc(s, 0, 8, Reloc.Addr, this.stringSymbol(bytes), 0);
      defineSymbol(s, this.object, SymKind.Rodata, Attr.DupOk | Attr.Local, data);
      s.align = 8;
    }
    return s;
  }

  readOnlyData(name: string, bytes: Uint8Array, align: number): LinkSymbol {
    const s = this.program.symbols.lookup(name, Abi0);
    if (s.kind === SymKind.Undefined) {
      defineSymbol(s, this.object, SymKind.Rodata, Attr.DupOk | Attr.Local, bytes);
      s.align = align;
    }
    return s;
  }

  implementation(itab: LinkSymbol, index: number): Implementation | null {
    return this.program.implementation(itab, index);
  }

  isRuntimePackage(pkgPath: string): boolean {
    return isRuntimePackage(pkgPath);
  }
}
