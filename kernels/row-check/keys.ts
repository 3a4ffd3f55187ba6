// Keys as they mostly stand, `"key":`.
import { NOWHERE } from '../json/nowhere';
import { COLON, QUOTE } from '../json/bytes';
import { find } from '../json/names';
import { skipSpace } from '../json/space';
import { skipString } from '../json/strings';
import { KEY, KEY_AT, KEY_BITS, KEY_BYTES, MEMBER_BYTES, MEMBERS, NEXT, SECOND, SLOTS, SLOT_MASK } from './memory';

/** Bytes that are compared at once. */
const VECTOR: usize = 16;

/** Whether a member's key stands at `at`. */
@inline
export function isKey(member: usize, at: usize): bool {
  const wanted = load<u32>(member, KEY_BITS);
  const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(member, KEY)));
  if ((same & wanted) != wanted) return false;
  return load<u32>(member, KEY_BYTES) <= <u32>VECTOR || isRest(member, at);
}

/** The same of what stands behind the first bytes. */
function isRest(member: usize, at: usize): bool {
  const key = <usize>load<u32>(member, KEY_AT);
  const last = <usize>load<u32>(member, KEY_BYTES) - VECTOR;
  for (let offset = VECTOR; offset < last; offset += VECTOR) if (!isSame(at + offset, key + offset)) return false;
  return isSame(at + last, key + last);
}

@inline
function isSame(a: usize, b: usize): bool {
  return i8x16.all_true(i8x16.eq(v128.load(a), v128.load(b)));
}

let hasLearned: bool = false;

/** Whether an order of members was learned since this was last asked: a caller who takes the program away keeps it. */
export function learned(): bool {
  const was = hasLearned;
  hasLearned = false;
  return was;
}

/** Position past the key that otherKey found. */
export let past: usize = 0;

/** The member whose key stands at `at` where it is not the expected one, or 0. @param former The member before it. */
export function otherKey(record: usize, former: usize, at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const next = <usize>load<u32>(former, NEXT);
  if (isKey(next, at)) return behind(next, at);
  const second = <usize>load<u32>(former, SECOND);
  if (isKey(second, at)) return behind(second, at);
  const end = skipString(at + 1);
  if (end == NOWHERE) return 0;
  const colon = skipSpace(end);
  if (load<u8>(colon) != COLON) return 0;
  past = colon + 1;
  // A key with an escape is spelled like no field's.
  const place = find(load<u32>(record, SLOTS), load<u32>(record, SLOT_MASK), at + 1, end - at - 2);
  if (place < 0) return 0;
  const found = <usize>load<u32>(record, MEMBERS) + <usize>place * MEMBER_BYTES;
  store<u32>(former, <u32>next, SECOND);
  store<u32>(former, <u32>found, NEXT);
  hasLearned = true;
  return found;
}

@inline
function behind(member: usize, at: usize): usize {
  past = at + <usize>load<u32>(member, KEY_BYTES);
  return member;
}
