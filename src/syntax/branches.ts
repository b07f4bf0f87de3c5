/** Labels, break, continue, goto and fallthrough of a function body: resolves their targets and reports wrong ones (spec: Labeled statements ff.). */
import type { Report } from '#base/diagnostic.ts';
import { formatPosition, type Pos, type SourceFile } from '#base/source.ts';
import * as Kind from './kinds.ts';
import type { BlockStmt, BranchStmt, Expr, ForStmt, LabeledStmt, SelectStmt, Stmt, SwitchStmt } from './nodes.ts';
import * as Op from './operators.ts';
import { exprString } from './printer.ts';

class Block {
  readonly parent: Block | null;
  readonly start: Pos;
  /** The label of the statement whose block this is. */
  readonly label: LabeledStmt | null;

  constructor(parent: Block | null, start: Pos, label: LabeledStmt | null) {
    this.parent = parent;
    this.start = start;
    this.label = label;
  }
}

class Label {
  readonly block: Block;
  readonly stmt: LabeledStmt;
  used: boolean;

  constructor(block: Block, stmt: LabeledStmt) {
    this.block = block;
    this.stmt = stmt;
    this.used = false;
  }
}

class BranchChecker {
  readonly source: SourceFile;
  readonly report: Report;
  readonly labels: Map<string, Label>;

  constructor(source: SourceFile, report: Report) {
    this.source = source;
    this.report = report;
    this.labels = new Map();
  }
}

/** What encloses a statement. */
class Targets {
  readonly breaks: ForStmt | SwitchStmt | SelectStmt | null;
  readonly continues: ForStmt | null;
  /** The index of the clause of an expression switch that directly holds the statements, or -1. */
  readonly clause: number;

  constructor(breaks: ForStmt | SwitchStmt | SelectStmt | null, continues: ForStmt | null, clause: number) {
    this.breaks = breaks;
    this.continues = continues;
    this.clause = clause;
  }
}

export function checkBranches(body: BlockStmt, source: SourceFile, report: Report): void {
  const c = new BranchChecker(source, report);
  const gotos = checkBlock(c, null, new Targets(null, null, -1), null, body.pos, body.list);
  for (const g of gotos) {
    const label = g.label;
    if (label === null) continue;
    const l = c.labels.get(label.value);
    if (l === undefined) error(c, label.pos, `label ${label.value} not defined`);
    else {
      l.used = true;
      error(c, label.pos, `goto ${label.value} jumps into block starting at ${positionText(c, l.block.start)}`);
    }
  }
  for (const l of c.labels.values()) {
    if (!l.used) error(c, l.stmt.label.pos, `label ${l.stmt.label.value} defined and not used`);
  }
}

function error(c: BranchChecker, pos: Pos, message: string): void {
  c.report({ pos, message, code: '', soft: false });
}

function positionText(c: BranchChecker, pos: Pos): string {
  return formatPosition(c.source.position(pos));
}

/** The state of one statement list. */
class BlockScan {
  readonly block: Block;
  readonly targets: Targets;
  /** Gotos whose label has not been seen. */
  gotos: BranchStmt[];
  /** Those of them that the last variable declaration lies behind. */
  jumping: BranchStmt[];
  varPos: Pos;
  varName: Expr | null;

  constructor(block: Block, targets: Targets) {
    this.block = block;
    this.targets = targets;
    this.gotos = [];
    this.jumping = [];
    this.varPos = 0;
    this.varName = null;
  }
}

/** Checks a statement list and returns the gotos that have found no label. */
function checkBlock(
  c: BranchChecker,
  parent: Block | null,
  targets: Targets,
  label: LabeledStmt | null,
  start: Pos,
  list: Stmt[],
): BranchStmt[] {
  const b = new BlockScan(new Block(parent, start, label), targets);
  // A fallthrough counts as last even before empty statements.
  let n = list.length;
  while (n > 0 && list[n - 1].kind === Kind.EmptyStmt) n--;
  for (let i = 0; i < n; i++) checkStmt(c, b, list[i], null, i + 1 === n);
  return b.gotos;
}

function declareVar(b: BlockScan, pos: Pos, name: Expr): void {
  b.varPos = pos;
  b.varName = name;
  b.jumping = b.gotos.slice();
}

function checkInner(
  c: BranchChecker,
  b: BlockScan,
  targets: Targets,
  label: LabeledStmt | null,
  start: Pos,
  list: Stmt[],
): void {
  b.gotos.push(...checkBlock(c, b.block, targets, label, start, list));
}

