import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { InterruptedError } from '../../workloads/core/errors.ts';
import type { ObjectStore } from '../../workloads/core/ports/object-store.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { HourBench, lineOf, schemasOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const MIB = 1024 * 1024;

/** Bytes of a read that a signal may let through: what was on its way when it came. */
const ON_ITS_WAY = MIB;

/** A store whose user is told to end after the first chunk of one of its reads. */
class Signalled {
  readonly ending = new AbortController();
  readonly store: FaultyStore;
  /** Bytes that were read of it all the same. */
  read = 0;

  /** @param which How often an object with such a key was read when the signal comes, from 1. */
  constructor(store: ObjectStore, key: RegExp, which: number) {
    let reads = 0;
    this.store = new FaultyStore(store, {
      read: async (name, go) => {
        const body = await go();
        if (!key.test(name) || ++reads !== which) return body;
        return Readable.from(this.#counted(body), { objectMode: false, highWaterMark: 1 });
      },
    });
  }

  async *#counted(body: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      this.read += (chunk as Buffer).length;
      yield chunk as Buffer;
      this.ending.abort('SIGTERM');
    }
  }

  async assertEnds(work: Promise<unknown>, size: number): Promise<void> {
    await assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof InterruptedError, String(error));
      assert.equal(error.message, 'Interrupted by SIGTERM: nothing is half-committed');
      return true;
    });
    assert.ok(size > 2 * ON_ITS_WAY, `an object of ${size} bytes proves nothing`);
    assert.ok(this.read > 0 && this.read <= ON_ITS_WAY, `${this.read} of ${size} bytes were read`);
  }
}

const NOISE = gzipSync(`${lineOf('a', { pad: randomBytes(3 * MIB).toString('hex') })}\n`);
const BROKEN = NOISE.subarray(0, -1);

describe('a signal is heard', () => {
  it('while further damage is looked for', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.gz', gzipSync(`${lineOf('a')}\n`).subarray(0, -1));
    hour.put('2.gz', NOISE);
    const signalled = new Signalled(hour.source, /2\.gz$/, 1);
    const { store: source, ending } = signalled;
    await signalled.assertEnds(hour.classify({ source, signal: ending.signal }), NOISE.length);
    assert.deepEqual(hour.written(), []);
  });

  it('while a damaged object is set aside', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.gz', BROKEN);
    const signalled = new Signalled(hour.source, /1\.gz$/, 2);
    const { store: source, ending } = signalled;
    await signalled.assertEnds(hour.classify({ source, signal: ending.signal }), BROKEN.length);
    assert.deepEqual(hour.written(), []);
  });

  it('while a quarantine is fetched to be replayed', async () => {
    const hour = new HourBench(tempFolder(), 'b');
    hour.put('1.gz', NOISE);
    await hour.classify();
    const signalled = new Signalled(hour.records, /\.bin\.gz$/, 1);
    const { store: records, ending } = signalled;
    const changes = { records, signal: ending.signal, schemas: schemasOf('a', 'b') };
    await signalled.assertEnds(hour.replay(changes), NOISE.length);
    assert.deepEqual(hour.epochs(), ['1.json']);
  });

  it('while the index of what a shard set aside is joined', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.json', '?\n'.repeat(100_000));
    hour.put('2.json', `${lineOf('a')}\n`);
    await hour.classifyShard(0, 2);
    const signalled = new Signalled(hour.staging, /\.index\.ndjson\.gz$/, 1);
    const { store: staging, ending } = signalled;
    const { size } = (await hour.staging.list('_shards/')).objects.find(({ key }) =>
      key.includes('.index.'),
    )!;
    await signalled.assertEnds(hour.classifyShard(1, 2, { staging, signal: ending.signal }), size);
    assert.deepEqual(hour.epochs(), []);
  });
});
