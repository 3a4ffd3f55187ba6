import type {
  TypeProto,
  TypeProto__Output,
} from '@fivetrandevelopers/zetasql/lib/types/zetasql/TypeProto.js';
import type {
  ValueProto,
  ValueProto__Output,
} from '@fivetrandevelopers/zetasql/lib/types/zetasql/ValueProto.js';
import type { Field, FieldType } from '../../workloads/core/schema/log-type.ts';

/** A value to store: the text of a scalar (of a JSON value its JSON), an array, a record by field name, or null. */
export type Cell = string | null | readonly Cell[] | { readonly [field: string]: Cell };

/**
 * A value as both engines' answers are compared. Everything is text in one spelling: TIMESTAMP `2026-11-20T14:00:00.5Z`, DATETIME
 * the same without Z, DATE, TIME; fractions and decimals without trailing zeros; BYTES as hexadecimal; JSON by value.
 */
export type Normal = string | null | readonly Normal[] | { readonly [field: string]: Normal };

interface Kind {
  readonly kind: string & NonNullable<TypeProto['typeKind']>;
  readonly name: string;
  readonly number: number;
}

const KINDS: Readonly<Record<Exclude<FieldType, 'RECORD'>, Kind>> = {
  INTEGER: { kind: 'TYPE_INT64', name: 'INT64', number: 2 },
  BOOLEAN: { kind: 'TYPE_BOOL', name: 'BOOL', number: 5 },
  FLOAT: { kind: 'TYPE_DOUBLE', name: 'FLOAT64', number: 7 },
  STRING: { kind: 'TYPE_STRING', name: 'STRING', number: 8 },
  BYTES: { kind: 'TYPE_BYTES', name: 'BYTES', number: 9 },
  DATE: { kind: 'TYPE_DATE', name: 'DATE', number: 10 },
  TIMESTAMP: { kind: 'TYPE_TIMESTAMP', name: 'TIMESTAMP', number: 19 },
  TIME: { kind: 'TYPE_TIME', name: 'TIME', number: 20 },
  DATETIME: { kind: 'TYPE_DATETIME', name: 'DATETIME', number: 21 },
  NUMERIC: { kind: 'TYPE_NUMERIC', name: 'NUMERIC', number: 23 },
  JSON: { kind: 'TYPE_JSON', name: 'JSON', number: 26 },
};

/** Answers carry the number of a kind, catalogs its name. */
const NAMES = new Map<number | string, string>(
  Object.values(KINDS).flatMap(({ kind, number, name }) => [[number, name] as const, [kind, name] as const]),
);

/** The type of a field, as the catalog carries it. */
export function typeOf(field: Field): TypeProto {
  const one: TypeProto =
    field.type === 'RECORD'
      ? {
          typeKind: 'TYPE_STRUCT',
          structType: {
            field: (field.fields ?? []).map((inner) => ({ fieldName: inner.name, fieldType: typeOf(inner) })),
          },
        }
      : { typeKind: KINDS[field.type].kind };
  return field.mode === 'REPEATED' ? { typeKind: 'TYPE_ARRAY', arrayType: { elementType: one } } : one;
}

/** A type as BigQuery spells it. */
export function spellType(type: TypeProto__Output): string {
  if (type.arrayType?.elementType) return `ARRAY<${spellType(type.arrayType.elementType)}>`;
  if (type.structType) {
    return `STRUCT<${type.structType.field.map(({ fieldName, fieldType }) => `${fieldName} ${spellType(fieldType!)}`).join(', ')}>`;
  }
  return NAMES.get(type.typeKind) ?? `kind ${type.typeKind}`;
}

/** A stored value on its way to ZetaSQL. */
export function toValue(field: Field, cell: Cell): ValueProto {
  if (field.mode === 'REPEATED') {
    const one: Field = { ...field, mode: 'NULLABLE' };
    return { arrayValue: { element: ((cell ?? []) as readonly Cell[]).map((inner) => toValue(one, inner)) } };
  }
  if (cell === null) return {};
  if (field.type === 'RECORD') {
    const record = cell as Readonly<Record<string, Cell>>;
    return {
      structValue: { field: (field.fields ?? []).map((inner) => toValue(inner, record[inner.name] ?? null)) },
    };
  }
  return toScalar(field.type, cell as string);
}

function toScalar(type: Exclude<FieldType, 'RECORD'>, text: string): ValueProto {
  switch (type) {
    case 'STRING':
      return { stringValue: text };
    case 'JSON':
      return { jsonValue: text };
    case 'INTEGER':
      return { int64Value: text };
    case 'FLOAT':
      return { doubleValue: Number(text) };
    case 'BOOLEAN':
      return { boolValue: text === 'true' };
    case 'BYTES':
      return { bytesValue: Buffer.from(text, 'base64') };
    case 'NUMERIC':
      return { numericValue: toNumeric(text) };
    case 'DATE':
      return { dateValue: Date.parse(`${text}T00:00:00Z`) / 86_400_000 };
    case 'TIMESTAMP': {
      const { seconds, nanos } = split(text.replace(/Z$/, ''));
      return { timestampValue: { seconds: String(Date.parse(`${seconds}Z`) / 1000), nanos } };
    }
    case 'DATETIME': {
      const { seconds, nanos } = split(text.replace(' ', 'T'));
      return {
        datetimeValue: {
          bitFieldDatetimeSeconds: pack(seconds.split(/[-T:]/), [26n, 22n, 17n, 12n, 6n, 0n]),
          nanos,
        },
      };
    }
    case 'TIME': {
      const { seconds, nanos } = split(text);
      return { timeValue: pack([...seconds.split(':'), String(nanos)], [42n, 36n, 30n, 0n]) };
    }
  }
}

