import { twinsOf, type ArrayStats, type ObjectStats, type Place } from './place.ts';

/** Why no type but JSON accepts all values of a place, as the end of a sentence; or undefined where one does. */
export function jsonReason(place: Place): string | undefined {
  const kinds = kindsOf(place);
  if (kinds.length === 0) return 'only null was seen; give it the type it has when it is set';
  if (kinds.length > 1) return `its kind varies: ${kinds.join(', ')}`;
  if (place.arrays !== undefined) return arrayReason(place.arrays, place.nulls);
  if (place.objects !== undefined) return objectReason(place.objects);
  const { numbers } = place;
  if (numbers !== undefined && numbers.big > 0 && numbers.inexact === 0) {
    return `${plural(numbers.big, 'integer')} beyond ±(2^53-1), which BigQuery's loader would round; have the writer quote them, then INTEGER takes them`;
  }
  return undefined;
}

/** The kinds of the values, null aside, each with how often it came. */
function kindsOf({ booleans, numbers, strings, objects, arrays }: Place): string[] {
  const counts: [string, number][] = [
    ['string', strings?.count ?? 0],
    ['number', numbers?.count ?? 0],
    ['boolean', booleans],
    ['object', objects?.count ?? 0],
    ['array', arrays?.count ?? 0],
  ];
  return counts.flatMap(([kind, count]) => (count === 0 ? [] : [plural(count, kind)]));
}

function arrayReason({ elements }: ArrayStats, nulls: number): string | undefined {
  if (nulls > 0)
    return `an array in some rows and null in ${nulls}; a REPEATED field takes no null, only an empty array or no key`;
  if (elements === undefined)
    return 'only empty arrays were seen; make it REPEATED once you know what it holds';
  if (elements.nulls > 0) return 'null stands inside its arrays, which a REPEATED field does not take';
  if (elements.arrays !== undefined) return 'arrays stand inside its arrays, which BigQuery has no type for';
  const reason = jsonReason(elements);
  return reason === undefined ? undefined : `of its elements: ${reason}`;
}

function objectReason({ collapsed, members }: ObjectStats): string | undefined {
  if (collapsed !== undefined) return collapsed;
  if (members.size === 0) return 'only empty objects were seen; make it a RECORD once you know its keys';
  const twins = twinsOf(members.keys())[0];
  return twins === undefined
    ? undefined
    : `its keys ${twins.join(' and ')} differ by case only, which BigQuery takes for one column`;
}

/** `1 string`, `2 strings`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
