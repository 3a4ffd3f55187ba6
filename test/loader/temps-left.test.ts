import assert from 'node:assert/strict';
import { TerminalError, TransientError } from '../../workloads/core/errors.ts';
import type { LoadJob } from '../../workloads/core/ports/warehouse.ts';
import { loadHour } from '../../workloads/loader/load-hour.ts';
import type { LoadedType } from '../../workloads/loader/loaded-type.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad, withRoad, withSessions } from './bench.ts';

describe('TEMP tables of a load that fails', () => {
  const root = tempFolder();

  /** Loads an hour with one row that is set aside, and tells what was loaded and dropped, by the TEMP tables' last words. */
  async function load(
    change: (name: string, go: () => Promise<number>) => Promise<number>,
  ): Promise<{ type: LoadedType; done: readonly string[] }> {
    const road = newRoad(root, { t: { fields: FIELDS, onMisfit: 'setAside' } });
    road.put(HOUR, 'a.json', line('t', 1) + line('t', 'no number'));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    const done: string[] = [];
    const nameOf = (temp: string): string => temp.split('_').at(-1)!;
    const { types } = await withRoad(road, ({ loader }) =>
      loadHour(
        withSessions(loader, (session) => ({
          load: (job: LoadJob) => {
            const name = nameOf(job.temp);
            done.push(`load ${name}`);
            return change(name, () => session.load(job));
          },
          dropTemp: (temp: string) => {
            done.push(`drop ${nameOf(temp)}`);
            return session.dropTemp(temp);
          },
        })),
        HOUR,
      ),
    );
    return { type: types[0]!, done };
  }

  for (const error of [new TerminalError('refused', { advice: 'none' }), new Error('socket hang up')]) {
    it(`the rejects are not loaded (${error.constructor.name}): the rows' TEMP is dropped, and the error is told`, async () => {
      const { type, done } = await load((name, go) => (name === 'rejects' ? Promise.reject(error) : go()));
      assert.deepEqual([type.state, type.error], ['failed', error]);
      assert.deepEqual(done, ['load 0', 'load rejects', 'drop 0']);
    });
  }

  it('a TEMP holds other rows than were accepted: it is dropped, or every further run would take it for its own', async () => {
    const { type, done } = await load(async (name, go) => (await go()) + (name === '0' ? 1 : 0));
    assert.equal(type.state, 'failed');
    assert.match(String(type.error), /expected 1 rows, found 2 \(job\), 1 \(count\)/);
    assert.deepEqual(done, ['load 0', 'drop 0']);
  });

  it('an error that a retry helps: the next try finds the TEMP as its job left it, and drops both once it has committed', async () => {
    let failures = 0;
    const { type, done } = await load((name, go) =>
      name === 'rejects' && failures++ === 0 ? Promise.reject(new TransientError('503')) : go(),
    );
    assert.deepEqual([type.state, type.loaded], ['loaded', 1]);
    assert.deepEqual(done, ['load 0', 'load rejects', 'load 0', 'load rejects', 'drop 0', 'drop rejects']);
  });
});
