import assert from 'node:assert/strict';
import { itUnless } from './store-bench.ts';
import {
  bring,
  typeOf,
  withoutAdded,
  type FileField,
  type StoredRow,
  type WarehouseContract,
} from './warehouse-bench.ts';

const field = (name: string, type: string, mode = 'NULLABLE'): FileField => ({ name, type, mode });
const record = (name: string, fields: readonly FileField[], mode = 'NULLABLE'): FileField => ({
  name,
  type: 'RECORD',
  mode,
  fields,
});

const TAGS = field('tags', 'STRING', 'REPEATED');
const PARTS = record('parts', [field('p', 'STRING')], 'REPEATED');
const DEEP = [field('x', 'INTEGER'), field('xs', 'INTEGER', 'REPEATED')];
const INNER = [field('a', 'STRING'), TAGS, record('deep', DEEP), record('deeps', DEEP, 'REPEATED')];

const BEFORE: readonly FileField[] = [
  TAGS,
  PARTS,
  record('rec', INNER),
  record('recs', INNER, 'REPEATED'),
  record('gone', INNER),
];

/** The same without any array of scalars, in another order, with one more field at each place. */
const FEWER = [field('x', 'INTEGER'), field('y', 'STRING')];
const LESS = [
  record('deeps', FEWER, 'REPEATED'),
  field('more', 'NUMERIC'),
  record('deep', FEWER),
  field('a', 'STRING'),
];
const AFTER: readonly FileField[] = [
  record('recs', LESS, 'REPEATED'),
  field('more', 'STRING'),
  record('rec', LESS),
];

const OLD_LINE =
  '{"n":1,"tags":["old"],"parts":[{"p":"q"}],"rec":{"tags":["in"],"deep":{"xs":[1]}},' +
  '"recs":[{"tags":["in"],"deeps":[{"xs":[2]}]}],"gone":{"deep":{"xs":[3]}}}';
const NEW_LINES = [
  '{"n":2,"more":"m","rec":{"a":"A","more":1.5,"deep":{"x":1,"y":"Y"},"deeps":[{"x":2},{}]},' +
    '"recs":[{"a":"B","deep":{"x":3},"deeps":[{"y":"Z"}]},{}]}',
  '{"n":3}',
  '{"n":4,"rec":{},"recs":[]}',
  '{"n":5,"rec":{"deep":{}},"recs":[{"deep":{}}]}',
];

const NOTHING: StoredRow = { tags: [], parts: [], rec: null, recs: [], gone: null, more: null };
const EMPTY: StoredRow = { a: null, tags: [], deep: null, deeps: [], more: null };
const EMPTY_DEEP: StoredRow = { x: null, xs: [], y: null };

const OLD_ROW: StoredRow = {
  ...NOTHING,
  n: 1n,
  tags: ['old'],
  parts: [{ p: 'q' }],
  rec: { ...EMPTY, tags: ['in'], deep: { ...EMPTY_DEEP, xs: [1n] } },
  recs: [{ ...EMPTY, tags: ['in'], deeps: [{ ...EMPTY_DEEP, xs: [2n] }] }],
  gone: { a: null, tags: [], deep: { x: null, xs: [3n] }, deeps: [] },
};
const NEW_ROWS: readonly StoredRow[] = [
  {
    ...NOTHING,
    n: 2n,
    more: 'm',
    rec: {
      ...EMPTY,
      a: 'A',
      more: '1.5',
      deep: { x: 1n, xs: [], y: 'Y' },
      deeps: [{ ...EMPTY_DEEP, x: 2n }, EMPTY_DEEP],
    },
    recs: [{ ...EMPTY, a: 'B', deep: { ...EMPTY_DEEP, x: 3n }, deeps: [{ ...EMPTY_DEEP, y: 'Z' }] }, EMPTY],
  },
  { ...NOTHING, n: 3n },
  { ...NOTHING, n: 4n, rec: EMPTY },
  { ...NOTHING, n: 5n, rec: { ...EMPTY, deep: EMPTY_DEEP }, recs: [{ ...EMPTY, deep: EMPTY_DEEP }] },
];

