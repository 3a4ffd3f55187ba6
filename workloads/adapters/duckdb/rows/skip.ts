import { TerminalError } from '../../../core/errors.ts';
import { skipString as pastString } from '../../../core/json/bytes/skip-string.ts';
import { MAX_JSON_DEPTH } from '../../../core/json/scan.ts';

export const BYTE = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  lowerN: 0x6e,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** A row is no JSON, or a value of it is not of its field's type: it never passed the row check, or was changed since. */
export class UnreadableRowError extends TerminalError {
  constructor(expected: string, at: number) {
    super(`a row that does not fit its schema: expected ${expected} at byte ${at} of its block`, {
      advice:
        'Every row passed the row check, so this is a defect of logferry or a changed object. Nothing was committed.',
    });
  }
}

/** Past the space that JSON allows between tokens. */
export function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  while (bytes[next]! <= 0x20) next++;
  return next;
}

/** Past a string's closing quote; `at` is behind its opening one. `words` is a view of the same memory as `bytes`. */
export function skipString(bytes: Buffer, words: DataView, at: number, limit: number): number {
  const next = pastString(bytes, words, at);
  if (next === -1 || next > limit) throw new UnreadableRowError('a string', at);
  return next;
}

/** Past a number or a literal: what stands up to the next comma, bracket or space. */
export function skipWord(bytes: Buffer, at: number, limit: number): number {
  let next = at;
  while (next < limit && !ENDS_WORD[bytes[next]!]) next++;
  if (next === at) throw new UnreadableRowError('a value', at);
  return next;
}

const ENDS_WORD = new Uint8Array(256).fill(1, 0, 0x21);
for (const byte of [BYTE.comma, BYTE.colon, BYTE.closeBrace, BYTE.closeBracket, BYTE.quote])
  ENDS_WORD[byte] = 1;

/** Past any value. Its grammar was proved by the row check; here only strings and brackets are told apart. */
export function skipValue(bytes: Buffer, words: DataView, at: number, limit: number): number {
  const first = bytes[at];
  if (first === BYTE.quote) return skipString(bytes, words, at + 1, limit);
  if (first !== BYTE.openBrace && first !== BYTE.openBracket) return skipWord(bytes, at, limit);
  let depth = 1;
  for (let next = at + 1; next < limit;) {
    const byte = bytes[next++];
    if (byte === BYTE.quote) next = skipString(bytes, words, next, limit);
    else if (byte === BYTE.openBrace || byte === BYTE.openBracket) {
      if (++depth > MAX_JSON_DEPTH) throw new UnreadableRowError(`at most ${MAX_JSON_DEPTH} levels`, at);
    } else if (byte === BYTE.closeBrace || byte === BYTE.closeBracket) {
      if (--depth === 0) return next;
    }
  }
  throw new UnreadableRowError('the end of an object or array', at);
}
