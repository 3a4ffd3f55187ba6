import { isKeyAt } from '../../../core/json/bytes/key-text.ts';
import type { Column } from '../parquet/column.ts';
import type { FieldColumns } from '../parquet/schema.ts';
import { putBase64 } from './base64.ts';
import { putFloat, putInteger, putNumeric } from './numbers.ts';
import { RecordShape, type Member } from './record-shape.ts';
import { BYTE, skipSpace, skipString, skipValue, skipWord, UnreadableRowError } from './skip.ts';
import { putDate, putTime, putTimestamp } from './temporal.ts';
import { plainText, putString } from './text.ts';

/** A key of a field is not longer, however it is spelled: 128 characters of six bytes. */
const MAX_KEY_BYTES = 128 * 6;
const LOWER_F = 0x66;
const LOWER_T = 0x74;

/**
 * Takes accepted rows apart into columns, in one pass over their bytes: every value goes from its text into the form that its type is
 * stored in, by our own hand, so that nothing of it is left to an engine's reading of JSON (decision 0019).
 */
export class RowColumns {
  readonly #shape: RecordShape;
  #bytes: Buffer = Buffer.alloc(0);
  /** A view of the same memory. */
  #words: DataView = new DataView(new ArrayBuffer(0));
  #limit = 0;
  /** Places that the rows took by having more than one element in their lists: every row has one in each column. */
  morePlaces = 0;
  /** Position past the key that #otherKey found. */
  #past = 0;

  constructor(fields: readonly FieldColumns[]) {
    this.#shape = new RecordShape(fields);
  }

  /** Adds the row at `bytes[start..end)`. @throws UnreadableRowError; the columns are of no use then. */
  add(bytes: Buffer, start: number, end: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#limit = end;
    const at = skipSpace(bytes, start);
    if (bytes[at] !== BYTE.openBrace) throw new UnreadableRowError('an object', at);
    const past = this.#record(this.#shape, at, 0);
    // What lies behind a row may be a former one's end: it could make a row whole that was cut off.
    if (past > end) throw new UnreadableRowError('the end of the row', end);
    if (skipSpace(bytes, past) < end) throw new UnreadableRowError('nothing more', past);
  }

  /** @param at Of the opening brace. @returns Past the closing one. */
  #record(shape: RecordShape, at: number, repetition: number): number {
    const { members, seen, following } = shape;
    const generation = shape.begin();
    const bytes = this.#bytes;
    const words = this.#words;
    let missing = members.length;
    let slot = 0;
    // The brace or comma before a key, and what it is, xor a comma.
    let separator = at;
    let instead = BYTE.openBrace ^ BYTE.comma;
    for (;;) {
      let index = following[slot]!;
      const { key } = members[index]!;
      let next = separator + key.length;
      if (!isKeyAt(words, bytes.length, separator, key, instead)) {
        const start = skipSpace(bytes, separator + 1);
        if (instead !== 0 && bytes[start] === BYTE.closeBrace) {
          separator = start;
          break;
        }
        index = this.#otherKey(shape, slot, start);
        next = this.#past;
      }
      next = skipSpace(bytes, next);
      if (index < 0) next = skipValue(bytes, words, next, this.#limit);
      else {
        if (seen[index] === generation) throw new UnreadableRowError('each key once', next);
        seen[index] = generation;
        missing--;
        slot = index + 1;
        next = this.#member(members[index]!, next, repetition);
      }
      separator = skipSpace(bytes, next);
      if (bytes[separator] === BYTE.closeBrace) break;
      if (bytes[separator] !== BYTE.comma) throw new UnreadableRowError('a comma or }', separator);
      instead = 0;
    }
    if (missing > 0)
      for (let index = 0; index < members.length; index++)
        if (seen[index] !== generation) putNothing(members[index]!, repetition);
    return separator + 1;
  }

