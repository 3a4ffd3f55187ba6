import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadHour } from '../../workloads/loader/load-hour.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, loadingObjects, newRoad, withRoad } from './bench.ts';

const KEEPING = {
  fields: [
    ...FIELDS,
    { name: 'who', type: 'RECORD', fields: [{ name: 'id', type: 'STRING' }] },
    { name: 'items', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'sku', type: 'STRING' }] },
  ],
  unknownFields: 'keep',
  onMisfit: 'setAside',
};

describe('unknownFields: keep', () => {
  const root = tempFolder();

  /** An hour that was loaded from objects, which leaves load copies, or by a warehouse that takes rows, which needs none. */
  async function loaded(content: string, from: 'objects' | 'rows' = 'objects'): Promise<Road> {
    const road = newRoad(root, { t: KEEPING });
    road.put(HOUR, 'a.json', content);
    assert.equal((await road.command('classify', HOUR)).code, 0);
    await load(road, from);
    return road;
  }

  async function load(road: Road, from: 'objects' | 'rows', reload = false): Promise<void> {
    const { conserved } = await withRoad(road, ({ loader }) =>
      loadHour({ ...(from === 'objects' ? loadingObjects(loader) : loader), reload }, HOUR),
    );
    assert.equal(conserved, true);
  }

  /** The load copies by name, decompressed. */
  function copiesOf(road: Road): Record<string, string> {
    const folder = join(road.folder, 'staging/_load');
    const names = (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => name.endsWith('.gz'))
      .sort();
    return Object.fromEntries(
      names.map((name) => [name, gunzipSync(readFileSync(join(folder, name))).toString()]),
    );
  }

  /** What is kept of ROW, as a query finds it. */
  const KEPT =
    "SELECT n, who.id AS id, items[2].sku AS sku, json_extract_string(unknown_fields, '$.y') AS y, CAST(json_extract(unknown_fields, '$.\"who.in\".deep') AS VARCHAR) AS deep FROM raw.t";
  const KEPT_ROWS = [{ n: 1, id: 'a', sku: 'r', y: 'é/', deep: '[1,2]' }];

  const ROW =
    '{"x":1.10,"log_type":"t","who":{"id":"a","age":-0.0,"in":{"deep":[1, 2]}},"n":1,"items":[{"sku":"s"},{"w":1e2,"sku":"r"}],"y":"\\u00e9\\/"}';

  it('keeps what no field lists as raw slices by path: top level, inside records, inside arrays', async () => {
    const road = await loaded(`${ROW}\n`);
    const [copy] = Object.values(copiesOf(road));
    assert.equal(
      copy,
      '{"log_type":"t","who":{"id":"a"},"n":1,"items":[{"sku":"s"},{"sku":"r"}],' +
        '"unknown_fields":{"x":1.10,"who.age":-0.0,"who.in":{"deep":[1, 2]},"items[1].w":1e2,"y":"\\u00e9\\/"}}\n',
    );
    assert.deepEqual(await road.query(KEPT), KEPT_ROWS);
  });

  it('keeps the same of rows that the warehouse takes while they are checked, without a load copy', async () => {
    const road = await loaded(`${ROW}\n${line('t', 2)}${ROW.replace('"n":1', '"n":"x"')}\n${ROW}\n`, 'rows');
    assert.deepEqual(await road.query(`${KEPT} WHERE unknown_fields IS NOT NULL`), [
      ...KEPT_ROWS,
      ...KEPT_ROWS,
    ]);
    assert.deepEqual(await road.query('SELECT n FROM raw.t WHERE unknown_fields IS NULL'), [{ n: 2 }]);
    assert.deepEqual(await road.query('SELECT line, field FROM ops.rejects'), [{ line: 3, field: 'n' }]);
    assert.equal(existsSync(join(road.folder, 'staging/_load')), false);
  });

  it('has NULL where a row has nothing more than the fields, beside rows that have', async () => {
    const road = await loaded(
      `${line('t', 1)}{"log_type":"t","n":2,"more":null}\n{"log_type":"t","n":3,"more":{}}\n`,
    );
    assert.deepEqual(
      await road.query('SELECT n, CAST(unknown_fields AS VARCHAR) AS kept FROM raw.t ORDER BY n'),
      [
        { n: 1, kept: null },
        { n: 2, kept: '{"more":null}' },
        { n: 3, kept: '{"more":{}}' },
      ],
    );
  });

  it('still rejects a row whose known fields do not fit', async () => {
    const road = await loaded(`{"log_type":"t","n":"x","more":1}\n${line('t', 2)}`);
    assert.deepEqual(await road.query('SELECT line, field FROM ops.rejects'), [{ line: 1, field: 'n' }]);
    assert.deepEqual(Object.values(copiesOf(road)), [line('t', 2)]);
  });

  it('a row of nothing but unknown members becomes one that is empty but for them', async () => {
    const fields = [{ name: 'n', type: 'INTEGER' }];
    const road = newRoad(root, { t: { fields, unknownFields: 'keep' } });
    road.put(HOUR, 'a.json', '{"log_type":"t"}\n');
    const { code, stderr } = await road.run(HOUR);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await road.query('SELECT n, CAST(unknown_fields AS VARCHAR) AS kept FROM raw.t'), [
      { n: null, kept: '{"log_type":"t"}' },
    ]);
  });

  it('makes the same load copies each time', async () => {
    const content = `${ROW}\n{"log_type":"t","n":"x"}\n${line('t', 3)}`;
    const [first, second] = [await loaded(content), await loaded(content)];
    assert.deepEqual(copiesOf(first), copiesOf(second));
    const bytes = (road: Road): string[] =>
      Object.keys(copiesOf(road)).map((name) =>
        createHash('sha256')
          .update(readFileSync(join(road.folder, 'staging/_load', name)))
          .digest('hex'),
      );
    assert.deepEqual(bytes(first), bytes(second));
    await load(first, 'objects', true);
    assert.deepEqual(copiesOf(first), copiesOf(second));
  });
});
