import { duckdbBench } from './duckdb-bench.ts';
import { bring, typeOf, type FileField, type StoredRow, type Value } from './warehouse-bench.ts';
import { CASES } from './warehouse-cases.ts';
import type { LogType } from '../../workloads/core/schema/log-type.ts';

/** One field of every scalar type; a JSON value can be an array itself and is never REPEATED. */
const leaves = (prefix: string, mode = 'NULLABLE'): FileField[] =>
  Object.keys(CASES)
    .filter((type) => mode !== 'REPEATED' || type !== 'JSON')
    .map((type) => ({ name: `${prefix}_${type.toLowerCase()}`, type, mode }));

const record = (name: string, fields: readonly FileField[], mode = 'NULLABLE'): FileField => ({
  name,
  type: 'RECORD',
  mode,
  fields,
});

/** What a schema may add at any place: every type, alone, in arrays, in records and in arrays of records. */
const ADDED: readonly FileField[] = [
  ...leaves('new'),
  ...leaves('news', 'REPEATED'),
  record('new_rec', leaves('in')),
  record('new_recs', leaves('in'), 'REPEATED'),
];

const BEFORE: readonly FileField[] = [
  ...leaves('old'),
  ...leaves('olds', 'REPEATED'),
  ...leaves('must', 'REQUIRED'),
  record('rec', [...leaves('a'), record('deep', leaves('b'))]),
  record(
    'recs',
    [...leaves('a'), record('deep', leaves('b')), record('deeps', leaves('b'), 'REPEATED')],
    'REPEATED',
  ),
];

/** The fields with more of them in the records at the paths; the path '' is the top. */
function grown(fields: readonly FileField[], paths: readonly string[], prefix = ''): FileField[] {
  const inner = fields.map((field) =>
    field.fields === undefined
      ? field
      : { ...field, fields: grown(field.fields, paths, `${prefix}/${field.name}`) },
  );
  return paths.includes(prefix) ? [...inner, ...ADDED] : inner;
}

const relaxed = (fields: readonly FileField[]): FileField[] =>
  fields.map((field) => (field.mode === 'REQUIRED' ? { ...field, mode: 'NULLABLE' } : field));

/** The fields without any array but `recs`: what only a table keeps. */
const withoutArrays = (fields: readonly FileField[]): FileField[] =>
  fields
    .filter(({ name, mode }) => mode !== 'REPEATED' || name === 'recs')
    .map((field) => (field.fields === undefined ? field : { ...field, fields: withoutArrays(field.fields) }));

const DEEP = ['/rec/deep', '/recs/deep', '/recs/deeps'];
const CHANGES: Readonly<Record<string, readonly FileField[]>> = {
  top: grown(BEFORE, ['']),
  in_record: grown(BEFORE, ['/rec']),
  in_records: grown(BEFORE, ['/recs']),
  ...Object.fromEntries(DEEP.map((path) => [`in${path.replaceAll('/', '_')}`, grown(BEFORE, [path])])),
  relaxed: relaxed(BEFORE),
  all: relaxed(grown(BEFORE, ['', '/rec', '/recs', ...DEEP])),
  dropped: withoutArrays(BEFORE),
  dropped_and_grown: grown(withoutArrays(BEFORE), ['', '/rec', '/recs', '/rec/deep', '/recs/deep']),
};

/** What the tables have afterwards where that is more than the fields. */
const KEPT: Readonly<Record<string, readonly FileField[]>> = {
  dropped: BEFORE,
  dropped_and_grown: grown(BEFORE, ['', '/rec', '/recs', '/rec/deep', '/recs/deep']),
};

export interface Growth {
  readonly before: LogType;
  readonly after: LogType;
  /** Of the schema afterwards. */
  readonly fields: readonly FileField[];
  /** Of the table afterwards. */
  readonly kept: readonly FileField[];
}

const NUMBER: FileField = { name: 'n', type: 'INTEGER' };

