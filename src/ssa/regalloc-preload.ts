/** In front of a loop that has room for all that lives in it, what it needs soon and is in memory is loaded, once. */
import type { Block } from './block.ts';
import { hasRoom } from './pressure.ts';
import { type Allocator, emitTo, globalReg, loadSpilled, lowest } from './regalloc.ts';
import { type LiveOut, unlikelyDistance } from './regalloc-live.ts';

/** At the end of b, which has been allocated. */
export function preload(s: Allocator, b: Block, live: LiveOut): void {
  const near = b.values.at(-1);
  if (b.succs.length !== 1 || near === undefined) return;
  const header = b.succs[0].block;
  const pressure = s.pressures[header.id] ?? null;
  if (pressure === null || s.endRegs[header.id] !== null) return;
  for (let i = 0; i < live.ids.length; i++) {
    const id = live.ids[i];
    const v = s.byId[id];
    if (v === null || s.remat[id] === 1 || s.held[id] !== 0 || live.distances[i] >= unlikelyDistance) continue;
    const cls = s.class[id];
    const free = s.allocatable[cls] & ~s.used[cls];
    if (free === 0 || !hasRoom(pressure, cls, s.allocatable[cls])) continue;
    emitTo(s, loadSpilled(s, v, near), v, globalReg(cls, lowest(free)));
  }
}
