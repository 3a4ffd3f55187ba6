import { giveBackOwn } from '../../../core/bytes/give-back.ts';
import { firstStop, stringStops, WORD_BYTES } from '../../../core/json/bytes/stops.ts';

/** A column starts so small that a thousand of them cost a few MiB, and doubles. */
const FIRST_VALUE_BYTES = 512;
const FIRST_LEVELS = 64;
/** Below this size room grows fourfold, then twofold: a thousand columns would ask the system for memory ten thousand times. */
const SMALL_BYTES = 16 * 1024;
/** What a long value needed is not kept for the next row group. */
const KEPT_BYTES = 1024 * 1024;
/**
 * Nor is room beyond what the former group used so many times: long values in one column after the other would leave each with its
 * own. Room that just grew fourfold is kept.
 */
const KEPT_SHARE = 4;
/**
 * Shorter text is found and copied in one pass, word by word: so many bytes take 140 ns. Longer text is found first, and looked through
 * and copied by the engine, at 60 ns a call and little a byte.
 */
const LOOP_BYTES = 256;
/** Of a text's length in front of it (Parquet, PLAIN). */
const LENGTH_BYTES = 4;
const QUOTE = 0x22;

/** What the values of a column are in the file (Parquet's physical and logical types). */
export type ColumnKind = 'boolean' | 'int32' | 'int64' | 'double' | 'decimal' | 'bytes';

/**
 * The values of one leaf of a schema in the row group that is being filled, in Parquet's PLAIN encoding, with the levels that say
 * where they stand. Booleans are a byte each until they are written.
 */
export class Column {
  readonly kind: ColumnKind;
  /** Levels of a value that is there, and of the innermost list it is in. */
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  definitions = new Uint8Array(FIRST_LEVELS);
  repetitions: Uint8Array;
  /** Entries of both levels: values, and places where there is none. */
  entries = 0;
  /** Bytes of the values so far. */
  length = 0;
  #values: Buffer = Buffer.allocUnsafeSlow(FIRST_VALUE_BYTES);
  #view: DataView;

  constructor(kind: ColumnKind, maxDefinition: number, maxRepetition: number) {
    this.kind = kind;
    this.maxDefinition = maxDefinition;
    this.maxRepetition = maxRepetition;
    this.repetitions = new Uint8Array(maxRepetition === 0 ? 0 : FIRST_LEVELS);
    this.#view = new DataView(this.#values.buffer);
  }

  get values(): Uint8Array {
    return this.#values.subarray(0, this.length);
  }

  /** Says where a value stands, or the lack of one: with the full definition level its value must follow. */
  level(repetition: number, definition: number): void {
    const at = this.entries++;
    if (at === this.definitions.length) this.#growLevels();
    this.definitions[at] = definition;
    if (this.maxRepetition > 0) this.repetitions[at] = repetition;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#values[this.length++] = value;
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** @param value A whole number that a double holds exactly. */
  int64(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#view.setUint32(this.length, value - high * 0x1_0000_0000, true);
    this.#view.setInt32(this.length + 4, high, true);
    this.length += 8;
  }

  bigInt64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Sixteen bytes of a whole number, the highest first, by its four words, the highest first. */
  int128(word3: number, word2: number, word1: number, word0: number): void {
    this.#reserve(16);
    const view = this.#view;
    const at = this.length;
    view.setInt32(at, word3);
    view.setInt32(at + 4, word2);
    view.setInt32(at + 8, word1);
    view.setInt32(at + 12, word0);
    this.length = at + 16;
  }

  /** Text or bytes, behind their length. */
  slice(bytes: Buffer, start: number, end: number): void {
    const at = this.begin(end - start);
    bytes.copy(this.#values, at, start, end);
    this.length += end - start;
  }

  /**
   * The text of a JSON string that begins at `start`, if its quote comes soon and no escape before it: one pass over short text, which
   * most is. `words` is a view of the same memory as `bytes`.
   * @returns Where the quote is, or -1 where nothing was put.
   */
  shortText(bytes: Buffer, words: DataView, start: number): number {
    this.#reserve(LENGTH_BYTES + LOOP_BYTES + WORD_BYTES);
    const view = this.#view;
    const first = this.length + LENGTH_BYTES;
    const last = Math.min(start + LOOP_BYTES, bytes.length) - WORD_BYTES;
    for (let from = start, at = first; from <= last; from += WORD_BYTES, at += WORD_BYTES) {
      const word = words.getInt32(from, true);
      view.setInt32(at, word, true);
      const stops = stringStops(word);
      if (stops === 0) continue;
      const end = from + firstStop(stops);
      if (bytes[end] !== QUOTE) return -1;
      view.setInt32(this.length, end - start, true);
      this.length = first + end - start;
      return end;
    }
    return -1;
  }

  /**
   * Makes room for a value of at most `size` bytes, and a word behind it that may be scribbled on, and says it has that many.
   * @returns Where its first byte goes in `target` and `view`.
   */
  begin(size: number): number {
    this.#reserve(LENGTH_BYTES + size + WORD_BYTES);
    this.#view.setUint32(this.length, size, true);
    return (this.length += LENGTH_BYTES);
  }

  /** Where a value that was begun is written; good until the next one. */
  get target(): Buffer {
    return this.#values;
  }

  /** A view of the same memory. */
  get view(): DataView {
    return this.#view;
  }

  /** Ends a value that was begun and turned out to have `size` bytes. */
  finish(size: number): void {
    this.#view.setUint32(this.length - LENGTH_BYTES, size, true);
    this.length += size;
  }

  /** Gives its memory back; nothing can be put into it any more. */
  drop(): void {
    this.clear();
    giveBackOwn(this.#values);
    this.#dropLevels();
  }

  /** Empty again, for the next row group. */
  clear(): void {
    if (!isKept(this.#values.length, this.length)) this.#replace(Buffer.allocUnsafeSlow(FIRST_VALUE_BYTES));
    if (!isKept(this.definitions.length, this.entries)) {
      this.#dropLevels();
      this.definitions = new Uint8Array(FIRST_LEVELS);
      if (this.maxRepetition > 0) this.repetitions = new Uint8Array(FIRST_LEVELS);
    }
    this.entries = 0;
    this.length = 0;
  }

  #reserve(bytes: number): void {
    if (this.length + bytes > this.#values.length) this.#grow(this.length + bytes);
  }

  #grow(needed: number): void {
    const size = Math.max(
      larger(this.#values.length),
      Math.ceil(needed / FIRST_VALUE_BYTES) * FIRST_VALUE_BYTES,
    );
    const values = Buffer.allocUnsafeSlow(size);
    this.#values.copy(values, 0, 0, this.length);
    this.#replace(values);
  }

  #replace(values: Buffer): void {
    giveBackOwn(this.#values);
    this.#values = values;
    this.#view = new DataView(values.buffer);
  }

  #growLevels(): void {
    const size = larger(this.definitions.length);
    this.definitions = grown(this.definitions, size);
    if (this.maxRepetition > 0) this.repetitions = grown(this.repetitions, size);
  }

  #dropLevels(): void {
    giveBackOwn(this.definitions);
    giveBackOwn(this.repetitions);
  }
}

/** Whether room in a column stays for the next row group. */
function isKept(room: number, used: number): boolean {
  return room <= SMALL_BYTES || (room <= KEPT_BYTES && room <= used * KEPT_SHARE);
}

function larger(bytes: number): number {
  return bytes * (bytes < SMALL_BYTES ? 4 : 2);
}

function grown(levels: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(size);
  room.set(levels);
  giveBackOwn(levels);
  return room;
}
