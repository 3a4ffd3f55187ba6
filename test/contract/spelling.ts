import type { Value } from './warehouse-bench.ts';

/** A time or a date with one, to the microsecond as the contract spells it. */
export function sixDigits(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(6, '0')}`;
}

/** JSON by value: integers keep all their digits. */
export function exactJson(text: string): Value {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context!.source!) : value,
  ) as Value;
}
