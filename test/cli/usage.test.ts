import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseHours } from '../../workloads/core/hour.ts';
import { exitCodeOfAll } from '../../workloads/cli/hours.ts';
import { NotReadyError, TerminalError, UsageError } from '../../workloads/core/errors.ts';
import { cli } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const SCHEMA = { fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }] };

interface Event {
  readonly severity: string;
  readonly message: string;
}

/** A command line that is refused: exit code 2, nothing on stdout, and one JSON line that says why. */
async function refused(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await cli(args, { env });
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  const { severity, message } = JSON.parse(stderr) as Event;
  assert.equal(severity, 'ERROR');
  return message;
}

describe('a typo is refused with the nearest valid word', () => {
  for (const [args, nearest] of [
    [['rnu', HOUR], /rnu[\s\S]*run/],
    [['clasify', HOUR], /Did you mean classify\?/],
    [['run', HOUR, '--sorce', 'file:x'], /Did you mean --source\?/],
    [['run', HOUR, '--dry-rnu'], /Did you mean --dry-run\?/],
    [['schema', 'chek'], /Did you mean check\?/],
    [['replay', 'quarantin', HOUR], /did you mean quarantine\?/],
    [
      [
        'run',
        HOUR,
        '--source',
        'fil:x',
        '--staging',
        'file:x',
        '--warehouse',
        'duckdb:x',
        '--schemas',
        'schemas',
      ],
      /--source: expected file:<path> or s3:\/\/<bucket>\/<prefix> or gs:\/\/<bucket>\/<prefix>, found "fil:x" \(did you mean file\?\)/,
    ],
  ] as const) {
    it(args.join(' '), async () => assert.match(await refused(args), nearest));
  }

  it('LOGFERRY_STAGGING', async () => {
    assert.match(
      await refused(['counts', '--warehouse', 'duckdb:x'], { LOGFERRY_STAGGING: 'file:x' }),
      /LOGFERRY_STAGGING: no such setting \(did you mean LOGFERRY_STAGING\?\)/,
    );
  });

  it('a word that is near to nothing has no suggestion', async () => {
    assert.doesNotMatch(
      await refused(['counts', '--warehouse', 'duckdb:x'], { LOGFERRY_ZZZZZZZZZZ: '1' }),
      /did you mean/,
    );
  });
});

