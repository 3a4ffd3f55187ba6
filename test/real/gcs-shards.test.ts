import assert from 'node:assert/strict';
import { after, before } from 'mocha';
import { GcsStore } from '../../workloads/adapters/gcs/gcs-store.ts';
import { decode, OURS } from '../../workloads/core/compression/decode.ts';
import { serialiseManifest, type Manifest } from '../../workloads/core/manifest.ts';
import { latestManifest, readText } from '../../workloads/core/records.ts';
import { committed, mixedHour, withoutParts } from '../classifier/shards/mixed-hour.ts';
import { HOUR } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';
import { startFakeGcs, type FakeGcs } from './support/fake-gcs.ts';

const SHARDS = 3;

describe('shards whose staging and records are Cloud Storage', () => {
  const folder = tempFolder();
  const running: { gcs?: FakeGcs } = {};
  let buckets = 0;

  before(async () => {
    running.gcs = await startFakeGcs({ tempFolder: folder });
  });
  after(() => running.gcs?.stop());

  async function places(): Promise<{ staging: GcsStore; records: GcsStore }> {
    const bucket = `shards-${buckets++}`;
    await running.gcs!.makeBucket(bucket);
    const endpoint = running.gcs!.url;
    return {
      staging: new GcsStore({ bucket, prefix: '', endpoint }),
      records: new GcsStore({ bucket, prefix: '_records', endpoint }),
    };
  }

  async function rowsOf(store: GcsStore, { types }: Manifest): Promise<string[]> {
    const rows: string[] = [];
    for (const { key } of types.flatMap(({ objects }) => objects))
      for await (const chunk of decode(await store.read(key), OURS)) rows.push(chunk.toString());
    return rows.join('').split('\n').toSorted();
  }

  it('make what one process makes, also with every index twice at once', async () => {
    const hour = mixedHour();
    const [alone, together] = [await places(), await places()];
    const expected = (await hour.classify(alone)).manifest;
    const indexes = Array.from({ length: SHARDS }, (_, index) => [index, index]).flat();
    const results = await Promise.all(indexes.map((index) => hour.classifyShard(index, SHARDS, together)));
    const manifest = (await latestManifest(together.records, HOUR))!;
    assert.equal(results.filter(({ outcome }) => outcome === 'committed').length, 1);
    assert.deepEqual(withoutParts(manifest), withoutParts(expected));
    assert.deepEqual(await rowsOf(together.staging, manifest), await rowsOf(alone.staging, expected));
    const { bin, index } = manifest.quarantine!;
    for (const key of [bin, index]) {
      const [one, other] = [await together.records.head(key), await alone.records.head(key)];
      assert.deepEqual([one!.size, one!.crc32c], [other!.size, other!.crc32c]);
    }
  });

  it('in turn, each recorded before the next one begins; a shard after the commit has nothing to do', async () => {
    const hour = mixedHour();
    const there = await places();
    const outcomes = [];
    for (const index of [2, 0, 1, 0]) outcomes.push(await hour.classifyShard(index, SHARDS, there));
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ['waiting', 'waiting', 'committed', 'unchanged'],
    );
    assert.equal(
      await readText(there.records, 'manifests/2026/11/20/14/1.json'),
      serialiseManifest(committed(outcomes[2]!)),
    );
  });
});
