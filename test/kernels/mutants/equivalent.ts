import { DEFLATE } from './equivalent-deflate.ts';

const MORE_WORK = 'takes longer, and comes out the same';
const FIRST_BIT = 'of a line’s brace, or of the line’s end before it: nothing asks for their bits';
const ONE_BEHIND = 'one bit behind the last line, or behind a broken one, where no line can begin';
const ONE_BIT = 'what differs are bits that are never set, or are masked out at once';
const AT_ADDRESS_0 =
  'the byte at address 0, which is none that is asked for, is looked at in place of no position';
const BY_NAME = `a key that is not known at once is found by its name: ${MORE_WORK}`;
const NO_SHORTCUT = `a shortcut is not taken, or taken in vain: ${MORE_WORK}`;
const MODULO_64 = '`at` is a multiple of 64, and shifts count modulo 64';

/** Reasons by file below `kernels/` and change. */
export type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Mutants that say what the kernel says, by kernel, each with its reason: no test can notice them. Where the code around one changes, the
 * reason is to be thought through again: the run says so.
 */
export const EQUIVALENT: Readonly<Record<string, Reasons>> = {
  deflate: DEFLATE,
  'row-check': {
    'json/names.ts': {
      '1 becomes 2 in -1 of find: return -1;': 'any negative number is no place',
    },
    'json/strings.ts': {
      'at == NOWHERE becomes false in skipString: if (at == NOWHERE) return NOWHERE;': AT_ADDRESS_0,
      '4 becomes 5 in hexDigit(load<u8>(at, 2)) << 4 of hexUnit: return ( (hexDigit(load<u8>(at)) << 12) | (hexDigit(load<u8>':
        'of a unit’s digits the first two alone decide whether it is half of a pair',
      '<< becomes >> in hexDigit(load<u8>(at, 2)) << 4 of hexUnit: return ( (hexDigit(load<u8>(at)) << 12) | (hexDigit(load<u8>':
        'of a unit’s digits the first two alone decide whether it is half of a pair',
      '1 becomes 2 in -1 of hexDigit: return letter < 6 ? <i32>letter + 10 : -1;':
        'any negative number is no digit',
    },
    'row-check/base64.ts': {
      '0 becomes 1 in last: i32 = 0 of skipBase64: let last: i32 = 0;':
        'nothing asks for the last digit of none',
      '1 becomes 2 in -1 of valueOf: return byte == PLUS ? 62 : byte == SLASH ? 63 : -1;':
        'any negative number is no digit',
      '62 becomes 63 in byte == PLUS ? 62 : byte == SLASH ? 63 : -1 of valueOf: return byte == PLUS ? 62 : byte == SLASH ? 63 : -1;':
        'the bits that must be 0 are set in both',
    },
    'row-check/keys.ts': {
      '(same & wanted) != wanted becomes true in isKey: if ((same & wanted) != wanted) return false;':
        BY_NAME,
      '<= becomes < in load<u32>(member, KEY_BYTES) <= <u32>VECTOR of isKey: return load<u32>(member, KEY_BYTES) <= <u32>VECTOR || isRest':
        'the first bytes are looked at once more',
      '|| becomes && in load<u32>(member, KEY_BYTES) <= <u32>VECTOR || isRest(member of isKey: return load<u32>(member, KEY_BYTES) <= <u32>VECTOR || isRest':
        BY_NAME,
      '- becomes + in <usize>load<u32>(member, KEY_BYTES) - VECTOR of isRest: const last = <usize>load<u32>(member, KEY_BYTES) - VECTOR;':
        BY_NAME,
      '!isSame(at + offset, key + offset) becomes true in isRest: if (!isSame(at + offset, key + offset)) return false;':
        BY_NAME,
      '+ becomes - in at + offset of isRest: if (!isSame(at + offset, key + offset)) return false;': BY_NAME,
      '+ becomes - in key + offset of isRest: if (!isSame(at + offset, key + offset)) return false;': BY_NAME,
      '< becomes <= in offset < last of isRest: for (let offset = VECTOR; offset < last; offset += VECTOR) i':
        'the last bytes are looked at once more',
      'isKey(next, at) becomes false in otherKey: if (isKey(next, at)) return behind(next, at);': BY_NAME,
      'isKey(second, at) becomes false in otherKey: if (isKey(second, at)) return behind(second, at);':
        BY_NAME,
      '1 becomes 2 in at + 1 of otherKey: const end = skipString(at + 1);':
        'what differs are keys without a character, or that begin with an escape: no field has such a name',
      'end == NOWHERE becomes false in otherKey: if (end == NOWHERE) return 0;': AT_ADDRESS_0,
    },
    'row-check/members.ts': {
      'isKey(next, key) becomes false in skipRecord: if (isKey(next, key)) at = key + <usize>load<u32>(next, KEY_':
        BY_NAME,
      'load<u8>(at) == SPACE becomes false in skipRecord: if (load<u8>(at) == SPACE) at++;': NO_SHORTCUT,
      'load<u8>(member, KIND) == kinds.STRING && load<u8>(at) == QU becomes false in skipRecord: if (load<u8>(member, KIND) == kinds.STRING && load<u8>(at) =':
        NO_SHORTCUT,
      'at == NOWHERE becomes false in skipRecord: if (at == NOWHERE) return NOWHERE;': AT_ADDRESS_0,
      'load<u8>(at) <= SPACE becomes true in skipRecord: if (load<u8>(at) <= SPACE) at = skipSpace(at);':
        NO_SHORTCUT,
      'load<u8>(key) <= SPACE becomes true in skipRecord: if (load<u8>(key) <= SPACE) key = skipSpace(key);':
        NO_SHORTCUT,
      'at == NOWHERE becomes false in skipElements: if (at == NOWHERE) return NOWHERE;': AT_ADDRESS_0,
      'load<u8>(at) <= SPACE becomes true in skipElements: if (load<u8>(at) <= SPACE) at = skipSpace(at);':
        NO_SHORTCUT,
    },
    'row-check/temporal.ts': {
      'zone == NOWHERE becomes false in skipTimestamp: if (zone == NOWHERE) return NOWHERE;': AT_ADDRESS_0,
      '12 becomes 13 in month > 12 of yearOf: if (century == NO_DIGITS || rest == NO_DIGITS || month > 12':
        'the table has a 0 for the thirteenth, too',
    },
  },
  'type-scan': {
    'type-scan.ts': {
      'at > known becomes true in take: if (at > known) index(at);': `masks are made anew where they are there: ${MORE_WORK}`,
      '> becomes >= in at > known of take: if (at > known) index(at);': `the same at one place: ${MORE_WORK}`,
      'contentEnd == NOWHERE becomes false in take: if (contentEnd == NOWHERE) break;': `no line’s end stands there: ${AT_ADDRESS_0}`,
    },
    'type-scan/masks.ts': {
      '0 becomes 1 in <u64>0 of index: let wanted: u64 = ~(<u64>0) << (from & (WORD - 1));': FIRST_BIT,
      '1 becomes 2 in WORD - 1 of index: let wanted: u64 = ~(<u64>0) << (from & (WORD - 1));': FIRST_BIT,
      '0 becomes 1 in inString: u64 = 0 of index: let inString: u64 = 0;': FIRST_BIT,
      '0 becomes 1 in isEscaped: u64 = 0 of index: let isEscaped: u64 = 0;': FIRST_BIT,
      '< becomes <= in at < end of index: for (; at < end; at += WORD) { const a = v128.load(at); cons': `masks of one word more: ${MORE_WORK}`,
      '0 becomes 1 in <u64>0 of index: wanted &= ~(~(<u64>0) << (end - at));': ONE_BEHIND,
      '- becomes + in end - at of index: wanted &= ~(~(<u64>0) << (end - at));': MODULO_64,
      'hasAny(a, b, c, d, lf) becomes true in index: if (hasAny(a, b, c, d, lf)) ends = maskOf(i8x16.eq(a, lf), i':
        NO_SHORTCUT,
      'isEscaped != 0 || hasAny(a, b, c, d, backslash) becomes true in index: if (isEscaped != 0 || hasAny(a, b, c, d, backslash)) { slash':
        NO_SHORTCUT,
      '^ becomes | in codes ^ (slashes | isEscaped) of index: quotes &= ~(codes ^ (slashes | isEscaped));':
        ONE_BIT,
      '^ becomes | in broken ^ (broken - 1) of index: const whole = broken == 0 ? ~(<u64>0) : upToLast(ends & (bro':
        ONE_BIT,
      '0 becomes 1 in <u64>0 of upToLast: return bits == 0 ? 0 : ~(<u64>0) >> clz(bits);':
        'the lowest bit is shifted out: the last bit of a word is no line’s end before something broken in it',
      '>= becomes > in at >= known of nextFar: if (at >= known) return NOWHERE;':
        'no search gets there: a whole line holds the ends of all that begins in it',
    },
    'type-scan/members.ts': {
      '> becomes >= in at > known of skipScalar: return at == start || at > known ? NOWHERE : at;':
        'a scalar that ends where all that is known ends stands in no whole line',
      'nameEnd == NOWHERE becomes false in members: if (nameEnd == NOWHERE) return NOWHERE;': AT_ADDRESS_0,
      'at == NOWHERE becomes false in members: if (at == NOWHERE) return NOWHERE;': AT_ADDRESS_0,
      'at == NOWHERE becomes false in members: if (at == NOWHERE) return NOWHERE; (2)': AT_ADDRESS_0,
    },
    'json/names.ts': {
      '1 becomes 2 in -1 of find: return -1;': 'any negative number is no type',
    },
  },
};
