import type { Field, FieldType } from '../../../core/schema/log-type.ts';
import { Column, type ColumnKind } from './column.ts';
import { ThriftStruct } from './thrift.ts';

/** Parquet's enums, by the names that parquet.thrift gives them. */
const PHYSICAL: Readonly<Record<ColumnKind, number>> = {
  boolean: 0,
  int32: 1,
  int64: 2,
  double: 5,
  bytes: 6,
  decimal: 7,
};
const REPETITION = { required: 0, optional: 1, repeated: 2 } as const;
const CONVERTED = {
  utf8: 0,
  list: 3,
  decimal: 5,
  date: 6,
  timeMicros: 8,
  timestampMicros: 10,
  json: 19,
} as const;

/** A field as columns of a file: one for a scalar, one for each leaf of a RECORD. */
export interface FieldColumns {
  readonly field: Field;
  /** Definition level of a value of the field that is there; one less says that there is none, or an empty list. */
  readonly definition: number;
  /** Repetition level of a list's second and further elements. */
  readonly repetition: number;
  /** Of a RECORD. */
  readonly members: readonly FieldColumns[];
  /** All leaves: one where the field is no RECORD. */
  readonly columns: readonly Column[];
}

/** A schema's columns, and how a file's footer describes them. */
export interface FileSchema {
  readonly fields: readonly FieldColumns[];
  readonly columns: readonly FileColumn[];
  /** Of the footer. */
  readonly elements: readonly Uint8Array[];
}

/** A column with those fields of its chunks' footers that are the same in every row group. */
export interface FileColumn {
  readonly column: Column;
  readonly chunkHead: Uint8Array;
}

/**
 * Every field is optional; a REPEATED one is a list that is there but may be empty, whose elements are required: BigQuery has no NULL
 * arrays and no NULL in one.
 */
export function fileSchema(fields: readonly Field[]): FileSchema {
  const columns: FileColumn[] = [];
  const elements = [new ThriftStruct().text(4, 'schema').i32(5, fields.length).end()];
  const tree = fields.map((field) =>
    add(field, { definition: 0, repetition: 0, path: [] }, columns, elements),
  );
  return { fields: tree, columns, elements };
}

interface Place {
  readonly definition: number;
  readonly repetition: number;
  readonly path: readonly string[];
}

function add(field: Field, above: Place, columns: FileColumn[], elements: Uint8Array[]): FieldColumns {
  const isList = field.mode === 'REPEATED';
  const definition = above.definition + 1;
  const repetition = above.repetition + (isList ? 1 : 0);
  const first = columns.length;
  let path = [...above.path, field.name];
  if (isList) {
    elements.push(group(field.name, REPETITION.required, 1).i32(6, CONVERTED.list).end());
    elements.push(group('list', REPETITION.repeated, 1).end());
    path = [...path, 'list', 'element'];
  }
  const name = isList ? 'element' : field.name;
  const repeats = isList ? REPETITION.required : REPETITION.optional;
  if (field.type === 'RECORD') {
    const inner = field.fields ?? [];
    elements.push(group(name, repeats, inner.length).end());
    const place = { definition, repetition, path };
    const members = inner.map((each) => add(each, place, columns, elements));
    return { field, definition, repetition, members, columns: leaves(columns, first) };
  }
  const { kind, describe } = SCALARS[field.type];
  elements.push(describe(leaf(kind, name, repeats)).end());
  columns.push({ column: new Column(kind, definition, repetition), chunkHead: chunkHead(kind, path) });
  return { field, definition, repetition, members: [], columns: leaves(columns, first) };
}

const leaves = (columns: readonly FileColumn[], first: number): Column[] =>
  columns.slice(first).map(({ column }) => column);

function group(name: string, repetition: number, children: number): ThriftStruct {
  return new ThriftStruct().i32(3, repetition).text(4, name).i32(5, children);
}

function leaf(kind: ColumnKind, name: string, repetition: number): ThriftStruct {
  const element = new ThriftStruct().i32(1, PHYSICAL[kind]);
  if (kind === 'decimal') element.i32(2, 16);
  return element.i32(3, repetition).text(4, name);
}

/** PLAIN values with RLE levels, uncompressed. */
function chunkHead(kind: ColumnKind, path: readonly string[]): Uint8Array {
  return new ThriftStruct().i32(1, PHYSICAL[kind]).i32List(2, [0, 3]).textList(3, path).i32(4, 0).fields();
}

type Describe = (element: ThriftStruct) => ThriftStruct;
const plain: Describe = (element) => element;
const converted =
  (type: number): Describe =>
  (element) =>
    element.i32(6, type);
/** A LogicalType whose only content is which one it is. */
const micros = (isAdjustedToUtc: boolean): ThriftStruct =>
  new ThriftStruct().bool(1, isAdjustedToUtc).struct(2, new ThriftStruct().struct(2, new ThriftStruct()));
const timestamp =
  (isUtc: boolean): Describe =>
  (element) =>
    element.i32(6, CONVERTED.timestampMicros).struct(10, new ThriftStruct().struct(8, micros(isUtc)));

const SCALARS: Readonly<
  Record<Exclude<FieldType, 'RECORD'>, { readonly kind: ColumnKind; readonly describe: Describe }>
> = {
  STRING: { kind: 'bytes', describe: converted(CONVERTED.utf8) },
  BYTES: { kind: 'bytes', describe: plain },
  INTEGER: { kind: 'int64', describe: plain },
  FLOAT: { kind: 'double', describe: plain },
  // 38 digits, 9 of them behind the point.
  NUMERIC: { kind: 'decimal', describe: (element) => element.i32(6, CONVERTED.decimal).i32(7, 9).i32(8, 38) },
  BOOLEAN: { kind: 'boolean', describe: plain },
  TIMESTAMP: { kind: 'int64', describe: timestamp(true) },
  DATE: { kind: 'int32', describe: converted(CONVERTED.date) },
  TIME: {
    kind: 'int64',
    describe: (element) =>
      element.i32(6, CONVERTED.timeMicros).struct(10, new ThriftStruct().struct(7, micros(false))),
  },
  DATETIME: { kind: 'int64', describe: timestamp(false) },
  JSON: { kind: 'bytes', describe: converted(CONVERTED.json) },
};