function checkStmt(c: BranchChecker, b: BlockScan, s: Stmt, label: LabeledStmt | null, last: boolean): void {
  const { breaks, continues } = b.targets;
  switch (s.kind) {
    case Kind.DeclStmt: {
      const v = s.decls.find((d) => d.kind === Kind.VarDecl);
      if (v !== undefined && v.kind === Kind.VarDecl) declareVar(b, v.pos, v.names[0]);
      break;
    }
    case Kind.AssignStmt:
      if (s.op === Op.Def) declareVar(b, s.pos, s.lhs);
      break;
    case Kind.LabeledStmt: {
      const named = s.label.value !== '_';
      if (named) declareLabel(c, b, s);
      checkStmt(c, b, s.stmt, named ? s : label, last);
      break;
    }
    case Kind.BranchStmt:
      if (s.label === null) checkUnlabeled(c, b, s, last);
      else checkLabeled(c, b, s, s.label.value, s.label.pos);
      break;
    case Kind.BlockStmt:
      checkInner(c, b, new Targets(breaks, continues, -1), label, s.pos, s.list);
      break;
    case Kind.IfStmt: {
      const inner = new Targets(breaks, continues, -1);
      checkInner(c, b, inner, label, s.thenBlock.pos, s.thenBlock.list);
      if (s.elseStmt !== null) checkInner(c, b, inner, label, s.elseStmt.pos, [s.elseStmt]);
      break;
    }
    case Kind.ForStmt:
      checkInner(c, b, new Targets(s, s, -1), label, s.body.pos, s.body.list);
      break;
    case Kind.SwitchStmt:
      for (let i = 0; i < s.body.length; i++) {
        checkInner(c, b, new Targets(s, continues, i), label, s.body[i].pos, s.body[i].body);
      }
      break;
    case Kind.SelectStmt:
      for (const cc of s.body) checkInner(c, b, new Targets(s, continues, -1), label, cc.pos, cc.body);
      break;
  }
}

function declareLabel(c: BranchChecker, b: BlockScan, s: LabeledStmt): void {
  const name = s.label.value;
  let l = c.labels.get(name);
  if (l !== undefined) {
    error(c, s.label.pos, `label ${name} already defined at ${positionText(c, l.stmt.label.pos)}`);
  } else {
    l = new Label(b.block, s);
    c.labels.set(name, l);
  }
  const rest: BranchStmt[] = [];
  for (const g of b.gotos) {
    if (g.label === null || g.label.value !== name) {
      rest.push(g);
      continue;
    }
    g.target = s;
    l.used = true;
    if (b.varName !== null && b.jumping.includes(g)) {
      const declared = `declaration of ${exprString(b.varName)} at ${positionText(c, b.varPos)}`;
      error(c, g.label.pos, `goto ${name} jumps over ${declared}`);
    }
  }
  b.gotos = rest;
}

function checkUnlabeled(c: BranchChecker, b: BlockScan, s: BranchStmt, last: boolean): void {
  const { breaks, continues, clause } = b.targets;
  if (s.tok === Kind.Break) {
    if (breaks === null) error(c, s.pos, 'break is not in a loop, switch, or select');
    s.target = breaks;
  } else if (s.tok === Kind.Continue) {
    if (continues === null) error(c, s.pos, 'continue is not in a loop');
    s.target = continues;
  } else if (s.tok === Kind.Fallthrough) {
    let message = 'fallthrough statement out of place';
    if (breaks !== null && breaks.kind === Kind.SwitchStmt) {
      if (breaks.tag !== null && breaks.tag.kind === Kind.TypeSwitchGuard)
        message = 'cannot fallthrough in type switch';
      else if (clause >= 0 && last) {
        if (clause + 1 < breaks.body.length) return;
        message = 'cannot fallthrough final case in switch';
      }
    }
    error(c, s.pos, message);
  }
}

function checkLabeled(c: BranchChecker, b: BlockScan, s: BranchStmt, name: string, pos: Pos): void {
  const l = c.labels.get(name);
  // Used, even if it is no valid target.
  if (l !== undefined) l.used = true;
  if (s.tok === Kind.Goto) {
    for (let block: Block | null = b.block; l !== undefined && block !== null; block = block.parent) {
      if (l.block === block) {
        s.target = l.stmt;
        return;
      }
    }
    b.gotos.push(s);
    return;
  }
  const word = s.tok === Kind.Break ? 'break' : 'continue';
  if (l === undefined) {
    error(c, pos, `${word} label not defined: ${name}`);
    return;
  }
  let enclosing = false;
  for (let block: Block | null = b.block; block !== null && !enclosing; block = block.parent) {
    enclosing = block.label === l.stmt;
  }
  const target = l.stmt.stmt;
  const breakable = target.kind === Kind.SwitchStmt || target.kind === Kind.SelectStmt;
  if (enclosing && (target.kind === Kind.ForStmt || (breakable && s.tok === Kind.Break))) s.target = target;
  else error(c, pos, `invalid ${word} label ${name}`);
}
