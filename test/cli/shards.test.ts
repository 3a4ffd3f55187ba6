import assert from 'node:assert/strict';
import type { RunReport } from '../../workloads/cli/report.ts';
import { cli } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const SCHEMA = { fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }] };
const LINE = '{"log_type":"t"}\n';
/** An hour of several objects has several shards. */
const SMALL = ['--throughput', '1', '--shard-time', '1s'];

function roadOf(objects: readonly string[], hour = HOUR): Road {
  const road = new Road(tempFolder(), { t: SCHEMA });
  objects.forEach((content, index) => road.put(hour, `${index}.json`, content));
  return road;
}

const hourOf = (stdout: string): RunReport['hours'][number] => (JSON.parse(stdout) as RunReport).hours[0]!;

describe('shards on the command line', () => {
  for (const [args, message] of [
    [['--shards', '3'], /--shard \(LOGFERRY_SHARD\): expected which of the 3 shards .* found nothing/],
    [['--shards', '3', '--shard', '3'], /--shard .*: expected a number from 0 to 2, below --shards, found 3/],
    [['--shard', '1'], /--shard .*: expected a number from 0 to 0, below --shards, found 1/],
    [['--shards', '0'], /--shards .*: expected at least 1, the number of processes, found 0/],
    [['--shards', 'two', '--shard', '0'], /--shards: expected a whole number, found "two"/],
    [
      ['--shards', '2', '--shard', '0', '--throughput', '0'],
      /--throughput, --shard-time: expected both above 0, found 0 bytes a second for 300 s/,
    ],
  ] as const) {
    it(`classify ${args.join(' ')}: 2, and what was expected`, async () => {
      const { code, stdout, stderr } = await roadOf([LINE]).command('classify', HOUR, ...args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match((JSON.parse(stderr) as { message: string }).message, message);
    });
  }

  it('run takes no part of an hour, by option or variable; load does not care', async () => {
    const road = roadOf([LINE]);
    const sentence = /run: expected one process a run, found --shards 3 \(LOGFERRY_SHARDS\)/;
    const byOption = await road.command('run', HOUR, '--shards', '3', '--shard', '0');
    const env = { LOGFERRY_SHARDS: '3', LOGFERRY_SHARD: '0' };
    const byVariable = await cli(['run', HOUR, ...road.options], { env });
    for (const { code, stderr } of [byOption, byVariable]) {
      assert.equal(code, 2);
      assert.match(stderr, sentence);
    }
    assert.equal((await road.command('classify', HOUR)).code, 0);
    assert.equal((await cli(['load', HOUR, ...road.options], { env: { LOGFERRY_SHARDS: '3' } })).code, 0);
  });

  it('a dry run says how many shards the hour’s plan has, and the range of each; it writes nothing', async () => {
    const road = roadOf([LINE, LINE, LINE + LINE]);
    const args = ['classify', HOUR, '--dry-run', '--shards', '8', '--shard', '5', ...SMALL];
    const { code, stdout } = await road.command(...args, '--json');
    assert.equal(code, 0);
    const range = (name: string, bytes: number): object => {
      const key = `2026/11/20/14/${name}`;
      return { from: key, to: key, objects: 1, bytes };
    };
    assert.deepEqual(JSON.parse(stdout), {
      dryRun: true,
      hours: [
        {
          hour: HOUR,
          epoch: 1,
          classify: {
            outcome: 'commit',
            objects: 3,
            bytes: 68,
            shards: [{ ...range('0.json', 34), to: '2026/11/20/14/1.json', objects: 2 }, range('2.json', 34)],
          },
        },
      ],
    });
    const table = (await road.command(...args)).stdout;
    assert.match(
      table,
      /shard 0 of 2 .* 2 objects, 34 bytes: 2026\/11\/20\/14\/0\.json to 2026\/11\/20\/14\/1\.json/,
    );
    assert.match(
      (await road.command(...args.filter((arg) => arg !== '--dry-run'))).stdout,
      /spare, shard 5 of 2/,
    );
  });

  it('a shard’s table says which it was, what is still missing, and that its own lines are accounted for', async () => {
    const road = roadOf([LINE, LINE]);
    const shard = (index: number): string[] => [
      'classify',
      HOUR,
      '--shards',
      '2',
      '--shard',
      String(index),
      ...SMALL,
    ];
    const first = await road.command(...shard(0));
    assert.equal(first.code, 0);
    assert.match(first.stdout, /waiting, shard 0 of 2, not yet: 1/);
    assert.match(first.stdout, /1 lines = 1 staged \+ 0 quarantined \+ 0 blank\nconserved/);
    assert.match(first.stderr, /shard 0 of 2 is done, epoch 1 waits for shard 1/);
    assert.equal((await road.command('load', HOUR)).code, 75);
    const second = await road.command(...shard(1));
    assert.match(second.stdout, /done, shard 1 of 2/);
    assert.match(second.stdout, /2 lines = 2 staged \+ 0 quarantined \+ 0 blank\nconserved/);
    assert.match((await road.command(...shard(0))).stdout, /Nothing to do: every hour is committed already/);
  });

  it('without HOURS every shard takes the unfinished hours in the same order, small ones by shard 0 alone', async () => {
    const hours = [3, 2].map((ago) => new Date(Date.now() - ago * 3_600_000).toISOString().slice(0, 13));
    const road = roadOf([LINE.repeat(9), LINE.repeat(9)], hours[0]);
    road.put(hours[1]!, 'small.json', LINE);
    const args = ['classify', '--json', '--lookback', '4', '--throughput', '20', '--shard-time', '1s'];
    const states = [];
    for (const index of [1, 0]) {
      const { code, stdout } = await road.command(...args, '--shards', '2', '--shard', String(index));
      assert.equal(code, 0);
      states.push(
        (JSON.parse(stdout) as RunReport).hours
          .filter(({ hour }) => hours.includes(hour))
          .map(({ hour, state }) => [hour, state]),
      );
    }
    assert.deepEqual(states, [
      [
        [hours[0], 'waiting'],
        [hours[1], 'spare'],
      ],
      [
        [hours[0], 'done'],
        [hours[1], 'done'],
      ],
    ]);
  });

  it('an hour that fails in a shard fails as ever: 1, and nothing is committed', async () => {
    const road = roadOf([LINE, LINE]);
    const scratch = ['--scratch', '/nowhere/at/all'];
    const { code } = await road.command(
      'classify',
      HOUR,
      '--shards',
      '2',
      '--shard',
      '0',
      ...SMALL,
      ...scratch,
    );
    assert.equal(code, 1);
    const { stdout } = await road.command(
      'classify',
      HOUR,
      '--json',
      '--shards',
      '2',
      '--shard',
      '0',
      ...SMALL,
    );
    assert.deepEqual(hourOf(stdout).shard, { index: 0, of: 2, missing: [1] });
  });
});
