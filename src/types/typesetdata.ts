/** The data of type sets (see typeset.ts and termlist.ts), apart from their functions: the universe is made of them before anything else. */
import type { Func } from './object.ts';
import { NoType, Term } from './type.ts';

export type Termlist = Term[];

/** All types. */
export const allTermlist: Termlist = [new Term(false, NoType)];

export class TypeSet {
  /** All methods, embedded ones included, in the order of compareObjs. */
  methods: Func[];
  terms: Termlist;
  /** Only comparable types: set only if the terms are all types. */
  comparable: boolean;

  constructor(methods: Func[], terms: Termlist, comparable: boolean) {
    this.methods = methods;
    this.terms = terms;
    this.comparable = comparable;
  }
}

/** The type set of the empty interface, shared: compared with ===, never changed. */
export const topTypeSet: TypeSet = new TypeSet([], allTermlist, false);

/** Of unions that are wrong: empty. */
export const invalidTypeSet: TypeSet = new TypeSet([], [], false);
