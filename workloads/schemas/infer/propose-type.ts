import type { DerivedColumn } from '../../core/schema/log-type.ts';
import { columnNameProblem } from '../../core/schema/names.ts';
import type { RawField, RawLogType } from '../../core/schema/parse.ts';
import { plural } from './json-reason.ts';
import { inexactIn, twinsOf, type Place } from './place.ts';
import { epochUnit, noteInexact, proposeField, type FieldScope } from './propose-field.ts';
import type { TypeStats } from './type-stats.ts';

/** Fewer rows than this show too little of a type to rely on. */
const FEW_ROWS = 10;

/** A schema file's content with what a person should look at. */
export interface Proposal {
  readonly document: RawLogType & { $schema: string };
  readonly unsure: readonly string[];
  /** Some rows are not accepted by the document, and none could be. */
  readonly conflict: boolean;
}

/** @returns undefined where no key of the rows can be a column. */
export function proposeType(stats: TypeStats, table: string, typeKey: string): Proposal | undefined {
  const scope: FieldScope = { rows: stats.rows, unsure: [], conflict: false };
  if (stats.rows < FEW_ROWS) {
    scope.unsure.push(
      `only ${plural(stats.rows, 'row')} seen: infer again from more hours before relying on it`,
    );
  }
  const unknown = columnlessKeys(stats, typeKey, scope);
  const fields: RawField[] = [];
  const columns: Record<string, Omit<DerivedColumn, 'name'>> = {};
  for (const [name, place] of stats.members) {
    if (unknown.twins.has(name)) continue;
    if (name === typeKey) {
      // Whatever the types look like (2026-11-20, 42), the classifier reads a string there, in every row.
      fields.push({ name, type: 'STRING', mode: 'REQUIRED' });
      continue;
    }
    fields.push(proposeField(name, place, stats.rows, name, scope));
  }
  if (fields.length === 0) return undefined;
  for (const { name, type } of fields) {
    const column = timeColumn(name, type, stats.members.get(name)!, fields, columns);
    if (column !== undefined) columns[column.name] = column.spelling;
  }
  return {
    document: {
      $schema: './log-type.schema.json',
      ...(table === stats.type ? {} : { type: stats.type }),
      fields,
      ...(Object.keys(columns).length === 0 ? {} : { columns }),
      ...(unknown.any ? { unknownFields: 'keep' as const } : {}),
    },
    unsure: scope.unsure,
    conflict: scope.conflict,
  };
}

/** Keys of the top level that can get no column: illegal and reserved ones, all but one of twins, and those past the limits. */
function columnlessKeys(
  stats: TypeStats,
  typeKey: string,
  scope: FieldScope,
): { any: boolean; twins: ReadonlySet<string> } {
  const { members, illegalKeys, overflown, inexact } = stats;
  const twins = new Set<string>();
  for (const group of twinsOf(members.keys())) {
    const weight = (name: string): number => (name === typeKey ? Infinity : members.get(name)!.seen);
    const column = group.reduce((best, name) => (weight(name) > weight(best) ? name : best));
    const rest = group.filter((name) => name !== column);
    rest.forEach((name) => twins.add(name));
    scope.unsure.push(
      `${column}: differs from ${rest.join(', ')} by case only; the rarer key goes to unknown_fields`,
    );
  }
  if (illegalKeys.size > 0) {
    const names = [...illegalKeys].map((key) => JSON.stringify(key)).join(', ');
    const more = stats.moreIllegalKeys ? ' and more' : '';
    scope.unsure.push(
      `unknown_fields: no column may have the name of ${names}${more}; they are kept there as JSON`,
    );
  }
  if (overflown) {
    scope.unsure.push(
      `unknown_fields: more keys than columns (${members.size}); the others are kept there as JSON`,
    );
  }
  const inTwins = [...twins].reduce((sum, name) => sum + inexactIn(members.get(name)!), 0);
  noteInexact(inexact + inTwins, 'unknown_fields', scope);
  return { any: twins.size > 0 || illegalKeys.size > 0 || overflown, twins };
}

/** The instant of an epoch field as a column of its own, where its name is free. */
function timeColumn(
  from: string,
  type: string,
  place: Place,
  fields: readonly RawField[],
  columns: object,
): { name: string; spelling: Omit<DerivedColumn, 'name'> } | undefined {
  const unit = epochUnit(from, place, type);
  if (unit === undefined) return undefined;
  const name = `${from}_time`;
  const lower = name.toLowerCase();
  const taken = [...fields.map((field) => field.name), ...Object.keys(columns)].some(
    (other) => other.toLowerCase() === lower,
  );
  if (taken || columnNameProblem(name) !== undefined) return undefined;
  return { name, spelling: { from, as: 'TIMESTAMP', unit } };
}
