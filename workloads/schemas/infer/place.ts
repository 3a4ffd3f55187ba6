import { columnNameProblem } from '../../core/schema/names.ts';
import type { Budget } from './budget.ts';
import { NumberStats, StringStats } from './scalar-stats.ts';

/** Everything that was seen at one place: below one key of an object, or as the elements of one array. */
export class Place {
  /** Values, nulls included. */
  seen = 0;
  nulls = 0;
  booleans = 0;
  numbers: NumberStats | undefined;
  strings: StringStats | undefined;
  objects: ObjectStats | undefined;
  arrays: ArrayStats | undefined;
}

/** The arrays at one place. */
export class ArrayStats {
  count = 0;
  /** Absent while only empty arrays were seen, and in arrays inside arrays, which no type but JSON takes. */
  elements: Place | undefined;
  /** Numbers inside, not counted elsewhere, that JSON cannot hold. */
  inexact = 0;
}

/** A collapsed object's members are no longer told apart: whatever they are, the object is JSON. */
export class ObjectStats {
  count = 0;
  members = new Map<string, Place>();
  /** Why it collapsed. */
  collapsed: string | undefined;
  /** Numbers inside, not counted in members, that JSON cannot hold. */
  inexact = 0;

  /** Gives the members' memory back. */
  collapse(reason: string, budget: Budget): void {
    this.collapsed = reason;
    for (const member of this.members.values()) {
      this.inexact += inexactIn(member);
      budget.giveBack(placesIn(member));
    }
    this.members = new Map();
  }
}

/** Numbers at or below a place that JSON cannot hold. */
export function inexactIn({ numbers, objects, arrays }: Place): number {
  let sum = (numbers?.inexact ?? 0) + (objects?.inexact ?? 0) + (arrays?.inexact ?? 0);
  for (const member of objects?.members.values() ?? []) sum += inexactIn(member);
  return arrays?.elements === undefined ? sum : sum + inexactIn(arrays.elements);
}

/** What a place and those below it took of the budget; an array's elements share the place of their array. */
function placesIn(place: Place): number {
  return 1 + membersIn(place) + (place.arrays?.elements === undefined ? 0 : membersIn(place.arrays.elements));
}

function membersIn({ objects }: Place): number {
  let sum = 0;
  for (const member of objects?.members.values() ?? []) sum += placesIn(member);
  return sum;
}

/** Whether a key can be a field: inside a RECORD also by the names that logferry only reserves for the table's own columns. */
export function isFieldName(key: string, topLevel: boolean): boolean {
  if (!topLevel && /^(folder_hour|loaded_at|unknown_fields)$/i.test(key)) return true;
  return columnNameProblem(key) === undefined;
}

/** Keys that differ by case only, which BigQuery takes for one column; each group in the order seen. */
export function twinsOf(keys: Iterable<string>): string[][] {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const lower = key.toLowerCase();
    const group = groups.get(lower);
    if (group === undefined) groups.set(lower, [key]);
    else group.push(key);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
