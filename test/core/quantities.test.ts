import assert from 'node:assert/strict';
import { durationMs, sizeBytes } from '../../workloads/core/quantities.ts';

describe('sizes and times as people write them', () => {
  it('sizes, in bytes', () => {
    assert.deepEqual(['0', '0.0', '0.9', '0.0005KB', '1.9', '0.001KB'].map(sizeBytes), [
      ...[0, 0, undefined, undefined, 1, 1],
    ]);
    // A pod's scratch is told in bytes, a TiB at most.
    assert.equal(sizeBytes('1099511627776'), 2 ** 40);
    assert.deepEqual(['512MiB', '1GB', '1.5KiB', '7', '7B', '2Gi', '', '-1', '1 GB'].map(sizeBytes), [
      ...[536_870_912, 1_000_000_000, 1536, 7, 7],
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  it('times, in milliseconds; seconds where no unit is said', () => {
    assert.deepEqual(['3m', '90s', '90', '1.5h', '500ms', '3 m', 'm', '-1s'].map(durationMs), [
      ...[180_000, 90_000, 90_000, 5_400_000, 500],
      ...[undefined, undefined, undefined],
    ]);
  });
});
