/** What the library (lib.ts) and its thread (lib-worker.ts) tell each other. */
import type { Message, Program, Progress } from './lib.ts';

/** What the thread is asked for. */
export interface Job {
  readonly kind: 'check' | 'build';
  readonly packages: readonly string[];
  readonly directory: string;
  readonly files: Readonly<Record<string, string | Uint8Array>> | null;
  readonly environment: Readonly<Record<string, string>> | null;
  readonly tags: readonly string[];
  readonly flags: readonly string[];
  readonly reportsProgress: boolean;
}

/** What it answers: any number of states of progress, then one of the others. */
export type Answer =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'checked'; readonly messages: readonly Message[] }
  | { readonly kind: 'built'; readonly program: Program }
  | { readonly kind: 'failed'; readonly reason: string };
