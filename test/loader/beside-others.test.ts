import assert from 'node:assert/strict';
import { MissingWarehouseError, NotReadyError } from '../../workloads/core/errors.ts';
import type { LoaderContext } from '../../workloads/loader/context.ts';
import { loadHour, type LoadedHour } from '../../workloads/loader/load-hour.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad, withRoad, withSessions } from './bench.ts';

const TYPES = ['a', 'b', 'c', 'd'];
const TEXT_FIELDS = [...FIELDS, { name: 's', type: 'STRING' }];

/** Types with their states. */
const statesOf = (types: LoadedHour['types']): string[] => types.map(({ type, state }) => `${type} ${state}`);

/** The loader with a warehouse that opens so many times, and then not any more. */
function opening(loader: LoaderContext, times: number): LoaderContext {
  const { warehouse } = loader;
  let left = times;
  return {
    ...loader,
    warehouse: {
      ...warehouse,
      url: warehouse.url,
      session: (work, options) =>
        left-- > 0
          ? warehouse.session(work, options)
          : Promise.reject(new NotReadyError('the file is locked by another process')),
    },
  };
}

describe('a type beside others of its hour', () => {
  const root = tempFolder();

  it('that scratch has no room for while another one is there is loaded behind it', async () => {
    const road = newRoad(root, Object.fromEntries(TYPES.map((type) => [type, { fields: TEXT_FIELDS }])));
    const row = (type: string, n: number): string =>
      `${JSON.stringify({ log_type: type, n, s: 'x'.repeat(1_000) })}\n`;
    const content = TYPES.flatMap((type) => Array.from({ length: 1_200 }, (_, n) => row(type, n)));
    road.put(HOUR, 'a.json', content.join(''));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    // 90 % of it are room for one type of 1.2 MB and not for two.
    const { code, stdout, stderr } = await road.command(
      ...['load', HOUR, '--json', '--scratch-limit', '2MB'],
    );
    assert.equal(code, 0, stderr);
    const { hours } = JSON.parse(stdout) as { hours: { types: LoadedHour['types'] }[] };
    assert.deepEqual(
      statesOf(hours[0]!.types),
      TYPES.map((type) => `${type} loaded`),
    );
  });

  it('that fits into scratch with no other is told so, and the others are loaded', async () => {
    const road = newRoad(root, Object.fromEntries(['a', 'b'].map((type) => [type, { fields: TEXT_FIELDS }])));
    const large = `${JSON.stringify({ log_type: 'a', n: 1, s: 'x'.repeat(3_000_000) })}\n`;
    road.put(HOUR, 'a.json', `${large}${JSON.stringify({ log_type: 'b', n: 1 })}\n`);
    assert.equal((await road.command('classify', HOUR)).code, 0);
    const { code, stderr } = await road.command('load', HOUR, '--scratch-limit', '2MB');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /expected at most 1800000 bytes \(90 % of the limit\).*What needed it was not committed/,
    );
    assert.deepEqual(await road.query('SELECT n FROM raw.b'), [{ n: 1 }]);
  });

  it('that failed is told where the warehouse then does not open, and so is why the others were not loaded', async () => {
    const road = newRoad(root, { a: { fields: FIELDS, onMisfit: 'fail' }, b: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('a', 'x') + line('b', 1));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    const { types } = await withRoad(road, ({ loader }) => loadHour(opening(loader, 1), HOUR));
    assert.deepEqual(
      types.map(({ type, state, note }) => [type, state, note?.slice(0, 45)]),
      [
        ['a', 'failed', `a ${HOUR}: expected at most 0 % misfits`.slice(0, 45)],
        ['b', 'failed', 'the file is locked by another process'],
      ],
    );
  });

  it('where none failed, a warehouse that does not open is what became of the hour', async () => {
    // That a type has no rows is no news.
    const road = newRoad(root, { b: { fields: FIELDS }, none: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('b', 1));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    await assert.rejects(
      withRoad(road, ({ loader }) => loadHour(opening(loader, 1), HOUR)),
      { name: 'NotReadyError' },
    );
  });

  it('that was committed and could not be read back is not told as loaded', async () => {
    const road = newRoad(root, { a: { fields: FIELDS, onMisfit: 'fail' }, b: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('a', 'x') + line('b', 1));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    let commits = 0;
    const { types } = await withRoad(road, ({ loader }) =>
      loadHour(
        withSessions(loader, (session) => ({
          transaction: async (statements) => {
            await session.transaction(statements);
            commits++;
          },
          query: (statement) =>
            // The hour's ledger row is the first commit, the type the second.
            commits < 2 ? session.query(statement) : Promise.reject(new MissingWarehouseError('gone')),
        })),
        HOUR,
      ),
    );
    assert.deepEqual(statesOf(types), ['a failed', 'b failed']);
    assert.equal(types[1]!.note, 'gone');
    assert.equal((await road.command('load', HOUR, '--types', 'b')).code, 0);
  });
});
