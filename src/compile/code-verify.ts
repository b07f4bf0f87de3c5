/** Compares code that has been made again with what the cache has of it (GODEBUG=gocacheverify=1). */
import { CacheVerifyError } from '#cache/debug.ts';
import { contentId, type Sum } from '#cache/fingerprint.ts';
import { FlagFromAssembly, ObjectFile } from '#obj/object.ts';
import { type LinkSymbol, Symbols } from '#obj/symbol.ts';
import { type FileOrder, Segment, SegmentWriter } from './code-segment.ts';

/** Throws CacheVerifyError if a symbol of a package is not what a segment that stands under `action` says. */
export function verifySegment(
  sum: Sum,
  path: string,
  action: string,
  segment: Segment,
  symbols: Iterable<LinkSymbol>,
  fileOrder: FileOrder,
): void {
  const defined = new Map<string, number>();
  for (let i = 0; i < segment.symbolCount; i++)
    if (segment.isDefined(i) && segment.name(i) !== '' && segment.abi(i) <= 1)
      defined.set(`${segment.abi(i)} ${segment.name(i)}`, i);
  for (const s of symbols) {
    const i = defined.get(`${s.abi} ${s.name}`);
    // Assembly is assembled again for every program that has no code of its package.
    if (i === undefined || (s.object !== null && (s.object.flags & FlagFromAssembly) !== 0)) continue;
    const old = again(segment, i);
    // Written and read once, so that its files are numbered like those of the other.
    const made = again(new Segment(bytesOf(s, fileOrder)), 0);
    const oldId = contentId(sum, old);
    const madeId = contentId(sum, made);
    if (oldId === madeId) continue;
    const sizes = [old.length, made.length];
    throw new CacheVerifyError(
      action,
      `code of ${path}: ${s.name}`,
      { id: oldId, size: sizes[0] },
      { id: madeId, size: sizes[1] },
    );
  }
}

/** A definition of a segment as a segment of its own. */
function again(segment: Segment, i: number): Uint8Array {
  return bytesOf(kept(segment, i), (s) => (s.object?.files ?? []).map((_, file) => file));
}

/** A definition by itself; its object has the function's files in the order of their mention. */
function kept(segment: Segment, i: number): LinkSymbol {
  const symbols = new Symbols();
  const objects = new Map<string, ObjectFile>();
  const object = (path: string, flags: number): ObjectFile => {
    let o = objects.get(path);
    if (o === undefined) {
      o = new ObjectFile(path);
      o.flags = flags;
      objects.set(path, o);
    }
    return o;
  };
  const s = symbols.lookup(segment.name(i), segment.abi(i));
  segment.define({ symbols, debug: true, object, mention: () => undefined }, i, s);
  return s;
}

/** Not as part of a package: its assembly has a file table of its own. */
function bytesOf(s: LinkSymbol, fileOrder: FileOrder): Uint8Array {
  const writer = new SegmentWriter('', fileOrder);
  writer.add(s);
  return writer.finish(() => false, '');
}
