import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { ReadRing } from '../../workloads/core/bytes/read-ring.ts';
import { parseHour } from '../../workloads/core/hour.ts';
import { HOUR, HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

/** Counts what is read into its buffers. */
class CountingRing extends ReadRing {
  readonly sizes: number[] = [];

  override next(bytes: number): Buffer {
    this.sizes.push(bytes);
    return super.next(bytes);
  }
}

describe('buffers that the source is read into', () => {
  it('are the command’s: every hour, attempt and broken object is read into the same ones', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const next = parseHour('2026-11-20T15');
    const line = `${lineOf('a')}\n`;
    const broken = gzipSync(line.repeat(9)).subarray(0, 30);
    hour.put('1.json', line);
    hour.put('1.json', line.repeat(2), next);
    // Read by the attempt that meets it, and once more to be set aside; what comes behind it by a search for more damage, too.
    hour.put('2.json.gz', broken, next);
    hour.put('3.json', line.repeat(3), next);
    const ring = new CountingRing();
    await hour.classify({ ring }, HOUR);
    assert.deepEqual(ring.sizes.splice(0), [line.length]);
    const { manifest } = await hour.classify({ ring }, next);
    assert.equal(manifest.damaged, true);
    const [one, two, three] = [2 * line.length, broken.length, 3 * line.length];
    assert.deepEqual(ring.sizes, [one, two, three, one, two, three]);
  });
});
