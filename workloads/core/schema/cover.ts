import type { Field } from './log-type.ts';

/** How a table's field list lags behind a schema's. */
export interface CoverGap {
  /** Dotted path of the field. */
  readonly path: string;
  /** `missing`: a nullable field can be added in place. `conflict`: no table change short of a new table mends it. */
  readonly kind: 'missing' | 'conflict';
  readonly expected: string;
  readonly found: string;
}

/** Column names are compared without case, as both engines do: a key that the log spells anew keeps its column. */
export function fieldsByName(fields: readonly Field[]): { get(name: string): Field | undefined } {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  return { get: (name) => byName.get(name.toLowerCase()) };
}

/** Why rows of `schema` cannot go into a table with `table` fields; empty where they can. Looser modes in the table are fine. */
export function coverGaps(table: readonly Field[], schema: readonly Field[], prefix = ''): CoverGap[] {
  const byName = fieldsByName(table);
  const gaps = schema.flatMap((field): CoverGap[] => {
    const path = `${prefix}${field.name}`;
    const there = byName.get(field.name);
    if (there === undefined) {
      return [
        {
          path,
          kind: field.mode === 'REQUIRED' ? 'conflict' : 'missing',
          expected: spell(field),
          found: 'no such column',
        },
      ];
    }
    const sameShape =
      there.type === field.type && (there.mode === 'REPEATED') === (field.mode === 'REPEATED');
    const tighter = there.mode === 'REQUIRED' && field.mode === 'NULLABLE';
    const conflict: CoverGap = { path, kind: 'conflict', expected: spell(field), found: spell(there) };
    if (!sameShape) return [conflict];
    const inner =
      field.type === 'RECORD' ? coverGaps(there.fields ?? [], field.fields ?? [], `${path}.`) : [];
    return tighter ? [conflict, ...inner] : inner;
  });
  const wanted = fieldsByName(schema);
  const orphans = table.filter(({ name, mode }) => mode === 'REQUIRED' && wanted.get(name) === undefined);
  return [
    ...gaps,
    ...orphans.map((field): CoverGap => ({
      path: `${prefix}${field.name}`,
      kind: 'conflict',
      expected: 'no REQUIRED column that the schema lacks',
      found: spell(field),
    })),
  ];
}

function spell({ type, mode }: Field): string {
  return mode === 'NULLABLE' ? type : `${type} ${mode}`;
}

/** The table's fields with the schema's missing ones behind them, at every level: what an additive change leads to. */
export function mergedFields(table: readonly Field[], schema: readonly Field[]): readonly Field[] {
  const wanted = fieldsByName(schema);
  const known = fieldsByName(table);
  return [
    ...table.map((field): Field => {
      const fields = wanted.get(field.name)?.fields;
      return fields === undefined || field.fields === undefined
        ? field
        : { ...field, fields: mergedFields(field.fields, fields) };
    }),
    ...schema.filter(({ name }) => known.get(name) === undefined),
  ];
}
