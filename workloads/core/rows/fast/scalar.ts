import { skipBoolean } from '../../json/bytes/skip-literal.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import { skipBase64 } from './base64.ts';
import { skipFloat, skipNumeric } from './decimal.ts';
import { skipInteger } from './integer.ts';
import { KIND, type Member } from './member.ts';
import { skipDate, skipDatetime, skipTime, skipTimestamp } from './temporal.ts';

const QUOTE = 0x22;

/** Position past a scalar value at `at`, without space before it, that the member's type surely accepts; or -1. */
export function skipScalar(bytes: Buffer, words: DataView, member: Member, at: number): number {
  switch (member.kind) {
    case KIND.STRING:
      return bytes[at] === QUOTE ? skipString(bytes, words, at + 1) : -1;
    case KIND.INTEGER:
      return skipInteger(bytes, words, at, member.limits!);
    case KIND.BOOLEAN:
      return skipBoolean(bytes, at);
    case KIND.TIMESTAMP:
      return skipTimestamp(bytes, words, at, member.zoned, member.coerce);
    case KIND.FLOAT:
      return skipFloat(bytes, words, at);
    case KIND.NUMERIC:
      return skipNumeric(bytes, words, at);
    case KIND.DATE:
      return skipDate(bytes, at);
    case KIND.DATETIME:
      return skipDatetime(bytes, words, at);
    case KIND.TIME:
      return skipTime(bytes, words, at);
    default:
      return skipBase64(bytes, at);
  }
}