  /** The member of the key at `at` where that is not the expected one right behind the former value; -1 where the schema has none. */
  #otherKey(shape: RecordShape, slot: number, at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== BYTE.quote) throw new UnreadableRowError('a key', at);
    const { following, second } = shape;
    if (this.#isMember(shape, following[slot]!, at)) return following[slot]!;
    if (this.#isMember(shape, second[slot]!, at)) return second[slot]!;
    const close = skipString(bytes, this.#words, at + 1, this.#limit);
    const colon = skipSpace(bytes, close);
    if (bytes[colon] !== BYTE.colon) throw new UnreadableRowError('a colon', colon);
    this.#past = colon + 1;
    const index = find(shape, bytes, this.#words, at + 1, close - 1);
    if (index >= 0 && index !== following[slot]) {
      second[slot] = following[slot]!;
      following[slot] = index;
    }
    return index;
  }

  #isMember({ members }: RecordShape, index: number, at: number): boolean {
    const { key } = members[index]!;
    const bytes = this.#bytes;
    this.#past = at - 1 + key.length;
    return isKeyAt(this.#words, bytes.length, at - 1, key, bytes[at - 1]! ^ BYTE.comma);
  }

  #member(member: Member, at: number, repetition: number): number {
    const bytes = this.#bytes;
    if (bytes[at] === BYTE.lowerN) {
      putNothing(member, repetition);
      return skipWord(bytes, at, this.#limit);
    }
    if (!member.isList) return this.#value(member, at, repetition);
    if (bytes[at] !== BYTE.openBracket) throw new UnreadableRowError('an array', at);
    let next = skipSpace(bytes, at + 1);
    if (bytes[next] === BYTE.closeBracket) {
      putNothing(member, repetition);
      return next + 1;
    }
    next = skipSpace(bytes, this.#value(member, next, repetition));
    let more = 0;
    while (bytes[next] === BYTE.comma) {
      next = skipSpace(bytes, next + 1);
      next = skipSpace(bytes, this.#value(member, next, member.repetition));
      more++;
    }
    this.morePlaces += more * member.columns.length;
    if (bytes[next] !== BYTE.closeBracket) throw new UnreadableRowError('a comma or ]', next);
    return next + 1;
  }

  #value({ type, definition, column, shape }: Member, at: number, repetition: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    const limit = this.#limit;
    if (shape !== undefined) {
      if (bytes[at] !== BYTE.openBrace) throw new UnreadableRowError('an object', at);
      return this.#record(shape, at, repetition);
    }
    column.level(repetition, definition);
    if (type === 'JSON') {
      const end = skipValue(bytes, words, at, limit);
      column.slice(bytes, at, end);
      return end;
    }
    if (bytes[at] === BYTE.quote) {
      if (type === 'STRING') return putString(bytes, words, at + 1, limit, column);
      return this.#quoted(type, at + 1, column);
    }
    const end = skipWord(bytes, at, limit);
    putText(type, bytes, at, end, column);
    return end;
  }

  /** Bytes, a number or a time in quotes. @param at Behind the opening one. */
  #quoted(type: Member['type'], at: number, column: Column): number {
    const bytes = this.#bytes;
    const close = skipString(bytes, this.#words, at, this.#limit);
    if (type === 'BYTES') {
      putBase64(bytes, at, close, column);
      return close;
    }
    for (let next = at; next < close; next++) {
      if (bytes[next] !== BYTE.backslash) continue;
      const text = plainText(bytes, this.#words, at, close - 1);
      putText(type, text, 0, text.length, column);
      return close;
    }
    putText(type, bytes, at, close - 1, column);
    return close;
  }
}

function putText(type: Member['type'], bytes: Buffer, start: number, end: number, column: Column): void {
  switch (type) {
    case 'INTEGER': {
      putInteger(bytes, start, end, column);
      return;
    }
    case 'FLOAT': {
      putFloat(bytes, start, end, column);
      return;
    }
    case 'NUMERIC': {
      putNumeric(bytes, start, end, column);
      return;
    }
    case 'BOOLEAN': {
      putBoolean(bytes, start, end, column);
      return;
    }
    case 'TIMESTAMP':
    case 'DATETIME': {
      putTimestamp(bytes, start, end, column);
      return;
    }
    case 'DATE': {
      putDate(bytes, start, end, column);
      return;
    }
    case 'TIME': {
      putTime(bytes, start, end, column);
      return;
    }
    case 'STRING':
      // With `coerce`: a number or a boolean, by its own text.
      if (bytes[start] === BYTE.lowerN) throw new UnreadableRowError('no null in an array', start);
      {
        column.slice(bytes, start, end);
        return;
      }
    default:
      throw new UnreadableRowError(type, start);
  }
}

/** With `coerce` it may be quoted, in any case. */
function putBoolean(bytes: Buffer, start: number, end: number, column: Column): void {
  const letter = bytes[start]! | 0x20;
  const isTrue = letter === LOWER_T && end - start === 4;
  if (!isTrue && !(letter === LOWER_F && end - start === 5)) throw new UnreadableRowError('BOOLEAN', start);
  column.byte(isTrue ? 1 : 0);
}

/** NULL, or the empty list of a REPEATED field; nothing below it is there either. */
function putNothing({ columns, definition }: Member, repetition: number): void {
  for (const column of columns) column.level(repetition, definition - 1);
}

/** The member of a key that was not the expected one. */
function find(shape: RecordShape, bytes: Buffer, words: DataView, start: number, end: number): number {
  if (end - start > MAX_KEY_BYTES) return -1;
  const plain = bytes.toString('latin1', start, end);
  return shape.find(plain.includes('\\') ? plainText(bytes, words, start, end).toString('latin1') : plain);
}
