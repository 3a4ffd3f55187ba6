import { CR, SPACE, TAB } from './bytes';

/** Position of the first byte from `at` on that is no space, tab or CR. A line's end stops it. */
@inline
export function skipSpace(at: usize): usize {
  let byte = load<u8>(at);
  while (byte == SPACE || byte == TAB || byte == CR) byte = load<u8>(++at);
  return at;
}
