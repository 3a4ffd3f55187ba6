import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import { NotReadyError, ParkedError, TerminalError } from '../../workloads/core/errors.ts';
import { parseHour } from '../../workloads/core/hour.ts';
import { Road } from '../support/road.ts';
import { HOUR, HourBench, lineOf, schemasOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const A = (n: number): string => `${lineOf('a', { n })}\n`;
const fields = [{ name: 'log_type', type: 'STRING' }];

describe('an hour without keys', () => {
  it('where the prefix has other hours: an empty manifest that lists every type with 0 rows', async () => {
    const hour = new HourBench(tempFolder(), 'a', 'b');
    hour.put('x.json', A(1), parseHour('2026-11-20T13'));
    const { outcome, manifest } = await hour.classify();
    assert.equal(outcome, 'committed');
    assert.deepEqual(
      [manifest.epoch, manifest.lines, manifest.sources, manifest.quarantine],
      [1, 0, [], null],
    );
    assert.deepEqual(
      manifest.types.map(({ type, rows }) => [type, rows]),
      [
        ['a', 0],
        ['b', 0],
      ],
    );
  });

  it('where the prefix never had a key: an error (exit 1), no manifest', async () => {
    const road = new Road(tempFolder(), { a: { fields } });
    const { code, stderr } = await road.command('classify', HOUR);
    assert.equal(code, 1);
    assert.match(stderr, /expected objects below .*YYYY\/MM\/DD\/HH\/, found none/);
  });

  it('where only keys outside of any hour exist (the folder above the right one): the same error', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', A(1));
    const source = new DirectoryStore(hour.folder);
    await assert.rejects(hour.classify({ source }), /found none in any hour/);
    assert.deepEqual(hour.epochs(), []);
  });
});

describe('epochs', () => {
  it('nothing changed: no new epoch, nothing is written', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', A(1));
    await hour.classify();
    const before = hour.written();
    const again = await hour.classify();
    assert.deepEqual([again.outcome, again.manifest.epoch], ['unchanged', 1]);
    assert.deepEqual(hour.written(), before);
  });

  it('a late file leads to epoch 2 by itself', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', A(2));
    await hour.classify();
    hour.put('late.json', A(1));
    const { outcome, manifest } = await hour.classify();
    assert.deepEqual(
      [outcome, manifest.epoch, hour.staged(manifest, 'a').toString()],
      ['committed', 2, A(1) + A(2)],
    );
  });

  it('a new schema leads to the next epoch, formerly unknown lines are staged', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', `${A(1)}${lineOf('b')}\n`);
    assert.equal((await hour.classify()).manifest.quarantined, 1);
    const { manifest } = await hour.classify({ schemas: schemasOf('a', 'b') });
    assert.deepEqual([manifest.epoch, manifest.quarantined, manifest.quarantine], [2, 0, null]);
    assert.equal(hour.staged(manifest, 'b').toString(), `${lineOf('b')}\n`);
  });

  it('a removed schema: its type stays listed with 0 rows, also in the epochs after the next', async () => {
    const hour = new HourBench(tempFolder(), 'a', 'b');
    hour.put('x.json', `${A(1)}${lineOf('b')}\n`);
    await hour.classify();
    for (const epoch of [2, 3]) {
      if (epoch === 3) hour.put('late.json', A(2));
      const { manifest } = await hour.classify({ schemas: schemasOf('a'), allowShrink: true });
      assert.equal(manifest.epoch, epoch);
      assert.deepEqual(
        manifest.types.map(({ type, rows }) => [type, rows]),
        [
          ['a', epoch - 1],
          ['b', 0],
        ],
      );
      assert.equal(manifest.quarantined, 1);
    }
  });

  it('a removed schema parks the hour, for an incomplete folder would empty tables; nothing is written', async () => {
    const hour = new HourBench(tempFolder(), 'a', 'b');
    hour.put('x.json', `${A(1)}${lineOf('b')}\n`);
    await hour.classify();
    const before = hour.written();
    await assert.rejects(
      hour.classify({ schemas: schemasOf('a') }),
      /parked: expected the schemas of epoch 1, found none for "b" \(1 rows\)/,
    );
    assert.deepEqual(hour.written(), before);
  });

  it('another type key leads to the next epoch', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', '{"log_type":"?","kind":"a"}\n');
    await hour.classify();
    const { manifest } = await hour.classify({ typeKey: 'kind' });
    assert.deepEqual([manifest.epoch, manifest.staged], [2, 1]);
  });

  it('the manifest is a function of plan, schema set and parts: its bytes are the same on another day in another place', async () => {
    const bytes: string[] = [];
    for (const now of ['2026-11-21T00:00:00Z', '2027-01-01T12:34:56Z']) {
      const folder = tempFolder();
      const road = new Road(folder, {});
      road.put(HOUR, 'x.json', `${A(1)}?\n\n`);
      road.put(HOUR, 'b.gz', Buffer.from('1f8b08', 'hex'));
      const hour = new HourBench(folder, 'b', 'a');
      await hour.classify({ clock: { now: () => new Date(now) } });
      bytes.push(readFileSync(hour.records.locate('manifests/2026/11/20/14/1.json'), 'utf8'));
    }
    assert.equal(bytes[0], bytes[1]);
    assert.ok(bytes[0]!.endsWith('}\n'));
  });

  for (const kind of ['gzip', 'none'] as const) {
    it(`parts roll over (${kind}): several a type, concatenated in order they are the source's lines`, async () => {
      const hour = new HourBench(tempFolder(), 'a', 'b');
      const lines = Array.from({ length: 500 }, (_, n) => lineOf(n % 3 === 0 ? 'b' : 'a', { n }));
      hour.put('1.json', lines.slice(0, 250).join('\n'));
      hour.put('2.json', lines.slice(250).join('\n'));
      const { manifest } = await hour.classify({ partBytes: 1_000, compression: { kind, level: 1 } });
      for (const { type, objects, rows, bytes } of manifest.types) {
        const expected = lines.filter((line) => line.includes(`"${type}"`)).map((line) => `${line}\n`);
        assert.equal(hour.staged(manifest, type).toString(), expected.join(''));
        assert.deepEqual([rows, bytes], [expected.length, expected.join('').length]);
        assert.ok(objects.length > 4, `${objects.length} parts`);
        assert.deepEqual(
          objects.map((part) => [part.rows, part.bytes]),
          partsOf(expected, 1_000),
          'a part is closed by the line that fills it, however many come at once',
        );
        for (const { key } of objects) {
          assert.match(
            key,
            kind === 'gzip'
              ? /^[ab]\/2026\/11\/20\/14\/[0-9a-f]{12}-0-\d+-[0-9a-f]{12}\.ndjson\.gz$/
              : /\.ndjson$/,
          );
        }
      }
    });
  }
});

