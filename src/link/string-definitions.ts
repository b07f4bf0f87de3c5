/** -X: strings that the linker gives to variables. */
import { encodeText } from '#base/bytes.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';

const splitAssignment = /^([^=]*)\.([^.=]*)=([\s\S]*)$/;

/** Enters a -X definition "importpath.name=value"; false if it is not one. */
export function addStringDefinition(strings: Map<string, Uint8Array>, definition: string): boolean {
  const m = splitAssignment.exec(definition);
  if (m === null) return false;
  // The variable's package is named as in symbols.
  strings.set(`${pathToPrefix(m[1])}.${m[2]}`, encodeText(m[3]));
  return true;
}
