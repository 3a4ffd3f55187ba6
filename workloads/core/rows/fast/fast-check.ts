import { isKeyAt } from '../../json/bytes/key-text.ts';
import { skipNull } from '../../json/bytes/skip-literal.ts';
import { skipSpace } from '../../json/bytes/skip-space.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import type { LogType } from '../../schema/log-type.ts';
import type { UnknownMember } from '../misfit.ts';
import { JsonValues } from './json-value.ts';
import { KeptMembers } from './kept-members.ts';
import { compileMembers, KIND, type Member, type RecordMembers } from './member.ts';

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
 * Proves of ordinary rows that nothing is wrong with them, without asking the thorough check. What it cannot prove may be right all
 * the same.
 *
 * Positions go through `| 0`: it tells the engine that they are integers of 32 bits, which live in registers.
 */
export class FastCheck {
  readonly #row: RecordMembers;
  readonly #json = new JsonValues();
  readonly #kept = new KeptMembers();
  /** The RECORD whose unknown members are kept: the row itself, or none. */
  readonly #keeping: RecordMembers | undefined;
  /** By member: the number of the object that it was last seen in. */
  readonly #seen: Int32Array;
  #objects = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));
  /** Position past the key that #otherKey found. */
  #past = 0;

  constructor(logType: LogType) {
    const { row, count } = compileMembers(logType);
    this.#row = row;
    this.#keeping = logType.unknownFields === 'keep' ? row : undefined;
    this.#seen = new Int32Array(count);
  }

  /** Members of the last row that was proved, for `unknown_fields`. */
  get unknown(): readonly UnknownMember[] {
    return this.#kept.found;
  }

  /** Whether the row `[start..end)` surely has no misfits. It must be UTF-8 without a newline. */
  proves(bytes: Buffer, start: number, end: number): boolean {
    // Stryker disable next-line ConditionalExpression: only time is saved.
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#json.lookAt(bytes, this.#words);
    }
    this.#kept.begin(start);
    let at = skipSpace(bytes, start);
    if (bytes[at] !== OPEN_BRACE) return false;
    at = this.#record(this.#row, at);
    // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
    if (at === -1) return false;
    // Nothing asks where the row ends before this: what reads on into other bytes comes out behind it.
    if (at < end) at = skipSpace(bytes, at);
    return at === end;
  }

  /** Position past the object whose brace is at `at`, or -1. */
  #record(record: RecordMembers, at: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    const seen = this.#seen;
    const limit = bytes.length | 0;
    at |= 0;
    // Where the count comes round to former numbers, members may seem to have been seen: one reason more not to know.
    // Stryker disable next-line ArithmeticOperator: any number does that no object had yet.
    const object = (this.#objects = (this.#objects + 1) | 0);
    let required = 0;
    let member = record.head;
    // The brace before the first key, for isKeyAt.
    let instead = OPEN_BRACE ^ COMMA;
    for (;;) {
      const next = member.next;
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (isKeyAt(words, limit, at, next, instead)) {
        member = next;
        at += next.length;
      } else {
        const other = this.#otherKey(record, member, at, instead);
        if (other === undefined) {
          const kept = record === this.#keeping ? this.#keptMember(at, instead) | 0 : -1;
          if (kept === -1)
            return required === record.required ? this.#close(instead === 0 ? at : at + 1) : -1;
          at = kept;
          instead = 0;
          continue;
        }
        member = other;
        at = this.#past | 0;
      }
      instead = 0;
      if (seen[member.index] === object) return -1;
      seen[member.index] = object;
      required += member.required;
      const value = at;
      // Strings are many: they are not worth a call.
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (member.kind === KIND.STRING && bytes[at] === QUOTE) at = skipString(bytes, words, at + 1) | 0;
      else at = this.#value(bytes, words, member, at) | 0;
      if (at === -1) at = this.#unusual(member, value) | 0;
      if (at === -1) return -1;
    }
  }

  #keptMember(at: number, instead: number): number {
    const key = this.#nextKey(at, instead);
    // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
    if (key === -1) return -1;
    return this.#kept.skip(this.#bytes, this.#words, this.#json, key);
  }

  #close(at: number): number {
    at = skipSpace(this.#bytes, at);
    return this.#bytes[at] === CLOSE_BRACE ? at + 1 : -1;
  }

  /** The member whose key follows where it is not the expected one right behind the former value; undefined where none does. */
  #otherKey(record: RecordMembers, former: Member, at: number, instead: number): Member | undefined {
    const bytes = this.#bytes;
    at = this.#nextKey(at, instead);
    if (at === -1) return undefined;
    // Stryker disable ConditionalExpression,ArithmeticOperator: a key that is found by its name saves time here, and no more.
    const before = bytes[at - 1]! ^ COMMA;
    const { next, second } = former;
    if (isKeyAt(this.#words, bytes.length, at - 1, next, before)) return this.#behind(next, at);
    if (isKeyAt(this.#words, bytes.length, at - 1, second, before)) return this.#behind(second, at);
    // Stryker restore all
    const found = this.#namedKey(record, at);
    if (found === undefined) return undefined;
    former.second = next;
    former.next = found;
    return found;
  }

  /** Where the next key begins if one follows, or -1. */
  #nextKey(at: number, instead: number): number {
    const bytes = this.#bytes;
    const separator = skipSpace(bytes, at);
    return (bytes[separator]! ^ instead) === COMMA ? skipSpace(bytes, separator + 1) : -1;
  }

  #behind(member: Member, at: number): Member {
    this.#past = at - 1 + member.length;
    return member;
  }

  #namedKey(record: RecordMembers, at: number): Member | undefined {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return undefined;
    const end = skipString(bytes, this.#words, at + 1);
    // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
    if (end === -1) return undefined;
    const colon = skipSpace(bytes, end);
    if (bytes[colon] !== COLON) return undefined;
    this.#past = colon + 1;
    // A key with an escape is spelled like no field's.
    return record.byName.get(bytes.toString('latin1', at + 1, end - 1));
  }

  /** Position past a value that is null or has space before it, or -1. */
  #unusual(member: Member, at: number): number {
    const bytes = this.#bytes;
    const start = skipSpace(bytes, at);
    if (bytes[start] === LETTER_N) return member.nullable ? skipNull(bytes, start) : -1;
    return start === at ? -1 : this.#value(bytes, this.#words, member, start);
  }

  /** Position past a value other than null, or -1. */
  #value(bytes: Buffer, words: DataView, member: Member, at: number): number {
    switch (member.kind) {
      case KIND.REPEATED:
        return bytes[at] === OPEN_BRACKET ? this.#elements(bytes, words, member.element!, at) : -1;
      case KIND.RECORD:
        return bytes[at] === OPEN_BRACE ? this.#record(member.record!, at) : -1;
      case KIND.JSON:
        return bytes[at] === LETTER_N ? -1 : this.#json.skip(at, member.column, 1);
      default:
        return member.skip!(bytes, words, at);
    }
  }

  /** Position past the array whose bracket is at `at`, or -1. */
  #elements(bytes: Buffer, words: DataView, element: Member, at: number): number {
    at = skipSpace(bytes, at + 1) | 0;
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.#value(bytes, words, element, at) | 0;
      // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
      if (at === -1) return -1;
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at) | 0;
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACKET ? at + 1 : -1;
      at++;
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at) | 0;
    }
  }
}
