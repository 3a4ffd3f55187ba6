import { NOWHERE } from '../json/nowhere';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, LOWER_N, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from '../json/bytes';
import { skipBoolean, skipNull } from '../json/literals';
import { skipSpace } from '../json/space';
import { skipString } from '../json/strings';
import { skipBase64 } from './base64';
import { skipFloat, skipNumeric } from './decimal';
import { skipInteger } from './integer';
import { isKey, otherKey, past } from './keys';
import * as kinds from './kinds';
import { KEEPS, KEY_BYTES, KIND, NEXT, NULLABLE, OF, REQUIRED, REQUIRED_COUNT, SEEN } from './memory';
import { skipJson, skipKept } from './outside';
import { skipDate, skipDatetime, skipTime, skipTimestamp } from './temporal';

/** Objects that were looked at. Where the count comes round to former numbers, members may seem to have been seen: one reason more not to know. */
let objects: u32 = 0;

/** Position past the object whose brace is at `at`, or NOWHERE. */
export function skipRecord(record: usize, at: usize): usize {
  const object = ++objects;
  let member = record;
  let required: u32 = 0;
  let key = skipSpace(at + 1);
  if (load<u8>(key) == CLOSE_BRACE) return load<u32>(record, REQUIRED_COUNT) == 0 ? key + 1 : NOWHERE;
  while (true) {
    let next = <usize>load<u32>(member, NEXT);
    if (isKey(next, key)) at = key + <usize>load<u32>(next, KEY_BYTES);
    else {
      next = otherKey(record, member, key);
      at = past;
    }
    if (next != 0) {
      member = next;
      if (load<u32>(member, SEEN) == object) return NOWHERE;
      store<u32>(member, object, SEEN);
      required += <u32>load<u8>(member, REQUIRED);
      if (load<u8>(at) == SPACE) at++;
      const value = at;
      // Strings are many: they are not worth two calls.
      if (load<u8>(member, KIND) == kinds.STRING && load<u8>(at) == QUOTE) at = skipString(at + 1);
      else at = skipValue(member, at);
      if (at == NOWHERE) at = skipUnusual(member, value);
    } else at = load<u32>(record, KEEPS) != 0 ? skipKept(key) : NOWHERE;
    if (at == NOWHERE) return NOWHERE;
    if (load<u8>(at) <= SPACE) at = skipSpace(at);
    const separator = load<u8>(at);
    key = at + 1;
    if (separator != COMMA) {
      return separator == CLOSE_BRACE && required == load<u32>(record, REQUIRED_COUNT) ? key : NOWHERE;
    }
    if (load<u8>(key) <= SPACE) key = skipSpace(key);
  }
}

/** Position past a value that is null or has space before it, or NOWHERE. */
function skipUnusual(member: usize, at: usize): usize {
  const start = skipSpace(at);
  if (load<u8>(start) == LOWER_N) return load<u8>(member, NULLABLE) != 0 ? skipNull(start) : NOWHERE;
  return start == at ? NOWHERE : skipValue(member, start);
}

/** Position past a value other than null at `at`, or NOWHERE. */
function skipValue(member: usize, at: usize): usize {
  switch (load<u8>(member, KIND)) {
    case kinds.STRING:
      return load<u8>(at) == QUOTE ? skipString(at + 1) : NOWHERE;
    case kinds.INTEGER:
      return skipInteger(member, at);
    case kinds.FLOAT:
      return skipFloat(at);
    case kinds.NUMERIC:
      return skipNumeric(at);
    case kinds.BOOLEAN:
      return skipBoolean(at);
    case kinds.TIMESTAMP:
      return skipTimestamp(member, at);
    case kinds.DATE:
      return skipDate(at);
    case kinds.TIME:
      return skipTime(at);
    case kinds.DATETIME:
      return skipDatetime(at);
    case kinds.BYTES:
      return skipBase64(at);
    case kinds.JSON:
      return load<u8>(at) == LOWER_N ? NOWHERE : skipJson(at, load<u32>(member, OF));
    case kinds.RECORD:
      return load<u8>(at) == OPEN_BRACE ? skipRecord(load<u32>(member, OF), at) : NOWHERE;
    default:
      return load<u8>(at) == OPEN_BRACKET ? skipElements(load<u32>(member, OF), at) : NOWHERE;
  }
}

/** Position past the array whose bracket is at `at`, or NOWHERE. */
function skipElements(element: usize, at: usize): usize {
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_BRACKET) return at + 1;
  while (true) {
    at = skipValue(element, at);
    if (at == NOWHERE) return NOWHERE;
    if (load<u8>(at) <= SPACE) at = skipSpace(at);
    if (load<u8>(at) != COMMA) return load<u8>(at) == CLOSE_BRACKET ? at + 1 : NOWHERE;
    at = skipSpace(at + 1);
  }
}
