import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { InterruptedError, TransientError } from '../../workloads/core/errors.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import type { LoadedType } from '../../workloads/loader/loaded-type.ts';
import { loadHour } from '../../workloads/loader/load-hour.ts';
import { FaultyStore, type Faults } from '../support/faulty-store.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, loadingObjects, newRoad, withRoad } from './bench.ts';

const LIMIT = 1_000_000_000;
/** Several blocks of a load copy, so that some are written before the last row is read. */
const ROWS = 40_000;

describe('a load copy that fails', () => {
  const root = tempFolder();

  /** An hour of many rows, one of which is set aside: what is loaded is a copy. */
  async function classified(): Promise<Road> {
    const road = newRoad(root, { t: { fields: FIELDS, onMisfit: 'setAside' } });
    const rows = Array.from({ length: ROWS }, (_, n) => line('t', n)).join('');
    road.put(HOUR, 'a.json', `${rows}${line('t', 'no number')}`);
    assert.equal((await road.command('classify', HOUR)).code, 0);
    return road;
  }

  /** Loads with a faulty staging, and asks for all of scratch afterwards. */
  function load(road: Road, faults: Faults, signal?: AbortSignal): Promise<LoadedType> {
    return withRoad(road, async ({ loader }) => {
      const scratch = await Scratch.create(root, LIMIT);
      const context = {
        ...loadingObjects(loader),
        scratch,
        staging: new FaultyStore(loader.staging, faults),
        signal: signal ?? loader.signal,
      };
      try {
        return (await loadHour(context, HOUR)).types[0]!;
      } finally {
        assert.deepEqual(readdirSync(scratch.folder), [], 'nothing lies in scratch');
        scratch.claim(scratch.limit);
        await scratch.remove();
      }
    });
  }

  /** Changes how a part is read the second time, for its copy. */
  function secondRead(change: (go: () => Promise<Readable>) => Promise<Readable>): Faults {
    const reads = new Map<string, number>();
    return {
      read: (key, go) => {
        const count = (reads.get(key) ?? 0) + 1;
        reads.set(key, count);
        return count === 2 ? change(go) : go();
      },
    };
  }

  for (const [what, error] of [
    ['a store that is down', new TransientError('503')],
    ['a store that refuses', new Error('403')],
  ] as const) {
    it(`${what}: the type has failed, and scratch is empty`, async () => {
      const road = await classified();
      const create = (key: string, go: () => Promise<void>): Promise<void> =>
        key.startsWith('_load/') ? Promise.reject(error) : go();
      assert.equal((await load(road, { create })).state, 'failed');
      const { state, loaded } = await load(road, {});
      assert.deepEqual({ state, loaded }, { state: 'loaded', loaded: ROWS });
    });
  }

  it('a part that changed since it was checked: the type has failed, and scratch is empty', async () => {
    const road = await classified();
    const longer = secondRead(async (go) => {
      const content = gunzipSync(await buffer(await go()));
      return Readable.from([gzipSync(Buffer.concat([content, Buffer.from(line('t', 1))]))]);
    });
    const { state, error } = await load(road, longer);
    assert.equal(state, 'failed');
    assert.match(String(error), /expected 40001 rows .* found 40002 rows/);
  });

  it('an interrupt while it is written: scratch is empty', async () => {
    const road = await classified();
    const stop = new AbortController();
    const stopping = secondRead(async (go) => {
      const content = gunzipSync(await buffer(await go()));
      return Readable.from(
        (function* () {
          const half = content.length >> 1;
          yield content.subarray(0, half);
          stop.abort('SIGTERM');
          yield content.subarray(half);
        })(),
      );
    });
    await assert.rejects(load(road, stopping, stop.signal), InterruptedError);
  });
});
