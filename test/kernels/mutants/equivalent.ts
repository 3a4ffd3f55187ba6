const MORE_WORK = 'takes longer, and comes out the same';
const FIRST_BIT = 'of a line’s brace, or of the line’s end before it: nothing asks for their bits';
const ONE_BEHIND = 'one bit behind the last line, or behind a broken one, where no line can begin';
const ONE_BIT = 'what differs are bits that are never set, or are masked out at once';
const AT_ADDRESS_0 =
  'the byte at address 0, which is none that is asked for, is looked at in place of no position';
const MODULO_64 = '`at` is a multiple of 64, and shifts count modulo 64';

/** Reasons by file below `kernels/` and change. */
type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Mutants that say what the kernel says, by kernel, each with its reason: no test can notice them. Where the code around one changes, the
 * reason is to be thought through again: the run says so.
 */
export const EQUIVALENT: Readonly<Record<string, Reasons>> = {
  'row-check': {},
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
      'hasAny(a, b, c, d, lf) becomes true in index: if (hasAny(a, b, c, d, lf)) ends = maskOf(i8x16.eq(a, lf), i': `a shortcut is not taken: ${MORE_WORK}`,
      'isEscaped != 0 || hasAny(a, b, c, d, backslash) becomes true in index: if (isEscaped != 0 || hasAny(a, b, c, d, backslash)) { slash': `a shortcut is not taken: ${MORE_WORK}`,
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
