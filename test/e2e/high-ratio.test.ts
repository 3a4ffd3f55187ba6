import assert from 'node:assert/strict';
import { join } from 'node:path';
import { contentOf } from '../../workloads/adapters/bigquery/upload.ts';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import { parseManifest, type Manifest } from '../../workloads/core/manifest.ts';
import { readText } from '../../workloads/core/records.ts';
import { loadHour } from '../../workloads/loader/load-hour.ts';
import { HOUR as ROAD_HOUR, loadingObjects, withRoad } from '../loader/bench.ts';
import { committed } from '../classifier/shards/mixed-hour.ts';
import { HOUR, HourBench, lineOf } from '../support/hour-bench.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const MIB = 1024 * 1024;
/** Enough for a source object to be called a bomb, where it shrinks as these lines do. */
const LINES = 110;
const RATIO = 500;

const fields = [
  { name: 'log_type', type: 'STRING' },
  { name: 'pad', type: 'STRING' },
];
const ALIKE = `${lineOf('a', { pad: 'A'.repeat(MIB - 100) })}\n`.repeat(LINES);
/** What a crash leaves in a log: the file has its length, and not its bytes. */
const HOLE = Buffer.concat(Array<Buffer>(LINES).fill(Buffer.concat([Buffer.alloc(MIB), Buffer.from('\n')])));

async function manifestOf(road: Road, epoch: number): Promise<Manifest> {
  const records = new DirectoryStore(join(road.folder, 'staging', '_records'));
  const key = `manifests/2026/11/20/14/${epoch}.json`;
  return parseManifest(key, await readText(records, key));
}

describe('what logferry itself compresses more than a log may be compressed', () => {
  it('is loaded, both as rows and as objects, and replayed', async () => {
    const road = new Road(tempFolder(), { a: { fields } });
    road.put(HOUR, '1.json', ALIKE);
    road.put(HOUR, '2.json', HOLE);
    road.put(HOUR, '3.json', `${lineOf('b', { pad: 'x' })}\n`);
    const run = await road.run(HOUR);
    assert.equal(run.code, 0, run.stderr);
    const { types, quarantined, reasons, damaged } = await manifestOf(road, 1);
    assert.deepEqual(
      [types[0]!.rows, quarantined, reasons, damaged],
      [LINES, LINES + 1, { raw_nul: LINES, unknown_type: 1 }, false],
    );
    const [part] = types[0]!.objects;
    assert.ok(part!.bytes > RATIO * part!.size, `${part!.bytes} bytes in ${part!.size} prove nothing`);
    assert.deepEqual(await road.query('SELECT count(*) AS n, sum(length(pad)) AS pads FROM raw.a'), [
      { n: LINES, pads: LINES * (MIB - 100) },
    ]);

    await withRoad(road, async ({ loader }) => {
      const again = { ...loadingObjects(loader), reload: true };
      const { types: loaded } = await loadHour(again, ROAD_HOUR);
      assert.deepEqual(
        loaded.map(({ state, loaded: rows }) => [state, rows]),
        [['loaded', LINES]],
      );
    });
    let sent = 0;
    const store = new DirectoryStore(join(road.folder, 'staging'));
    for await (const chunk of contentOf({ store, objects: [part!] })) sent += chunk.length;
    assert.equal(sent, ALIKE.length);

    road.writeSchemas({ a: { fields }, b: { fields } });
    const replay = await road.command('replay', 'quarantine', HOUR, '--json');
    assert.equal(replay.code, 0, replay.stderr);
    const { reasons: left, replayed } = await manifestOf(road, 2);
    assert.deepEqual([left, replayed.count], [{ raw_nul: LINES }, 1]);
  });

  it('is joined, where shards had set it aside', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.json', HOLE);
    hour.put('2.json', `${lineOf('a')}\n`);
    await hour.classifyShard(0, 2);
    const manifest = committed(await hour.classifyShard(1, 2));
    assert.deepEqual([manifest.staged, manifest.quarantined, manifest.damaged], [1, LINES, false]);
    assert.equal(hour.quarantined(manifest).length, LINES);
  });
});
