import type { ByteView } from '../bytes/byte-view.ts';
import { Utf8Check } from '../bytes/utf8-check.ts';

/** BigQuery: "The maximum row size is 100 MB" for NDJSON; bytes, read as 10^6, the smaller meaning. */
export const MAX_LINE_BYTES = 100_000_000;

/**
 * Why a line is no text that JSON may be made of, or undefined where it is. Strict: a decoder that replaces bad bytes would turn
 * a broken row into a wrong one.
 */
export function textProblem(view: ByteView): 'not_utf8' | 'raw_nul' | undefined {
  const utf8 = new Utf8Check();
  let nuls = 0;
  view.eachPiece(0, view.length, (piece) => {
    if (piece.includes(0)) nuls++;
    utf8.push(piece);
  });
  if (!utf8.end()) return 'not_utf8';
  return nuls > 0 ? 'raw_nul' : undefined;
}
