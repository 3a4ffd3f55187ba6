import { sameBytes } from '../../json/bytes/same-bytes.ts';
import { skipBoolean, skipNull } from '../../json/bytes/skip-literal.ts';
import { skipSpace } from '../../json/bytes/skip-space.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import type { Field } from '../../schema/log-type.ts';
import type { DerivedNeeds } from '../records.ts';
import { skipBase64 } from './base64.ts';
import { skipFloat, skipNumeric } from './decimal.ts';
import { skipInteger } from './integer.ts';
import { JsonValues } from './json-value.ts';
import { compileMembers, type Member, type RecordMembers } from './member.ts';
import { skipDate, skipDatetime, skipTime, skipTimestamp } from './temporal.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LETTER_N = 0x6e;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Proves of ordinary rows that the row check would find nothing in them, without asking it: neither a misfit nor an unknown member.
 * What it cannot prove may be right all the same.
 */
export class FastCheck {
  readonly #row: RecordMembers;
  readonly #keys: DataView;
  readonly #json = new JsonValues();
  /** By member: the number of the object that it was last seen in. Doubles, for they never run out of numbers. */
  readonly #seen: Float64Array;
  #objects = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #words = new DataView(this.#bytes.buffer);

  constructor(fields: readonly Field[], needs: DerivedNeeds) {
    const { row, count, keys } = compileMembers(fields, needs);
    this.#row = row;
    this.#keys = new DataView(keys.buffer, keys.byteOffset, keys.length);
    this.#seen = new Float64Array(count + 1);
  }

  /** Whether the row `[start..end)` has neither misfits nor unknown members; false also where that is not known. */
  proves(bytes: Buffer, start: number, end: number): boolean {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#json.begin(bytes, this.#words);
    let at = skipSpace(bytes, start);
    if (bytes[at] !== OPEN_BRACE) return false;
    at = this.#record(this.#row, at + 1);
    // Nothing looks where the row ends before this: what reads on into other bytes comes out behind it.
    while (at >= 0 && at < end) {
      const past = skipSpace(bytes, at);
      if (past === at) return false;
      at = past;
    }
    return at === end;
  }

  #record(record: RecordMembers, at: number): number {
    const bytes = this.#bytes;
    const seen = this.#seen;
    const object = ++this.#objects;
    let required = 0;
    let member = record.head;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_BRACE) return record.required === 0 ? at + 1 : -1;
    for (;;) {
      const next = member.next;
      if (
        next !== undefined &&
        at + next.keyLength <= bytes.length &&
        sameBytes(this.#words, at, this.#keys, next.keyAt, next.keyLength)
      ) {
        member = next;
        at += next.keyLength;
      } else {
        const found = this.#find(record, member, at);
        if (found === undefined) return -1;
        member = found;
        at = this.#past;
      }
      if (seen[member.index] === object) return -1;
      seen[member.index] = object;
      required += member.required;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      at = this.#field(member, at);
      if (at < 0) return -1;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACE && required === record.required ? at + 1 : -1;
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    }
  }

  #past = 0;

  #find(record: RecordMembers, former: Member, at: number): Member | undefined {
    const bytes = this.#bytes;
    const second = former.second;
    if (
      second !== undefined &&
      at + second.keyLength <= bytes.length &&
      sameBytes(this.#words, at, this.#keys, second.keyAt, second.keyLength)
    ) {
      this.#past = at + second.keyLength;
      return second;
    }
    if (bytes[at] !== QUOTE) return undefined;
    const end = skipString(bytes, this.#words, at + 1);
    if (end < 0) return undefined;
    const colon = skipSpace(bytes, end);
    if (bytes[colon] !== COLON) return undefined;
    this.#past = colon + 1;
    const candidates = record.byLength[end - at + 1];
    if (candidates === undefined) return undefined;
    for (const candidate of candidates) {
      if (!this.#isKey(candidate, at)) continue;
      former.second = former.next;
      former.next = candidate;
      return candidate;
    }
    return undefined;
  }

  #isKey({ keyAt, keyLength }: Member, at: number): boolean {
    for (let offset = 1; offset < keyLength - 1; offset++)
      if (this.#bytes[at + offset] !== this.#keys.getUint8(keyAt + offset)) return false;
    return true;
  }

  #field(member: Member, at: number): number {
    if (member.repeated) return this.#elements(member, at);
    if (this.#bytes[at] === LETTER_N) return member.nullable ? skipNull(this.#bytes, at) : -1;
    return this.#value(member, at);
  }

  #elements(member: Member, at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== OPEN_BRACKET) return -1;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.#value(member, at);
      if (at < 0) return -1;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACKET ? at + 1 : -1;
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    }
  }

  #value(member: Member, at: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    switch (member.type) {
      case 'STRING':
        return bytes[at] === QUOTE ? skipString(bytes, words, at + 1) : -1;
      case 'INTEGER':
        return skipInteger(bytes, words, at, member.limits);
      case 'BOOLEAN':
        return skipBoolean(bytes, at);
      case 'TIMESTAMP':
        return skipTimestamp(bytes, words, at, member.zoned, member.coerce);
      case 'FLOAT':
        return skipFloat(bytes, words, at);
      case 'NUMERIC':
        return skipNumeric(bytes, words, at);
      case 'JSON':
        return this.#json.skip(at, 1);
      case 'RECORD':
        return bytes[at] === OPEN_BRACE ? this.#record(member.record!, at + 1) : -1;
      case 'DATE':
        return skipDate(bytes, at);
      case 'DATETIME':
        return skipDatetime(bytes, words, at);
      case 'TIME':
        return skipTime(bytes, words, at);
      case 'BYTES':
        return skipBase64(bytes, at);
    }
  }
}
