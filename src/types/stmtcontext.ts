/** What the surroundings of a statement allow, a bit each: used as `import * as StmtContext`. */
export const breakOk = 1;
export const continueOk = 2;
export const fallthroughOk = 4;

// For messages only.
export const finalSwitchCase = 8;
export const inTypeSwitch = 16;
