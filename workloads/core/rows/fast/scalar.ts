import { skipBoolean } from '../../json/bytes/skip-literal.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import type { Field } from '../../schema/log-type.ts';
import type { DerivedNeed } from '../derived-needs.ts';
import { skipBase64 } from './base64.ts';
import { skipFloat, skipNumeric } from './decimal.ts';
import { integerLimits, skipInteger } from './integer.ts';
import { skipDate, skipDatetime, skipTime, skipTimestamp } from './temporal.ts';

const QUOTE = 0x22;

/** Position past a value at `at`, without space before it, that is surely accepted; or -1. */
export type Skip = (bytes: Buffer, words: DataView, at: number) => number;

/** Types whose values have no parts. */
export type ScalarType = Exclude<Field['type'], 'JSON' | 'RECORD'>;

/** What a scalar field surely accepts, null aside. */
export function scalarSkip(type: ScalarType, coerce: boolean, { unit, zoned }: DerivedNeed): Skip {
  switch (type) {
    case 'STRING':
      return (bytes, words, at) => (bytes[at] === QUOTE ? skipString(bytes, words, at + 1) : -1);
    case 'INTEGER': {
      const limits = integerLimits(unit);
      return (bytes, words, at) => skipInteger(bytes, words, at, limits);
    }
    case 'BOOLEAN':
      return (bytes, _words, at) => skipBoolean(bytes, at);
    case 'TIMESTAMP':
      return (bytes, words, at) => skipTimestamp(bytes, words, at, zoned === true, coerce);
    case 'FLOAT':
      return skipFloat;
    case 'NUMERIC':
      return skipNumeric;
    case 'DATE':
      return (bytes, _words, at) => skipDate(bytes, at);
    case 'DATETIME':
      return skipDatetime;
    case 'TIME':
      return skipTime;
    case 'BYTES':
      return (bytes, _words, at) => skipBase64(bytes, at);
  }
}