/** A type for every additive change, and for arrays that are left out. */
export const GROWTHS: readonly Growth[] = Object.entries(CHANGES).map(([table, fields]) => ({
  before: typeOf(table, BEFORE),
  after: typeOf(table, fields),
  fields: [NUMBER, ...fields],
  kept: [NUMBER, ...(KEPT[table] ?? fields)],
}));

interface Sample<T extends Value = Value> {
  readonly text: string;
  readonly stored: T;
}

function sample(field: FileField, which: number): Sample {
  if (field.mode === 'REPEATED') {
    const items = [which, which + 1].map((item) => sample({ ...field, mode: 'NULLABLE' }, item));
    return { text: `[${items.map(({ text }) => text).join()}]`, stored: items.map(({ stored }) => stored) };
  }
  if (field.fields !== undefined) return sampleRow(field.fields, which);
  const cases = CASES[field.type]!;
  const [text, stored] = cases[which % cases.length]!;
  return { text, stored };
}

function sampleRow(fields: readonly FileField[], which: number): Sample<StoredRow> {
  const members = fields.map((field) => [field.name, sample(field, which)] as const);
  return {
    text: `{${members.map(([name, { text }]) => `"${name}":${text}`).join()}}`,
    stored: Object.fromEntries(members.map(([name, { stored }]) => [name, stored])),
  };
}

/** A row of all fields, numbered. */
export function fullRow(fields: readonly FileField[], n: number): Sample<StoredRow> {
  const { text, stored } = sampleRow(
    fields.filter(({ name }) => name !== 'n'),
    n,
  );
  return { text: `{"n":${n},${text.slice(1)}`, stored: { n: BigInt(n), ...stored } };
}

const REQUIRED = BEFORE.filter(({ mode }) => mode === 'REQUIRED');
const sparse = fullRow(REQUIRED, 4);

/** Full rows, one of little more than nothing, and one of empty records. */
const OLD: readonly Sample<StoredRow>[] = [
  ...[1, 2, 3].map((n) => fullRow(BEFORE, n)),
  sparse,
  {
    text: sparse.text.replace('{"n":4', '{"n":5,"rec":{"deep":{}},"recs":[{},{"deep":{},"deeps":[{}]}]'),
    stored: {
      ...sparse.stored,
      n: 5n,
      rec: { deep: {} },
      recs: [{}, { deep: {}, deeps: [{}] }],
    },
  },
];

/** How a row reads under fields that it may not all have: arrays are empty, all else is NULL. */
export function readAs(fields: readonly FileField[], row: StoredRow): StoredRow {
  return Object.fromEntries(fields.map((field) => [field.name, readField(field, row[field.name] ?? null)]));
}

function readField(field: FileField, value: Value): Value {
  if (field.mode === 'REPEATED')
    return ((value ?? []) as Value[]).map((item) => readField({ ...field, mode: 'NULLABLE' }, item));
  return field.fields === undefined || value === null ? value : readAs(field.fields, value as StoredRow);
}

export const oldRows = (fields: readonly FileField[]): StoredRow[] =>
  OLD.map(({ stored }) => readAs(fields, stored));

/** A process of its own that makes every change one after another, or only all of them at once and then hangs. */
export const MADE = { close: GROWTHS, hang: GROWTHS.filter(({ after }) => after.table === 'all') } as const;

async function grow(folder: string, mode: keyof typeof MADE): Promise<void> {
  const bench = await duckdbBench(folder);
  await bench.warehouse.session(async (session) => {
    for (const { before, after } of MADE[mode]) {
      await bring(
        bench,
        session,
        before,
        OLD.map(({ text }) => text),
      );
      await session.setLabel(before.table, 'hint', "it's kept");
      await session.prepareTable(after);
    }
    console.log('ready');
    if (mode === 'hang') await new Promise((resolve) => setTimeout(resolve, 600_000));
  });
}

const [, script, mode, folder] = process.argv;
if (script?.endsWith('warehouse-growth.ts') && folder !== undefined)
  void grow(folder, mode === 'hang' ? 'hang' : 'close');
