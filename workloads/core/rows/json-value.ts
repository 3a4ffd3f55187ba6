import type { ByteView } from '../bytes/byte-view.ts';
import {
  JsonDepthError,
  kindAt,
  MAX_JSON_DEPTH,
  scanArray,
  scanLiteral,
  scanNumber,
  scanObject,
  scanString,
  type StringFacts,
} from '../json/scan.ts';
import { expectedOnce, keyExcerpt, SeenKeys } from './keys.ts';
import { report, type CheckState } from './misfit.ts';
import { isExactJsonNumber } from './numbers.ts';

/**
 * The end of any JSON value. With `exact`, what BigQuery's JSON type would not keep is reported: numbers that change, lone
 * surrogates, keys that come twice (BigQuery keeps one of them).
 */
export function checkJson(state: CheckState, at: number, exact: boolean, depth = 1): number {
  const { view } = state;
  switch (kindAt(view, at)) {
    case 'string': {
      const { end, loneSurrogate } = scanString(view, at, state.string);
      if (exact && loneSurrogate)
        report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', at, end);
      return end;
    }
    case 'number': {
      const { end, integer } = scanNumber(view, at, state.number);
      if (exact && !isShortInteger(integer, end - at) && !isExactNumberAt(view, at, end, integer)) {
        report(
          state,
          'range',
          'a number that BigQuery’s JSON type keeps exactly (a 64-bit integer or a double)',
          at,
          end,
        );
      }
      return end;
    }
    case 'boolean':
    case 'null':
      return scanLiteral(view, at);
    case 'array':
      if (depth > MAX_JSON_DEPTH) throw new JsonDepthError(at);
      return scanArray(view, at, (valueAt, index) => {
        state.path.push(index);
        const end = checkJson(state, valueAt, exact, depth + 1);
        state.path.pop();
        return end;
      });
    case 'object':
      if (depth > MAX_JSON_DEPTH) throw new JsonDepthError(at);
      return exact ? checkObject(state, at, depth) : skipObject(state, at, depth);
  }
}

/** Up to 15 digits and a sign, which is nearly every number: no text is made of it; only -0 needs a look. */
function isShortInteger(integer: boolean, length: number): boolean {
  return integer && length <= 15 && length !== 2;
}

/** A number of a thousand digits is none that a double gives back. */
const MAX_NUMBER_BYTES = 800;

function isExactNumberAt(view: ByteView, at: number, end: number, integer: boolean): boolean {
  return end - at <= MAX_NUMBER_BYTES && isExactJsonNumber(view.text(at, end), integer);
}

function skipObject(state: CheckState, at: number, depth: number): number {
  const key = newKey();
  return scanObject(state.view, at, key, (_start, _end, _escaped, valueAt) =>
    checkJson(state, valueAt, false, depth + 1),
  );
}

function checkObject(state: CheckState, at: number, depth: number): number {
  const seen = new SeenKeys(state.keys);
  const end = scanObject(state.view, at, newKey(), (keyStart, keyEnd, escaped, valueAt, lone) => {
    state.path.push(keyExcerpt(state.view, keyStart, keyEnd, escaped));
    if (lone) report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', keyStart, keyEnd);
    else reportSeen(state, seen, keyStart, keyEnd, escaped);
    const valueEnd = checkJson(state, valueAt, true, depth + 1);
    state.path.pop();
    return valueEnd;
  });
  seen.release();
  return end;
}

/** Reports a key that came before in the same object. */
function reportSeen(
  state: CheckState,
  seen: SeenKeys,
  keyStart: number,
  keyEnd: number,
  escaped: boolean,
): void {
  const answer = seen.add(state.view, keyStart, keyEnd, escaped);
  if (answer !== 'new')
    report(state, 'duplicate_key', expectedOnce(answer, 'each key once'), keyStart, keyEnd);
}

function newKey(): StringFacts {
  return { end: 0, escaped: false, loneSurrogate: false };
}
