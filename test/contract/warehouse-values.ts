import assert from 'node:assert/strict';
import { ByteView } from '../../workloads/core/bytes/byte-view.ts';
import { RowCheck } from '../../workloads/core/rows/row-check.ts';
import type { LogType } from '../../workloads/core/schema/log-type.ts';
import { itUnless } from './store-bench.ts';
import {
  bring,
  countOf,
  loadTemp,
  typeOf,
  withoutAdded,
  type FileField,
  type StoredRow,
  type Value,
  type ValuePlace,
  type WarehouseContract,
} from './warehouse-bench.ts';
import { CASES } from './warehouse-cases.ts';

const FIELDS: readonly FileField[] = Object.keys(CASES).flatMap((type) => [
  { name: type, type },
  ...(type === 'JSON' ? [] : [{ name: `${type}_r`, type, mode: 'REPEATED' }]),
]);

const EVERY = typeOf('every_value', [
  ...FIELDS,
  { name: 'rec', type: 'RECORD', fields: FIELDS },
  { name: 'recs', type: 'RECORD', mode: 'REPEATED', fields: FIELDS },
]);

/** What a record holds of which a row says nothing: NULL, and an empty array where the field is REPEATED. */
const ABSENT: StoredRow = Object.fromEntries(
  FIELDS.map(({ name, mode }) => [name, mode === 'REPEATED' ? [] : null]),
);

/** A value in a place: the member of a row that says it, and what the row must then hold. */
interface Placed {
  readonly member: string;
  readonly row: StoredRow;
  /** Why an engine cannot store it. */
  readonly reason: string | undefined;
}

/** One case in each place that it can stand in. */
function placed(
  { differences }: Pick<WarehouseContract, 'differences'>,
  type: string,
  [json, stored]: readonly [string, Value],
): Placed[] {
  const both = `"${type}":${json}`;
  const rows: Readonly<Record<ValuePlace, readonly [string, StoredRow]>> = {
    field: [both, { [type]: stored }],
    array: [`"${type}_r":[${json}, ${json}]`, { [`${type}_r`]: [stored, stored] }],
    record: [`"rec":{${both}}`, { rec: { ...ABSENT, [type]: stored } }],
    records: [`"recs" : [ {${both}} , {} ]`, { recs: [{ ...ABSENT, [type]: stored }, ABSENT] }],
  };
  // A JSON value can be an array itself and is never REPEATED.
  const places = (Object.keys(rows) as ValuePlace[]).filter((place) => type !== 'JSON' || place !== 'array');
  return places.map((place) => {
    const [member, row] = rows[place];
    return { member, row, reason: differences.values?.(type, json, place) };
  });
}

/** The load is promised rows that passed the row check, and no others. */
function assertAccepted(logType: LogType, lines: readonly string[]): void {
  const check = new RowCheck(logType);
  for (const line of lines) {
    const bytes = Buffer.from(line);
    assert.deepEqual(check.check(new ByteView().inMemory(bytes, 0, bytes.length)).misfits, [], line);
  }
}

