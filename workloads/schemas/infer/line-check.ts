import type { ByteView } from '../../core/bytes/byte-view.ts';
import {
  JsonDepthError,
  JsonSyntaxError,
  kindAt,
  MAX_JSON_DEPTH,
  scanArray,
  scanLiteral,
  scanNumber,
  scanObject,
  scanString,
  skipSpace,
  stringText,
  type NumberFacts,
  type StringFacts,
} from '../../core/json/scan.ts';
import type { Line } from '../../core/lines/line.ts';
import { MAX_LINE_BYTES, textProblem } from '../../core/lines/text-problem.ts';
import { SeenKeys } from '../../core/rows/keys.ts';
import { isFiniteText } from '../../core/rows/numbers.ts';

/** Why a line gives no row to infer from. */
export type SkipReason =
  | 'blank'
  | 'too_long'
  | 'not_utf8'
  | 'raw_nul'
  | 'syntax'
  | 'not_object'
  | 'too_deep'
  | 'no_type'
  | 'type_not_string'
  | 'type_name'
  | RowDefect;

/** What is wrong with a row of a known type so that no schema at all accepts it. */
export type RowDefect = 'lone_surrogate' | 'duplicate_key' | 'too_many_keys' | 'number_out_of_range';

export type LineVerdict =
  | { readonly type: string }
  | { readonly reason: Exclude<SkipReason, RowDefect> }
  | { readonly reason: RowDefect; readonly type: string };

/** Bytes; the row check refuses longer numbers in every type: a number of a thousand digits is none that a double gives back. */
const MAX_NUMBER_BYTES = 800;

/** Every integer of so many digits is below 1.8e308, the largest double: no text has to be made of it. */
const FINITE_DIGITS = 300;

/** Characters; schemas/log-type.schema.json allows no longer `type`. */
const MAX_TYPE_CHARACTERS = 256;
/** Bytes of such a type's JSON text: at most twelve (an escaped surrogate pair) a character, and the quotes. */
const MAX_TYPE_BYTES = MAX_TYPE_CHARACTERS * 12 + 2;

/**
 * Decides whether a line is a row that some schema can accept, before anything of it enters the statistics: what a broken line
 * said up to its break must not shape a schema.
 */
export class LineCheck {
  readonly #typeKey: string;
  readonly #string: StringFacts = { end: 0, escaped: false, loneSurrogate: false };
  readonly #number: NumberFacts = { end: 0, integer: false };
  /** Of the line at hand: the first defect, and the type. */
  #defect: RowDefect | undefined;
  #found: TypeFound = { reason: 'no_type' };

  constructor(typeKey: string) {
    this.#typeKey = typeKey;
  }

  check(line: Line): LineVerdict {
    const { view } = line;
    if (line.length > MAX_LINE_BYTES) return { reason: 'too_long' };
    const start = skipSpace(view, 0);
    if (start >= view.length) return { reason: 'blank' };
    const problem = line.proven ? undefined : textProblem(view);
    if (problem !== undefined) return { reason: problem };
    try {
      return kindAt(view, start) === 'object' ? this.#row(view, start) : { reason: 'not_object' };
    } catch (error) {
      if (error instanceof JsonSyntaxError) return { reason: 'syntax' };
      if (error instanceof JsonDepthError) return { reason: 'too_deep' };
      throw error;
    }
  }

  #row(view: ByteView, start: number): LineVerdict {
    this.#forget();
    const end = this.#object(view, start, 0, (key, at) => {
      if (key !== this.#typeKey) return this.#value(view, at, 1);
      const isString = kindAt(view, at) === 'string';
      const valueEnd = this.#value(view, at, 1);
      this.#found = isString ? typeFound(view, at, valueEnd) : { reason: 'type_not_string' };
      return valueEnd;
    });
    const rest = skipSpace(view, end);
    if (rest < view.length) throw new JsonSyntaxError(rest, 'nothing after the object');
    const found = this.#found;
    return 'type' in found && this.#defect !== undefined ? { reason: this.#defect, type: found.type } : found;
  }

  #forget(): void {
    this.#defect = undefined;
    this.#found = { reason: 'no_type' };
  }

  /** `member` is only told keys that could be the type key; the others come as undefined. */
  #object(
    view: ByteView,
    start: number,
    depth: number,
    member: (key: string | undefined, at: number) => number,
  ): number {
    if (depth > MAX_JSON_DEPTH) throw new JsonDepthError(start);
    const seen = new SeenKeys();
    return scanObject(view, start, this.#string, (keyStart, keyEnd, escaped, at, lone) => {
      const answer = lone ? 'new' : seen.add(view, keyStart, keyEnd, escaped);
      if (lone) this.#defect ??= 'lone_surrogate';
      else if (answer === 'again') this.#defect ??= 'duplicate_key';
      else if (answer === 'too many') this.#defect ??= 'too_many_keys';
      const short = depth === 0 && keyEnd - keyStart <= this.#typeKey.length * 6 + 2;
      return member(short ? stringText(view, keyStart, keyEnd, escaped) : undefined, at);
    });
  }

  #value(view: ByteView, at: number, depth: number): number {
    switch (kindAt(view, at)) {
      case 'string': {
        const { end, loneSurrogate } = scanString(view, at, this.#string);
        if (loneSurrogate) this.#defect ??= 'lone_surrogate';
        return end;
      }
      case 'number': {
        const { end, integer } = scanNumber(view, at, this.#number);
        const length = end - at;
        if (integer && length <= FINITE_DIGITS) return end;
        if (length > MAX_NUMBER_BYTES || !isFiniteText(view.text(at, end)))
          this.#defect ??= 'number_out_of_range';
        return end;
      }
      case 'boolean':
      case 'null':
        return scanLiteral(view, at);
      case 'array':
        if (depth > MAX_JSON_DEPTH) throw new JsonDepthError(at);
        return scanArray(view, at, (valueAt) => this.#value(view, valueAt, depth + 1));
      case 'object':
        return this.#object(view, at, depth, (_key, valueAt) => this.#value(view, valueAt, depth + 1));
    }
  }
}

type TypeFound = { readonly type: string } | { readonly reason: 'no_type' | 'type_not_string' | 'type_name' };

/** A type must be one that a schema file can name. */
function typeFound(view: ByteView, start: number, end: number): TypeFound {
  if (end - start > MAX_TYPE_BYTES) return { reason: 'type_name' };
  const type = JSON.parse(view.text(start, end)) as string;
  return type !== '' && Array.from(type).length <= MAX_TYPE_CHARACTERS ? { type } : { reason: 'type_name' };
}
