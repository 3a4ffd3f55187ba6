import { isKeyAt } from '../../json/bytes/key-text.ts';
import { skipBoolean, skipNull } from '../../json/bytes/skip-literal.ts';
import { skipSpace } from '../../json/bytes/skip-space.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import type { Field } from '../../schema/log-type.ts';
import type { DerivedNeeds } from '../records.ts';
import { skipBase64 } from './base64.ts';
import { skipFloat, skipNumeric } from './decimal.ts';
import { skipInteger } from './integer.ts';
import { JsonValues } from './json-value.ts';
import { compileMembers, KIND, type Member, type RecordMembers } from './member.ts';
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

/** What turns the brace in front of an object's first key into the comma in front of the others. */
const BRACE_FOR_COMMA = OPEN_BRACE ^ COMMA;

/**
 * Proves of ordinary rows that the row check would find nothing in them, without asking it: neither a misfit nor an unknown member.
 * What it cannot prove may be right all the same.
 */
export class FastCheck {
  readonly #row: RecordMembers;
  readonly #json = new JsonValues();
  /** By member: the number of the object that it was last seen in. */
  readonly #seen: Int32Array;
  #objects = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));
  #past = 0;

  constructor(fields: readonly Field[], needs: DerivedNeeds) {
    const { row, count } = compileMembers(fields, needs);
    this.#row = row;
    this.#seen = new Int32Array(count);
  }

  /** Whether the row `[start..end)` has neither misfits nor unknown members; false also where that is not known. */
  proves(bytes: Buffer, start: number, end: number): boolean {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#json.lookAt(bytes, this.#words);
    }
    let at = skipSpace(bytes, start);
    if (bytes[at] !== OPEN_BRACE) return false;
    at = this.#record(this.#row, at);
    if (at < 0) return false;
    // Nothing looks where the row ends before this: what reads on into other bytes comes out behind it.
    if (at < end) at = skipSpace(bytes, at);
    return at === end;
  }

  /** @param at Of the brace. */
  #record(record: RecordMembers, at: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    const seen = this.#seen;
    const limit = bytes.length | 0;
    at |= 0;
    // It may come round to 0: a member that seems to have been seen is one reason more not to know.
    const object = (this.#objects = (this.#objects + 1) | 0);
    let required = 0;
    let member = record.head;
    let instead = BRACE_FOR_COMMA;
    for (;;) {
      const next = member.next;
      if (isKeyAt(words, limit, at, next, instead)) {
        member = next;
        at += next.length;
      } else {
        const other = this.#otherKey(record, member, at, instead);
        if (other === undefined) {
          return required === record.required ? this.#close(member === record.head ? at + 1 : at) : -1;
        }
        member = other;
        at = this.#past | 0;
      }
      instead = 0;
      if (seen[member.index] === object) return -1;
      seen[member.index] = object;
      required += member.required;
      // Strings are many: they are not worth a call.
      let end =
        member.kind === KIND.STRING && bytes[at] === QUOTE
          ? skipString(bytes, words, at + 1) | 0
          : this.#value(bytes, words, member, at) | 0;
      if (end < 0) end = this.#unusual(member, at) | 0;
      if (end < 0) return -1;
      at = end;
    }
  }

  #close(at: number): number {
    at = skipSpace(this.#bytes, at);
    return this.#bytes[at] === CLOSE_BRACE ? at + 1 : -1;
  }

  #otherKey(record: RecordMembers, former: Member, at: number, instead: number): Member | undefined {
    const bytes = this.#bytes;
    at = skipSpace(bytes, at);
    if ((bytes[at]! ^ instead) !== COMMA) return undefined;
    at = skipSpace(bytes, at + 1);
    const before = bytes[at - 1]! ^ COMMA;
    const { next, second } = former;
    if (isKeyAt(this.#words, bytes.length, at - 1, next, before)) {
      this.#past = at - 1 + next.length;
      return next;
    }
    if (isKeyAt(this.#words, bytes.length, at - 1, second, before)) {
      this.#past = at - 1 + second.length;
      return second;
    }
    if (bytes[at] !== QUOTE) return undefined;
    const end = skipString(bytes, this.#words, at + 1);
    if (end < 0) return undefined;
    const colon = skipSpace(bytes, end);
    if (bytes[colon] !== COLON) return undefined;
    this.#past = colon + 1;
    const name = bytes.toString('latin1', at + 1, end - 1);
    const found = record.byName.get(name);
    if (found === undefined) return undefined;
    former.second = former.next;
    former.next = found;
    return found;
  }

  #unusual(member: Member, at: number): number {
    const bytes = this.#bytes;
    const start = skipSpace(bytes, at);
    if (bytes[start] === LETTER_N) return member.nullable ? skipNull(bytes, start) : -1;
    return start === at ? -1 : this.#value(bytes, this.#words, member, start);
  }

  #elements(bytes: Buffer, words: DataView, member: Member, at: number): number {
    if (bytes[at] !== OPEN_BRACKET) return -1;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.#value(bytes, words, member.element!, at);
      if (at < 0) return -1;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACKET ? at + 1 : -1;
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    }
  }

  #value(bytes: Buffer, words: DataView, member: Member, at: number): number {
    switch (member.kind) {
      case KIND.STRING:
        return bytes[at] === QUOTE ? skipString(bytes, words, at + 1) : -1;
      case KIND.INTEGER:
        return skipInteger(bytes, words, at, member.limits);
      case KIND.BOOLEAN:
        return skipBoolean(bytes, at);
      case KIND.TIMESTAMP:
        return skipTimestamp(bytes, words, at, member.zoned, member.coerce);
      case KIND.FLOAT:
        return skipFloat(bytes, words, at);
      case KIND.NUMERIC:
        return skipNumeric(bytes, words, at);
      case KIND.REPEATED:
        return this.#elements(bytes, words, member, at);
      case KIND.JSON:
        return bytes[at] === LETTER_N ? -1 : this.#json.skip(at, member.shapes!);
      case KIND.RECORD:
        return bytes[at] === OPEN_BRACE ? this.#record(member.record!, at) : -1;
      case KIND.DATE:
        return skipDate(bytes, at);
      case KIND.DATETIME:
        return skipDatetime(bytes, words, at);
      case KIND.TIME:
        return skipTime(bytes, words, at);
      default:
        return skipBase64(bytes, at);
    }
  }
}
