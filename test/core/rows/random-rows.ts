import fc, { type GeneratorValue as Gen } from 'fast-check';
import type { Field, FieldType, LogType } from '../../../workloads/core/schema/log-type.ts';
import type { RawLogType } from '../../../workloads/core/schema/parse.ts';
import { logTypeOf } from './verdict.ts';

/** Random schemas, and rows that mostly fit them: a row of pure chance would be refused at its first key. */

const NAMES = ['a', 'b', 'c', 'Ab', 'ts', '_1'];

/** JSON texts on both sides of every type's edge; each field also gets those of the others. */
const VALUES: Readonly<Record<Exclude<FieldType, 'RECORD'>, readonly string[]>> = {
  STRING: ['""', '"한🎮"', '"\\ud83c\\udfae"', '"\\ud83c"', '"\\udfae x"', '"\\u0000"', '"null"', '"a\\"b"'],
  BYTES: ['"AA=="', '"AB=="', '"\\/w=="', '"AAAA"', '"AAA"', '"AA==="', '"-_=="'],
  INTEGER: [
    ...[
      '0',
      '-0',
      '7',
      '1.0',
      '-1.00',
      '1e3',
      '007',
      '9007199254740991',
      '9007199254740992',
      '-9007199254740992',
      '1700000000',
      '1700000000000',
    ],
    ...[
      '"7"',
      '"-0"',
      '"007"',
      '"9223372036854775807"',
      '"9223372036854775808"',
      '"-9223372036854775808"',
      '253370764800',
      '-62104060801',
    ],
  ],
  FLOAT: [
    '1.5',
    '-0.0',
    '1e400',
    '5e-324',
    '1e-400',
    '1.7976931348623157e308',
    '"1.5"',
    '"NaN"',
    '"-Infinity"',
    '"1e400"',
    '"inf"',
    '01.5',
  ],
  NUMERIC: [
    '1.10',
    '123456789012345',
    '1234567890123456',
    '0.123456789',
    '0.1234567891',
    '1e28',
    '1e29',
    '0.04e30',
    '"1.10"',
    '"0.1234567891"',
    '"1e3"',
  ],
  BOOLEAN: ['true', 'false', '"true"', '"FALSE"', '"yes"', 'tru'],
  TIMESTAMP: [
    ...[
      '"2026-11-20T14:00:00Z"',
      '"2026-11-20 14:00:00.123456+09:00"',
      '"2026-11-20T14:00:00 UTC"',
      '"2026-11-20T14:00:00z"',
    ],
    ...[
      '"0001-06-01T00:00:00Z"',
      '"9999-06-01T00:00:00Z"',
      '"9999-12-31T00:00:00+01:00"',
      '"2026-11-20T14:00:00+14:30"',
    ],
  ],
  DATE: ['"2024-02-29"', '"2023-02-29"', '"0000-01-01"', '"9999-12-31"'],
  TIME: ['"23:59:59.999999"', '"24:00:00"', '"23:59:60"', '"1:00:00"'],
  DATETIME: ['"2026-11-20T14:00:00"', '"2026-11-20 14:00:00.1234567"', '"2026-11-31 00:00:00"'],
  JSON: [
    ...[
      '{"a":1,"a":2}',
      '{"a":{"b":[1.10,null]}}',
      '[[]]',
      '{}',
      '[]',
      '0.30000000000000004',
      '1.00000000000000000001',
      '18446744073709551616',
    ],
    ...[
      '{"\\ud800":1,"\\ud800":2}',
      '["\\udc00"]',
      '{"__proto__":{"x":1}}',
      '{"\\u0061":1,"a":2}',
      '{"x":1e400}',
    ],
  ],
};
const ALL = Object.values(VALUES).flat();
const TYPES = Object.keys(VALUES) as (keyof typeof VALUES)[];
const COERCIBLE = ['STRING', 'INTEGER', 'FLOAT', 'BOOLEAN', 'TIMESTAMP'];

function pick<T>(gen: Gen, values: readonly T[]): T {
  return values[gen(fc.nat, values.length - 1)]!;
}

