import type { ByteView } from '../../core/bytes/byte-view.ts';

/**
 * Why a line is no text that JSON may be made of, or undefined where it is. Strict: a decoder that replaces bad bytes would show
 * a text that no row has.
 */
export function textProblem(view: ByteView): 'not_utf8' | 'raw_nul' | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces = { withNul: 0 };
  try {
    view.eachPiece(0, view.length, (piece) => {
      if (piece.includes(0)) pieces.withNul++;
      decoder.decode(piece, { stream: true });
    });
    decoder.decode();
  } catch {
    return 'not_utf8';
  }
  return pieces.withNul > 0 ? 'raw_nul' : undefined;
}
