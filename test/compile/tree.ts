/** The Go tree, for tests that compile. */
import { findGoroot, GorootError } from '#go/goroot.ts';
import { nodeHost } from '#host/node.ts';

function goroot(): string | null {
  try {
    return findGoroot(nodeHost());
  } catch (e) {
    if (e instanceof GorootError) return null;
    throw e;
  }
}

/** Null if there is none. */
export const root = goroot();
