/** Prints its arguments and V8's limit in MiB, after starting over if the first one asks for more. */
import { getHeapStatistics } from 'node:v8';
import { startOverWithHeap } from '#host/node-heap.ts';

const args = process.argv.slice(2);
startOverWithHeap(Number(args[0]) * 2 ** 20, args);
console.log(args.join(' '), Math.round(getHeapStatistics().heap_size_limit / 2 ** 20));