/** Rows and bytes of the parts of a type: each ends with the line that fills it. */
function partsOf(lines: readonly string[], partBytes: number): [rows: number, bytes: number][] {
  const parts: [number, number][] = [];
  let open = false;
  for (const { length } of lines) {
    if (!open) parts.push([0, 0]);
    const part = parts.at(-1)!;
    part[0]++;
    part[1] += length;
    open = part[1] < partBytes;
  }
  return parts;
}

describe('readiness', () => {
  const at = (now: string) => ({ clock: { now: () => new Date(now) } });

  it('an hour that is not over, or whose grace is not, is not ready (75) until the very second', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', A(1));
    for (const now of ['2026-11-20T14:30:00Z', '2026-11-20T15:00:00Z', '2026-11-20T15:02:59.999Z']) {
      await assert.rejects(
        hour.classify(at(now)),
        (error: unknown) => error instanceof NotReadyError && error.exitCode === 75,
      );
    }
    assert.deepEqual(hour.written(), []);
    assert.equal((await hour.classify(at('2026-11-20T15:03:00Z'))).outcome, 'committed');
  });

  it('--open takes it, and what comes later is the next epoch', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', A(1));
    assert.equal((await hour.classify({ ...at('2026-11-20T14:30:00Z'), open: true })).manifest.staged, 1);
    hour.put('y.json', A(2));
    assert.deepEqual((await hour.classify()).manifest.epoch, 2);
  });

  it('on the command line: 75, with --open 0', async () => {
    const road = new Road(tempFolder(), { a: { fields } });
    const soon = '2999-12-31T23';
    road.put(soon, 'x.json', A(1));
    assert.equal((await road.command('classify', soon)).code, 75);
    assert.equal((await road.command('classify', soon, '--open')).code, 0);
  });
});

describe('a source that lost something', () => {
  const shrink: Readonly<Record<string, (hour: HourBench) => void>> = {
    'an object shrank': (hour) => hour.put('2.json', A(2).slice(0, -5)),
    'an object vanished': (hour) => hour.remove('2.json'),
    'an object vanished while another came': (hour) => {
      hour.remove('2.json');
      hour.put('3.json', A(3));
    },
    'all objects vanished': (hour) => {
      hour.remove('1.json');
      hour.remove('2.json');
    },
  };
  for (const [what, act] of Object.entries(shrink)) {
    it(`${what}: parked (exit 1), nothing changed; --allow-shrink follows`, async () => {
      const hour = new HourBench(tempFolder(), 'a');
      hour.put('1.json', A(1));
      hour.put('2.json', A(2));
      await hour.classify();
      const before = hour.written();
      act(hour);
      await assert.rejects(
        hour.classify(),
        (error: unknown) =>
          error instanceof ParkedError && error.exitCode === 1 && error.advice!.includes('--allow-shrink'),
      );
      assert.deepEqual(hour.written(), before);
      const { manifest } = await hour.classify({ allowShrink: true });
      assert.equal(manifest.epoch, 2);
      assert.equal((await hour.classify()).outcome, 'unchanged');
    });
  }

  it('vanished while a schema came: parked all the same', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.json', A(1));
    hour.put('2.json', A(2));
    await hour.classify();
    hour.remove('1.json');
    await assert.rejects(hour.classify({ schemas: schemasOf('a', 'b') }), ParkedError);
  });

  it('a manifest that is no manifest is an error that names it, never "no former epoch"', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.json', A(1));
    await hour.classify();
    writeFileSync(hour.records.locate('manifests/2026/11/20/14/1.json'), '{"version":1');
    await assert.rejects(
      hour.classify(),
      (error: unknown) => error instanceof TerminalError && error.message.includes('14/1.json'),
    );
  });
});
