import type { WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { bring, typeOf, type WarehouseBench, type WarehouseContract } from './warehouse-bench.ts';

export const TYPE = typeOf('purchase', [{ name: 's', type: 'STRING' }], {
  columns: {
    at: { from: 'n', as: 'TIMESTAMP', unit: 'ms' },
    at_kst: { from: 'at', as: 'DATETIME', timeZone: 'Asia/Seoul' },
  },
});
const OTHER_HOUR = '2026-11-20T15:00:00Z';

/** The `n` of all rows, with their hours. */
export async function stored({ rows }: WarehouseBench): Promise<string[]> {
  return (await rows('purchase')).map(
    ({ n, s, folder_hour: hour }) => `${n as bigint}${s as string}@${(hour as string).slice(11, 13)}`,
  );
}

export async function ledger(session: WarehouseSession): Promise<string[]> {
  const sql = `SELECT epoch, revision, row_count FROM ${session.names.ops('ledger')} ORDER BY epoch, revision, row_count`;
  return (await session.query({ sql, params: {} })).map(
    ({ epoch, revision, row_count: rows }) => `${String(epoch)}.${String(revision)}:${String(rows)}`,
  );
}

/** A warehouse with two rows of the hour, of epoch 2 revision 2, and one of the next hour. */
export async function filled(make: WarehouseContract['make']): Promise<WarehouseBench> {
  const bench = await make();
  await bench.warehouse.session(async (session) => {
    await bring(bench, session, TYPE, ['{"n":1,"s":"a"}', '{"n":2,"s":"a"}'], { epoch: 2, revision: 2 });
    await bring(bench, session, TYPE, ['{"n":3,"s":"x"}'], { folderHour: OTHER_HOUR });
  });
  return bench;
}

export const UNTOUCHED = ['1a@14', '2a@14', '3x@15'];
