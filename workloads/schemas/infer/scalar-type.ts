import type { FieldType } from '../../core/schema/log-type.ts';
import { plural } from './json-reason.ts';
import type { Place } from './place.ts';
import type { NumberStats, StringStats, TemporalType } from './scalar-stats.ts';

/** The narrowest type that accepts all scalars of a place, and what a person should look at. */
export interface ScalarType {
  readonly type: FieldType;
  readonly doubt?: string;
}

/** @param place Of one kind of scalar only, for which `jsonReason` has found none. */
export function scalarTypeOf({ numbers, strings }: Place): ScalarType {
  if (numbers !== undefined) return numberType(numbers);
  return strings === undefined ? { type: 'BOOLEAN' } : stringType(strings);
}

function numberType({ fractional, big, inexact, notMoney }: NumberStats): ScalarType {
  if (big > 0)
    return {
      type: 'FLOAT',
      doubt: `${plural(big, 'integer')} beyond ±(2^53-1) will be rounded; only FLOAT accepts all values seen`,
    };
  if (fractional === 0 && inexact === 0) return { type: 'INTEGER' };
  if (notMoney === 0)
    return {
      type: 'NUMERIC',
      doubt: 'at most 4 digits behind the point, taken for money; make it FLOAT if it is measured',
    };
  return fractional === 0
    ? { type: 'FLOAT', doubt: '-0 was seen, which INTEGER does not hold' }
    : { type: 'FLOAT' };
}

function stringType({ count, empty, quotedBig, temporal }: StringStats): ScalarType {
  const forms = (Object.entries(temporal) as [TemporalType, number][]).filter(([, seen]) => seen > 0);
  const [form] = forms;
  if (form?.[1] === count) return { type: form[0] };
  if (quotedBig === count) {
    return {
      type: 'STRING',
      doubt:
        'all values are quoted integers beyond 2^53; INTEGER takes them as they are, if it is joined as a number',
    };
  }
  const formed = forms.reduce((sum, [, seen]) => sum + seen, 0);
  // One date in a column of comments is chance; a column of dates with a few blanks is a choice to make.
  if (form === undefined || formed * 2 < count) return { type: 'STRING' };
  const parts = forms.map(([type, seen]) => `${seen} ${type}`);
  if (empty > 0) parts.push(`${empty} empty`);
  if (count > formed + empty) parts.push(`${count - formed - empty} of no such form`);
  return { type: 'STRING', doubt: `${plural(count, 'string')} of differing form: ${parts.join(', ')}` };
}
