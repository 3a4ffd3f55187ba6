import type { Budget } from './budget.ts';
import { isFieldName, Place } from './place.ts';

/** Keys of the top level that become columns; the rest is kept in `unknown_fields`. People cannot review more. */
const MAX_COLUMNS = 1_000;

/** Keys without a column that are named to people. */
const MAX_NAMED_KEYS = 10;

/** All that was seen of one type's rows. */
export class TypeStats {
  readonly type: string;
  readonly budget: Budget;
  rows = 0;
  readonly members = new Map<string, Place>();
  /** Keys that cannot be a column, the first of them by name. */
  readonly illegalKeys = new Set<string>();
  moreIllegalKeys = false;
  /** More keys were seen than columns are proposed. */
  overflown = false;
  /** Numbers below keys without a column that JSON, and so `unknown_fields`, cannot hold. */
  inexact = 0;

  constructor(type: string, typeKey: string, budget: Budget) {
    this.type = type;
    this.budget = budget.forType();
    // The type key is the first column, and one that no limit takes away.
    if (isFieldName(typeKey, true)) this.members.set(typeKey, new Place());
  }

  /** The place of a top-level key, or undefined where it gets no column. */
  member(key: string): Place | undefined {
    const known = this.members.get(key);
    if (known !== undefined) return known;
    if (!isFieldName(key, true)) {
      if (this.illegalKeys.size < MAX_NAMED_KEYS) this.illegalKeys.add(key);
      else if (!this.illegalKeys.has(key)) this.moreIllegalKeys = true;
      return undefined;
    }
    if (this.members.size >= MAX_COLUMNS || !this.budget.take()) {
      this.overflown = true;
      return undefined;
    }
    const place = new Place();
    this.members.set(key, place);
    return place;
  }
}
