import type { EpochUnit, Field } from '../../core/schema/log-type.ts';
import type { RawField } from '../../core/schema/parse.ts';
import { epochDescription, epochUnitOf } from './epoch-hint.ts';
import { jsonReason, plural } from './json-reason.ts';
import { inexactIn, type Place } from './place.ts';
import { scalarTypeOf } from './scalar-type.ts';

/** Fewer rows than this cannot tell that a key is never missing. */
const MIN_ROWS_FOR_REQUIRED = 50;

/** What proposing one type's fields needs to know, and what it finds for people. */
export interface FieldScope {
  readonly rows: number;
  readonly unsure: string[];
  /** Some rows hold numbers that no proposable field accepts beside what other rows hold there. */
  conflict: boolean;
}

/**
 * The narrowest field that accepts all values of a place.
 * @param parents Objects that could have had the key. @param path For people.
 */
export function proposeField(
  name: string,
  place: Place,
  parents: number,
  path: string,
  scope: FieldScope,
): RawField {
  const enough = Math.min(scope.rows, parents) >= MIN_ROWS_FOR_REQUIRED;
  const always = enough && place.seen === parents && place.nulls === 0;
  const mode: Field['mode'] = always ? 'REQUIRED' : 'NULLABLE';
  const reason = jsonReason(place);
  if (reason !== undefined) {
    scope.unsure.push(`${path}: JSON: ${reason}`);
    noteInexact(inexactIn(place), path, scope);
    return spell(name, 'JSON', mode);
  }
  const elements = place.arrays?.elements;
  const values = elements ?? place;
  const finalMode = elements === undefined ? mode : 'REPEATED';
  const { objects } = values;
  if (objects !== undefined) {
    const fields = [...objects.members].map(([key, member]) =>
      proposeField(key, member, objects.count, `${path}.${key}`, scope),
    );
    return spell(name, 'RECORD', finalMode, { fields });
  }
  const { type, doubt } = scalarTypeOf(values);
  if (doubt !== undefined) scope.unsure.push(`${path}: ${type}: ${doubt}`);
  const unit = epochUnit(name, place, type);
  return spell(name, type, finalMode, unit === undefined ? {} : { description: epochDescription(unit) });
}

/** The epoch unit of a field that is no array. */
export function epochUnit(name: string, { numbers }: Place, type: string): EpochUnit | undefined {
  return type === 'INTEGER' && numbers !== undefined ? epochUnitOf(name, numbers) : undefined;
}

/** Numbers that only FLOAT takes, where other values make the field JSON: no schema accepts both. */
export function noteInexact(count: number, path: string, scope: FieldScope): void {
  if (count === 0) return;
  scope.conflict = true;
  scope.unsure.push(
    `${path}: ${plural(count, 'number')} that BigQuery's JSON type would change (-0, more digits than a double keeps); their rows are left out`,
  );
}

/** In the order that an expert writes a field; NULLABLE is the default and not spelled. */
function spell(name: string, type: string, mode: Field['mode'], more: Partial<RawField> = {}): RawField {
  return { name, type, ...(mode === 'NULLABLE' ? {} : { mode }), ...more };
}
