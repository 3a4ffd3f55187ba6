import { NOWHERE } from '../json/nowhere';
import { QUOTE } from '../json/bytes';

/** Position past the quote at `end`, or NOWHERE where none is. @param end Of a value; NOWHERE where it is none. */
@inline
export function skipClosingQuote(end: usize): usize {
  return end != NOWHERE && load<u8>(end) == QUOTE ? end + 1 : NOWHERE;
}