describe('settings', () => {
  it('that are wrong are all told at once, and those that are missing with them', async () => {
    const message = await refused(
      ['run', HOUR, '--lane', 'slow', '--grace', '3 minutes', '--part-size', 'big'],
      {
        LOGFERRY_LOOKBACK: '-1',
        LOGFERRY_STAGGING: 'file:x',
        LOGFERRY_ON_MISFIT: 'setAside:500%',
        LOGFERRY_COMPRESSION_LEVEL: '10',
      },
    );
    for (const part of [
      /--lane: expected one of fast, standard, all, found "slow"/,
      /--grace: expected a time such as .*, found "3 minutes"/,
      /--part-size: expected a size such as .*, found "big"/,
      /LOGFERRY_LOOKBACK: expected a whole number from 1 to 87672, found "-1"/,
      /LOGFERRY_STAGGING: no such setting/,
      /LOGFERRY_ON_MISFIT: expected fail, setAside or setAside:5%, found "setAside:500%"/,
      /LOGFERRY_COMPRESSION_LEVEL: expected a whole number from 1 to 9, found "10"/,
      /--source \(LOGFERRY_SOURCE\): .*found nothing/,
      /--staging \(LOGFERRY_STAGING\): .*found nothing/,
      /--warehouse \(LOGFERRY_WAREHOUSE\): .*found nothing/,
    ]) {
      assert.match(message, part);
    }
  });

  it('a part of no bytes is refused, for it would hold one row', async () => {
    const part = ['classify', HOUR, '--source', 'file:x', '--staging', 'file:y', '--part-size', '0'];
    assert.match(
      await refused(part),
      /--part-size: expected a size such as 512MiB or 1GB, of at least 1 bytes, found "0"/,
    );
  });

  for (const [args, message] of [
    [['--lookback', '0'], '--lookback: expected a whole number from 1 to 87672, found "0"'],
    [['--lookback', '999999999'], '--lookback: expected a whole number from 1 to 87672, found "999999999"'],
    [['--scratch-limit', '0.9'], '--scratch-limit: expected a size such as 512MiB or 1GB, found "0.9"'],
    [['--open'], '--open: expected HOURS that name the open hour, found none'],
  ] as const)
    it(`${args.join(' ')} is refused`, async () => {
      const road = new Road(tempFolder(), { t: SCHEMA });
      assert.ok((await refused(['run', ...road.options, ...args])).startsWith(message));
    });

  it('a home folder that no shell has spelled out is refused', async () => {
    assert.match(
      await refused(['classify', HOUR, '--source', 'file:~/logs', '--staging', 'file:y']),
      /--source: expected a path that is spelled out, found "file:~\/logs"/,
    );
  });

  it('a shard of a run is refused, for it would carry the whole hour', async () => {
    const road = new Road(tempFolder(), { t: SCHEMA });
    assert.match(
      await refused(['run', HOUR, ...road.options, '--shard', '3']),
      /run: expected one process a run/,
    );
  });

  it('in the environment do as options do; options stand above them, and an empty variable is as absent', async () => {
    const road = new Road(tempFolder(), { t: SCHEMA });
    road.put(HOUR, 'a.json', '{"log_type":"t"}\n');
    const [source, staging, warehouse, schemas] = [1, 3, 5, 7].map((index) => road.options[index]!);
    const env = {
      LOGFERRY_SOURCE: source!,
      LOGFERRY_STAGING: 'file:/nowhere',
      LOGFERRY_WAREHOUSE: warehouse!,
      LOGFERRY_SCHEMAS: schemas!,
      LOGFERRY_RECORDS: '',
      LOGFERRY_TYPE_KEY: '',
      LOGFERRY_LANE: '',
    };
    const { code, stderr } = await cli(['run', HOUR, '--staging', staging!], { env });
    assert.equal(code, 0, stderr);
    assert.match(await refused(['counts'], { LOGFERRY_WAREHOUSE: '' }), /--warehouse .*found nothing/);
  });

  it('of an unknown URL scheme are refused with the schemes that there are', async () => {
    const message = await refused(['counts', '--warehouse', 'postgres://x']);
    assert.match(
      message,
      /--warehouse: expected duckdb:<path> or bigquery:\/\/<project>\?raw=<dataset>&temp=<dataset>&ops=<dataset>&location=<location>, found "postgres:\/\/x"/,
    );
    assert.match(
      await refused(['counts', '--warehouse', 'bigquery://project']),
      /expected bigquery:\/\/<project>\?.* with raw=, temp=, ops=, location=, found "bigquery:\/\/project"/,
    );
    assert.match(await refused(['counts', '--warehouse', 'dukdb:x']), /did you mean duckdb\?/);
  });

  it('of a schemas folder that is not there, or empty, are refused', async () => {
    const root = tempFolder();
    mkdirSync(join(root, 'empty'));
    const rest = [
      '--source',
      `file:${root}`,
      '--staging',
      `file:${root}`,
      '--warehouse',
      `duckdb:${join(root, 'wh')}`,
    ];
    assert.match(
      await refused(['run', HOUR, '--schemas', join(root, 'none'), ...rest]),
      /cannot read the folder .*ENOENT/,
    );
    assert.match(
      await refused(['run', HOUR, '--schemas', join(root, 'empty'), ...rest]),
      /expected at least one <table>.json/,
    );
  });
});

describe('HOURS', () => {
  for (const text of [
    '2026-11-20',
    '2026-11-20T24',
    '2026-02-29T00',
    '2026-11-20T1',
    '2026-11-20T14:00',
    '2026-11-20 14',
    '..',
    `${HOUR}..`,
    `..${HOUR}`,
    `${HOUR}...${HOUR}`,
    `${HOUR}..${HOUR}..${HOUR}`,
    '',
    'yesterday',
    `${HOUR} `,
    '２０２６-11-20T14',
  ]) {
    it(`"${text}" is refused`, () => {
      assert.throws(
        () => parseHours(text),
        (error: unknown) => error instanceof UsageError && error.message.includes('HOURS: expected'),
      );
    });
  }

  it('A..B has both ends, over days, years and leap days', () => {
    assert.deepEqual(parseHours('2026-12-31T23..2027-01-01T00'), ['2026-12-31T23', '2027-01-01T00']);
    assert.deepEqual(parseHours('2028-02-28T23..2028-02-29T00'), ['2028-02-28T23', '2028-02-29T00']);
    assert.deepEqual(parseHours(`${HOUR}..${HOUR}`), [HOUR]);
    assert.equal(parseHours('2028-01-01T00..2028-12-31T23').length, 366 * 24);
  });

  it('backwards, or of more than ten years, is refused', () => {
    assert.throws(() => parseHours('2026-11-20T15..2026-11-20T14'), UsageError);
    assert.throws(() => parseHours('2016-11-20T15..2027-11-20T14'), UsageError);
  });
});

describe('exit codes of many hours', () => {
  const [failed, notReady] = [new TerminalError('x'), new NotReadyError('x')];
  for (const [what, errors, code] of [
    ['nothing wrong: 0', [], 0],
    ['one not ready: 75', [notReady], 75],
    ['one failed: 1', [failed], 1],
    ['failed wins over not ready, first or last', [notReady, failed, notReady], 1],
    ['what nobody expected: 1', [new Error('x'), notReady], 1],
  ] as const) {
    it(what, () => assert.equal(exitCodeOfAll(errors), code));
  }
});
