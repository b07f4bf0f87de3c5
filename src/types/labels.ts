/** Labels and the branches to them (spec: "Labeled statements", "Break statements", "Continue statements", "Goto statements"). */
import { NoPos, type Pos } from '#base/source.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { BlockStmt, BranchStmt, LabeledStmt, Stmt } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { endPos } from '#syntax/positions.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError, softErrorf } from './errors.ts';
import { Label } from './object.ts';
import * as ObjKind from './objkind.ts';
import { recordDef, recordUse } from './recording.ts';
import { Scope } from './scope.ts';

/** Checks all labels and labelled branches of a function body. */
export function labels(c: Checker, body: BlockStmt): void {
  const all = new Scope(null, body.pos, endPos(body));
  const jumps = new BlockLabels(c, all, null, null).list(body.list);
  // What is left jumps forward to a label that does not exist, or that a block hides.
  for (const jump of jumps) {
    if (jump.label === null) continue;
    const name = jump.label.value;
    const alt = all.lookup(name);
    if (alt !== null && alt.kind === ObjKind.Label) {
      alt.used = true;
      errorf(c, jump.label, Code.JumpIntoBlock, 'goto %s jumps into block', name);
    } else {
      errorf(c, jump.label, Code.UndeclaredLabel, 'label %s not declared', name);
    }
  }
  if (all.elems === null) return;
  for (const obj of all.elems.values()) {
    if (obj.kind === ObjKind.Label && !obj.used) {
      softErrorf(c, obj.pos, Code.UnusedLabel, 'label %s declared and not used', obj.name);
    }
  }
}

/** The labels of a block, and the forward jumps in it that have not found theirs. */
class BlockLabels {
  readonly c: Checker;
  /** The labels of the whole function. */
  readonly all: Scope;
  readonly parent: BlockLabels | null;
  /** The labelled statement that this block is the body of. */
  readonly lstmt: LabeledStmt | null;
  readonly own: Map<string, LabeledStmt>;
  private forward: BranchStmt[];
  /** The jumps that a variable declaration stands behind. */
  private overDecl: BranchStmt[];
  private declPos: Pos;

  constructor(c: Checker, all: Scope, parent: BlockLabels | null, lstmt: LabeledStmt | null) {
    this.c = c;
    this.all = all;
    this.parent = parent;
    this.lstmt = lstmt;
    this.own = new Map();
    this.forward = [];
    this.overDecl = [];
    this.declPos = NoPos;
  }

  list(stmts: readonly Stmt[]): BranchStmt[] {
    for (const s of stmts) this.stmt(null, s);
    return this.forward;
  }

  /** Whether a goto to the name finds its label in this or an enclosing block. */
  private hasTarget(name: string): boolean {
    for (let b: BlockLabels | null = this; b !== null; b = b.parent) if (b.own.has(name)) return true;
    return false;
  }

  private enclosing(name: string): LabeledStmt | null {
    for (let b: BlockLabels | null = this; b !== null; b = b.parent) {
      if (b.lstmt !== null && b.lstmt.label.value === name) return b.lstmt;
    }
    return null;
  }

  private recordDecl(pos: Pos): void {
    this.declPos = pos;
    this.overDecl = [...this.forward];
  }

  private nested(lstmt: LabeledStmt | null, stmts: readonly Stmt[]): void {
    this.forward.push(...new BlockLabels(this.c, this.all, this, lstmt).list(stmts));
  }

  private stmt(lstmt: LabeledStmt | null, s: Stmt): void {
    switch (s.kind) {
      case Syntax.DeclStmt:
        for (const d of s.decls) if (d.kind === Syntax.VarDecl) this.recordDecl(d.pos);
        return;
      case Syntax.AssignStmt:
        if (s.op === Op.Def) this.recordDecl(s.pos);
        return;
      case Syntax.LabeledStmt:
        this.stmt(this.label(s) ? s : lstmt, s.stmt);
        return;
      case Syntax.BranchStmt:
        if (s.label !== null) this.branch(s);
        return;
      case Syntax.BlockStmt:
        this.nested(lstmt, s.list);
        return;
      case Syntax.IfStmt:
        this.stmt(lstmt, s.thenBlock);
        if (s.elseStmt !== null) this.stmt(lstmt, s.elseStmt);
        return;
      case Syntax.SwitchStmt:
      case Syntax.SelectStmt: {
        const b = new BlockLabels(this.c, this.all, this, lstmt);
        for (const clause of s.body) {
          this.forward.push(...new BlockLabels(this.c, this.all, b, null).list(clause.body));
        }
        return;
      }
      case Syntax.ForStmt:
        this.stmt(lstmt, s.body);
        return;
    }
  }

  /** Declares a label, and resolves jumps to it. Returns whether it can be branched to. */
  private label(s: LabeledStmt): boolean {
    const name = s.label.value;
    if (name === '_') return false;
    const label = new Label(s.label.pos, this.c.pkg, name, Typ[BasicKind.Invalid]);
    const alt = this.all.insert(label);
    if (alt !== null) {
      const err = newError(this.c, Code.DuplicateLabel).add(label.pos, 'label %s already declared', name);
      err.soft = true;
      err.addAltDecl(alt).report();
    } else {
      this.own.set(name, s);
      recordDef(s.label, label);
    }
    const rest: BranchStmt[] = [];
    for (const jump of this.forward) {
      if (jump.label === null || jump.label.value !== name) {
        rest.push(jump);
        continue;
      }
      label.used = true;
      recordUse(jump.label, label);
      if (this.declPos !== NoPos && this.overDecl.includes(jump)) {
        const line = this.c.conf.files.file(this.declPos)?.rawPosition(this.declPos).line ?? 0;
        const text = 'goto %s jumps over variable declaration at line %d';
        softErrorf(this.c, jump.label, Code.JumpOverDecl, text, name, line);
      }
    }
    this.forward = rest;
    return true;
  }

  private branch(s: BranchStmt): void {
    if (s.label === null) return;
    const name = s.label.value;
    if (s.tok === Syntax.Goto) {
      if (!this.hasTarget(name)) {
        this.forward.push(s);
        return;
      }
    } else {
      const kind = this.enclosing(name)?.stmt.kind;
      let valid = kind === Syntax.ForStmt;
      if (s.tok === Syntax.Break) valid ||= kind === Syntax.SwitchStmt || kind === Syntax.SelectStmt;
      if (!valid) {
        const text = s.tok === Syntax.Break ? 'invalid break label %s' : 'invalid continue label %s';
        errorf(this.c, s.label, Code.MisplacedLabel, text, name);
        return;
      }
    }
    const obj = this.all.lookup(name);
    if (obj === null || obj.kind !== ObjKind.Label) return;
    obj.used = true;
    recordUse(s.label, obj);
  }
}
