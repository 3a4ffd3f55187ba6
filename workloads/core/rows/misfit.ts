import type { ByteView } from '../bytes/byte-view.ts';
import type { NumberFacts, StringFacts } from '../json/scan.ts';
import type { KeyBudget, SeenKeys } from './keys.ts';

/** Why a row breaks its schema; docs/schemas.md lists them. */
export type MisfitReason =
  | 'syntax'
  | 'type'
  | 'range'
  | 'required'
  | 'null_in_array'
  | 'unknown_field'
  | 'duplicate_key'
  | 'lone_surrogate'
  | 'too_deep';

/** One thing wrong with a row. */
export interface Misfit {
  readonly reason: MisfitReason;
  /** Path of the field, such as `items[2].price`; empty for the whole row. A long one has … for its middle (MAX_PATH). */
  readonly field: string;
  readonly expected: string;
  /** The beginning of the offending text. */
  readonly found: string;
  /** Of the offending value, from the row's first byte. */
  readonly byteOffset: number;
}

/** A member that no field lists, in a type with `unknownFields: keep`. */
export interface UnknownMember {
  /** What stands before its key in `unknown_fields`: the path of its object and a dot, or nothing at the top level. */
  readonly prefix: string;
  /** Of the opening quote. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What a check of one row works on and finds; one record reused for all rows. */
export interface CheckState {
  view: ByteView;
  readonly path: (string | number)[];
  readonly misfits: Misfit[];
  readonly unknown: UnknownMember[];
  /** The keys of `unknown`, by their paths. */
  unknownKeys: SeenKeys | undefined;
  /** Of the keys that are held to find duplicates. */
  readonly keys: KeyBudget;
  readonly string: StringFacts;
  readonly number: NumberFacts;
}

/** Checks the value at a position and answers its end. @throws JsonSyntaxError, JsonDepthError. */
export type ValueCheck = (state: CheckState, at: number) => number;

export function newCheckState(view: ByteView): CheckState {
  return {
    view,
    path: [],
    misfits: [],
    unknown: [],
    unknownKeys: undefined,
    keys: { held: 0 },
    string: { end: 0, escaped: false, loneSurrogate: false },
    number: { end: 0, integer: false },
  };
}

/** All misfits of a row are reported, up to this many: a row of a million wrong elements must not fill memory. */
const MAX_MISFITS = 100;

/**
 * Characters (UTF-16 units) of a path that are told: JSON nests 500 levels and keys may be long, so that whole paths made a hundred
 * megabytes of misfits out of one of rows.
 */
const MAX_PATH = 256;
/** Of a longer one: its beginning says which field, its end which value. */
const PATH_TAIL = MAX_PATH / 2;
const PATH_HEAD = MAX_PATH - PATH_TAIL - '…'.length;

/** Bytes of the offending text that are shown. */
const EXCERPT_BYTES = 80;

export function report(
  state: CheckState,
  reason: MisfitReason,
  expected: string,
  start: number,
  end: number,
): void {
  if (state.misfits.length >= MAX_MISFITS) return;
  const found = excerpt(state.view, start, end);
  state.misfits.push({ reason, field: toldPath(state.path), expected, found, byteOffset: start });
}

export function excerpt(view: ByteView, start: number, end: number): string {
  const text = view.text(start, Math.min(end, start + EXCERPT_BYTES, view.length)).replace(/\uFFFD+$/, '');
  return end - start > EXCERPT_BYTES ? `${text}…` : text;
}

/** The whole path, however long. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(withPart, '');
}

function withPart(text: string, part: string | number): string {
  return typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`;
}

/** A path as a misfit tells it; of a long one no more text is made than is told. */
function toldPath(path: readonly (string | number)[]): string {
  let head = '';
  let parts = 0;
  while (parts < path.length && head.length <= MAX_PATH) head = withPart(head, path[parts++]!);
  if (head.length <= MAX_PATH) return head;
  let tail = '';
  for (let index = path.length - 1; index >= 0 && tail.length < PATH_TAIL; index--) {
    const part = path[index]!;
    tail = `${typeof part === 'number' ? `[${part}]` : `.${part}`}${tail}`;
  }
  // What is left of a surrogate pair at a cut is no character.
  const beginning = head.slice(0, PATH_HEAD).replace(/[\uD800-\uDBFF]$/, '');
  return `${beginning}…${tail.slice(-PATH_TAIL).replace(/^[\uDC00-\uDFFF]/, '')}`;
}
