/** The command line that tests start: the bundle that scripts/test.mjs has made, for it starts in a third of the time; else the sources. */
import { fileURLToPath } from 'node:url';

export const main: string = process.env.TUZA_MAIN ?? fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
