import { LOWER_F } from './bytes';
import { NOWHERE } from './nowhere';

// Four letters at once, little-endian.
const NULL: u32 = 0x6c6c_756e;
const TRUE: u32 = 0x6575_7274;
const ALSE: u32 = 0x6573_6c61;

/** Position past the `null` at `at`, or NOWHERE. */
@inline
export function skipNull(at: usize): usize {
  return load<u32>(at) == NULL ? at + 4 : NOWHERE;
}

/** Position past the `true` or `false` at `at`, or NOWHERE. */
export function skipBoolean(at: usize): usize {
  if (load<u32>(at) == TRUE) return at + 4;
  return load<u8>(at) == LOWER_F && load<u32>(at, 1) == ALSE ? at + 5 : NOWHERE;
}
