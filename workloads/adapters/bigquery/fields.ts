import { TerminalError } from '../../core/errors.ts';
import { fieldsByName } from '../../core/schema/cover.ts';
import type { Field, FieldMode, FieldType } from '../../core/schema/log-type.ts';

/** A field as BigQuery's API has it. */
export interface ApiField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
  readonly fields?: readonly ApiField[];
}

/** Both spellings that the API gives. */
const TYPES: Readonly<Record<string, FieldType>> = {
  STRING: 'STRING',
  BYTES: 'BYTES',
  INTEGER: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT: 'FLOAT',
  FLOAT64: 'FLOAT',
  NUMERIC: 'NUMERIC',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'DATETIME',
  JSON: 'JSON',
  RECORD: 'RECORD',
  STRUCT: 'RECORD',
};

/** The fields of a table's resource. @throws TerminalError for a type that no log type leads to. */
export function fieldsOf(fields: readonly ApiField[], path = ''): readonly Field[] {
  return fields.map((field): Field => {
    const type = TYPES[field.type.toUpperCase()];
    if (type === undefined) {
      throw new TerminalError(
        `Column ${path}${field.name}: expected a type that a log type leads to, found ${field.type}`,
        { advice: 'Another program made it. Change its type, or keep it in a table of its own.' },
      );
    }
    const mode = (field.mode === undefined || field.mode === '' ? 'NULLABLE' : field.mode) as FieldMode;
    return {
      name: field.name,
      type,
      mode,
      ...(field.description === undefined ? {} : { description: field.description }),
      ...(type === 'RECORD' ? { fields: fieldsOf(field.fields ?? [], `${path}${field.name}.`) } : {}),
    };
  });
}

/** A field list as a load job's schema. */
export function apiFields(fields: readonly Field[]): ApiField[] {
  return fields.map(({ name, type, mode, fields: inner }) => ({
    name,
    type,
    mode,
    ...(inner === undefined ? {} : { fields: apiFields(inner) }),
  }));
}

/**
 * The fields of a TEMP table whose rows go into `table`: as the schema has them, and every record with all members of the table's
 * record in the table's order. INSERT ... SELECT goes by position inside a STRUCT, and by count: with another order it would put
 * values into the wrong member where types agree. Loading JSON goes by name, so nothing else changes; members that the schema no
 * longer has are NULL, as in the table.
 */
export function tempFields(fields: readonly Field[], table: readonly Field[]): readonly Field[] {
  const there = fieldsByName(table);
  return fields.map((field): Field => {
    const deployed = there.get(field.name)?.fields;
    if (field.fields === undefined || deployed === undefined) return field;
    return { ...field, fields: orderedAs(field.fields, deployed) };
  });
}

function orderedAs(fields: readonly Field[], deployed: readonly Field[]): readonly Field[] {
  const wanted = fieldsByName(fields);
  const known = fieldsByName(deployed);
  const ordered = deployed.map((member): Field => {
    const field = wanted.get(member.name);
    if (field === undefined) return member;
    return field.fields === undefined || member.fields === undefined
      ? field
      : { ...field, fields: orderedAs(field.fields, member.fields) };
  });
  // The table lacks them: preparing has said so, and the INSERT would.
  return [...ordered, ...fields.filter(({ name }) => known.get(name) === undefined)];
}
