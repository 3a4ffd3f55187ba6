import { skipSpace } from '../../json/bytes/skip-space.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import type { UnknownMember } from '../misfit.ts';
import type { JsonValues } from './json-value.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Unknown members of one row; each is compared with all others. */
const MAX_KEPT = 16;
/** The number of `unknown_fields` among the JSON columns; those of fields are higher. */
const COLUMN = 0;
/** Levels that the value of one stands in: it becomes a member of the object `unknown_fields`. */
const VALUE_DEPTH = 2;

/** Members of a row that no field lists, where a type keeps them (`unknownFields: keep`); those inside RECORDs are not looked at. */
export class KeptMembers {
  /** Of the row since `begin`; means nothing where `skip` said -1 since. */
  readonly found: UnknownMember[] = [];
  #start = 0;

  /** @param start Where the next row begins. */
  begin(start: number): void {
    this.#start = start;
    // Most rows have none, and an array's length is set by a call into the engine.
    // Stryker disable next-line ConditionalExpression,EqualityOperator: only time is saved.
    if (this.found.length > 0) this.found.length = 0;
  }

  /** Position past the member whose key would be at `at`, or -1 where it is not surely one that can be kept. */
  skip(bytes: Buffer, words: DataView, json: JsonValues, at: number): number {
    if (bytes[at] !== QUOTE || this.found.length === MAX_KEPT) return -1;
    const keyEnd = skipString(bytes, words, at + 1);
    // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
    if (keyEnd === -1) return -1;
    const key = bytes.subarray(at, keyEnd);
    if (key.includes(BACKSLASH) || this.#holds(bytes, key)) return -1;
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) return -1;
    const value = skipSpace(bytes, colon + 1);
    const end = json.skip(value, COLUMN, VALUE_DEPTH);
    const start = this.#start;
    this.found.push({
      prefix: '',
      keyStart: at - start,
      keyEnd: keyEnd - start,
      valueStart: value - start,
      valueEnd: end - start,
    });
    return end;
  }

  #holds(bytes: Buffer, key: Buffer): boolean {
    const start = this.#start;
    return this.found.some(({ keyStart, keyEnd }) =>
      key.equals(bytes.subarray(start + keyStart, start + keyEnd)),
    );
  }
}
