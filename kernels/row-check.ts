// Proves of ordinary rows that nothing is wrong with them. It says yes or is not sure, and leaves the rest to the thorough check.
import { LF, OPEN_BRACE } from './json/bytes';
import { NOWHERE } from './json/nowhere';
import { skipSpace } from './json/space';
import { skipRecord } from './row-check/members';

export { learned } from './row-check/keys';
export * from './row-check/kinds';
export * from './row-check/memory';

/**
 * Whether the row `[at..end)` surely has no misfits. It is UTF-8 without a line's end, and behind it there is memory of a vector's size.
 * @param record Of the type.
 */
export function proves(record: usize, at: usize, end: usize): bool {
  // Nothing that is looked for goes past a line's end, so that nothing else asks where the row ends.
  store<u8>(end, LF);
  at = skipSpace(at);
  if (load<u8>(at) != OPEN_BRACE) return false;
  at = skipRecord(record, at);
  return at != NOWHERE && skipSpace(at) == end;
}