/** @param text Digits, and perhaps a fraction of a second. */
function split(text: string): { seconds: string; nanos: number } {
  const [seconds = '', fraction = ''] = text.split('.');
  return { seconds, nanos: Number(fraction.padEnd(9, '0')) };
}

/** Civil time travels as bit fields. */
function pack(parts: readonly string[], shifts: readonly bigint[]): string {
  return String(parts.reduce((bits, part, index) => bits | (BigInt(part) << shifts[index]!), 0n));
}

function unpack(
  bits: bigint,
  layout: readonly (readonly [shift: bigint, width: bigint, digits: number])[],
): string[] {
  return layout.map(([shift, width, digits]) =>
    String((bits >> shift) & ((1n << width) - 1n)).padStart(digits, '0'),
  );
}

const SCALE = 9;

/** NUMERIC travels as the little-endian two's complement of itself times 10^9, in as few bytes as hold it. */
function toNumeric(text: string): Buffer {
  const [whole = '', fraction = ''] = text.split('.');
  let scaled = BigInt(`${whole}${fraction.padEnd(SCALE, '0')}`);
  const bytes: number[] = [];
  for (;;) {
    const byte = Number(BigInt.asUintN(8, scaled));
    bytes.push(byte);
    scaled >>= 8n;
    if ((scaled === 0n && byte < 0x80) || (scaled === -1n && byte >= 0x80)) return Buffer.from(bytes);
  }
}

function fromNumeric(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).reverse().toString('hex');
  const scaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(SCALE + 1, '0');
  return trimZeros(`${scaled < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`);
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const fraction = (nanos: number | string): string => trimZeros(`.${String(nanos).padStart(9, '0')}`);

/** What ZetaSQL answered. */
export function fromZetasql(type: TypeProto__Output, value: ValueProto__Output): Normal {
  // NULL is the value of which nothing is set; the generated type does not know it.
  if ((value as { value?: string }).value === undefined) return null;
  if (type.arrayType)
    return value.arrayValue!.element.map((inner) => fromZetasql(type.arrayType!.elementType!, inner));
  if (type.structType) {
    return Object.fromEntries(
      type.structType.field.map(({ fieldName, fieldType }, index) => [
        fieldName,
        fromZetasql(fieldType!, value.structValue!.field[index]!),
      ]),
    );
  }
  switch (spellType(type)) {
    case 'STRING':
      return value.stringValue!;
    case 'JSON':
      return byValue(value.jsonValue!);
    case 'INT64':
      return value.int64Value!.toString();
    case 'FLOAT64':
      return String(value.doubleValue);
    case 'BOOL':
      return String(value.boolValue);
    case 'BYTES':
      return Buffer.from(value.bytesValue!).toString('hex');
    case 'NUMERIC':
      return fromNumeric(value.numericValue as Uint8Array);
    case 'DATE':
      return new Date(value.dateValue! * 86_400_000).toISOString().slice(0, 10);
    case 'TIMESTAMP': {
      const { seconds, nanos } = value.timestampValue!;
      return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`;
    }
    case 'DATETIME': {
      const { bitFieldDatetimeSeconds, nanos } = value.datetimeValue!;
      const [year, month, day, ...time] = unpack(BigInt(bitFieldDatetimeSeconds.toString()), [
        ...([
          [26n, 14n, 4],
          [22n, 4n, 2],
          [17n, 5n, 2],
        ] as const),
        ...([
          [12n, 5n, 2],
          [6n, 6n, 2],
          [0n, 6n, 2],
        ] as const),
      ]);
      return `${year!}-${month!}-${day!}T${time.join(':')}${fraction(nanos)}`;
    }
    case 'TIME': {
      const bits = BigInt(value.timeValue!.toString());
      const layout = [
        [42n, 5n, 2],
        [36n, 6n, 2],
        [30n, 6n, 2],
        [0n, 30n, 9],
      ] as const;
      const [hour, minute, second, nanos] = unpack(bits, layout);
      return `${hour!}:${minute!}:${second!}${fraction(nanos!)}`;
    }
    default:
      throw new TypeError(`no comparison for ${spellType(type)}`);
  }
}

/** What DuckDB answered (through its JSON converter) for a column that is of this type in GoogleSQL. */
export function fromDuckdb(type: TypeProto__Output, value: unknown): Normal {
  if (value === null || value === undefined) return null;
  if (type.arrayType)
    return (value as unknown[]).map((inner) => fromDuckdb(type.arrayType!.elementType!, inner));
  if (type.structType) {
    const record = value as Record<string, unknown>;
    return Object.fromEntries(
      type.structType.field.map(({ fieldName, fieldType }) => [
        fieldName,
        fromDuckdb(fieldType!, record[fieldName]),
      ]),
    );
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (spellType(type)) {
    case 'JSON':
      return byValue(text);
    case 'NUMERIC':
      return trimZeros(text);
    case 'TIME':
      return trimZeros(text);
    case 'BYTES':
      return text
        .replaceAll(/\\x([0-9A-F]{2})|[^]/g, (byte, hex?: string) => hex ?? byte.charCodeAt(0).toString(16))
        .toLowerCase();
    case 'DATETIME':
      return trimZeros(text.replace(' ', 'T'));
    case 'TIMESTAMP':
      // A TIMESTAMP that DuckDB took for a zoneless one lacks the offset, and so differs.
      return text.endsWith('+00') ? `${trimZeros(text.slice(0, -3).replace(' ', 'T'))}Z` : text;
    default:
      return text;
  }
}

/** JSON by value: order of keys, white space and the spelling of numbers do not count (design 5.4). */
function byValue(text: string): string {
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(JSON.parse(text), sorted);
}
