import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { TakenRows } from '../../workloads/core/ports/warehouse.ts';
import type { PreparedLoad } from '../../workloads/loader/prepare-load.ts';
import { aheadLimits, PreparedLoads, type AheadLimits } from '../../workloads/loader/prepared-loads.ts';

/** Loads named by numbers, what was done to them, and a way to end each one's preparing. */
class Making {
  readonly log: string[] = [];
  readonly #held: readonly (number | Error)[];
  readonly #made: PreparedLoad[] = [];
  #next = 0;

  /** @param held Of each load its bytes on disk, or the error that comes in its place. */
  constructor(held: readonly (number | Error)[]) {
    this.#held = held;
  }

  loads(limits: AheadLimits): PreparedLoads {
    return new PreparedLoads(async () => {
      const number = this.#next++;
      this.log.push(`prepare ${number}`);
      await turn();
      const held = this.#held[number];
      if (held instanceof Error) throw held;
      if (held === undefined) return undefined;
      const taken = { held, discard: () => this.log.push(`discard ${number}`) } as unknown as TakenRows;
      this.#made[number] = { taken } as unknown as PreparedLoad;
      return this.#made[number];
    }, limits);
  }

  numberOf(load: PreparedLoad | undefined): number {
    return this.#made.indexOf(load!);
  }
}

/** Until nothing more happens by itself. */
async function settled(): Promise<void> {
  for (let count = 0; count < 100; count++) await turn();
}

const MANY: AheadLimits = { heldBytes: 1_000, types: 10 };

describe('loads that are prepared ahead', () => {
  it('come in their order, each once, and then no more', async () => {
    const making = new Making([1, 1, 1, 1, 1]);
    const loads = making.loads({ heldBytes: 0, types: 1 });
    const got: number[] = [];
    for (let load = await loads.next(); load !== undefined; load = await loads.next())
      got.push(making.numberOf(load));
    assert.deepEqual(got, [0, 1, 2, 3, 4]);
    assert.equal(await loads.next(), undefined);
    await loads.close();
    assert.deepEqual(making.log, [
      'prepare 0',
      'prepare 1',
      'prepare 2',
      'prepare 3',
      'prepare 4',
      'prepare 5',
    ]);
  });

  it('nothing is prepared before it is asked for the first', async () => {
    const making = new Making([1]);
    const loads = making.loads(MANY);
    await settled();
    assert.deepEqual(making.log, []);
    await loads.close();
  });

  it('while one is loaded, as many as there is room for on disk', async () => {
    const making = new Making([100, 600, 400, 1, 1]);
    const loads = making.loads(MANY);
    await loads.next();
    await settled();
    // 600 and 400 are not more than 1,000; with the next they are.
    assert.deepEqual(making.log, ['prepare 0', 'prepare 1', 'prepare 2', 'prepare 3']);
    await loads.next();
    await settled();
    assert.deepEqual(making.log.slice(4), ['prepare 4', 'prepare 5']);
    await loads.close();
  });

  it('and as many as may wait', async () => {
    const making = new Making([0, 0, 0, 0, 0]);
    const loads = making.loads({ heldBytes: 1_000, types: 2 });
    await loads.next();
    await settled();
    assert.deepEqual(making.log, ['prepare 0', 'prepare 1', 'prepare 2']);
    await loads.close();
  });

  it('one that is larger than all that may wait is loaded all the same', async () => {
    const making = new Making([5_000, 6_000]);
    const loads = making.loads(MANY);
    assert.equal(making.numberOf(await loads.next()), 0);
    assert.equal(making.numberOf(await loads.next()), 1);
    assert.equal(await loads.next(), undefined);
  });

  it('an error comes behind those that were ready, and nothing is prepared after it', async () => {
    const error = new Error('interrupted');
    const making = new Making([0, 0, error, 0]);
    const loads = making.loads(MANY);
    await loads.next();
    await settled();
    assert.equal(making.numberOf(await loads.next()), 1);
    await assert.rejects(loads.next(), error);
    await assert.rejects(loads.next(), error);
    await loads.close();
    assert.deepEqual(making.log, ['prepare 0', 'prepare 1', 'prepare 2']);
  });

  it('rows that wait take an eighth of the scratch folder’s allowance, and no more than 64 MiB', () => {
    assert.deepEqual(aheadLimits(0), { heldBytes: 67_108_864, types: 16 });
    assert.deepEqual(aheadLimits(8_000_000_000), { heldBytes: 67_108_864, types: 16 });
    assert.deepEqual(aheadLimits(80_000_000), { heldBytes: 10_000_000, types: 16 });
  });

  it('what nobody asked for is discarded at the end, also what is being prepared then', async () => {
    const making = new Making([0, 0, 0, 0]);
    const loads = making.loads({ heldBytes: 1_000, types: 2 });
    await loads.next();
    await settled();
    await loads.next();
    await loads.close();
    await settled();
    assert.deepEqual(making.log, [
      'prepare 0',
      'prepare 1',
      'prepare 2',
      'prepare 3',
      'discard 2',
      'discard 3',
    ]);
  });
});
