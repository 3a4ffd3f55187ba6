import assert from 'node:assert/strict';
import { parseHours, type FolderHour } from '../../workloads/core/hour.ts';
import type { Statement, WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { HourWindow } from '../../workloads/loader/hour-window.ts';
import { loadHour, type LoadedHour } from '../../workloads/loader/load-hour.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, line, newRoad, withRoad, withSessions } from './bench.ts';

/** One more than two windows of twelve. */
const HOURS = parseHours('2026-11-18T23..2026-11-19T23');

/** So many that twelve hours have ten thousand rows in the ledger. */
const TYPES = 800;

describe('a run over many hours', () => {
  const root = tempFolder();
  let road: Road;
  before(async function () {
    this.timeout(120_000);
    road = newRoad(root, { a: { fields: FIELDS }, b: { fields: FIELDS } });
    for (const [index, hour] of HOURS.entries())
      road.put(hour, 'a.json', line('a', index) + (index % 2 === 0 ? line('b', index) : ''));
    const { code, stderr } = await road.run(`${HOURS[0]!}..${HOURS.at(-1)!}`);
    assert.equal(code, 0, stderr);
  });

  interface Run {
    readonly hours: readonly LoadedHour[];
    readonly queries: readonly Statement[];
  }

  /** Loads the hours as one run does; `change` sees each session. */
  async function run(
    hours: readonly FolderHour[],
    change: (session: WarehouseSession) => Partial<WarehouseSession> = () => ({}),
    between: (hour: FolderHour) => Promise<void> = () => Promise.resolve(),
  ): Promise<Run> {
    const queries: Statement[] = [];
    const results = await withRoad(road, async ({ loader }) => {
      const window = new HourWindow(hours, TYPES);
      const changed = withSessions({ ...loader, window }, (session) => {
        const other = change(session);
        const query = other.query ?? ((statement: Statement) => session.query(statement));
        return { ...other, query: (statement) => (queries.push(statement), query(statement)) };
      });
      const loaded: LoadedHour[] = [];
      for (const hour of hours) {
        loaded.push(await loadHour(changed, hour));
        await between(hour);
      }
      return loaded;
    });
    return { hours: results, queries };
  }

  it('asks for twelve hours together, and proves each', async () => {
    const { hours, queries } = await run(HOURS);
    assert.deepEqual(
      hours.map(({ conserved, types }) => [conserved, ...types.map(({ state, loaded }) => [state, loaded])]),
      HOURS.map((_, index) => [true, ['unchanged', 1], ['unchanged', index % 2 === 0 ? 1 : 0]]),
    );
    assert.deepEqual(
      queries.map(({ labels, sql }) => [
        labels?.folder_hour,
        labels?.last_hour,
        sql.includes('ops') ? 'ledger' : 'counts',
      ]),
      [0, 12, 24].flatMap((first) => {
        const last = Math.min(first + 11, 24);
        const label = (index: number): string => HOURS[index]!.toLowerCase();
        const ends = [label(first), last === first ? undefined : label(last)];
        return [
          [...ends, 'ledger'],
          [...ends, 'counts'],
        ];
      }),
    );
  });

  it('asks for two days together where the types are few', async () => {
    const ranges: (string | undefined)[] = [];
    const days = parseHours('2026-11-01T00..2026-11-04T03');
    const window = new HourWindow(days, 14);
    await withRoad(road, ({ loader }) =>
      loader.warehouse.session(async (session) => {
        const query = (statement: Statement): Promise<never[]> => {
          ranges.push(statement.labels?.folder_hour, statement.labels?.last_hour);
          return Promise.resolve([]);
        };
        const asked = { names: session.names, query } as unknown as WarehouseSession;
        for (const hour of days) await window.ledger(asked, hour);
      }),
    );
    assert.deepEqual(ranges, ['2026-11-01t00', '2026-11-02t23', '2026-11-03t00', '2026-11-04t03']);
  });

  it('names the hour whose rows were changed, and no other', async () => {
    const { hours } = await run(HOURS, (session) => ({
      query: async (statement) =>
        (await session.query(statement)).map((row) =>
          row.folder_hour === `${HOURS[7]!}:00:00Z` && 'position' in row && row.position === 0
            ? { ...row, row_count: 5 }
            : row,
        ),
    }));
    const failed = hours.flatMap(({ manifest, types }) =>
      types
        .filter(({ state }) => state === 'failed')
        .map(({ error }) => [manifest.hour, (error as Error).message]),
    );
    assert.deepEqual(failed, [[HOURS[7], `a ${HOURS[7]!}: the ledger says 1 rows, the table a holds 5`]]);
  });

  it('counts again before it alarms: a load of another run that ended in between is no loss', async () => {
    const last = HOURS[11]!;
    let counted = 0;
    const { hours } = await run(
      HOURS.slice(0, 12),
      (session) => ({
        query: async (statement) => {
          if (statement.sql.includes('AS position') && statement.labels?.last_hour === undefined) counted++;
          return session.query(statement);
        },
      }),
      async (hour) => {
        if (hour !== HOURS[0]) return;
        road.put(last, 'late.json', line('a', 99));
        const { code, stderr } = await road.run(last);
        assert.equal(code, 0, stderr);
      },
    );
    // The manifest is the new epoch; the window's ledger is the former one, so the load is tried, and finds it done.
    const found = hours.at(-1)!;
    assert.equal(found.manifest.epoch, 2);
    assert.deepEqual(
      found.types.map(({ type, loaded }) => [type, loaded]),
      [
        ['a', 2],
        ['b', 0],
      ],
    );
    assert.equal(found.conserved, true);
    assert.ok(counted <= 1, 'no hour is counted by itself that nobody changed');
  });
});
