import assert from 'node:assert/strict';
import { TerminalError } from '../../workloads/core/errors.ts';
import { itUnless } from './store-bench.ts';
import {
  bring,
  typeOf,
  withoutAdded,
  type FileField,
  type StoredRow,
  type WarehouseContract,
} from './warehouse-bench.ts';

const BEFORE: readonly FileField[] = [
  { name: 's', type: 'STRING' },
  { name: 'must', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'rec', type: 'RECORD', mode: 'REQUIRED', fields: [{ name: 'a', type: 'INTEGER' }] },
  {
    name: 'recs',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'a', type: 'STRING' },
      { name: 'deep', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER' }] },
    ],
  },
];

const OLD_LINES = [
  '{"n":1,"s":"old","must":1,"rec":{"a":1},"recs":[{"a":"p","deep":{"x":1}},{"a":"q"}]}',
  '{"n":2,"must":2,"rec":{}}',
];
const OLD_ROWS: readonly StoredRow[] = [
  {
    n: 1n,
    s: 'old',
    must: 1n,
    rec: { a: 1n },
    recs: [
      { a: 'p', deep: { x: 1n } },
      { a: 'q', deep: null },
    ],
  },
  { n: 2n, s: null, must: 2n, rec: { a: null }, recs: [] },
];

/** The fields after a change of one of them. */
function changed(name: string, change: object): FileField[] {
  return BEFORE.map((field) => (field.name === name ? { ...field, ...change } : field));
}

const NEW: readonly FileField[] = [
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  { name: 'price', type: 'NUMERIC' },
];

/** A change that only adds: the fields after it, a new line, and how old and new rows read. */
interface Additive {
  readonly what: string;
  readonly fields: readonly FileField[];
  readonly line: string;
  readonly row: StoredRow;
  readonly old: (row: StoredRow) => StoredRow;
}

const RECS = BEFORE[3]!.fields!;

const ADDITIVE: readonly Additive[] = [
  {
    what: 'new fields at the top',
    fields: [...NEW, ...BEFORE],
    line: '{"n":3,"must":3,"rec":{},"tags":["t"],"price":1.10}',
    row: { n: 3n, s: null, must: 3n, rec: { a: null }, recs: [], tags: ['t'], price: '1.1' },
    old: (row) => ({ ...row, tags: [], price: null }),
  },
  {
    what: 'new fields in a record',
    fields: changed('rec', { fields: [...NEW, { name: 'a', type: 'INTEGER' }] }),
    line: '{"n":3,"must":3,"rec":{"price":"2.50","tags":["t"]}}',
    row: { n: 3n, s: null, must: 3n, rec: { a: null, tags: ['t'], price: '2.5' }, recs: [] },
    old: (row) => ({ ...row, rec: { ...(row.rec as StoredRow), tags: [], price: null } }),
  },
  {
    what: 'new fields in an array of records, and in a record of theirs',
    fields: changed('recs', {
      fields: [RECS[0], { ...RECS[1], fields: [{ name: 'x', type: 'INTEGER' }, ...NEW] }, ...NEW],
    }),
    line: '{"n":3,"must":3,"rec":{},"recs":[{"tags":["t"],"deep":{"tags":["u"],"price":5}}]}',
    row: {
      n: 3n,
      s: null,
      must: 3n,
      rec: { a: null },
      recs: [{ a: null, deep: { x: null, tags: ['u'], price: '5' }, tags: ['t'], price: null }],
    },
    old: ({ recs, ...row }) => ({
      ...row,
      recs: (recs as StoredRow[]).map((element) => ({
        ...element,
        deep: element.deep === null ? null : { ...(element.deep as StoredRow), tags: [], price: null },
        tags: [],
        price: null,
      })),
    }),
  },
  {
    what: 'REQUIRED becomes NULLABLE, of a scalar and of a record that grows too',
    fields: changed('must', { mode: 'NULLABLE' }).map((field) =>
      field.name === 'rec'
        ? {
            ...field,
            mode: 'NULLABLE',
            fields: [
              { name: 'a', type: 'INTEGER' },
              { name: 'b', type: 'STRING' },
            ],
          }
        : field,
    ),
    line: '{"n":3}',
    row: { n: 3n, s: null, must: null, rec: null, recs: [] },
    old: (row) => ({ ...row, rec: { ...(row.rec as StoredRow), b: null } }),
  },
  {
    what: 'a field that is left out keeps its column',
    fields: BEFORE.filter(({ name }) => name !== 'must' && name !== 's'),
    line: '{"n":3,"rec":{}}',
    row: { n: 3n, s: null, must: null, rec: { a: null }, recs: [] },
    old: (row) => row,
  },
  {
    what: 'a field that the log spells in other case keeps its column',
    fields: BEFORE.map((field) => (field.name === 's' ? { ...field, name: 'S' } : field)),
    line: '{"n":3,"S":"new","must":3,"rec":{}}',
    row: { n: 3n, s: 'new', must: 3n, rec: { a: null }, recs: [] },
    old: (row) => row,
  },
];

