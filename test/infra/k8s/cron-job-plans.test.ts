import assert from 'node:assert/strict';
import fc from 'fast-check';
import { standardMinutes } from '../../../infra/config/shape.ts';
import { cronJobPlans, type LaneType } from '../../../infra/k8s/cron-job-plans.ts';
import { names } from '../../../infra/names.ts';

const standard = (table: string, type = table): LaneType => ({ table, type, lane: 'standard' });
const fast = (table: string): LaneType => ({ table, type: table, lane: 'fast' });

const minutesOf = (groups: number) => ({ classifier: 5, fast: 15, standard: standardMinutes(groups) });

/** Any set of log types: tables unique, and so are the values of the type key. */
const anyTypes = fc
  .uniqueArray(fc.stringMatching(/^[a-z_][a-z0-9_]{0,20}$/), { maxLength: 60 })
  .chain((tables) =>
    fc.tuple(
      ...tables.map((table, index) =>
        fc.record({
          table: fc.constant(table),
          type: fc.string({ minLength: 1 }).map((text) => `${text}${index}`),
          lane: fc.constantFrom('fast' as const, 'standard' as const),
        }),
      ),
    ),
  );
const anyGroups = fc.integer({ min: 1, max: 30 });

/** The minute at which each type of the standard lane is loaded. */
function minutesByType(types: readonly LaneType[], groups: number): [string, number][] {
  return cronJobPlans(types, minutesOf(groups)).flatMap(({ minute, args }) =>
    args
      .filter((argument) => argument.startsWith('--types='))
      .map((argument): [string, number] => [argument.slice('--types='.length), minute]),
  );
}

describe('which CronJobs there are', () => {
  it('the classifier, the fast lane, and one for each group of the standard lane that has types', () => {
    const types = [
      standard('ad_impression'),
      standard('order_created', 'order/created'),
      standard('search'),
      standard('chat_message'),
      fast('purchase'),
    ];
    assert.deepEqual(cronJobPlans(types, minutesOf(6)), [
      { name: 'classifier', workload: 'classifier', minute: 5, args: ['classify', '--json'] },
      { name: 'loader-fast', workload: 'loader', minute: 15, args: ['load', '--json', '--lane', 'fast'] },
      // sha256("13:ad_impression") begins with digits that leave 2 when divided by 6; the other three leave 4.
      {
        name: 'loader-standard-40',
        workload: 'loader',
        minute: 40,
        args: ['load', '--json', '--lane', 'standard', '--types=ad_impression'],
      },
      {
        name: 'loader-standard-50',
        workload: 'loader',
        minute: 50,
        args: [
          'load',
          '--json',
          '--lane',
          'standard',
          '--types=chat_message',
          '--types=order/created',
          '--types=search',
        ],
      },
    ]);
  });

  it('a type whose value looks like an option stays a value', () => {
    const [, , group] = cronJobPlans([standard('odd', '--reload')], minutesOf(1));
    assert.deepEqual(group, {
      name: 'loader-standard-30',
      workload: 'loader',
      minute: 30,
      args: ['load', '--json', '--lane', 'standard', '--types=--reload'],
    });
  });

  it('has the names that the whole program knows', () => {
    const { cronJob } = names('logferry', 'dev', '123456789012', 'proj');
    const plans = cronJobPlans([standard('a')], { classifier: 1, fast: 2, standard: [31] });
    assert.deepEqual(
      plans.map(({ name }) => name),
      [cronJob.classifier, cronJob.loaderFast, cronJob.loaderStandard(31)],
    );
  });

  it('groups are spread over the second half of the hour, one a minute at most', () => {
    assert.deepEqual(standardMinutes(1), [30]);
    assert.deepEqual(standardMinutes(7), [30, 34, 38, 42, 47, 51, 55]);
    assert.equal(new Set(standardMinutes(30)).size, 30);
  });

  it('property: every standard type is in exactly one group, a fast one in none, and names fit a CronJob', () => {
    fc.assert(
      fc.property(anyTypes, anyGroups, (types, groups) => {
        const plans = cronJobPlans(types, minutesOf(groups));
        const loaded = minutesByType(types, groups);
        const expected = types.filter(({ lane }) => lane === 'standard').map(({ type }) => type);
        assert.deepEqual(loaded.map(([type]) => type).sort(), expected.sort());
        assert.ok(loaded.every(([, minute]) => minute >= 30 && minute <= 59));
        assert.ok(plans.slice(2).every(({ args }) => args.length > 3));
        assert.equal(new Set(plans.map(({ name }) => name)).size, plans.length);
        assert.equal(new Set(plans.map(({ minute }) => minute)).size, plans.length);
        // A CronJob's name: an RFC 1123 subdomain of at most 52 characters.
        for (const { name } of plans) assert.match(name, /^[a-z][-a-z0-9]{0,51}$/);
      }),
    );
  });

  it('property: types that come or go leave the minute of every other as it is', () => {
    fc.assert(
      fc.property(anyTypes, anyGroups, fc.nat(), (types, groups, cut) => {
        const fewer = types.slice(types.length === 0 ? 0 : cut % types.length);
        const all = new Map(minutesByType(types, groups));
        for (const [type, minute] of minutesByType(fewer, groups)) assert.equal(all.get(type), minute);
      }),
    );
  });

  it('property: the order in which schemas are read changes nothing', () => {
    fc.assert(
      fc.property(anyTypes, anyGroups, (types, groups) => {
        assert.deepEqual(
          cronJobPlans(types.toReversed(), minutesOf(groups)),
          cronJobPlans(types, minutesOf(groups)),
        );
      }),
    );
  });

  it('a thousand types fill every group, none twice as full as it should be', () => {
    const types = Array.from({ length: 1000 }, (_, index) => standard(`type_${index}`));
    const sizes = cronJobPlans(types, minutesOf(6))
      .slice(2)
      .map(({ args }) => args.length - 3);
    assert.equal(sizes.length, 6);
    assert.ok(Math.max(...sizes) < 2 * (1000 / 6), sizes.join(' '));
  });
});
