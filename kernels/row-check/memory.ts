// How the caller lays out a type: records, their members, the members' keys, and the slots that find these by name. All positions are
// addresses; 0 is none.

/** Where the caller lays it out: static data ends below. */
export const PROGRAM: usize = 0x1000;

/** A member's bytes. */
export const MEMBER_BYTES: usize = 64;
/** What its values are (kinds.ts); 8 bits. */
export const KIND: usize = 0;
/** Whether it may be null, whether it must be there; 8 bits, 1 or 0. */
export const NULLABLE: usize = 1;
export const REQUIRED: usize = 2;
/** TIMESTAMP: whether it may stand without a zone, and whether only the inner years are taken; 8 bits, 1 or 0. */
export const ZONELESS: usize = 3;
export const INNER_ONLY: usize = 4;
/** Which object it was last seen in, by number. */
export const SEEN: usize = 8;
/** What came after it in former objects: the latest, and the one before. */
export const NEXT: usize = 12;
export const SECOND: usize = 16;
/** Its key with both quotes and the colon: how many bytes, and where. */
export const KEY_BYTES: usize = 20;
export const KEY_AT: usize = 24;
/** A bit for each of the key's first 16 bytes. */
export const KEY_BITS: usize = 28;
/** RECORD: its record. REPEATED: a member that its elements are like. JSON: the number of the column. */
export const OF: usize = 32;
/** INTEGER: the limits by sign and quotes (integer.ts); 16 bits each. */
export const LIMIT: usize = 36;
export const NEGATIVE_LIMIT: usize = 38;
export const QUOTED_LIMIT: usize = 40;
export const QUOTED_NEGATIVE_LIMIT: usize = 42;
/** The key's first 16 bytes. */
export const KEY: usize = 48;

/** A record's bytes: a member that stands before its first one and is none, and what follows. */
export const RECORD_BYTES: usize = MEMBER_BYTES + 32;
/** Its first member; the others stand behind. */
export const MEMBERS: usize = MEMBER_BYTES;
/** How many are REQUIRED. */
export const REQUIRED_COUNT: usize = MEMBER_BYTES + 4;
/** Its members' names, as json/names.ts finds them, and the number of slots less one. */
export const SLOTS: usize = MEMBER_BYTES + 8;
export const SLOT_MASK: usize = MEMBER_BYTES + 12;
/** Whether members are kept that are none of these. */
export const KEEPS: usize = MEMBER_BYTES + 16;
