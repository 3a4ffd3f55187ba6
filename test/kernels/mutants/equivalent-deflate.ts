import type { Reasons } from './equivalent.ts';

const ROOM =
  'more is written, copied or cleared than is needed: what lies there is written before it is read';
const FIRST_CODE = 'the first code has no extra bits';
const ONE_CODE_MORE = 'one code more, which never comes';
const ONE_BY_ONE = 'tokens are written one by one: takes longer, and comes out the same';
const TWO_CODES = 'there are always two codes, and of literals always the end of the block';
const IN_VAIN = 'prepares a second half of no bytes';
const IN_TURN =
  'the halves are gone through one after the other, or one step more so: takes longer, and comes out the same';

/** Of the deflate kernel, by file below `kernels/` and change. */
export const DEFLATE: Reasons = {
  'deflate.ts': {
    '2 becomes 3 in END_OF_BLOCK << 2 of countLiterals: memory.copy(LITERAL_COUNTS, SYMBOL_COUNTS, END_OF_BLOCK << 2':
      ROOM,
    '- becomes + in LITERALS - END_OF_BLOCK of countLiterals: memory.fill(item(LITERAL_COUNTS, END_OF_BLOCK), 0, (LITERALS':
      ROOM,
    '2 becomes 3 in (LITERALS - END_OF_BLOCK) << 2 of countLiterals: memory.fill(item(LITERAL_COUNTS, END_OF_BLOCK), 0, (LITERALS':
      ROOM,
    '0 becomes 1 in code = 0 of extraBits: for (let code = 0; code < LENGTHS; code++) bits += load<u32>':
      FIRST_CODE,
    '< becomes <= in code < LENGTHS of extraBits: for (let code = 0; code < LENGTHS; code++) bits += load<u32>':
      ONE_CODE_MORE,
    '0 becomes 1 in code = 0 of extraBits: for (let code = 0; code < DISTANCES; code++) bits += load<u3':
      FIRST_CODE,
    '< becomes <= in code < DISTANCES of extraBits: for (let code = 0; code < DISTANCES; code++) bits += load<u3':
      ONE_CODE_MORE,
    '< becomes <= in code < DISTANCES of codeBits: for (let code = 0; code < DISTANCES; code++) bits += load<u3':
      ONE_CODE_MORE,
    '144 becomes 145 in memory.fill(LITERAL_LENGTHS, 8, 144) of fixedLengths: memory.fill(LITERAL_LENGTHS, 8, 144);':
      ROOM,
    '112 becomes 113 in memory.fill(LITERAL_LENGTHS + 144, 9, 112) of fixedLengths: memory.fill(LITERAL_LENGTHS + 144, 9, 112);':
      ROOM,
    '24 becomes 25 in memory.fill(LITERAL_LENGTHS + 256, 7, 24) of fixedLengths: memory.fill(LITERAL_LENGTHS + 256, 7, 24);':
      ROOM,
    '8 becomes 9 in memory.fill(LITERAL_LENGTHS + 280, 8, 8) of fixedLengths: memory.fill(LITERAL_LENGTHS + 280, 8, 8); (2)':
      ROOM,
    '32 becomes 33 in memory.fill(DISTANCE_LENGTHS, 5, 32) of fixedLengths: memory.fill(DISTANCE_LENGTHS, 5, 32);':
      ROOM,
    '32 becomes 33 in put(<u64>length | (<u64>(~length & 0xffff) << 16), 32) of putStored: put(<u64>length | (<u64>(~length & 0xffff) << 16), 32);':
      'the bit more is a 0 that the next alignment takes in',
  },
  'deflate/codes.ts': {
    '1 becomes 2 in MAX_LENGTH + 1 of makeCodes: memory.fill(COUNTERS, 0, (MAX_LENGTH + 1) << 2);': ROOM,
    '2 becomes 3 in (MAX_LENGTH + 1) << 2 of makeCodes: memory.fill(COUNTERS, 0, (MAX_LENGTH + 1) << 2);':
      ROOM,
    '0 becomes 1 in first: u32 = 0 of makeCodes: let first: u32 = 0;': 'what it adds lies above the code',
    'length == 0 becomes false in makeCodes: if (length == 0) { store<u32>(item(codes, symbol), 0); conti':
      'a code of no bits is 0',
  },
  'deflate/alphabet.ts': {
    '< becomes <= in code < 4 of firstDistance: return code < 4 ? code : (2 + (code & 1)) << distanceExtraBi':
      'code 4 begins at 4 in either way',
    '4 becomes 5 in code < 4 of firstDistance: return code < 4 ? code : (2 + (code & 1)) << distanceExtraBi':
      'code 4 begins at 4 in either way',
    '2 becomes 3 in distance | 2 of distanceCode: const extraBits = 30 - clz(distance | 2);':
      'what is counted are the zeros above the second bit',
    '< becomes <= in code < LENGTHS of fillLengthCodes: for (let code = 0; code < LENGTHS; code++) for (let k = 1 <<':
      'all lengths have their codes by then',
    '< becomes <= in length < 256 of fillLengthCodes: for (let k = 1 << lengthExtraBits(code); k > 0 && length < 2':
      ROOM,
    '256 becomes 257 in length < 256 of fillLengthCodes: for (let k = 1 << lengthExtraBits(code); k > 0 && length < 2':
      ROOM,
  },
  'deflate/body.ts': {
    '1 becomes 2 in END_OF_BLOCK + 1 of makeTables: memory.copy(SYMBOL_BITS, LITERAL_CODES, (END_OF_BLOCK + 1) <':
      ROOM,
    '2 becomes 3 in (END_OF_BLOCK + 1) << 2 of makeTables: memory.copy(SYMBOL_BITS, LITERAL_CODES, (END_OF_BLOCK + 1) <':
      ROOM,
    '0 becomes 1 in extra: u32 = 0 of makeTables: for (let length = 1, extra: u32 = 0, last: u32 = 0; length <':
      'the first length begins a code of its own, which sets it',
    '< becomes <= in length < 256 of makeTables: for (let length = 1, extra: u32 = 0, last: u32 = 0; length <':
      ROOM,
    '256 becomes 257 in length < 256 of makeTables: for (let length = 1, extra: u32 = 0, last: u32 = 0; length <':
      ROOM,
    '< becomes <= in distance < DISTANCES of makeTables: for (let distance = 0; distance < DISTANCES; distance++) { c':
      ROOM,
    '0 becomes 1 in store<u32>(item(DISTANCE_SIZES, NO_DISTANCE), 0) of makeTables: store<u32>(item(DISTANCE_SIZES, NO_DISTANCE), 0);':
      'no bits, shifted by one',
    'token < end becomes false in putTokens: if (token < end) { const second = load<u32>(token); const se':
      ONE_BY_ONE,
    'length + secondLength <= MOST_BITS becomes false in putTokens: if (length + secondLength <= MOST_BITS) { both |= bits(secon':
      ONE_BY_ONE,
    '<= becomes < in length + secondLength <= MOST_BITS of putTokens: if (length + secondLength <= MOST_BITS) { both |= bits(secon':
      ONE_BY_ONE,
  },
  'deflate/code-lengths.ts': {
    '2 becomes 3 in DIGITS << 2 of sortByDigit: memory.fill(COUNTERS, 0, DIGITS << 2);': ROOM,
    '0 becomes 1 in all: u32 = 0 of sortByDigit: let all: u32 = 0;':
      'what is asked for lies above the first digit',
    '< becomes <= in digit < DIGITS of sortByDigit: for (let digit = 0; digit < DIGITS; digit++) { const here = ':
      ROOM,
    '< becomes <= in next < used - 1 of join: for (let next = 0; next < used - 1; next++) { let weight: u3':
      'joins the root once more, which nothing reads',
    '- becomes + in used - 1 of join: for (let next = 0; next < used - 1; next++) { let weight: u3':
      'joins the root once more, which nothing reads',
    '16 becomes 17 in 16 << 2 of countDepths: memory.fill(COUNTERS, 0, 16 << 2);': ROOM,
    '2 becomes 3 in 16 << 2 of countDepths: memory.fill(COUNTERS, 0, 16 << 2);': ROOM,
    '0 becomes 1 in used == 0 ? 0 : load<u32>(SORT) & SYMBOL_MASK of codeLengths: const only = used == 0 ? 0 : load<u32>(SORT) & SYMBOL_MASK;':
      'where no symbol comes, the first two have codes whichever was meant',
    '< becomes <= in k < used of codeLengths: for (let k = 0; k < used; k++) store<u32>(item(nodes, k), lo':
      ROOM,
    '> becomes >= in length > 0 of codeLengths: for (let length = limit; length > 0; length--) for (let left':
      'no leaf has depth 0',
  },
  'deflate/header.ts': {
    '> becomes >= in symbols > least of trimmed: while (symbols > least && load<u8>(lengths + symbols - 1) ==':
      TWO_CODES,
    '1 becomes 2 in trimmed(DISTANCE_LENGTHS, DISTANCES, 1) of planHeader: distances = trimmed(DISTANCE_LENGTHS, DISTANCES, 1);':
      TWO_CODES,
    '2 becomes 3 in RUN_SYMBOLS << 2 of planHeader: memory.fill(RUN_COUNTS, 0, RUN_SYMBOLS << 2);': ROOM,
    '0 becomes 1 in to = 0 of planHeader: for (let from = 0, to = 0; from < total; from = to) { const ':
      'a run has its first length anyway',
    '> becomes >= in runCodes > 4 of planHeader: while (runCodes > 4 && load<u8>(RUN_LENGTHS + load<u8>(ORDER':
      'lengths that are no zeros stand behind the first four',
    '4 becomes 5 in runCodes > 4 of planHeader: while (runCodes > 4 && load<u8>(RUN_LENGTHS + load<u8>(ORDER':
      'lengths that are no zeros stand behind the first four',
    '< becomes <= in symbol < RUN_SYMBOLS of planHeader: for (let symbol = 0; symbol < RUN_SYMBOLS; symbol++) bits +=':
      ONE_CODE_MORE,
  },
  'deflate/match.ts': {
    '< becomes <= in length < most of extend: while (length < most) { const differing = load<u64>(a + leng':
      'eight bytes more are compared, and cut off',
    '> becomes >= in length2 > length1 of step: let length = select<u32>(length2, length1, length2 > length1':
      'the lengths are equal',
    'isEnd becomes true in step: if (isEnd) length = min(length, <u32>(end - at));':
      'elsewhere more than 16 bytes are left',
    '2 becomes 3 in 2 * TABLE_BYTES of findMatches: memory.fill(TABLE, 0, 2 * TABLE_BYTES);': ROOM,
    'length > 0 becomes true in findMatches: if (length > 0) { storeLiteral(token, load<u8>(at++)); token':
      'of no bytes an empty block is stored, whatever the tokens',
    '> becomes >= in length > 0 of findMatches: if (length > 0) { storeLiteral(token, load<u8>(at++)); token':
      'of no bytes an empty block is stored, whatever the tokens',
    '0 becomes 1 in length > 0 of findMatches: if (length > 0) { storeLiteral(token, load<u8>(at++)); token':
      'of no bytes an empty block is stored, whatever the tokens',
    'middle < end becomes true in findMatches: if (middle < end) { seed(max(INPUT, middle - WINDOW), middle':
      IN_VAIN,
    '< becomes <= in middle < end of findMatches: if (middle < end) { seed(max(INPUT, middle - WINDOW), middle':
      IN_VAIN,
    '< becomes <= in at < middle - WIDTH of findMatches: while (at < middle - WIDTH && secondAt < end - WIDTH) { at =':
      IN_TURN,
    '< becomes >= in at < middle - WIDTH of findMatches: while (at < middle - WIDTH && secondAt < end - WIDTH) { at =':
      IN_TURN,
    '< becomes <= in secondAt < end - WIDTH of findMatches: while (at < middle - WIDTH && secondAt < end - WIDTH) { at =':
      IN_TURN,
    '< becomes >= in secondAt < end - WIDTH of findMatches: while (at < middle - WIDTH && secondAt < end - WIDTH) { at =':
      IN_TURN,
  },
};