const BREAKING: readonly [what: string, path: string, fields: readonly FileField[]][] = [
  ['another type', 's', changed('s', { type: 'INTEGER' })],
  ['a scalar becomes an array', 's', changed('s', { mode: 'REPEATED' })],
  ['an array becomes a record', 'recs', changed('recs', { mode: 'NULLABLE' })],
  ['a new REQUIRED field', 'fresh', [...BEFORE, { name: 'fresh', type: 'STRING', mode: 'REQUIRED' }]],
  ['another type in a record', 'rec.a', changed('rec', { fields: [{ name: 'a', type: 'STRING' }] })],
  [
    'another type in a record that becomes NULLABLE',
    'rec.a',
    changed('rec', { mode: 'NULLABLE', fields: [{ name: 'a', type: 'STRING' }] }),
  ],
  [
    'another type in an array of records',
    'recs.deep.x',
    changed('recs', { fields: [RECS[0], { ...RECS[1], fields: [{ name: 'x', type: 'FLOAT' }] }] }),
  ],
  ['another type, and new fields beside it', 'must', [...NEW, ...changed('must', { type: 'STRING' })]],
];

export function changesContract({ make, differences }: WarehouseContract): void {
  const before = typeOf('grown', BEFORE);

  describe('a schema that changes', () => {
    for (const { what, fields, line, row, old } of ADDITIVE) {
      itUnless(differences.records)(`${what}: old rows stay, new ones load`, async () => {
        const bench = await make();
        await bench.warehouse.session((session) => bring(bench, session, before, OLD_LINES));
        const after = typeOf('grown', fields);
        await bench.warehouse.session(async (session) => {
          await session.prepareTable(after);
          await bring(bench, session, after, [line], { folderHour: '2026-11-20T15:00:00Z' });
        });
        assert.deepEqual(withoutAdded(await bench.rows('grown')), [...OLD_ROWS.map(old), row]);
      });
    }

    for (const [what, path, fields] of BREAKING) {
      it(`${what} -> TerminalError that names ${path}, and the table is as it was`, async () => {
        const bench = await make();
        await bench.warehouse.session(async (session) => {
          await bring(bench, session, before, OLD_LINES);
          const described = await session.describe('grown');
          await assert.rejects(session.prepareTable(typeOf('grown', fields)), (error) => {
            assert.ok(error instanceof TerminalError, String(error));
            assert.match(error.message, new RegExp(`\\b${path.replaceAll('.', '\\.')}: expected `));
            return true;
          });
          assert.deepEqual(await session.describe('grown'), described);
        });
        // What such an engine holds of records proves nothing: the other tests of this schema are skipped for it, aloud.
        if (differences.records === undefined)
          assert.deepEqual(withoutAdded(await bench.rows('grown')), OLD_ROWS);
      });
    }
  });
}
