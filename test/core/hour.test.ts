import assert from 'node:assert/strict';
import { UsageError } from '../../workloads/core/errors.ts';
import {
  addHours,
  compactHour,
  hourEnd,
  hourOf,
  hourPath,
  hourTimestamp,
  isReady,
  parseHour,
  parseHours,
  recentHours,
} from '../../workloads/core/hour.ts';

describe('folder hours', () => {
  it('hour edges 14:59/15:00 UTC, which is midnight in Korea', () => {
    assert.equal(hourOf(new Date('2026-11-20T14:59:59.999Z')), '2026-11-20T14');
    assert.equal(hourOf(new Date('2026-11-20T15:00:00.000Z')), '2026-11-20T15');
    assert.equal(hourOf(new Date('2026-11-21T00:00:00+09:00')), '2026-11-20T15');
    assert.equal(hourEnd(parseHour('2026-11-20T14')).toISOString(), '2026-11-20T15:00:00.000Z');
  });

  it('leap day and year end', () => {
    assert.deepEqual(parseHours('2028-02-28T23..2028-02-29T01'), [
      '2028-02-28T23',
      '2028-02-29T00',
      '2028-02-29T01',
    ]);
    assert.deepEqual(parseHours('2028-02-29T23..2028-03-01T00'), ['2028-02-29T23', '2028-03-01T00']);
    assert.deepEqual(parseHours('2026-02-28T23..2026-03-01T00'), ['2026-02-28T23', '2026-03-01T00']);
    assert.deepEqual(parseHours('2026-12-31T23..2027-01-01T00'), ['2026-12-31T23', '2027-01-01T00']);
    assert.equal(addHours(parseHour('2027-01-01T00'), -1), '2026-12-31T23');
  });

  it('spellings for folders, tables and SQL', () => {
    const hour = parseHour('2026-01-02T03');
    assert.deepEqual(
      [hourPath(hour), compactHour(hour), hourTimestamp(hour)],
      ['2026/01/02/03', '2026010203', '2026-01-02T03:00:00Z'],
    );
  });

  for (const wrong of [
    ...[
      '',
      '2026-11-20',
      '2026-11-20T24',
      '2026-02-29T00',
      '2026-13-01T00',
      '2026-11-31T00',
      '2026-11-20t00',
      '2026-11-20T00Z',
      '2026-11-20T0',
    ],
    ...[' 2026-11-20T00', '2026-11-20T00\n', '٢٠٢٦-11-20T00', '2026-11-20T00:30', '2026/11/20/00'],
    ...[
      '..',
      '2026-11-20T00..',
      '..2026-11-20T00',
      '2026-11-20T00...2026-11-20T01',
      '2026-11-20T00..2026-11-20T01..2026-11-20T02',
    ],
    ...['2026-11-20T01..2026-11-20T00', '2016-11-20T00..2026-12-20T00'],
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => parseHours(wrong), UsageError);
    });
  }

  it('a range of one hour, and of ten years', () => {
    assert.deepEqual(parseHours('2026-11-20T00..2026-11-20T00'), ['2026-11-20T00']);
    assert.equal(parseHours('2016-11-20T00..2026-11-19T23').length, 87_648);
  });

  it('grace: ready from its very millisecond on', () => {
    const hour = parseHour('2026-11-20T14');
    assert.equal(isReady(hour, new Date('2026-11-20T15:02:59.999Z'), 180_000), false);
    assert.equal(isReady(hour, new Date('2026-11-20T15:03:00.000Z'), 180_000), true);
  });

  it('recent hours: oldest first, only those that are ready', () => {
    assert.deepEqual(recentHours(new Date('2027-01-01T01:02:00Z'), 3, 180_000), [
      '2026-12-31T22',
      '2026-12-31T23',
    ]);
    assert.deepEqual(recentHours(new Date('2027-01-01T01:03:00Z'), 3, 180_000), [
      '2026-12-31T22',
      '2026-12-31T23',
      '2027-01-01T00',
    ]);
    assert.deepEqual(recentHours(new Date('2027-01-01T01:03:00Z'), 0, 180_000), []);
  });
});
