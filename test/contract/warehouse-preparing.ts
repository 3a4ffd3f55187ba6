import assert from 'node:assert/strict';
import { NotReadyError } from '../../workloads/core/errors.ts';
import type { WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import type { Field } from '../../workloads/core/schema/log-type.ts';
import { tableFields } from '../../workloads/core/schema/log-type.ts';
import { itUnless } from './store-bench.ts';
import {
  bring,
  countOf,
  loadTemp,
  typeOf,
  type FileField,
  type WarehouseContract,
} from './warehouse-bench.ts';

const SCALARS = [
  'STRING',
  'BYTES',
  'INTEGER',
  'FLOAT',
  'NUMERIC',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
  'TIME',
  'DATETIME',
];

/** Every type in every mode, at the top and in records. */
function everyField(required: boolean): FileField[] {
  const scalars = [...SCALARS, 'JSON'].flatMap((type): FileField[] => [
    { name: `${type}_n`, type },
    ...(required ? [{ name: `${type}_q`, type, mode: 'REQUIRED' }] : []),
    ...(type === 'JSON' ? [] : [{ name: `${type}_r`, type, mode: 'REPEATED' }]),
  ]);
  return [
    ...scalars,
    { name: 'rec', type: 'RECORD', fields: scalars },
    {
      name: 'recs',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [...scalars, { name: 'deep', type: 'RECORD', fields: scalars }],
    },
  ];
}

function withoutDescriptions(fields: readonly Field[]): unknown {
  return fields.map(({ name, type, mode, fields: inner }) => ({
    name,
    type,
    mode,
    ...(inner && { fields: withoutDescriptions(inner) }),
  }));
}

async function opsState(session: WarehouseSession): Promise<unknown> {
  const tables = ['ledger', 'hour_ledger', 'all_rejects', 'counts', 'rejects', 'control_twice'];
  return Promise.all(tables.map(async (table) => countOf(session, session.names.ops(table))));
}

export function preparingContract({ make, differences }: WarehouseContract): void {
  describe('prepare', () => {
    it('makes ledger, hour ledger, rejects and views, and twice is harmless', async () => {
      const bench = await make();
      const logType = typeOf('twice', [{ name: 's', type: 'STRING' }]);
      await bench.warehouse.session(async (session) => {
        await session.prepareOps();
        await session.prepareTable(logType);
        assert.deepEqual(await opsState(session), [0, 0, 0, 0, 0, 1]);
        await bring(bench, session, logType, ['{"n":1,"s":"x"}']);
        await session.prepareOps();
        await session.prepareTable(logType);
        await session.prepareControl(logType.type, logType.table);
        assert.deepEqual(await opsState(session), [1, 0, 0, 1, 0, 1]);
      });
      await bench.warehouse.session(async (session) => {
        await session.prepareOps();
        await session.prepareTable(logType);
        assert.deepEqual(await opsState(session), [1, 0, 0, 1, 0, 1]);
      });
      assert.equal((await bench.rows('twice')).length, 1);
    });

    it('describe gives the schema’s table fields: every type, in records and arrays of records, derived columns too', async () => {
      const bench = await make();
      const columns = {
        at: { from: 'INTEGER_n', as: 'TIMESTAMP', unit: 'ms' },
        at_kst: { from: 'at', as: 'DATETIME', timeZone: 'Asia/Seoul' },
        day_kst: { from: 'at', as: 'DATE', timeZone: 'Asia/Seoul' },
        code: { from: 'JSON_n', as: 'STRING', path: '$.code' },
      };
      const logType = typeOf('every_field', everyField(false), { columns, unknownFields: 'keep' });
      await bench.warehouse.session(async (session) => {
        assert.equal(await session.describe('every_field'), undefined);
        await session.prepareTable(logType);
        assert.deepEqual(
          withoutDescriptions((await session.describe('every_field'))!),
          withoutDescriptions(tableFields(logType)),
        );
      });
    });

    it('describe tells REQUIRED fields', async () => {
      const bench = await make();
      const logType = typeOf(
        'required',
        everyField(true).filter(({ type }) => type !== 'RECORD'),
      );
      await bench.warehouse.session(async (session) => {
        await session.prepareTable(logType);
        assert.deepEqual(
          withoutDescriptions((await session.describe('required'))!),
          withoutDescriptions(tableFields(logType)),
        );
      });
    });

    itUnless(differences.requiredInRecords)('describe tells REQUIRED fields inside of records', async () => {
      const bench = await make();
      const logType = typeOf('required_deep', everyField(true));
      await bench.warehouse.session(async (session) => {
        await session.prepareTable(logType);
        assert.deepEqual(
          withoutDescriptions((await session.describe('required_deep'))!),
          withoutDescriptions(tableFields(logType)),
        );
      });
    });

    it('hasTable knows typed tables, not TEMP tables nor ops tables', async () => {
      const bench = await make();
      const logType = typeOf('known', []);
      await bench.warehouse.session(async (session) => {
        assert.equal(await session.hasTable('known'), false);
        await session.prepareOps();
        await session.prepareTable(logType);
        const temp = await loadTemp(bench, session, logType, ['{"n":1}']);
        for (const [table, there] of [
          ['known', true],
          ['know', false],
          ['ledger', false],
          ['control_known', false],
          [temp, false],
        ] as const) {
          assert.equal(await session.hasTable(table), there, table);
        }
      });
      assert.equal(await bench.warehouse.session((session) => session.hasTable('known')), true);
    });

    it('hasControl tells whether the fence of a type is there', async () => {
      const bench = await make();
      const logType = typeOf('fenced', []);
      await bench.warehouse.session(async (session) => {
        assert.equal(await session.hasControl('fenced'), false);
        await session.prepareTable(logType);
        assert.equal(await session.hasControl('fenced'), true);
        assert.equal(await session.hasControl('other'), false);
      });
    });

    it('estimateBytes gives the bytes, or that nothing is billed, and runs nothing; also in a read-only session', async () => {
      const bench = await make();
      await bench.warehouse.session((session) =>
        bring(bench, session, typeOf('cost', []), ['{"n":1}', '{"n":2}']),
      );
      const bytes = await bench.warehouse.session(
        (session) =>
          session.estimateBytes([
            { sql: `DELETE FROM ${session.names.raw('cost')} WHERE n = @n`, params: { n: 1 } },
            { sql: `SELECT n FROM ${session.names.raw('cost')}`, params: {} },
          ]),
        { readOnly: true },
      );
      assert.ok(bytes === undefined || bytes > 0, String(bytes));
      assert.equal((await bench.rows('cost')).length, 2);
    });

    it('labels are kept between sessions, each key by itself, and survive a schema change', async () => {
      const bench = await make();
      await bench.warehouse.session(async (session) => {
        await session.prepareTable(typeOf('labelled', []));
        assert.deepEqual(await session.labels('labelled'), {});
        await session.setLabel('labelled', 'last_folder_hour', '2026-11-20t14');
        await session.setLabel('labelled', 'owner', 'data-team');
        await session.setLabel('labelled', 'last_folder_hour', '2026-11-20t15');
        await session.prepareTable(typeOf('labelled', [{ name: 'more', type: 'STRING' }]));
      });
      assert.deepEqual(await bench.warehouse.session((session) => session.labels('labelled')), {
        last_folder_hour: '2026-11-20t15',
        owner: 'data-team',
      });
    });

    it('a read-only session on a warehouse that is not there -> NotReadyError, and nothing is made', async () => {
      const { warehouse, traces } = await (await make()).missing();
      await assert.rejects(
        warehouse.session(() => Promise.reject(new Error('the session began')), { readOnly: true }),
        (error) => error instanceof NotReadyError && error.exitCode === 75,
      );
      assert.deepEqual(await traces(), []);
    });

    it('a read-only session reads what is there, and cannot change it', async () => {
      const bench = await make();
      await bench.warehouse.session((session) => bring(bench, session, typeOf('still', []), ['{"n":1}']));
      const count = (session: WarehouseSession): Promise<unknown> =>
        countOf(session, session.names.raw('still'));
      assert.equal(await bench.warehouse.session(count, { readOnly: true }), 1);
      await assert.rejects(
        bench.warehouse.session(
          (session) =>
            session.transaction([
              { sql: `DELETE FROM ${session.names.raw('still')} WHERE TRUE`, params: {} },
            ]),
          { readOnly: true },
        ),
      );
      assert.equal((await bench.rows('still')).length, 1);
    });
  });
}
