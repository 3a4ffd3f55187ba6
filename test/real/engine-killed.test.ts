import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { tempFolder } from '../support/temp.ts';
import { withPendingCreates, type StateResource } from './support/checkpoint.ts';
import { engineBench, type Bench } from './support/engine-bench.ts';
import { EngineError, type Engine } from './support/engine.ts';
import { killUpAt } from './support/kill-up.ts';

describe('an up that is cut off, on the real engine', function () {
  this.timeout(600_000);
  const folder = tempFolder();
  let bench: Bench;
  let dev: Engine;
  let undisturbed: readonly string[] | undefined;

  beforeEach(async () => {
    bench = await engineBench(folder);
    dev = await bench.open('dev');
  });

  afterEach(() => bench.stop());

  const inCloud = (): string[] => bench.standIn.cloud.resources.map(({ type, id }) => `${type} ${id}`).sort();

  /** What an up makes that nobody disturbs. */
  async function whole(): Promise<readonly string[]> {
    if (undisturbed !== undefined) return undisturbed;
    const other = await engineBench(folder);
    try {
      await (await other.open('dev')).up();
      undisturbed = other.standIn.cloud.resources.map(({ type, id }) => `${type} ${id}`).sort();
      return undisturbed;
    } finally {
      other.stop();
    }
  }

  /** Where the real providers' ids come from: what the program names, or else what the console shows. */
  const idOf = ({ type, inputs = {} }: StateResource): string => bench.standIn.cloud.typeOf(type).id(inputs);

  it('keeps its lock, which cancel gives back', async () => {
    await killUpAt(dev, bench.standIn.cloud, 1, 'asked');
    await assert.rejects(
      dev.up(),
      (error) => error instanceof EngineError && error.message.includes('currently locked by 1 lock'),
    );
    await dev.cancel();
    await dev.up();
    assert.deepEqual(inCloud(), await whole());
  });

  for (const count of [12, 40, 85])
    it(`killed before its write number ${count} reaches the cloud: the next up ends it`, async () => {
      await killUpAt(dev, bench.standIn.cloud, count, 'asked');
      assert.equal(inCloud().length, count - 1);
      await dev.cancel();
      await dev.up();
      assert.deepEqual(inCloud(), await whole());
      assert.deepEqual((await dev.preview()).steps, []);
    });

  for (const count of [3, 30, 70])
    it(`killed while write number ${count} was done and its answer lost: repaired, the next up ends it`, async () => {
      await killUpAt(dev, bench.standIn.cloud, count, 'done');
      await dev.cancel();
      await dev.imported(withPendingCreates(await dev.exported(), idOf));
      await dev.refresh();
      await dev.up();
      assert.deepEqual(inCloud(), await whole());
      assert.deepEqual((await dev.preview()).steps, []);
      assert.equal((await dev.exported()).deployment.pending_operations, undefined);
    });

  it('a schema change that was killed half-way is carried on by the next up', async () => {
    await dev.up();
    bench.changeSchema('purchase', ({ fields }) => fields.push({ name: 'coupon', type: 'STRING' }));
    await killUpAt(dev, bench.standIn.cloud, 3, 'done');
    await dev.cancel();
    await dev.up();
    assert.deepEqual((await dev.preview()).steps, []);
  });

  it('an up that a cloud’s error stopped is carried on by the next', async () => {
    bench.standIn.cloud.before = ({ name }) => {
      if (name === 'records-bucket')
        throw new Error('googleapi: Error 503: Service Unavailable, backendError');
    };
    await assert.rejects(
      dev.up(),
      (error) =>
        error instanceof EngineError &&
        error.messages.includes('googleapi: Error 503: Service Unavailable, backendError'),
    );
    bench.standIn.cloud.before = undefined;
    await dev.up();
    assert.deepEqual(inCloud(), await whole());
    assert.deepEqual((await dev.preview()).steps, []);
  });
});