/** BigQuery has no NULL arrays: what is stored of an array that nobody names is an empty one. */
export function droppedArraysContract({ make, differences }: WarehouseContract): void {
  describe('arrays that a schema leaves out', () => {
    const before = typeOf('fewer', BEFORE);

    itUnless(differences.records)(
      'are empty in new rows at every depth, and still once they are back',
      async () => {
        const bench = await make();
        await bench.warehouse.session((session) => bring(bench, session, before, [OLD_LINE]));
        const after = typeOf('fewer', AFTER);
        await bench.warehouse.session((session) =>
          bring(bench, session, after, NEW_LINES, { folderHour: '2026-11-20T15:00:00Z' }),
        );
        assert.deepEqual(withoutAdded(await bench.rows('fewer')), [OLD_ROW, ...NEW_ROWS]);
        const line = OLD_LINE.replace('"n":1', '"n":6');
        await bench.warehouse.session((session) =>
          bring(bench, session, before, [line], { folderHour: '2026-11-20T16:00:00Z' }),
        );
        assert.deepEqual(withoutAdded(await bench.rows('fewer')), [
          OLD_ROW,
          ...NEW_ROWS,
          { ...OLD_ROW, n: 6n },
        ]);
      },
    );

    it('of scalars at the top are empty, too', async () => {
      const bench = await make();
      const text = field('s', 'STRING');
      await bench.warehouse.session((session) =>
        bring(bench, session, typeOf('top', [text, TAGS]), ['{"n":1,"tags":["a"]}']),
      );
      await bench.warehouse.session((session) =>
        bring(bench, session, typeOf('top', [text]), ['{"n":2,"s":"x"}', '{"n":3}'], {
          folderHour: '2026-11-20T15:00:00Z',
        }),
      );
      assert.deepEqual(withoutAdded(await bench.rows('top')), [
        { n: 1n, s: null, tags: ['a'] },
        { n: 2n, s: 'x', tags: [] },
        { n: 3n, s: null, tags: [] },
      ]);
    });

    itUnless(differences.records)('in a table that a derived column of such a record goes into', async () => {
      const bench = await make();
      const of = (...members: FileField[]) =>
        typeOf('derived', [record('rec', [field('ms', 'INTEGER'), ...members])], {
          columns: { at: { from: 'rec.ms', as: 'TIMESTAMP', unit: 'ms' } },
        });
      await bench.warehouse.session((session) => bring(bench, session, of(TAGS), ['{"n":1}']));
      await bench.warehouse.session((session) =>
        bring(bench, session, of(), ['{"n":2,"rec":{"ms":1000}}'], { folderHour: '2026-11-20T15:00:00Z' }),
      );
      assert.deepEqual(withoutAdded(await bench.rows('derived')), [
        { n: 1n, rec: null, at: null },
        { n: 2n, rec: { ms: 1000n, tags: [] }, at: '1970-01-01T00:00:01.000000Z' },
      ]);
    });

    itUnless(differences.records)('whose record the log spells in other case', async () => {
      const bench = await make();
      const inner = field('a', 'STRING');
      await bench.warehouse.session((session) =>
        bring(bench, session, typeOf('spelled', [record('rec', [inner, TAGS])]), ['{"n":1}']),
      );
      const respelled = typeOf('spelled', [record('REC', [field('A', 'STRING')])]);
      await bench.warehouse.session((session) =>
        bring(bench, session, respelled, ['{"n":2,"REC":{"A":"x"}}'], { folderHour: '2026-11-20T15:00:00Z' }),
      );
      assert.deepEqual(withoutAdded(await bench.rows('spelled')), [
        { n: 1n, rec: null },
        { n: 2n, rec: { a: 'x', tags: [] } },
      ]);
    });
  });
}
