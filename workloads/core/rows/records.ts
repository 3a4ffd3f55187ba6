import type { ByteView } from '../bytes/byte-view.ts';
import { kindAt, scanArray, scanLiteral, scanObject, stringText, type StringFacts } from '../json/scan.ts';
import type { Field } from '../schema/log-type.ts';
import type { DerivedNeeds } from './derived-needs.ts';
import { checkJson } from './json-value.ts';
import { expectedOnce, keyExcerpt, SeenKeys } from './keys.ts';
import { pathText, report, type CheckState, type ValueCheck } from './misfit.ts';
import { scalarCheck } from './scalars.ts';

/** A field of a record, compiled. */
interface Member {
  readonly field: Field;
  readonly key: Buffer;
  readonly check: ValueCheck;
}

/** Longest key that can be a field's: 128 characters, each at most six bytes when escaped, and the quotes. */
export const MAX_KEY_BYTES = 128 * 6 + 2;

/** The check of a RECORD's value, or of the whole row. */
export function recordCheck(
  fields: readonly Field[],
  keep: boolean,
  needs: DerivedNeeds,
  at = '',
): ValueCheck {
  const members = fields.map((field): Member => {
    const path = at === '' ? field.name : `${at}.${field.name}`;
    return { field, key: Buffer.from(field.name), check: fieldCheck(field, keep, needs, path) };
  });
  const byName = new Map(members.map((member, index) => [member.field.name, index]));
  const required = members.flatMap(({ field }, index) => (field.mode === 'REQUIRED' ? [index] : []));
  // A member's generation tells whether it was seen in this object; counting up saves clearing the table for each row.
  const seen = new Uint32Array(members.length);
  let generation = 0;

  return (state, start) => {
    const { view } = state;
    if (kindAt(view, start) !== 'object') {
      const end = checkJson(state, start, false);
      report(state, 'type', 'RECORD: an object', start, end);
      return end;
    }
    const current = (generation = nextGeneration(generation, seen));
    const key: StringFacts = { end: 0, escaped: false, loneSurrogate: false };
    let expected = 0;
    const end = scanObject(view, start, key, (keyStart, keyEnd, escaped, valueAt, lone) => {
      const index = findMember(view, members, byName, expected, keyStart, keyEnd, escaped);
      if (index < 0) return unknownMember(state, keep, lone, keyStart, keyEnd, escaped, valueAt);
      const { field, check } = members[index]!;
      expected = index + 1;
      state.path.push(field.name);
      if (seen[index] === current) report(state, 'duplicate_key', 'each key once', keyStart, keyEnd);
      seen[index] = current;
      const valueEnd = check(state, valueAt);
      state.path.pop();
      return valueEnd;
    });
    for (const index of required) {
      if (seen[index] === current) continue;
      const { field } = members[index]!;
      state.path.push(field.name);
      report(state, 'required', `${field.type}: to be present (REQUIRED)`, start, start);
      state.path.pop();
    }
    return end;
  };
}

function nextGeneration(generation: number, seen: Uint32Array): number {
  if (generation < 0xffff_ffff) return generation + 1;
  seen.fill(0);
  return 1;
}

/** The key's field: most logs write keys in one order, so the one after the last found is tried first, by its bytes. */
function findMember(
  view: ByteView,
  members: readonly Member[],
  byName: ReadonlyMap<string, number>,
  expected: number,
  start: number,
  end: number,
  escaped: boolean,
): number {
  const guess = members[expected];
  if (guess !== undefined && !escaped && equals(view, start + 1, end - 1, guess.key)) return expected;
  if (end - start > MAX_KEY_BYTES) return -1;
  return byName.get(stringText(view, start, end, escaped)) ?? -1;
}

function equals(view: ByteView, start: number, end: number, key: Buffer): boolean {
  if (end - start !== key.length) return false;
  for (let index = 0; index < key.length; index++) if (view.at(start + index) !== key[index]) return false;
  return true;
}

/** A key that no field lists: a misfit, or kept as it stands if BigQuery's JSON type can hold it. */
function unknownMember(
  state: CheckState,
  keep: boolean,
  lone: boolean,
  keyStart: number,
  keyEnd: number,
  escaped: boolean,
  valueAt: number,
): number {
  const parent = pathText(state.path);
  state.path.push(keyExcerpt(state.view, keyStart, keyEnd, escaped));
  const end = keep
    ? keptMember(state, lone, parent === '' ? '' : `${parent}.`, keyStart, keyEnd, escaped, valueAt)
    : checkJson(state, valueAt, false);
  if (!keep) report(state, 'unknown_field', 'only keys that the schema lists', valueAt, end);
  state.path.pop();
  return end;
}

function keptMember(
  state: CheckState,
  lone: boolean,
  prefix: string,
  keyStart: number,
  keyEnd: number,
  escaped: boolean,
  valueStart: number,
): number {
  if (lone) report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', keyStart, keyEnd);
  else {
    // All kept keys become keys of one object: `b` inside `a` and a top-level `a.b` would meet there.
    const answer = (state.unknownKeys ??= new SeenKeys(state.keys)).add(
      state.view,
      keyStart,
      keyEnd,
      escaped,
      prefix,
    );
    if (answer !== 'new') {
      report(
        state,
        'duplicate_key',
        expectedOnce(answer, 'each path once in unknown_fields'),
        keyStart,
        keyEnd,
      );
    }
  }
  // That object is a level of nesting itself.
  const valueEnd = checkJson(state, valueStart, true, 2);
  // A row with a misfit does not go on; its unknown members, perhaps millions, are not needed.
  if (state.misfits.length === 0) state.unknown.push({ prefix, keyStart, keyEnd, valueStart, valueEnd });
  return valueEnd;
}

/** The check of a field's value in its mode. */
function fieldCheck(field: Field, keep: boolean, needs: DerivedNeeds, path: string): ValueCheck {
  const value =
    field.type === 'RECORD'
      ? recordCheck(field.fields ?? [], keep, needs, path)
      : scalarCheck(field, needs.get(path) ?? {});
  if (field.mode === 'REPEATED') return repeatedCheck(field, value);
  return (state, at) => {
    if (kindAt(state.view, at) !== 'null') return value(state, at);
    const end = scanLiteral(state.view, at);
    if (field.mode === 'REQUIRED') report(state, 'required', `${field.type}: not null (REQUIRED)`, at, end);
    return end;
  };
}

/** BigQuery: "Only optional fields can be set to NULL": neither a REPEATED field nor one of its elements. */
function repeatedCheck(field: Field, element: ValueCheck): ValueCheck {
  const expected = `an array of ${field.type} (REPEATED)`;
  return (state, at) => {
    const { view } = state;
    if (kindAt(view, at) !== 'array') {
      const end = checkJson(state, at, false);
      report(state, 'type', expected, at, end);
      return end;
    }
    return scanArray(view, at, (valueAt, index) => {
      state.path.push(index);
      let end: number;
      if (kindAt(view, valueAt) === 'null') {
        end = scanLiteral(view, valueAt);
        report(state, 'null_in_array', `${field.type}: no null inside a REPEATED field`, valueAt, end);
      } else {
        end = element(state, valueAt);
      }
      state.path.pop();
      return end;
    });
  };
}