/** True in one of `times` cases. */
function once(gen: Gen, times: number): boolean {
  return gen(fc.nat, times - 1) === times - 1;
}

export function randomLogType(gen: Gen): LogType {
  const { fields, ...more } = randomSchema(gen);
  return logTypeOf(fields, more);
}

/** A schema file's content. */
export function randomSchema(gen: Gen): Pick<RawLogType, 'columns' | 'unknownFields'> & { fields: Field[] } {
  const fields = randomFields(gen, 0);
  const columns: NonNullable<RawLogType['columns']> = {};
  for (const { name, type, mode } of fields) {
    if (mode === 'REPEATED' || once(gen, 2)) continue;
    if (type === 'INTEGER')
      columns[`${name}_t`] = { from: name, as: 'TIMESTAMP', unit: pick(gen, ['s', 'ms', 'us'] as const) };
    if (type === 'TIMESTAMP') columns[`${name}_d`] = { from: name, as: 'DATE', timeZone: 'Asia/Seoul' };
  }
  return { fields, columns, unknownFields: pick(gen, ['reject', 'keep'] as const) };
}

function randomFields(gen: Gen, level: number): Field[] {
  const count = 1 + gen(fc.nat, 4);
  return NAMES.slice(0, count).map((name): Field => {
    const type = level < 2 && once(gen, 4) ? 'RECORD' : pick(gen, TYPES);
    const modes: readonly Field['mode'][] = ['NULLABLE', 'NULLABLE', 'REQUIRED', 'REPEATED'];
    const mode = pick(gen, type === 'JSON' ? modes.slice(0, 3) : modes);
    return {
      name,
      type,
      mode,
      ...(type === 'RECORD' ? { fields: randomFields(gen, level + 1) } : {}),
      ...(COERCIBLE.includes(type) && once(gen, 3) ? { coerce: true } : {}),
    };
  });
}

/** One row's text; about half of them fit. */
export function randomRow(gen: Gen, logType: LogType): string {
  const row = object(gen, logType.fields);
  if (!once(gen, 8)) return row;
  const at = gen(fc.nat, row.length);
  const by = pick(gen, ['', ',', '}', '"', '\\', ' ', '0', '\u0001', '\u00a0', '{', ':', 'e']);
  // A cut through an emoji leaves no UTF-8.
  return (row.slice(0, at) + by + row.slice(at + gen(fc.nat, 2))).toWellFormed();
}

function object(gen: Gen, fields: readonly Field[]): string {
  const members = fields.flatMap((field) => {
    if (once(gen, 12)) return [];
    const member = `${key(gen, field.name)}${space(gen)}:${space(gen)}${value(gen, field)}`;
    return once(gen, 40) ? [member, `${key(gen, field.name)}:${value(gen, field)}`] : [member];
  });
  if (once(gen, 16))
    members.push(`${pick(gen, ['"z"', '"A"', '"\\ud800"', '"a.a"', '"a[0].a"', '""'])}:${pick(gen, ALL)}`);
  if (once(gen, 4)) members.reverse();
  return `{${members.join(`${space(gen)},${space(gen)}`)}}`;
}

function value(gen: Gen, field: Field): string {
  if (once(gen, 20)) return pick(gen, ALL);
  if (once(gen, 20)) return 'null';
  if (field.mode !== 'REPEATED') return single(gen, field);
  return `[${Array.from({ length: gen(fc.nat, 3) }, () => (once(gen, 20) ? 'null' : single(gen, field))).join(',')}]`;
}

function single(gen: Gen, field: Field): string {
  if (field.type === 'RECORD') return object(gen, field.fields ?? []);
  // The first value of each type is one that fits.
  return once(gen, 3) ? pick(gen, VALUES[field.type]) : VALUES[field.type][0]!;
}

function key(gen: Gen, name: string): string {
  if (!once(gen, 10)) return `"${name}"`;
  return `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`;
}

function space(gen: Gen): string {
  return once(gen, 10) ? pick(gen, [' ', '\t', '\r', '  ']) : '';
}
