import { NOWHERE } from '../json/nowhere';
import { MINUS, QUOTE, ZERO } from '../json/bytes';
import { skipDigits } from '../json/digits';
import { skipClosingQuote } from './closing-quote';
import { LIMIT, NEGATIVE_LIMIT, QUOTED_LIMIT, QUOTED_NEGATIVE_LIMIT } from './memory';

/** Position past an INTEGER's value, bare or quoted, or NOWHERE. */
@inline
export function skipInteger(member: usize, at: usize): usize {
  if (load<u8>(at) != QUOTE) return skipWhole(at, load<u16>(member, LIMIT), load<u16>(member, NEGATIVE_LIMIT));
  return skipClosingQuote(
    skipWhole(at + 1, load<u16>(member, QUOTED_LIMIT), load<u16>(member, QUOTED_NEGATIVE_LIMIT)),
  );
}

/** @param limit Of 16 × digits + first digit: the magnitudes that are surely within a bound, so that no later digit needs a look. */
@inline
function skipWhole(at: usize, limit: u32, negativeLimit: u32): usize {
  const negative = load<u8>(at) == MINUS;
  const start = negative ? at + 1 : at;
  const first = load<u8>(start);
  // Not -0. A digit behind the zero is nothing that may follow a value.
  if (first == ZERO) return negative ? NOWHERE : start + 1;
  const end = skipDigits(start);
  if (end == start) return NOWHERE;
  return (<u32>(end - start) << 4) + <u32>(first - ZERO) <= (negative ? negativeLimit : limit) ? end : NOWHERE;
}
