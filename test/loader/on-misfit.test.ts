import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SetAsideRecord } from '../../workloads/core/set-aside/record.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad } from './bench.ts';

const NOT_JSON = '{"log_type":"t","n":01}\n';

describe('onMisfit', () => {
  const root = tempFolder();

  async function load(onMisfit: string | undefined, rows: number, misfits: number, ...args: string[]) {
    const road = newRoad(root, { t: { fields: FIELDS, ...(onMisfit === undefined ? {} : { onMisfit }) } });
    const good = rows - misfits;
    road.put(
      HOUR,
      'a.json',
      Array.from({ length: rows }, (_, index) => line('t', index < good ? index : 'x')).join(''),
    );
    const { code, report, stderr } = await road.run(HOUR, ...args);
    const { state, rejected, loaded } = report.hours[0]!.types[0]!;
    return { road, stderr, found: { code, state, rejected, loaded } };
  }

  function rejectsOf(road: Road): { index: SetAsideRecord[]; bin: Buffer } {
    const folder = join(road.folder, 'staging/_records/rejects/2026/11/20/14');
    const [bin, index] = ['.bin.gz', '.index.ndjson.gz'].map((end) => {
      const names = readdirSync(folder).filter((name) => name.endsWith(end));
      assert.equal(names.length, 1);
      return gunzipSync(readFileSync(join(folder, names[0]!)));
    });
    return {
      bin: bin!,
      index: index!
        .toString()
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as SetAsideRecord),
    };
  }

  const LOADED = { code: 0, state: 'loaded' };
  const FAILED = { code: 1, state: 'failed', rejected: 0, loaded: 0 };

  const BORDERS: readonly [string | undefined, number, number, object][] = [
    [undefined, 20, 1, { ...LOADED, rejected: 1, loaded: 19 }],
    [undefined, 19, 1, FAILED],
    ['setAside:5%', 100, 5, { ...LOADED, rejected: 5, loaded: 95 }],
    ['setAside:5%', 100, 6, FAILED],
    ['setAside:0.7%', 1000, 7, { ...LOADED, rejected: 7, loaded: 993 }],
    ['setAside:0.7%', 1000, 8, FAILED],
    ['setAside:0.29%', 10000, 29, { ...LOADED, rejected: 29, loaded: 9971 }],
    ['setAside:100%', 2, 2, { ...LOADED, rejected: 2, loaded: 0 }],
    ['setAside:0%', 100, 1, FAILED],
    ['setAside', 3, 3, { ...LOADED, rejected: 3, loaded: 0 }],
    ['fail', 100, 1, FAILED],
    ['fail', 100, 0, { ...LOADED, rejected: 0, loaded: 100 }],
  ];
  for (const [policy, rows, misfits, expected] of BORDERS) {
    it(`${policy ?? 'by default'}: ${misfits} misfits of ${rows} rows`, async () => {
      assert.deepEqual((await load(policy, rows, misfits)).found, expected);
    });
  }

  it('--on-misfit stands above the schema file', async () => {
    assert.deepEqual((await load('fail', 2, 1, '--on-misfit', 'setAside')).found, {
      ...LOADED,
      rejected: 1,
      loaded: 1,
    });
    assert.deepEqual((await load('setAside', 2, 1, '--on-misfit', 'fail')).found, FAILED);
    assert.deepEqual((await load('setAside', 2, 1, '--on-misfit', 'setAside:49%')).found, FAILED);
  });

  it('rows that are not JSON are set aside even with fail, and do not count as misfits', async () => {
    const road = newRoad(root, { t: { fields: FIELDS, onMisfit: 'fail' } });
    road.put(HOUR, 'a.json', NOT_JSON + line('t', 1) + NOT_JSON);
    const { code, report } = await road.run(HOUR);
    assert.equal(code, 0);
    assert.deepEqual(report.hours[0]?.types, [
      { type: 't', staged: 3, rejected: 2, loaded: 1, state: 'loaded' },
    ]);
    assert.deepEqual(await road.query('SELECT line, reason FROM ops.rejects ORDER BY line'), [
      { line: 1, reason: 'syntax' },
      { line: 3, reason: 'syntax' },
    ]);
  });

  it('a type that fails names both figures and publishes its rejects, every misfit of every row', async () => {
    const road = newRoad(root, {
      t: { fields: [...FIELDS, { name: 'm', type: 'BOOLEAN' }], onMisfit: 'fail' },
    });
    road.put(HOUR, 'a.json', `${line('t', 'x')}{"log_type":"t","n":"y","m":1}\n${line('t', 1)}`);
    const { code, stderr } = await road.run(HOUR);
    assert.equal(code, 1);
    assert.match(stderr, /expected at most 0 % misfits, found 2 of 3 rows/);
    const { index } = rejectsOf(road);
    assert.deepEqual(
      index.map(({ line: number, misfits }) => [number, misfits?.map(({ field }) => field)]),
      [
        [1, ['n']],
        [2, ['n', 'm']],
      ],
    );
    assert.deepEqual(await road.query('SELECT count(*) AS n FROM ops.all_rejects'), [{ n: 0 }]);
  });

  it('rejects lie byte for byte in the bin, and each is found in its staged object', async () => {
    const bad = [
      '{ "log_type":"t" , "n":1.50}',
      '{"log_type":"t","n":"한글😀"}',
      '{"log_type":"t","n":1,"extra":-0}',
      '{"log_type":"t","n":nul}',
    ];
    const road = newRoad(root, { t: { fields: FIELDS, onMisfit: 'setAside' } });
    road.put(HOUR, 'a.json', `${line('t', 0)}${bad[0]}\r\n${bad[1]}\n${line('t', 1)}${bad[2]}\n${bad[3]}`);
    assert.equal((await road.run(HOUR)).code, 0);
    const { index, bin } = rejectsOf(road);
    assert.deepEqual(
      index.map(({ binOffset, length }) => bin.subarray(binOffset, binOffset + length).toString()),
      bad,
    );
    assert.equal(
      bin.length,
      bad.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    );
    for (const [at, { object, byteOffset, length }] of index.entries()) {
      const staged = gunzipSync(readFileSync(join(road.folder, 'staging', object)));
      assert.equal(staged.subarray(byteOffset, byteOffset + length).toString(), bad[at]);
    }
    assert.deepEqual(
      await road.query('SELECT line, reason, field, found, head FROM ops.rejects ORDER BY line'),
      [
        { line: 2, reason: 'type', field: 'n', found: '1.50', head: bad[0] },
        { line: 3, reason: 'type', field: 'n', found: '"한글😀"', head: bad[1] },
        { line: 5, reason: 'unknown_field', field: 'extra', found: '-0', head: bad[2] },
        { line: 6, reason: 'syntax', field: '', found: 'nul}', head: bad[3] },
      ],
    );
  });
});
