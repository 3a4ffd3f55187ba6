import type { ByteView } from '../../core/bytes/byte-view.ts';
import {
  BYTE,
  kindAt,
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
import { keyExcerpt } from '../../core/rows/keys.ts';
import { isExactJsonNumber } from '../../core/rows/numbers.ts';
import { MAX_TEMPORAL_BYTES } from '../../core/rows/temporal.ts';
import { ArrayStats, isFieldName, ObjectStats, Place } from './place.ts';
import { NumberStats, StringStats } from './scalar-stats.ts';
import type { TypeStats } from './type-stats.ts';

/** More distinct keys than this are data (a map by user, by item), not columns. */
const MAX_KEYS = 200;

/** Bytes of the longest key that can be a column: 128 characters, each six bytes when escaped, and the quotes. */
const MAX_NAME_BYTES = 128 * 6 + 2;

/** Puts one row, which LineCheck has let pass, into its type's statistics. */
export class RowRecorder {
  readonly #maxDepth: number;
  readonly #string: StringFacts = { end: 0, escaped: false, loneSurrogate: false };
  readonly #number: NumberFacts = { end: 0, integer: false };
  #view!: ByteView;
  #stats!: TypeStats;

  /** @param maxDepth Levels of RECORD. */
  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  record(stats: TypeStats, view: ByteView): void {
    this.#view = view;
    this.#stats = stats;
    stats.rows++;
    scanObject(view, skipSpace(view, 0), this.#string, (keyStart, keyEnd, escaped, at) => {
      const place = stats.member(keyText(view, keyStart, keyEnd, escaped));
      return place === undefined ? this.#skip(at, stats) : this.#value(place, at, 1);
    });
  }

  /** @param level That an object here would have as a RECORD. */
  #value(place: Place, at: number, level: number): number {
    const view = this.#view;
    place.seen++;
    switch (kindAt(view, at)) {
      case 'null':
        place.nulls++;
        return scanLiteral(view, at);
      case 'boolean':
        place.booleans++;
        return scanLiteral(view, at);
      case 'number': {
        const { end, integer } = scanNumber(view, at, this.#number);
        (place.numbers ??= new NumberStats()).add(view.text(at, end), integer);
        return end;
      }
      case 'string': {
        const { end, escaped } = scanString(view, at, this.#string);
        const strings = (place.strings ??= new StringStats());
        strings.add(this.#mayBeFormed(at, end, escaped) ? stringText(view, at, end, escaped) : undefined);
        return end;
      }
      case 'array':
        return this.#array((place.arrays ??= new ArrayStats()), at, level);
      case 'object':
        return this.#object((place.objects ??= new ObjectStats()), at, level);
    }
  }

  /** Most strings are words: no text is made of them. */
  #mayBeFormed(start: number, end: number, escaped: boolean): boolean {
    if (end - start > MAX_TEMPORAL_BYTES * (escaped ? 6 : 1) + 2) return false;
    const first = this.#view.at(start + 1);
    return (
      escaped || (first >= BYTE.zero && first <= BYTE.nine) || first === BYTE.minus || first === BYTE.quote
    );
  }

  #array(arrays: ArrayStats, at: number, level: number): number {
    arrays.count++;
    return scanArray(this.#view, at, (valueAt) => {
      const elements = (arrays.elements ??= new Place());
      if (kindAt(this.#view, valueAt) !== 'array') return this.#value(elements, valueAt, level);
      elements.seen++;
      elements.arrays ??= new ArrayStats();
      elements.arrays.count++;
      return this.#skip(valueAt, elements.arrays);
    });
  }

  #object(objects: ObjectStats, at: number, level: number): number {
    objects.count++;
    if (objects.collapsed === undefined && level > this.#maxDepth) {
      objects.collapse(`it nests deeper than ${this.#maxDepth} levels of RECORD`, this.#stats.budget);
    }
    return scanObject(this.#view, at, this.#string, (keyStart, keyEnd, escaped, valueAt) => {
      if (objects.collapsed !== undefined) return this.#skip(valueAt, objects);
      const place = this.#member(objects, keyText(this.#view, keyStart, keyEnd, escaped));
      return place === undefined ? this.#skip(valueAt, objects) : this.#value(place, valueAt, level + 1);
    });
  }

  /** The place of a key, or undefined where the key makes the object collapse. */
  #member(objects: ObjectStats, key: string): Place | undefined {
    const known = objects.members.get(key);
    if (known !== undefined) return known;
    const { budget } = this.#stats;
    const reason = !isFieldName(key, false)
      ? `its key ${JSON.stringify(key)} cannot be a column name`
      : objects.members.size >= MAX_KEYS
        ? `it has more than ${MAX_KEYS} different keys, like a map`
        : budget.take()
          ? undefined
          : 'there are too many different keys to tell apart';
    if (reason !== undefined) {
      objects.collapse(reason, budget);
      return undefined;
    }
    const place = new Place();
    objects.members.set(key, place);
    return place;
  }

  /** Passes over a value that will be JSON whatever it is; only numbers that JSON cannot hold are counted. */
  #skip(at: number, counter: { inexact: number }): number {
    const view = this.#view;
    switch (kindAt(view, at)) {
      case 'string':
        return scanString(view, at, this.#string).end;
      case 'number': {
        const { end, integer } = scanNumber(view, at, this.#number);
        if (!isExactJsonNumber(view.text(at, end), integer)) counter.inexact++;
        return end;
      }
      case 'boolean':
      case 'null':
        return scanLiteral(view, at);
      case 'array':
        return scanArray(view, at, (valueAt) => this.#skip(valueAt, counter));
      case 'object':
        return scanObject(view, at, this.#string, (_start, _end, _escaped, valueAt) =>
          this.#skip(valueAt, counter),
        );
    }
  }
}

/** A key, or the beginning of one that is too long for a column; its ellipsis keeps it from being taken for a name. */
function keyText(view: ByteView, start: number, end: number, escaped: boolean): string {
  return end - start <= MAX_NAME_BYTES
    ? stringText(view, start, end, escaped)
    : keyExcerpt(view, start, end, escaped);
}
