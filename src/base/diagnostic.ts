import type { Pos } from '#base/source.ts';

/** A message about the user's program, in the official compiler's wording. User errors are values; bugs are exceptions. */
export interface Diagnostic {
  pos: Pos;
  /** Text; further lines are indented with a tab, as the official compiler prints them. */
  message: string;
  /** A short stable code such as "UnusedVar", or "" where the official tools have none. */
  code: string;
  /** True for errors that do not stop a type check ("declared and not used"). */
  soft: boolean;
}

/** Where diagnostics go. Passing it explicitly keeps the rooms pure. */
export type Report = (d: Diagnostic) => void;

/** The official compiler gives up at this many errors of a package. */
export const maxErrors = 10;