export function valuesContract({ make, differences }: WarehouseContract): void {
  const all = Object.entries(CASES).flatMap(([type, list]) =>
    list.flatMap((each) => placed({ differences }, type, each)),
  );
  const stores = async (cases: readonly Placed[]): Promise<void> => {
    const lines = cases.map(({ member }, n) => `{"n":${n},${member}}`);
    const expected = cases.map(({ row }, n): StoredRow => ({
      n: BigInt(n),
      ...ABSENT,
      rec: null,
      recs: [],
      ...row,
    }));
    assertAccepted(EVERY, lines);
    const bench = await make();
    await bench.warehouse.session((session) => bring(bench, session, EVERY, lines));
    const rows = withoutAdded(await bench.rows('every_value'));
    assert.equal(rows.length, lines.length);
    rows.forEach((row, n) => assert.deepEqual(row, expected[n], lines[n]));
  };

  describe('load', () => {
    it('stores every type in every mode and place exactly as the row says it', () =>
      stores(all.filter(({ reason }) => reason === undefined)));

    for (const reason of new Set(all.flatMap(({ reason: each }) => each ?? []))) {
      const cases = all.filter((each) => each.reason === reason);
      itUnless(reason)(`also stores ${cases.length} values like ${cases[0]!.member}`, () => stores(cases));
    }

    itUnless(differences.jsonStrings)(
      'tells null, missing, "" and 0 apart, and empty arrays from nothing said',
      async () => {
        const logType = typeOf('four_things', [
          { name: 's', type: 'STRING' },
          { name: 'i', type: 'INTEGER' },
          { name: 'j', type: 'JSON' },
          { name: 'r', type: 'STRING', mode: 'REPEATED' },
          {
            name: 'rec',
            type: 'RECORD',
            fields: [
              { name: 's', type: 'STRING' },
              { name: 'r', type: 'INTEGER', mode: 'REPEATED' },
            ],
          },
        ]);
        const none = { s: null, i: null, j: null, r: [], rec: null };
        const cases: [string, StoredRow][] = [
          ['{"n":0}', none],
          ['{"n":1,"s":null,"i":null,"j":null,"rec":null}', none],
          [
            '{"n":2,"s":"","i":0,"j":"","r":[],"rec":{}}',
            { ...none, s: '', i: 0n, j: '', rec: { s: null, r: [] } },
          ],
          [
            '{"n":3,"s":"0","i":"0","j":0,"r":[""],"rec":{"s":null,"r":[0]}}',
            { s: '0', i: 0n, j: 0n, r: [''], rec: { s: null, r: [0n] } },
          ],
          [' { "rec" : { "r" : [ ] , "s" : "null" } , "n" : 4 } ', { ...none, rec: { s: 'null', r: [] } }],
        ];
        const lines = cases.map(([line]) => line);
        assertAccepted(logType, lines);
        const bench = await make();
        await bench.warehouse.session((session) => bring(bench, session, logType, lines));
        const expected = cases.map(([, row], n) => ({ n: BigInt(n), ...row }));
        assert.deepEqual(withoutAdded(await bench.rows('four_things')), expected);
      },
    );

    it('finds keys in any order and spelled with escapes', async () => {
      const logType = typeOf('keys', [
        { name: 'ab', type: 'STRING' },
        { name: 'AC', type: 'RECORD', fields: [{ name: '_', type: 'STRING' }] },
      ]);
      const bench = await make();
      await bench.warehouse.session((session) =>
        bring(bench, session, logType, ['{"\\u0041C":{"\\u005f":"y"},"a\\u0062":"x","n":1}']),
      );
      assert.deepEqual(withoutAdded(await bench.rows('keys')), [{ n: 1n, ab: 'x', AC: { _: 'y' } }]);
    });

    it('takes 1,000 columns, and columns called like words of SQL', async () => {
      const names = ['select', 'from', 'group', 'order', 'rows', 'hash', 'json', 't', 'e0', 'Table'];
      const fields = [...names, ...Array.from({ length: 987 }, (_, index) => `c${index}`)].map((name) => ({
        name,
        type: 'INTEGER',
      }));
      const logType = typeOf('wide', fields);
      const bench = await make();
      const members = fields.map(({ name }, index) => `"${name}":${index}`);
      await bench.warehouse.session((session) =>
        bring(bench, session, logType, [`{"n":0,${members.join(',')}}`, '{"n":1}']),
      );
      const [full, empty] = withoutAdded(await bench.rows('wide'));
      assert.deepEqual(full, {
        n: 0n,
        ...Object.fromEntries(fields.map(({ name }, index) => [name, BigInt(index)])),
      });
      assert.deepEqual(empty, { n: 1n, ...Object.fromEntries(fields.map(({ name }) => [name, null])) });
    });

    itUnless(differences.longRows)('takes a row longer than 16 MiB', async () => {
      const logType = typeOf('long_row', [
        { name: 's', type: 'STRING' },
        { name: 'j', type: 'JSON' },
      ]);
      const long = '로그"\\ '.repeat(800_000);
      const bench = await make();
      const line = JSON.stringify({ n: 1, s: long, j: { long } });
      await bench.warehouse.session((session) =>
        bring(bench, session, logType, ['{"n":0}', line, '{"n":2,"s":"after"}']),
      );
      const [first, second, third] = withoutAdded(await bench.rows('long_row'));
      assert.deepEqual(
        [first, third],
        [
          { n: 0n, s: null, j: null },
          { n: 2n, s: 'after', j: null },
        ],
      );
      assert.ok(second!.s === long && (second!.j as { long: string }).long === long);
    });

    it('makes its TEMP table anew: a load that is repeated does not double its rows, and one of no rows leaves none', async () => {
      const logType = typeOf('again', []);
      const bench = await make();
      await bench.warehouse.session(async (session) => {
        const temp = await loadTemp(bench, session, logType, ['{"n":1}', '{"n":2}']);
        assert.equal(await loadTemp(bench, session, logType, ['{"n":3}', '{"n":4}']), temp);
        assert.equal(await countOf(session, session.names.temp(temp)), 2);
        assert.equal(await loadTemp(bench, session, logType, []), temp);
        assert.equal(await countOf(session, session.names.temp(temp)), 0);
        await session.dropTemp(temp);
        await session.dropTemp(temp);
        await assert.rejects(countOf(session, session.names.temp(temp)));
      });
    });
  });
}
